"""Calendars taken along and brought along: secrets that are kept as digests, and busy times without what."""

import logging
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest

from sidebyside.base import vault
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.actions import connections
from sidebyside.calendars.models import BusyTime, Feed, OutsideCalendar
from sidebyside.calendars.queries import engaged
from sidebyside.calendars.reading import Busy, Reading
from sidebyside.places.actions import end_post
from tests.calendars.servers import serving

AT = datetime(2031, 11, 24, 8, tzinfo=UTC)  # far from what the test world holds
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nConnection: close\r\n\r\n"
LOOPBACK = [ip_network("127.0.0.0/8")]


def ics(*events):
    """A calendar of (uid, begin, end) in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN"]
    for uid, begin, end in events:
        times = (f"DTSTART:{begin:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}")
        lines += ["BEGIN:VEVENT", f"UID:{uid}", *times, "SUMMARY:Doctor Quittenmond", "END:VEVENT"]
    return HEAD + "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


@pytest.fixture
def brought(world, settings):
    """Ben brings the calendar of a server; it is read once."""
    settings.CALENDAR_NETWORKS = LOOPBACK

    def bring(server, path="/secret-Quittenmond.ics", at=AT):
        settings.CALENDAR_PORTS = {server.port}
        address = f"http://127.0.0.1:{server.port}{path}"
        calendar = connections.add_calendar(world.ben, address=address, by=world.ben, at=at)
        return calendar, connections.read_calendar(calendar.pk, at=at)

    return bring


def hours(*pairs):
    return [(AT + timedelta(hours=begin), AT + timedelta(hours=end)) for begin, end in pairs]


# Brought along


def test_an_address_inside_the_network_is_refused_unless_it_is_allowed(world, settings):
    with serving(ics()) as server:
        settings.CALENDAR_PORTS = {server.port}
        address = f"http://127.0.0.1:{server.port}/x.ics"
        calendar = connections.add_calendar(world.ben, address=address, by=world.ben, at=AT)
        assert not connections.read_calendar(calendar.pk, at=AT)
        assert server.connections == 0
    calendar.refresh_from_db()
    assert "inside a network" in calendar.fault
    assert calendar.failed_at == AT


@pytest.mark.parametrize("address", ["", "ftp://a.example/x.ics", "https://a.example:22/", "file:///etc/passwd", "x"])
def test_what_is_no_address_of_a_calendar_is_refused(world, address):
    with pytest.raises(Refused):
        connections.add_calendar(world.ben, address=address, by=world.ben, at=AT)
    assert not OutsideCalendar.objects.exists()


def test_only_when_she_is_busy_is_kept(world, brought):
    busy = hours((1, 2), (1.5, 3), (5, 6))
    with serving(ics(*((f"u{at}", *span) for at, span in enumerate(busy)))) as server:
        calendar, well = brought(server)
    assert well
    found = list(BusyTime.objects.order_by("begin").values_list("person", "begin", "end"))
    assert found == [(world.ben.pk, begin, end) for begin, end in hours((1, 3), (5, 6))]
    calendar.refresh_from_db()
    assert (calendar.read_at, calendar.fault, calendar.failed_at) == (AT, "", None)
    assert isinstance(calendar.address, vault.Sealed)


def test_what_came_from_here_does_not_hold_her_fast(world, brought):
    spans = hours((1, 2), (3, 4), (5, 6))
    meeting = verbs.make(
        kind="meeting", begin=spans[1][0], end=spans[1][1], zone="UTC", people=[world.ben], by=world.ben, at=AT
    )
    with serving(ics((meeting.uid, *spans[0]), ("of-outlook", *spans[1]), ("own", *spans[2]))) as server:
        brought(server)
    assert list(BusyTime.objects.values_list("begin", "end")) == [spans[2]]


def test_a_second_reading_replaces_the_first(world, brought):
    answers = [ics(("a", *hours((1, 2))[0])), ics(("b", *hours((4, 5))[0]))]
    with serving(lambda sock, _head: sock.sendall(answers.pop(0))) as server:
        calendar, _well = brought(server)
        assert connections.read_calendar(calendar.pk, at=AT + timedelta(hours=1))
    assert list(BusyTime.objects.values_list("begin", "end")) == hours((4, 5))


def test_a_failure_keeps_what_was_read_before_and_says_why(world, brought, caplog):
    answers = [ics(("a", *hours((1, 2))[0])), b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"]
    with serving(lambda sock, _head: sock.sendall(answers.pop(0))) as server, caplog.at_level(logging.DEBUG):
        calendar, _well = brought(server)
        assert not connections.read_calendar(calendar.pk, at=AT + timedelta(hours=1))
    calendar.refresh_from_db()
    assert "no longer shared" in calendar.fault
    assert calendar.read_at == AT
    assert BusyTime.objects.count() == 1
    assert "Quittenmond" not in caplog.text + calendar.fault + str(calendar.fault_values)


def test_a_stopped_calendar_leaves_nothing_behind(world, brought):
    with serving(ics(("a", *hours((1, 2))[0]))) as server:
        calendar, _well = brought(server)
        connections.stop_calendar(calendar, by=world.ben, at=AT)
        assert not connections.read_calendar(calendar.pk, at=AT)
        assert server.connections == 1
    assert not BusyTime.objects.exists()
    [kept] = vault.opened(OutsideCalendar.objects.all(), "address")
    assert kept.address == ""
    begin, end = hours((1, 2))[0]
    assert engaged([world.ben.pk], begin=begin, end=end) == {world.ben.pk: []}


def test_a_calendar_that_is_stopped_while_it_is_read_stays_stopped(world, brought):
    with serving(ics(("a", *hours((1, 2))[0]))) as server:
        calendar, _well = brought(server)
        stale = OutsideCalendar.objects.get()
        connections.stop_calendar(calendar, by=world.ben, at=AT)
        busy = Busy(*hours((1, 2))[0], all_day=False, uid="a")
        assert not connections._keep(stale, Reading((busy,), 1, ()), at=AT)
    assert not BusyTime.objects.exists()


def test_the_same_calendar_and_a_sixth_are_refused(world):
    for number in range(5):
        connections.add_calendar(world.ben, address=f"https://a.example/{number}.ics", by=world.ben, at=AT)
    with pytest.raises(Refused, match="At most 5"):
        connections.add_calendar(world.ben, address="https://a.example/new.ics", by=world.ben, at=AT)
    connections.stop_calendar(OutsideCalendar.objects.first(), by=world.ben, at=AT)
    with pytest.raises(Refused, match="already"):
        connections.add_calendar(world.ben, address=" https://a.example/3.ics ", by=world.ben, at=AT)


def test_who_fails_waits_longer_each_time_and_a_day_at_most(world):
    hour = timedelta(hours=1)

    def calendar(**state):
        return OutsideCalendar.objects.create(person=world.ben, address="https://a.example/", **state)

    fresh = calendar(added_at=AT - 3 * hour)
    read = calendar(added_at=AT - 90 * hour, read_at=AT - 2 * hour)
    calendar(added_at=AT - 90 * hour, read_at=AT - hour / 2)
    calendar(added_at=AT - 90 * hour, read_at=AT - 9 * hour, failed_at=AT - 2 * hour)
    again = calendar(added_at=AT - 90 * hour, read_at=AT - 5 * hour, failed_at=AT - 3 * hour)
    long_ago = calendar(added_at=AT - 900 * hour, failed_at=AT - 25 * hour)
    calendar(added_at=AT - 90 * hour, ended_at=AT)
    assert connections.due(at=AT) == [long_ago.pk, fresh.pk, again.pk, read.pk]


# Taken along


def test_only_a_digest_is_kept_and_a_new_address_ends_the_old(world):
    first = connections.make_feed(world.ana, by=world.ana, at=AT)
    second = connections.make_feed(world.ana, by=world.ana, at=AT)
    assert first != second
    assert len(first) >= 40
    kept = list(Feed.objects.order_by("pk").values_list("digest", "ended_at"))
    assert [ended for _digest, ended in kept] == [AT, None]
    assert not {first, second} & {digest for digest, _ended in kept}
    assert urlsplit(f"https://a.example/feeds/{second}.ics").path == f"/feeds/{second}.ics"
    connections.end_feed(world.ana, by=world.ana, at=AT)
    assert not Feed.objects.filter(ended_at=None).exists()


def test_that_it_was_read_is_noted_once_an_hour(world, django_assert_num_queries):
    connections.make_feed(world.ana, by=world.ana, at=AT)
    connections.touch_feed(Feed.objects.get(), at=AT)
    feed = Feed.objects.get()
    with django_assert_num_queries(0):
        connections.touch_feed(feed, at=AT + timedelta(minutes=59))
    connections.touch_feed(feed, at=AT + timedelta(minutes=60))
    assert Feed.objects.get().read_at == AT + timedelta(minutes=60)


# Who leaves


def test_nothing_of_who_leaves_is_kept_and_others_keep_theirs(world, brought):
    with serving(ics(("a", *hours((1, 2))[0]))) as server:
        brought(server)
    connections.make_feed(world.ben, by=world.ben, at=AT)
    connections.make_feed(world.ana, by=world.ana, at=AT)
    end_post(world.ben.posts.get(to_date=None), on=AT.date(), at=AT)
    assert list(Feed.objects.filter(ended_at=None).values_list("person", flat=True)) == [world.ana.pk]
    [kept] = vault.opened(OutsideCalendar.objects.all(), "address")
    assert (kept.address, kept.ended_at) == ("", AT)
    assert not BusyTime.objects.exists()
    kinds = Event.objects.filter(by=None, at=AT, kind__in=["feed.ended", "outside_calendar.ended"])
    assert sorted(kinds.values_list("kind", flat=True)) == ["feed.ended", "outside_calendar.ended"]


def test_who_has_left_takes_and_brings_no_calendar(world):
    end_post(world.ben.posts.get(to_date=None), on=AT.date(), at=AT)
    with pytest.raises(Refused, match="has left"):
        connections.make_feed(world.ben, by=world.ben, at=AT)
    with pytest.raises(Refused, match="has left"):
        connections.add_calendar(world.ben, address="https://a.example/x.ics", by=world.ben, at=AT)
    assert not Feed.objects.exists()
    assert not OutsideCalendar.objects.exists()


def test_who_leaves_with_an_import_is_let_go_too(world):
    people = [world.ana, world.ben]
    for person in people:
        connections.make_feed(person, by=person, at=AT)
        connections.add_calendar(person, address="https://a.example/x.ics", by=person, at=AT)
    left = [one.pk for one in people]
    connections.follow_roster(Event(kind="roster.applied", about="x", about_id=1, at=AT, particulars={"left": left}))
    assert not Feed.objects.filter(ended_at=None).exists()
    assert not OutsideCalendar.objects.filter(ended_at=None).exists()
