"""The bin: what is removed lies there for 30 days, then it goes. The policy says who sees it there and restores it."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.models import Removable
from sidebyside.base.refusals import Refused

KEPT_FOR = timedelta(days=30)


def remove(removable: Removable, *, by: Any, at: datetime) -> None:
    """Put a record into the bin: its author's, or that of all members where it is theirs together. Already there:
    nothing happens."""
    changed = (
        type(removable)._default_manager.filter(pk=removable.pk, removed_at=None).update(removed_at=at, removed_by=by)
    )
    if changed:
        removable.removed_at, removable.removed_by = at, by
        record("removed", removable, by=by, at=at, partnership=getattr(removable, "partnership_id", None))


def restore(removable: Removable, *, by: Any, at: datetime) -> None:
    """Take a record out of the bin again. Raises Refused when it is gone for good."""
    lying = type(removable)._default_manager.filter(pk=removable.pk, removed_at__isnull=False)
    if not lying.update(removed_at=None, removed_by=None):
        raise Refused(_("This is no longer in the bin."))
    removable.removed_at = removable.removed_by = None
    record("restored", removable, by=by, at=at, partnership=getattr(removable, "partnership_id", None))


def kinds() -> list[type[Removable]]:
    """Every kind of record that can be removed."""
    return [model for model in apps.get_models() if issubclass(model, Removable)]


def empty(*, at: datetime) -> int:
    """Delete what has lain in a bin for 30 days. Returns how many records."""
    return sum(model._default_manager.filter(removed_at__lte=at - KEPT_FOR).delete()[0] for model in kinds())
