"""Answers by mail about times that no calendar goes to, and about former states of a series."""

import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO, TextIOWrapper

import pytest
from django.core.management import call_command
from django.urls import reverse

from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.models import Attendee
from sidebyside.notices.answers import receive
from sidebyside.notices.invitation_mails import revision
from tests.notices.test_answers import reply

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
TEN = datetime(2031, 11, 26, 10, 40, tzinfo=UTC)
LONG, WEEK = timedelta(minutes=45), timedelta(weeks=1)
ZULU = "%Y%m%dT%H%M%SZ"
ZONE = "Europe/Berlin"


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.MAIL_ANSWERS = "answers@coaching.example"


@pytest.fixture
def two(world):
    return {"zone": ZONE, "people": [world.ana, world.ben], "by": world.ana, "at": AT}


@pytest.fixture
def bens(world, two) -> Attendee:
    made = verbs.make(kind="meeting", begin=TEN, end=TEN + LONG, **two)
    return made.attendees.get(person=world.ben)


@pytest.mark.parametrize(
    ("begin", "end"),
    [("99991231T230000Z", "99991231T235900Z"), ("00010101T000000", "00010101T003000"), ("20311126T0000Z", "2031")],
)
def test_another_time_that_is_none_is_refused(world, client, bens, begin, end):
    more = (f"DTSTART:{begin}", f"DTEND:{end}")
    with pytest.raises(Refused):
        receive(reply(bens, method="COUNTER", status="TENTATIVE", more=more), at=AT)
    client.force_login(world.ana)
    assert client.get(reverse("appointment", args=[bens.appointment_id])).status_code == 200


@pytest.mark.parametrize("days", [2, 400])
def test_another_time_is_no_longer_than_an_appointment_and_within_two_years(bens, days):
    begin = AT + timedelta(days=700 + days)
    more = (f"DTSTART:{begin:{ZULU}}", f"DTEND:{begin + timedelta(days=days):{ZULU}}")
    with pytest.raises(Refused):
        receive(reply(bens, method="COUNTER", status="TENTATIVE", more=more), at=AT)


def test_the_command_refuses_it_and_does_not_break(world, two, monkeypatch):
    series = verbs.make_series(kind="meeting", begin=TEN, end=TEN + LONG, rule="FREQ=WEEKLY;COUNT=3", **two)
    row = Attendee.objects.filter(person=world.ben, appointment__series=series).first()
    mail = reply(row, more=("RECURRENCE-ID:00010101T000000",))
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(mail)))
    with pytest.raises(SystemExit) as ended:
        call_command("receive_mail")
    assert ended.value.code == 2


def test_an_answer_to_a_former_state_of_a_series_does_not_count_for_the_time_that_moved(world, two):
    series = verbs.make_series(kind="meeting", begin=TEN, end=TEN + LONG, rule="FREQ=WEEKLY;COUNT=3", **two)
    first, second, third = series.appointments.order_by("begin")
    for moved in (first, second):  # she is told of both
        verbs.move(moved, begin=moved.begin + LONG, end=moved.end + LONG, by=world.ana, at=AT)
    told = revision(series, series.appointments.all())
    verbs.move(third, begin=third.begin + LONG, end=third.end + LONG, by=world.ana, at=AT + WEEK)
    row = Attendee.objects.get(person=world.ben, appointment=third)
    receive(reply(row, sequence=told, stamp=AT + LONG), at=AT + WEEK)
    row.refresh_from_db()
    assert row.answer == Attendee.Answer.ASKED
    other = Attendee.objects.get(person=world.ben, appointment=first)
    assert other.answer == Attendee.Answer.YES
