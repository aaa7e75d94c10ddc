"""The shapes a list of standards is read into, its limits, and its refusal. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sidebyside.base.faults import Fault, InputRefused
from sidebyside.base.marking import N_

LARGEST = 64 << 20  # bytes; a state's lists for all subjects take about 20 MB
MOST_STATEMENTS = 50_000
DEEPEST = 30  # statements below one another
MOST_FAULTS = 50  # more than this is the wrong file
LONGEST_STATEMENT = 10_000  # characters
LONGEST_CODE = 100
LONGEST_IDENTIFIER = 300

# What a package may hold that a list of standards has no place for, and how it is named where it is counted.
LEFT_ASIDE = {
    "of_other_documents": N_("Statements of other documents"),
    "twice": N_("Statements that stand there twice, in the same words"),
    "second_places": N_("Second places of a statement; the first is taken"),
    "lost_places": N_("Places below something that is not in the file; the statement stands at the top"),
    "links": N_("Links of other kinds, and links to other documents"),
    "unknown_links": N_("Links of a kind that CASE does not know"),
    "rubrics": N_("Rubrics"),
}


class StandardsRefused(InputRefused):
    """The list cannot be read. `faults` has at least one entry."""


def refuse(sentence: str, *, file: str | None = None, line: int | None = None, **values: object) -> StandardsRefused:
    """The exception for one fault; raise what this returns."""
    return StandardsRefused(Fault(file, line, sentence, values))


@dataclass(frozen=True, slots=True)
class Statement:
    """One standard. `above` is the place in the list (from 0) of the one it stands below; that one comes before it."""

    identifier: str
    statement: str
    code: str = ""
    uri: str = ""
    kind: str = ""
    levels: tuple[str, ...] = ()
    above: int | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """A list of standards: what it is called, and its statements in the order of the tree.

    `version` is what its makers call this edition, `source` the address of the document; both may be empty.
    """

    identifier: str
    title: str
    statements: tuple[Statement, ...]
    creator: str = ""
    licence: str = ""
    source: str = ""
    language: str = ""
    version: str = ""
    case_version: str = ""
    left_aside: Mapping[str, int] = field(default_factory=dict)


def depths(statements: tuple[Statement, ...] | list[Statement]) -> list[int]:
    """For each statement how many stand above it."""
    found: list[int] = []
    for one in statements:
        found.append(0 if one.above is None else found[one.above] + 1)
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """What a list says otherwise than the one before it. `reworded` has pairs: as it was, as it is."""

    new: tuple[Statement, ...]
    reworded: tuple[tuple[Statement, Statement], ...]
    gone: tuple[Statement, ...]


def difference(before: Package, now: Package) -> Difference:
    """What `now` says otherwise than `before`, statement by statement; the order of both is not looked at."""
    were = {one.identifier: one for one in before.statements}
    are = {one.identifier for one in now.statements}
    return Difference(
        new=tuple(one for one in now.statements if one.identifier not in were),
        reworded=tuple(
            (was, one)
            for one in now.statements
            if (was := were.get(one.identifier)) and (was.code, was.statement) != (one.code, one.statement)
        ),
        gone=tuple(one for one in before.statements if one.identifier not in are),
    )
