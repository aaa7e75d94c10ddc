"""Calendars of elsewhere that are read by and by: none is in the way of another."""

import logging
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from threading import Barrier

import pytest

from sidebyside.calendars.actions import connections
from sidebyside.calendars.models import BusyTime, OutsideCalendar
from sidebyside.places.models import Place
from tests.calendars.servers import serving
from tests.pairs import pair

AT = datetime(2031, 11, 24, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CALENDAR = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nConnection: close\r\n\r\n"
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20311125T090000Z\r\n"
    b"DTEND:20311125T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def bring(settings, server, person, at):
    settings.CALENDAR_NETWORKS, settings.CALENDAR_PORTS = [ip_network("127.0.0.0/8")], {server.port}
    return connections.add_calendar(person, address=f"http://127.0.0.1:{server.port}/{person.pk}.ics", by=person, at=at)


def test_one_that_breaks_the_program_goes_behind_the_others(world, settings, caplog):
    # A place whose zone this computer does not know: her calendar cannot be read, whatever is in it.
    Place.objects.filter(pk=world.linden.pk).update(time_zone="Nowhere/Atall")
    with serving(CALENDAR) as server, caplog.at_level(logging.ERROR):
        broken, sound = bring(settings, server, world.ana, AT), bring(settings, server, world.goran, AT + SECOND)
        assert connections.read_due(at=AT + 2 * SECOND) == 1
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.failed_at, sound.failed_at) == (AT + 2 * SECOND, None)
    assert broken.fault
    assert "Nowhere" not in caplog.text
    assert broken.pk not in connections.due(at=AT + timedelta(minutes=10))


def test_pressing_the_button_again_and_again_asks_the_other_server_once(world, settings):
    with serving(CALENDAR) as server:
        calendar = bring(settings, server, world.ana, AT)
        read = [connections.read_again(calendar.pk, at=AT + number * SECOND) for number in range(5)]
        assert read == [True, False, False, False, False]
        assert connections.read_again(calendar.pk, at=AT + timedelta(minutes=2))
    assert OutsideCalendar.objects.get().read_at == AT + timedelta(minutes=2)


@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_several_are_read_at_once_and_one_that_fails_stops_no_other(settings):
    settings.WORKS_LATER = True
    settings.CALENDAR_NETWORKS = [ip_network("127.0.0.0/8")]
    both, ours = Barrier(2), pair()

    def when_both_are_asked(sock, _head):
        both.wait(timeout=10)
        sock.sendall(CALENDAR)

    with serving(when_both_are_asked) as one, serving(when_both_are_asked) as other, serving(b"no") as third:
        settings.CALENDAR_PORTS = {one.port, other.port, third.port}
        made = [
            connections.add_calendar(person, address=f"http://127.0.0.1:{server.port}/x.ics", by=person, at=AT)
            for person, server in ((ours.coach, third), (ours.coach, one), (ours.partner, other))
        ]
        assert connections.read_due(at=AT) == 2
    rows = OutsideCalendar.objects.filter(pk__in=[one.pk for one in made]).order_by("pk")
    assert [(row.read_at, row.failed_at) for row in rows] == [(None, AT), (AT, None), (AT, None)]
    assert BusyTime.objects.count() == 2
    assert connections.due(at=AT) == []


def test_a_run_ends_with_its_time(world, settings, monkeypatch):
    with serving(CALENDAR) as server:
        bring(settings, server, world.ana, AT)
        monkeypatch.setattr(connections, "LONGEST_RUN", -1.0)
        assert connections.read_due(at=AT) == 0
        assert server.connections == 0
    assert OutsideCalendar.objects.get().failed_at is None
