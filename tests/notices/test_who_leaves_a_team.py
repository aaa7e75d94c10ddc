"""Who leaves a team is told once that its meetings are no longer hers, in the words of a calendar program."""

import pytest
from django.core import mail
from icalendar import Calendar

from sidebyside.calendars.models import Attendee
from sidebyside.notices.invitations import send_untold
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form
from sidebyside.people import actions as people
from sidebyside.visits import actions
from tests.pairs import partnership_of
from tests.visits.school import AT, Staff, moment, settle

pytestmark = pytest.mark.django_db
HOUR = {"begin": moment(14), "end": moment(15)}


@pytest.fixture
def staff(db: None) -> Staff:
    return settle()


@pytest.fixture
def team(staff):
    return partnership_of(staff.ana, staff.ben, staff.lena, school=staff.pair.school, form=Form.TEAM)


@pytest.fixture
def leaves(staff, team, django_capture_on_commit_callbacks):
    """Lena leaves; returns what she and the others are sent."""

    def leave():
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            partnerships.leave(team, by=staff.lena, at=AT)
        return mail.outbox

    return leave


def event_in(message) -> tuple[str, dict]:
    [part] = message.alternatives
    calendar = Calendar.from_ical(part.content)
    [event] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def test_a_meeting_is_cancelled_for_her_alone(staff, team, leaves, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        [meeting] = actions.meet(team, by=staff.ana, at=AT, **HOUR)
    [sent] = leaves()
    assert sent.to == [staff.lena.email]
    assert not any(one.short_name in sent.subject + sent.body for one in (staff.ana, staff.ben))
    method, event = event_in(sent)
    assert (method, str(event["STATUS"])) == ("CANCEL", "CANCELLED")
    assert str(event["UID"]) == meeting.appointment.uid
    assert event["SEQUENCE"] > meeting.appointment.sequence
    assert event.decoded("DTSTART") == moment(14)
    assert not Attendee.objects.filter(person=staff.lena).exists()
    assert send_untold(at=AT) == 0


def test_a_series_is_cancelled_in_one_mail(staff, team, leaves, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = actions.meet(team, by=staff.ana, at=AT, rule="FREQ=WEEKLY;INTERVAL=1;COUNT=3", **HOUR)
    assert len(made) == 3
    [sent] = leaves()
    method, event = event_in(sent)
    assert (method, sent.to) == ("CANCEL", [staff.lena.email])
    assert str(event["UID"]) == made[0].appointment.series.uid
    assert "RECURRENCE-ID" not in event


def test_who_was_told_nothing_or_wants_no_mails_gets_none(
    staff, team, leaves, django_capture_on_commit_callbacks
) -> None:
    actions.meet(team, by=staff.ana, at=AT, **HOUR)
    assert leaves() == []


def test_who_stopped_her_mails_gets_none(staff, team, leaves, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        actions.meet(team, by=staff.ana, at=AT, **HOUR)
    people.stop_mails(staff.lena, by=staff.lena, at=AT)
    assert leaves() == []
