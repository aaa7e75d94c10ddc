"""The VTIMEZONE block that describes a time zone to programs that do not know its name.

Yearly rules where a zone has them, because Outlook follows no other; dates otherwise. Written here because icalendar
7.3 puts the beginning of summer time an hour late (it counts by the new clock, RFC 5545, 3.6.5 by the old one) and
lets the zone end with the last year it was asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

PATTERN = 28  # years after which weekdays fall on the same dates again: a rule that held so long always holds
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = timedelta(days=1)
LAST_YEAR = 9990 - PATTERN


@dataclass(frozen=True, slots=True)
class Change:
    """A clock change: when by the clock that ends there, both offsets from UTC, and what the new clock is called."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str


def block(name: str, first: int, last: int) -> Timezone:
    """The VTIMEZONE of an IANA zone, right from the beginning of the year `first` to the end of `last` at least.

    Raises ValueError where there is no such zone.
    """
    zone = known(name)
    first = min(first, LAST_YEAR)
    last = max(min(last, LAST_YEAR), first + PATTERN)
    groups: dict[tuple[timedelta, timedelta, str], list[Change]] = defaultdict(list)
    for change in changes(zone, first - 1, last):
        groups[(change.before, change.after, change.name)].append(change)
    begin = datetime(first - 1, 1, 1, tzinfo=zone)
    if not any(change.at.year < first for group in groups.values() for change in group):
        offset = begin.utcoffset() or timedelta(0)
        groups[(offset, offset, "")] = [Change(begin.replace(tzinfo=None), offset, offset, begin.tzname() or name)]
    result = Timezone()
    result.add("TZID", name)
    for group in sorted(groups.values(), key=lambda group: group[0].at):
        rule = yearly(group, last)
        # Where one half of the year has no rule, its dates go on as long as the other's rule was looked at.
        result.add_component(observance(group[0], rule, [] if rule else [change.at for change in group[1:]]))
    return result


def known(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise ValueError(f"There is no time zone {name!r}.") from None


@lru_cache(maxsize=64)
def changes(zone: ZoneInfo, first: int, last: int) -> tuple[Change, ...]:
    """The clock changes of the years from `first` to `last`, in order."""
    return tuple(_changes(zone, datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)))


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[Change]:
    low, before = begin, begin.astimezone(zone).utcoffset() or timedelta(0)
    while low < end:
        high = low + DAY
        after = high.astimezone(zone).utcoffset() or timedelta(0)
        next_low, next_before = high, after
        while before != after and high - low > timedelta(seconds=1):
            middle = low + (high - low) // 2 // timedelta(seconds=1) * timedelta(seconds=1)
            if middle.astimezone(zone).utcoffset() == before:
                low = middle
            else:
                high = middle
        if before != after:
            yield Change((high + before).replace(tzinfo=None), before, after, high.astimezone(zone).tzname() or "")
        low, before = next_low, next_before


def yearly(group: list[Change], last: int) -> dict[str, object]:
    """The rule by which these changes come once in each year up to `last`, or nothing where there is none."""
    times = [change.at for change in group]
    years = [time.year for time in times]
    same = {(time.month, time.weekday(), time.time()) for time in times}
    if len(times) < PATTERN or len(same) > 1 or years != list(range(years[0], last + 1)):
        return {}
    rule = {"FREQ": "YEARLY", "BYMONTH": times[0].month}
    weekday, days = WEEKDAYS[times[0].weekday()], [time.day for time in times]
    if all((time + 7 * DAY).month != time.month for time in times):
        return {**rule, "BYDAY": f"-1{weekday}"}
    nth = {(day - 1) // 7 + 1 for day in days}
    if len(nth) == 1:
        return {**rule, "BYDAY": f"{nth.pop()}{weekday}"}
    if max(days) - min(days) < 7:
        return {**rule, "BYDAY": weekday, "BYMONTHDAY": list(range(min(days), max(days) + 1))}
    return {}


def observance(change: Change, rule: dict[str, object], dates: list[datetime]) -> TimezoneStandard | TimezoneDaylight:
    """What the clock says after a change, and when else it does. The clock that goes ahead counts as summer time."""
    part = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    part.add("DTSTART", change.at)
    part.add("TZOFFSETFROM", change.before)
    part.add("TZOFFSETTO", change.after)
    part.add("TZNAME", change.name)
    if rule:
        part.add("RRULE", rule)
    if dates:
        part.add("RDATE", dates)
    return part
