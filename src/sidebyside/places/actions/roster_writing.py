"""Writing what a roster changes, in bulk: places with their links, people, posts, leaders.

Rows are made ready before the transaction begins; inside it everything goes out in lists, so that thousands
of people take a second or two and nobody else waits long.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import F, Model

from sidebyside.people.models import EntryPass, Ownership, Person
from sidebyside.places.actions.tree import rebuild_links
from sidebyside.places.models import Link, Place, Post, Role, Source, SourcePerson, SourcePlace, SourcePost
from sidebyside.places.roster.changes import LEAVING, MOVED, NEW, PersonChange, PlaceChange
from sidebyside.places.roster.records import LEADER
from sidebyside.places.roster_queries import Preview, in_parts, roles_outside


class Writing:
    """One roster on its way into the database. `left`, `returned` and `moved` are ids of persons, afterwards."""

    def __init__(self, seen: Preview, *, by: Person | None, at: datetime, on: date):
        self._by, self._at, self._on = by, at, on
        self._changes = seen.changes
        self._places = dict(seen.places)
        self._known = dict(seen.people)
        self._adopted = seen.adopted
        self._new_persons = {
            change.sourced_id: Person(
                given_name=change.given,
                family_name=change.family,
                email=change.email or None,
                password=make_password(None),
            )
            for change in seen.changes.people
            if change.person is None
        }
        self.left: list[int] = []
        self.moved: list[int] = []
        self.returned: list[int] = []

    def write(self, source: Source) -> None:
        """Write everything. Call it inside a transaction, with the source's row locked."""
        self._source = source
        self._write_places()
        self._settle_source()
        staying = [change for change in self._changes.people if change.verdict != LEAVING]
        self._rename(staying)
        _insert(Person, list(self._new_persons.values()))
        persons = {change.sourced_id: self._person_of(change) for change in self._changes.people}
        self._write_records(staying, persons)
        self._write_posts(persons)
        self._write_leaders()
        self._mark_left()
        self._mark_returned(change.person for change in staying if change.verdict == NEW and change.person)
        self.moved = [persons[change.sourced_id] for change in staying if change.verdict == MOVED]

    def _mark_left(self) -> None:
        """Those whose last post has ended have left, and their roles end. An owner never leaves that way, nor who
        has a role outside of the source's place: that is for whoever gave it to end.

        The import is one event: it names them all (`left`), instead of an event for each.
        """
        leaving = [c.person for c in self._changes.people if c.verdict == LEAVING and c.person]
        for part in in_parts(leaving):
            owners = Ownership.objects.filter(ended_at=None).values("person")
            working = Post.objects.filter(person__in=part, to_date=None).values("person")
            gone = Person.objects.filter(pk__in=part, left_at=None).exclude(pk__in=owners).exclude(pk__in=working)
            gone = gone.exclude(pk__in=roles_outside(self._source).values("person"))
            ids = sorted(gone.values_list("pk", flat=True))
            Person.objects.filter(pk__in=ids).update(left_at=self._at)
            roles = Role.objects.filter(person__in=ids, ended_at=None)
            roles.update(ended_at=self._at, ended_by=self._by)
            self.left += ids

    def _mark_returned(self, people: Iterable[int]) -> None:
        for part in in_parts(people):
            back = list(Person.objects.filter(pk__in=part).exclude(left_at=None).values_list("pk", flat=True))
            Person.objects.filter(pk__in=back).update(left_at=None)
            self.returned += back

    def _person_of(self, change: PersonChange) -> int:
        return change.person or self._new_persons[change.sourced_id].pk

    # --- places

    def _write_places(self) -> None:
        # One change of the tree at a time, or the links of two would miss each other.
        list(Place.objects.select_for_update().filter(parent=None).order_by("pk").values_list("pk"))
        self._places.update(self._adopted)
        changes = self._changes.places
        new = {change.sourced_id: change for change in changes if change.verdict == NEW}
        made = self._make_level_by_level(new)
        keyed = [*self._adopted, *made]
        _insert(SourcePlace, [SourcePlace(source=self._source, key=k, place_id=self._places[k]) for k in keyed])
        others = [change for change in changes if change.verdict != NEW]
        moved = self._change_places(others)
        if moved:
            rebuild_links()
        elif made:
            parents = dict(Place.objects.values_list("pk", "parent"))
            fresh = {self._places[key] for key in made}
            _insert(Link, [Link(above_id=a, place_id=p, depth=d) for a, p, d in closure_of(fresh, parents)])

    def _make_level_by_level(self, new: dict[str, PlaceChange]) -> list[str]:
        """Make the new places, those above before those below; returns their keys."""
        made: list[str] = []
        rest = new
        while rest:
            level = {k: c for k, c in rest.items() if c.parent is None or c.parent in self._places}
            rows = [
                Place(
                    kind=change.kind,
                    name=change.name,
                    parent_id=self._parent(change),
                    closed_at=self._at if change.closed else None,
                )
                for change in level.values()
            ]
            _insert(Place, rows)
            self._places.update(zip(level, (row.pk for row in rows), strict=True))
            made += level
            rest = {key: change for key, change in rest.items() if key not in level}
        return made

    def _parent(self, change: PlaceChange) -> int | None:
        if change.parent:
            return self._places[change.parent]
        # A source whose own place is one that it brought has its other roots beside that one.
        return None if self._source.under_id in self._places.values() else self._source.under_id

    def _settle_source(self) -> None:
        """A source that came in before there was any place belongs to the root it brought, if it is one alone.

        Then the programme lead of that place sees it.
        """
        if self._source.under_id is None:
            roots = Place.objects.filter(pk__in=SourcePlace.objects.filter(source=self._source).values("place"))
            found = list(roots.filter(parent=None)[:2])
            if len(found) == 1:
                self._source.under = found[0]
                Source.objects.filter(pk=self._source.pk).update(under=found[0])

    def _change_places(self, changes: list[PlaceChange]) -> bool:
        """Rename, move, close and open places; whether the tree has another shape now."""
        rows = Place.objects.in_bulk([self._places[change.sourced_id] for change in changes])
        moved = False
        for change in changes:
            place = rows[self._places[change.sourced_id]]
            place.closed_at = (place.closed_at or self._at) if change.closed else None
            if change.verdict == LEAVING:
                continue
            place.name, place.kind = change.name, change.kind
            if change.verdict == MOVED:
                place.parent_id, moved = self._parent(change), True
        _update(Place, list(rows.values()), ["name", "kind", "parent", "closed_at"])
        return moved

    # --- people

    def _rename(self, staying: list[PersonChange]) -> None:
        """Give known persons the names and addresses that the source now says, where it says something new.

        Addresses that go are taken off first: two people may have swapped theirs.
        """
        known = {c.sourced_id: c for c in staying if c.person and (c.was or c.sourced_id) in self._known}
        ids = [self._known[change.was or key] for key, change in known.items()]
        said = {row.key: row for part in in_parts(ids) for row in SourcePerson.objects.filter(pk__in=part)}
        persons: dict[int, Person] = {}
        for part in in_parts(change.person for change in known.values() if change.person):
            persons.update(Person.objects.in_bulk(part))
        changed, readdressed = [], []
        for key, change in known.items():
            before, person = said[change.was or key], persons[change.person or 0]
            names = (change.given, change.family)
            if names != (before.given_name, before.family_name):
                person.given_name, person.family_name = names
                changed.append(person)
            # Who has joined since the roster was looked at keeps her address as well.
            keeps = change.keeps_address or person.joined_at is not None
            if change.email and change.email != before.email and not keeps:
                person.email = change.email
                readdressed.append(person)
        _update(Person, changed, ["given_name", "family_name"])
        for people in in_parts(readdressed):
            ids = [person.pk for person in people]
            Person.objects.filter(pk__in=ids).update(email=None)
            # Invitations went to the address of before, and slips to whoever that was taken to be.
            open_passes = EntryPass.objects.filter(person__in=ids, used_at=None, expires_at__gt=self._at)
            open_passes.update(expires_at=self._at)
        _update(Person, readdressed, ["email"])

    def _write_records(self, staying: list[PersonChange], persons: dict[str, int]) -> None:
        """Write by which keys the source knows whom, what it said of her, and by which keys her posts."""
        left = [self._known[c.sourced_id] for c in self._changes.people if c.verdict == LEAVING]
        for part in in_parts(left):
            SourcePerson.objects.filter(pk__in=part).update(left_at=self._at)
        told = [*staying, *self._changes.quiet]
        known = [change for change in told if (change.was or change.sourced_id) in self._known]
        other_posts = [change for change in told if change.other_posts]
        stale = [self._known.get(change.was or change.sourced_id) for change in other_posts]
        for part in in_parts([*left, *filter(None, stale)]):
            SourcePost.objects.filter(person__in=part).delete()
        rows = {c.sourced_id: self._record(c, persons.get(c.sourced_id) or c.person or 0) for c in told}
        _insert(SourcePerson, [row for row in rows.values() if row.pk is None])
        fields = ["key", "given_name", "family_name", "email", "left_at"]
        _update(SourcePerson, [rows[change.sourced_id] for change in known], fields)
        places = dict(SourcePlace.objects.filter(source=self._source).values_list("key", "pk"))
        posts = [
            SourcePost(person=rows[c.sourced_id], key=key, place_id=places[post.place], title=post.title)
            for c in other_posts
            for key, post in c.posts.items()
        ]
        _insert(SourcePost, posts)

    def _record(self, change: PersonChange, person: int) -> SourcePerson:
        return SourcePerson(
            pk=self._known.get(change.was or change.sourced_id),
            source=self._source,
            key=change.sourced_id,
            person_id=person,
            given_name=change.given,
            family_name=change.family,
            email=change.email,
        )

    def _write_posts(self, persons: dict[str, int]) -> None:
        """End what ends and begin what begins."""
        changes = self._changes.people
        ending = {(persons[c.sourced_id], self._places[place]) for c in changes for place in c.ends}
        self._end_posts(ending)
        rows = [
            Post(
                person_id=persons[change.sourced_id],
                place_id=self._places[place],
                title=begun.title,
                source=self._source,
                from_date=self._first_day(change, begun.begins),
            )
            for change in changes
            for place, begun in change.begins.items()
        ]
        _insert(Post, rows)

    def _first_day(self, change: PersonChange, begins: date | None) -> date:
        """The day a post begins: as the roster says, but for people known before never in the past.

        Until today their history has the former post.
        """
        known = change.verdict != NEW or change.sourced_id in self._known
        return max(begins or self._on, self._on) if known else begins or self._on

    def _end_posts(self, ending: set[tuple[int, int]]) -> None:
        held: list[int] = []
        for part in in_parts({person for person, _ in ending}):
            posts = Post.objects.filter(source=self._source, to_date=None, person__in=part)
            held += [pk for pk, *at in posts.values_list("pk", "person", "place") if tuple(at) in ending]
        for ids in in_parts(held):
            # A post that had not begun yet ends on the day on which it would have.
            Post.objects.filter(pk__in=ids, from_date__gt=self._on).update(to_date=F("from_date"))
            Post.objects.filter(pk__in=ids, to_date=None).update(to_date=self._on)

    # --- leaders

    def _write_leaders(self) -> None:
        """Make and unmake school leaders, for a source that may; an unmade one was made by this source."""
        posts = Post.objects.filter(source=self._source, title=LEADER, to_date=None)
        at_schools = posts.filter(place__kind=Place.Kind.SCHOOL)
        wanted = set(at_schools.values_list("person", "place"))
        roles = Role.objects.filter(kind=Role.Kind.LEADER, ended_at=None)
        brought = roles.filter(from_source=self._source)
        over = [pk for pk, *whom in brought.values_list("pk", "person", "place") if tuple(whom) not in wanted]
        for part in in_parts(over):
            Role.objects.filter(pk__in=part).update(ended_at=self._at, ended_by=self._by)
        if self._source.leaders_allowed_at is None:
            return
        there = set(roles.values_list("person", "place"))
        rows = [
            Role(
                person_id=person,
                place_id=place,
                kind=Role.Kind.LEADER,
                given_at=self._at,
                given_by=self._source.leaders_allowed_by,
                from_source=self._source,
            )
            for person, place in sorted(wanted - there)
        ]
        _insert(Role, rows)


def closure_of(places: set[int], parents: dict[int, int | None]) -> Iterable[tuple[int, int, int]]:
    """(above, place, depth) for these places alone, each with itself and every place above it."""
    for place in places:
        above: int | None = place
        depth = 0
        while above is not None:
            yield above, place, depth
            above, depth = parents[above], depth + 1


def _update(model: type[Model], rows: list[Any], fields: list[str]) -> None:
    """Write these fields of rows that exist: as an insert that gives way, several times as fast as `bulk_update`."""
    model._default_manager.bulk_create(
        rows, batch_size=2000, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def _insert(model: type[Model], rows: list[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=2000)
