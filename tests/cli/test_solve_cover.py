"""`solve_cover`: the shape of its JSON, its exit status, and what it says of a refused input."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

REFUSED = 2
WEEK = """day,slot_index,slot,event,teachers,classes,rooms
Mon,0,Mon_1,Maths,Ada,6a,R1
Mon,0,Mon_1,Art,Ben,6b,R2
Mon,1,Mon_2,Latin,Ada,6a,R1
Mon,1,Mon_2,Choir,Cem,6b,R2
Mon,2,Mon_3,Sports,Ada|Ben|Cem,6a|6b,
Tue,3,Tue_1,Art,Ben,6a,R2
"""


@pytest.fixture
def week(tmp_path: Path) -> Path:
    path = tmp_path / "week.csv"
    path.write_text(WEEK)
    return path


def command(*arguments: object) -> tuple[int, str, str]:
    """Run it; exit status, what it printed, and what it said of a refusal."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("solve_cover", *arguments, stdout=out, stderr=err)
    except CommandError as fault:
        return fault.returncode, out.getvalue(), str(fault)
    return 0, out.getvalue(), err.getvalue()


def test_json_as_promised(week: Path) -> None:
    status, out, _err = command(week, "--day", "Mon", "--absent", "Ada", "--json")
    (line,) = out.splitlines()
    found = json.loads(line)
    seconds = found.pop("seconds")
    assert status == 0
    assert isinstance(seconds, float)
    assert 0 <= seconds < 2
    assert found == {
        "lessons": 3,
        "covered": 2,
        "proved": True,
        "assignment": [
            {"slot": "Mon_1", "event": "Maths", "absent": "Ada", "cover": "Cem"},
            {"slot": "Mon_2", "event": "Latin", "absent": "Ada", "cover": "Ben"},
        ],
        "open": [
            {
                "slot": "Mon_3",
                "event": "Sports",
                "absent": "Ada",
                "reason": "No colleague who is present that day is free in this slot.",
            }
        ],
    }


def test_a_limit_holds_for_each_person(week: Path) -> None:
    asked = (week, "--day", "Mon", "--absent", " Ada | Ben|", "--json")
    assert json.loads(command(*asked)[1])["covered"] == 1
    none = json.loads(command(*asked, "--max-per-person", "0")[1])
    assert (none["lessons"], none["covered"], none["assignment"]) == (5, 0, [])


def test_the_same_again_gives_the_same(week: Path) -> None:
    asked = (week, "--day", "Mon", "--absent", "Ada", "--json")
    first, second = (json.loads(command(*asked)[1]) for _time in range(2))
    first.pop("seconds")
    second.pop("seconds")
    assert first == second


def test_text_for_people(week: Path) -> None:
    status, out, _err = command(week, "--day", "Mon", "--absent", "Ada")
    assert status == 0
    assert out.splitlines() == [
        "Mon: 2 of 3 lessons covered.",
        "More is not possible: proved.",
        "  Mon_1  Maths  Ada <- Cem",
        "  Mon_2  Latin  Ada <- Ben",
        "  Mon_3  Sports  Ada  open: No colleague who is present that day is free in this slot.",
    ]


def test_a_refused_timetable_says_what_and_where(week: Path) -> None:
    week.write_text(WEEK + "Wed,4,,Art,Ben,,\n,4,Wed_1,Art,Ben,,\n")
    status, out, err = command(week, "--day", "Mon", "--absent", "Ada", "--json")
    assert status == REFUSED
    assert err == "week.csv:8: The cell “slot” is empty.\nweek.csv:9: The cell “day” is empty."
    assert json.loads(out) == {
        "refused": [
            {"file": "week.csv", "line": 8, "reason": "The cell “slot” is empty."},
            {"file": "week.csv", "line": 9, "reason": "The cell “day” is empty."},
        ]
    }


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--day", "Sun", "--absent", "Ada"], "There is no day “Sun”. Days: Mon, Tue."),
        (["--day", "Mon", "--absent", "Eve"], "Nobody called “Eve” teaches in this timetable."),
        (["--day", "Mon", "--absent", " | "], "Say who is absent."),
        (
            ["--day", "Mon", "--absent", "Ada", "--max-per-person=-1"],
            "The number of covers for each person cannot be negative.",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(week: Path, options: list[str], sentence: str) -> None:
    assert command(week, *options) == (REFUSED, "", sentence)


def test_no_file_is_refused(tmp_path: Path) -> None:
    status, out, err = command(tmp_path / "absent.csv", "--day", "Mon", "--absent", "Ada")
    assert (status, out, err) == (REFUSED, "", "absent.csv: There is no file here that can be read.")
