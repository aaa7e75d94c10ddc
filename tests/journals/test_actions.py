"""Reflections: one's own first."""

import pytest

from sidebyside import policy
from sidebyside.base import bin
from sidebyside.base.models import Event
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.base.vault import opened
from sidebyside.journals import actions
from sidebyside.journals.models import Entry
from tests.pairs import NOW, Pair

pytestmark = pytest.mark.django_db


def write(ours: Pair, text: str = "what I learned", version: int = 0, by=None) -> Entry:
    return actions.write_entry(ours.cycle, text=text, version=version, by=by or ours.partner, at=NOW)


def visible(person) -> int:
    person.standing = None
    return policy.seen(person, Entry).count()


def test_nobody_else_shares_it(ours: Pair) -> None:
    entry = write(ours)
    for verb in (actions.share, actions.take_back, actions.remove):
        with pytest.raises(Refused):
            verb(entry, by=ours.coach, at=NOW)
    assert visible(ours.coach) == 0


def test_is_seen_while_it_is_shared(ours: Pair) -> None:
    entry = write(ours)
    assert not Event.objects.filter(about="entry").exists()
    actions.share(entry, by=ours.partner, at=NOW)
    assert [visible(one) for one in (ours.partner, ours.coach, ours.outsider)] == [1, 1, 0]
    actions.take_back(entry, by=ours.partner, at=NOW)
    assert [visible(one) for one in (ours.partner, ours.coach, ours.outsider)] == [1, 0, 0]


def test_each_writes_one_of_her_own(ours: Pair) -> None:
    write(ours)
    write(ours, "mine", by=ours.coach)
    assert Entry.objects.count() == 2
    with pytest.raises(Overtaken):
        write(ours, "from another window")
    assert {entry.text for entry in opened(Entry.objects.all(), "text")} == {"what I learned", "mine"}


def test_a_removed_one_comes_back_unless_another_was_written(ours: Pair) -> None:
    entry = write(ours)
    actions.share(entry, by=ours.partner, at=NOW)
    actions.remove(entry, by=ours.partner, at=NOW)
    assert visible(ours.coach) == 0
    actions.restore(entry, by=ours.partner, at=NOW)
    assert (visible(ours.partner), visible(ours.coach)) == (1, 0)
    bin.remove(entry, by=ours.partner, at=NOW)
    write(ours, "a new one")
    with pytest.raises(Refused, match="another reflection"):
        actions.restore(entry, by=ours.partner, at=NOW)
