"""The rest of the demonstration: a district of our own making around the test world, the same every time."""

import random
from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction

from sidebyside.conversations import actions as conversations
from sidebyside.cycles import actions as cycles
from sidebyside.cycles.models import Sheet
from sidebyside.demo.names import spelled
from sidebyside.demo.time import name_the_others, plan_next_term
from sidebyside.demo.world import DAY, World
from sidebyside.materials.queries import latest, template
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Part
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, give_role
from sidebyside.places.models import Place, Post, Role

SCHOOLS = {
    "harbour": ("Lighthouse Primary", "Ropewalk School", "Saint Brigid's", "Tideway Secondary"),
    "upland": ("Birchwood School", "Heather Primary", "Millstone Secondary"),
}
FACULTIES = ("Mathematics", "Science", "Languages", "Humanities", "Arts", "Technology")
FOCI = (
    "Questions that more than three pupils answer",
    "Group work in which everybody is needed",
    "Feedback that pupils use the same day",
    "Beginning with what pupils already know",
    "Choosing the tool last",
    "A real audience for what pupils write",
    "Waiting before I explain",
    "Pupils who check their own reasoning",
)


@transaction.atomic
def surround(world: World, *, seed: int = 7) -> None:
    """Add schools, some two hundred people and two dozen partnerships around the test world."""
    chance = random.Random(seed)
    names = _names(chance)
    for district, schools in SCHOOLS.items():
        for called in schools:
            school = _school(world, world.places[district], called)
            staff = _staff(world, school, names, chance)
            _pairs(world, school, staff, chance)
    for name in ("linden", "quay"):
        school = world.places[name]
        staff = _staff(world, school, names, chance, number=14)
        if name == "linden":
            name_the_others(world, staff)
        _pairs(world, school, staff, chance)
    plan_next_term(world)


def _names(chance: random.Random) -> Iterator[tuple[str, str]]:
    scripts, used = spelled(), set()
    while True:
        given, family = chance.choice(scripts)
        name = (chance.choice(given), chance.choice(family))
        if name not in used:
            used.add(name)
            yield name


def _school(world: World, district: Place, called: str) -> Place:
    began = world.at - 120 * DAY
    school = add_place(kind=Place.Kind.SCHOOL, name=called, parent=district, by=None, at=began)
    for faculty in FACULTIES[: 3 if "Primary" in called else 6]:
        add_place(kind=Place.Kind.FACULTY, name=faculty, parent=school, by=None, at=began)
    return school


def _staff(world: World, school: Place, names: Iterator, chance: random.Random, number: int = 0) -> list[Person]:
    """People with posts, as a roster would bring them: most have not joined yet."""
    began = world.at - 120 * DAY
    faculties = list(school.children.order_by("pk"))
    people: list[Person] = []
    for given, family in (next(names) for _ in range(number or chance.randint(16, 26))):
        address = f"teacher-{school.pk}-{len(people) + 1}@example.org"
        people.append(Person(given_name=given, family_name=family, email=address, password="!"))
    Person.objects.bulk_create(people)
    Post.objects.bulk_create(
        Post(person=person, place=faculties[number % len(faculties)], title="teacher", from_date=began.date())
        for number, person in enumerate(people)
    )
    return people


def _pairs(world: World, school: Place, staff: list[Person], chance: random.Random) -> None:
    """Two or three coaches of a school, each with a partner from another faculty, somewhere along a cycle. Linden has
    three: with them it has as many partnerships as numbers are told about."""
    began = world.at - 100 * DAY
    for number in range(3 if school == world.linden else chance.randint(2, 3)):
        coach, partner = staff[2 * number], staff[2 * number + 1]
        Person.objects.filter(pk__in=[coach.pk, partner.pk]).update(joined_at=began)
        give_role(coach, kind=Role.Kind.COACH, place=school, by=world.ines, at=began)
        started = world.at - chance.randint(30, 90) * DAY
        proposal = partnerships.propose(
            by=coach, form=Form.PAIR, seats=[(coach, Part.COACH), (partner, Part.PARTNER)], at=started
        )
        pair = partnerships.accept(proposal, by=partner, at=started + DAY)
        if pair is None:
            raise RuntimeError("Both accepted, but no partnership was formed.")
        cycle = cycles.begin(pair, template=latest("cycle", "five_stages"), by=coach, at=started + 2 * DAY)
        focus = chance.choice(FOCI)
        cycles.write_sheet(cycle, kind=Sheet.Kind.FOCUS, text=focus, version=0, by=partner, at=started + 3 * DAY)
        stage = chance.choice(template(cycle.template).stages).slug
        if stage != cycle.stage:
            cycles.move_to(cycle, stage=stage, by=partner, at=started + 9 * DAY)
        for days in sorted(chance.sample(range(1, 29), 3)):
            if chance.random() < 0.7:
                at = world.at - days * DAY
                kinds = [chance.choice(("co_planning", "resources", "reflecting", "informal", "observing"))]
                minutes = chance.choice((5, 15, 30, 50))
                cycles.log_contact(
                    pair, kinds=kinds, minutes=minutes, began_at=at, by=coach, at=at + timedelta(hours=1)
                )
        conversations.write_note(pair, text=f"We talked about: {focus.lower()}.", by=coach, at=started + 4 * DAY)
        if chance.random() < 0.2:
            partnerships.rest(pair, by=partner, at=world.at - 5 * DAY)
