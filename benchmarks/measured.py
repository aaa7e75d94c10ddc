"""The people whose pages are measured: their own work is the same whatever the size of the country around them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sidebyside.conversations import actions as conversations
from sidebyside.cycles import actions as cycles
from sidebyside.cycles.models import Cycle
from sidebyside.journals import actions as journals
from sidebyside.materials.queries import latest
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Part, Partnership
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, give_post, give_role
from sidebyside.places.models import Place, Role

DAY = timedelta(days=1)
NOTE = "What did you see last week when they explained it to each other in their own words? " * 6


def measured_people(*, at: datetime) -> tuple[Person, Person, str]:
    """A teacher with three partnerships and twelve things that wait, and the facilitator of a district of forty.

    Returns both, and the address of the teacher's workspace: five goals, 30 contacts, 20 notes of 500 characters.
    """
    country = Place.objects.get(parent=None)
    district = add_place(kind=Place.Kind.DISTRICT, name="Harbour", parent=country, by=None, at=at)
    school = add_place(kind=Place.Kind.SCHOOL, name="Linden School", parent=district, by=None, at=at)
    people = [_person(f"Colleague {number}", school, at) for number in range(8)]
    teacher, facilitator = people[0], people[7]
    for coach in people[:4]:
        give_role(coach, kind=Role.Kind.COACH, place=school, by=teacher, at=at)
    forty = Place.objects.filter(kind=Place.Kind.DISTRICT).order_by("pk").first()
    for place in (district, forty):
        give_role(facilitator, kind=Role.Kind.FACILITATOR, place=place, by=teacher, at=at)
    pairs = [_pair(teacher, partner, at) for partner in people[1:4]]
    for pair, partner in zip(pairs, people[1:4], strict=True):
        _what_waits(pair, teacher, partner, facilitator, at)
    for asking in people[4:7]:
        seats = [(asking, Part.PEER), (teacher, Part.PEER)]
        partnerships.propose(by=asking, form=Form.PEERS, seats=seats, at=at - 2 * DAY)
    _a_full_workspace(pairs[0], teacher, people[1], at)
    # Her own district's three would make forty-three.
    facilitator.roles.filter(place=district).delete()
    return teacher, facilitator, f"/partnerships/{pairs[0].pk}/"


def _person(name: str, school: Place, at: datetime) -> Person:
    given, family = name.split()
    person = Person.objects.create(
        given_name=given, family_name=family, email=f"{given}{family}@example.org", joined_at=at - 90 * DAY
    )
    give_post(person, place=school, title="teacher", from_date=at.date(), at=at)
    return person


def _pair(teacher: Person, partner: Person, at: datetime) -> Partnership:
    seats = [(teacher, Part.COACH), (partner, Part.PARTNER)]
    proposal = partnerships.propose(by=teacher, form=Form.PAIR, seats=seats, at=at - 60 * DAY)
    pair = partnerships.accept(proposal, by=partner, at=at - 59 * DAY)
    assert pair is not None
    cycles.begin(pair, template=latest("cycle", "five_stages"), by=teacher, at=at - 50 * DAY)
    return pair


def _what_waits(pair: Partnership, teacher: Person, partner: Person, facilitator: Person, at: datetime) -> None:
    """Three things for each: an agreement to sign, an offer of help, and a reflection that was shared."""
    cycle = Cycle.objects.get(partnership=pair)
    partnerships.write_agreement(
        pair, norms=NOTE, habits=NOTE, roles=NOTE, confidence=NOTE, by=partner, at=at - 5 * DAY
    )
    partnerships.offer_help(pair, by=facilitator, at=at - 4 * DAY)
    journals.share(
        journals.write_entry(cycle, text=NOTE, version=0, by=partner, at=at - 3 * DAY), by=partner, at=at - 3 * DAY
    )
    cycles.add_step(
        cycle, text="Write six claims", who=teacher, by_date=(at + 3 * DAY).date(), by=teacher, at=at - 9 * DAY
    )
    began = at - 6 * DAY
    cycles.log_contact(pair, kinds=["co_planning"], minutes=30, began_at=began, by=teacher, at=began + DAY / 24)


def _a_full_workspace(pair: Partnership, teacher: Person, partner: Person, at: datetime) -> None:
    cycle = Cycle.objects.get(partnership=pair)
    for kind in ("needs", "focus", "next_step"):
        cycles.write_sheet(cycle, kind=kind, text=NOTE[:200], version=0, by=partner, at=at - 40 * DAY)
    for _number in range(5):
        cycles.add_goal(
            cycle,
            text=NOTE[:120],
            evidence=NOTE[:120],
            by_date=(at + 9 * DAY).date(),
            place_goal=None,
            by=partner,
            at=at,
        )
    for number in range(29):
        began = at - (40 - number) * DAY
        cycles.log_contact(
            pair,
            kinds=["reflecting"],
            minutes=30,
            began_at=began,
            by=(teacher, partner)[number % 2],
            at=began + DAY / 24,
        )
    for number in range(20):
        author, when = (teacher, partner)[number % 2], at - (30 - number) * DAY
        conversations.write_note(pair, text=NOTE[:500], by=author, at=when, cycle=cycle, stage="assess")


def session_for(person: Person, backend: str = "") -> str:
    """The cookie of somebody who is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = backend or settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def queries_of(path: str, person: Person) -> int | None:
    """How many queries a page asks of both databases, once it has been asked for before; None if it is not there."""
    client = Client(headers={"host": "localhost"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session_for(person)
    if client.get(path).status_code != 200:
        return None
    with CaptureQueriesContext(connections["default"]) as ours, CaptureQueriesContext(connections["keys"]) as keys:
        client.get(path)
    return len(ours) + len(keys)
