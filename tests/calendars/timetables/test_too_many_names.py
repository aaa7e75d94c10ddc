"""A file that names more people than work at any school is refused before anything is made of them."""

import pytest

from sidebyside.calendars.timetables.reading import read
from sidebyside.calendars.timetables.records import TOO_MANY_NAMES, TimetableRefused


def sheet(rows: int, names: int) -> bytes:
    lines = ["day,slot,event,teachers,classes,rooms"]
    for row in range(rows):
        lines.append(f"Mon,{row},e{row},{'|'.join(f't{row}-{number}' for number in range(names))},C,R")
    return "\n".join(lines).encode()


def test_a_sheet_with_more_names_than_any_school_is_refused_where_they_are_too_many() -> None:
    with pytest.raises(TimetableRefused) as refused:
        read([("week.csv", sheet(300, 150))])
    [fault] = refused.value.faults
    assert (fault.sentence, fault.line) == (TOO_MANY_NAMES, 2 + 20_000 // 150)


def test_a_large_school_is_read() -> None:
    assert len(read([("week.csv", sheet(100, 100))]).teachers) == 10_000
