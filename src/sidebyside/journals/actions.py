"""What can be done with a reflection."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base import bin
from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted
from sidebyside.base.vault import opened
from sidebyside.base.versions import overwrite
from sidebyside.cycles.models import Cycle
from sidebyside.journals.models import Entry
from sidebyside.people.models import Person


@transaction.atomic
def write_entry(cycle: Cycle, *, text: str, version: int, by: Person, at: datetime) -> Entry:
    """Write one's own reflection on a cycle. It is hers alone until she shares it; `version` is the one she read,
    0 for none. It may be written after the cycle has ended, too. No event tells of it before it is shared.

    Raises Overtaken when she saved another text elsewhere since, and Refused for a text that cannot be kept.
    """
    text = accepted(text)
    first = {"partnership_id": cycle.partnership_id, "text": text, "written_at": at, "changed_at": at}
    entry, is_new = Entry.objects.get_or_create(cycle=cycle, author=by, removed_at=None, defaults=first)
    if not is_new:
        overwrite(entry, version=version, at=at, text=text)
    return entry


@transaction.atomic
def share(entry: Entry, *, by: Person, at: datetime) -> None:
    """Show a reflection to all members. Shared already: nothing happens. Raises Refused when it is not hers, and
    when there is not a word in it."""
    _must_be_hers(entry, by)
    if not opened([entry], "text")[0].text:
        raise Refused(_("Please write something first."))
    if Entry.objects.filter(pk=entry.pk, shared_at=None, removed_at=None).update(shared_at=at):
        entry.shared_at = at
        record("entry.shared", entry, by=by, at=at, partnership=entry.partnership_id)


@transaction.atomic
def take_back(entry: Entry, *, by: Person, at: datetime) -> None:
    """Make a reflection one's own again. Her own already: nothing happens. Raises Refused when it is not hers."""
    _must_be_hers(entry, by)
    if Entry.objects.filter(pk=entry.pk, shared_at__isnull=False).update(shared_at=None):
        entry.shared_at = None
        record("entry.taken_back", entry, by=by, at=at, partnership=entry.partnership_id)


@transaction.atomic
def remove(entry: Entry, *, by: Person, at: datetime) -> None:
    """Put a reflection into its author's bin, and take it back from the others. Raises Refused when it is not hers."""
    take_back(entry, by=by, at=at)
    bin.remove(entry, by=by, at=at)


@transaction.atomic
def restore(entry: Entry, *, by: Person, at: datetime) -> None:
    """Take a reflection out of the bin. Raises Refused when she has written another one on this cycle since."""
    others = Entry.objects.filter(cycle=entry.cycle_id, author=entry.author_id, removed_at=None)
    if others.exclude(pk=entry.pk).exists():
        raise Refused(_("You have written another reflection on this cycle since. Remove that one first."))
    bin.restore(entry, by=by, at=at)


def _must_be_hers(entry: Entry, by: Person) -> None:
    if entry.author_id != by.pk:
        raise Refused(_("A reflection is shared by who wrote it."))
