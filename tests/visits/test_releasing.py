"""A partnership shows a leader when it meets: by all of them, to one who leads, until one takes it back."""

from datetime import timedelta

import pytest

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.models import Appointment, Attendee
from sidebyside.notices.waiting import waiting_for
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Opening
from sidebyside.visits.actions.releasing import (
    agree_to_show,
    hide_calendar,
    open_shown,
    read_remarks,
    remark,
    show_calendar,
)
from sidebyside.visits.models import CalendarRelease, CalendarRemark, Meeting


@pytest.fixture
def meeting(world):
    """Ana and Ben meet tomorrow; nobody is shown that yet."""
    CalendarRelease.objects.all().delete()
    begin = world.at + timedelta(days=1)
    made = Appointment.objects.create(
        kind=Appointment.Kind.MEETING, uid="theirs", first_begin=begin, begin=begin, end=begin + timedelta(minutes=30),
        zone="UTC", made_at=world.at, made_by=world.ana, changed_at=world.at,
    )  # fmt: skip
    for person in (world.ana, world.ben):
        Attendee.objects.create(appointment=made, person=person)
    return Meeting.objects.create(appointment=made, partnership=world.ana_and_ben)


@pytest.fixture
def shown(world, meeting):
    """Dara sees when Ana and Ben meet."""
    release = show_calendar(world.ana_and_ben, to=world.dara, by=world.ana, at=world.at)
    agree_to_show(release, by=world.ben, at=world.at)
    return CalendarRelease.objects.get(pk=release.pk)


def sees(person, meeting):
    person.standing = None
    return policy.sees(person, meeting.appointment)


def test_one_yes_shows_nothing(world, meeting):
    release = show_calendar(world.ana_and_ben, to=world.dara, by=world.ana, at=world.at)
    assert not sees(world.dara, meeting)
    assert not policy.sees(world.dara, release)
    assert not open_shown(release, reader=world.dara, at=world.at)


def test_all_of_them_show_it_to_one_leader(world, meeting, shown):
    assert sees(world.dara, meeting)
    assert not sees(world.fatima, meeting)
    assert not sees(world.emre, meeting)
    assert not policy.seen(world.dara, Meeting).exists(), "a leader sees times, not whose stage or visit it is"
    assert not policy.seen(world.dara, Attendee).exists()


def test_only_leaders_of_their_schools(world, meeting):
    for somebody in (world.fatima, world.emre, world.lena, world.olu, world.ben):
        with pytest.raises(Refused, match="leads none"):
            show_calendar(world.ana_and_ben, to=somebody, by=world.ana, at=world.at)


def test_only_members_decide(world, shown):
    for verb in (
        lambda: show_calendar(world.ana_and_ben, to=world.dara, by=world.chen, at=world.at),
        lambda: agree_to_show(shown, by=world.chen, at=world.at),
        lambda: hide_calendar(shown, by=world.dara, at=world.at),
    ):
        with pytest.raises(Refused, match="Only those who are in this partnership"):
            verb()


def test_nobody_is_asked_twice(world, shown):
    with pytest.raises(Refused, match="proposed already"):
        show_calendar(world.ana_and_ben, to=world.dara, by=world.ben, at=world.at)


def test_taken_back_unread_it_leaves_no_trace(world, meeting, shown):
    assert hide_calendar(shown, by=world.ben, at=world.at) is False
    assert not CalendarRelease.objects.exists()
    assert not Event.objects.filter(kind__startswith="calendar.").exists()
    assert not sees(world.dara, meeting)


def test_taken_back_after_it_was_read(world, meeting, shown):
    assert open_shown(shown, reader=world.dara, at=world.at)
    assert Opening.objects.get(kind="calendarrelease").reader == world.dara
    assert hide_calendar(shown, by=world.ben, at=world.at) is True
    assert not sees(world.dara, meeting)
    assert not open_shown(shown, reader=world.dara, at=world.at)
    with pytest.raises(Refused, match="taken back"):
        agree_to_show(shown, by=world.ana, at=world.at)
    with pytest.raises(Refused, match="taken back"):
        remark(shown, kind="offer", text="An hour", by=world.dara, at=world.at)
    show_calendar(world.ana_and_ben, to=world.dara, by=world.ana, at=world.at)


def test_a_leader_asks_or_offers(world, shown):
    said = remark(shown, kind="offer", text="The hall is free then.", by=world.dara, at=world.at)
    assert b"hall" not in bytes(CalendarRemark.objects.get(pk=said.pk).text)
    assert vault.opened([CalendarRemark.objects.get(pk=said.pk)], "text")[0].text == "The hall is free then."
    assert policy.sees(world.ben, said)
    assert not policy.sees(world.fatima, said)
    read_remarks([shown], by=world.ben, at=world.at)
    said.refresh_from_db()
    assert said.read_at == world.at


@pytest.mark.parametrize(("kind", "text"), [("order", "Come."), ("ask", "  "), ("ask", "x" * 1001)])
def test_a_remark_needs_a_kind_and_words(world, shown, kind, text):
    with pytest.raises(Refused):
        remark(shown, kind=kind, text=text, by=world.dara, at=world.at)


def test_somebody_who_is_shown_nothing_cannot_remark(world, shown):
    with pytest.raises(Refused):
        remark(shown, kind="ask", text="When?", by=world.fatima, at=world.at)


def test_the_end_hides_it(world, meeting, shown):
    open_shown(shown, reader=world.dara, at=world.at)
    partnerships.end(world.ana_and_ben, by=world.ben, at=world.at)
    assert not sees(world.dara, meeting)
    assert CalendarRelease.objects.get(pk=shown.pk).withdrawn_at == world.at


def test_the_end_leaves_no_trace_of_what_nobody_opened(world, shown):
    partnerships.end(world.ana_and_ben, by=world.ben, at=world.at)
    assert not CalendarRelease.objects.exists()


def test_it_waits_on_the_home_page_of_whom_it_concerns(world, meeting):
    def kinds(person):
        return [item.kind for item in waiting_for(policy.standing(person), at=world.at)]

    release = show_calendar(world.ana_and_ben, to=world.dara, by=world.ana, at=world.at)
    assert "calendar_consent" in kinds(world.ben)
    assert "calendar_consent" not in kinds(world.ana)
    assert "shown_calendar" not in kinds(world.dara)
    agree_to_show(release, by=world.ben, at=world.at)
    assert "calendar_consent" not in kinds(world.ben)
    assert "shown_calendar" in kinds(world.dara)
    remark(release, kind="ask", text="When?", by=world.dara, at=world.at)
    assert "calendar_remark" in kinds(world.ben)
    assert "calendar_remark" not in kinds(world.chen)
