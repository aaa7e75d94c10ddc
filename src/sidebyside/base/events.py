"""What happened, and who reads it.

A verb records its event in its own transaction. Readers (layers above) are one plain list in the settings
(`EVENT_READERS`, a dotted path to a list of (kind, function)); they run at once, in the same transaction.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

from sidebyside.base.models import Event

Reader = Callable[[Event], None]


def record(
    kind: str, about: Model, *, by: Any, at: datetime, partnership: int | None = None, **particulars: Any
) -> Event:
    """Write down that `kind` happened to `about`, and let its readers act. `particulars` are ids and codes only."""
    event = Event.objects.create(
        kind=kind,
        by=getattr(by, "pk", by),
        about=about._meta.model_name or "",
        about_id=about.pk,
        partnership_id=partnership,
        at=at,
        particulars=particulars,
    )
    for reader in _readers().get(kind, ()):
        reader(event)
    return event


@cache
def _readers() -> dict[str, list[Reader]]:
    readers: dict[str, list[Reader]] = {}
    for kind, function in import_string(settings.EVENT_READERS):
        readers.setdefault(kind, []).append(function)
    return readers
