"""One small school and who works there, for the rules of partnerships."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from sidebyside.partnerships import actions
from sidebyside.partnerships.models import Form, Part, Partnership
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, give_post, give_role
from sidebyside.places.models import Place, Role

AT = datetime(2026, 11, 20, 10, 40, tzinfo=UTC)


@dataclass
class School:
    """A school with two faculties, another school beside it, and their people."""

    district: Place
    school: Place
    maths: Place
    science: Place
    elsewhere: Place
    coach: Person
    ben: Person
    chen: Person
    lena: Person
    leader: Person
    facilitator: Person
    stranger: Person

    def pair(self, partner: Person | None = None, at: datetime = AT) -> Partnership:
        """The coach and a learning partner, formed as people do."""
        partner = partner or self.ben
        proposal = actions.propose(
            by=self.coach, form=Form.PAIR, seats=[(self.coach, Part.COACH), (partner, Part.PARTNER)], at=at
        )
        formed = actions.accept(proposal, by=partner, at=at + timedelta(minutes=5))
        assert formed is not None
        return formed

    def peers(self, *people: Person, at: datetime = AT) -> Partnership:
        proposal = actions.propose(by=people[0], form=Form.PEERS, seats=[(p, Part.PEER) for p in people], at=at)
        formed = None
        for person in people[1:]:
            formed = actions.accept(proposal, by=person, at=at)
        assert formed is not None
        return formed

    def team(self, *partners: Person, at: datetime = AT) -> Partnership:
        seats = [(self.coach, Part.COACH), *((partner, Part.PARTNER) for partner in partners)]
        proposal = actions.propose(by=self.coach, form=Form.TEAM, seats=seats, at=at)
        formed = None
        for partner in partners:
            formed = actions.accept(proposal, by=partner, at=at)
        assert formed is not None
        return formed


@pytest.fixture
def school(db: None) -> School:  # tests name the databases they use
    began = AT - timedelta(days=100)

    def place(kind: str, name: str, parent: Place | None) -> Place:
        return add_place(kind=kind, name=name, parent=parent, by=None, at=began)

    def person(name: str, where: Place) -> Person:
        given, _space, family = name.partition(" ")
        made = Person.objects.create(given_name=given, family_name=family, email=f"{given.lower()}@example.org")
        give_post(made, place=where, title="teacher", from_date=began.date(), at=began)
        return made

    district = place(Place.Kind.DISTRICT, "Harbour", None)
    linden = place(Place.Kind.SCHOOL, "Linden", district)
    maths = place(Place.Kind.FACULTY, "Mathematics", linden)
    science = place(Place.Kind.FACULTY, "Science", linden)
    fell = place(Place.Kind.SCHOOL, "Fell", place(Place.Kind.DISTRICT, "Upland", None))
    found = School(
        district,
        linden,
        maths,
        science,
        fell,
        coach=person("Ana Sousa", maths),
        ben=person("Ben Okafor", science),
        chen=person("Chen Jing", linden),
        lena=person("Lena Fischer", science),
        leader=person("Dara Diaz", linden),
        facilitator=person("Emre Yılmaz", district),
        stranger=person("Mai Nguyen", fell),
    )
    for who, kind, where in (
        (found.coach, Role.Kind.COACH, linden),
        (found.leader, Role.Kind.LEADER, linden),
        (found.facilitator, Role.Kind.FACILITATOR, district),
        (found.stranger, Role.Kind.COACH, fell),
    ):
        give_role(who, kind=kind, place=where, by=None, at=began)
    return found
