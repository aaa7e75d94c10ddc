"""The texts of a cycle that its members write together: needs, focus, next step."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted
from sidebyside.base.versions import overwrite
from sidebyside.cycles.models import Cycle, Sheet
from sidebyside.people.models import Person


@transaction.atomic
def write_sheet(cycle: Cycle, *, kind: str, text: str, version: int, by: Person, at: datetime) -> Sheet:
    """Write one of the texts of a cycle. `version` is the one she read: 0 where there was none yet.

    Raises Overtaken when somebody saved another text since; Refused for an unknown kind, for a text that cannot be
    kept, and when the cycle has ended.
    """
    must_be_open(cycle)
    if kind not in Sheet.Kind.values:
        raise Refused(_("A cycle has no such text."))
    text = accepted(text)
    first = {"partnership_id": cycle.partnership_id, "text": text, "written_at": at, "changed_at": at, "changed_by": by}
    sheet, is_new = Sheet.objects.get_or_create(cycle=cycle, kind=kind, defaults=first)
    if is_new or overwrite(sheet, version=version, by=by, at=at, text=text):
        record("sheet.written", sheet, by=by, at=at, partnership=cycle.partnership_id, sheet=kind)
    return sheet


def must_be_open(cycle: Cycle) -> None:
    """Refuse to write into a cycle that has ended."""
    if cycle.ended_at is not None:
        raise Refused(_("This cycle has ended, so its texts stay as they are. Take it up again to change them."))
