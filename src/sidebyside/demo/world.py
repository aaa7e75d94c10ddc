"""The test world: the same dozen people by name, their places, and partnerships in different stages.

The demonstration shows it and the tests import it. Everything is made through the verbs, as people would.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from sidebyside.conversations import actions as conversations
from sidebyside.cycles import actions as cycles
from sidebyside.cycles.models import Cycle, Sheet
from sidebyside.demo.commons import publish_lessons
from sidebyside.demo.lessons import plan_lessons
from sidebyside.demo.ratings import rate_lessons
from sidebyside.demo.standards import choose_standards
from sidebyside.demo.time import keep_time, meet, plan_next_term
from sidebyside.journals import actions as journals
from sidebyside.lessons.models import Lesson
from sidebyside.materials import actions as materials
from sidebyside.materials.queries import latest, template
from sidebyside.materials.standards_actions import load_shipped_standards
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Part, Partnership
from sidebyside.people import actions as people
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, end_post, give_post, give_role
from sidebyside.places.models import Place, Role
from sidebyside.summaries import actions as summaries
from sidebyside.summaries.models import Plan
from sidebyside.visits.models import Visit

DAY = timedelta(days=1)


@dataclass
class World:
    """Everybody and everything by name."""

    at: datetime
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    partnerships: dict[str, Partnership] = field(default_factory=dict)
    cycles: dict[str, Cycle] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    lessons: dict[str, Lesson] = field(default_factory=dict)

    def __getattr__(self, name: str):
        for kind in ("people", "places", "partnerships", "cycles", "visits", "lessons"):
            if name in self.__dict__.get(kind, {}):
                return self.__dict__[kind][name]
        raise AttributeError(f"Nobody and nothing in the test world is called {name}.")


# name: given name, family name, place of work, title, and what she is in the programme, where
PEOPLE: dict[str, tuple[str, str, str, str, tuple[tuple[str, str], ...]]] = {
    "ana": ("Ana", "Sousa", "linden_mathematics", "teacher", ((Role.Kind.COACH, "linden"),)),
    "ben": ("Ben", "Okafor", "linden_science", "teacher", ()),
    "chen": ("静", "陈", "linden_languages", "teacher", ()),
    "dara": ("Dara", "Diaz", "linden", "principal", ((Role.Kind.LEADER, "linden"),)),
    "emre": ("Emre", "Yılmaz", "harbour", "adviser", ((Role.Kind.FACILITATOR, "harbour"),)),
    "fatima": (
        "فاطمة",
        "الزهراء",
        "quay",
        "deputy",
        ((Role.Kind.FACILITATOR, "quay"), (Role.Kind.LEADER, "quay"), (Role.Kind.COVER_DESK, "quay")),
    ),
    "goran": ("Горан", "Петровић", "quay_arts", "teacher", ()),
    "hana": ("Hana", "Nováková", "quay_technology", "teacher", ()),
    "ines": ("Inês", "Rocha", "northshore", "programme officer", ((Role.Kind.LEAD, "northshore"),)),
    "jonas": ("Jonas", "Weber", "northshore", "researcher", ((Role.Kind.EVALUATOR, "northshore"),)),
    "kofi": ("Kofi", "Mensah", "northshore", "technician", ()),
    "lena": ("Lena", "Fischer", "linden_science", "teacher", ()),
    "mai": ("Mai", "Nguyễn Thị", "fell", "teacher", ((Role.Kind.COACH, "fell"),)),
    "noor": ("Noor", "Rahman", "linden_mathematics", "teacher", ()),
    "olu": ("Olu", "Adeyemi", "linden", "deputy", ((Role.Kind.COVER_DESK, "linden"),)),
}

# name: kind, what it is called, the place above
PLACES: dict[str, tuple[str, str, str | None]] = {
    "northshore": (Place.Kind.REGION, "Northshore", None),
    "harbour": (Place.Kind.DISTRICT, "Harbour District", "northshore"),
    "upland": (Place.Kind.DISTRICT, "Upland District", "northshore"),
    "linden": (Place.Kind.SCHOOL, "Linden School", "harbour"),
    "quay": (Place.Kind.SCHOOL, "Quay School", "harbour"),
    "fell": (Place.Kind.SCHOOL, "Fell School", "upland"),
    "linden_mathematics": (Place.Kind.FACULTY, "Mathematics", "linden"),
    "linden_science": (Place.Kind.FACULTY, "Science", "linden"),
    "linden_languages": (Place.Kind.FACULTY, "Languages", "linden"),
    "quay_arts": (Place.Kind.FACULTY, "Arts", "quay"),
    "quay_technology": (Place.Kind.FACULTY, "Technology", "quay"),
}


@transaction.atomic
def make(*, at: datetime) -> World:
    """Make the test world as it stands at this moment, on an empty installation."""
    world = World(at)
    materials.load_shipped(at - 200 * DAY)
    load_shipped_standards(at - 200 * DAY)
    _settle(world)
    keep_time(world)
    _ana_and_ben(world)
    _ana_and_chen(world)
    _goran_and_hana(world)
    _ana_and_noor(world)
    _what_waits(world)
    meet(world)
    plan_lessons(world)
    rate_lessons(world)
    publish_lessons(world)
    choose_standards(world)
    plan_next_term(world)
    return world


def _settle(world: World) -> None:
    """Places, people, posts, roles, the programme."""
    began = world.at - 120 * DAY
    for name, (kind, called, above) in PLACES.items():
        parent = world.places[above] if above else None
        zone = "Europe/Lisbon" if parent is None else ""
        world.places[name] = add_place(kind=kind, name=called, parent=parent, by=None, at=began, time_zone=zone)
    for name, (given, family, place, title, _roles) in PEOPLE.items():
        person = Person.objects.create(given_name=given, family_name=family, email=f"{name}@example.org")
        person.set_unusable_password()
        person.save(update_fields=["password"])
        world.people[name] = person
        give_post(person, place=world.places[place], title=title, from_date=began.date(), at=began)
        people.admit(person, at=began + DAY)
    people.make_owner(world.kofi, by=None, at=began)
    for name, (_given, _family, _place, _title, roles) in PEOPLE.items():
        for kind, place in roles:
            give_role(world.people[name], kind=kind, place=world.places[place], by=world.kofi, at=began)
    materials.begin_programme(world.northshore, name="Northshore Peer Coaching", by=world.ines, at=began)
    materials.add_goal(world.linden, text="Every pupil explains her thinking", by=world.ines, at=began)


def _together(world: World, name: str, form: Form, *seats: tuple[Person, Part], days_ago: int) -> Partnership:
    at = world.at - days_ago * DAY
    proposal = partnerships.propose(by=seats[0][0], form=form, seats=list(seats), at=at)
    formed = None
    for person, _part in seats[1:]:
        formed = partnerships.accept(proposal, by=person, at=at + DAY)
    if formed is None:
        raise RuntimeError("Everybody accepted, but no partnership was formed.")
    world.partnerships[name] = formed
    return formed


def _agree(world: World, partnership: Partnership, *signers: Person, by: Person, at: datetime) -> None:
    agreement = partnerships.write_agreement(
        partnership,
        norms="We begin on time and end on time.\nWe ask before we suggest.\nWhat is said here stays here.",
        habits="Every second Tuesday after the fourth period, in the small library room.",
        roles="The coach asks and listens. The partner chooses what we work on.",
        confidence="What we say, write and see stays between us. Either of us may release something, if both agree.",
        by=by,
        at=at,
    )
    for person in signers:
        partnerships.sign(agreement, by=person, at=at)


def _ana_and_ben(world: World) -> None:
    """A full cycle in its third stage, with something in every corner of the workspace."""
    ana, ben, at = world.ana, world.ben, world.at
    pair = _together(world, "ana_and_ben", Form.PAIR, (ana, Part.COACH), (ben, Part.PARTNER), days_ago=60)
    _agree(world, pair, ana, ben, by=ana, at=at - 55 * DAY)
    cycle = cycles.begin(pair, template=latest("cycle", "five_stages"), by=ana, at=at - 50 * DAY)
    world.cycles["ana_and_ben_cycle"] = cycle
    needs = (
        "The quick ones finish and the others wait. In the last unit I did most of the talking. "
        "There are two groups who never speak."
    )
    cycles.write_sheet(cycle, kind=Sheet.Kind.NEEDS, text=needs, version=0, by=ben, at=at - 48 * DAY)
    focus = "Fractions that pupils can argue about"
    cycles.write_sheet(cycle, kind=Sheet.Kind.FOCUS, text=focus, version=0, by=ben, at=at - 45 * DAY)
    cycles.move_to(cycle, stage="set_goals", by=ben, at=at - 40 * DAY)
    place_goal = world.linden.goals.first()
    cycles.add_goal(
        cycle,
        text="Every pupil takes a position on a claim about fractions and defends it to another pair.",
        evidence="I hear reasons, not only answers, from at least twenty pupils.",
        by_date=(at + 20 * DAY).date(),
        place_goal=place_goal,
        by=ben,
        at=at - 38 * DAY,
    )
    cycles.move_to(cycle, stage="prepare", by=ana, at=at - 12 * DAY)
    cycles.add_step(
        cycle, text="Write six claims about fractions", who=ben, by_date=(at + 2 * DAY).date(), by=ben, at=at - 11 * DAY
    )
    cycles.add_step(
        cycle,
        text="Find two examples from other schools",
        who=ana,
        by_date=(at + 4 * DAY).date(),
        by=ana,
        at=at - 11 * DAY,
    )
    cycles.write_sheet(
        cycle,
        kind=Sheet.Kind.NEXT_STEP,
        text="Try the sorting task with one group on Thursday.",
        version=0,
        by=ben,
        at=at - 5 * DAY,
    )
    conversations.write_note(
        pair,
        text="The quick ones finish, the others wait. I want all of them to have something to argue about.",
        by=ben,
        at=at - 6 * DAY,
        cycle=cycle,
        stage="prepare",
    )
    conversations.write_note(
        pair,
        text="You want every pupil to hold a position. What did you see last week when they did?",
        by=ana,
        at=at - 5 * DAY,
        cycle=cycle,
        stage="prepare",
    )
    conversations.keep_scratch(
        pair, text="Wait longer after a question. Do not offer exit tickets.", version=0, by=ana, at=at - 4 * DAY
    )
    for days, kinds, minutes, by in (
        (45, ["reflecting"], 30, ana),
        (33, ["co_planning"], 50, ben),
        (20, ["resources", "training"], 30, ana),
        (12, ["informal"], 5, ben),
        (5, ["co_planning"], 30, ana),
    ):
        began = at - days * DAY
        cycles.log_contact(pair, kinds=kinds, minutes=minutes, began_at=began, by=by, at=began + timedelta(hours=1))
    plan = summaries.draw_up_plan(
        cycle, ask=Plan.Ask.DEVICE, line="The tablet trolley on three Tuesdays.", by=ben, at=at - 9 * DAY
    )
    for member in (ana, ben):
        summaries.agree(plan, version=plan.version, by=member, at=at - 9 * DAY)
    summaries.release(plan, to=world.dara, by=ben, at=at - 8 * DAY)


def _ana_and_chen(world: World) -> None:
    """A short cycle that came to its end: reflections, a summary that waits for one voice, no contact for weeks."""
    ana, chen, at = world.ana, world.chen, world.at
    pair = _together(world, "ana_and_chen", Form.PAIR, (ana, Part.COACH), (chen, Part.PARTNER), days_ago=80)
    _agree(world, pair, ana, by=ana, at=at - 75 * DAY)
    cycle = cycles.begin(pair, template=latest("cycle", "short"), by=chen, at=at - 70 * DAY)
    world.cycles["ana_and_chen_cycle"] = cycle
    focus = "Waiting three seconds before I speak"
    cycles.write_sheet(cycle, kind=Sheet.Kind.FOCUS, text=focus, version=0, by=chen, at=at - 69 * DAY)
    began = at - 40 * DAY
    cycles.log_contact(pair, kinds=["observing"], minutes=50, began_at=began, by=ana, at=began + timedelta(hours=2))
    cycles.move_to(cycle, stage=template(cycle.template).stages[-1].slug, by=chen, at=at - 38 * DAY)
    entry = journals.write_entry(
        cycle,
        text="Three seconds are long. Two pupils spoke whom I had never heard.",
        version=0,
        by=chen,
        at=at - 35 * DAY,
    )
    journals.share(entry, by=chen, at=at - 34 * DAY)
    journals.write_entry(cycle, text="I filled her silence twice myself.", version=0, by=ana, at=at - 33 * DAY)
    summary = summaries.draw_up(
        cycle,
        fields={"focus": focus, "growth": "More pupils speak when we wait."},
        by=chen,
        at=at - 30 * DAY,
    )
    summaries.agree(summary, version=summary.version, by=chen, at=at - 30 * DAY)


def _goran_and_hana(world: World) -> None:
    """Reciprocal peers who rest for now."""
    goran, hana, at = world.goran, world.hana, world.at
    peers = _together(world, "goran_and_hana", Form.PEERS, (goran, Part.PEER), (hana, Part.PEER), days_ago=50)
    _agree(world, peers, goran, hana, by=hana, at=at - 48 * DAY)
    cycle = cycles.begin(peers, template=latest("cycle", "two_observations"), by=hana, at=at - 45 * DAY)
    world.cycles["goran_and_hana_cycle"] = cycle
    cycles.write_sheet(
        cycle,
        kind=Sheet.Kind.FOCUS,
        text="Тишина пре критике: шта ученици виде?",
        version=0,
        by=goran,
        at=at - 44 * DAY,
    )
    summary = summaries.draw_up(
        cycle,
        fields={"focus": "Silence before criticism", "growth": "Pupils speak of the work, not of the painter."},
        by=hana,
        at=at - 14 * DAY,
    )
    for member in (goran, hana):
        summaries.agree(summary, version=summary.version, by=member, at=at - 14 * DAY)
    summaries.release(summary, to=world.fatima, by=hana, at=at - 13 * DAY)
    partnerships.rest(peers, by=goran, at=at - 10 * DAY)


def _ana_and_noor(world: World) -> None:
    """Noor left the school: their partnership rests, and Ana is asked how to go on."""
    ana, noor, at = world.ana, world.noor, world.at
    pair = _together(world, "ana_and_noor", Form.PAIR, (ana, Part.COACH), (noor, Part.PARTNER), days_ago=40)
    conversations.write_note(pair, text="We begin with the Year 9 probability unit.", by=noor, at=at - 38 * DAY)
    partnerships.write_card(pair, text="We may be slow.", by=noor, at=at - 37 * DAY)
    partnerships.turn_cards(pair, by=noor, at=at - 37 * DAY)
    partnerships.write_card(pair, text="No phones on the table.", by=ana, at=at - 36 * DAY)
    post = noor.posts.get(to_date=None)
    end_post(post, on=(at - 7 * DAY).date(), at=at - 7 * DAY)
    noor.refresh_from_db()


def _what_waits(world: World) -> None:
    """Something waits for everybody: questions to answer, a wish for a coach."""
    at = world.at
    partnerships.wish_for_coach(by=world.lena, place=world.linden, at=at - 3 * DAY)
    partnerships.offer_help(world.ana_and_chen, by=world.emre, at=at - 2 * DAY)
    # Dara has read one plan and answered it; another is new to her.
    answered = world.ana_and_ben.plans.get()
    summaries.open_released(answered, reader=world.dara, at=at - 7 * DAY)
    summaries.answer(answered, text="You can have the trolley on two of the three.", by=world.dara, at=at - 7 * DAY)
    cycle = world.cycles["ana_and_ben_cycle"]
    # Ana made one to which Ben has not agreed yet.
    line = "An hour with somebody who knows the tablets."
    summaries.draw_up_plan(cycle, ask=Plan.Ask.TRAINING, line=line, by=world.ana, at=at - 3 * DAY)
    plan = summaries.draw_up_plan(
        cycle, ask=Plan.Ask.TIME, line="One free period on Thursday.", by=world.ana, at=at - 2 * DAY
    )
    for member in (world.ana, world.ben):
        summaries.agree(plan, version=plan.version, by=member, at=at - 2 * DAY)
    summaries.release(plan, to=world.dara, by=world.ana, at=at - DAY)
    seats = [(world.ben, Part.PEER), (world.chen, Part.PEER), (world.lena, Part.PEER)]
    partnerships.propose(by=world.ben, form=Form.PEERS, seats=seats, at=at - DAY)
