"""Two who make, move, cancel or answer in the very same moment, on two connections: one is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.actions import connections
from sidebyside.calendars.models import Appointment, Attendee, Feed, OutsideCalendar
from tests.pairs import Pair, pair
from tests.partnerships.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
HALF = timedelta(minutes=30)


@pytest.fixture
def ours(db) -> Pair:
    return pair()


def make(*people, begin=TEN, zone="UTC"):
    return verbs.make(kind="meeting", begin=begin, end=begin + HALF, zone=zone, people=people, by=people[0], at=AT)


def refusals(found):
    return sorted(isinstance(one, Refused) for one in found)


def test_the_same_person_is_not_taken_twice_not_even_from_two_zones(ours):
    ana, ben, lena = ours.coach, ours.partner, ours.outsider
    found = at_once(
        lambda: make(ana, ben), lambda: make(lena, ben, begin=TEN + timedelta(minutes=29), zone="Pacific/Auckland")
    )
    assert refusals(found) == [False, True]
    assert Appointment.objects.count() == 1


def test_two_that_want_each_others_days_do_not_wait_for_ever(ours):
    ana, ben = ours.coach, ours.partner
    one, other = make(ana, ben), make(ana, ben, begin=TEN + timedelta(days=1))
    later = {"by": ana, "at": AT}
    found = at_once(
        lambda: verbs.move(one, begin=other.begin + HALF, end=other.end + HALF, **later),
        lambda: verbs.move(other, begin=one.begin + HALF, end=one.end + HALF, **later),
    )
    assert refusals(found) == [False, False]


def test_what_is_cancelled_and_moved_at_once_ends_as_cancelled(ours):
    made = make(ours.coach, ours.partner)
    stale = Appointment.objects.get(pk=made.pk)
    at_once(
        lambda: verbs.cancel(made, by=ours.coach, at=AT),
        lambda: verbs.move(stale, begin=TEN + HALF, end=TEN + 2 * HALF, by=ours.partner, at=AT),
    )
    row = Appointment.objects.get()
    assert row.cancelled_at == AT
    assert row.sequence in (1, 2)


def test_who_declined_is_booked_once_when_she_comes_after_all(ours):
    made = make(ours.coach, ours.partner)
    attendee = made.attendees.get(person=ours.partner)
    verbs.answer(attendee, answer="no", by=ours.partner, at=AT)
    found = at_once(
        lambda: verbs.answer(attendee, answer="yes", by=ours.partner, at=AT),
        lambda: make(ours.outsider, ours.partner),
    )
    assert refusals(found) == [False, True]
    coming = Attendee.objects.filter(person=ours.partner).exclude(answer="no")
    assert coming.count() == 1


def test_who_answers_for_a_series_takes_all_its_days_first(ours):
    people, rule = [ours.coach, ours.partner], "FREQ=WEEKLY;INTERVAL=1;COUNT=3"
    series = verbs.make_series(
        kind="meeting", begin=TEN, end=TEN + HALF, zone="UTC", people=people, rule=rule, by=ours.coach, at=AT
    )
    with CaptureQueriesContext(connection) as counted:
        assert verbs.answer_series(series, answer="yes", by=ours.partner, at=AT) == 3
    written = [query["sql"].split('"')[1] for query in counted if query["sql"].startswith("UPDATE")]
    assert written[:6] == ["calendars_bookedday"] * 6
    assert written.count("calendars_attendee") == 3
    assert [query["sql"].split()[0] for query in counted].count("BEGIN") == 1


def test_all_answers_for_two_series_at_once_are_kept(ours):
    people = [ours.coach, ours.partner, ours.outsider]
    at, made = {"zone": "UTC", "people": people, "by": ours.coach, "at": AT}, []
    for begin in (TEN, TEN + 2 * HALF):
        rule = "FREQ=WEEKLY;INTERVAL=1;COUNT=4"
        made.append(verbs.make_series(kind="meeting", begin=begin, end=begin + HALF, rule=rule, **at))
    at_once(
        lambda: verbs.answer_series(made[0], answer="no", by=ours.partner, at=AT),
        lambda: verbs.answer_series(made[1], answer="yes", by=ours.outsider, at=AT),
    )
    assert Attendee.objects.filter(person=ours.partner, answer="no").count() == 4
    assert Attendee.objects.filter(person=ours.outsider, answer="yes").count() == 4


def test_one_address_is_left_of_two_made_at_once(ours):
    ana = ours.coach
    at_once(*[lambda: connections.make_feed(ana, by=ana, at=AT)] * 2)
    assert Feed.objects.filter(ended_at=None).count() == 1


def test_the_same_calendar_is_brought_once(ours):
    ana, address = ours.coach, "https://calendar.example/a.ics"
    found = at_once(*[lambda: connections.add_calendar(ana, address=address, by=ana, at=AT)] * 2)
    assert refusals(found) == [False, True]
    assert OutsideCalendar.objects.count() == 1
