"""Who or what a timetable has in two places at once.

Real timetables have such clashes for good reasons (two events that are really one, a hall that holds two classes), so
they are shown to the person who brings the timetable in and never refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sidebyside.calendars.timetables.records import Timetable, TimetableRow

MOST = 1_000


class Kind(StrEnum):
    """What is in two places at once, in the order of weight."""

    TEACHER = "teacher"
    CLASS = "class"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Clash:
    """One teacher, class or room with several events in one slot; `lines` are those of the events, in their order."""

    kind: Kind
    name: str
    day: str
    slot: str
    events: tuple[str, ...]
    lines: tuple[int, ...]


def clashes(timetable: Timetable, *, most: int = MOST) -> list[Clash]:
    """The clashes of a timetable, at most so many: teachers first, then classes, then rooms; each kind by day, slot
    and name.

    An event that stands on several lines of one slot is one event.
    """
    order = {day: at for at, day in enumerate(timetable.days)}
    held: dict[tuple[int, int, int, str, str, str], dict[str, int]] = {}
    for row in timetable.rows:
        for at, name in _held(row):
            key = (at, order[row.day], row.position, name, row.day, row.slot)
            held.setdefault(key, {}).setdefault(row.event, row.line)
    found = sorted(key for key, events in held.items() if len(events) > 1)
    return [_clash(key, held[key]) for key in found[:most]]


def _held(row: TimetableRow) -> Iterator[tuple[int, str]]:
    """What a row takes up: the place of its kind among the kinds, and its name."""
    for at, names in enumerate((row.teachers, row.classes, row.rooms)):
        for name in names:
            yield at, name


def _clash(key: tuple[int, int, int, str, str, str], events: dict[str, int]) -> Clash:
    at, _day, _position, name, day, slot = key
    in_order = sorted(events)
    return Clash(tuple(Kind)[at], name, day, slot, tuple(in_order), tuple(events[event] for event in in_order))
