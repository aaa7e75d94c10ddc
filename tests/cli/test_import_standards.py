"""`import_standards`: the shape of its JSON, its exit status, and what it does."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from sidebyside.materials.models import Framework, Standard
from tests.materials.packages import DOCUMENT, as_bytes, item, package


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "sums.json"
    made.write_bytes(as_bytes(package([item("a", "Count"), item("a", "Count"), item("b")])))
    return made


def command(*arguments: object) -> tuple[int, dict, str]:
    """Run it with --json; exit status, what it printed, and what it said of a refusal."""
    out = io.StringIO()
    try:
        call_command("import_standards", *map(str, arguments), "--json", stdout=out, stderr=io.StringIO())
    except CommandError as fault:
        return fault.returncode, json.loads(out.getvalue() or "{}"), str(fault)
    return 0, json.loads(out.getvalue()), ""


def test_it_says_what_it_would_do_and_does_it_once(world, path) -> None:
    holds = {"title": "Sums", "identifier": DOCUMENT, "statements": 2, "left_aside": {"twice": 1}, "refused": []}
    status, found, _said = command(path, "--place", "Linden School", "--dry-run")
    assert (status, found) == (0, {"applied": False, "new": False, **holds})
    assert not Framework.objects.filter(place=world.linden).exists()
    for is_new in (True, False):
        status, found, _said = command(path, "--place", world.linden.pk)
        made = Framework.objects.get(place=world.linden)
        assert (status, found) == (
            0, {"applied": True, "new": is_new, **holds, "framework": made.pk, "version": 1},
        )  # fmt: skip
    assert Standard.objects.filter(version__framework=made).count() == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"[", "not sound JSON"), (b"{}", "no CASE package"), (b"", "empty"), (None, "no file here")],
)
def test_what_cannot_be_read_is_refused_with_status_2(world, tmp_path, content, reason) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_bytes(content)
    before = Framework.objects.count()
    status, found, said = command(path, "--place", "Linden School")
    assert (status, found["applied"], found["refused"][0]["file"]) == (2, False, "x.json")
    assert reason in found["refused"][0]["reason"]
    assert "Nothing was brought." in said
    assert Framework.objects.count() == before


@pytest.mark.parametrize("place", ["Nowhere", "0", "9" * 30, "-1", ""])
def test_a_place_that_is_not_there_or_closed_is_refused(world, path, place) -> None:
    assert command(path, "--place", place)[0] == 2
    world.quay.closed_at = world.at
    world.quay.save()
    assert command(path, "--place", world.quay.pk)[0] == 2


def test_it_speaks_to_people_too(world, path, capsys) -> None:
    call_command("import_standards", str(path), "--place", "Linden School")
    said = capsys.readouterr().out
    assert said.splitlines()[:2] == ["Brought.", "Sums: 2 statements"]
    path.write_bytes(b"<html>")
    with pytest.raises(CommandError, match="refused"):
        call_command("import_standards", str(path), "--place", "Linden School")
    assert "sums.json:1 This is a web page or XML" in capsys.readouterr().err
