"""Reading an iCalendar file as busy times: when somebody is busy, never with what.

Bounds: a file of at most 8 MB and 20,000 events; a window of at most 400 days; at most 20,000 busy times are kept
(in the order of the file); rules repeat daily or more seldom; all expanding together may take ten seconds.
Between two events the time is looked at; a single rule may take seconds and a parser may hang, so what comes from
elsewhere is read by `reading_apart`, which bounds that too. Format: RFC 5545.
"""

from __future__ import annotations

import re
import time as clock
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import chain
from typing import Any

import recurring_ical_events
from icalendar import Calendar
from icalendar import Event as Components
from icalendar.prop import vPeriod

from sidebyside.base.faults import Fault
from sidebyside.base.marking import N_
from sidebyside.calendars import lines
from sidebyside.calendars.lines import CalendarRefused, Component
from sidebyside.calendars.zones import named, zones

Event = Any  # icalendar's own event: each of its values may be any of thirty types

MOST_EVENTS = 20_000
MOST_TIMES = 20_000
LONGEST_WINDOW = timedelta(days=400)
BACK, AHEAD = timedelta(days=30), timedelta(days=200)
LONGEST_EXPANDING = 10.0  # seconds
LONGEST_UID = 255  # characters that are kept
LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
EDGE = timedelta(days=2)  # more than any zone is from UTC, on both sides of the window

NO_TIME = N_("Events without a time that can be read: %(count)s.")
TURNED = N_("Events that end before they begin: %(count)s.")
TOO_OFTEN = N_("Events that repeat in a way that is not read: %(count)s.")
ODD_ZONE = N_("Times in a zone that is not known, read as local time: %(count)s.")
CUT = N_("Only the first %(count)s busy times were kept.")
TOO_LONG = N_("This calendar takes too long to read. Share a shorter time of it.")
BROKEN = N_("Events that could not be understood: %(count)s.")


@dataclass(frozen=True, slots=True, order=True)
class Busy:
    """One busy time: `begin` and `end` in UTC, begin first; whether it was an all-day event; the event's UID or ""."""

    begin: datetime
    end: datetime
    all_day: bool
    uid: str = field(repr=False)  # a stranger's text


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

    `zone` is where all-day times lie, and floating ones unless their calendar names a zone in X-WR-TIMEZONE: that
    changes nothing about times in UTC or with a zone of their own. Cancelled and transparent events, and those without
    length, are not busy; of published free and busy times (VFREEBUSY) those are that are not FREE. Times are not
    trimmed to the window. `events` counts events only. Raises CalendarRefused with a sentence where the file cannot be
    read at all, and ValueError for a window that is none.
    """
    check_window(begin, end)
    found = lines.components(data)
    known, counts = zones(found), Counter[str]()
    sources = list(placed_parts(found, known, zone))
    if len(sources) > MOST_EVENTS:
        raise CalendarRefused(
            N_("This calendar has more than %(most)s events. Share a shorter time of it."), {"most": MOST_EVENTS}
        )
    groups: dict[object, list[Event]] = {}
    published: list[tuple[Component, tzinfo]] = []
    for at, (source, own) in enumerate(sources):
        if source.name == "VFREEBUSY":
            published.append((source, own))
            continue
        try:
            event = parsed(source, known, own, counts)
            groups.setdefault(event.get("UID") or at, []).append(event)
        except Unreadable as why:
            counts[str(why)] += 1
        except MemoryError:
            raise
        except Exception:  # a stranger's file may break the parser in ways of its own
            counts[BROKEN] += 1
    spans = chain(
        from_events(groups, begin, end, zone, counts),
        *(from_periods(source, known, own, counts) for source, own in published),
    )
    busy, cut = collect(spans, begin, end)
    faults = [Fault(None, None, sentence, {"count": count}) for sentence, count in sorted(counts.items())]
    if cut:
        faults.append(Fault(None, None, CUT, {"count": MOST_TIMES}))
    return Reading(tuple(sorted(busy)), len(sources) - len(published), tuple(faults), cut)


def window(now: datetime) -> tuple[datetime, datetime]:
    """The time that is read of an outside calendar: from 30 days ago, for the weeks that are looked back
    at, to 200 days ahead, further than a term is planned.
    """
    return now - BACK, now + AHEAD


def check_window(begin: datetime, end: datetime) -> None:
    """Raise ValueError for a window that is none: a fault of ours and not of the file."""
    if begin.tzinfo is None or end.tzinfo is None or not timedelta(0) < end - begin <= LONGEST_WINDOW:
        raise ValueError("The window must be aware, begin before it ends, and be no longer than 400 days.")


def collect(spans: Iterator[Busy | None], begin: datetime, end: datetime) -> tuple[set[Busy], bool]:
    """The busy times that touch the window, and whether there were too many. None stands for time that went by.

    Raises CalendarRefused where it takes too long.
    """
    busy: set[Busy] = set()
    stop = clock.monotonic() + LONGEST_EXPANDING
    for span in spans:
        if clock.monotonic() > stop:
            raise CalendarRefused(TOO_LONG)
        if span and span.begin < end and span.end > begin and span not in busy:
            if len(busy) >= MOST_TIMES:
                return busy, True
            busy.add(span)
    return busy, False


def from_events(
    groups: Mapping[object, list[Event]], begin: datetime, end: datetime, zone: tzinfo, counts: Counter[str]
) -> Iterator[Busy | None]:
    """The busy times of all events near the window, each series with its changed occurrences."""
    for group in groups.values():
        yield None
        try:
            for occurrence in occurrences(group, begin, end):
                yield busy_time(occurrence, zone)
        except Unreadable as why:
            counts[str(why)] += 1
        except MemoryError:
            raise
        except Exception:  # as above, for the expansion
            counts[BROKEN] += 1


def from_periods(
    source: Component, known: Mapping[str, tzinfo], zone: tzinfo, counts: Counter[str]
) -> Iterator[Busy | None]:
    """The busy times that somebody publishes (RFC 5545, 3.6.4): of any kind but FREE, also of kinds not known."""
    for name, parameters, value in source.lines:
        kind = re.search(r';FBTYPE="?([^";:]*)', parameters, re.IGNORECASE)
        if name != "FREEBUSY" or (kind and kind[1].strip().upper() == "FREE"):
            continue
        own = zone_of(parameters, known, zone, counts)[0]
        for period in value.split(","):
            try:
                first, last = (placed(part, own) for part in vPeriod.from_ical(period.strip()))
                yield span_of(first, lasting(first, last) if isinstance(last, timedelta) else last, own, "")
            except Unreadable as why:
                counts[str(why)] += 1
            except MemoryError:
                raise
            except Exception:  # as above, for one period
                counts[NO_TIME] += 1


def placed_parts(
    found: list[Component], known: Mapping[str, tzinfo], zone: tzinfo
) -> Iterator[tuple[Component, tzinfo]]:
    """The events and published times of a file, within its calendars or bare, and where their floating times lie."""
    for component in found:
        if component.name in ("VEVENT", "VFREEBUSY"):
            yield component, zone
        name = component.value("X-WR-TIMEZONE") if component.name == "VCALENDAR" else ""
        yield from placed_parts(component.parts, known, known.get(name) or named(name) or zone)


def zone_of(parameters: str, known: Mapping[str, tzinfo], zone: tzinfo, counts: Counter[str]) -> tuple[tzinfo, str]:
    """The zone that the parameters of a line name, or `zone`; and the parameters without it."""
    match = re.search(r';TZID=("[^"]*"|[^;:]*)', parameters, re.IGNORECASE)
    if match is None:
        return zone, parameters
    own = known.get(match[1].strip('"')) or named(match[1])
    if own is None:
        counts[ODD_ZONE] += 1
    return own or zone, parameters.replace(match[0], "")


def parsed(source: Component, known: Mapping[str, tzinfo], zone: tzinfo, counts: Counter[str]) -> Event:
    """The event with every time in a zone. Raises Unreadable."""
    text = ["BEGIN:VEVENT"]
    where: dict[str, tzinfo] = {}
    for name, parameters, value in source.lines:
        if name in lines.TIMES:
            own, rest = zone_of(parameters, known, zone, counts)
            if rest != parameters:
                where[name] = own
            text.append(f"{name}{rest}:{value}")
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


def placed(moment: Any, zone: tzinfo) -> Any:
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
    if any(int(every) < 1 for every in rules.get("INTERVAL", [1])):
        raise Unreadable(TOO_OFTEN)  # every no days has no end
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
    return span_of(start, stop, zone, str(event.get("UID", "")))


def span_of(start: date, stop: date, zone: tzinfo, uid: str) -> Busy | None:
    """A busy time, or None for one without length. Raises Unreadable for one that ends before it begins."""
    first, last = in_utc(start, zone), in_utc(stop, zone)
    if last < first:
        raise Unreadable(TURNED)
    return None if last == first else Busy(first, last, not isinstance(start, datetime), uid[:LONGEST_UID])


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
