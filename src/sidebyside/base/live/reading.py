"""What the rooms ask the database, each in a thread that may wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pycrdt import Doc

from sidebyside.base.live import documents, updates
from sidebyside.base.live.models import LiveDocument, LiveUpdate
from sidebyside.base.live.room import Count, Size
from sidebyside.base.live.shape import Roots, Shape
from sidebyside.base.threads import close_all

Found = TypeVar("Found")


def asking(act: Callable[..., Found], *values: Any) -> Found:
    """Call something; where it fails the connection is not used any more: the database may have gone, and be back."""
    try:
        return act(*values)
    except Exception:
        close_all()
        raise


def read(document: int, count: Count, roots: Roots) -> tuple[Doc, Shape, Size, LiveDocument, list[int]]:
    """A document, where everything in it is, how large it is, its row, and the updates that are not in its snapshot.

    Raises documents.Gone where its key was destroyed, and Malformed where opening it would end the process.
    """
    row, state, loose = documents.read(document)
    shape = Shape.of(roots, updates.read_inserted(state))
    doc = documents.made_of(state)
    return doc, shape, Size(len(state), min(len(state), count(doc))), row, loose


def updates_of(document: int, ids: Sequence[int]) -> list[bytes]:
    """What these updates of a document say, oldest first."""
    return documents.updates_of(LiveUpdate.objects.filter(document=document, pk__in=list(ids)))


def keep(document: int, row: LiveDocument | None, state: bytes, loose: list[int]) -> LiveDocument | None:
    """Keep a snapshot. Returns the row with it; None where it is not known what is in the snapshot there is, since
    another process made it: then all is read once more."""
    if row is not None and documents.replace(row, state, loose):
        row.version += 1
        return row
    documents.compact(document)
    return None
