"""Questions about lists of standards: which are in force where, what they say, and which statements hold some words.

Those for pages take the rows that somebody may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from sidebyside.base.unaccented import unaccented
from sidebyside.materials.models import Framework, FrameworkVersion, Standard
from sidebyside.materials.standards_shapes import DEEPEST, Package, Statement
from sidebyside.places.models import Link, Place
from sidebyside.places.queries import ids_above

LONGEST_SEARCH = 100  # characters
MOST_WORDS = 8
MOST_FOUND = 50
MOST_AT_ONCE = 400  # statements that a page shows as a tree


@dataclass(frozen=True)
class Found:
    """A statement that was found, with those above it, the topmost first."""

    standard: Standard
    above: list[Standard]


@dataclass
class Node:
    """A statement in a tree, with those just below it. `more` are so many below it that are not shown."""

    standard: Standard
    below: list[Node] = field(default_factory=list)
    more: int = 0


# Which lists


def frameworks_for(versions: QuerySet[FrameworkVersion], place_ids: Iterable[int]) -> list[FrameworkVersion]:
    """Of these, the lists in force at these places: the latest version of each that belongs to one of them or a place
    above, or ships, and is not put away. The nearest come first, what ships last. One query, with list and place."""
    there = Q(framework__place=None) | Q(framework__place__in=ids_above(place_ids))
    above = Link.objects.filter(place=OuterRef("framework__place")).order_by().values("place")
    depth = Subquery(above.annotate(number=Count("pk")).values("number"))
    found = _latest(versions.filter(there, framework__put_away_at=None)).annotate(depth=depth)
    return list(found.order_by(F("depth").desc(nulls_last=True), "title", "pk"))


def frameworks_of(versions: QuerySet[FrameworkVersion], place: Place) -> list[FrameworkVersion]:
    """Of these, the latest version of each list of this place itself, those put away last."""
    found = _latest(versions.filter(framework__place=place))
    return list(found.order_by(F("framework__put_away_at").asc(nulls_first=True), "title", "pk"))


def version_of(
    versions: QuerySet[FrameworkVersion], framework: Framework, number: int | None = None
) -> FrameworkVersion | None:
    """Of these, one version of a list, the latest where no number is said."""
    of_it = versions.filter(framework=framework).select_related("framework__place")
    return of_it.filter(number=number).first() if number is not None else of_it.order_by("-number").first()


def versions_of(versions: QuerySet[FrameworkVersion], framework: Framework) -> list[FrameworkVersion]:
    """Of these, every version of a list, the latest first, each with the number of its statements as `size`."""
    return list(versions.filter(framework=framework).annotate(size=Count("standards")).order_by("-number"))


def latest_of(framework: Framework) -> FrameworkVersion | None:
    """The latest version of a list."""
    versions = FrameworkVersion.objects.filter(framework=framework).select_related("framework")
    return versions.order_by("number").last()


def _latest(versions: QuerySet[FrameworkVersion]) -> QuerySet[FrameworkVersion]:
    last = FrameworkVersion.objects.filter(framework=OuterRef("framework")).order_by("-number").values("number")[:1]
    return versions.filter(number=Subquery(last)).select_related("framework__place")


def sizes(standards: QuerySet[Standard], versions: Iterable[FrameworkVersion]) -> dict[int, int]:
    """How many of these statements each version (id) has."""
    of_them = standards.filter(version__in=[version.pk for version in versions])
    return dict(of_them.order_by().values_list("version").annotate(Count("pk")))


def places_called(text: str) -> list[Place]:
    """The open places of this id or this exact name."""
    places = Place.objects.filter(closed_at=None)
    found = list(places.filter(pk=int(text))) if text.isascii() and text.isdigit() and len(text) < 19 else []
    return found or list(places.filter(name=text).order_by("pk"))


# What they say


def package_of(version: FrameworkVersion) -> Package:
    """A version as a value, with its statements in the order of the tree."""
    rows = version.standards.order_by("position").values_list(
        "identifier", "statement", "code", "uri", "kind", "levels", "above__position"
    )
    return Package(
        identifier=version.framework.identifier,
        title=version.title,
        statements=tuple(Statement(*row[:5], levels=tuple(row[5]), above=row[6]) for row in rows),
        creator=version.creator,
        licence=version.licence,
        source=version.source,
        language=version.language,
    )


def tree(standards: QuerySet[Standard], version: FrameworkVersion, at: Standard | None = None) -> list[Node]:
    """What stands below one statement of a version (None: at the top), two levels of it; all where that is little.

    At most MOST_AT_ONCE statements; `more` of a node says how many just below it are not shown.
    """
    of_it = standards.filter(version=version).order_by("position")
    if at is None:
        every = list(of_it[: MOST_AT_ONCE + 1])
        if len(every) <= MOST_AT_ONCE:
            return _grown(every, None)
    rows = list(of_it.filter(above=at)[:MOST_AT_ONCE])
    rows += list(of_it.filter(above__in=[row.pk for row in rows])[: MOST_AT_ONCE - len(rows)])
    nodes = _grown(sorted(rows, key=lambda row: row.position), at.pk if at else None)
    numbers = below_each(standards, rows)
    for node in nodes:
        node.more = numbers.get(node.standard.pk, 0) - len(node.below)
        for under in node.below:
            under.more = numbers.get(under.standard.pk, 0)
    return nodes


def _grown(rows: Sequence[Standard], top: int | None) -> list[Node]:
    """The tree of these rows, in order; each comes after the one above it."""
    nodes = {row.pk: Node(row) for row in rows}
    roots: list[Node] = []
    for row in rows:
        above = nodes.get(row.above_id) if row.above_id is not None else None
        (roots if row.above_id == top or above is None else above.below).append(nodes[row.pk])
    return roots


def below_each(standards: QuerySet[Standard], rows: Iterable[Standard]) -> dict[int, int]:
    """For each of these rows (id) how many statements stand just below it, where there are any."""
    below = standards.filter(above__in=[row.pk for row in rows]).order_by()
    return dict(below.values_list("above").annotate(Count("pk")))


def path_to(standards: QuerySet[Standard], rows: Iterable[Standard]) -> dict[int, list[Standard]]:
    """For each of these rows (id) those above it, the topmost first. A query for each level."""
    rows = list(rows)
    known: dict[int, Standard] = {row.pk: row for row in rows}
    for _level in range(DEEPEST):
        wanted = {row.above_id for row in known.values() if row.above_id is not None} - known.keys()
        if not wanted:
            break
        known.update({row.pk: row for row in standards.filter(pk__in=wanted).defer("searched")})
    found = {}
    for row in rows:
        path: list[Standard] = []
        while (above := known.get((path[0] if path else row).above_id or 0)) is not None:
            path.insert(0, above)
        found[row.pk] = path
    return found


# Searching


def search(
    standards: QuerySet[Standard], versions: Sequence[FrameworkVersion], words: str, *, most: int = MOST_FOUND
) -> list[Found]:
    """Of these statements, those of these versions in which every word occurs, in code or statement, without regard
    to accents and case; in the order of the versions and of the tree, with those above each. At most `most`."""
    wanted = unaccented(words[:LONGEST_SEARCH].replace("\0", "")).split()[:MOST_WORDS]
    if not wanted or not versions:
        return []
    order = Case(
        *(When(version=version.pk, then=Value(at)) for at, version in enumerate(versions)),
        output_field=IntegerField(),
    )
    found = standards.filter(version__in=[version.pk for version in versions])
    # (to look for a place in the text is two to five times as fast as LIKE, on both databases; the longest word first,
    # as it stands in the fewest)
    for word in sorted(wanted, key=len, reverse=True):
        found = found.filter(GreaterThan(StrIndex("searched", Value(word)), 0))
    rows = list(found.order_by(order, "position").defer("searched")[:most])
    by_id = {version.pk: version for version in versions}
    for row in rows:
        row.version = by_id[row.version_id]
    above = path_to(standards, rows)
    return [Found(row, above[row.pk]) for row in rows]


def now_saying(
    standards: QuerySet[Standard], versions: Sequence[FrameworkVersion], chosen: Mapping[str, tuple[str, str]]
) -> dict[str, Standard]:
    """Of these standards chosen before (identifier: code and statement as chosen), those that the latest versions say
    otherwise, as they say them; the nearest list's words where several have it."""
    if not chosen or not versions:
        return {}
    order = {version.pk: at for at, version in enumerate(versions)}
    by_id = {version.pk: version for version in versions}
    rows = standards.filter(version__in=list(order), identifier__in=list(chosen)).defer("searched")
    nearest: dict[str, Standard] = {}
    for row in sorted(rows, key=lambda row: order[row.version_id]):
        row.version = by_id[row.version_id]
        nearest.setdefault(row.identifier, row)
    return {key: row for key, row in nearest.items() if (row.code, row.statement) != chosen[key]}


def no_longer_said(
    standards: QuerySet[Standard], versions: Sequence[FrameworkVersion], identifiers: Iterable[str]
) -> set[str]:
    """Of these standards chosen before, those that stood in an earlier version of one of these lists, and in none of
    the latest. One query."""
    latest = {version.pk for version in versions}
    known = standards.filter(
        identifier__in=list(identifiers), version__framework__in=[version.framework_id for version in versions]
    )
    found: dict[str, bool] = {}
    for identifier, version in known.values_list("identifier", "version"):
        found[identifier] = found.get(identifier, False) or version in latest
    return {identifier for identifier, is_there in found.items() if not is_there}
