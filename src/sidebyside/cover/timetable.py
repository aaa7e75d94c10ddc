"""Reading a solved timetable from its plain form: one sheet with a row for each event in each slot.

Columns: day, slot, event, teachers, classes, rooms, in any order; of the last three several names are separated by
a bar. `slot_index` may say in which order the slots come; without it they come in the order of the sheet. Cells
are parted by commas, semicolons or tabs. Pure: a path in, rows out; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sidebyside.places.roster.archives import sheet, tidy
from sidebyside.places.roster.records import N_, ArchiveRefused, Fault

COLUMNS = ("day", "slot", "event", "teachers", "classes", "rooms")
LARGEST = 16 << 20  # bytes; the largest school known to us takes 36 kB
MOST_ROWS = 100_000
MOST_NAMES = 200  # in one cell
LONGEST_NAME = 150  # characters
MOST_FAULTS = 100  # more than this is the wrong file
LAST_INDEX = 100_000


class CoverRefused(Exception):
    """The timetable, or what was asked of it, cannot be worked with. `faults` has at least one entry."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.reason for fault in faults))
        self.faults = list(faults)


def refuse(sentence: str, **values: object) -> CoverRefused:
    """The exception for one fault that is in no file; raise what this returns."""
    return CoverRefused(Fault(None, None, sentence, values))


@dataclass(frozen=True, slots=True)
class TimetableRow:
    """One event in one slot. `position` orders the slots; `line` is where it stands in the sheet."""

    day: str
    slot: str
    position: int
    event: str
    teachers: tuple[str, ...]
    classes: tuple[str, ...]
    rooms: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """A solved timetable: its rows in the order of the sheet."""

    rows: tuple[TimetableRow, ...]

    @property
    def days(self) -> tuple[str, ...]:
        """The days in the order of the sheet."""
        return tuple(dict.fromkeys(row.day for row in self.rows))

    @property
    def teachers(self) -> frozenset[str]:
        """Everybody who teaches anything."""
        return frozenset(teacher for row in self.rows for teacher in row.teachers)

    def on(self, day: str) -> tuple[TimetableRow, ...]:
        """The rows of one day, in the order of the sheet; none for a day that is not there."""
        return tuple(row for row in self.rows if row.day == day)


def read_timetable(path: Path) -> Timetable:
    """The timetable in one CSV sheet.

    Raises CoverRefused with every faulty line (at most MOST_FAULTS), or with the one fault that makes the whole
    unreadable: no file, too large, a missing column, not UTF-8, quotes that do not match.
    """
    try:
        found = path.stat()
        if not path.is_file():
            raise CoverRefused(Fault(path.name, None, N_("This is not a file.")))
        if found.st_size > LARGEST:
            larger = N_("The file is larger than %(limit)s MB, which no timetable needs.")
            raise CoverRefused(Fault(path.name, None, larger, {"limit": LARGEST >> 20}))
        with path.open("rb") as stream:
            return read_sheet(stream, path.name)
    except (OSError, ValueError) as fault:  # ValueError: a path with an empty byte
        raise CoverRefused(Fault(path.name, None, N_("There is no file here that can be read."))) from fault


def read_sheet(stream: IO[bytes], file: str) -> Timetable:
    """The timetable in an open sheet; `file` names it in faults. Raises CoverRefused."""
    rows: list[TimetableRow] = []
    faults: list[Fault] = []
    reading = _Reading()
    try:
        for line, cells in sheet(stream, file, COLUMNS, ["slot_index"], delimiters=",;\t"):
            told = list(reading.faults(line, cells))
            faults += [Fault(file, line, sentence, values) for sentence, values in told[:1]]
            if len(rows) == MOST_ROWS:
                many = N_("There are more than %(limit)s rows, which no timetable needs.")
                faults.append(Fault(file, line, many, {"limit": MOST_ROWS}))
            if len(rows) == MOST_ROWS or len(faults) == MOST_FAULTS:
                break
            if not told:
                rows.append(reading.row(line, cells))
    except ArchiveRefused as refusal:
        raise CoverRefused(*faults, *refusal.faults) from refusal
    if not rows and not faults:
        faults.append(Fault(file, None, N_("There is nothing in this timetable.")))
    if faults:
        raise CoverRefused(*faults)
    return Timetable(tuple(rows))


class _Reading:
    """What the lines before have said of the order of slots."""

    def __init__(self) -> None:
        self._positions: dict[tuple[str, str], tuple[int, int]] = {}  # (day, slot): position, line

    def faults(self, line: int, cells: list[str]) -> Iterator[tuple[str, dict[str, object]]]:
        """What is wrong with a row, the weightiest first."""
        for column, cell in zip(COLUMNS[:3], cells, strict=False):
            if not tidy(cell):
                yield N_("The cell “%(column)s” is empty."), {"column": column}
        for column, cell in zip(COLUMNS, cells, strict=False):
            parts = [cell] if column in COLUMNS[:3] else cell.split("|")
            if len(parts) > MOST_NAMES:
                yield (
                    N_("There are more than %(limit)s names in “%(column)s”."),
                    {
                        "limit": MOST_NAMES,
                        "column": column,
                    },
                )
            elif any(len(part) > LONGEST_NAME for part in parts):
                yield (
                    N_("A name in “%(column)s” is longer than %(limit)s characters."),
                    {
                        "column": column,
                        "limit": LONGEST_NAME,
                    },
                )
        index = cells[6]
        if index and not (index.isascii() and index.isdigit() and int(index[:9]) <= LAST_INDEX):
            yield N_("“slot_index” is not a whole number from 0 to %(limit)s."), {"limit": LAST_INDEX}
        elif index:
            position, first = self._positions.get((tidy(cells[0]), tidy(cells[1])), (int(index), line))
            if position != int(index):
                yield N_("This slot has another index on line %(first)s."), {"first": first}

    def row(self, line: int, cells: list[str]) -> TimetableRow:
        """A sound row."""
        day, slot, event = (tidy(cell) for cell in cells[:3])
        coming = int(cells[6]) if cells[6] else len(self._positions)
        position, _line = self._positions.setdefault((day, slot), (coming, line))
        teachers, classes, rooms = (names(cell) for cell in cells[3:6])
        return TimetableRow(day, slot, position, event, teachers, classes, rooms, line)


def names(cell: str) -> tuple[str, ...]:
    """The names in a cell, parted by bars, each once and in their order."""
    return tuple(dict.fromkeys(name for name in map(tidy, cell.split("|")) if name))
