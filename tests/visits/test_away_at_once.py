"""Somebody is marked away in the very moment in which she is booked: neither waits for the other for ever."""

from datetime import timedelta

import pytest

from sidebyside.base.refusals import Refused
from sidebyside.cover import actions as cover
from sidebyside.visits import actions
from tests.partnerships.test_at_once import at_once
from tests.visits.school import AT, COVERED, moment

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])
HALF = timedelta(minutes=30)


@pytest.mark.parametrize("turn", range(4))
def test_one_is_marked_away_while_the_other_books(staff, turn):
    for number in range(6):
        begin = moment(12) + number * HALF
        actions.meet(staff.partnership, begin=begin, end=begin + HALF, by=staff.ana, at=AT)
    staff.book(COVERED)
    found = at_once(
        lambda: cover.mark_away(
            staff.ben, school=staff.pair.school, begin=moment(7), end=moment(18), by=staff.desk, at=AT
        ),
        lambda: actions.meet(staff.partnership, begin=moment(16), end=moment(17), by=staff.ana, at=AT),
    )
    assert not isinstance(found[0], Refused)
