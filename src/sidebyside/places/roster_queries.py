"""Questions about sources and their rosters: what is held of a source, what a roster would change."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.db.models import QuerySet

from sidebyside.base.sheets import Progress, silent
from sidebyside.people.models import Ownership, Person
from sidebyside.places.models import (
    Place,
    Post,
    Role,
    RosterImport,
    Source,
    SourcePerson,
    SourcePlace,
    SourcePost,
)
from sidebyside.places.queries import ids_below
from sidebyside.places.roster.changes import Changes, Current, HeldPerson, HeldPlace, HeldPost
from sidebyside.places.roster.comparing import compare
from sidebyside.places.roster.reading import read
from sidebyside.places.roster.records import PlaceRow, Roster

IN_ONE_GO = 500
T = TypeVar("T")


@dataclass(slots=True)
class Preview:
    """What a roster would change, and what has to be known to apply it.

    `places` and `people` give, for the source's keys, the ids of Place and SourcePerson. `adopted` are places
    that were there before the source and are taken to be its own. `after` is the source's last applied import:
    if there is a later one when this is applied, the preview is out of date. `place_names` and
    `place_kinds` are by the source's keys.
    """

    source: Source
    changes: Changes
    places: dict[str, int]
    people: dict[str, int]
    adopted: dict[str, int] = field(default_factory=dict)
    after: int | None = None
    place_names: dict[str, str] = field(default_factory=dict)
    place_kinds: dict[str, str] = field(default_factory=dict)


def preview(path: Path, *, source: Source, on: date, by_operator: bool = False, progress: Progress = silent) -> Preview:
    """Read the roster at `path` and say what it would change on that day. Writes nothing.

    `source` may be new and not saved yet. `by_operator`: whoever asks has the machine, and may take anybody for
    the source's own. Raises ArchiveRefused (roster.records) where the whole is refused.
    """
    return compared(read(path, today=on, progress=progress), source=source, by_operator=by_operator)


def compared(roster: Roster, *, source: Source, by_operator: bool = False) -> Preview:
    """What a roster that was read would change about what its source said before."""
    after = last_applied(source)
    places, place_ids = held_places(source)
    adopted = adoptable(roster, source, known=places.keys())
    for key in adopted:
        row = roster.places[key]
        places[key] = HeldPlace(row.name, row.kind, row.parent if row.parent in adopted else None, row.closed)
    people, people_ids = held_people(source)
    addresses = known_addresses({row.email for row in roster.people.values() if row.email})
    known_to_source = {held.person for held in people.values()}
    others = set(addresses.values()) - known_to_source
    readdressed = {
        people[key].person for key, row in roster.people.items() if key in people and row.email != people[key].email
    }
    current = Current(
        places,
        people,
        addresses,
        strangers=frozenset() if by_operator else strangers_to(source, others),
        keeping=keeping_their_address(source, readdressed),
    )
    changes = compare(roster, current, source=source.name)
    known: list[tuple[str, HeldPlace | PlaceRow]] = [*places.items(), *roster.places.items()]
    names, kinds = {key: place.name for key, place in known}, {key: place.kind for key, place in known}
    return Preview(source, changes, place_ids, people_ids, adopted, after, names, kinds)


def last_applied(source: Source) -> int | None:
    """The id of the source's latest import that was applied, or None."""
    if source.pk is None:
        return None
    imports = RosterImport.objects.filter(source=source).exclude(applied_at=None)
    return imports.order_by("-applied_at", "-pk").values_list("pk", flat=True).first()


def held_places(source: Source) -> tuple[dict[str, HeldPlace], dict[str, int]]:
    """The places that a source brought: what is known of each, and its id, by the source's keys."""
    rows = list(
        SourcePlace.objects.filter(source=source.pk).values_list(
            "key", "place", "place__name", "place__kind", "place__parent", "place__closed_at"
        )
    )
    keys = {place: key for key, place, *_ in rows}
    held = {
        key: HeldPlace(name, kind, keys.get(parent) if parent else None, closed_at is not None)
        for key, _, name, kind, parent, closed_at in rows
    }
    return held, {key: place for key, place, *_ in rows}


def held_people(source: Source) -> tuple[dict[str, HeldPerson], dict[str, int]]:
    """The people whom a source brought, and the ids of their SourcePerson, by the source's keys."""
    posts: dict[int, dict[str, HeldPost]] = {}
    of_source = SourcePost.objects.filter(person__source=source.pk, person__left_at=None)
    for owner, key, place, title in of_source.values_list("person", "key", "place__key", "title"):
        posts.setdefault(owner, {})[key] = HeldPost(place, title)
    held, ids = {}, {}
    rows = SourcePerson.objects.filter(source=source.pk)
    for pk, key, person, given, family, email in rows.values_list(
        "pk", "key", "person", "given_name", "family_name", "email"
    ):
        held[key] = HeldPerson(person, given, family, email, posts.get(pk, {}))
        ids[key] = pk
    return held, ids


def known_addresses(addresses: set[str]) -> dict[str, int]:
    """Which of these e-mail addresses are whose."""
    found: dict[str, int] = {}
    for part in in_parts(sorted(addresses)):
        rows = Person.objects.filter(email__in=part).values_list("email", "pk")
        found.update((email, pk) for email, pk in rows if email)
    return found


# Whom a source may change: a programme lead of one school is no lead of the others


def roles_outside(source: Source) -> QuerySet[Role]:
    """The roles held today at places that do not lie at or below the source's own. None for a source without one."""
    held = Role.objects.filter(ended_at=None)
    return held.none() if source.under_id is None else held.exclude(place__in=ids_below([source.under_id]))


def strangers_to(source: Source, people: Iterable[int]) -> set[int]:
    """Which of these persons a source may not take for its own by their e-mail address.

    Its own are those who have, or had, a post at or below its place, and those who belong nowhere yet: no post,
    never signed in, no role, no ownership. Where its place is the only one at the top, nobody is elsewhere.
    """
    if source.under_id is None or _is_the_whole_tree(source.under_id):
        return set()
    found: set[int] = set()
    for part in in_parts(sorted(people)):
        here = Post.objects.filter(person__in=part, place__in=ids_below([source.under_id]))
        nowhere = (
            Person.objects.filter(pk__in=part, joined_at=None)
            .exclude(pk__in=Post.objects.filter(person__in=part).values("person"))
            .exclude(pk__in=Role.objects.filter(person__in=part, ended_at=None).values("person"))
            .exclude(pk__in=Ownership.objects.filter(ended_at=None).values("person"))
        )
        found |= {*part} - {*here.values_list("person", flat=True)} - {*nowhere.values_list("pk", flat=True)}
    return found


def keeping_their_address(source: Source, people: Iterable[int]) -> set[int]:
    """Which of these persons keep their e-mail address whatever a source says: a link to sign in goes there.

    Who has signed in before, owners, and whoever works or has a role outside of the source's place.
    """
    found: set[int] = set()
    for part in in_parts(sorted(people)):
        found |= {*Person.objects.filter(pk__in=part).exclude(joined_at=None).values_list("pk", flat=True)}
        found |= {*Ownership.objects.filter(person__in=part, ended_at=None).values_list("person", flat=True)}
        found |= {*roles_outside(source).filter(person__in=part).values_list("person", flat=True)}
        if source.under_id is not None:
            posts = Post.objects.filter(person__in=part, to_date=None)
            outside = posts.exclude(place__in=ids_below([source.under_id]))
            found |= {*outside.values_list("person", flat=True)}
    return found


def _is_the_whole_tree(place: int) -> bool:
    return list(Place.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True)[:2]) == [place]


def adoptable(roster: Roster, source: Source, *, known: Collection[str]) -> dict[str, int]:
    """Places of the roster that are there already, made by hand at or below the source's place.

    Same name and kind, both once. Asked only of the places at a roster's top and of the plain form, whose
    places are names: everything else in OneRoster has a key of its own.
    """
    if source.under_id is None:
        return {}
    wanted = {
        key: row
        for key, row in roster.places.items()
        if key not in known and (roster.version == "plain" or row.parent is None) and not row.closed
    }
    if not wanted:
        return {}
    there: dict[tuple[str, str], list[int]] = {}
    taken = SourcePlace.objects.filter(source=source.pk).values("place")
    below = Place.objects.filter(links_above__above=source.under_id, closed_at=None).exclude(pk__in=taken)
    for pk, name, kind in below.values_list("pk", "name", "kind"):
        there.setdefault((name.casefold(), kind), []).append(pk)
    asked: dict[tuple[str, str], list[str]] = {}
    for key, row in wanted.items():
        asked.setdefault((row.name.casefold(), row.kind), []).append(key)
    return {keys[0]: there[same][0] for same, keys in asked.items() if len(keys) == 1 and len(there.get(same, ())) == 1}


def history(imports: QuerySet[RosterImport]) -> QuerySet[RosterImport]:
    """The imports among these that were applied, the latest first, each with source and who applied it."""
    return imports.exclude(applied_at=None).select_related("source", "applied_by").order_by("-applied_at", "-pk")


def waiting(imports: QuerySet[RosterImport]) -> QuerySet[RosterImport]:
    """The uploads among these that were neither applied nor put away, the latest first."""
    return imports.filter(applied_at=None, put_away_at=None).select_related("source").order_by("-at", "-pk")


def place_for_new_sources() -> Place | None:
    """The one root that was made by hand, below which a roster is put that comes in by the command line."""
    roots = Place.objects.filter(parent=None).exclude(pk__in=SourcePlace.objects.values("place"))[:2]
    return roots[0] if len(roots) == 1 else None


def source_named(name: str) -> Source:
    """The source of that name, or a new one that is not saved yet."""
    found = Source.objects.filter(name=name).first()
    return found or Source(name=name, under=place_for_new_sources())


def in_parts(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in lists of a size that every database takes in one question."""
    rest = iter(items)
    while part := list(islice(rest, IN_ONE_GO)):
        yield part
