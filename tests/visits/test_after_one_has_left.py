"""Who left a partnership hears no more of when the others meet, whatever she has kept from before."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from sidebyside.base.signed import signed
from sidebyside.calendars.models import Appointment, Attendee
from sidebyside.notices.invitations import send_untold
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form
from sidebyside.policy import seen
from sidebyside.visits import actions
from tests.pairs import partnership_of
from tests.visits.school import AT, moment

pytestmark = pytest.mark.django_db
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


@pytest.fixture
def left(staff):
    """A meeting of three that Lena was invited to before she left; and the address in the mail she had."""
    team = partnership_of(staff.ana, staff.ben, staff.lena, school=staff.pair.school, form=Form.TEAM)
    [meeting] = actions.meet(team, begin=moment(14), end=moment(15), by=staff.ana, at=AT)
    row = Attendee.objects.get(appointment=meeting.appointment_id, person=staff.lena)
    partnerships.leave(team, by=staff.lena, at=AT)
    return meeting, reverse("answer", args=[signed("answer", row.pk)])


def test_no_mail_tells_her_of_another_time(staff, left, django_capture_on_commit_callbacks):
    meeting, _address = left
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.move_meeting(meeting, begin=moment(15), end=moment(16), room="", by=staff.ana, at=AT)
    assert [one.to for one in mail.outbox] == [[staff.ana.email], [staff.ben.email]]


def test_she_sees_the_meeting_no_more(staff, left):
    meeting, address = left
    assert not seen(staff.lena, Appointment).filter(pk=meeting.appointment_id).exists()
    assert not seen(staff.lena, Attendee).filter(appointment=meeting.appointment_id).exists()


def test_the_link_in_her_mail_leads_nowhere(left, client):
    _meeting, address = left
    assert client.get(address).status_code == 404
    assert client.post(address, {"answer": "yes"}).status_code == 404


def test_her_other_plans_are_not_in_the_others_way(staff, left):
    meeting, _address = left
    actions.meet(staff.partnership, begin=moment(13), end=moment(13, 30), by=staff.ana, at=AT)
    actions.move_meeting(meeting, begin=moment(16), end=moment(17), room="", by=staff.ana, at=AT)


def test_of_a_series_she_is_told_of_the_times_before_she_left(staff):
    team = partnership_of(staff.ana, staff.ben, staff.lena, school=staff.pair.school, form=Form.TEAM)
    rule = "FREQ=WEEKLY;INTERVAL=1;COUNT=3"
    first, _second, third = actions.meet(team, begin=moment(14), end=moment(15), rule=rule, by=staff.ana, at=AT)
    later = moment(14, 30)
    partnerships.leave(team, by=staff.lena, at=later + HOUR)
    actions.move_meeting(third, begin=moment(16) + 2 * WEEK, end=moment(17) + 2 * WEEK, room="", by=staff.ana, at=later)
    mail.outbox.clear()
    # She never had a mail of the one that took place today.
    send_untold(at=later + 2 * HOUR)
    [hers] = [one for one in mail.outbox if one.to == [staff.lena.email]]
    assert "14:00 to 15:00" in hers.body
    assert "16:00" not in hers.body
    assert first.appointment.attendees.filter(person=staff.lena).exists()
