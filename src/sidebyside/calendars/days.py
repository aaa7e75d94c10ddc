"""Which day of the timetable a date is. Pure: dates in, numbers out.

Days of a timetable are numbered from 0 in their order. Three ways are known: each day of the timetable is a day of
the week; the same with several weeks in turn (A and B), where the days of the week repeat; and a rotation, in which
the days follow one another and a closed day is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

WEEK = 7
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """How the days of a timetable lie on dates from `begin` to `end`, both included.

    Not rotating: day k falls on `weekdays[k]` (0 is Monday); where the days of the week begin again, the next week in
    turn begins, the first of them in the week of `begin`. Weeks are those of the calendar: one without lessons counts.
    Rotating: `weekdays` are the days on which is taught; those from `begin` on that are not closed take the days of
    the timetable one after the other. `closed` dates have no day. A date in `follows` is that day of the timetable
    instead of its own, and gives a date on which is not taught otherwise a day; in a rotation it still uses up the day
    that was its own. A date both closed and following is closed.

    Raises ValueError where no date could be told: an end before the beginning, no days, a number that is no day, days
    of the week that are not one for each day (or none, or one twice in a rotation).
    """

    begin: date
    end: date
    days: tuple[str, ...]
    rotating: bool
    weekdays: tuple[int, ...]
    closed: frozenset[date] = frozenset()
    follows: Mapping[date, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.end < self.begin:
            raise ValueError("The timetable ends before it begins.")
        if not self.days:
            raise ValueError("A timetable needs a day.")
        if not set(self.follows.values()) <= set(range(len(self.days))):
            raise ValueError("A date follows a day that the timetable does not have.")
        if not self.weekdays or not set(self.weekdays) <= set(range(WEEK)):
            raise ValueError("Days of the week are numbers from 0 to 6.")
        if self.rotating and len(set(self.weekdays)) < len(self.weekdays):
            raise ValueError("In a rotation each day of the week is named once.")
        if not self.rotating and len(self.weekdays) != len(self.days):
            raise ValueError("Each day of the timetable needs its day of the week.")


def day_of(pattern: Pattern, on: date) -> int | None:
    """The number of the day of the timetable that a date is, or None where it is none."""
    found = dates(pattern, on, on)
    return found[0][1] if found else None


def dates(pattern: Pattern, begin: date, end: date) -> list[tuple[date, int]]:
    """The dates from `begin` to `end`, both included, that are a day of the timetable, with its number; in order.

    Takes time by the dates asked for and, in a rotation, by the closed dates; not by the dates before `begin`.
    """
    begin, end = max(begin, pattern.begin), min(end, pattern.end)
    if end < begin:
        return []
    weeks = _weeks(pattern)
    used = _used(pattern, begin) if pattern.rotating else 0
    found = []
    for after in range((end - begin).days + 1):
        on = begin + after * ONE_DAY
        own = None
        if pattern.rotating:
            if on.weekday() in pattern.weekdays and on not in pattern.closed:
                own = used % len(pattern.days)
                used += 1
        else:
            turn = (_monday(on) - _monday(pattern.begin)) // WEEK % len(weeks)
            own = weeks[turn].get(on.weekday())
        number = pattern.follows.get(on, own)
        if number is not None and on not in pattern.closed:
            found.append((on, number))
    return found


def _weeks(pattern: Pattern) -> list[dict[int, int]]:
    """The weeks in turn, each with the number of the day that falls on a day of the week."""
    weeks: list[dict[int, int]] = [{}]
    for number, weekday in enumerate(pattern.weekdays):
        if weekday in weeks[-1]:
            weeks.append({})
        weeks[-1][weekday] = number
    return weeks


def _used(pattern: Pattern, until: date) -> int:
    """How many days a rotation has used up from its beginning until the day before `until`."""
    whole, rest = divmod((until - pattern.begin).days, WEEK)
    taught = whole * len(pattern.weekdays)
    taught += sum((until - after * ONE_DAY).weekday() in pattern.weekdays for after in range(1, rest + 1))
    return taught - sum(pattern.begin <= on < until and on.weekday() in pattern.weekdays for on in pattern.closed)


def _monday(on: date) -> int:
    """The number of the Monday of a date's week, in days from the first of all dates (a Monday)."""
    return on.toordinal() - on.weekday()
