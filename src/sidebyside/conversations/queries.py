"""Questions about notes and scratch notes."""

from datetime import datetime

from django.db.models import QuerySet

from sidebyside.conversations.actions import SCRATCH_KEPT_FOR
from sidebyside.conversations.models import ScratchNote
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person


def scratch_of(notes: QuerySet[ScratchNote], partnership: Partnership, person: Person, *, at: datetime) -> ScratchNote:
    """Her scratch note among these, still sealed; one without words and with version 0 where there is none, or where
    its thirty days are over (it is deleted soon, and must not be seen until then)."""
    kept = notes.filter(partnership=partnership, author=person, changed_at__gt=at - SCRATCH_KEPT_FOR).first()
    return kept or ScratchNote(partnership=partnership, author=person, text="", changed_at=at, version=0)
