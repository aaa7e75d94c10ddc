"""Time in the test world: terms, Linden's timetable, and how it arranges cover.

Ten teachers take turns over six classes: each teaches six of ten periods in a row, so that in every period four are
free. Ana is free while Ben teaches in three of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sidebyside.calendars.actions.appointments import answer
from sidebyside.calendars.actions.special_days import add_term
from sidebyside.calendars.actions.timetables import apply_import, match_teachers
from sidebyside.calendars.models import Attendee, Term, Timetable
from sidebyside.calendars.queries import zone_at
from sidebyside.calendars.timetables import records
from sidebyside.cover.actions import mark_away, propose, send_out
from sidebyside.people.models import Person
from sidebyside.visits.actions.booking import book
from sidebyside.visits.actions.planning import plan_term
from sidebyside.visits.actions.releasing import agree_to_show, show_calendar
from sidebyside.visits.queries import Choice, Choices, lessons_to_visit, talk_times

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
DAY, WEEK = timedelta(days=1), timedelta(days=7)


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


def meet(world: World) -> None:
    """Ana is to visit Ben twice: once she is free anyway, once somebody has to take her lesson. Chen will be away."""
    ana, ben, at = world.ana, world.ben, world.at
    begin, zone = monday_of(at.date()) + WEEK, zone_at(world.linden.pk)
    free, covered = (
        _first(lessons_to_visit(observed=ben, observer=ana, begin=day, end=day + WEEK, at=at), covered=covered)
        for day, covered in ((begin, False), (begin + WEEK, True))
    )
    for choice in (free, covered):
        before, after = talk_times(observed=ben, observer=ana, span=choice.span, zone=zone, at=at)
        visit = book(
            world.ana_and_ben,
            observed=ben,
            observer=ana,
            lesson=choice.lesson.key if choice.lesson else choice.span,
            talk_before=before[0].span,
            talk_after=after[0].span,
            notes="They go on with the sheet on the desk.",
            by=ben,
            at=at - 2 * DAY,
        )
        world.visits["ana_visits_ben" if choice is free else "ana_visits_ben_covered"] = visit
    for attendee in Attendee.objects.filter(person=ana, appointment__meeting__visit=world.visits["ana_visits_ben"]):
        answer(attendee, answer=Attendee.Answer.YES, by=ana, at=at - DAY)
    on = covered.span.begin.astimezone(zone).date()
    propose(world.linden, on=on, by=world.olu, at=at - DAY)
    send_out(world.linden, on=on, by=world.olu, at=at - DAY)
    friday = datetime.combine(begin + timedelta(days=4), time(7), zone)
    mark_away(world.chen, school=world.linden, begin=friday, end=friday + timedelta(hours=10), by=world.olu, at=at)
    shown = show_calendar(world.ana_and_ben, to=world.dara, by=ana, at=at - DAY)
    agree_to_show(shown, by=ben, at=at - DAY)


def plan_next_term(world: World) -> None:
    """Emre has the second term proposed to the partnerships that Linden has by now, all of them anew."""
    term = Term.objects.get(place=world.northshore, name="Second term")
    plan_term(world.linden, begin=term.begin, end=term.end, term=term, by=world.emre, at=world.at - DAY)


def name_the_others(world: World, staff: Sequence[Person]) -> None:
    """Say whose the names of Linden's timetable are that belong to nobody of the test world."""
    timetable = Timetable.objects.get(school=world.linden, owner=None)
    waiting = timetable.teachers.filter(person=None).order_by("name")
    people: dict[int, int | None] = {teacher.pk: person.pk for teacher, person in zip(waiting, staff, strict=False)}
    match_teachers(timetable, people=people, by=world.olu, at=world.at - 9 * WEEK)


def _first(choices: Choices, *, covered: bool) -> Choice:
    """The best lesson for which nobody is needed, or (`covered`) the best for which somebody is."""
    return next(one for one in choices.found if bool(one.to_cover) == covered and one.coverable)


def monday_of(day: date) -> date:
    """The Monday of a date's week."""
    return day - timedelta(days=day.weekday())


def _rows(world: World) -> list[records.TimetableRow]:
    rows: list[records.TimetableRow] = []
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
