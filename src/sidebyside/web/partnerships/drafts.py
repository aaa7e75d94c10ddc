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
from sidebyside.places.queries import searched

# What a facilitator proposes to others, herself not among them, and the form it would have.
FOR_OTHERS = "others"
FORMS_FOR_OTHERS = {FOR_OTHERS: Form.PAIR, "others_peers": Form.PEERS, "others_team": Form.TEAM}


@dataclass
class Draft:
    """Who would form what with whom. `form` is "" until it is chosen, or one of those for others."""

    form: str = ""
    part: str = ""
    chosen: list[Person] = field(default_factory=list)
    coach: Person | None = None
    partner: Person | None = None
    parts_open: list[str] = field(default_factory=list)
    searched: str = ""

    @property
    def is_for_others(self) -> bool:
        return self.form in FORMS_FOR_OTHERS

    @property
    def seeks(self) -> str:
        """Under which name the next person is added: "with", "coach", "partner"; "" when all are chosen."""
        if self.form in (FOR_OTHERS, "others_team") and self.coach is None:
            return "coach"
        if self.form == FOR_OTHERS:
            return "partner" if self.partner is None else ""
        return "with" if self.form and len(self.chosen) < self._most else ""

    @property
    def _most(self) -> int:
        if self.form == Form.PAIR:
            return 1
        return LARGEST if self.form == "others_peers" else LARGEST - 1

    @property
    def is_ready(self) -> bool:
        if self.form == FOR_OTHERS:
            return self.coach is not None and self.partner is not None
        if self.form == "others_team" and self.coach is None:
            return False
        return len(self.chosen) >= (1 if self.form in (Form.PAIR, Form.PEERS) else 2)

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
            named = [(person, part.value) for person, part in both if person is not None]
            theirs = Part.PEER if self.form == "others_peers" else Part.PARTNER
            return FORMS_FOR_OTHERS[self.form], named + [(person, theirs.value) for person in self.chosen]
        if self.form == Form.PEERS:
            return Form.PEERS, [(person, Part.PEER) for person in (me, *self.chosen)]
        theirs = Part.COACH if self.part == Part.PARTNER else Part.PARTNER
        return self.form, [(me, self.part or Part.COACH), *((person, theirs) for person in self.chosen)]


def read(me: Person, data: QueryDict) -> Draft:
    """The draft that an address or a form describes. Raises Http404 for people she does not see."""
    draft = Draft(form=data.get("form", ""), part=data.get("part", ""), searched=searched(data.get("q", "")))
    ids = {name: _ids(data.getlist(name)) for name in ("with", "coach", "partner")}
    wanted = {pk for name in ids for pk in ids[name]}
    found = policy.seen(me, Person).in_bulk(wanted) if wanted else {}
    if set(found) != wanted:
        raise Http404
    draft.chosen = [found[pk] for pk in dict.fromkeys(ids["with"])]
    draft.coach = found[ids["coach"][0]] if ids["coach"] else None
    draft.partner = found[ids["partner"][0]] if ids["partner"] else None
    if (draft.coach or draft.partner) and not draft.is_for_others:
        draft.form = FOR_OTHERS
    if draft.is_for_others and not me.standing.at(Role.Kind.FACILITATOR):
        draft.form = ""
    if draft.form not in (*Form.values, *FORMS_FOR_OTHERS, ""):
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
