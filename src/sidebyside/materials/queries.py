"""Questions about materials, and about which programme and which words are in force where."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled, filled, room
from sidebyside.materials.content_files import FIRST_CYCLE, read_content, read_cycle, read_norms, read_summary_form
from sidebyside.materials.content_shapes import Content, CycleTemplate, KindOfHelp, NormsActivity, SummaryForm
from sidebyside.materials.content_tables import Table
from sidebyside.materials.models import MaterialVersion, PlaceGoal, Programme
from sidebyside.materials.rating_files import read_chains, read_checklist, read_levels
from sidebyside.materials.rating_shapes import Scale
from sidebyside.people.models import Person
from sidebyside.places.models import Link, Place, Post
from sidebyside.places.queries import ids_above

DAYS_FOR_LEAVERS = Programme._meta.get_field("days_for_leavers").default
READERS: dict[str, Any] = {
    "cycle": read_cycle, "norms": read_norms, "summary": read_summary_form,
    "checklist": read_checklist, "chain": read_chains, "levels": read_levels,
}  # fmt: skip
SCALE_KINDS = ("checklist", "chain", "levels")


# Programmes


def programme_for(place_ids: Iterable[int]) -> Programme | None:
    """The programme in force at these places (ids): the nearest at or above them, with its place. One query.

    Nearest is the deepest in the tree; the ids are one place, or a place with some or all above it.
    """
    ids = list(place_ids)
    found = _programme_question(room(len(ids))).records(filled("place", ids)) if ids else []
    return found[0] if found else None


@asked_often
def _programme_question(places: int) -> Compiled:
    marks = Marks()
    there = ids_above([marks.number(f"place{at}") for at in range(places)])
    depth = Link.objects.filter(place=OuterRef("place")).order_by().values("place").annotate(number=Count("pk"))
    programmes = Programme.objects.filter(place__in=there).select_related("place")
    return compiled(programmes.annotate(depth=Subquery(depth.values("number"))).order_by("-depth", "pk")[:1], marks)


def words_for(place_ids: Iterable[int]) -> dict[str, tuple[str, str]]:
    """The own words in force at these places: key to (one, many). Hand them to `words.word(own=...)`."""
    place_ids = list(place_ids)
    programme = programme_for(place_ids) if place_ids else None
    return {key: (one, many) for key, (one, many) in programme.words.items()} if programme else {}


def programmes_below(place_ids: Iterable[int]) -> QuerySet[Programme]:
    """The programmes owned at or below these places, by name of the place."""
    below = Link.objects.filter(above__in=list(place_ids)).values("place")
    return Programme.objects.filter(place__in=below).select_related("place").order_by("place__name", "pk")


def goals_of(place: Place) -> list[PlaceGoal]:
    """The place's own short list of goals."""
    return list(PlaceGoal.objects.filter(place=place, removed_at=None).order_by("made_at", "pk"))


def goals_for(place_ids: Iterable[int]) -> QuerySet[PlaceGoal]:
    """The goals of these places and all above them, to which a partnership may link its own; with their places."""
    goals = PlaceGoal.objects.filter(place__in=ids_above(place_ids), removed_at=None)
    return goals.select_related("place").order_by("place__name", "made_at", "pk")


# Materials that have versions


def latest_versions(kind: str, place: Place | None = None) -> list[MaterialVersion]:
    """The latest version of every material of a kind that ships or belongs to a place at or above `place`."""
    versions = MaterialVersion.objects.filter(material__kind=kind).select_related("material")
    theirs = versions.filter(material__place=None)
    if place is not None:
        theirs = theirs | versions.filter(material__place__in=ids_above([place.pk]))
    last = MaterialVersion.objects.filter(material=OuterRef("material")).order_by("-number").values("number")[:1]
    found = theirs.filter(number=Subquery(last)).order_by(F("material__place").asc(nulls_first=True), "material__slug")
    return sorted(found, key=lambda version: version.material.slug != FIRST_CYCLE)


def templates_there(place: Place | None) -> list[MaterialVersion]:
    """The latest version of every cycle template that could be offered at a place, the five stages first."""
    return latest_versions("cycle", place)


def templates_for(place: Place | None) -> list[MaterialVersion]:
    """The latest version of every cycle template offered at a place, as its programme has chosen."""
    programme = programme_for([place.pk]) if place is not None else None
    hidden = programme.not_offered if programme else []
    return [version for version in templates_there(place) if version.material.slug not in hidden]


def latest(kind: str, slug: str) -> MaterialVersion:
    """The latest version of a material that ships, such as latest("norms", "pair"). Raises DoesNotExist."""
    versions = MaterialVersion.objects.filter(material__kind=kind, material__slug=slug, material__place=None)
    found = versions.select_related("material").order_by("-number").first()
    if found is None:
        raise MaterialVersion.DoesNotExist(f"{kind}/{slug}")
    return found


def template(version: MaterialVersion) -> CycleTemplate:
    """The cycle template of a version, with its stages. Raises ContentFault where the version holds no template."""
    found = read("cycle", version)
    assert isinstance(found, CycleTemplate)
    return found


def scale(version: MaterialVersion) -> Scale:
    """What a lesson is rated by, of a version with its material: a checklist, chains or levels. Raises KeyError where
    the version holds something else."""
    if version.material.kind not in SCALE_KINDS:
        raise KeyError(version.material.kind)
    found: Scale = read(version.material.kind, version)  # type: ignore[assignment]  # (its kind says what it is)
    return found


def read(kind: str, version: MaterialVersion) -> CycleTemplate | NormsActivity | SummaryForm | Scale:
    """A version's body as the dataclass of its kind ("cycle", "norms", "summary", "checklist", "chain", "levels")."""
    return _read(kind, json.dumps(version.body, sort_keys=True))


@lru_cache(maxsize=256)
def _read(kind: str, body: str) -> Any:
    # By its text, not by its number: a version never changes, but a test's database does.
    raw = json.loads(body)
    return READERS[kind](Table(str(raw.get("slug", kind)), "", raw))


# What ships and has no versions: read once a process


@cache
def shipped() -> Content:
    """Everything in materials/content, read from the files once."""
    return read_content()


def content(kind: str, slug: str = "") -> Any:
    """Shipped content by its kind: "cycles" (with a slug), or a field of Content: "norms", "bank", "paraphrases",
    "advice", "kinds_of_help", "summary_form", "leader_words", "scales" (with a slug). Raises KeyError for what does
    not ship."""
    if kind not in Content.__slots__:
        raise KeyError(kind)
    found = getattr(shipped(), kind)
    return found[slug] if slug and isinstance(found, dict) else found


def kinds_of_help() -> tuple[KindOfHelp, ...]:
    """What a contact can have been, in the order in which the kinds are offered."""
    return shipped().kinds_of_help


# Leavers


def enters_until(person: Person) -> datetime | None:
    """Until when somebody who has left may still sign in, to take her work; None for who has not left.

    The programme of her last place says for how many days (60 where there is none). An owner never leaves.
    """
    if person.left_at is None:
        return None
    last = Post.objects.filter(person=person).order_by("-to_date", "-pk").values_list("place", flat=True).first()
    programme = programme_for([last]) if last is not None else None
    return person.left_at + timedelta(days=programme.days_for_leavers if programme else DAYS_FOR_LEAVERS)
