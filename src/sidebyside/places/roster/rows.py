"""What makes a row unusable, for every form of roster alike."""

import re
from collections.abc import Mapping

from sidebyside.base.faults import Fault
from sidebyside.base.marking import N_
from sidebyside.places.roster.records import Roster, refuse

FaultOfRow = tuple[str, dict[str, object]]

MOST_FAULTS = 5_000  # more than this is no roster with faults but the wrong file
ADDRESS = re.compile(r"[^@\s,;<>()\[\]\\\"]+@[^@\s,;<>()\[\]\\\"]+\.[^@\s.,;<>()\[\]\\\"]+")


def note(roster: Roster, fault: Fault) -> None:
    """Add a refused row; raises ArchiveRefused when there are so many that nothing can be trusted."""
    roster.refused.append(fault)
    if len(roster.refused) > MOST_FAULTS:
        raise refuse(
            N_("More than %(limit)s rows are at fault. The last one: %(last)s"),
            file=fault.file,
            line=fault.line,
            limit=MOST_FAULTS,
            last=fault.reason,
        )


def id_fault(sourced_id: str) -> FaultOfRow | None:
    """The fault of a row that cannot be told from others by its id, or None."""
    if not sourced_id:
        return N_("The row has no id."), {}
    if len(sourced_id) > 255:
        return N_("The id is longer than 255 characters."), {}
    return None


def name_fault(name: str, missing: str) -> FaultOfRow | None:
    """The fault of a name that is not there (the sentence `missing`) or far too long, or None."""
    if not name.strip():
        return missing, {}
    if len(name) > 150:
        return N_("The name is longer than 150 characters."), {}
    return None


def email_fault(email: str) -> FaultOfRow | None:
    """The fault of an e-mail address that no mail could reach, or None. Empty is no fault."""
    if email and (len(email) > 254 or not ADDRESS.fullmatch(email)):
        return N_("The e-mail address is not complete."), {}
    return None


def places_in_a_circle(parents: Mapping[str, str | None]) -> str | None:
    """A place that lies below itself, or None. Follows each place upwards once, so linear in places."""
    sound: set[str] = set()
    for start in parents:
        path: list[str] = []
        on_path: set[str] = set()
        here: str | None = start
        while here is not None and here in parents and here not in sound:
            if here in on_path:
                return here
            path.append(here)
            on_path.add(here)
            here = parents[here]
        sound.update(path)
    return None
