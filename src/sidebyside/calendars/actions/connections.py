"""Calendars taken along (feeds with a secret address) and brought along (addresses that are read as busy times)."""

from __future__ import annotations

import logging
import time as clock
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connections as databases
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sidebyside.base import vault
from sidebyside.base.events import record
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.base.tokens import digest, new_token
from sidebyside.calendars.addresses import target
from sidebyside.calendars.fetching import fetch
from sidebyside.calendars.lines import CalendarRefused
from sidebyside.calendars.models import Appointment, BusyTime, Feed, OutsideCalendar
from sidebyside.calendars.queries import zone_of
from sidebyside.calendars.reading import Busy, Reading, window
from sidebyside.calendars.reading_apart import NOT_READ, read_apart
from sidebyside.people.models import Person

MOST_CALENDARS = 5
SOONEST, LATEST = timedelta(minutes=55), timedelta(hours=24)
MOST_AT_ONCE, LONGEST_RUN = 2_000, 600.0  # calendars, seconds
READERS = 8  # threads
IN_ONE_GO = 500  # people
TOUCHED_EVERY = timedelta(hours=1)
JUST_READ = timedelta(minutes=1)
OURS = "@sidebyside"  # how a uid of ours ends

_log = logging.getLogger(__name__)


# Taken along


@transaction.atomic
def make_feed(person: Person, *, by: Person, at: datetime) -> str:
    """Make a secret for the address of a person's calendar, and end the one before. Returns the secret: it is shown
    once, and only its digest is kept. Raises Refused for who has left."""
    _end_feeds(person, at)
    _must_work_here(person)
    secret = new_token()
    feed = Feed.objects.create(person=person, digest=digest(secret), made_at=at)
    record("feed.made", feed, by=by, at=at)
    return secret


def _must_work_here(person: Person) -> None:
    if Person.objects.filter(pk=person.pk, left_at__isnull=False).exists():
        raise Refused(_("%(name)s has left.") % {"name": person.short_name})


@transaction.atomic
def end_feed(person: Person, *, by: Person, at: datetime) -> None:
    """End the address of a person's calendar: who asks for it from now on finds nothing."""
    for feed in _end_feeds(person, at):
        record("feed.ended", feed, by=by, at=at)


def _end_feeds(person: Person, at: datetime) -> list[Feed]:
    # Her own row first, so that two who make one at once come one after the other.
    Person.objects.select_for_update().get(pk=person.pk)
    feeds = list(Feed.objects.filter(person=person, ended_at=None))
    Feed.objects.filter(pk__in=[feed.pk for feed in feeds]).update(ended_at=at)
    return feeds


def touch_feed(feed: Feed, *, at: datetime) -> None:
    """Note that a feed was asked for, once an hour at most: she sees whether her calendar program comes."""
    before = Q(read_at=None) | Q(read_at__lte=at - TOUCHED_EVERY)
    if feed.read_at is None or feed.read_at <= at - TOUCHED_EVERY:
        Feed.objects.filter(before, pk=feed.pk).update(read_at=at)


# Brought along


@transaction.atomic
def add_calendar(person: Person, *, address: str, by: Person, at: datetime) -> OutsideCalendar:
    """Keep the address of a calendar that a person has elsewhere. It is sealed, and read afterwards.

    Raises Refused for what is no such address, for one she has brought already, for more than five, and for who has
    left.
    """
    address = address.strip()
    try:
        target(address, ports=settings.CALENDAR_PORTS)
    except CalendarRefused as refused:
        raise Refused(_(refused.sentence) % refused.values) from None
    Person.objects.select_for_update().get(pk=person.pk)
    _must_work_here(person)
    others = vault.opened(OutsideCalendar.objects.filter(person=person, ended_at=None), "address")
    if len(others) >= MOST_CALENDARS:
        raise Refused(_("At most %(most)s calendars can be brought along.") % {"most": MOST_CALENDARS})
    if any(other.address == address for other in others):
        raise Refused(_("You have brought this calendar already."))
    calendar = OutsideCalendar.objects.create(person=person, address=address, added_at=at)
    record("outside_calendar.added", calendar, by=by, at=at)
    return calendar


@transaction.atomic
def stop_calendar(calendar: OutsideCalendar, *, by: Person | None, at: datetime) -> None:
    """Read a calendar no more: what was read goes, and so does its address. `by` is nobody where its owner left."""
    calendar.refresh_from_db()
    if calendar.ended_at is not None:
        return
    calendar.ended_at, calendar.address = at, ""
    calendar.fault, calendar.fault_values, calendar.failed_at = "", {}, None
    calendar.save()
    calendar.busy_times.all().delete()
    record("outside_calendar.ended", calendar, by=by, at=at)


def read_calendar(calendar: int, *, at: datetime) -> bool:
    """Read the calendar of this id now, and keep when its owner is busy instead of what was kept before. Returns
    whether that went well; if not, the sentence why is kept for her.

    The network is asked outside of any transaction. A calendar that is stopped meanwhile stays stopped.
    """
    found = OutsideCalendar.objects.filter(pk=calendar, ended_at=None).first()
    if found is None:
        return False
    vault.opened([found], "address")
    if not found.address:
        return False
    try:
        data = fetch(found.address, allowed_networks=settings.CALENDAR_NETWORKS, ports=settings.CALENDAR_PORTS)
        zone = zone_of(found.person_id)
        begin, end = window(at)
        reading = read_apart(data, begin=begin, end=end, zone=zone)
    except CalendarRefused as refused:
        alive = OutsideCalendar.objects.filter(pk=calendar, ended_at=None)
        alive.update(fault=refused.sentence, fault_values=dict(refused.values), failed_at=at)
        return False
    return _keep(found, reading, at=at)


def read_again(calendar: int, *, at: datetime) -> bool:
    """As `read_calendar`, for who asks for it: what was read or tried within the last minute is left as it is, so that
    nobody keeps the server busy by pressing a button."""
    lately = Q(read_at__gt=at - JUST_READ) | Q(failed_at__gt=at - JUST_READ)
    if OutsideCalendar.objects.filter(lately, pk=calendar).exists():
        return False
    return read_calendar(calendar, at=at)


@transaction.atomic
def _keep(calendar: OutsideCalendar, reading: Reading, *, at: datetime) -> bool:
    partly = reading.faults[0] if reading.faults else None
    # This row first: two that read the same calendar at once then keep one after the other.
    alive = OutsideCalendar.objects.filter(pk=calendar.pk, ended_at=None).update(
        read_at=at,
        failed_at=None,
        fault=partly.sentence if partly else "",
        fault_values=dict(partly.values) if partly else {},
    )
    if not alive:
        return False
    calendar.busy_times.all().delete()
    person = calendar.person_id
    rows = [BusyTime(calendar=calendar, person_id=person, begin=a, end=b) for a, b in _busy(person, reading.busy)]
    BusyTime.objects.bulk_create(rows, batch_size=500)
    return True


def _busy(person: int, found: Iterable[Busy]) -> list[tuple[datetime, datetime]]:
    """When she is busy by what was read, as few stretches as can be. Her appointments of here are not among them: her
    calendar elsewhere has them from us, and would hold her fast at the old time when one is moved."""
    hers = Appointment.objects.filter(attendees__person=person)
    ours = set(hers.values_list("begin", "end"))
    spans: list[tuple[datetime, datetime]] = []
    for one in sorted(found, key=lambda busy: busy.begin):
        if one.uid.endswith(OURS) or (one.begin, one.end) in ours:
            continue
        if spans and one.begin <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], one.end)
        else:
            spans.append((one.begin, one.end))
    return spans


def read_due(*, at: datetime) -> int:
    """Read the calendars whose turn it is, those first that waited longest: each once an hour, and where it fails
    again after as long as it has failed (a day at most). Eight are read at once, as most of the time is spent on
    waiting for others. Ends after ten minutes or 2,000 of them: what is left comes first an hour later. Returns how
    many were read. With `WORKS_LATER = False` in the settings they are read one after the other (for tests)."""
    until, waiting = clock.monotonic() + LONGEST_RUN, due(at=at)[:MOST_AT_ONCE]
    if not settings.WORKS_LATER:
        return sum(_read_in_time(calendar, at=at, until=until) for calendar in waiting)

    def apart(calendar: int) -> bool:
        try:
            return _read_in_time(calendar, at=at, until=until)
        finally:
            databases.close_all()  # those of this thread

    with ThreadPoolExecutor(READERS, "calendars") as pool:
        return sum(pool.map(apart, waiting))


def _read_in_time(calendar: int, *, at: datetime, until: float) -> bool:
    """Whether a calendar was read; not where the clock of this run is past `until`."""
    if clock.monotonic() > until:
        return False
    try:
        return read_calendar(calendar, at=at)
    except Exception as fault:  # whatever it was, the next calendar waits, and this one goes behind the others
        _log.error("A calendar was not read: %s.", type(fault).__name__)
        OutsideCalendar.objects.filter(pk=calendar, ended_at=None).update(failed_at=at, fault=NOT_READ, fault_values={})
        return False


def due(*, at: datetime) -> list[int]:
    """The ids of the calendars whose turn it is, in the order in which they are read."""
    rows = OutsideCalendar.objects.filter(ended_at=None, person__left_at=None)
    waiting = []
    for pk, added, read, failed in rows.values_list("pk", "added_at", "read_at", "failed_at"):
        pause = SOONEST if failed is None else min(LATEST, max(SOONEST, failed - (read or added)))
        last = failed or read
        if last is None or last + pause <= at:
            waiting.append((last or added, pk))
    return [pk for _last, pk in sorted(waiting)]


# Who leaves


def follow_leaving(event: Event) -> None:
    """Reader of "person.left": her feed ends, and no calendar of hers is kept."""
    _let_go([event.about_id], at=event.at)


def follow_roster(event: Event) -> None:
    """Reader of "roster.applied", which names everybody who left with one import."""
    left = list(event.particulars.get("left", ()))
    for start in range(0, len(left), IN_ONE_GO):
        _let_go(left[start : start + IN_ONE_GO], at=event.at)


def _let_go(people: list[int], *, at: datetime) -> None:
    """Two queries where none of these persons has such a thing."""
    for feed in Feed.objects.filter(person__in=people, ended_at=None).order_by("pk"):
        if Feed.objects.filter(pk=feed.pk, ended_at=None).update(ended_at=at):
            record("feed.ended", feed, by=None, at=at)
    for calendar in OutsideCalendar.objects.filter(person__in=people, ended_at=None).order_by("pk"):
        stop_calendar(calendar, by=None, at=at)
