"""One school with a timetable of one Thursday, repeated, and who works there."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest

from sidebyside.calendars.models import Period, Timetable, TimetableLesson, TimetableTeacher
from sidebyside.calendars.queries import Taught, lessons_of
from sidebyside.cover import actions
from sidebyside.cover.models import CoverRequest
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, give_post, give_role
from sidebyside.places.models import Place, Role

# A Thursday, in winter: the school is in Lisbon, where the clock shows UTC then.
ON = date(2026, 11, 26)
AT = datetime(2026, 11, 26, 7, 20, tzinfo=UTC)
BELLS = [(time(8, 30), time(9, 15)), (time(9, 25), time(10, 10)), (time(10, 30), time(11, 15))]
# Who teaches what, whom and where, by period.
WEEK = {
    "ana": [("Maths", "7a", "12"), ("Maths", "7b", "12"), None],
    "ben": [("Physics", "8a", "lab"), None, ("Physics", "8b", "lab")],
    "chen": [None, ("Maths", "9a", "4"), ("Maths", "7a", "4")],
    "lena": [None, None, ("Art", "7b", "9")],
    "olu": [None, ("History", "8a", "3"), None],
}


def moment(hour: int, minute: int = 0, on: date = ON) -> datetime:
    """A time of that day."""
    return datetime.combine(on, time(hour, minute), UTC)


@dataclass
class Staff:
    """Linden School: people by name, its place, and its timetable."""

    school: Place
    timetable: Timetable
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        people = self.__dict__.get("people", {})
        if name not in people:
            raise AttributeError(name)
        return people[name]

    def taught(self, name: str, number: int, on: date = ON) -> Taught:
        """The lesson of somebody on a date, by its order in her day."""
        return lessons_of([self.people[name].pk], begin=on, end=on)[number]

    def ask(self, name: str, number: int, *, notes: str = "", on: date = ON, at: datetime = AT) -> CoverRequest:
        """Somebody asks that a lesson of hers be covered, for professional learning."""
        taught = self.taught(name, number, on)
        span = taught.span
        assert span is not None
        person = self.people[name]
        return actions.ask(
            school=self.school, person=person, taught=taught, begin=span.begin, end=span.end, notes=notes,
            by=person, at=at,
        )  # fmt: skip


@pytest.fixture
def staff(db: None) -> Staff:  # tests name the databases they use
    return settle()


def settle() -> Staff:
    """Make the school; Olu is its cover desk, Dara leads it and teaches nothing."""
    began = AT - timedelta(days=100)
    region = add_place(kind=Place.Kind.REGION, name="Coast", parent=None, by=None, at=began, time_zone="Europe/Lisbon")
    school = add_place(kind=Place.Kind.SCHOOL, name="Linden School", parent=region, by=None, at=began)
    timetable = Timetable.objects.create(
        school=school, name="Autumn", begin=ON - timedelta(days=60), end=ON + timedelta(days=60),
        days=["Mon", "Tue", "Wed", "Thu", "Fri"], weekdays=[0, 1, 2, 3, 4], made_at=began,
    )  # fmt: skip
    made = Staff(school, timetable)
    for name in (*WEEK, "dara"):
        person = Person.objects.create(
            given_name=name.title(), family_name="Fischer" if name == "lena" else "Sousa", email=f"{name}@example.org",
            joined_at=began,
        )  # fmt: skip
        give_post(person, place=school, title="teacher", from_date=began.date(), at=began)
        made.people[name] = person
    give_role(made.olu, kind=Role.Kind.COVER_DESK, place=school, by=made.olu, at=began)
    give_role(made.dara, kind=Role.Kind.LEADER, place=school, by=made.olu, at=began)
    teachers = {
        name: TimetableTeacher.objects.create(timetable=timetable, name=name, person=made.people[name]) for name in WEEK
    }
    periods = Period.objects.bulk_create(
        Period(timetable=timetable, day=day, position=position, name=str(position + 1), begins=begins, ends=ends)
        for day in range(5)
        for position, (begins, ends) in enumerate(BELLS)
    )
    taught = [
        (
            name,
            TimetableLesson(
                period=period, event=f"{name}{period.position}", subject=subject, classes=[of_class], rooms=[room]
            ),
        )
        for period in periods
        for name, lessons in WEEK.items()
        if (lesson := lessons[period.position])
        for subject, of_class, room in [lesson]
    ]
    TimetableLesson.objects.bulk_create(lesson for _name, lesson in taught)
    through = TimetableLesson.teachers.through
    through.objects.bulk_create(
        through(timetablelesson=lesson, timetableteacher=teachers[name]) for name, lesson in taught
    )
    return made
