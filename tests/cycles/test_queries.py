"""What others learn of cycles in one word, and what a summary begins with."""

from datetime import timedelta

import pytest

from sidebyside.cycles import actions
from sidebyside.cycles.queries import filling, latest_contact, movement, next_steps, running
from sidebyside.partnerships.models import Partnership
from tests.pairs import NOW, Pair, pair

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def log(ours: Pair, kinds=("reflecting",), ago: timedelta = DAY, by=None) -> None:
    actions.log_contact(ours.partnership, kinds=kinds, minutes=15, began_at=NOW - ago, by=by or ours.coach, at=NOW)


def word(ours: Pair) -> str:
    return movement([ours.partnership], at=NOW)[ours.partnership.pk]


@pytest.mark.parametrize(("ago", "expected"), [(13 * DAY, "moving"), (14 * DAY, "quiet"), (40 * DAY, "quiet")])
def test_moves_for_fourteen_days(ours: Pair, ago: timedelta, expected: str) -> None:
    assert word(ours) == "quiet"
    log(ours, ago=ago)
    assert word(ours) == expected


def test_an_errand_moves_nothing(ours: Pair) -> None:
    log(ours, kinds=["errand"])
    assert word(ours) == "quiet"
    assert latest_contact([ours.partnership]) == {}
    log(ours, kinds=["errand", "training"])
    assert word(ours) == "moving"
    assert latest_contact([ours.partnership]) == {ours.partnership.pk: NOW - DAY}


def test_rests_while_paused(ours: Pair) -> None:
    log(ours)
    actions.pause(ours.cycle, by=ours.partner, at=NOW)
    assert word(ours) == "resting"
    actions.resume(ours.cycle, by=ours.partner, at=NOW)
    assert word(ours) == "moving"
    Partnership.objects.update(rested_at=NOW)
    assert word(ours) == "resting"


def test_words_for_many_cost_two_queries(ours: Pair, django_assert_num_queries) -> None:
    others = [pair("Fell"), pair("Upland")]
    for one in others:
        log(one)
    everybody = [one.partnership for one in (ours, *others)]
    with django_assert_num_queries(2):
        assert sorted(movement(everybody, at=NOW).values()) == ["moving", "moving", "quiet"]
    with django_assert_num_queries(2):
        assert len(movement(Partnership.objects.all(), at=NOW)) == 3


def test_next_steps_and_cycles_are_those_that_run(ours: Pair, django_assert_num_queries) -> None:
    actions.write_sheet(ours.cycle, kind="next_step", text="Thursday", version=0, by=ours.partner, at=NOW)
    with django_assert_num_queries(2):
        assert list(running([ours.partnership])) == list(next_steps([ours.partnership])) == [ours.partnership.pk]
    actions.stop(ours.cycle, by=ours.coach, at=NOW)
    assert running([ours.partnership]) == next_steps([ours.partnership]) == {}


def test_a_summary_begins_with_coaching_alone(ours: Pair) -> None:
    log(ours, kinds=["errand"])
    log(ours, kinds=["observing", "reflecting"], ago=3 * DAY)
    log(ours, kinds=["reflecting", "errand"], ago=2 * DAY)
    found = filling(ours.cycle)
    assert [contact.began_at for contact in found["contacts"]] == [NOW - 3 * DAY, NOW - 2 * DAY]
    assert [contact.began_at for contact in found["observations"]] == [NOW - 3 * DAY]
    assert found["kinds"] == {"observing": 1, "reflecting": 2}
    assert found["minutes"] == 30
