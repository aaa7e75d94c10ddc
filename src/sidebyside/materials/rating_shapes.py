"""The shapes of what a lesson is rated by: a checklist, chains of questions, levels by name.

Every text that ships is English and is its own key in the catalogues. ``code`` and ``slug`` are names for the
program and are never shown as words. Pure: no Django, no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sidebyside.base.marking import N_

ANSWERS = {
    "not_yet": N_("not yet"),
    "partly": N_("partly"),
    "clearly": N_("clearly"),
    "not_intended": N_("not intended here"),
}
"""How an item of a checklist can be answered, and how that reads. No lesson meets all: the last is an answer too."""

YES, NO = "yes", "no"
LEVEL = "level_"
"""A question of a chain leads to another question, or to a level: "level_3"."""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to look for in a lesson; ``is_own``: a partnership worded it."""

    code: str
    text: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class ChecklistArea:
    """One area of a checklist. The codes of its items begin with its own: "ST" and "ST1"."""

    code: str
    title: str
    purpose: str
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """Things to look for in a lesson, in areas."""

    slug: str
    version: int
    title: str
    purpose: str
    areas: tuple[ChecklistArea, ...]

    @property
    def items(self) -> tuple[ChecklistItem, ...]:
        """The items of all areas, in order."""
        return tuple(item for area in self.areas for item in area.items)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of something, with a name and what it means: empty where only the name may ship.

    ``number`` is what a source counts it by, 0 for none.
    """

    code: str
    title: str
    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class ChainQuestion:
    """A question to answer with yes or no; each leads to the code of another question or of a level."""

    code: str
    text: str
    help: str
    yes: str
    no: str

    def leads_to(self, answer: str) -> str:
        """Where "yes" or "no" leads."""
        return self.yes if answer == YES else self.no


@dataclass(frozen=True, slots=True)
class Chain:
    """Questions that lead to a level; the first of them begins it."""

    code: str
    title: str
    purpose: str
    questions: tuple[ChainQuestion, ...]
    levels: tuple[Level, ...]

    def question(self, code: str) -> ChainQuestion:
        """The question of this code. Raises KeyError."""
        return _named(self.questions, code)

    def level(self, code: str) -> Level:
        """The level of this code. Raises KeyError."""
        return _named(self.levels, code)


LICENCES = {"CC BY 3.0": "https://creativecommons.org/licenses/by/3.0/"}


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains of questions about a lesson, one for each dimension."""

    slug: str
    version: int
    title: str
    purpose: str
    credit: str
    licence: str
    chains: tuple[Chain, ...]

    @property
    def licence_address(self) -> str:
        """Where the licence can be read. Raises KeyError for one that nobody has named here."""
        return LICENCES[self.licence]


@dataclass(frozen=True, slots=True)
class LevelsDimension:
    """One thing that has levels, with the question they answer."""

    code: str
    title: str
    question: str
    levels: tuple[Level, ...]

    def level(self, code: str) -> Level:
        """The level of this code. Raises KeyError."""
        return _named(self.levels, code)


@dataclass(frozen=True, slots=True)
class Levels:
    """A vocabulary of levels, to choose from by name."""

    slug: str
    version: int
    title: str
    purpose: str
    credit: str
    dimensions: tuple[LevelsDimension, ...]


Scale = Checklist | Chains | Levels
"""What a lesson is rated by."""
Coded = TypeVar("Coded", Level, ChainQuestion)


def _named(found: tuple[Coded, ...], code: str) -> Coded:
    for one in found:
        if one.code == code:
            return one
    raise KeyError(code)
