"""Files of a lesson: to attach them, to say what a picture shows, to take them off."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from sidebyside.base import bin
from sidebyside.base.events import record
from sidebyside.base.files import storing
from sidebyside.base.files.storing import Examined
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted
from sidebyside.lessons.actions.lessons import must_be_open, touch
from sidebyside.lessons.models import Attachment, Lesson
from sidebyside.lessons.text import is_part_id
from sidebyside.people.models import Person

LONGEST_CAPTION = 300
MOST_BYTES = 100 * 1024**2  # of all files of a lesson together, those in the bin too
MOST_FILES = 60


def attach(
    lesson: Lesson, upload: Any, *, by: Person, at: datetime, caption: str = "", part: str = ""
) -> Attachment:  # fmt: skip
    """Attach a file that was handed in (Django's UploadedFile) to a lesson or (by its id) to a part of it.

    `caption` says what it is, for a picture also to those who do not see it. Takes seconds for a picture, before its
    transaction begins. Raises Refused for what is not taken (base/files), for too much, and where the lesson is closed.
    """
    must_be_open(lesson)
    caption = one_line(caption)
    if part and not is_part_id(part):
        raise Refused(_("There is no such part of this lesson."))
    return _kept(lesson, storing.examine(upload), caption, part, by=by, at=at)


@transaction.atomic
def _kept(lesson: Lesson, examined: Examined, caption: str, part: str, *, by: Person, at: datetime) -> Attachment:
    # (the row is held so that of two who attach at once the second is counted with the first; and read anew, because
    # a picture takes its time)
    rows = Lesson.objects.select_for_update(of=("self",)).select_related("partnership")
    must_be_open(rows.get(pk=lesson.pk))
    there = Attachment.objects.filter(lesson=lesson)
    if there.filter(removed_at=None).count() >= MOST_FILES:
        raise Refused(_("A lesson holds at most %(number)s files. Remove one first.") % {"number": MOST_FILES})
    taken = there.aggregate(bytes=Sum("file__size"))["bytes"] or 0
    if taken + len(examined.content) > MOST_BYTES:
        limit = {"limit": MOST_BYTES // 1024**2}
        raise Refused(_("The files of a lesson may be %(limit)s MB together, those in the bin too.") % limit)
    attached = Attachment.objects.create(
        lesson=lesson,
        partnership_id=lesson.partnership_id,
        scope=lesson.vault_scope(),
        part=part,
        file=storing.keep(examined, scope=lesson.vault_scope(), by=by, at=at),
        caption=caption,
        added_at=at,
        added_by=by,
    )
    record("attachment.added", attached, by=by, at=at, partnership=lesson.partnership_id)
    return attached


@transaction.atomic
def describe(attachment: Attachment, *, caption: str, by: Person, at: datetime) -> None:
    """Say what a file is, and what a picture shows. Nothing may be said. Raises Refused where the lesson is closed."""
    must_be_open(attachment.lesson)
    attachment.caption = one_line(caption)
    attachment.save(update_fields=["caption"])
    touch(attachment.lesson, at=at)
    record("attachment.described", attachment, by=by, at=at, partnership=attachment.partnership_id)


def remove(attachment: Attachment, *, by: Person, at: datetime) -> None:
    """Put a file into the bin of the members, where it lies for 30 days."""
    must_be_open(attachment.lesson)
    bin.remove(attachment, by=by, at=at)


def one_line(caption: str) -> str:
    """A caption as it is kept: one line. Raises Refused for a longer one."""
    return accepted(" ".join(accepted(caption).split()), longest=LONGEST_CAPTION)
