"""Putting the statements of a package into the order of their tree. Pure: no Django."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sidebyside.base.marking import N_
from sidebyside.materials.standards_shapes import DEEPEST, Statement, refuse

NAMED = 5  # statements in a sentence


def in_order(
    statements: Sequence[Statement], links: Mapping[str, tuple[str | None, float]], file: str
) -> tuple[Statement, ...]:
    """The statements in the order of the tree: each after the one it stands below, with that one's place.

    `links` says for an identifier what it stands below (None: at the top) and its number among its like; what has no
    link stands at the top, after what has a number. Raises StandardsRefused for circles and for far too many levels.
    """
    below: dict[str | None, list[tuple[float, int]]] = {}
    for at, one in enumerate(statements):
        above, number = links.get(one.identifier, (None, math.inf))
        below.setdefault(above, []).append((number, at))
    for rows in below.values():
        rows.sort(reverse=True)  # the first is taken last from a stack
    found: list[Statement] = []
    waiting: list[tuple[int, int | None, int]] = [(at, None, 0) for _number, at in below.get(None, ())]
    while waiting:
        at, above_at, depth = waiting.pop()
        one = statements[at]
        if depth > DEEPEST:
            deep = N_("“%(name)s” stands below more than %(limit)s others.")
            raise refuse(deep, file=file, name=named(one), limit=DEEPEST)
        place = len(found)
        found.append(replace(one, above=above_at))
        waiting.extend((child, place, depth + 1) for _number, child in below.get(one.identifier, ()))
    if len(found) < len(statements):
        ring = N_("These statements stand below one another in a circle: %(names)s.")
        raise refuse(ring, file=file, names=", ".join(_circle(statements, links, {one.identifier for one in found})))
    return tuple(found)


def named(one: Statement) -> str:
    """A statement in a sentence: its code, or the beginning of what it says."""
    return one.code or (one.statement if len(one.statement) <= 60 else one.statement[:59] + "…")


def _circle(
    statements: Sequence[Statement], links: Mapping[str, tuple[str | None, float]], reached: set[str]
) -> list[str]:
    """The names of statements in a circle, at most NAMED of them."""
    by_identifier = {one.identifier: one for one in statements}
    at: str | None = next(one.identifier for one in statements if one.identifier not in reached)
    walked: dict[str, int] = {}
    while at is not None and at not in walked:
        walked[at] = len(walked)
        at = links[at][0]
    ring = [identifier for identifier, number in walked.items() if at is not None and number >= walked[at]]
    return [named(by_identifier[identifier]) for identifier in ring[:NAMED]] + (["…"] if len(ring) > NAMED else [])
