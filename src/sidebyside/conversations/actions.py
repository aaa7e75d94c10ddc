"""What can be done with notes and scratch notes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted, required
from sidebyside.base.versions import overwrite
from sidebyside.conversations.models import Note, ScratchNote
from sidebyside.cycles.models import Cycle
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person

SCRATCH_KEPT_FOR = timedelta(days=30)


@transaction.atomic
def write_note(
    partnership: Partnership, *, text: str, by: Person, at: datetime, cycle: Cycle | None = None, stage: str = ""
) -> Note:
    """Write a note for all members to read and to write in. It may name the cycle and the stage it belongs to.

    Raises Refused for a text that is empty or cannot be kept, and when the partnership has ended.
    """
    if partnership.ended_at is not None:
        raise Refused(_("This partnership has ended. What you wrote stays here to read."))
    note = Note.objects.create(
        partnership=partnership, cycle=cycle, stage=stage, author=by, text=required(text),
        written_at=at, changed_at=at, changed_by=by,
    )  # fmt: skip
    record("note.written", note, by=by, at=at, partnership=partnership.pk)
    return note


@transaction.atomic
def change_note(note: Note, *, text: str, version: int, by: Person, at: datetime) -> None:
    """Change a note. When somebody else than its author does, it becomes theirs together (and is sealed so).

    Raises Overtaken when somebody saved another text since `version`; Refused for a text that is empty or cannot be
    kept, when the note was removed meanwhile, and when its author has left: her words stay as she left them.
    """
    _must_be_here(note, by)
    text = required(text)
    before = note.together_at
    if before is None and by.pk != note.author_id:
        note.together_at = at
    try:
        begins = overwrite(note, version=version, by=by, at=at, stamps={"together_at": note.together_at}, text=text)
    except Refused:
        note.together_at = before
        raise
    if begins:
        record("note.changed", note, by=by, at=at, partnership=note.partnership_id)


def _must_be_here(note: Note, by: Person) -> None:
    """Raises Refused where somebody else's note would be changed after she left the partnership."""
    if note.author_id == by.pk:
        return
    if not note.partnership.members.filter(person=note.author_id, left_at=None).exists():
        raise Refused(_("Who wrote this has left, so her or his words stay as they are. Write a new note for yours."))


@transaction.atomic
def keep_scratch(partnership: Partnership, *, text: str, version: int, by: Person, at: datetime) -> ScratchNote:
    """Keep a coach's own few words; an empty text leaves nothing. `version` is the one she read, 0 for none.

    No event tells of it: it is nobody else's. Raises Overtaken when she saved another text elsewhere since, and
    Refused for a text that cannot be kept.
    """
    text = accepted(text)
    first = {"text": text, "changed_at": at}
    scratch, is_new = ScratchNote.objects.get_or_create(partnership=partnership, author=by, defaults=first)
    if not is_new:
        overwrite(scratch, version=version, at=at, text=text)
    if not text:
        ScratchNote.objects.filter(pk=scratch.pk, version=scratch.version).delete()
        scratch.version = 0
    return scratch


def forget_scratch(at: datetime) -> int:
    """Delete scratch notes that were not changed for 30 days. Returns how many."""
    return ScratchNote.objects.filter(changed_at__lte=at - SCRATCH_KEPT_FOR).delete()[0]
