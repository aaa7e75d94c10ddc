"""Reading an iCalendar file as busy times: when somebody is busy, never with what.

Bounds: a file of at most 8 MB and 20,000 events; a window of at most 400 days; at most 20,000 busy times are kept
(in the order of the file); rules repeat daily or more seldom; all expanding together may take ten seconds.
Format: RFC 5545.
"""

from __future__ import annotations

import re
import time as clock
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import recurring_ical_events
from icalendar import Calendar
from icalendar import Event as Components

from sidebyside.base.faults import Fault
from sidebyside.base.marking import N_
from sidebyside.calendars import lines
from sidebyside.calendars.lines import CalendarRefused, Component
from sidebyside.calendars.zones import named, zones

Event = Any  # icalendar's own event: each of its values may be any of thirty types

MOST_EVENTS = 20_000
MOST_TIMES = 20_000
LONGEST_WINDOW = timedelta(days=400)
LONGEST_EXPANDING = 10.0  # seconds
LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
EDGE = timedelta(days=2)  # more than any zone is from UTC, on both sides of the window

NO_TIME = N_("Events without a time that can be read: %(count)s.")
TURNED = N_("Events that end before they begin: %(count)s.")
TOO_OFTEN = N_("Events that repeat in a way that is not read: %(count)s.")
ODD_ZONE = N_("Times in a zone that is not known, read as local time: %(count)s.")
CUT = N_("Only the first %(count)s busy times were kept.")
BROKEN = N_("Events that could not be understood: %(count)s.")


@dataclass(frozen=True, slots=True, order=True)
class Busy:
    """One busy time: `begin` and `end` in UTC, begin first; whether it was an all-day event; the event's UID."""

    begin: datetime
    end: datetime
    all_day: bool
    uid: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file said: busy times that touch the window, in order; events before expansion; what was left out."""

    busy: tuple[Busy, ...]
    events: int
    faults: tuple[Fault, ...]
    cut: bool = False


class Unreadable(Exception):
    """An event is left out; the first argument says why."""


def read(data: bytes, *, begin: datetime, end: datetime, zone: tzinfo) -> Reading:
    """The busy times of an iCalendar file that touch the time from `begin` up to `end` (aware, at most 400 days).

    `zone` is where floating and all-day times lie. Cancelled and transparent events, and those without length, are
    not busy. Times are not trimmed to the window. Raises CalendarRefused with a sentence where the file cannot be
    read at all, and ValueError for a window that is none.
    """
    if begin.tzinfo is None or end.tzinfo is None or not timedelta(0) < end - begin <= LONGEST_WINDOW:
        raise ValueError("The window must be aware, begin before it ends, and be no longer than 400 days.")
    found = lines.components(data)
    sources = list(events_of(found))
    if len(sources) > MOST_EVENTS:
        raise CalendarRefused(
            N_("This calendar has more than %(most)s events. Share a shorter time of it."), {"most": MOST_EVENTS}
        )
    known, counts = zones(found), Counter[str]()
    groups: dict[object, list[Event]] = {}
    for at, source in enumerate(sources):
        try:
            event = parsed(source, known, zone, counts)
            groups.setdefault(event.get("UID") or at, []).append(event)
        except Unreadable as why:
            counts[str(why)] += 1
        except Exception:  # a stranger's file may break the parser in ways of its own
            counts[BROKEN] += 1
    busy, cut = collect(groups, begin, end, zone, counts)
    faults = [Fault(None, None, sentence, {"count": count}) for sentence, count in sorted(counts.items())]
    if cut:
        faults.append(Fault(None, None, CUT, {"count": MOST_TIMES}))
    return Reading(tuple(sorted(busy)), len(sources), tuple(faults), cut)


def collect(
    groups: Mapping[object, list[Event]], begin: datetime, end: datetime, zone: tzinfo, counts: Counter[str]
) -> tuple[set[Busy], bool]:
    """The busy times of all events, each series with its changed occurrences; and whether there were too many."""
    busy: set[Busy] = set()
    stop = clock.monotonic() + LONGEST_EXPANDING
    for group in groups.values():
        if clock.monotonic() > stop:
            raise CalendarRefused(N_("This calendar takes too long to read. Share a shorter time of it."))
        try:
            for occurrence in occurrences(group, begin, end):
                span = busy_time(occurrence, zone)
                if span and span.begin < end and span.end > begin:
                    if len(busy) >= MOST_TIMES and span not in busy:
                        return busy, True
                    busy.add(span)
        except Unreadable as why:
            counts[str(why)] += 1
        except Exception:  # as above, for the expansion
            counts[BROKEN] += 1
    return busy, False


def events_of(found: list[Component]) -> Iterator[Component]:
    """The events of a file: within its calendars, or bare."""
    for component in found:
        if component.name == "VEVENT":
            yield component
        yield from events_of(component.parts)


def parsed(source: Component, known: Mapping[str, tzinfo], zone: tzinfo, counts: Counter[str]) -> Event:
    """The event with every time in a zone. Raises Unreadable."""
    text = ["BEGIN:VEVENT"]
    where: dict[str, tzinfo] = {}
    for name, parameters, value in source.lines:
        if name in lines.TIMES:
            match = re.search(r';TZID=("[^"]*"|[^;:]*)', parameters, re.IGNORECASE)
            if match:
                own = known.get(match[1].strip('"')) or named(match[1])
                if own is None:
                    counts[ODD_ZONE] += 1
                where[name] = own or zone
                parameters = parameters.replace(match[0], "")
            text.append(f"{name}{parameters}:{value}")
        elif name in lines.OTHERS:
            text.append(f"{name}:{value}")
    event: Event = Components.from_ical("\r\n".join([*text, "END:VEVENT"]))
    broken = any(type(event[name]).__name__ == "vBroken" for name in lines.TIMES & set(event))
    if "DTSTART" not in event or broken or event.errors:
        raise Unreadable(NO_TIME)
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        if name in event:
            event[name].dt = placed(event[name].dt, where.get(name, zone))
    for name in ("RDATE", "EXDATE"):
        held = event.get(name, [])
        for entry in held if isinstance(held, list) else [held]:
            for moment in entry.dts:
                moment.dt = placed(moment.dt, where.get(name, zone))
    check_rule(event)
    return event


def placed(moment: object, zone: tzinfo) -> object:
    """A floating time put into its zone; anything else as it is, periods at both ends."""
    if isinstance(moment, tuple):
        return tuple(placed(part, zone) for part in moment)
    if isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=zone)
    return moment


def check_rule(event: Event) -> None:
    """Refuse rules that would take long; say UNTIL in UTC, as the rule of a time in a zone must."""
    rules = event.get("RRULE")
    if rules is None:
        return
    if isinstance(rules, list):
        raise Unreadable(TOO_OFTEN)
    if str(rules.get("FREQ", [""])[0]).upper() not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise Unreadable(TOO_OFTEN)
    if any(len(rules.get(name, [])) > 1 for name in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        raise Unreadable(TOO_OFTEN)
    if str(rules["FREQ"][0]).upper() == "DAILY" and "BYSETPOS" in rules:
        raise Unreadable(TOO_OFTEN)  # a day has one place only; the tenth would be looked for up to the year 9999
    start, until = event["DTSTART"].dt, rules.get("UNTIL", [None])[0]
    months, days = rules.get("BYMONTH", range(1, 13)), rules.get("BYMONTHDAY", [1])
    if not any(abs(int(day)) <= LENGTHS[int(month) - 1] for month in months for day in days):
        raise Unreadable(TOO_OFTEN)  # the 30th of February would be looked for up to the year 9999
    if start.year < 1900:
        raise Unreadable(TOO_OFTEN)
    if until is not None and isinstance(start, datetime):
        if not isinstance(until, datetime):
            until = datetime.combine(until, time(23, 59, 59))
        if until.tzinfo is None:
            until = until.replace(tzinfo=start.tzinfo)
        rules["UNTIL"] = [until.astimezone(UTC)]


def occurrences(group: list[Event], begin: datetime, end: datetime) -> Iterator[Event]:
    """The occurrences of a series near the window; a single event is its own."""
    if len(group) == 1 and not {"RRULE", "RDATE", "EXDATE"} & set(group[0]):
        yield group[0]
        return
    calendar = Calendar()
    for event in group:
        calendar.add_component(event)
    yield from recurring_ical_events.of(calendar).between(begin.astimezone(UTC) - EDGE, end.astimezone(UTC) + EDGE)


def busy_time(event: Event, zone: tzinfo) -> Busy | None:
    """When an event keeps somebody busy, or None. Raises Unreadable."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return None
    if str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE":
        return None
    start = event["DTSTART"].dt
    all_day = not isinstance(start, datetime)
    if "DTEND" in event:
        stop = event["DTEND"].dt
    elif "DURATION" in event:
        stop = lasting(start, event["DURATION"].dt)
    else:
        stop = start + timedelta(days=1) if all_day else start
    first, last = in_utc(start, zone), in_utc(stop, zone)
    if last < first:
        raise Unreadable(TURNED)
    return None if last == first else Busy(first, last, all_day, str(event.get("UID", "")))


def lasting(start: date, duration: timedelta) -> date:
    """The end of a duration: whole days by the calendar, hours by the clock that never changes (RFC 5545, 3.3.6)."""
    if not isinstance(start, datetime) or not duration % timedelta(days=1):
        return start + duration
    return start.astimezone(UTC) + duration


def in_utc(moment: date, zone: tzinfo) -> datetime:
    """A time in UTC; a day begins at midnight in `zone`. A time that the clock skips is read by the offset before."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), tzinfo=zone)
    elif moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)
