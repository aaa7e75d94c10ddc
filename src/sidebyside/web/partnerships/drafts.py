"""A proposal before it is sent: what the address or the form says so far. Nothing of it is kept."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict

from sidebyside import policy
from sidebyside.partnerships.models import Form, Part
from sidebyside.partnerships.queries import who_may_coach
from sidebyside.partnerships.shapes import LARGEST
from sidebyside.people.models import Person
from sidebyside.places.models import Role

FOR_OTHERS = "others"


@dataclass
class Draft:
    """Who would form what with whom. `form` is "" until it is chosen, or "others" when two others are proposed."""

    form: str = ""
    part: str = ""
    chosen: list[Person] = field(default_factory=list)
    coach: Person | None = None
    partner: Person | None = None
    parts_open: list[str] = field(default_factory=list)
    searched: str = ""

    @property
    def is_for_others(self) -> bool:
        return self.form == FOR_OTHERS

    @property
    def is_full(self) -> bool:
        return len(self.chosen) >= (1 if self.form == Form.PAIR else LARGEST - 1)

    @property
    def is_ready(self) -> bool:
        if self.is_for_others:
            return self.coach is not None and self.partner is not None
        return len(self.chosen) >= (2 if self.form == Form.TEAM else 1)

    def pairs(self, *, without: Person | None = None, **more: Any) -> list[tuple[str, Any]]:
        """The draft as names and values, for an address or for hidden fields."""
        found: list[tuple[str, Any]] = [("form", self.form)]
        if self.part and not self.parts_open:
            found.append(("part", self.part))
        found += [("with", person.pk) for person in self.chosen if person != without]
        for name, person in (("coach", self.coach), ("partner", self.partner)):
            if person is not None and person != without and name not in more:
                found.append((name, person.pk))
        return found + list(more.items())

    def address(self, *, without: Person | None = None, **more: Any) -> str:
        return "?" + urlencode(self.pairs(without=without, **more))

    def seats(self, me: Person) -> tuple[str, list[tuple[Person, str]]]:
        """The form and the seats to propose."""
        if self.is_for_others:
            both = ((self.coach, Part.COACH), (self.partner, Part.PARTNER))
            return Form.PAIR, [(person, part) for person, part in both if person is not None]
        if self.form == Form.PEERS:
            return Form.PEERS, [(person, Part.PEER) for person in (me, *self.chosen)]
        theirs = Part.COACH if self.part == Part.PARTNER else Part.PARTNER
        return self.form, [(me, self.part or Part.COACH), *((person, theirs) for person in self.chosen)]


def read(me: Person, data: QueryDict) -> Draft:
    """The draft that an address or a form describes. Raises Http404 for people she does not see."""
    draft = Draft(form=data.get("form", ""), part=data.get("part", ""), searched=data.get("q", "").strip()[:80])
    ids = {name: _ids(data.getlist(name)) for name in ("with", "coach", "partner")}
    wanted = {pk for name in ids for pk in ids[name]}
    found = policy.seen(me, Person).in_bulk(wanted) if wanted else {}
    if set(found) != wanted:
        raise Http404
    draft.chosen = [found[pk] for pk in dict.fromkeys(ids["with"])]
    draft.coach = found[ids["coach"][0]] if ids["coach"] else None
    draft.partner = found[ids["partner"][0]] if ids["partner"] else None
    if draft.coach or draft.partner:
        draft.form = FOR_OTHERS
    if draft.form == FOR_OTHERS and not me.standing.at(Role.Kind.FACILITATOR):
        draft.form = ""
    if draft.form not in (*Form.values, FOR_OTHERS, ""):
        draft.form = ""
    _settle_parts(draft, me)
    return draft


def _settle_parts(draft: Draft, me: Person) -> None:
    """Who may coach decides which part each may have; where both may, she chooses."""
    if draft.is_for_others or draft.form == Form.PEERS or not (draft.form or draft.chosen):
        return
    coaches = who_may_coach([me, *draft.chosen])
    mine, theirs = me.pk in coaches, any(person.pk in coaches for person in draft.chosen)
    if not draft.form:
        draft.form = Form.PAIR if (mine or theirs) and len(draft.chosen) == 1 else Form.PEERS
    if draft.form == Form.TEAM:
        draft.part = Part.COACH
    elif draft.form == Form.PAIR and mine and theirs:
        draft.parts_open = [Part.COACH, Part.PARTNER]
        draft.part = draft.part if draft.part in draft.parts_open else ""
    elif draft.form == Form.PAIR and draft.chosen:
        draft.part = Part.COACH if mine else Part.PARTNER


def number(written: str) -> int:
    """The id that an address or a form names. Raises Http404 for what cannot be one."""
    if not (written.isascii() and written.isdigit() and len(written) < 16):
        raise Http404
    return int(written)


def _ids(written: list[str]) -> list[int]:
    return [number(value) for value in written[:10]]
