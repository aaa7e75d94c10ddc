"""Send every form that anybody of the test world can find, in every way a form can be sent."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode, urljoin, urlsplit

from django.test import Client

from sidebyside.demo.world import World
from tests.crawling import Answer, Visitor, answer
from tests.filling import filled, goes_to, kind_of, longer, name_of
from tests.page import Field, Form

# Proposals are taken before anything else is booked at their times, or the words they are about are changed.
EARLY = ("take_planned", "take_all_planned", "plan_ours", "remark_acceptance", "lesson_version_restoration")
# Forms after which others are gone come last, in this order.
# (a new timetable takes back the cover and the visits of the one before)
LATE = (
    "cancellation",
    "visit_cover",
    "timetable_import",
    "_removal",
    "remove_",
    "stop_",
    "complete_",
    "closure",
    "ending",
    "withdraw",
    "rest",
    "leaving",
    "parting",
    "_end",
)
LAST = ("sign_out",)
TRIES = 4
ALIKE = 4  # pages of one kind that one person looks at: more would be more of the same
KNOWN = "a"  # what many names have
COME_BACK = ("Location", "Content-Disposition", "HX-Redirect")


@dataclass(frozen=True)
class Found:
    """A form on somebody's page."""

    who: str
    path: str
    form: Form = field(compare=False)

    @property
    def address(self) -> str:
        return kind_of(self.form, self.path)[0]


@dataclass
class Sender:
    """Sends forms with marked words, and keeps what came back to the browser."""

    world: World
    secret: str
    open: str
    open_fields: set[tuple[str, str]]
    roster: bytes = b""
    visitors: dict[str, Visitor] = field(default_factory=dict)
    sent_as: dict[str, str] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    answers: dict[str, list[int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    came_back: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    kinds: dict[Any, list[Found]] = field(default_factory=dict)
    looked_at: set[tuple[str, str]] = field(default_factory=set)
    looks: Counter[tuple[str, str]] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        people = {**self.world.people, "nobody": None}
        self.visitors = {name: Visitor(name, person) for name, person in people.items()}

    # Finding

    def walk(self, who: str, begin: Iterable[str] = ("/",)) -> None:
        """Follow every link from here as this person, and note the forms on the way."""
        first, waiting = set(begin), list(begin)
        while waiting:
            path = waiting.pop()
            alike = (who, name_of(urlsplit(path).path))
            if (who, path) not in self.looked_at and (path in first or self.looks[alike] < ALIKE):
                self.looked_at.add((who, path))
                self.looks[alike] += 1
                waiting += self.read(self.note(self.visitors[who].look(path)))

    def read(self, one: Answer) -> list[str]:
        """Note the forms of a page; gives where its links lead."""
        if not one.is_page:
            return [one.headers["Location"]] if one.headers.get("Location", "").startswith("/") else []
        self.titles.append(one.page.title)
        for form in one.page.forms:
            for button in form.buttons:
                found = Found(one.who, one.path, form)
                alike = self.kinds.setdefault((*kind_of(form, one.path), button, form.posts), [])
                if found not in alike:
                    alike.append(found)
        return [path for path in (_path_of(urljoin(one.path, href)) for href in one.page.links) if path]

    def note(self, one: Answer) -> Answer:
        """Keep what an answer leaves in a browser besides its page: cookies, addresses, names of files."""
        self.came_back += [unquote(one.headers[name]) for name in COME_BACK if name in one.headers]
        if one.status >= 500:
            self.faults.append(str(one))
        return one

    # Sending

    def send_everything(self) -> None:
        """Send each kind of form until one like it was accepted, and each search a few times; what turns up by that is
        sent as well."""
        done: set[Any] = set()
        while waiting := [kind for kind in self.kinds if kind not in done]:
            kind = min(waiting, key=_turn)
            done.add(kind)
            for found in itertools.islice(self._as_they_are_now(kind), TRIES):
                if self.send(found, kind[2], posts=kind[3]) and kind[3]:
                    break

    def _as_they_are_now(self, kind: Any) -> Iterator[Found]:
        """The forms of a kind that still stand on their pages: what was sent before may have changed those."""
        for found in list(self.kinds[kind]):
            page = self.note(self.visitors[found.who].look(found.path)).page
            alike = [form for form in page.forms if (*kind_of(form, found.path), kind[2], form.posts) == kind]
            # A page that answered a form is not there to be looked at again.
            yield Found(found.who, found.path, alike[0]) if alike else found

    def send(self, found: Found, button: tuple[str, str], *, posts: bool) -> bool:
        """Send a form in every way there is; returns whether it was accepted."""
        to, visitor = goes_to(found.form, found.path), self.visitors[found.who]
        if not posts:
            for words in (self._words(found, button), filled(found.form, lambda one: KNOWN)):
                query = urlencode(words, doseq=True)
                found_there = self.note(visitor.look(f"{urlsplit(to).path}?{query}"))
                self.walk(found.who, self.read(found_there))
            return found_there.status < 400
        sent = self._words(found, button)
        first = self._post(visitor, to, sent, found.path)
        self._post(visitor, to, self._again(sent), found.path)
        self.answers.setdefault(found.address, []).append(first.status)
        if first.status < 400:
            self.accepted.add(found.address)
            self.read(first)
            led_to = _path_of(first.headers.get("Location", found.path)) or "/"
            self.looked_at.discard((found.who, led_to))
            self.walk(found.who, [led_to])
        if texts := [one.name for one in found.form.fields if one.takes_words and one.name]:
            self._otherwise(found, button, to, texts)
        return first.status < 400

    def _otherwise(self, found: Found, button: tuple[str, str], to: str, texts: list[str]) -> None:
        """Quietly, on an old version, too long, not valid, by an outsider, signed out, and without its token."""
        visitor, again = self.visitors[found.who], {"once": "", "draft": "note-new-1"}
        version = next((int(one.value or 0) for one in found.form.fields if one.name == "version"), 0)
        for number in (version + 1, version):
            words = {**self._words(found, button), **again, "version": str(number)}
            self._post(visitor, to, words, found.path, headers={"X-Autosave": "1"})
            self._post(visitor, to, {**self._words(found, button), **again, "version": str(number)}, found.path)
        self._post(visitor, to, {**longer(self._words(found, button), texts), **again}, found.path)
        self._post(visitor, to, {name: self._words(found, button)[name] for name in texts}, found.path)
        self._post(self.visitors["mai"], to, self._words(found, button), found.path)
        self._post(Visitor("nobody", None), to, self._words(found, button), found.path)
        strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if visitor.person is not None:
            strict.force_login(visitor.person)
        self.note(self._answer(strict.post(to, self._words(found, button)), found.who, to))

    def _post(self, visitor: Visitor, to: str, sent: Any, page: str, headers: dict[str, str] | None = None) -> Answer:
        response = visitor.client.post(to, sent, headers={"Referer": page, **(headers or {})})
        return self.note(self._answer(response, visitor.name, to))

    def _answer(self, response: Any, who: str, to: str) -> Answer:
        self.came_back += [unquote(cookie.value) for cookie in response.cookies.values()]
        return answer(who, to, response)

    def _words(self, found: Found, button: tuple[str, str]) -> dict[str, Any]:
        address = found.address

        def word(one: Field) -> str:
            if one.kind == "password":
                return f"{self.secret}0000 is long enough"  # the same in each of its fields
            number = next(self.numbers)
            # "what-7" is the field "what" of the seventh
            is_open = (address, re.sub(r"-\d+$", "", one.name)) in self.open_fields
            stem = self.open if is_open or (address, one.name) in self.open_fields else self.secret
            marked = f"{stem}{number:04d}"
            self.sent_as[marked] = f"{found.who} at {found.path} into {address}.{one.name}"
            return marked

        sent = filled(found.form, word, button=button, file=self.roster)
        return {name: [value for value in values if value is not None] for name, values in sent.items()}

    def _again(self, sent: dict[str, Any]) -> dict[str, Any]:
        """The same form a second time; a file is read from its beginning."""
        for values in sent.values():
            for value in values:
                if hasattr(value, "seek"):
                    value.seek(0)
        return sent


def _turn(kind: Any) -> tuple[int, int]:
    """Which forms are sent first: what is proposed, then those with words, small acts, and what ends something."""
    name, fields = kind[0], kind[1]
    if name in EARLY:
        return EARLY.index(name) - len(EARLY), 0
    late = next((number for number, word in enumerate(LATE, 1) if word in name), 0)
    return (99 if name in LAST else late), -len(fields)


def _path_of(href: str) -> str:
    """The address within the site to which a link leads, or nothing where there is nothing to look at."""
    parts = urlsplit(href)
    if parts.scheme or not parts.path.startswith("/"):
        return ""
    name = name_of(parts.path)
    return "" if not name or name.startswith("design") else parts.path + (f"?{parts.query}" if parts.query else "")
