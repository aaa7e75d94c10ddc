"""Invitations arrive at a real mail server, are read back, and are told once each."""

import logging
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event
from recurring_ical_events import of

from sidebyside.base.signed import signed
from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.actions.connections import make_feed
from sidebyside.calendars.models import Appointment, Attendee, Feed
from sidebyside.notices.invitations import send_untold, untold
from sidebyside.people.models import Person
from sidebyside.places.models import Place
from tests.notices.mailbox import Mailbox, begins, invitation_in, mailbox, sequence, text_of
from tests.pairs import Pair, pair

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
TEN = datetime(2026, 11, 26, 10, 40, tzinfo=ZoneInfo("Europe/Lisbon"))
LONG = timedelta(minutes=45)


@pytest.fixture(scope="module")
def server():
    with mailbox() as box:
        yield box


@pytest.fixture
def box(server: Mailbox, settings) -> Mailbox:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.SITE_URL = "https://coaching.example"
    settings.MAIL_ANSWERS = "answers@coaching.example"
    server.messages.clear()
    server.refuse.clear()
    return server


@pytest.fixture
def ours() -> Pair:
    """Ana lives in Lisbon and Ben in New York, as their schools do."""
    found = pair()
    Place.objects.filter(pk=found.school.pk).update(time_zone="Europe/Lisbon")
    found.coach.joined_at = found.partner.joined_at = AT
    return found


@pytest.fixture
def does(django_capture_on_commit_callbacks):
    """Do something, and what follows when it is certain."""

    def do(verb, *arguments, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return verb(*arguments, **{"at": AT, **more})

    return do


@pytest.fixture
def meet(ours, does):
    def make(begin=TEN, kind="visit", room="Room 12", by=None, **more):
        people, by = [ours.coach, ours.partner], by or ours.coach
        values = {"kind": kind, "begin": begin, "end": begin + LONG, "zone": "Europe/Lisbon", "people": people}
        return does(verbs.make, **values, by=by, room=room, **more)

    return make


def to(person: Person, box: Mailbox):
    return [message for message in box.take() if message["To"] == person.email]


# Arriving


def test_a_real_invitation_arrives(ours, box, meet):
    made = meet()
    [mail] = to(ours.partner, box)
    found = invitation_in(mail)
    event = found.event
    assert found.method == "REQUEST"
    assert found.zones == ["Europe/Lisbon"]
    assert (str(event["UID"]), sequence(event), begins(event)) == (made.uid, 0, TEN)
    assert event["DTSTART"].params["TZID"] == "Europe/Lisbon"
    assert str(event["SUMMARY"]) == f"Visit: {ours.coach.name}"
    assert str(event["LOCATION"]) == "Room 12"
    assert str(event["CLASS"]) == "PRIVATE"
    assert str(event["ATTENDEE"]).lower() == f"mailto:{ours.partner.email}"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    secret = signed("answer", made.attendees.get(person=ours.partner).pk)
    assert str(event["ORGANIZER"]).lower() == f"mailto:answers+{secret}@coaching.example"
    assert mail["Reply-To"] == f"answers+{secret}@coaching.example"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_its_words_name_nobody_and_nothing_but_when(ours, box, meet):
    meet()
    [mail] = to(ours.partner, box)
    assert mail["Subject"] == "An appointment on Thursday 26 November, 10:40"
    text = text_of(mail)
    assert "Thursday 26 November 2026, 10:40 to 11:25, Room 12" in text
    assert "Europe/Lisbon" in text
    for person in (ours.coach, ours.partner):
        assert person.given_name not in mail["Subject"] + text
    assert len(re.findall(r"https://\S+/answers/\S+", text)) == 1


def test_each_reads_the_hour_of_her_own_clock(ours, box, meet, does):
    far = Place.objects.create(kind=Place.Kind.SCHOOL, name="Far", time_zone="America/New_York")
    far.links_above.create(place=far, above=far, depth=0)
    ours.partner.posts.all().delete()
    ours.partner.posts.create(place=far, title="", from_date=AT.date())
    meet()
    [mail] = to(ours.partner, box)
    assert mail["Subject"] == "An appointment on Thursday 26 November, 05:40"
    assert "America/New York" in text_of(mail)
    assert begins(invitation_in(mail).event) == TEN


def test_a_change_is_told_as_one_and_a_cancellation_takes_it_back(ours, box, meet, does):
    made = meet()
    box.take()
    does(verbs.move, made, begin=TEN + LONG, end=TEN + 2 * LONG, by=ours.partner)
    mails = box.take()
    assert {mail["To"] for mail in mails} == {ours.coach.email, ours.partner.email}
    for mail in mails:
        found = invitation_in(mail)
        assert (found.method, sequence(found.event), str(found.event["UID"])) == ("REQUEST", 1, made.uid)
        assert begins(found.event) == TEN + LONG
        assert mail["Subject"].startswith("Changed: ")
    does(verbs.cancel, made, by=ours.coach)
    for mail in box.take():
        found = invitation_in(mail)
        assert (found.method, sequence(found.event), str(found.event["UID"])) == ("CANCEL", 2, made.uid)
        assert str(found.event["STATUS"]) == "CANCELLED"
        assert "/answers/" not in text_of(mail)
    assert send_untold(at=AT + timedelta(hours=1)) == 0


# Who is told, and who is not


def test_who_made_it_has_it_in_her_calendar_by_mail_or_by_her_feed(ours, box, meet):
    meet()
    assert len(to(ours.coach, box)) == 1
    make_feed(ours.coach, by=ours.coach, at=AT)
    meet(begin=TEN + LONG)
    assert len(to(ours.coach, box)) == 1  # nothing reads the feed
    Feed.objects.update(read_at=AT - timedelta(hours=1))
    made = meet(begin=TEN + 2 * LONG)
    mails = box.take()
    assert [mail["To"] for mail in mails] == [ours.partner.email]
    assert made.attendees.get(person=ours.coach).told_sequence == 0


@pytest.mark.parametrize(
    "change",
    [{"email": None}, {"email": ""}, {"mails_stopped_at": AT}, {"left_at": AT}],
    ids=["no mailbox", "an empty address", "stopped mails", "left"],
)
def test_some_get_no_mail(ours, box, meet, change):
    Person.objects.filter(pk=ours.partner.pk).update(**change)
    meet()
    assert [mail["To"] for mail in box.take()] == [ours.coach.email]


def test_ones_own_time_is_told_to_nobody(ours, box, meet):
    made = meet(kind="own")
    assert box.take() == []
    assert not untold(at=AT).filter(appointment=made).exists()


def test_who_declined_hears_of_no_change_of_room_but_of_a_new_time(ours, box, meet, does):
    made = meet()
    does(verbs.answer, made.attendees.get(person=ours.partner), answer="no", by=ours.partner)
    box.take()
    does(verbs.move, made, begin=made.begin, end=made.end, room="13", by=ours.coach)
    assert to(ours.partner, box) == []
    does(verbs.move, made, begin=TEN + LONG, end=TEN + 2 * LONG, by=ours.coach)
    assert len(to(ours.partner, box)) == 1


def test_nobody_hears_of_the_end_of_what_she_never_heard_of(ours, box):
    made = Appointment.objects.create(
        kind="visit", uid="u@sidebyside", first_begin=TEN, begin=TEN, end=TEN + LONG, zone="Europe/Lisbon",
        made_at=AT, made_by=ours.coach, changed_at=AT, cancelled_at=AT, sequence=1,
    )  # fmt: skip
    Attendee.objects.create(appointment=made, person=ours.partner)
    assert send_untold(at=AT + timedelta(hours=2)) == 0
    assert box.take() == []


def test_what_has_been_over_for_a_day_is_told_to_nobody(ours, box, meet):
    made = meet()
    Attendee.objects.update(told_sequence=None)
    box.take()
    assert send_untold(at=made.end + timedelta(hours=25)) == 0
    assert send_untold(at=made.end + timedelta(hours=23)) == 2


def test_nothing_is_sent_before_it_is_certain(ours, box):
    people = [ours.coach, ours.partner]
    verbs.make(kind="visit", begin=TEN, end=TEN + LONG, zone="UTC", people=people, by=ours.coach, at=AT)
    assert box.take() == []


# What was missed


def test_what_the_mail_server_did_not_take_goes_an_hour_later(ours, box, meet, caplog):
    box.refuse = {ours.partner.email}
    with caplog.at_level(logging.ERROR):
        made = meet()
    assert [mail["To"] for mail in box.take()] == [ours.coach.email]
    assert ours.partner.email not in caplog.text
    box.refuse = set()
    assert send_untold(at=AT + timedelta(minutes=4)) == 0  # it may be on its way
    assert send_untold(at=AT + timedelta(hours=1)) == 1
    [mail] = box.take()
    assert (mail["To"], str(invitation_in(mail).event["UID"])) == (ours.partner.email, made.uid)
    assert send_untold(at=AT + timedelta(hours=2)) == 0


def test_a_mail_server_that_is_not_there_stops_nothing(ours, box, meet, settings):
    settings.EMAIL_PORT = 1
    made = meet()
    assert made.pk
    settings.EMAIL_PORT = box.port
    assert send_untold(at=AT + timedelta(hours=1)) == 2


def test_the_same_queries_for_one_and_for_three(ours, box, meet, django_assert_max_num_queries):
    for turn in range(3):
        meet(begin=TEN + turn * LONG)
    Attendee.objects.update(told_sequence=None)
    box.take()
    with django_assert_max_num_queries(3 + 6 * 9):
        assert send_untold(at=AT + timedelta(hours=1)) == 6


# Series


@pytest.fixture
def weekly(ours, does):
    def make(rule="FREQ=WEEKLY;INTERVAL=1;COUNT=4", begin=TEN, **more):
        people = [ours.coach, ours.partner]
        values = {"kind": "meeting", "begin": begin, "end": begin + LONG, "zone": "Europe/Lisbon", "people": people}
        return does(verbs.make_series, **values, rule=rule, by=ours.coach, **more)

    return make


def times(event: Event) -> list[datetime]:
    """When a series takes place by what a calendar program reads, without its changed times."""
    calendar = Calendar()
    calendar.add_component(event)
    found = of(calendar).between(TEN - timedelta(days=1), TEN + timedelta(days=400))
    return sorted(one["DTSTART"].dt for one in found)


def test_a_series_is_one_mail(ours, box, weekly):
    made = weekly()
    [mail] = to(ours.partner, box)
    found = invitation_in(mail)
    assert (found.method, str(found.event["UID"])) == ("REQUEST", made.uid)
    assert found.event["RRULE"].to_ical() == b"FREQ=WEEKLY;COUNT=4;INTERVAL=1"
    assert times(found.event) == list(made.appointments.order_by("begin").values_list("begin", flat=True))
    assert text_of(mail).count("10:40 to 11:25") == 4
    assert mail["Subject"] == "Appointments from Thursday 26 November, 10:40"


def test_times_that_were_passed_over_are_not_in_it(ours, box, weekly, meet):
    meet(begin=TEN + timedelta(days=7))
    box.take()
    made = weekly(pass_over_busy=True)
    [mail] = to(ours.partner, box)
    assert times(invitation_in(mail).event) == [row.begin for row in made.appointments.order_by("begin")]
    assert len(times(invitation_in(mail).event)) == 3


def test_a_single_changed_time_is_told_by_itself(ours, box, weekly, does):
    made = weekly()
    box.take()
    second = made.appointments.order_by("begin")[1]
    does(verbs.move, second, begin=second.begin + LONG, end=second.end + LONG, by=ours.coach)
    [mail] = to(ours.partner, box)
    found = invitation_in(mail)
    assert (found.method, str(found.event["UID"]), sequence(found.event)) == ("REQUEST", made.uid, 1)
    assert found.event["RECURRENCE-ID"].dt == second.first_begin
    assert begins(found.event) == second.first_begin + LONG
    assert "RRULE" not in found.event
    does(verbs.cancel, second, by=ours.coach)
    [mail] = to(ours.partner, box)
    found = invitation_in(mail)
    assert (found.method, sequence(found.event)) == ("CANCEL", 2)
    assert found.event["RECURRENCE-ID"].dt == second.first_begin


def test_several_changed_times_are_one_mail_again(ours, box, weekly, does):
    made = weekly()
    box.take()
    first, second, third, _last = made.appointments.order_by("begin")
    verbs.move(first, begin=first.begin + LONG, end=first.end + LONG, by=ours.coach, at=AT)
    does(verbs.cancel, third, by=ours.coach)
    box.take()
    Attendee.objects.update(told_sequence=0, told_cancelled_at=None)
    assert send_untold(at=AT + timedelta(hours=1)) == 2
    [mail] = to(ours.partner, box)
    master, changed = invitation_in(mail).events
    assert sequence(master) == sequence(changed) == 2
    assert changed["RECURRENCE-ID"].dt == first.first_begin
    assert begins(changed) == first.first_begin + LONG
    assert third.first_begin not in times(master)
    assert second.begin in times(master)


def test_a_series_that_ends_is_one_mail_with_what_is_left(ours, box, weekly, does):
    made = weekly()
    box.take()
    assert does(verbs.end_series, made, by=ours.coach, since=TEN + timedelta(days=14)) == 2
    [mail] = to(ours.partner, box)
    found = invitation_in(mail)
    assert (found.method, sequence(found.event)) == ("REQUEST", 3)
    assert times(found.event) == [TEN, TEN + timedelta(days=7)]
    does(verbs.end_series, made, by=ours.coach)
    [mail] = to(ours.partner, box)
    found = invitation_in(mail)
    assert found.method == "CANCEL"
    assert "RECURRENCE-ID" not in found.event
    assert send_untold(at=AT + timedelta(hours=1)) == 0
