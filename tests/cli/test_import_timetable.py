"""`import_timetable`: the shape of its JSON, its exit status, and what it does."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sidebyside.calendars.models import Timetable
from tests.calendars.timetable_files import SHEET

DATES = ("--begin", "2023-09-04", "--end", "2023-12-15")


@pytest.fixture
def week(tmp_path: Path) -> Path:
    path = tmp_path / "week.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def command(*arguments: object) -> tuple[int, dict, str]:
    """Run it with --json; exit status, what it printed, and what it said of a refusal."""
    out = io.StringIO()
    try:
        call_command("import_timetable", *map(str, arguments), "--json", stdout=out, stderr=io.StringIO())
    except CommandError as fault:
        return fault.returncode, json.loads(out.getvalue() or "{}"), str(fault)
    return 0, json.loads(out.getvalue()), ""


def test_it_says_what_it_would_do_and_then_does_it(world, week) -> None:
    at_linden = ("--school", "Linden School", *DATES)
    status, found, _said = command(week, *at_linden, "--dry-run")
    assert status == 0
    assert found == {
        "applied": False,
        "numbers": {"lessons": 6, "teachers": 4, "classes": 2, "rooms": 4, "days": 2},
        "matched": 2,
        "likely": ["Okafor"],
        "unknown": ["T. Unknown"],
        "clashes": 0,
        "refused": [],
    }
    assert not Timetable.objects.filter(name="week").exists()
    status, found, _said = command(week, *at_linden)
    assert (status, found["applied"]) == (0, True)
    timetable = Timetable.objects.get(pk=found["timetable"])
    assert (timetable.name, timetable.school, timetable.weekdays) == ("week", world.linden, [0, 1])
    known = dict(timetable.teachers.filter(person__isnull=False).values_list("name", "person"))
    assert known == {"Ana Sousa": world.ana.pk, "陈静": world.chen.pk}
    status, found, _said = command(week, *at_linden, "--likely", "--name", "Again")
    assert Timetable.objects.get(pk=found["timetable"]).teachers.get(name="Okafor").person == world.ben


def test_what_is_refused_has_status_2(world, week, tmp_path) -> None:
    assert command(week, "--school", "Nowhere", *DATES)[0] == 2
    assert command(week, "--school", str(world.harbour.pk), *DATES)[0] == 2
    status, found, _said = command(tmp_path / "none.csv", "--school", world.linden.pk, *DATES)
    assert status == 2
    assert found["refused"] == [{"file": "none.csv", "line": None, "reason": "There is no file here that can be read."}]
    week.write_text(SHEET + "Monday,,,,,,,,,\n", encoding="utf-8")
    assert command(week, "--school", world.linden.pk, *DATES)[1]["refused"][0]["line"] == 8
    week.write_text(SHEET, encoding="utf-8")
    turned = ("--begin", "2023-12-15", "--end", "2023-09-04")
    status, _found, said = command(week, "--school", world.linden.pk, *turned)
    assert (status, said) == (2, "The last day is before the first.")
    assert command(week, "--school", world.linden.pk, *DATES, "--weekdays", "a")[0] == 2


def test_days_that_are_no_days_of_the_week_must_be_said(world, week) -> None:
    week.write_text(SHEET.replace("Monday", "Day 1").replace("Tuesday", "Day 2"), encoding="utf-8")
    status, found, said = command(week, "--school", world.linden.pk, *DATES)
    assert (status, found["applied"]) == (3, False)
    assert "--weekdays" in said
    assert command(week, "--school", world.linden.pk, *DATES, "--weekdays", "2,3")[0] == 0
    assert Timetable.objects.get(name="week", put_away_at=None).weekdays == [2, 3]
    assert command(week, "--school", world.linden.pk, *DATES, "--rotating")[0] == 0
    assert Timetable.objects.get(name="week", put_away_at=None).way == "rotating"
