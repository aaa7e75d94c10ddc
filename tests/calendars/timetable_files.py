"""A small school's timetable for tests: three teachers, two days, four periods."""

from __future__ import annotations

import io
from datetime import date, time, timedelta

from sidebyside.calendars.actions.own_weeks import type_week
from sidebyside.calendars.actions.special_days import set_special_day
from sidebyside.calendars.actions.timetable_uploads import folder_of_uploads, keep_upload
from sidebyside.calendars.actions.timetables import apply_import
from sidebyside.calendars.models import Timetable, TimetableImport
from sidebyside.calendars.periods import PlannedPeriod
from sidebyside.calendars.timetables import plain, records

SHEET = """\
day,slot,slot_index,event,subject,teachers,classes,rooms,begins,ends
Monday,1,1,Ma7,Mathematics,Ana Sousa,7A,R1,08:00,08:50
Monday,2,2,Sc7,Science,Okafor,7A,R2,09:00,09:50
Monday,2,2,Ma8,Mathematics,Ana Sousa,8B,R1,,
Monday,3,3,Ar8,Art,T. Unknown,8B,Studio,10:10,11:00
Tuesday,1,1,Ch7,Chinese,陈静|Ana Sousa,7A,R3,08:00,08:50
Tuesday,2,2,Sc8,Science,Okafor,8B,R2,09:00,09:50
"""
BEGIN, END = date(2023, 9, 4), date(2023, 12, 15)  # a Monday, a Friday


def read(text: str = SHEET) -> records.Timetable:
    """What a sheet says."""
    return plain.read_sheet(io.BytesIO(text.encode()), "week.csv")


def taken_in(world, text: str = SHEET, **changes) -> Timetable:
    """The sheet as Linden School's timetable, taken in by its cover desk; Ana and Ben are known in it."""
    given = {
        "school": world.linden, "name": "Autumn", "begin": BEGIN, "end": END, "weekdays": [0, 1],
        "teachers": {"Ana Sousa": world.ana.pk, "Okafor": world.ben.pk}, "by": world.olu, "at": world.at,
    }  # fmt: skip
    return apply_import(read(text), **{**given, **changes})


def bells(begins: str, ends: str) -> tuple[time, time]:
    """Two times as they are written."""
    return time.fromisoformat(begins), time.fromisoformat(ends)


def furnish(world) -> None:
    """Put into the world what the demonstration need not have: files that wait to be taken in at Linden, a day on
    which its timetable is another, and the week that Mai typed for herself last year."""
    keep_upload([("week.csv", SHEET.encode())], school=world.linden, by=world.olu, at=world.at)
    linden = Timetable.objects.get(school=world.linden, owner=None)
    free = world.at.date() + timedelta(days=30)
    set_special_day(linden, on=free, kind="closed", by=world.olu, at=world.at)
    type_week(
        world.mai, school=world.fell, begin=BEGIN, end=END, days=["Monday"], weekdays=[0],
        periods=[PlannedPeriod(0, 0, "1", *bells("08:00", "08:45"))], taught={(0, 0)}, by=world.mai, at=world.at,
    )  # fmt: skip


def put_back() -> None:
    """The files of uploads that wait, whose rows were put back."""
    for waiting in TimetableImport.objects.exclude(stored_as=""):
        folder = folder_of_uploads() / waiting.stored_as
        folder.mkdir(exist_ok=True)
        (folder / "0").write_bytes(SHEET.encode())
