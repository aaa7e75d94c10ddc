"""Questions about timetables for pages: what holds when, one day, one week, and whose the names may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from sidebyside.calendars.days import dates
from sidebyside.calendars.models import (
    KeptFree,
    Period,
    SpecialDay,
    Term,
    Timetable,
    TimetableImport,
    TimetableLesson,
    TimetableTeacher,
)
from sidebyside.calendars.queries import Taught, pattern_of, taught_between
from sidebyside.calendars.teachers import Colleague, Match, matches
from sidebyside.people.models import Person
from sidebyside.places.models import Link, Place, Post
from sidebyside.places.queries import ids_below

LOOK_AHEAD = timedelta(days=60)


# Which timetable


def of_school(timetables: QuerySet[Timetable], school: Place) -> list[Timetable]:
    """Of these, the timetables of a school, the latest first; those that were put away come last."""
    found = timetables.filter(school=school, owner=None).select_related("made_by", "put_away_by")
    return sorted(found, key=lambda one: (one.put_away_at is None, one.begin, one.pk), reverse=True)


def in_force(timetables: Iterable[Timetable], on: date) -> Timetable | None:
    """Of these, the timetable that holds on a date; else the next to begin, else the last that ended."""
    alive = [one for one in timetables if one.put_away_at is None]
    holding = [one for one in alive if one.begin <= on <= one.end]
    coming = sorted((one for one in alive if one.begin > on), key=lambda one: one.begin)
    past = sorted((one for one in alive if one.end < on), key=lambda one: one.end)
    return next(iter(holding), None) or next(iter(coming), None) or (past[-1] if past else None)


def week_of(person: Person, timetables: QuerySet[Timetable], *, on: date) -> Timetable | None:
    """The timetable by which a person's week goes on a date, or next: one of a school that names her; else the week
    she typed; else None. `timetables` are those she may see."""
    coming = timetables.filter(put_away_at=None, end__gte=on).select_related("school").order_by("begin", "pk")
    named = coming.filter(owner=None, teachers__person=person).distinct().first()
    return named or coming.filter(owner=person).first()


def last_week_of(person: Person, timetables: QuerySet[Timetable], *, on: date) -> Timetable | None:
    """The latest week she typed for herself that is over on a date."""
    return timetables.filter(owner=person, put_away_at=None, end__lt=on).order_by("-end").first()


def waiting_imports(imports: QuerySet[TimetableImport], school: Place) -> QuerySet[TimetableImport]:
    """Of these, the uploads of a school that nobody has decided about, the latest first."""
    return imports.filter(school=school, applied_at=None, put_away_at=None).select_related("by").order_by("-at")


def terms_of(terms: QuerySet[Term], place: Place) -> QuerySet[Term]:
    """Of these, the terms that a place itself has, in their order."""
    return terms.filter(place=place).order_by("begin")


def terms_for(terms: QuerySet[Term], place: Place, *, begin: date) -> list[Term]:
    """Of these, the terms by which a place goes that end on this date or later: its own, else those of the nearest
    place above it that has any."""
    depths = dict(Link.objects.filter(place=place).values_list("above", "depth"))
    found = list(terms.filter(place__in=depths, end__gte=begin).order_by("begin"))
    nearest = min((depths[term.place_id] for term in found), default=None)
    return [term for term in found if depths[term.place_id] == nearest]


def special_days_of(timetable: Timetable) -> QuerySet[SpecialDay]:
    """The special days of a timetable, in their order."""
    return SpecialDay.objects.filter(timetable=timetable).order_by("on")


# One day, one week


@dataclass
class DayOfSchool:
    """A date with the lessons of each of its periods: (what the period is called, its times, its lessons)."""

    on: date
    day: int | None
    special: SpecialDay | None
    periods: list[tuple[Period, list[str] | None, list[Taught]]] = field(default_factory=list)


def day_at_school(timetable: Timetable, on: date) -> DayOfSchool:
    """All lessons of a timetable on a date, period by period. `day` is None where the date has no lessons."""
    special = list(SpecialDay.objects.filter(timetable=timetable, on__lte=on))
    here = next((one for one in special if one.on == on), None)
    found = dates(pattern_of(timetable, special), on, on)
    if not found:
        return DayOfSchool(on, None, here)
    number = found[0][1]
    taught: dict[int, list[Taught]] = {}
    for lesson in taught_between([timetable], begin=on, end=on):
        taught.setdefault(lesson.period.period, []).append(lesson)
    bells = here.bells if here is not None and here.kind == SpecialDay.Kind.BELLS else None
    day = DayOfSchool(on, number, here)
    for period in Period.objects.filter(timetable=timetable, day=number).order_by("position"):
        if bells is not None and str(period.position) not in bells:
            continue
        day.periods.append((period, bells[str(period.position)] if bells else None, taught.get(period.pk, [])))
    return day


def next_date_with_lessons(timetable: Timetable, on: date) -> date | None:
    """The first date from `on` that is a day of the timetable; else the last one before; None where there is none."""
    pattern = pattern_of(timetable, SpecialDay.objects.filter(timetable=timetable))
    begin = max(on, timetable.begin)
    ahead = dates(pattern, begin, begin + LOOK_AHEAD)
    if ahead:
        return ahead[0][0]
    behind = dates(pattern, timetable.end - LOOK_AHEAD, timetable.end)
    return behind[-1][0] if behind else None


def dates_of(timetable: Timetable, begin: date, end: date) -> dict[date, int]:
    """Which day of the timetable each date is; a date without lessons is left out."""
    return dict(dates(pattern_of(timetable, SpecialDay.objects.filter(timetable=timetable)), begin, end))


def usual_day(timetable: Timetable, on: date) -> int | None:
    """Which day of the timetable a date is, whatever bell times it has; None where it has no lessons."""
    return dates_of(timetable, on, on).get(on)


def periods_of_day(timetable: Timetable, day: int) -> list[Period]:
    """The periods of a day of a timetable, in their order."""
    return list(Period.objects.filter(timetable=timetable, day=day).order_by("position"))


@dataclass
class WeekGrid:
    """The days of a timetable side by side: for each position the periods of the days, None where a day has none."""

    days: list[str]
    rows: list[tuple[int, list[Period | None]]]
    lessons: dict[int, list[TimetableLesson]]

    @property
    def times_alike(self) -> bool:
        """Whether each position has one name and the same times on all days, so that its row can say them once."""
        for _position, periods in self.rows:
            if len({(one.begins, one.ends) for one in periods if one is not None}) > 1:
                return False
        return True


def week_grid(timetable: Timetable, lessons: QuerySet[TimetableLesson] | None = None) -> WeekGrid:
    """The week of a timetable with these lessons in it, all of them where none are named. Three queries."""
    periods = list(Period.objects.filter(timetable=timetable))
    chosen = TimetableLesson.objects.all() if lessons is None else lessons
    of_period: dict[int, list[TimetableLesson]] = {}
    for lesson in chosen.filter(period__timetable=timetable).prefetch_related("teachers").order_by("pk"):
        of_period.setdefault(lesson.period_id, []).append(lesson)
    by_key = {(one.day, one.position): one for one in periods}
    rows = [
        (position, [by_key.get((day, position)) for day in range(len(timetable.days))])
        for position in sorted({one.position for one in periods})
    ]
    return WeekGrid(list(timetable.days), rows, of_period)


def taught_by_person(timetable: Timetable, person: Person) -> QuerySet[TimetableLesson]:
    """The lessons of a timetable that a person teaches."""
    return TimetableLesson.objects.filter(period__timetable=timetable, teachers__person=person).distinct()


def taught_by_name(timetable: Timetable, teacher: int) -> QuerySet[TimetableLesson]:
    """The lessons of one name of a timetable (the id of a TimetableTeacher)."""
    return TimetableLesson.objects.filter(period__timetable=timetable, teachers=teacher)


def lessons_with(timetable: Timetable, kind: str, name: str) -> QuerySet[TimetableLesson]:
    """The lessons of a timetable in a class (`kind` is "classes") or a room ("rooms") of that name."""
    lessons = TimetableLesson.objects.filter(period__timetable=timetable)
    held = [pk for pk, names in lessons.values_list("pk", kind) if name in names]
    return lessons.filter(pk__in=held)


def names_in(timetable: Timetable) -> tuple[list[TimetableTeacher], list[str], list[str]]:
    """Everybody and everything in a timetable, by name: its teachers, its classes, its rooms. Two queries."""
    teachers = list(TimetableTeacher.objects.filter(timetable=timetable).order_by("name"))
    classes, rooms = set(), set()
    for of_class, of_room in TimetableLesson.objects.filter(period__timetable=timetable).values_list(
        "classes", "rooms"
    ):
        classes.update(of_class)
        rooms.update(of_room)
    return teachers, sorted(classes), sorted(rooms)


def numbers_in(timetable: Timetable) -> dict[str, int]:
    """How much there is in a timetable, and how many of its periods have no bell times."""
    teachers = Counter(
        "known" if person else "unknown"
        for person in TimetableTeacher.objects.filter(timetable=timetable).values_list("person", flat=True)
    )
    return {
        "lessons": TimetableLesson.objects.filter(period__timetable=timetable).count(),
        "teachers": sum(teachers.values()),
        "unknown": teachers["unknown"],
        "silent": Period.objects.filter(timetable=timetable, begins=None).count(),
    }


def kept_free_in(kept: QuerySet[KeptFree], timetable: Timetable) -> set[int]:
    """Of these, the periods of a timetable (their ids)."""
    return set(kept.filter(period__timetable=timetable).values_list("period", flat=True))


# Whose name it is


def colleagues_at(people: QuerySet[Person], school: Place) -> list[Person]:
    """Of these, the persons who work at a school today, by name."""
    here = Post.objects.filter(to_date=None, place__in=ids_below([school.pk]))
    return list(people.filter(pk__in=here.values("person")).order_by("given_name", "family_name", "pk"))


def as_colleagues(people: Sequence[Person]) -> list[Colleague]:
    """Persons as `teachers.matches` takes them."""
    return [Colleague(one.pk, one.given_name, one.family_name) for one in people]


def said_before(timetables: QuerySet[Timetable], school: Place) -> dict[str, int]:
    """Of these timetables, what those of a school say whose a name is; of several the latest counts."""
    known = TimetableTeacher.objects.filter(
        Q(timetable__in=timetables.filter(school=school, owner=None)), person__isnull=False
    )
    return dict(known.order_by("timetable__begin", "timetable").values_list("name", "person"))


def names_of(people: QuerySet[Person], ids: Collection[int]) -> dict[int, str]:
    """Of these persons, the names by id."""
    return {one.pk: one.name for one in people.filter(pk__in=list(ids))}


# For the command line, which nobody is signed in to


def schools_called(text: str) -> list[Place]:
    """The open schools of this id or this exact name."""
    schools = Place.objects.filter(kind=Place.Kind.SCHOOL, closed_at=None)
    found = list(schools.filter(pk=int(text))) if text.isascii() and text.isdigit() and len(text) < 19 else []
    return found or list(schools.filter(name=text).order_by("pk"))


def matches_at(school: Place, names: Collection[str]) -> dict[str, Match]:
    """Whose these names most likely are among those who work at a school today."""
    people = colleagues_at(Person.objects.filter(left_at=None), school)
    return matches(sorted(names), as_colleagues(people), said_before(Timetable.objects.all(), school))
