"""The shapes a timetable is read into, and its refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sidebyside.base.faults import Fault, InputRefused
from sidebyside.base.marking import N_

MOST_ROWS = 100_000
MOST_NAMES = 200  # teachers, classes or rooms of one event
LONGEST_NAME = 150  # characters
MOST_NAMES_IN_ALL = 20_000  # teachers, classes and rooms together; those known to us have a few hundred
TOO_MANY_NAMES = N_("There are more than %(limit)s teachers, classes and rooms, which no timetable needs.")
MOST_FAULTS = 100  # more than this is the wrong file


class TimetableRefused(InputRefused):
    """The timetable cannot be read. `faults` has at least one entry."""


def refuse(sentence: str, *, file: str | None = None, line: int | None = None, **values: object) -> TimetableRefused:
    """The exception for one fault; raise what this returns."""
    return TimetableRefused(Fault(file, line, sentence, values))


@dataclass(frozen=True, slots=True)
class TimetableRow:
    """One event in one slot. `position` orders the slots of a day; `line` is where it stands in its file.

    `begins` and `ends` are the bell times of the slot, None where the file does not say.
    """

    day: str
    slot: str
    position: int
    event: str
    teachers: tuple[str, ...]
    classes: tuple[str, ...]
    rooms: tuple[str, ...]
    line: int
    subject: str = ""
    begins: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of one day in which anything takes place. `begins` and `ends` are None where nobody says."""

    day: str
    name: str
    position: int
    begins: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True)
class Timetable:
    """A solved timetable: its rows in the order of the file.

    `all_days` are its days in their order, also those without lessons, where the file lists them.
    """

    rows: tuple[TimetableRow, ...]
    all_days: tuple[str, ...] = ()

    @property
    def days(self) -> tuple[str, ...]:
        """The days in their order: as the file lists them, else as the rows come."""
        return self.all_days or tuple(dict.fromkeys(row.day for row in self.rows))

    @property
    def teachers(self) -> frozenset[str]:
        """Everybody who teaches anything."""
        return frozenset(teacher for row in self.rows for teacher in row.teachers)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Every slot in which anything takes place, by the order of the days and then by position."""
        order = {day: at for at, day in enumerate(self.days)}
        found = {(r.day, r.slot): Slot(r.day, r.slot, r.position, r.begins, r.ends) for r in self.rows}
        return tuple(sorted(found.values(), key=lambda slot: (order[slot.day], slot.position, slot.name)))

    def on(self, day: str) -> tuple[TimetableRow, ...]:
        """The rows of one day, in the order of the file; none for a day that is not there."""
        return tuple(row for row in self.rows if row.day == day)
