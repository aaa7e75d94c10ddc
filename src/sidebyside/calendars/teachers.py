"""Whose name is this? Proposals for the names in a timetable, for a person to look over. Pure: no Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """By what a person was found, the surest first."""

    BEFORE = "before"  # the school's last timetable said so
    NAME = "name"
    FAMILY = "family"  # the only one of that family name, or with that initial before or behind it
    INITIALS = "initials"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at the school."""

    pk: int
    given: str
    family: str


@dataclass(frozen=True, slots=True)
class Match:
    """Whose name it may be, and how that was found."""

    person: int
    how: How


def matches(
    names: Iterable[str], people: Iterable[Colleague], before: Mapping[str, int] | None = None
) -> dict[str, Match]:
    """For each name the person it most likely stands for; a name that could be two persons' is left out.

    `before` is what an earlier timetable said of names; of its persons those count who work at the school still.
    Capitals, accents, punctuation and the order of given and family name make no difference. Who was found by a surer
    sign is not proposed again by her initials.
    """
    names, people = list(dict.fromkeys(names)), list(people)
    here = {person.pk for person in people}
    found: dict[str, Match] = {}
    for name in names:
        known = (before or {}).get(name)
        if known in here and known is not None:
            found[name] = Match(known, How.BEFORE)
    for how, signs in ((How.NAME, _whole), (How.FAMILY, _family), (How.INITIALS, _initials)):
        taken = {match.person for match in found.values()} if how != How.NAME else set()
        owners: dict[str, set[int]] = {}
        for person in people:
            for sign in signs(person):
                owners.setdefault(sign, set()).add(person.pk)
        claims: dict[int, list[str]] = {}
        for name in names:
            persons = owners.get(plain(name), set())
            if name not in found and len(persons) == 1 and not persons & taken:
                claims.setdefault(next(iter(persons)), []).append(name)
        for person_id, claimed in claims.items():
            if how == How.NAME or len(claimed) == 1:
                found.update({name: Match(person_id, how) for name in claimed})
    return found


def plain(text: str) -> str:
    """A name for comparing: small letters without accents, its words with one space between."""
    split = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in split if unicodedata.category(sign) not in ("Mn", "Cf"))
    return " ".join(re.findall(r"[^\W_]+", kept))


def _both_ways(one: str, other: str) -> set[str]:
    """Two words of a name in either order, with and without a space: some languages write none."""
    return {f"{one} {other}".strip(), f"{other} {one}".strip(), f"{one}{other}", f"{other}{one}"}


def _whole(person: Colleague) -> set[str]:
    return _both_ways(plain(person.given), plain(person.family)) - {""}


def _family(person: Colleague) -> set[str]:
    given, family = plain(person.given), plain(person.family)
    if not family:
        return set()
    return {family, *(f"{a} {b}" for a, b in ((given[:1], family), (family, given[:1])) if given)}


def _initials(person: Colleague) -> set[str]:
    given, family = plain(person.given).split(), plain(person.family).split()
    if not given or not family:
        return set()
    letters = [word[0] for word in given], [word[0] for word in family]
    ways = ((letters[0], letters[1]), (letters[0][:1], letters[1][:1]), (letters[0][:1], letters[1]))
    # Two letters joined ("AS") and parted by points ("A.S.").
    return {form for one, other in ways for form in ("".join([*one, *other]), " ".join([*one, *other]))}
