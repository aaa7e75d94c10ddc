"""Reading a solved timetable from its plain form: one sheet with a row for each event in each slot.

Columns: day, slot, event, teachers, classes, rooms, in any order; of the last three several names are separated by
a bar. `slot_index` may say in which order the slots come; without it they come in the order of the sheet. `subject`
may say what is taught; `begins` and `ends` (HH:MM) the bell times of the slot, which need to stand in one of its rows
only. Cells are parted by commas, semicolons or tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import IO

from sidebyside.base.faults import Fault, InputRefused
from sidebyside.base.marking import N_
from sidebyside.base.sheets import sheet, tidy
from sidebyside.calendars.timetables.records import (
    LONGEST_NAME,
    MOST_FAULTS,
    MOST_NAMES,
    MOST_NAMES_IN_ALL,
    MOST_ROWS,
    TOO_MANY_NAMES,
    Timetable,
    TimetableRefused,
    TimetableRow,
    refuse,
)

COLUMNS = ("day", "slot", "event", "teachers", "classes", "rooms")
OPTIONAL = ("slot_index", "subject", "begins", "ends")
LARGEST = 16 << 20  # bytes; the largest school known to us takes 36 kB
LAST_INDEX = 100_000
BELL = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")

FaultOfRow = tuple[str, dict[str, object]]


def read_timetable(path: Path) -> Timetable:
    """The timetable in one CSV sheet.

    Raises TimetableRefused with every faulty line (at most MOST_FAULTS), or with the one fault that makes the whole
    unreadable: no file, too large, a missing column, not UTF-8, quotes that do not match.
    """
    try:
        found = path.stat()
        if not path.is_file():
            raise refuse(N_("This is not a file."), file=path.name)
        if found.st_size > LARGEST:
            larger = N_("The file is larger than %(limit)s MB, which no timetable needs.")
            raise refuse(larger, file=path.name, limit=LARGEST >> 20)
        with path.open("rb") as stream:
            return read_sheet(stream, path.name)
    except (OSError, ValueError) as fault:  # ValueError: a path with an empty byte
        raise refuse(N_("There is no file here that can be read."), file=path.name) from fault


def read_sheet(stream: IO[bytes], file: str) -> Timetable:
    """The timetable in an open sheet; `file` names it in faults. Raises TimetableRefused."""
    rows: list[TimetableRow] = []
    faults: list[Fault] = []
    reading = _Reading()
    try:
        for line, cells in sheet(stream, file, COLUMNS, OPTIONAL, delimiters=",;\t"):
            told = list(reading.faults(line, cells))
            faults += [Fault(file, line, sentence, values) for sentence, values in told[:1]]
            if len(rows) == MOST_ROWS:
                many = N_("There are more than %(limit)s rows, which no timetable needs.")
                faults.append(Fault(file, line, many, {"limit": MOST_ROWS}))
            if len(rows) == MOST_ROWS or len(faults) == MOST_FAULTS:
                break
            if not told:
                rows.append(reading.row(line, cells))
            if reading.has_too_many_names:
                raise refuse(TOO_MANY_NAMES, file=file, line=line, limit=MOST_NAMES_IN_ALL)
    except InputRefused as refusal:
        raise TimetableRefused(*faults, *refusal.faults) from refusal
    if not rows and not faults:
        faults.append(Fault(file, None, N_("There is nothing in this timetable.")))
    if faults:
        raise TimetableRefused(*faults)
    return Timetable(tuple(reading.with_bells(row) for row in rows))


class _Reading:
    """What the lines before have said of the order of slots and of their bells."""

    def __init__(self) -> None:
        self._positions: dict[tuple[str, str], tuple[int, int]] = {}  # (day, slot): position, line
        self._bells: dict[tuple[str, str], tuple[time, time | None, int]] = {}  # (day, slot): from, to, line
        self._names: set[str] = set()

    @property
    def has_too_many_names(self) -> bool:
        """Whether more teachers, classes and rooms were named than any school has."""
        return len(self._names) > MOST_NAMES_IN_ALL

    def faults(self, line: int, cells: list[str]) -> Iterator[FaultOfRow]:
        """What is wrong with a row, the weightiest first."""
        for column, cell in zip(COLUMNS[:3], cells, strict=False):
            if not tidy(cell):
                yield N_("The cell “%(column)s” is empty."), {"column": column}
        for column, cell in zip((*COLUMNS, *OPTIONAL), cells, strict=True):
            parts = cell.split("|") if column in COLUMNS[3:] else [cell]
            told: dict[str, object] = {"column": column}
            if len(parts) > MOST_NAMES:
                yield N_("There are more than %(limit)s names in “%(column)s”."), told | {"limit": MOST_NAMES}
            elif any(len(part) > LONGEST_NAME for part in parts):
                longer = N_("A name in “%(column)s” is longer than %(limit)s characters.")
                yield longer, told | {"limit": LONGEST_NAME}
        yield from self._index_faults(line, cells)
        yield from self._bell_faults(cells)

    def _index_faults(self, line: int, cells: list[str]) -> Iterator[FaultOfRow]:
        index = cells[6]
        if index and not (index.isascii() and index.isdigit() and int(index[:9]) <= LAST_INDEX):
            yield N_("“slot_index” is not a whole number from 0 to %(limit)s."), {"limit": LAST_INDEX}
        elif index:
            position, first = self._positions.get((tidy(cells[0]), tidy(cells[1])), (int(index), line))
            if position != int(index):
                yield N_("This slot has another index on line %(first)s."), {"first": first}

    def _bell_faults(self, cells: list[str]) -> Iterator[FaultOfRow]:
        bells = cells[8:10]
        if any(cell and not BELL.fullmatch(cell) for cell in bells):
            yield N_("A bell time is not written as hours and minutes, such as 08:15."), {}
            return
        begins, ends = map(bell, bells)
        if ends and not begins:
            yield N_("This slot has an end and no beginning."), {}
        elif begins and ends and ends <= begins:
            yield N_("This slot ends before it begins."), {}
        if begins:
            known = self._bells.get((tidy(cells[0]), tidy(cells[1])))
            if known and known[:2] != (begins, ends):
                yield N_("This slot has other bell times on line %(first)s."), {"first": known[2]}

    def row(self, line: int, cells: list[str]) -> TimetableRow:
        """A sound row, without its bell times."""
        day, slot, event = (tidy(cell) for cell in cells[:3])
        coming = int(cells[6]) if cells[6] else len(self._positions)
        position, _line = self._positions.setdefault((day, slot), (coming, line))
        begins = bell(cells[8])
        if begins:
            self._bells.setdefault((day, slot), (begins, bell(cells[9]), line))
        teachers, classes, rooms = (names(cell) for cell in cells[3:6])
        self._names.update(teachers, classes, rooms)
        return TimetableRow(day, slot, position, event, teachers, classes, rooms, line, tidy(cells[7]))

    def with_bells(self, row: TimetableRow) -> TimetableRow:
        """The row with the bell times that any row of its slot gave."""
        known = self._bells.get((row.day, row.slot))
        return replace(row, begins=known[0], ends=known[1]) if known else row


def bell(cell: str) -> time | None:
    """The time in a cell that is sound, or None where it is empty."""
    match = BELL.fullmatch(cell)
    return time(int(match[1]), int(match[2])) if match else None


def names(cell: str) -> tuple[str, ...]:
    """The names in a cell, parted by bars, each once and in their order."""
    return tuple(dict.fromkeys(name for name in map(tidy, cell.split("|")) if name))
