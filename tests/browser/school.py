"""A school on the first day of its programme: people with posts and roles, and nobody works together yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sidebyside.cycles import actions as cycles
from sidebyside.cycles.models import Cycle, Sheet
from sidebyside.materials.actions import begin_installation
from sidebyside.materials.queries import latest
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Part, Partnership
from sidebyside.people import actions as people
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, give_post, give_role
from sidebyside.places.models import Place, Role


@dataclass
class School:
    """Wei coaches, José and Noa teach, Nadia leads the school, Amina facilitates in the district."""

    at: datetime
    place: Place
    wei: Person
    jose: Person
    noa: Person
    nadia: Person
    amina: Person


def opened(at: datetime) -> School:
    """Make it, as an installation stands after its roster and its roles."""
    began = at - timedelta(days=3)
    begin_installation(
        people.open_first_run(at=began),
        given_name="Kofi", family_name="Mensah", email="kofi@harbour.example", kind="district", place="Harbour",
        language="en", time_zone="Europe/Lisbon", programme="Harbour side by side", leads=False, at=began,
    )  # fmt: skip
    district = Place.objects.get()
    place = add_place(kind="school", name="Mill Lane School", parent=district, by=None, at=began)
    names = [("Wei", "Lin"), ("José", "Núñez"), ("Noa", "כהן"), ("Nadia", "Petrov"), ("Amina", "حداد")]
    found = []
    for given, family in names:
        person = Person.objects.create(given_name=given, family_name=family, email=f"{len(found)}@harbour.example")
        give_post(person, place=place, title="", from_date=began.date(), at=began)
        people.admit(person, at=began)
        found.append(person)
    wei, jose, noa, nadia, amina = found
    for person, kind, where in (
        (wei, Role.Kind.COACH, place), (nadia, Role.Kind.LEADER, place), (amina, Role.Kind.FACILITATOR, district),
    ):  # fmt: skip
        give_role(person, kind=kind, place=where, by=None, at=began)
    return School(at, place, wei, jose, noa, nadia, amina)


def joined(school: School) -> Partnership:
    """Wei and José as a pair; José has accepted yesterday."""
    at = school.at - timedelta(days=1)
    seats = [(school.wei, Part.COACH), (school.jose, Part.PARTNER)]
    proposal = partnerships.propose(by=school.wei, form=Form.PAIR, seats=seats, at=at)
    formed = partnerships.accept(proposal, by=school.jose, at=at)
    assert formed is not None
    return formed


def begun(school: School) -> Cycle:
    """Their first cycle, with a focus and a contact, in the last stage of the short template."""
    pair, at = joined(school), school.at - timedelta(hours=20)
    cycle = cycles.begin(pair, template=latest("cycle", "short"), by=school.wei, at=at)
    cycles.write_sheet(
        cycle, kind=Sheet.Kind.FOCUS, text="Waiting before I speak", version=0, by=school.jose, at=at
    )  # fmt: skip
    cycles.log_contact(pair, kinds=["observing"], minutes=45, began_at=at, by=school.wei, at=at + timedelta(hours=1))
    cycles.move_to(cycle, stage="try_and_review", by=school.jose, at=at + timedelta(hours=2))
    return cycle
