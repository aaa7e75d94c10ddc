"""What a roster would change: the preview, and what applying it then does.

`compare` looks at a roster and at what the same source said before and sorts every person and place into
new, changed, moved, leaving or unchanged, each once: leaving before moved before changed.
"""

from collections.abc import Iterable, Mapping

from sidebyside.base.faults import Fault
from sidebyside.base.marking import N_
from sidebyside.places.roster.changes import (
    CHANGED,
    LEAVING,
    MOVED,
    NEW,
    UNCHANGED,
    Changes,
    Current,
    HeldPerson,
    HeldPlace,
    HeldPost,
    PersonChange,
    PlaceChange,
)
from sidebyside.places.roster.reading import NO_STAFF_ROLE
from sidebyside.places.roster.records import (
    ADMINISTRATOR,
    AIDE,
    COUNSELOR,
    FACULTY,
    LEADER,
    TEACHER,
    PersonRow,
    PlaceRow,
    PostRow,
    Roster,
    refuse,
)
from sidebyside.places.roster.rows import note, places_in_a_circle

# Of several roles at one place the first of these names the post.
BY_WEIGHT = (LEADER, ADMINISTRATOR, TEACHER, COUNSELOR, AIDE)


def compare(roster: Roster, current: Current, *, source: str) -> Changes:
    """What `roster` would change about `current`, both of the source of that name.

    Raises ArchiveRefused where the roster's places and those already known lead round in a circle. Rows
    that only now prove to be at fault (an unknown school) are added to `Roster.refused`.
    """
    return _Comparison(roster, current).changes(source)


class _Comparison:
    def __init__(self, roster: Roster, current: Current):
        self._roster = roster
        self._current = current
        self._people: list[PersonChange] = []
        self._quiet: list[PersonChange] = []
        self._unchanged = 0
        self._keys: dict[int, str] | None = None

    def changes(self, source: str) -> Changes:
        places, unchanged_places = self._places()
        renamed = self._renamed_ids()
        for row in self._roster.people.values():
            self._person(row, renamed.get(row.sourced_id))
        self._absent(set(renamed.values()))
        return Changes(
            source=source,
            people=self._people,
            quiet=self._quiet,
            places=places,
            unchanged_people=self._unchanged,
            unchanged_places=unchanged_places,
            staff_before=sum(bool(held.posts) for held in self._current.people.values()),
            ignored=dict(sorted(self._roster.ignored.items())),
            refused=sorted(self._roster.refused, key=lambda f: (f.file or "", f.line or 0)),
        )

    # --- places

    def _places(self) -> tuple[list[PlaceChange], int]:
        """Changes of places; sets up what is asked about places afterwards."""
        rows, held = self._roster.places, self._current.places
        known = rows.keys() | held.keys()
        self._kind = {key: place.kind for key, place in held.items()}
        self._parent = {key: place.parent for key, place in held.items()}
        closed = {key for key, place in held.items() if place.closed}
        changes, unchanged = [], 0
        for key, row in rows.items():
            self._kind[key] = row.kind
            self._parent[key] = row.parent if row.parent in known else None
            (closed.add if row.closed else closed.discard)(key)
            verdict = place_verdict(row, held.get(key), self._parent[key])
            if verdict == UNCHANGED:
                unchanged += 1
            else:
                changes.append(
                    PlaceChange(key, verdict, row.name, row.kind, self._parent[key], row.closed, row.file, row.line)
                )
        for key in held.keys() - rows.keys():
            place = held[key]
            if self._roster.all_places and not place.closed:
                closed.add(key)
                changes.append(PlaceChange(key, LEAVING, place.name, place.kind, place.parent, True))
            else:
                unchanged += 1
        self._closed = closed
        circle = places_in_a_circle(self._parent)
        if circle:
            raise refuse(
                N_("The place “%(place)s” lies below itself: its parents lead round in a circle."),
                file=rows[circle].file if circle in rows else None,
                line=rows[circle].line if circle in rows else None,
                place=circle[:60],
            )
        return changes, unchanged

    def _school(self, place: str | None) -> str | None:
        """The place itself, or for a faculty what it is a part of."""
        while place is not None and self._kind.get(place) == FACULTY and self._parent.get(place):
            place = self._parent[place]
        return place

    def _closed_place(self, place: str) -> bool:
        """Whether the place, or one that it lies in, is closed."""
        here: str | None = place
        while here is not None:
            if here in self._closed:
                return True
            here = self._parent.get(here)
        return False

    def _schools(self, posts: Iterable[HeldPost]) -> set[str | None]:
        return {self._school(post.place) for post in posts}

    # --- people

    def _renamed_ids(self) -> dict[str, str]:
        """New ids under which the source now knows people it knew by another: new to old.

        A new id with the address of somebody whose own id is no longer in a bulk roster is that person.
        """
        if not self._roster.all_people:
            return {}
        known = self._roster.people.keys() | self._roster.gone.keys() | self._roster.untouched
        missing = {
            held.email: key
            for key, held in self._current.people.items()
            if held.email and held.posts and key not in known
        }
        return {
            row.sourced_id: missing[row.email]
            for row in self._roster.people.values()
            if row.email in missing and row.sourced_id not in self._current.people
        }

    def _person(self, row: PersonRow, was: str | None) -> None:
        held = self._current.people.get(was or row.sourced_id)
        if held is None and row.given is None and row.posts:
            post = next(iter(row.posts.values()))
            self._refuse(post.file, post.line, N_("This role is of somebody whom no roster has brought so far."))
            return
        if self._address_taken(row, held):
            self._refuse(row.file, row.line, N_("The e-mail address belongs to somebody else here."))
            self._unchanged += bool(held and held.posts)
            return
        if held is None and self._joined(row.email) in self._current.strangers:
            self._refuse(
                row.file,
                row.line,
                N_("Somebody with this address works elsewhere. Ask a programme lead of a place above both."),
            )
            return
        if self._unknown_places(row) and self._roster.version == "1.1":
            self._unchanged += bool(held and held.posts)
            return
        before = held.posts if held else {}
        after = self._posts_after(row, before)
        if after:
            self._decide(row, held, was, after)
        elif before and not row.unclear:
            self._leave(was or row.sourced_id, row.file, row.line)
        elif before:
            self._unchanged += 1
        elif not row.unclear:
            self._roster.ignored[row.other or NO_STAFF_ROLE] += 1

    def _refuse(self, file: str, line: int, sentence: str, **values: object) -> None:
        note(self._roster, Fault(file, line, sentence, values))

    def _unknown_places(self, row: PersonRow) -> bool:
        """Refuse the posts at places that nobody knows, once for each row; whether there were any."""
        unknown = [(key, post) for key, post in row.posts.items() if post.place not in self._kind]
        told = set()
        for key, post in unknown:
            del row.posts[key]
            row.unclear.add(key)
            if (post.file, post.line) not in told:
                told.add((post.file, post.line))
                place = post.place[:60]
                self._refuse(post.file, post.line, N_("The roster has no place “%(place)s”."), place=place)
        return bool(unknown)

    def _address_taken(self, row: PersonRow, held: HeldPerson | None) -> bool:
        """Whether the row's address is somebody else's and stays hers.

        Somebody known through another source, or who has left this one, is no stranger: she is joined.
        """
        owner = self._current.addresses.get(row.email or "")
        if owner is None or (held is not None and held.person == owner):
            return False
        key = self._key_of(owner)
        if key is None:
            return held is not None
        other, said = self._roster.people.get(key), self._current.people[key].email
        gives_it_up = other is not None and other.email not in (None, "", row.email, said)
        return not gives_it_up or owner in self._current.keeping

    def _key_of(self, person: int) -> str | None:
        """By which id this source knows a person who works for it now."""
        if self._keys is None:
            self._keys = {held.person: key for key, held in self._current.people.items() if held.posts}
        return self._keys.get(person)

    def _posts_after(self, row: PersonRow, before: Mapping[str, HeldPost]) -> dict[str, HeldPost]:
        """The posts a person has once the row is applied."""
        named = {key: HeldPost(post.place, post.title) for key, post in row.posts.items()}
        if row.whole:
            after = {key: before[key] for key in row.unclear if key in before} | named
        else:
            after = {key: post for key, post in before.items() if key not in row.ended} | named
            self._drop_faculties_left_behind(after, before, named)
        if not self._schools(after.values()) - self._schools(before.values()):
            # Whoever was at a place that has closed stays on its list until she works elsewhere.
            after = {key: post for key, post in before.items() if self._closed_place(post.place)} | after
        return after

    def _drop_faculties_left_behind(
        self, after: dict[str, HeldPost], before: Mapping[str, HeldPost], named: Mapping[str, HeldPost]
    ) -> None:
        """Who moves to another school by a delta leaves the faculties of the former one too.

        A delta that moves a person's main role says nothing of the role she had in a faculty there.
        """
        whole_before = {post.place for post in before.values() if self._kind.get(post.place) != FACULTY}
        whole_after = {post.place for post in after.values() if self._kind.get(post.place) != FACULTY}
        left = whole_before - whole_after
        for key, post in list(after.items()):
            if key not in named and post.place not in whole_after and self._school(post.place) in left:
                del after[key]

    def _decide(self, row: PersonRow, held: HeldPerson | None, was: str | None, after: dict[str, HeldPost]) -> None:
        """Sort a person who stays or comes, and note what begins and ends."""
        before = held.posts if held else {}
        old, new = titles(before.values()), titles(after.values())
        rows = {post.place: post for post in row.posts.values()}
        change = PersonChange(
            sourced_id=row.sourced_id,
            verdict=UNCHANGED,
            given=held.given if row.given is None and held else row.given or "",
            family=held.family if row.given is None and held else row.family or "",
            email=row.email or (held.email if held else ""),
            held=held,
            posts=after,
            other_posts=after != dict(before),
            ends={place: title for place, title in old.items() if new.get(place) != title},
            begins={
                place: PostRow(place, title, rows[place].begins if place in rows else None, row.file, row.line)
                for place, title in new.items()
                if old.get(place) != title
            },
            person=held.person if held else self._joined(row.email),
            was=was,
            keeps_address=self._keeps_address(row, held),
            file=row.file,
            line=row.line,
        )
        if change.keeps_address:
            self._refuse(
                row.file,
                row.line,
                N_("This person signs in with another address, and a roster does not change that. The rest is done."),
            )
        if held is None or not before:
            change.verdict = NEW
        elif self._schools(before.values()) != self._schools(after.values()):
            change.verdict = MOVED
        elif change.ends or change.begins or self._said_otherwise(change, held):
            change.verdict = CHANGED
        if change.verdict != UNCHANGED:
            self._people.append(change)
            return
        self._unchanged += 1
        if was or change.other_posts or change.keeps_address:
            self._quiet.append(change)

    def _joined(self, email: str | None) -> int | None:
        """Who has this address already, through another source or by hand, unless she gives it up now."""
        owner = self._current.addresses.get(email or "")
        return owner if owner is not None and self._key_of(owner) is None else None

    def _keeps_address(self, row: PersonRow, held: HeldPerson | None) -> bool:
        """Whether the row says another address than before, and the person keeps the one she signs in with.

        It is told once: from then on the source is known to say so.
        """
        if held is None or row.email in (None, "", held.email) or held.person not in self._current.keeping:
            return False
        return self._current.addresses.get(row.email or "") != held.person

    @staticmethod
    def _said_otherwise(change: PersonChange, held: HeldPerson) -> bool:
        names = (change.given, change.family) != (held.given, held.family)
        return names or (change.email != held.email and not change.keeps_address)

    def _leave(self, sourced_id: str, file: str | None = None, line: int | None = None) -> None:
        held = self._current.people[sourced_id]
        self._people.append(
            PersonChange(
                sourced_id,
                LEAVING,
                held.given,
                held.family,
                held.email,
                held=held,
                posts={},
                ends=titles(held.posts.values()),
                person=held.person,
                file=file,
                line=line,
            )
        )

    def _absent(self, renamed: set[str]) -> None:
        """Sort the people whom the roster does not name, or names as leaving."""
        roster = self._roster
        for key, held in self._current.people.items():
            if not held.posts or key in roster.people or key in renamed:
                continue
            stays = (
                not roster.all_people
                or key in roster.untouched
                or any(self._closed_place(post.place) for post in held.posts.values())
            )
            if key not in roster.gone and stays:
                self._unchanged += 1
            else:
                self._leave(key, *roster.gone.get(key, ()))


def place_verdict(row: PlaceRow, held: HeldPlace | None, parent: str | None) -> str:
    """What happens to a place that the roster names; `parent` is its parent where that is known."""
    if held is None:
        return NEW
    if row.closed:
        return UNCHANGED if held.closed else LEAVING
    if parent != held.parent:
        return MOVED
    return CHANGED if held.closed or (row.name, row.kind) != (held.name, held.kind) else UNCHANGED


def titles(posts: Iterable[HeldPost]) -> dict[str, str]:
    """For each place the one title that counts there, the weightiest of several roles."""
    found: dict[str, str] = {}
    for post in posts:
        best = found.get(post.place)
        if best is None or BY_WEIGHT.index(post.title) < BY_WEIGHT.index(best):
            found[post.place] = post.title
    return found
