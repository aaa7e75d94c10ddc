"""Reading what FET, the free timetabling program, writes: a school's file, and the solution of it.

The school's file (`.fet`) has days, hours, names and activities; the solution (`..._activities.xml`) says for each
activity when and where. A `..._data_and_timetable.fet` holds both: its solution stands among the constraints. An
activity of three hours takes three hours of a day, one after the other.

In FET's mode of mornings and afternoons two of its days are a morning and an afternoon of one day. Here they become
one day, the afternoon's hours after the morning's; FET's names of hours are then no bell times, because both halves
share them. In its mode of terms the days of all terms follow one another, as in the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sidebyside.base.faults import Fault
from sidebyside.base.marking import N_
from sidebyside.calendars.timetables.bells import Bells, bells
from sidebyside.calendars.timetables.markup import Document, Record
from sidebyside.calendars.timetables.records import (
    LONGEST_NAME,
    MOST_FAULTS,
    MOST_NAMES,
    MOST_ROWS,
    Timetable,
    TimetableRefused,
    TimetableRow,
    refuse,
)

SCHOOL, SOLUTION = "fet", "Activities_Timetable"
START, ROOM = "ConstraintActivityPreferredStartingTime", "ConstraintActivityPreferredRoom"
LISTED = ("Day", "Hour", "Subject", "Teacher", "Year", "Room")
# What is read of each kind of file: at which depth its records are, and their names.
WANTED: Mapping[str, tuple[int, Collection[str]]] = {
    SCHOOL: (3, (*LISTED, "Activity", START, ROOM)),
    SOLUTION: (2, ("Activity",)),
}
HALVES, BLOCKS = "Mornings_Afternoons", "Block_Planning"
# Before version 6 a mode was a program of its own and showed in its version, as 5.27.3-morocco8.
OF_VERSION = {"-ma": HALVES, "-morocco": HALVES, "-algeria": HALVES, "-bp": BLOCKS}
MOST_DAYS = 400
MOST_HOURS = 200
LONGEST_ID = 9  # digits


@dataclass(frozen=True, slots=True)
class Place:
    """When and where an activity takes place: names of the file; "" where it has none. `line` is where it says so."""

    day: str
    hour: str
    rooms: tuple[str, ...]
    line: int


@dataclass(slots=True)
class Activity:
    """Something that is taught, and for how many hours."""

    number: int
    subject: str
    teachers: tuple[str, ...]
    classes: tuple[str, ...]
    hours: int
    line: int


@dataclass(slots=True)
class School:
    """What the school's file says, and the places that stand among its constraints."""

    file: str
    days: list[str]
    hours: list[str]
    halves: bool
    rooms: frozenset[str]
    activities: dict[int, Activity]
    places: dict[int, Place] = field(default_factory=dict)


class _Faults(list[Fault]):
    """The faults of one file, up to so many."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file

    def add(self, line: int, sentence: str, **values: object) -> None:
        """Note a fault; raises TimetableRefused with all of them when there are too many."""
        self.append(Fault(self._file, line, sentence, values))
        if len(self) >= MOST_FAULTS:
            self.raise_any()

    def raise_any(self) -> None:
        """Raise TimetableRefused if there was a fault."""
        if self:
            raise TimetableRefused(*self)


# --- the school's file


def school(document: Document) -> School:
    """The school that a `.fet` file describes. Raises TimetableRefused."""
    mode = document.texts.get("Mode") or _mode_of(document.version)
    if mode == BLOCKS:
        raise refuse(N_("This file plans blocks of subjects. A timetable of lessons is needed."), file=document.file)
    faults = _Faults(document.file)
    names = {kind: _names(document.records.get(kind, []), faults) for kind in LISTED}
    days, hours = list(names["Day"]), list(names["Hour"])
    if not days or not hours:
        raise refuse(N_("This file names no days or no hours."), file=document.file)
    if len(days) > MOST_DAYS or len(hours) > MOST_HOURS:
        raise refuse(N_("This file has far more entries than a timetable needs."), file=document.file)
    halves = mode == HALVES
    if halves and len(days) % 2:
        raise refuse(N_("A morning or an afternoon is missing among the days of this file."), file=document.file)
    found = School(document.file, days, hours, halves, frozenset(names["Room"]), {})
    for record in document.records.get("Activity", []):
        _add_activity(found, record, names, faults)
    if not found.activities and not faults:
        raise refuse(N_("There is nothing in this timetable."), file=document.file)
    _add_places(found, document, faults)
    faults.raise_any()
    return found


def _mode_of(version: str) -> str:
    """The mode that a version of FET before 6 stands for."""
    suffix = re.search(r"-[a-z]+", version)
    return OF_VERSION.get(suffix[0], "") if suffix else ""


def _names(records: list[Record], faults: _Faults) -> dict[str, int]:
    """The names of one list, in order, with their lines; of a year those of its groups too."""
    found: dict[str, int] = {}
    for record in records:
        for name in record.all("Name"):
            if len(name) > LONGEST_NAME:
                faults.add(record.line, N_("A name is longer than %(limit)s characters."), limit=LONGEST_NAME)
            found.setdefault(name, record.line)
    return found


def _add_activity(found: School, record: Record, names: Mapping[str, Mapping[str, int]], faults: _Faults) -> None:
    """Add an activity that takes place, or note what is wrong with it."""
    if record.one("Active") == "false":
        return
    number, hours = _number(record.one("Id")), _number(record.one("Duration"))
    teachers, classes, subject = record.all("Teacher"), record.all("Students"), record.one("Subject")
    told = {"activity": number}
    if number is None:
        faults.add(record.line, N_("An activity has no number."))
    elif number in found.activities:
        first = found.activities[number].line
        faults.add(record.line, N_("Activity %(activity)s stands on line %(first)s already."), **told, first=first)
    elif not hours or hours > MOST_HOURS:
        faults.add(record.line, N_("Activity %(activity)s does not say for how many hours."), **told)
    elif len(teachers) > MOST_NAMES or len(classes) > MOST_NAMES:
        limit = MOST_NAMES
        faults.add(record.line, N_("Activity %(activity)s has more than %(limit)s names."), **told, limit=limit)
    elif not names["Teacher"].keys() >= set(teachers):
        unknown = N_("Activity %(activity)s names a teacher who is not in the list of teachers.")
        faults.add(record.line, unknown, **told)
    elif not names["Year"].keys() >= set(classes):
        unknown = N_("Activity %(activity)s names a class or group that is not in the list of students.")
        faults.add(record.line, unknown, **told)
    elif subject and subject not in names["Subject"]:
        unknown = N_("Activity %(activity)s names a subject that is not in the list of subjects.")
        faults.add(record.line, unknown, **told)
    else:
        found.activities[number] = Activity(number, subject, teachers, classes, hours, record.line)


def _add_places(found: School, document: Document, faults: _Faults) -> None:
    """Take the places that stand among the constraints: those that must be kept, one for each activity."""
    rooms: dict[int, tuple[str, ...]] = {}
    for record in filter(_binds, document.records.get(ROOM, [])):
        rooms.setdefault(_number(record.one("Activity_Id")) or 0, _rooms(record))
    for record in filter(_binds, document.records.get(START, [])):
        number = _number(record.one("Activity_Id"))
        if number is None or number not in found.activities:
            continue
        day, hour = record.one("Preferred_Day"), record.one("Preferred_Hour")
        if not day or not hour:
            continue
        known = found.places.get(number)
        if known and (known.day, known.hour) != (day, hour):
            twice = N_("Activity %(activity)s has another place on line %(first)s.")
            faults.add(record.line, twice, activity=number, first=known.line)
        else:
            found.places[number] = Place(day, hour, rooms.get(number, ()), record.line)


def _binds(record: Record) -> bool:
    """Whether a constraint is in force and must be kept."""
    return record.one("Active") != "false" and record.one("Weight_Percentage") in ("100", "100.0", "")


def _rooms(record: Record) -> tuple[str, ...]:
    """The rooms that are really taken: those behind a virtual room, else the room."""
    return record.all("Real_Room") or record.all("Room")


def _number(text: str) -> int | None:
    """A whole number above zero, or None."""
    sound = text.isascii() and text.isdigit() and len(text) <= LONGEST_ID
    return (int(text) or None) if sound else None


# --- the solution


def solution(document: Document) -> dict[int, Place]:
    """Where a solution puts each activity. Raises TimetableRefused."""
    faults = _Faults(document.file)
    found: dict[int, Place] = {}
    for record in document.records.get("Activity", []):
        number = _number(record.one("Id"))
        if number is None:
            faults.add(record.line, N_("An activity has no number."))
        elif number in found:
            told = {"activity": number, "first": found[number].line}
            faults.add(record.line, N_("Activity %(activity)s stands on line %(first)s already."), **told)
        else:
            found[number] = Place(record.one("Day"), record.one("Hour"), _rooms(record), record.line)
    faults.raise_any()
    if not any(place.day for place in found.values()):
        raise refuse(N_("In this solution nothing has a place: FET did not find one."), file=document.file)
    return found


# --- both


def timetable(school: School, places: Mapping[int, Place] | None = None, file: str | None = None) -> Timetable:
    """The solved timetable: of a solution in `file`, or of the school's file alone where it holds one.

    Rows come by day, hour and number of the activity; their lines are those of the activities in the school's file.
    Raises TimetableRefused where an activity has no place or one that cannot be, or the two files are of different
    schools.
    """
    if places is None:
        places, file = school.places, school.file
        _need_all(school)
    elif strange := sorted(places.keys() - school.activities.keys()):
        raise refuse(
            N_("Activity %(activity)s is not in “%(other)s”: the two files do not belong together."),
            file=file,
            line=places[strange[0]].line,
            activity=strange[0],
            other=school.file,
        )
    faults, at_faults = _Faults(school.file), _Faults(file or school.file)
    days = {name: at for at, name in enumerate(school.days)}
    hours = {name: at for at, name in enumerate(school.hours)}
    grid = _Grid(school)
    rows: list[tuple[int, int, int, TimetableRow]] = []
    for number, activity in school.activities.items():
        place = places.get(number)
        if place is None or not place.day:
            faults.add(activity.line, N_("Activity %(activity)s has no place in the solution."), activity=number)
            continue
        day, hour = days.get(place.day), hours.get(place.hour)
        if day is None or hour is None or not school.rooms >= set(place.rooms):
            strange_name = N_("The day, hour or room of activity %(activity)s is not in “%(other)s”.")
            at_faults.add(place.line, strange_name, activity=number, other=school.file)
        elif hour + activity.hours > len(school.hours):
            late = N_("Activity %(activity)s goes on after the last hour of the day.")
            at_faults.add(place.line, late, activity=number)
        else:
            rows += [(day, at, number, grid.row(activity, place, day, at)) for at in range(hour, hour + activity.hours)]
        if len(rows) > MOST_ROWS:
            raise refuse(
                N_("There are more than %(limit)s rows, which no timetable needs."), file=school.file, limit=MOST_ROWS
            )
    if faults or at_faults:
        raise TimetableRefused(*(faults + at_faults)[:MOST_FAULTS])
    return Timetable(tuple(row for *_order, row in sorted(rows, key=lambda one: one[:3])), tuple(grid.days))


def _need_all(school: School) -> None:
    """Refuse a school's file that holds no solution, or not the whole of one."""
    if not school.places:
        raise refuse(
            N_("This school has no solution in its file. Hand in its solution too: a file ending in _activities.xml."),
            file=school.file,
        )
    if len(school.places) < len(school.activities):
        raise refuse(
            N_(
                "In this file %(placed)s of %(all)s activities have a place. "
                "Hand in the solution too: a file ending in _activities.xml."
            ),
            file=school.file,
            placed=len(school.places),
            all=len(school.activities),
        )


class _Grid:
    """The days and slots of the result: FET's own, or with halves put together."""

    def __init__(self, school: School) -> None:
        self._halves = school.halves
        self._hours = school.hours
        self._bells: list[Bells] = [(None, None)] * len(school.hours) if school.halves else bells(school.hours)
        self.days = school.days
        self._before: list[str] = []  # of each half day, what is put before its hours
        if school.halves:
            pairs = list(zip(school.days[::2], school.days[1::2], strict=True))
            stems = [_stem(*pair) for pair in pairs]
            if len(set(stems)) < len(pairs) or not all(stems):
                stems = [" / ".join(pair)[:LONGEST_NAME] for pair in pairs]
            self.days = stems
            self._before = list(school.days)

    def row(self, activity: Activity, place: Place, day: int, hour: int) -> TimetableRow:
        """One hour of an activity; `day` and `hour` are FET's numbers."""
        name, position = self._hours[hour], hour
        if self._halves:
            name = f"{self._before[day]} {name}"[:LONGEST_NAME]
            day, half = divmod(day, 2)
            position += half * len(self._hours)
        event = f"{activity.subject[: LONGEST_NAME - LONGEST_ID - 1]} {activity.number}".strip()
        return TimetableRow(
            self.days[day],
            name,
            position,
            event,
            activity.teachers,
            activity.classes,
            place.rooms,
            activity.line,
            activity.subject,
            *self._bells[hour],
        )


def _stem(morning: str, afternoon: str) -> str:
    """What the names of the two halves of a day begin with alike: the name of the day, if anything."""
    alike = os.path.commonprefix([morning.casefold(), afternoon.casefold()])
    return morning[: len(alike)].rstrip(" -_/.")
