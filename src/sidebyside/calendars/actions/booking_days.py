"""Who books somebody writes into her day first, so that two who book at once come one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from sidebyside.calendars.models import BookedDay


def take_days(days: Iterable[tuple[int, date]]) -> None:
    """Take these days (person id, date), in one order for all. Whoever takes one of them at the same time waits until
    this transaction ends, and then sees what it wrote. Ask whether somebody is free after this, never before.

    Raises RuntimeError outside of a transaction: there it would protect nothing.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Days are taken inside a transaction.")
    wanted = sorted(set(days))
    BookedDay.objects.bulk_create([BookedDay(person_id=person, on=on) for person, on in wanted], ignore_conflicts=True)
    for person, on in wanted:
        BookedDay.objects.filter(person=person, on=on).update(version=F("version") + 1)


def days_touched(begin: datetime, end: datetime, zone: str) -> set[date]:
    """The dates that a stretch of time touches, in its own zone and in UTC as well: two who book the same person at
    the same time in different zones then have a date in common."""
    found = set()
    for there in (UTC, ZoneInfo(zone)):
        on, last = (moment.astimezone(there).date() for moment in (begin, end))
        while on <= last:
            found.add(on)
            on += timedelta(days=1)
    return found
