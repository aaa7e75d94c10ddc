"""Reading the plain form: one sheet with email, given_name, family_name, place and role.

For a school without a system that writes OneRoster. A place may be written with what it lies in,
"Hill District > Hill School > Mathematics"; alone it is a school. Somebody who works at two places has
two rows. The sheet is the whole of its source, so who is no longer in it leaves.
"""

from pathlib import Path

from sidebyside.base.faults import Fault
from sidebyside.base.marking import N_
from sidebyside.base.sheets import Progress, silent, tidy
from sidebyside.places.roster.archives import sheet
from sidebyside.places.roster.records import (
    ADMINISTRATOR,
    AIDE,
    COUNSELOR,
    DISTRICT,
    FACULTY,
    LEADER,
    NOT_STAFF,
    SCHOOL,
    STAFF,
    TEACHER,
    PersonRow,
    PlaceRow,
    PostRow,
    Roster,
)
from sidebyside.places.roster.rows import FaultOfRow, email_fault, name_fault, note

COLUMNS = ("email", "given_name", "family_name", "place", "role")
SHEET = "sheet"
TEMPLATE = (
    "email,given_name,family_name,place,role\r\n"
    "amira.haddad@example.org,Amira,Haddad,Hill District > Hill School > Mathematics,teacher\r\n"
    "li.wei@example.org,Wei,Li,Hill District > Hill School,leader\r\n"
)
KINDS = {1: (SCHOOL,), 2: (DISTRICT, SCHOOL), 3: (DISTRICT, SCHOOL, FACULTY)}
WORDS = {
    **STAFF,
    "leader": LEADER,
    "head": LEADER,
    "headteacher": LEADER,
    "counsellor": COUNSELOR,
    "assistant": AIDE,
    "staff": ADMINISTRATOR,
    TEACHER: TEACHER,
}


def read_plain(path: Path, *, progress: Progress = silent) -> Roster:
    """The roster in one sheet, separated by commas, semicolons or tabs. Raises ArchiveRefused."""
    roster = Roster("plain", all_people=True, all_places=False)
    addresses: dict[str, str] = {}
    with path.open("rb") as stream:
        for line, cells in sheet(stream, path.name, COLUMNS, delimiters=",;\t", progress=progress):
            role = cells[4].casefold()
            if role in NOT_STAFF:
                roster.ignored[NOT_STAFF[role]] += 1
                continue
            fault = _read_row(roster, addresses, path.name, line, cells)
            if fault:
                note(roster, Fault(path.name, line, *fault))
    return roster


def _read_row(roster: Roster, addresses: dict[str, str], file: str, line: int, cells: list[str]) -> FaultOfRow | None:
    """Add one row to the roster, or return why it is refused."""
    email, given, family = cells[0].casefold(), tidy(cells[1]), tidy(cells[2])
    steps = [tidy(step) for step in cells[3].split(">")]
    title = WORDS.get(cells[4].casefold())
    key = person_key(email, given, family, cells[3])
    fault = name_fault(given + family, N_("The person has no name.")) or email_fault(email)
    if not fault and (not all(steps) or len(steps) > 3):
        fault = N_("The place is missing, or has more than three steps."), {}
    if not fault and any(len(step) > 150 for step in steps):
        fault = N_("The name is longer than 150 characters."), {}
    if not fault and title is None:
        fault = (
            N_("“%(role)s” is not a role of a roster. Use teacher, leader, counselor, aide or staff."),
            {"role": cells[4][:40]},
        )
    known = roster.people.get(key)
    if not fault and known and (known.given, known.family) != (given, family):
        fault = N_("Line %(first)s has the same e-mail address."), {"first": known.line}
    place = place_key(steps)
    if not fault and known and place in known.posts:
        fault = N_("This person stands on line %(first)s already."), {"first": known.posts[place].line}
    if fault:
        if not known:
            roster.untouched.add(key)
        return fault
    _add_places(roster, steps, file, line)
    if not known:
        known = roster.people[key] = PersonRow(key, file, line, given, family, email)
        roster.untouched.discard(key)
    known.posts[place] = PostRow(place, title or TEACHER, None, file, line)
    return None


def _add_places(roster: Roster, steps: list[str], file: str, line: int) -> None:
    """Add the place and those it lies in, each once."""
    for depth, kind in enumerate(KINDS[len(steps)], start=1):
        key = place_key(steps[:depth])
        if key not in roster.places:
            parent = place_key(steps[: depth - 1]) if depth > 1 else None
            roster.places[key] = PlaceRow(key, steps[depth - 1], kind, parent, False, file, line)


def place_key(steps: list[str]) -> str:
    """The id of a place in this form: its names from the top, case ignored."""
    return " > ".join(steps).casefold()[:255]


def person_key(email: str, given: str, family: str, place: str) -> str:
    """The id of a person in this form: her address, or without one her name and place."""
    return email or f"{given} {family} @ {tidy(place)}".casefold()[:255]
