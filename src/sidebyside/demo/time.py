"""Time in the test world: terms, Linden's timetable, and how it arranges cover.

Ten teachers take turns over six classes: each teaches six of ten periods in a row, so that in every period four are
free. Ana is free while Ben teaches in three of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from sidebyside.calendars.actions.special_days import add_term
from sidebyside.calendars.actions.timetables import apply_import, match_teachers
from sidebyside.calendars.models import Timetable
from sidebyside.calendars.timetables import records
from sidebyside.people.models import Person

if TYPE_CHECKING:
    from sidebyside.demo.world import World

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
BELLS = (
    (time(8, 30), time(9, 15)),
    (time(9, 20), time(10, 5)),
    (time(10, 25), time(11, 10)),
    (time(11, 15), time(12, 0)),
    (time(13, 0), time(13, 45)),
    (time(13, 50), time(14, 35)),
)
CLASSES = ("7A", "7B", "8A", "8B", "9A", "9B")
# In the order of their turns: who (by name in the world, or as the file calls her), what, and where.
TEACHERS = (
    ("ana", "Mathematics", "12"),
    ("M. Duarte", "History", "3"),
    ("S. Kaya", "Art", "Studio"),
    ("ben", "Science", "Lab 1"),
    ("J. Novak", "Geography", "5"),
    ("P. Adjei", "Music", "Hall"),
    ("chen", "Languages", "8"),
    ("R. Lindqvist", "Sport", "Gym"),
    ("lena", "Science", "Lab 2"),
    ("T. Haas", "Mathematics", "11"),
)
WEEK = timedelta(days=7)


def keep_time(world: World) -> None:
    """Give the places their terms and Linden its timetable, brought by Olu."""
    monday = monday_of(world.at.date())
    began = world.at - 10 * WEEK
    for name, begin, weeks in (("First term", monday - 10 * WEEK, 16), ("Second term", monday + 7 * WEEK, 14)):
        end = begin + weeks * WEEK - timedelta(days=3)
        add_term(world.northshore, name=name, begin=begin, end=end, by=world.ines, at=began)
    people = {world.people[key].name: world.people[key].pk for key, _subject, _room in TEACHERS if key in world.people}
    apply_import(
        records.Timetable(tuple(_rows(world)), DAYS),
        school=world.linden,
        name="This year",
        begin=monday - 10 * WEEK,
        end=monday + 30 * WEEK,
        weekdays=range(5),
        teachers=people,
        by=world.olu,
        at=began,
    )


def name_the_others(world: World, staff: Sequence[Person]) -> None:
    """Say whose the names of Linden's timetable are that belong to nobody of the test world."""
    timetable = Timetable.objects.get(school=world.linden, owner=None)
    waiting = timetable.teachers.filter(person=None).order_by("name")
    people: dict[int, int | None] = {teacher.pk: person.pk for teacher, person in zip(waiting, staff, strict=False)}
    match_teachers(timetable, people=people, by=world.olu, at=world.at - 9 * WEEK)


def monday_of(day: date) -> date:
    """The Monday of a date's week."""
    return day - timedelta(days=day.weekday())


def _rows(world: World) -> list[records.TimetableRow]:
    rows = []
    for number, day in enumerate(DAYS):
        for position, (begins, ends) in enumerate(BELLS):
            turn = number * len(BELLS) + position
            for at, name in enumerate(CLASSES):
                who, subject, room = TEACHERS[(turn + at) % len(TEACHERS)]
                teacher = world.people[who].name if who in world.people else who
                rows.append(
                    records.TimetableRow(
                        day=day,
                        slot=str(position + 1),
                        position=position,
                        event=f"{subject} {name}",
                        teachers=(teacher,),
                        classes=(name,),
                        rooms=(room,),
                        line=len(rows) + 2,
                        subject=subject,
                        begins=begins,
                        ends=ends,
                    )
                )
    return rows
