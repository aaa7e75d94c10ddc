"""Two who save in the very same moment, on two connections: one is first, the other sees both."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.base.vault import opened
from sidebyside.conversations.actions import change_note, write_note
from sidebyside.conversations.models import Note
from sidebyside.cycles import actions
from sidebyside.cycles.models import Cycle, Sheet
from sidebyside.people.models import Person
from tests.pairs import NOW, Pair, cycle_template, pair

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed(transactional_db: None) -> Pair:
    return pair()


def at_once(act: Callable[[Person], object], *people: Person) -> list[object]:
    """What becomes of an act done by these people together: what it returned, or how it was refused."""
    start = Barrier(len(people))

    def attempt(person: Person) -> object:
        try:
            start.wait(timeout=20)
            return act(person)
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(attempt, people))


def both_kept(outcomes: list[object], text: str) -> bool:
    """Whether one was saved and the other was shown to who came second."""
    overtaken = [one for one in outcomes if isinstance(one, Overtaken)]
    # (what overtook it is a sheet here)
    return len(overtaken) == 1 and overtaken[0].current.text == text  # type: ignore[attr-defined]


def test_two_begin_a_sheet(committed: Pair) -> None:
    def write(person: Person) -> object:
        return actions.write_sheet(committed.cycle, kind="focus", text=person.name, version=0, by=person, at=NOW)

    outcomes = at_once(write, committed.coach, committed.partner)
    assert both_kept(outcomes, opened(Sheet.objects.all(), "text")[0].text)


def test_two_change_a_note(committed: Pair) -> None:
    note = write_note(committed.partnership, text="first", by=committed.partner, at=NOW)

    def change(person: Person) -> object:
        return change_note(Note.objects.get(pk=note.pk), text=person.name, version=1, by=person, at=NOW)

    outcomes = at_once(change, committed.coach, committed.partner)
    assert both_kept(outcomes, opened(Note.objects.all(), "text")[0].text)


def test_two_begin_the_next_cycle(committed: Pair) -> None:
    actions.complete(committed.cycle, by=committed.coach, at=NOW)
    template = cycle_template("short")

    def begin(person: Person) -> object:
        return actions.begin(committed.partnership, template=template, by=person, at=NOW)

    outcomes = at_once(begin, committed.coach, committed.partner)
    assert sorted(type(one).__name__ for one in outcomes) == ["Cycle", "Refused"]
    assert Cycle.objects.count() == 2
