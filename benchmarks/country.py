"""A country of so many people: districts of 400 in eight schools, a partnership for every ten, each with its work.

Run as `python -m benchmarks.country PEOPLE`, with the environment of an installation; prints what to measure.
"""

import json
import os
import sys
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sidebyside.config.settings")
django.setup()

from django.core.management import call_command
from django.utils import timezone

from benchmarks.measured import measured_people, queries_of, session_for
from benchmarks.rows import analyse, go_on_counting, insert
from sidebyside.base.keys.models import DataKey
from sidebyside.base.master_key import master_key
from sidebyside.base.models import Event
from sidebyside.conversations.models import Note
from sidebyside.cycles.models import Contact, Cycle, Goal, Step
from sidebyside.journals.models import Entry
from sidebyside.materials.actions import load_shipped
from sidebyside.materials.queries import latest
from sidebyside.partnerships.models import (
    Agreement,
    Member,
    Partnership,
    Proposal,
    Seat,
    Signature,
)
from sidebyside.people.models import Person
from sidebyside.places.models import Link, Place, Post, Role

AT = timezone.now()
DAY = timedelta(days=1)
SCHOOL, SCHOOLS, REGION = 50, 8, 15  # people in a school, schools in a district, districts in a region
TEXT = b"\0" * 540  # nobody opens what the others wrote: one sealed text's length of nothing
STAGES = ("assess", "set_goals", "prepare", "implement", "reflect")
KINDS = (["reflecting"], ["co_planning"], ["observing", "reflecting"], ["informal"])
CONTACTS, NOTES, EVENTS = 20, 10, 40


def build(people: int) -> None:
    """Fill the tables of an empty installation."""
    call_command("migrate", verbosity=0)
    call_command("migrate", database="keys", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    load_shipped(AT)
    master_key()
    schools = _places(people)
    _people(people, schools)
    pairs = [(first, first + 1) for first in range(1, people + 1, 10)]
    _partnerships(pairs, schools)
    _work(pairs)
    models = (Person, Place, Partnership, Proposal, Agreement, Cycle, Contact, Note, Goal, Step, Entry, Event)
    go_on_counting(*models, Link, Post, Role, Member, Seat, Signature, DataKey)


def _places(people: int) -> list[int]:
    """A tree of a country, regions, districts and schools with its closure. Returns the ids of the schools."""
    above: dict[int, list[int]] = {1: [1]}
    rows = [(1, Place.Kind.COUNTRY, "The country", None, "en", "UTC", None, AT)]
    schools: list[int] = []

    def place(kind: str, name: str, parent: int) -> int:
        pk = len(rows) + 1
        above[pk] = [*above[parent], pk]
        rows.append((pk, kind, name, parent, "", "", None, AT))
        return pk

    needed = -(-people // SCHOOL)
    region = district = 1
    for number in range(needed):
        if number % (SCHOOLS * REGION) == 0:
            region = place(Place.Kind.REGION, f"Region {number}", 1)
        if number % SCHOOLS == 0:
            district = place(Place.Kind.DISTRICT, f"District {number}", region)
        schools.append(place(Place.Kind.SCHOOL, f"School {number}", district))
    insert(Place, ("id", "kind", "name", "parent_id", "language", "time_zone", "closed_at", "made_at"), rows)
    links = ((high, pk, len(path) - depth - 1) for pk, path in above.items() for depth, high in enumerate(path))
    insert(Link, ("above_id", "place_id", "depth"), links)
    return schools


def _people(people: int, schools: list[int]) -> None:
    names = (
        "id",
        "password",
        "given_name",
        "family_name",
        "email",
        "language",
        "theme",
        "about",
        "made_at",
        "joined_at",
    )
    everybody = range(1, people + 1)
    rows = (
        (n, "!", f"Given {n % 900}", f"Family {n}", f"p{n}@example.org", "", "system", "", AT, AT) for n in everybody
    )
    insert(Person, names, rows)
    posts = ((n, schools[(n - 1) // SCHOOL], "teacher", AT.date()) for n in everybody)
    insert(Post, ("person_id", "place_id", "title", "from_date"), posts)
    coaches = ((n, schools[(n - 1) // SCHOOL], Role.Kind.COACH, 2, AT) for n in everybody if n % 10 == 1)
    leaders = ((at * SCHOOL + SCHOOL, school, Role.Kind.LEADER, 2, AT) for at, school in enumerate(schools))
    for rows in (coaches, (leader for leader in leaders if leader[0] <= people)):
        insert(Role, ("person_id", "place_id", "kind", "room_for", "given_at"), rows)


def _partnerships(pairs: list[tuple[int, int]], schools: list[int]) -> None:
    began = AT - 100 * DAY
    numbered = list(enumerate(pairs, 1))
    insert(
        Partnership, ("id", "form", "formed_at", "people"), ((n, "pair", began, f"{a}-{b}") for n, (a, b) in numbered)
    )
    members = (
        (n, who, part, schools[(who - 1) // SCHOOL], began)
        for n, (a, b) in numbered
        for who, part in ((a, "coach"), (b, "partner"))
    )
    insert(Member, ("partnership_id", "person_id", "part", "school_id", "joined_at"), members)
    asked = ((n, a, "pair", began, began, "") for n, (a, _b) in numbered)
    insert(Proposal, ("id", "by_id", "form", "at", "formed_at", "people"), asked)
    seats = ((n, who, "coach", began) for n, pair in numbered for who in pair)
    insert(Seat, ("proposal_id", "person_id", "part", "accepted_at"), seats)
    texts = ("norms", "habits", "roles", "confidence")
    agreements = ((n, n, 1, *[TEXT] * 4, began, a) for n, (a, _b) in numbered)
    insert(Agreement, ("id", "partnership_id", "number", *texts, "written_at", "written_by_id"), agreements)
    insert(Signature, ("agreement_id", "person_id", "at"), ((n, who, began) for n, pair in numbered for who in pair))
    scopes = (scope for n, (a, b) in numbered for scope in (f"p{n}", f"p{n}/a{a}", f"p{n}/a{b}"))
    keys = ((f"{n:032x}", scope, b"\0" * 40, AT) for n, scope in enumerate(scopes))
    insert(DataKey, ("mark", "scope", "wrapped", "made_at"), keys)


def _work(pairs: list[tuple[int, int]]) -> None:
    """A running cycle for each, with contacts, notes, goals, steps, a shared reflection and events."""
    template, began = latest("cycle", "five_stages").pk, AT - 90 * DAY
    numbered = list(enumerate(pairs, 1))
    cycles = ((n, n, 1, template, began, a, STAGES[n % 5], began, "") for n, (a, _b) in numbered)
    names = (
        "id",
        "partnership_id",
        "number",
        "template_id",
        "began_at",
        "began_by_id",
        "stage",
        "stage_since",
        "ending",
    )
    insert(Cycle, names, cycles)
    contacts = (
        (n, n, "prepare", when, 30, KINDS[i % 4], when, pair[i % 2])
        for n, pair in numbered
        for i, when in ((i, began + i * 4 * DAY) for i in range(CONTACTS))
    )
    names = ("partnership_id", "cycle_id", "stage", "began_at", "minutes", "kinds", "logged_at", "logged_by_id")
    insert(Contact, names, contacts)
    joint = ("version", "changed_at", "changed_by_id")
    notes = (
        (n, n, "prepare", pair[i % 2], TEXT, began + i * 8 * DAY, 1, began, pair[i % 2])
        for n, pair in numbered
        for i in range(NOTES)
    )
    insert(Note, ("partnership_id", "cycle_id", "stage", "author_id", "text", "written_at", *joint), notes)
    goals = ((n, n, TEXT, TEXT, began, 1, began, a) for n, (a, _b) in numbered for _i in range(2))
    insert(Goal, ("partnership_id", "cycle_id", "text", "evidence", "written_at", *joint), goals)
    steps = ((n, n, TEXT, b, AT.date(), began, 1, began, b) for n, (_a, b) in numbered for _i in range(3))
    insert(Step, ("partnership_id", "cycle_id", "text", "who_id", "by_date", "written_at", *joint), steps)
    entries = ((n, n, b, TEXT, began, began, 1, began) for n, (_a, b) in numbered)
    names = ("partnership_id", "cycle_id", "author_id", "text", "written_at", "changed_at", "version", "shared_at")
    insert(Entry, names, entries)
    events = (
        ("contact.logged", pair[i % 2], "contact", n * CONTACTS, n, began + i * 2 * DAY, {})
        for n, pair in numbered
        for i in range(EVENTS)
    )
    insert(Event, ("kind", "by", "about", "about_id", "partnership_id", "at", "particulars"), events)


if __name__ == "__main__":
    began = datetime.now(UTC)
    build(int(sys.argv[1]))
    teacher, facilitator, workspace = measured_people(at=AT)
    analyse()
    pages = {"home": ("/", teacher), "workspace": (workspace, teacher), "facilitator": ("/facilitator/", facilitator)}
    told = {
        "seconds": (datetime.now(UTC) - began).total_seconds(),
        "pages": {name: {"path": path, "cookie": session_for(who)} for name, (path, who) in pages.items()},
        "queries": {name: queries_of(path, who) for name, (path, who) in pages.items()},
        "baseline": session_for(teacher, backend="django.contrib.auth.backends.ModelBackend"),
    }
    print(json.dumps(told))
