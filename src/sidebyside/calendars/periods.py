"""The periods of a timetable that was read: one for each slot of each day, numbered so that days lie side by side.

Pure: no Django, no database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from statistics import median_low

from sidebyside.calendars.timetables.records import Slot, Timetable

LAST_POSITION = 200  # a file may number its slots as it likes; what is beyond this is numbered anew
USUAL_MINUTES = 45
A_DAY = date(2000, 1, 1)

Bells = Mapping[tuple[int, int], tuple[time, time]]


@dataclass(frozen=True, slots=True)
class PlannedPeriod:
    """A period of a day (its number, from 0) before it is kept. `slot` is what the file calls it."""

    day: int
    position: int
    slot: str
    begins: time | None = None
    ends: time | None = None

    @property
    def key(self) -> tuple[int, int]:
        """Its day and its place within the day."""
        return self.day, self.position


def periods_of(timetable: Timetable) -> tuple[PlannedPeriod, ...]:
    """The periods of a timetable, by day and then in their order.

    Where the file numbers the slots of each day alike, its numbers are kept, so that a day without a first lesson
    begins with the second. Where it counts on from day to day, each day begins at 0. A slot that has a beginning and
    no end ends with the next one of its day, the last of a day after the usual length.
    """
    order = {day: number for number, day in enumerate(timetable.days)}
    days: dict[int, list[Slot]] = {number: [] for number in order.values()}
    for slot in timetable.slots:
        days[order[slot.day]].append(slot)
    keeps = _numbered_alike(days)
    found = []
    for number, slots in days.items():
        of_day = [
            PlannedPeriod(number, slot.position if keeps else at, slot.name, slot.begins, slot.ends)
            for at, slot in enumerate(slots)
        ]
        found += _with_ends(of_day)
    return tuple(found)


def _numbered_alike(days: Mapping[int, Sequence[Slot]]) -> bool:
    """Whether the numbers of slots mean the same on every day, and can be kept."""
    numbers = [[slot.position for slot in slots] for slots in days.values() if slots]
    if any(len(set(of_day)) < len(of_day) or max(of_day) > LAST_POSITION for of_day in numbers):
        return False
    held = Counter(position for of_day in numbers for position in of_day)
    return len(numbers) == 1 or any(number > 1 for number in held.values())


def _with_ends(periods: list[PlannedPeriod]) -> list[PlannedPeriod]:
    """The periods of a day, each that has a beginning with an end."""
    lengths = [
        _minutes(one.begins, other)
        for one, after in zip(periods, [*periods[1:], None], strict=True)
        if one.begins and (other := one.ends or (after.begins if after else None))
    ]
    usual = median_low([length for length in lengths if length > 0] or [USUAL_MINUTES])
    found = []
    for one, after in zip(periods, [*periods[1:], None], strict=True):
        ends = one.ends
        if one.begins and not ends:
            ends = after.begins if after and after.begins and after.begins > one.begins else later(one.begins, usual)
        usable = one.begins and ends and ends > one.begins
        found.append(replace(one, ends=ends) if usable else replace(one, begins=None, ends=None))
    return found


def _minutes(begins: time, ends: time) -> int:
    """How long it is from one time of a day to another."""
    return (ends.hour - begins.hour) * 60 + ends.minute - begins.minute


def later(begins: time, minutes: int) -> time:
    """A time of the same day so many minutes later; the last minute of the day where that would be the next."""
    then = datetime.combine(A_DAY, begins) + timedelta(minutes=minutes)
    return then.time() if then.date() == A_DAY else time(23, 59)


def evenly(positions: Sequence[int], *, begins: time, minutes: int, between: int) -> dict[int, tuple[time, time]]:
    """Bell times for these positions of a day: the first begins then, each lasts so many minutes, with so many in
    between. Those that would go past midnight have none."""
    found: dict[int, tuple[time, time]] = {}
    begin = datetime.combine(A_DAY, begins)
    for position in sorted(positions):
        end = begin + timedelta(minutes=minutes)
        if end.date() > A_DAY:
            break
        found[position] = (begin.time(), end.time())
        begin = end + timedelta(minutes=between)
    return found


def are_alike(periods: Sequence[PlannedPeriod]) -> bool:
    """Whether no two days give a position different bell times, so that one table of them is enough."""
    held: dict[int, set[tuple[time | None, time | None]]] = {}
    for one in periods:
        held.setdefault(one.position, set()).add((one.begins, one.ends))
    return all(len(times) == 1 for times in held.values())
