"""Every event that is recorded is listed with its reader, and none is listed that is never recorded."""

import ast
from collections.abc import Iterator
from pathlib import Path

import sidebyside
from sidebyside.base.events import record
from sidebyside.base.models import Event
from sidebyside.config.readers import READERS

PACKAGE = Path(sidebyside.__file__).parent
# f"{kind of record}.agreed" stands for both.
RELEASED = ("summary", "plan")


def recorded(source: str) -> Iterator[str]:
    """The kinds of events that a file records."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and node.args:
            yield from kinds(node.args[0])


def kinds(written: ast.expr) -> Iterator[str]:
    """The kinds that an expression can stand for: a string, one of two, or a name of a record and a string."""
    if isinstance(written, ast.Constant):
        yield str(written.value)
    elif isinstance(written, ast.IfExp):
        yield from kinds(written.body)
        yield from kinds(written.orelse)
    elif isinstance(written, ast.JoinedStr):
        ending = written.values[-1]
        assert isinstance(ending, ast.Constant), ast.unparse(written)
        yield from (name + str(ending.value) for name in RELEASED)


def all_recorded() -> set[str]:
    return {kind for path in PACKAGE.rglob("*.py") for kind in recorded(path.read_text())}


def listed() -> set[str]:
    return {kind for kind, _reader in READERS}


def test_every_event_has_somebody_who_reads_it_or_says_that_nobody_does():
    assert all_recorded() - listed() == set()


def test_an_event_that_nobody_lists_is_found():
    assert set(recorded('record("cycle.lost", cycle, by=by, at=at)')) - listed() == {"cycle.lost"}


def test_none_is_listed_twice():
    assert len({(kind, reader) for kind, reader in READERS}) == len(READERS)


def test_an_event_holds_no_text(world):
    """Ids and codes only: whatever a person wrote would stand here in the clear."""
    for event in Event.objects.all():
        for name, value in event.particulars.items():
            assert value is None or isinstance(value, int | bool) or (isinstance(value, str) and len(value) < 41), (
                event.kind,
                name,
            )


def test_a_reader_acts_in_the_same_transaction(world):
    """Noor left: her partnership rested in the same act."""
    world.ana_and_noor.refresh_from_db()
    left = Event.objects.get(kind="person.left", about_id=world.noor.pk)
    assert world.ana_and_noor.rested_at == left.at


def test_an_event_says_who_what_and_when(world):
    event = record("person.joined", world.ben, by=world.ana, at=world.at)
    assert (event.by, event.about, event.about_id, event.at) == (world.ana.pk, "person", world.ben.pk, world.at)
