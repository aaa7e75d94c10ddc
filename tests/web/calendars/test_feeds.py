"""What opens by a secret in the address: the feed, and the page that answers an invitation."""

import gzip
import json
import sys
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from sidebyside.base.signed import signed
from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.actions import connections
from sidebyside.calendars.models import Attendee, Feed
from sidebyside.people.models import Person
from tests.calendars.test_other_programs import Subscriber, served
from tests.page import Page
from tests.web.calendars.conftest import LISBON
from tests.web.calendars.test_pages import cover

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(school) -> str:
    secret = connections.make_feed(school.ana, by=school.ana, at=timezone.now())
    return reverse("feed", args=[secret])


def events(answer):
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


# The feed


def test_a_wrong_an_old_and_a_leavers_address_look_the_same(school, address):
    stranger, wrong = Client(), "/feeds/" + "x" * 43 + ".ics"
    answers = [stranger.get(wrong)]
    connections.make_feed(school.ana, by=school.ana, at=timezone.now())
    answers.append(stranger.get(address))
    fresh = reverse("feed", args=[connections.make_feed(school.ana, by=school.ana, at=timezone.now())])
    Person.objects.filter(pk=school.ana.pk).update(left_at=timezone.now())
    answers.append(stranger.get(fresh))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    headers = [dict(answer.headers.items()) for answer in answers]
    assert headers[0] == headers[1] == headers[2]


def test_it_is_read_and_never_written(school, address):
    for method in ("post", "put", "delete", "patch"):
        assert getattr(Client(), method)(address).status_code == 405


def test_it_holds_kind_names_room_and_time_and_nothing_else(school, address):
    made = school.make(school.at(15), kind="visit", room="Room 12")
    cover(school, school.at(11, 15), yes_at=timezone.now())
    declined = school.make(school.at(16), school.ben, school.ana)
    verbs.answer(declined.attendees.get(person=school.ana), answer="no", by=school.ana, at=timezone.now())
    verbs.cancel(school.make(school.at(17)), by=school.ana, at=timezone.now())
    school.make(school.at(18), school.ben, school.lena, ours=False)
    answer = Client().get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    covering, visit = sorted(events(answer), key=lambda event: event["DTSTART"].dt)
    assert str(visit["SUMMARY"]) == f"Visit: {school.ben.name}"
    assert (str(visit["LOCATION"]), visit["DTSTART"].dt, str(visit["UID"])) == ("Room 12", school.at(15), made.uid)
    assert str(covering["SUMMARY"]) == "Cover: class 7A, room 12"
    assert school.ben.name not in str(covering)
    allowed = {"UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "URL", "CLASS"}
    assert set(visit) - allowed == {"STATUS", "TRANSP"}
    assert school.ben.email not in answer.content.decode()


def test_unchanged_it_is_not_sent_again(school, address):
    school.make(school.at(15))
    client = Client()
    first = client.get(address)
    assert first["Cache-Control"].startswith("private")
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == first.content
    assert client.get(address, headers={"If-None-Match": packed["ETag"]}).status_code == 304
    school.make(school.at(16))
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_it_holds_sixty_days_back_and_four_hundred_ahead(school, address):
    made = school.make(school.at(15))
    now, day = timezone.now(), timedelta(days=1)
    for distance, shown in ((-62, 0), (-58, 1), (398, 1), (402, 0)):
        made.begin, made.end = now + distance * day, now + distance * day + timedelta(hours=1)
        made.save()
        assert len(events(Client().get(address))) == shown, distance


def test_that_it_is_read_is_noted(school, address):
    assert Feed.objects.get().read_at is None
    Client().get(address)
    assert Feed.objects.get().read_at is not None


def test_times_of_a_series_stand_for_themselves(school, address):
    verbs.make_series(
        kind="meeting", begin=school.at(15), end=school.at(16), zone="Europe/Lisbon", people=[school.ana, school.ben],
        rule="FREQ=WEEKLY;INTERVAL=1;COUNT=3", by=school.ben, at=timezone.now(),
    )  # fmt: skip
    found = events(Client().get(address))
    assert len({str(event["UID"]) for event in found}) == len(found) == 3
    assert not [event for event in found if "RECURRENCE-ID" in event]


def test_the_same_queries_for_one_and_for_three(school, address):
    counts = []
    for turn in range(3):
        school.make(school.at(13 + turn))
        cover(school, school.at(13 + turn, 0, day=1), yes_at=timezone.now())
        Client().get(address)
        with CaptureQueriesContext(connection) as found:
            Client().get(address)
        counts.append(len(found))
    assert counts[0] == counts[2]
    assert counts[0] <= 8


@pytest.mark.skipif(sys.platform == "win32", reason="khal and vdirsyncer do not run on Windows")
def test_vdirsyncer_and_khal_list_the_same_appointments_as_the_page(school, address, signed_in, tmp_path):
    school.make(school.at(15), kind="visit", room="Room 12")
    school.make(school.at(16, 30, day=2), zone="America/New_York")
    cover(school, school.at(11, 15), yes_at=timezone.now())
    shown = Page(signed_in(school.ana).get(f"/calendar/?from={school.monday}").content.decode())
    begun = [fields["datetime"] for tag, fields in shown.elements if tag == "time"]
    with served({"feed": Client().get(address).content}) as at:
        somebody = Subscriber(tmp_path, at)
        somebody.run("vdirsyncer", "discover")
        assert somebody.sync() == ["Copying"] * 3
        said = somebody.run(
            "khal", "list", "--json", "start-long", "--json", "title", school.monday.isoformat(), "7d"
        ).stdout
    listed = {one["start-long"]: one["title"] for line in said.splitlines() for one in json.loads(line)}
    times = {event["DTSTART"].dt.astimezone(LISBON) for event in events(Client().get(address))}
    assert set(listed) == {f"{time:%Y-%m-%d %H:%M}" for time in times}
    on_page = {datetime.fromisoformat(moment).astimezone(LISBON) for moment in begun}
    assert times <= on_page
    for title in listed.values():
        assert title.split(": ")[0] in shown.text


# Answering without signing in


@pytest.fixture
def bens(school):
    """The address at which Ben answers, and his row."""
    made = school.make(school.at(15), kind="visit", room="Room 12")
    row = made.attendees.get(person=school.ben)
    return reverse("answer", args=[signed("answer", row.pk)]), row


def test_opening_the_page_answers_nothing(school, bens):
    address, row = bens
    shown = Client().get(address)
    assert shown.status_code == 200
    Client().head(address)
    Client().get(address + "?answer=no")
    row.refresh_from_db()
    assert row.answer == "asked"


def test_it_shows_no_more_than_the_mail_did(school, bens):
    text = Page(Client().get(bens[0]).content.decode()).text
    assert "Visit" in text
    assert "Room 12" in text
    for person in (school.ana, school.ben):
        assert person.given_name not in text


def test_a_button_answers_and_another_changes_it(school, bens):
    address, row = bens
    client = Client()
    for said in ("no", "yes", "perhaps"):
        assert client.post(address, {"answer": said}).status_code == 200
        row.refresh_from_db()
        assert row.answer == said
    assert client.post(address, {"answer": "asked"}).status_code == 200
    row.refresh_from_db()
    assert row.answer == "perhaps"


def test_a_secret_that_is_none_opens_nothing(school, bens):
    row = bens[1]
    for secret in (str(row.pk), f"{row.pk}-0000", signed("cover", row.pk), signed("answer", row.pk + 999), "-", "x"):
        assert Client().get(reverse("answer", args=[secret])).status_code == 404
    Person.objects.filter(pk=school.ben.pk).update(left_at=timezone.now())
    assert Client().get(bens[0]).status_code == 404


def test_what_was_cancelled_has_nothing_to_answer(school, bens):
    address, row = bens
    verbs.cancel(row.appointment, by=school.ana, at=timezone.now())
    shown = Page(Client().get(address).content.decode())
    assert "cancelled" in shown.text
    assert not shown.forms
    assert Client().post(address, {"answer": "yes"}).status_code == 422


def test_a_series_is_answered_in_one(school):
    series = verbs.make_series(
        kind="meeting", begin=school.at(15), end=school.at(16), zone="Europe/Lisbon", people=[school.ana, school.ben],
        rule="FREQ=WEEKLY;INTERVAL=1;COUNT=3", by=school.ana, at=timezone.now(),
    )  # fmt: skip
    rows = Attendee.objects.filter(person=school.ben, appointment__series=series).order_by("pk")
    address = reverse("answer", args=[signed("answer", rows[0].pk)])
    Client().post(address, {"answer": "yes", "times": "all"})
    assert [row.answer for row in rows] == ["yes"] * 3
    Client().post(address, {"answer": "no", "times": "one"})
    assert [row.answer for row in rows.all()] == ["no", "yes", "yes"]
