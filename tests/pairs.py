"""A small world for tests of a partnership's work: a coach, her partner, and an outsider at the same school."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.test import Client

from sidebyside.cycles import actions
from sidebyside.cycles.models import Cycle
from sidebyside.materials.actions import load_shipped
from sidebyside.materials.models import MaterialVersion
from sidebyside.materials.queries import latest
from sidebyside.partnerships.models import Form, Member, Part, Partnership
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place
from sidebyside.places.models import Place, Post

NOW = datetime(2026, 11, 16, 10, 42, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=60)


@dataclass
class Pair:
    """A partnership of two in a running cycle, and somebody who has no part in it."""

    coach: Person
    partner: Person
    outsider: Person
    school: Place
    partnership: Partnership
    cycle: Cycle


def person(given_name: str, family_name: str = "Test", school: Place | None = None) -> Person:
    """A person, with a post at a school where one is named."""
    made = Person.objects.create(
        given_name=given_name, family_name=family_name, email=f"{given_name}.{family_name}@example.org".lower()
    )
    if school is not None:
        Post.objects.create(person=made, place=school, title="Teacher", from_date=LONG_AGO.date())
    return made


def partnership_of(*people: Person, school: Place, form: Form = Form.PAIR) -> Partnership:
    """A partnership; the first coaches, or all are peers."""
    made = Partnership.objects.create(form=form, formed_at=LONG_AGO)
    for at, one in enumerate(people):
        part = Part.PEER if form == Form.PEERS else Part.PARTNER if at else Part.COACH
        Member.objects.create(partnership=made, person=one, part=part, school=school, joined_at=LONG_AGO)
    return made


def cycle_template(slug: str = "five_stages") -> MaterialVersion:
    """A template that ships."""
    if not MaterialVersion.objects.exists():
        load_shipped(LONG_AGO)
    return latest("cycle", slug)


def pair(name: str = "Quay", template: str = "five_stages") -> Pair:
    """Ana coaches Ben, Lena has no part."""
    asks = person("Wim", name)
    school = add_place(kind=Place.Kind.SCHOOL, name=f"{name} School", parent=None, by=asks, at=LONG_AGO)
    ana, ben, lena = (person(given, name, school) for given in ("Ana", "Ben", "Lena"))
    partnership = partnership_of(ana, ben, school=school)
    cycle = actions.begin(partnership, template=cycle_template(template), by=ana, at=LONG_AGO)
    return Pair(ana, ben, lena, school, partnership, cycle)


def signed_in(person: Person) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(person)
    return client
