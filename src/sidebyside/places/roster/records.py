"""The shapes a roster is read into, the words it may use, and its faults."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from sidebyside.base.faults import Fault, InputRefused

COUNTRY, REGION, DISTRICT, SCHOOL, FACULTY = "country", "region", "district", "school", "faculty"

# OneRoster's kinds of organisation, versions 1.1 and 1.2 alike. A county is "local" there.
PLACE_KINDS = {
    "national": COUNTRY,
    "state": REGION,
    "local": REGION,
    "district": DISTRICT,
    "school": SCHOOL,
    "department": FACULTY,
}

TEACHER, LEADER, ADMINISTRATOR, COUNSELOR, AIDE = "teacher", "leader", "administrator", "counselor", "aide"

# Roles of the two OneRoster vocabularies that are a post for us. Version 1.1 knows only
# "administrator"; it is how that version writes a principal.
STAFF = {
    "teacher": TEACHER,
    "principal": LEADER,
    "administrator": LEADER,
    "siteadministrator": LEADER,
    "districtadministrator": ADMINISTRATOR,
    "counselor": COUNSELOR,
    "aide": AIDE,
}

# Roles that are counted and never stored. Proctors watch over tests and system administrators over
# accounts: neither is a post in which somebody teaches or leads.
NOT_STAFF = {
    "student": "student",
    "guardian": "guardian",
    "parent": "parent",
    "relative": "relative",
    "proctor": "proctor",
    "systemadministrator": "systemAdministrator",
}


class ArchiveRefused(InputRefused):
    """The roster is refused whole; nothing of it may be applied. `faults` has at least one entry."""


def refuse(sentence: str, *, file: str | None = None, line: int | None = None, **values: object) -> ArchiveRefused:
    """The exception for one fault of the archive; raise what this returns."""
    return ArchiveRefused(Fault(file, line, sentence, values))


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place as the roster has it. `parent` is the parent's id in the same source, or None."""

    sourced_id: str
    name: str
    kind: str
    parent: str | None
    closed: bool
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post: at which place, as what. `begins` is None where the roster does not say."""

    place: str
    title: str
    begins: date | None
    file: str
    line: int


@dataclass(slots=True)
class PersonRow:
    """What the roster says of one member of staff.

    `posts` and `ended` are keyed by the source's id of the post. `given`, `family` and `email` are None
    where this roster names only posts of the person (a delta may). `whole` says that `posts` are all she
    has; otherwise they only add to and replace what an earlier roster said. `unclear` are posts whose row
    was refused: what is known about them stays. `other` is what she is where a delta says that she is no
    staff (student ...).
    """

    sourced_id: str
    file: str
    line: int
    given: str | None = None
    family: str | None = None
    email: str | None = None
    other: str | None = None
    whole: bool = True
    posts: dict[str, PostRow] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Roster:
    """A roster that was read and is sound as far as it can be known without the database.

    `all_people` and `all_places` say that whoever or whatever is missing is meant to be gone (a bulk
    archive). `untouched` are people whose row was refused: they stay as they are. `gone` are people whom
    the roster itself marks as leaving, with file and line.
    """

    version: str
    all_people: bool
    all_places: bool
    places: dict[str, PlaceRow] = field(default_factory=dict)
    people: dict[str, PersonRow] = field(default_factory=dict)
    gone: dict[str, tuple[str, int]] = field(default_factory=dict)
    untouched: set[str] = field(default_factory=set)
    ignored: Counter[str] = field(default_factory=Counter)
    refused: list[Fault] = field(default_factory=list)
