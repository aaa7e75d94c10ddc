"""A school with a timetable that holds today, two partners, a colleague, a leader, and somebody of another school."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.models import Appointment
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, give_role
from sidebyside.places.models import Place, Role
from sidebyside.visits.models import Meeting
from tests.calendars.school import teaches, timetable
from tests.pairs import LONG_AGO, Pair, pair, partnership_of, person

LISBON = ZoneInfo("Europe/Lisbon")
LONG = timedelta(minutes=45)


@dataclass
class School:
    """Everybody by name. `monday` is the one of next week."""

    pair: Pair
    mai: Person
    dara: Person

    @property
    def ana(self) -> Person:
        return self.pair.coach

    @property
    def ben(self) -> Person:
        return self.pair.partner

    @property
    def lena(self) -> Person:
        return self.pair.outsider

    @property
    def monday(self):
        today = timezone.localdate()
        return today + timedelta(days=7 - today.weekday())

    def at(self, hour: int, minute: int = 0, day: int = 0) -> datetime:
        """A time of next week, by the clock of Lisbon."""
        return datetime.combine(self.monday + timedelta(days=day), time(hour, minute), LISBON)

    def make(self, begin: datetime, *people: Person, kind: str = "meeting", ours: bool = True, **more) -> Appointment:
        """An appointment of Ana and Ben, or of others; with `ours` it is one of their partnership."""
        people = people or (self.ana, self.ben)
        made = verbs.make(
            kind=kind,
            begin=begin,
            end=begin + LONG,
            zone=more.pop("zone", "Europe/Lisbon"),
            people=people,
            by=people[0],
            at=timezone.now(),
            **more,
        )
        if ours:
            Meeting.objects.create(appointment=made, partnership=self.pair.partnership)
        return made


@pytest.fixture
def school(db) -> School:
    found = pair()
    Place.objects.filter(pk=found.school.pk).update(time_zone="Europe/Lisbon")
    today = timezone.localdate()
    made = timetable(found.school, begin=today - timedelta(days=30), end=today + timedelta(days=200))
    teaches(made, found.coach, (0, 0), (0, 1), subject="Mathematics")
    teaches(made, found.partner, (0, 0), (0, 2), subject="Science")
    far = add_place(kind=Place.Kind.SCHOOL, name="Far", parent=None, by=None, at=LONG_AGO, time_zone="America/New_York")
    dara = person("Dara", "Leads", found.school)
    give_role(dara, kind=Role.Kind.LEADER, place=found.school, by=None, at=LONG_AGO)
    mai = person("Mai", "Far", far)
    partnership_of(mai, person("Tom", "Far", far), school=far)
    return School(found, mai, dara)


@pytest.fixture
def signed_in():
    def client(who: Person) -> Client:
        made = Client()
        made.force_login(who)
        return made

    return client
