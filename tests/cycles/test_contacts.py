"""The log of contacts, and two entries for one talk."""

from datetime import timedelta

import pytest

from sidebyside.base import bin
from sidebyside.base.refusals import Refused
from sidebyside.cycles import actions
from sidebyside.cycles.models import Contact
from sidebyside.cycles.twins import twins
from tests.pairs import NOW, Pair

pytestmark = pytest.mark.django_db

HALF = timedelta(minutes=30)


def log(ours: Pair, by=None, kinds=("co_planning",), minutes: int = 30, began_at=NOW - HALF) -> Contact:
    return actions.log_contact(
        ours.partnership, kinds=kinds, minutes=minutes, began_at=began_at, by=by or ours.coach, at=NOW
    )


@pytest.mark.parametrize("minutes", [0, -1, 601, 10_000])
def test_refuses_a_length_that_cannot_be(ours: Pair, minutes: int) -> None:
    with pytest.raises(Refused, match="1 to 600"):
        log(ours, minutes=minutes)
    assert not Contact.objects.exists()


@pytest.mark.parametrize("kinds", [[], ["lunch"], ["co_planning", "<b>"]])
def test_refuses_kinds_it_does_not_know(ours: Pair, kinds: list[str]) -> None:
    with pytest.raises(Refused):
        log(ours, kinds=kinds)
    assert not Contact.objects.exists()


def test_refuses_what_is_still_to_come(ours: Pair) -> None:
    with pytest.raises(Refused, match="still to come"):
        log(ours, began_at=NOW + timedelta(seconds=1))


def test_refuses_an_ended_partnership(ours: Pair) -> None:
    ours.partnership.ended_at = NOW
    with pytest.raises(Refused, match="has ended"):
        log(ours)


def test_an_errand_is_kept_and_never_counts(ours: Pair) -> None:
    assert not log(ours, kinds=["errand"]).is_coaching
    assert log(ours, kinds=["errand", "training", "training"]).kinds == ["errand", "training"]


def test_belongs_to_the_running_cycle_and_its_stage(ours: Pair) -> None:
    actions.move_to(ours.cycle, stage="prepare", by=ours.coach, at=NOW)
    contact = log(ours)
    assert (contact.cycle, contact.stage) == (ours.cycle, "prepare")
    actions.stop(ours.cycle, by=ours.coach, at=NOW)
    assert log(ours).cycle is None


def test_the_other_corrects_and_it_says_so(ours: Pair) -> None:
    contact = log(ours)
    actions.correct(contact, kinds=["reflecting"], minutes=45, began_at=contact.began_at, by=ours.partner, at=NOW)
    found = Contact.objects.get()
    assert (found.kinds, found.minutes, found.logged_by, found.corrected_by) == (
        ["reflecting"], 45, ours.coach, ours.partner,
    )  # fmt: skip


def test_a_correction_without_a_change_leaves_no_trace(ours: Pair) -> None:
    contact = log(ours)
    actions.correct(contact, kinds=["co_planning"], minutes=30, began_at=contact.began_at, by=ours.partner, at=NOW)
    assert Contact.objects.get().corrected_by is None


def test_a_removed_entry_is_not_corrected(ours: Pair) -> None:
    contact = log(ours)
    bin.remove(Contact.objects.get(), by=ours.coach, at=NOW)
    with pytest.raises(Refused, match="removed"):
        actions.correct(contact, kinds=["training"], minutes=5, began_at=contact.began_at, by=ours.partner, at=NOW)


def test_two_entries_for_one_talk_become_one(ours: Pair) -> None:
    mine = log(ours, kinds=["reflecting"], minutes=30, began_at=NOW - 2 * HALF)
    theirs = log(ours, ours.partner, kinds=["co_planning"], minutes=45, began_at=NOW - 2 * HALF + timedelta(minutes=10))
    assert twins([mine, theirs]) == [(mine, theirs)]
    actions.join(mine, theirs, by=ours.partner, at=NOW)
    kept = Contact.objects.get(removed_at=None)
    assert (kept.pk, kept.kinds, kept.minutes, kept.began_at) == (
        mine.pk, ["co_planning", "reflecting"], 45, NOW - 2 * HALF,
    )  # fmt: skip
    assert Contact.objects.get(pk=theirs.pk).removed_by == ours.partner


def test_entries_of_one_member_or_of_other_times_are_never_joined(ours: Pair) -> None:
    mine = log(ours)
    for other in (log(ours), log(ours, ours.partner, began_at=NOW - timedelta(days=1))):
        assert twins([mine, other]) == []
        with pytest.raises(Refused):
            actions.join(mine, other, by=ours.coach, at=NOW)


def test_entries_kept_apart_are_not_offered_again(ours: Pair) -> None:
    mine, theirs = log(ours), log(ours, ours.partner)
    actions.keep_apart(theirs, by=ours.coach, at=NOW)
    assert twins(list(Contact.objects.all())) == []
    with pytest.raises(Refused):
        actions.join(mine, theirs, by=ours.coach, at=NOW)


def test_three_entries_are_offered_two_at_a_time(ours: Pair) -> None:
    one, two, three = log(ours), log(ours, ours.partner), log(ours, ours.coach)
    assert twins([one, two, three]) == [(one, two)]
