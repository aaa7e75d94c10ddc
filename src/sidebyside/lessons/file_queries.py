"""Questions about the files of a lesson."""

from collections.abc import Sequence

from django.db.models import QuerySet

from sidebyside.base import vault
from sidebyside.lessons.models import Attachment, Lesson


def attached(attachments: QuerySet[Attachment], lesson: Lesson) -> Sequence[Attachment]:
    """The files of a lesson among these, oldest first, removed ones left out; names and captions are open. One query,
    and the vault's."""
    rows = list(attachments.filter(lesson=lesson, removed_at=None).select_related("file", "added_by").order_by("pk"))
    opened(rows)
    return rows


def opened(rows: Sequence[Attachment]) -> None:
    """Open names and captions of these files, with one query to the key store."""
    vault.open_texts([*((row, "caption") for row in rows), *((row.file, "name") for row in rows)])
