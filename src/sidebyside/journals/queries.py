"""Questions about reflections."""

from django.db.models import QuerySet

from sidebyside.cycles.models import Cycle
from sidebyside.journals.models import Entry
from sidebyside.people.models import Person


def own_entry(entries: QuerySet[Entry], cycle: Cycle, person: Person) -> Entry | None:
    """Her own reflection on a cycle among these, still sealed."""
    return entries.filter(cycle=cycle, author=person, removed_at=None).first()


def shared_entries(entries: QuerySet[Entry], cycle: Cycle) -> QuerySet[Entry]:
    """The reflections on a cycle among these that their authors share, oldest first, still sealed."""
    return entries.filter(cycle=cycle, removed_at=None, shared_at__isnull=False).order_by("shared_at", "pk")
