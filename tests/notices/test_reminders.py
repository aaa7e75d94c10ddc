"""Reminders come at humane hours, once, and say nothing but when, where and what kind."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.models import Attendee
from sidebyside.cover.models import CoverOffer, CoverRequest
from sidebyside.notices.reminders import day_to_tell, remind
from sidebyside.people.models import Person
from sidebyside.places.models import Place
from tests.pairs import Pair, pair

pytestmark = pytest.mark.django_db
LISBON = ZoneInfo("Europe/Lisbon")
BEFORE = datetime(2026, 11, 1, 10, tzinfo=UTC)
EVENING = datetime(2026, 11, 25, 17, 5, tzinfo=LISBON)  # a Wednesday
TEN = datetime(2026, 11, 26, 10, 40, tzinfo=LISBON)
LONG = timedelta(minutes=45)


@pytest.fixture
def ours() -> Pair:
    found = pair()
    Place.objects.filter(pk=found.school.pk).update(time_zone="Europe/Lisbon")
    return found


@pytest.fixture
def meet(ours):
    def make(begin=TEN, kind="visit", people=(), room="Room 12"):
        people = people or [ours.coach, ours.partner]
        return verbs.make(
            kind=kind, begin=begin, end=begin + LONG, zone="Europe/Lisbon", people=people, by=people[0], at=BEFORE,
            room=room,
        )  # fmt: skip

    return make


def cover(ours, begin, **state):
    """Lena takes a lesson of Ben."""
    request = CoverRequest.objects.create(
        school=ours.school, person=ours.partner, on=begin.date(), begin=begin, end=begin + LONG, classes=["7A"],
        rooms=["12"], asked_at=BEFORE,
    )  # fmt: skip
    state = {"asked_at": BEFORE, "yes_at": BEFORE} | state
    return CoverOffer.objects.create(
        request=request, kind="colleague", person=ours.outsider, on=begin.date(), begin=begin, end=begin + LONG,
        proposed_at=BEFORE, **state,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ((25, 16, 59), None),
        ((25, 17, 0), 26),
        ((25, 17, 59), 26),
        ((25, 18, 0), None),
        ((26, 2, 0), None),
        ((26, 6, 59), None),
        ((26, 7, 0), 26),
        ((26, 8, 59), 26),
        ((26, 9, 0), None),
        ((27, 17, 30), 28),  # Friday, of Saturday
        ((28, 17, 30), 29),  # Saturday, of Sunday
        ((29, 17, 30), None),  # Sunday says nothing of Monday
        ((30, 7, 30), 30),  # Monday morning does
    ],
)
def test_the_hours_are_humane(now, day):
    on, hour, minute = now
    found = day_to_tell(datetime(2026, 11, on, hour, minute, tzinfo=LISBON))
    assert found == (None if day is None else date(2026, 11, day))


def test_one_mail_with_all_of_tomorrow(ours, meet):
    meet()
    meet(begin=TEN - timedelta(hours=1), kind="talk_before", room="")
    meet(begin=TEN + timedelta(days=1))
    assert remind(at=EVENING) == 2
    [sent] = [one for one in mail.outbox if one.to == [ours.partner.email]]
    assert sent.subject == "In your calendar on Thursday 26 November"
    assert "09:40 to 10:25  Talk before a visit\n10:40 to 11:25  Visit, Room 12\n" in sent.body
    assert "27 November" not in sent.body


def test_it_names_nobody_and_calls_nothing_late(ours, meet):
    meet()
    cover(ours, TEN)
    remind(at=EVENING)
    words = " ".join(one.subject + one.body for one in mail.outbox).lower()
    assert mail.outbox
    for person in (ours.coach, ours.partner, ours.outsider):
        assert person.given_name.lower() not in words.replace(person.email, "")
    assert not {"late", "overdue", "missed", "forgot", "still"} & set(words.split())


def test_once_is_enough_and_a_new_time_is_told_anew(ours, meet):
    made = meet()
    remind(at=EVENING)
    assert remind(at=EVENING + timedelta(minutes=50)) == 0
    assert remind(at=TEN.replace(hour=7)) == 0
    verbs.move(made, begin=TEN + 24 * timedelta(hours=1), end=TEN + 25 * timedelta(hours=1), by=ours.coach, at=EVENING)
    assert remind(at=EVENING + timedelta(days=1)) == 2


def test_the_clock_of_each_reader_counts(ours, meet):
    far = Place.objects.create(kind=Place.Kind.SCHOOL, name="Far", time_zone="America/New_York")
    far.links_above.create(place=far, above=far, depth=0)
    ours.partner.posts.all().delete()
    ours.partner.posts.create(place=far, title="", from_date=BEFORE.date())
    meet(begin=datetime(2026, 11, 26, 18, 0, tzinfo=UTC))
    remind(at=EVENING)
    assert [one.to for one in mail.outbox] == [[ours.coach.email]]
    mail.outbox.clear()
    remind(at=datetime(2026, 11, 25, 17, 5, tzinfo=ZoneInfo("America/New_York")))
    assert [one.to for one in mail.outbox] == [[ours.partner.email]]
    assert "13:00 to 13:45" in mail.outbox[0].body


def test_a_morning_makes_up_for_a_weekend(ours, meet):
    monday = datetime(2026, 11, 30, 10, 0, tzinfo=LISBON)
    meet(begin=monday)
    friday = datetime(2026, 11, 27, 17, 30, tzinfo=LISBON)
    assert sum(remind(at=friday + timedelta(hours=hours)) for hours in range(60)) == 0
    assert remind(at=monday.replace(hour=7)) == 2


@pytest.mark.parametrize(
    "change",
    [{"mails_stopped_at": BEFORE}, {"left_at": BEFORE}, {"email": None}],
    ids=["stopped", "left", "no mailbox"],
)
def test_some_get_none(ours, meet, change):
    meet()
    Person.objects.filter(pk=ours.partner.pk).update(**change)
    assert remind(at=EVENING) == 1


def test_neither_what_was_declined_nor_cancelled_nor_only_just_told(ours, meet):
    declined, cancelled, told = meet(), meet(begin=TEN + LONG), meet(begin=TEN + 2 * LONG)
    verbs.answer(declined.attendees.get(person=ours.partner), answer="no", by=ours.partner, at=BEFORE)
    verbs.cancel(cancelled, by=ours.coach, at=BEFORE)
    Attendee.objects.filter(appointment=told).update(told_at=EVENING - timedelta(hours=11))
    assert remind(at=EVENING) == 1
    assert mail.outbox[0].to == [ours.coach.email]
    assert "10:40" in mail.outbox[0].body
    assert "12:10" not in mail.outbox[0].body


def test_cover_she_takes_is_in_it_and_cover_she_has_not_answered_is_not(ours):
    cover(ours, TEN)
    cover(ours, TEN + LONG, yes_at=None)
    cover(ours, TEN + 2 * LONG, withdrawn_at=BEFORE)
    assert remind(at=EVENING) == 1
    assert mail.outbox[0].to == [ours.outsider.email]
    assert "10:40 to 11:25  Cover: class 7A, room 12" in mail.outbox[0].body
    assert "11:25 to" not in mail.outbox[0].body
    assert remind(at=EVENING) == 0
