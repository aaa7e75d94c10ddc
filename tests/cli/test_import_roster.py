"""`import_roster`: its JSON, its exit status, and that nothing is applied unasked."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sidebyside.people.models import Person
from sidebyside.places.models import RosterImport, Source
from tests.places.roster.archives import USER_COLUMNS, Parts, delta, pack, parts, replaced, sheet, user

pytestmark = pytest.mark.django_db

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "rosters"
real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/rosters is not here")
REFUSED, UNCONFIRMED = 2, 3


def command(path: Path, *options: str) -> tuple[int, dict, str]:
    """Run it with --json; exit status, what it printed, and its warnings."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("import_roster", path, "--json", *options, stdout=out, stderr=err)
    except CommandError as fault:
        status = fault.returncode
        err.write(str(fault))
    (line,) = out.getvalue().splitlines()
    return status, json.loads(line), err.getvalue()


@pytest.fixture
def bring(tmp_path: Path):
    """A function that packs files and brings them in."""

    def bringing(found: Parts, *options: str) -> tuple[int, dict, str]:
        return command(pack(tmp_path / "roster.zip", found), *options)

    return bringing


def spoiled(file: str, old: str, new: str) -> Parts:
    return replaced(parts(), file, lambda text: text.replace(old, new, 1))


def test_a_refused_archive_is_told_and_not_applied(bring) -> None:
    status, found, warnings = bring(spoiled("users.csv", "familyName", "surname"), "--yes", "--leaving", "0")
    zeros = {"new": 0, "changed": 0, "moved": 0, "leaving": 0, "unchanged": 0}
    assert status == REFUSED
    assert found == {
        "applied": False,
        "people": zeros,
        "places": zeros,
        "ignored": {},
        "refused": [{"file": "users.csv", "line": 1, "reason": "The column “familyName” is missing."}],
    }
    assert "Nothing was applied" in warnings
    assert not Source.objects.exists()


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    status, found, _ = command(tmp_path / "nothing.zip")
    assert (status, len(found["refused"])) == (REFUSED, 1)


def test_refused_rows_need_a_yes(bring) -> None:
    found = spoiled("roles.csv", ",teacher,", ",wizard,")
    status, told, warnings = bring(found)
    assert (status, told["applied"], told["people"]["new"]) == (UNCONFIRMED, False, 12)
    assert told["refused"] == [{"file": "roles.csv", "line": 3, "reason": "“wizard” is not a role of a roster."}]
    assert "--yes" in warnings
    assert not Person.objects.exists()
    status, told, _ = bring(found, "--yes")
    assert (status, told["applied"], len(told["refused"])) == (0, True, 1)
    assert Person.objects.count() == 12


def test_the_threshold_needs_its_number_repeated(bring) -> None:
    bring(parts())
    empty = parts() | {"users.csv": sheet(USER_COLUMNS, [])}
    for options in ((), ("--yes",), ("--leaving", "11"), ("--yes", "--leaving", "13")):
        status, told, warnings = bring(empty, *options)
        assert (status, told["applied"], told["people"]["leaving"]) == (UNCONFIRMED, False, 12)
        assert "--leaving 12" in warnings
    assert not Person.objects.exclude(left_at=None).exists()
    status, told, _ = bring(empty, "--leaving", "12")
    assert (status, told["applied"]) == (0, True)
    assert Person.objects.exclude(left_at=None).count() == 12


def test_a_dry_run_writes_nothing_and_says_what_it_would_ask(bring) -> None:
    status, told, warnings = bring(spoiled("roles.csv", ",teacher,", ",wizard,"), "--dry-run")
    assert (status, told["applied"], told["people"]["new"]) == (0, False, 12)
    assert "--yes" in warnings
    assert not Source.objects.exists()
    assert not Person.objects.exists()


def test_names_never_reach_the_output(bring, tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    path = pack(tmp_path / "roster.zip", spoiled("users.csv", "u-02@harbour.example", "u-02@"))
    call_command("import_roster", path, "--yes", stdout=out, stderr=err)
    assert "Refused: users.csv:3 The e-mail address is not complete." in out.getvalue()
    for word in ("Wei", "Lin", "harbour.example", "u-02"):
        assert word not in out.getvalue() + err.getvalue()


def test_sources_have_names(bring) -> None:
    bring(parts())
    status, told, _ = bring(parts(), "--source", "the other county")
    assert (status, told["people"]["new"]) == (0, 12)
    assert set(Source.objects.values_list("name", flat=True)) == {"default", "the other county"}
    assert Person.objects.count() == 12
    assert RosterImport.objects.filter(file_name="roster.zip", by=None).count() == 2


def test_the_same_again_and_a_delta(bring) -> None:
    bring(parts())
    assert bring(parts())[1]["people"]["unchanged"] == 12
    status, told, _ = bring(delta(users=[user(2, status="tobedeleted")]))
    assert (status, told["people"]["leaving"], told["places"]["unchanged"]) == (0, 1, 9)


def test_the_template_is_itself_a_roster(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("import_roster", "--template", stdout=out)
    path = tmp_path / "staff.csv"
    path.write_text(out.getvalue())
    status, told, _ = command(path)
    assert (status, told["people"]["new"], told["refused"]) == (0, 2, [])


def test_without_a_path_it_says_what_to_do() -> None:
    with pytest.raises(CommandError) as caught:
        call_command("import_roster")
    assert caught.value.returncode == REFUSED


STATUS = {
    0: "bom-and-lf vendor-columns utf-16 script-in-name formula-in-name",
    REFUSED: """
        no-manifest no-users missing-column not-a-roster not-a-zip path-outside null-bytes latin-1
        ragged-row places-in-a-circle zip-bomb
    """,
    UNCONFIRMED: "unknown-school unknown-role duplicate-person everyone-leaves header-only",
}


@real
def test_every_hostile_archive_on_a_real_county() -> None:
    assert command(REAL / "marin-1.2.zip")[1]["people"]["new"] == 1047
    people = list(Person.objects.order_by("pk").values())
    for expected, names in STATUS.items():
        for name in names.split():
            path = REAL / "hostile" / f"{name}.zip"
            status, told, _ = command(path, *(["--dry-run"] if expected == 0 else []))
            assert (name, status, told["applied"]) == (name, expected, False)
            assert bool(told["refused"]) == (expected != 0 and name not in ("everyone-leaves", "header-only"))
    assert list(Person.objects.order_by("pk").values()) == people
    assert {path.stem for path in (REAL / "hostile").iterdir()} == {n for ns in STATUS.values() for n in ns.split()}
