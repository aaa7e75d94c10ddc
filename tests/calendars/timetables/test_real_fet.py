"""Real schools, solved by FET itself: what we read is what FET's own table of the solution says.

Of the schools that come with FET three are solved within about two seconds each: a secondary school in Argentina with
bell times, double lessons and rooms; one in Catalonia with several teachers and classes at once; and one in Morocco
whose days are halves.
"""

import csv
from datetime import time
from pathlib import Path

import pytest

from sidebyside.base.sheets import tidy
from sidebyside.calendars.timetables.clashes import clashes
from sidebyside.calendars.timetables.reading import read
from sidebyside.calendars.timetables.records import Timetable, TimetableRefused
from sidebyside.calendars.timetables.weekdays import guess_weekdays
from tests.calendars.timetables import fet_program

ARGENTINA = "FET-5-official/Argentina/Horario_ISJ.fet"
CATALONIA = "FET-5-official/Spain/1-school/school.fet"
MOROCCO = "FET-6-mornings-afternoons/Morocco/1/sample-morocco.fet"
COLUMNS = ("Activity Id", "Day", "Hour", "Teachers", "Students Sets", "Subject")
LONGEST = 60  # seconds for one school; the slowest takes two on an idle machine

File = tuple[str, bytes]


def file(path: Path) -> File:
    return path.name, path.read_bytes()


@pytest.fixture
def solved(tmp_path: Path):
    """A function that lets FET solve a school: its file, the solution, both in one, and FET's own table."""
    if not fet_program.found():
        pytest.fail(fet_program.MISSING)

    def solving(name: str) -> tuple[File, File, File, set[tuple[str, ...]]]:
        school = fet_program.EXAMPLES / name
        folder = fet_program.solve(school, tmp_path, seconds=LONGEST)
        solution = file(folder / f"{school.stem}_activities.xml")
        both = file(folder / f"{school.stem}_data_and_timetable.fet")
        table = tmp_path / "csv" / school.stem / f"{school.stem}_timetable.csv"
        with table.open(encoding="utf-8-sig", newline="") as stream:
            rows = {tuple(tidy(row[column]) for column in COLUMNS) for row in csv.DictReader(stream)}
        return file(school), solution, both, rows

    return solving


def as_fet_says(found: Timetable) -> set[tuple[str, ...]]:
    """Our rows in the shape of FET's table."""
    return {
        (row.event.split()[-1], row.day, row.slot, "+".join(row.teachers), "+".join(row.classes), row.subject)
        for row in found.rows
    }


@pytest.mark.parametrize("name", [ARGENTINA, CATALONIA])
def test_what_is_read_is_what_fet_says(solved, name: str) -> None:
    school, solution, both, table = solved(name)
    found = read([school, solution])
    assert as_fet_says(found) == table
    assert read([solution, school]).rows == found.rows
    assert read([both]).days == found.days
    assert as_fet_says(read([both])) == table
    assert {row.rooms for row in read([both]).rows} == {row.rooms for row in found.rows}
    assert clashes(found) == []
    assert guess_weekdays(found.days) == (0, 1, 2, 3, 4)
    if name == ARGENTINA:
        assert len(found.rows) > len({row.event for row in found.rows})  # there are double lessons
        assert any(row.rooms for row in found.rows)
        assert {(slot.position, slot.begins, slot.ends) for slot in found.slots if slot.name.startswith("2º")} == {
            (1, time(8, 10), time(8, 50))
        }
    with pytest.raises(TimetableRefused, match=r"no solution in its file|activities have a place"):
        read([school])


def test_two_halves_become_one_day(solved) -> None:
    school, solution, both, table = solved(MOROCCO)
    found = read([school, solution])
    assert found.days == ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
    assert len(found.rows) == len(table)
    halves = {(number, f"{day} {hour}", *rest) for number, day, hour, *rest in table}
    assert {(number, hour, *rest) for number, _day, hour, *rest in as_fet_says(found)} == halves
    first = {slot.name: slot.position for slot in found.slots if slot.day == "monday"}
    assert (first["monday1 08:00"], first["monday2 08:00"]) == (0, 4)
    assert all(row.begins is None for row in found.rows)
    assert [row.event for row in read([both]).rows] == [row.event for row in found.rows]
    assert clashes(found) == []
