"""A small school with a timetable, made row by row, for tests below the verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sidebyside.calendars.models import Period, Timetable, TimetableLesson, TimetableTeacher
from sidebyside.people.models import Person
from sidebyside.places.models import Place

MONDAY = date(2026, 11, 23)
BELLS = (("1", 8, 30), ("2", 9, 20), ("3", 10, 25), ("4", 11, 15))
AT = datetime(2026, 8, 20, 12, tzinfo=UTC)


def timetable(school: Place, *, days: tuple[str, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri"), **fields) -> Timetable:
    """A timetable with four lessons of 45 minutes a day, and nobody in it yet."""
    fields = {"begin": date(2026, 9, 1), "end": date(2027, 7, 16), "weekdays": [0, 1, 2, 3, 4], **fields}
    made = Timetable.objects.create(school=school, name="Autumn", days=list(days), made_at=AT, **fields)
    for day in range(len(days)):
        for position, (name, hour, minute) in enumerate(BELLS):
            begins = time(hour, minute)
            ends = (datetime.combine(MONDAY, begins) + timedelta(minutes=45)).time()
            Period.objects.create(timetable=made, day=day, position=position, name=name, begins=begins, ends=ends)
    return made


def teaches(made: Timetable, person: Person | str, *slots: tuple[int, int], subject: str = "Mathematics") -> None:
    """Somebody (a person, or a name nobody here has) teaches in these slots (day, position)."""
    named = person if isinstance(person, str) else f"{person.given_name} {person.family_name}"
    owner = None if isinstance(person, str) else person
    teacher, _new = TimetableTeacher.objects.get_or_create(timetable=made, name=named, defaults={"person": owner})
    for day, position in slots:
        period = Period.objects.get(timetable=made, day=day, position=position)
        lesson = TimetableLesson.objects.create(
            period=period, event=f"{subject}-{day}-{position}", subject=subject, classes=["7A"], rooms=["12"]
        )
        lesson.teachers.add(teacher)
