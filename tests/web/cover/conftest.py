"""The school of the cover tests with a timetable that holds now: its first day of lessons is tomorrow."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from sidebyside.cover import actions
from sidebyside.cover.models import CoverOffer, CoverRequest
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, give_post, give_role
from sidebyside.places.models import Place, Role
from tests.cover.conftest import Staff, settle

ZONE = ZoneInfo("Europe/Lisbon")


@dataclass
class Desk:
    """The school, tomorrow, and what is done about it."""

    staff: Staff
    on: date

    def __getattr__(self, name: str) -> Person:
        return getattr(self.__dict__["staff"], name)

    @property
    def school(self) -> Place:
        return self.staff.school

    def moment(self, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.on, time(hour, minute), ZONE)

    def ask(self, name: str, number: int, notes: str = "") -> CoverRequest:
        return self.staff.ask(name, number, on=self.on, notes=notes, at=timezone.now())

    def choose(self, request: CoverRequest, name: str, *, send: bool = True, agreed: bool = False) -> CoverOffer:
        at, person = timezone.now(), self.staff.people[name]
        offer = actions.choose(
            request, kind=CoverOffer.Kind.COLLEAGUE, person=person, ask=send, agreed=agreed, by=self.staff.olu, at=at
        )
        return CoverOffer.objects.get(pk=offer.pk)


@pytest.fixture
def desk(db: None) -> Desk:
    return made()


def made() -> Desk:
    staff, on = settle(), timezone.localdate(timezone=ZONE) + timedelta(days=1)
    staff.timetable.begin, staff.timetable.end = on - timedelta(days=40), on + timedelta(days=40)
    staff.timetable.weekdays = [(on.weekday() + number) % 7 for number in range(5)]
    staff.timetable.save()
    began = timezone.now() - timedelta(days=100)
    fell = add_place(kind=Place.Kind.SCHOOL, name="Fell School", parent=None, by=None, at=began)
    for name, place, role in (
        ("mai", fell, Role.Kind.COVER_DESK),
        ("emre", staff.school, Role.Kind.FACILITATOR),
        ("jonas", staff.school, Role.Kind.EVALUATOR),
        ("ines", staff.school, Role.Kind.LEAD),
    ):
        person = Person.objects.create(given_name=name.title(), family_name="Weber", email=f"{name}@example.org")
        give_post(person, place=fell, title="", from_date=began.date(), at=began)
        give_role(person, kind=role, place=place, by=staff.olu, at=began)
        staff.people[name] = person
    return Desk(staff, on)
