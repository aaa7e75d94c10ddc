"""The page of calendars taken along and brought along: a secret is shown once, an address never again."""

from ipaddress import ip_network

import pytest
from django.test import Client
from django.urls import reverse

from sidebyside.calendars.models import BusyTime, Feed, OutsideCalendar
from tests.calendars.servers import serving
from tests.calendars.test_connections import ics
from tests.page import Page

pytestmark = pytest.mark.django_db
SECRET = "Quittenmond"


@pytest.fixture
def ana(school, signed_in) -> Client:
    return signed_in(school.ana)


def connections(client: Client) -> Page:
    return Page(client.get(reverse("connections")).content.decode())


def test_the_address_is_shown_once_and_works(school, ana, settings):
    settings.SITE_URL = "https://coaching.example"
    made = ana.post(reverse("make_feed"))
    [address] = [word for word in Page(made.content.decode()).text.split() if "/feeds/" in word]
    assert address.startswith("https://coaching.example/feeds/")
    assert made["Cache-Control"] != ""
    assert Client().get(address.removeprefix("https://coaching.example")).status_code == 200
    assert "/feeds/" not in connections(ana).text
    assert ana.get(reverse("make_feed")).status_code == 405


def test_ending_it_ends_it(school, ana):
    made = ana.post(reverse("make_feed"))
    [address] = [word for word in Page(made.content.decode()).text.split() if "/feeds/" in word]
    path = address[address.index("/feeds/") :]
    ana.post(reverse("end_feed"))
    assert Client().get(path).status_code == 404
    assert not Feed.objects.filter(ended_at=None).exists()


def test_a_calendar_is_read_at_once_and_its_address_never_shown_again(school, ana, settings):
    settings.CALENDAR_NETWORKS = [ip_network("127.0.0.0/8")]
    with serving(ics(("a", school.at(15), school.at(16)))) as server:
        settings.CALENDAR_PORTS = {server.port}
        address = f"http://127.0.0.1:{server.port}/{SECRET}.ics?key={SECRET}"
        assert ana.post(reverse("add_calendar"), {"address": address}).status_code == 302
    shown = connections(ana)
    assert "127.0.0.1" in shown.text
    assert SECRET not in shown.text
    assert "read today" in shown.text
    assert BusyTime.objects.filter(person=school.ana).count() == 1
    ana.post(reverse("stop_calendar", args=[OutsideCalendar.objects.get().pk]))
    assert not BusyTime.objects.exists()
    assert "127.0.0.1" not in connections(ana).text


def test_why_a_reading_failed_is_said_in_words(school, ana):
    ana.post(reverse("add_calendar"), {"address": "http://127.0.0.1/x.ics"})
    text = connections(ana).text
    assert "The last reading did not work:" in text
    assert "inside a network" in text


def test_a_refused_address_comes_back_with_a_sentence(school, ana):
    answer = ana.post(reverse("add_calendar"), {"address": f"ftp://x.org/{SECRET}"})
    assert answer.status_code == 422
    assert "begins with https://" in Page(answer.content.decode()).text


def test_nobody_touches_the_calendar_of_another(school, ana, signed_in):
    ana.post(reverse("add_calendar"), {"address": "http://127.0.0.1/x.ics"})
    row = OutsideCalendar.objects.get()
    for other in (school.ben, school.dara):
        client = signed_in(other)
        for name in ("read_calendar", "stop_calendar"):
            assert client.post(reverse(name, args=[row.pk])).status_code == 404
        assert "127.0.0.1" not in connections(client).text
    row.refresh_from_db()
    assert row.ended_at is None
