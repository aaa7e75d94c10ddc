"""Two people save the same text: the second sees both, and neither is lost."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from sidebyside.base import vault
from sidebyside.base.refusals import Overtaken, Refused

# Saves of one person that follow one another as closely as this are one sitting, and one event.
SITTING = timedelta(minutes=10)


def overwrite(
    record: Any, *, version: int, at: datetime, by: Any = None, stamps: Mapping[str, Any] | None = None,
    counter: str = "version", **changes: Any,
) -> bool:  # fmt: skip
    """Save `changes` to a record if nobody saved since `version`, and count its version up.

    `by` is written where the model keeps `changed_by`; `stamps` are further values that go along and are not
    compared; `counter` is the field that counts, where "version" means something else. Texts of sealed fields are
    handed in open and sealed with the record's own key. The same content again is no quarrel: then the record only
    takes on what is kept. The record is changed in place.

    Returns whether this begins a new sitting (somebody else, or a while later), which is worth an event.
    Raises Overtaken, with the record as it stands now and its texts open, when another content was saved first;
    Refused when the record was removed meanwhile.
    """
    begins = at - record.changed_at > SITTING or (by is not None and by.pk != record.changed_by_id)
    values: dict[str, Any] = {**(stamps or {}), counter: version + 1, "changed_at": at}
    if by is not None:
        values["changed_by"] = by
    for name, value in values.items():
        setattr(record, name, value)
    kept = {name: _as_kept(record, name, value) for name, value in changes.items()}
    rows = type(record)._default_manager.filter(pk=record.pk, **{counter: version})
    if hasattr(record, "removed_at"):
        rows = rows.filter(removed_at=None)
    if not rows.update(**values, **kept):
        current = _current(record, changes)
        values |= {counter: getattr(current, counter), "changed_at": current.changed_at}
        begins = False
    for name, value in {**values, **changes}.items():
        setattr(record, name, value)
    return begins


def _current(record: Model, changes: Mapping[str, Any]) -> Any:
    """The record as it stands, if it already holds these changes. Raises Overtaken or Refused otherwise."""
    model = type(record)
    current: Any = model._default_manager.filter(pk=record.pk).first()
    if current is None or getattr(current, "removed_at", None):
        raise Refused(_("This was removed meanwhile. Your words are still here: copy what you want to keep."))
    vault.opened([current], *(name for name in changes if _is_sealed(current, name)))
    if any(getattr(current, name) != value for name, value in changes.items()):
        raise Overtaken(_("Somebody else saved this while you were writing. Both texts are here."), current=current)
    return current


def _is_sealed(record: Model, name: str) -> bool:
    return isinstance(record._meta.get_field(name), vault.SealedTextField)


def _as_kept(record: Any, name: str, value: Any) -> Any:
    if not _is_sealed(record, name):
        return value
    return vault.seal(value, scope=record.vault_scope(), field=str(record._meta.get_field(name)))
