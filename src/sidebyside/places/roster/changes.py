"""The shapes of a comparison: what is held of a source, and what a roster would change about it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sidebyside.base.faults import Fault
from sidebyside.places.roster.records import PostRow

NEW, CHANGED, MOVED, LEAVING, UNCHANGED = "new", "changed", "moved", "leaving", "unchanged"
VERDICTS = (NEW, CHANGED, MOVED, LEAVING, UNCHANGED)


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """A place as this source brought it."""

    name: str
    kind: str
    parent: str | None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post as this source brought it: at which place (its id in the source), as what."""

    place: str
    title: str


@dataclass(frozen=True, slots=True)
class HeldPerson:
    """A person as this source brought her. `person` is who she is with us. Without posts: she has left."""

    person: int
    given: str
    family: str
    email: str
    posts: Mapping[str, HeldPost]


@dataclass(slots=True)
class Current:
    """What is known before the roster: of its source, by the source's ids; `addresses` of everybody.

    `strangers` are persons whom this source may not take for its own, and `keeping` those whose e-mail
    address it leaves as it is.
    """

    places: Mapping[str, HeldPlace] = field(default_factory=dict)
    people: Mapping[str, HeldPerson] = field(default_factory=dict)
    addresses: Mapping[str, int] = field(default_factory=dict)
    strangers: Collection[int] = frozenset()
    keeping: Collection[int] = frozenset()


@dataclass(slots=True)
class PlaceChange:
    """What happens to one place."""

    sourced_id: str
    verdict: str
    name: str
    kind: str
    parent: str | None
    closed: bool
    file: str | None = None
    line: int | None = None


@dataclass(slots=True)
class PersonChange:
    """What happens to one person.

    `posts` is what the source says of her from now on, by its ids, and `other_posts` whether that is another
    list than before. `ends` and `begins` are the places and
    titles of posts that end and begin. `person` is who she is with us already, None for somebody new to us.
    `was` is the id under which the source knew her before, where it gave her a new one. `held` is what it said
    of her before, and `file` and `line` are where the roster speaks of her, None where it does not.
    `keeps_address` says that her address stays though the source now says another one.
    """

    sourced_id: str
    verdict: str
    given: str
    family: str
    email: str
    posts: dict[str, HeldPost]
    held: HeldPerson | None = None
    other_posts: bool = True
    ends: dict[str, str] = field(default_factory=dict)
    begins: dict[str, PostRow] = field(default_factory=dict)
    person: int | None = None
    was: str | None = None
    keeps_address: bool = False
    file: str | None = None
    line: int | None = None


@dataclass(slots=True)
class Changes:
    """Everything a roster would do. `people` and `places` hold what changes, not what stays.

    `quiet` are people who count as unchanged though the source gave them or their posts other ids, or an
    address that they do not take.
    """

    source: str
    people: list[PersonChange]
    quiet: list[PersonChange]
    places: list[PlaceChange]
    unchanged_people: int
    unchanged_places: int
    staff_before: int
    ignored: dict[str, int]
    refused: list[Fault]

    def count(self) -> dict[str, dict[str, int]]:
        """`people` and `places`, each with the number of every verdict."""
        people, places = dict.fromkeys(VERDICTS, 0), dict.fromkeys(VERDICTS, 0)
        for change in self.people:
            people[change.verdict] += 1
        for place in self.places:
            places[place.verdict] += 1
        people[UNCHANGED], places[UNCHANGED] = self.unchanged_people, self.unchanged_places
        return {"people": people, "places": places}

    @property
    def leaving(self) -> int:
        """How many people would leave."""
        return sum(change.verdict == LEAVING for change in self.people)

    @property
    def question(self) -> int | None:
        """The number to be repeated before it is applied: more than a tenth would leave. None otherwise."""
        return self.leaving if self.leaving * 10 > self.staff_before else None
