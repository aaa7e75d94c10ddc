"""Walk through every address as every person of the test world, and keep what each of them was shown.

Who needs the answers asks for the fixture `crawl`: the walk is made once a process, in a transaction that is undone.
Every sealed text of the world is replaced by a mark of its own first, so that one who sees a mark sees that record.
"""

from __future__ import annotations

import copy
import io
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from sidebyside import policy
from sidebyside.base import bin, vault
from sidebyside.base.files.models import StoredFile
from sidebyside.base.live import documents as live_documents
from sidebyside.base.rich_text.nodes import paragraphs
from sidebyside.base.vault import SealedBytesField, SealedTextField
from sidebyside.calendars.actions import appointments
from sidebyside.calendars.actions.timetable_uploads import put_old_uploads_away
from sidebyside.conversations.models import Note
from sidebyside.cycles.actions import log_contact
from sidebyside.cycles.models import Cycle, Sheet
from sidebyside.demo.world import World
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.models import Adoption, Attachment, Lesson, LessonVersion, Publication, PublishedFile
from sidebyside.lessons.queries import text_of
from sidebyside.materials.queries import template
from sidebyside.partnerships.models import Member
from sidebyside.people import actions as people
from sidebyside.people.models import Ownership, Person
from sidebyside.places.actions import give_post, rosters
from sidebyside.places.models import Place, RosterImport
from sidebyside.visits.actions.releasing import show_calendar
from tests.calendars import timetable_files
from tests.page import Page
from tests.visits import behind as visits_behind
from tests.world import Copies

SIGNED_OUT = "nobody"
UNKNOWN = 999_999
TOO_LARGE = 10**20  # no database has room for it in a column
ASK_FOR_MORE = ("ana", "mai", SIGNED_OUT)  # who also ask for what nobody has
SEND_FORMS = (*ASK_FOR_MORE, "dara", "goran", "ines")  # to records that are not theirs
# The pages of components (never in an installation), and what is no page.
OF_OTHERS = 1  # of the records at an address that somebody may not see, so many are tried; four times by some
OF_REFUSALS = 2  # after so many 403 at an address nobody tries the next record
SEARCHES = ("q=a", "q=%00", "q=%F0%9F&page=-1")  # a letter of many names, and what nobody types
LEFT_OUT = ("design", "health")
ROSTER = b"email,given_name,family_name,place,role\nneu@example.org,Neu,Neumann,Linden School,teacher\n"
CSRF = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|&quot;X-CSRFToken&quot;: &quot;[^&]*|"X-CSRFToken": "[^"]*'
)
MARK = re.compile(r"qq-(\w+)-(\d+)-(\w+)-qq")


def without_token(html: str) -> str:
    """A page without what differs at every look."""
    return CSRF.sub("", html)


# Addresses


@dataclass(frozen=True)
class Address:
    """One line of the urlconf: its name, its route, and which record it is about, where it is about one."""

    name: str
    route: str
    view: Any = field(compare=False)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return re.findall(r"<(\w+):(\w+)>", self.route)

    @property
    def noun(self) -> str:
        """The word before the number: `cycles` of `cycles/<int:pk>/goals/`; for files, what they belong to as well."""
        words = self.route.split("<int:")[0].rstrip("/").split("/")
        return "/".join(words[-2:]) if words[-1] == "files" else words[-1]

    @property
    def model(self) -> type[models.Model] | None:
        """Of which model the number is; none where the table of nouns does not say."""
        return nouns().get(self.noun) if "<int:" in self.route else None

    def at(self, values: Mapping[str, object]) -> str:
        return "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(values[found[1]]), self.route)


def nouns() -> dict[str, type[models.Model]]:
    """The model behind each noun of an address: its name in the plural."""
    found = {"people": Person, "owners": Ownership}
    for model in policy.SIGHTS:
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", model.__name__).lower()
        plural = f"{words[:-1]}ies" if words.endswith("y") else f"{words}es" if words.endswith("sh") else f"{words}s"
        found.setdefault(plural, model)
    found["rosters"] = found.pop("roster-imports")
    found["special-days"] = found.pop("special-daies")
    found |= {"versions": LessonVersion, "commons": Publication, "thanks": Adoption}
    found |= {"lessons/files": Attachment, "commons/files": PublishedFile}
    return found


def every_address() -> list[Address]:
    """Every line of the urlconf, without the pages that no installation has."""

    def lines(resolver: Any, before: str) -> Iterator[Address]:
        for entry in resolver.url_patterns:
            route = before + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield Address(entry.name or "", route, entry.callback)
            else:
                yield from lines(entry, route)

    return [one for one in lines(get_resolver(), "") if not one.name.startswith(LEFT_OUT)]


def slugs(address: Address) -> list[str]:
    """Every plausible word for a slug in an address, and one that nobody knows."""
    stages = {stage.slug for cycle in Cycle.objects.all() for stage in template(cycle.template).stages}
    kinds = [model._meta.model_name for model in policy.SIGHTS if hasattr(model, "removed_at")]
    known = {
        "stages": sorted(stages),
        "sheets": list(Sheet.Kind.values),
        "bin": sorted(kinds),
        "parts": sorted(part.id for lesson in Lesson.objects.all() for part in text_of(lesson).parts[:1]),
        "rating": ["learning_activity", "samr"],
    }
    return ["nothing", *known.get(address.route.split("<slug:")[0].rstrip("/").split("/")[-1], [])]


def numbers(address: Address) -> list[int]:
    """The ids that exist where the model is known, else all ids there are.

    Of places, where it is not about a place's own page, one of each kind: more would be more of the same.
    """
    if address.model is Place and address.name != "place":
        return sorted(dict(Place.objects.order_by("-pk").values_list("kind", "pk")).values())
    asked = [address.model] if address.model else [model for model in policy.SIGHTS if hasattr(model, "removed_at")]
    return sorted({pk for model in asked for pk in model._default_manager.values_list("pk", flat=True)})


def expanded(address: Address, more: Sequence[int] = ()) -> list[tuple[str, int | None]]:
    """Each address of this line, with the id in it where there is one; `more` ids are tried as well."""
    choices = {"int": lambda: [*numbers(address), *more], "slug": lambda: slugs(address)}
    values = [choices.get(kind, lambda: ["nothing"])() for kind, _name in address.parameters]
    names = [name for _kind, name in address.parameters]
    rows = [dict(zip(names, row, strict=True)) for row in product(*values)]
    return [(address.at(row), next((v for v in row.values() if isinstance(v, int)), None)) for row in rows]


# Answers


@dataclass
class Answer:
    """What somebody was answered at an address."""

    who: str
    path: str
    address: Address | None
    pk: int | None
    status: int
    headers: dict[str, str]
    html: str
    fault: str = ""

    @property
    def is_page(self) -> bool:
        shown = not self.headers.get("Content-Disposition", "").startswith("attachment")
        return shown and self.headers.get("Content-Type", "").startswith("text/html") and bool(self.html)

    @cached_property
    def page(self) -> Page:
        return Page(self.html)

    def __str__(self) -> str:
        return f"{self.who} at {self.path}: {self.status}{' ' + self.fault if self.fault else ''}"


class Visitor:
    """Somebody with a browser."""

    def __init__(self, name: str, person: Person | None) -> None:
        self.name, self.person = name, person
        self.client = Client(raise_request_exception=False)
        if person is not None:
            self.client.force_login(person)

    def look(self, path: str, address: Address | None = None, pk: int | None = None) -> Answer:
        """GET an address."""
        return answer(self.name, path, self.client.get(path), address, pk)

    def knock(self, path: str, address: Address | None = None, pk: int | None = None) -> Answer:
        """Send an empty form to an address, and undo what that did."""
        with undone():
            return answer(self.name, path, self.client.post(path), address, pk)


def answer(who: str, path: str, response: Any, address: Address | None = None, pk: int | None = None) -> Answer:
    """What a response of Django's client says, kept small."""
    fault = getattr(response, "exc_info", None)
    said = f"{fault[0].__name__}: {fault[1]}"[:300] if fault and response.status_code >= 500 else ""
    content = b"" if response.streaming else response.content
    html = content.decode("utf-8", "replace") if "text" in response.headers.get("Content-Type", "") else ""
    headers = dict(response.headers.items())
    return Answer(who, path, address, pk, response.status_code, headers, html, said)


# The marks


def sealed_fields(model: type[models.Model]) -> list[str]:
    """The names of a model's sealed texts. (What several write at the same time is a text inside of sealed bytes.)"""
    fields = model._meta.get_fields()
    return [one.name for one in fields if isinstance(one, SealedTextField) and not isinstance(one, SealedBytesField)]


def mark_sealed_texts() -> dict[tuple[str, int], list[str]]:
    """Put a mark of its own into every sealed text; gives the marks by record, as (model name, id)."""
    marks: dict[tuple[str, int], list[str]] = {}
    for model in apps.get_models():
        names = sealed_fields(model)
        for row in vault.opened(model._default_manager.order_by("pk"), *names) if names else []:
            key = _shown_as(row)
            for name in names:
                if getattr(row, name) is None or (key[0], getattr(row, name)) == ("publication", ""):
                    continue  # nothing was written, or (a draft that was published) nothing is left of it
                marked = _marked(getattr(row, name), f"{key[0]}-{key[1]}-{name}")
                setattr(row, name, marked)
                marks.setdefault(key, []).extend(found[0] for found in MARK.finditer(marked))
            row.save(update_fields=names)
    for lesson in Lesson.objects.select_related("document"):
        marks.setdefault(("lesson", lesson.pk), []).append(_mark_words(lesson))
    return marks


def _shown_as(row: Any) -> tuple[str, int]:
    """The record that a text is seen with: the name of a file with what shows the file."""
    if isinstance(row, StoredFile):
        row = getattr(row, "attachment", None) or getattr(row, "published", row)
    return (type(row).__name__.lower(), row.pk)


def _mark_words(lesson: Lesson) -> str:
    """Put a mark into the first part of a lesson's text; gives the mark."""
    mark = f"qq-lesson-{lesson.pk}-words-qq"
    with live_documents.changing(lesson.document, at=lesson.document.changed_at) as doc, doc.transaction():
        lesson_text.set_nodes(doc, lesson_text.read(doc).parts[0].id, paragraphs(mark))
    return mark


def _marked(text: str, about: str) -> str:
    if not text.startswith(("{", "[")):
        return f"qq-{about}-qq"

    def within(value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: within(one, f"{name}_{key}") for key, one in value.items()}
        if isinstance(value, list):
            return [within(one, name) for one in value]
        return f"qq-{name}-qq" if isinstance(value, str) and " " in value else value

    return json.dumps(within(json.loads(text), about))


class Names:
    """The persons whom a page names: in full, or by a given or family name as a word of its own."""

    def __init__(self, world: World) -> None:
        people = world.people.values()
        self.of = {name: person.pk for person in people for name in (person.given_name, person.family_name)}
        self.pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, self.of))})(?!\w)")

    def on(self, html: str) -> dict[int, str]:
        """The persons on a page, by id, with how each is named."""
        return {self.of[name]: name for name in set(self.pattern.findall(html))}


# The walk


@dataclass
class Crawl:
    """Everything that everybody was shown, and what the policy says each may see."""

    copies: Copies
    names: Names
    marks: dict[tuple[str, int], list[str]]
    answers: list[Answer] = field(default_factory=list)
    posts: list[Answer] = field(default_factory=list)
    seen: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    partners: dict[str, set[int]] = field(default_factory=dict)
    only_posts: set[str] = field(default_factory=set)

    def of(self, who: str) -> list[Answer]:
        return [one for one in self.answers if one.who == who]

    @property
    def people(self) -> list[str]:
        return list(dict.fromkeys(one.who for one in self.answers))

    @property
    def pages(self) -> list[Answer]:
        """Every page that was shown with 200."""
        return [one for one in self.answers if one.status == 200 and one.is_page]

    def may_see(self, who: str, model: str, pk: int | None) -> bool:
        return pk in self.seen.get((who, model.lower()), ())

    def may_name(self, who: str, person_id: int) -> bool:
        """Whether she sees this person, or a partnership that this person is in."""
        return self.may_see(who, "person", person_id) or person_id in self.partners.get(who, ())

    def may_see_it(self, one: Answer) -> bool:
        """Whether the policy shows the record of this address to whom it answered."""
        return bool(one.address and one.address.model and self.may_see(one.who, one.address.model.__name__, one.pk))


def furnish(world: World) -> None:
    """Put into the world what the demonstration need not have: somebody new and somebody who never came, something
    in a bin, a talk that two logged, a roster and a timetable that wait, a week of last term, time of one's own."""
    at = world.at
    for name, given in (("otis", "Otis"), ("pia", "Pia")):
        person = Person.objects.create(given_name=given, family_name=f"Newcomer{name}", email=f"{name}@example.org")
        give_post(person, place=world.linden_science, title="teacher", from_date=at.date(), at=at)
        world.people[name] = person
    people.admit(world.pia, at=at)
    note = Note.objects.filter(partnership=world.ana_and_ben).earliest("pk")
    bin.remove(note, by=world.ben, at=at)
    for by in (world.ana, world.ben):
        log_contact(world.ana_and_ben, kinds=["informal"], minutes=20, began_at=at - timedelta(hours=2), by=by, at=at)
    source = rosters.name_source("Payroll", under=world.northshore, by=world.ines, at=at)
    rosters.keep_upload(io.BytesIO(ROSTER), source=source, file_name="staff.csv", by=world.ines, at=at)
    timetable_files.furnish(world)
    visits_behind.furnish(world)
    show_calendar(world.ana_and_chen, to=world.dara, by=world.ana, at=at)  # Chen has not agreed yet
    begin = at + timedelta(days=1)
    appointments.make_series(
        kind="own", begin=begin, end=begin + timedelta(hours=1), zone="UTC", people=[world.mai],
        rule="FREQ=WEEKLY;INTERVAL=1;COUNT=3", by=world.mai, at=at,
    )  # fmt: skip


def put_back(crawl: Crawl) -> World:
    """The world as it was walked through, with the same ids; the waiting roster's file too."""
    crawl.copies.put_back()
    for waiting in RosterImport.objects.exclude(stored_as=""):
        (rosters.folder_of_uploads() / waiting.stored_as).write_bytes(ROSTER)
    timetable_files.put_back()
    return copy.deepcopy(crawl.copies.world)


def clear_away() -> None:
    """Put what waits away: a transaction that is undone does not bring its files along."""
    rosters.put_away_old(at=timezone.now() + timedelta(days=2))
    put_old_uploads_away(at=timezone.now() + timedelta(days=2))


def walk(world: World) -> Crawl:
    """Ask for every address as everybody, signed in or not; and as who may not see a record, post to it."""
    furnish(world)
    logging.disable(logging.ERROR)  # thousands of lines about what is not there
    crawl = Crawl(Copies.of(world), Names(world), mark_sealed_texts())
    addresses = every_address()
    paths = {address: expanded(address) for address in addresses}
    crawl.only_posts = _only_post(Visitor("ana", world.ana), addresses)
    for name, person in [*world.people.items(), (SIGNED_OUT, None)]:
        if person is not None:
            for model in policy.SIGHTS:
                crawl.seen[name, model.__name__.lower()] = set(policy.seen(person, model).values_list("pk", flat=True))
            crawl.partners[name] = set(policy.seen(person, Member).values_list("person", flat=True))
        with undone():
            visitor = Visitor(name, person)
            for address in addresses:
                asked = expanded(address, (UNKNOWN, TOO_LARGE)) if name in ASK_FOR_MORE else paths[address]
                _visit(visitor, address, asked, crawl)
    clear_away()
    logging.disable(logging.NOTSET)
    return crawl


def _visit(visitor: Visitor, address: Address, asked: list[tuple[str, int | None]], crawl: Crawl) -> None:
    """Look at each of these; of records that are not hers, at a few, and send a form there."""
    hers, others, refused = [], {}, 0
    for path, pk in asked:
        if address.model and not crawl.may_see(visitor.name, address.model.__name__, pk):
            others.setdefault(pk, path)  # one word is enough where there is a slug as well
        else:
            hers.append((path, pk))
    asks_more = visitor.name in ASK_FOR_MORE
    few = list(others.items())[-OF_OTHERS * (4 if asks_more else 1) :]
    if address.name not in crawl.only_posts:
        for path, pk in [*hers, *((path, pk) for pk, path in few)]:
            if refused == OF_REFUSALS:
                break
            crawl.answers.append(visitor.look(path, address, pk))
            refused += crawl.answers[-1].status == 403
            if 'name="q"' in crawl.answers[-1].html:
                crawl.answers += [visitor.look(f"{path}?{query}", address, pk) for query in SEARCHES]
    for pk, path in few if visitor.name in SEND_FORMS else ():
        crawl.posts.append(visitor.knock(path, address, pk))


def _only_post(visitor: Visitor, addresses: list[Address]) -> set[str]:
    """The names of the addresses that answer nothing but a form: every one of them says so to everybody."""
    tried = {address.name: visitor.look(expanded(address, (UNKNOWN,))[0][0]) for address in addresses}
    return {name for name, found in tried.items() if found.status == 405 and "GET" not in found.headers["Allow"]}


def nothing(found: Iterable[str]) -> None:
    """Fail with what was found, a line for each finding."""
    if lines := sorted(set(found)):
        pytest.fail("\n".join([f"{len(lines)} findings:", *lines[:100]]), pytrace=False)


@contextmanager
def undone() -> Iterator[None]:
    """What is done within is undone in both databases."""
    with transaction.atomic("default"), transaction.atomic("keys"):
        yield
        transaction.set_rollback(True, "default")
        transaction.set_rollback(True, "keys")
