"""Reading and comparing small rosters without a database."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sidebyside.places.roster.changes import Changes, Current, HeldPerson, HeldPlace
from sidebyside.places.roster.comparing import compare
from sidebyside.places.roster.reading import read
from sidebyside.places.roster.records import Roster
from tests.places.roster.archives import Parts, pack

TODAY = date(2026, 11, 22)


class Register:
    """What an installation would hold of one source: compare against it, then take the changes over."""

    def __init__(self) -> None:
        self.current = Current(places={}, people={}, addresses={})
        self._last = 100

    def apply(self, roster: Roster) -> Changes:
        """Compare, take over, and return what changed."""
        changes = compare(roster, self.current, source="personnel office")
        places, people = dict(self.current.places), dict(self.current.people)
        addresses = dict(self.current.addresses)
        for place in changes.places:
            places[place.sourced_id] = HeldPlace(place.name, place.kind, place.parent, place.closed)
        for change in [*changes.people, *changes.quiet]:
            if change.was:
                del people[change.was]
            self._last += change.person is None
            who = change.person or self._last
            people[change.sourced_id] = HeldPerson(who, change.given, change.family, change.email, change.posts)
            addresses = {a: p for a, p in addresses.items() if p != who} | {change.email: who}
        self.current = Current(places, people, addresses)
        return changes

    def of_other_source(self) -> "Register":
        """The same installation seen by a source that has brought nothing yet."""
        other = Register()
        other.current = Current(places={}, people={}, addresses=dict(self.current.addresses))
        other._last = self._last
        return other


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def roster(tmp_path: Path) -> Callable[[Parts], Roster]:
    """A function that packs files into a zip and reads them."""

    def reading(parts: Parts) -> Roster:
        return read(pack(tmp_path / "roster.zip", parts), today=TODAY)

    return reading
