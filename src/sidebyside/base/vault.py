"""The vault: confidential text at rest.

Each text is sealed with AES-256-GCM under a data key. A data key belongs to a *scope*: one author in one
partnership ("p7/a3"), what a partnership wrote together ("p7"), or one person alone ("a3"). Data keys lie
wrapped (RFC 3394) in the key store; the master key that wraps them lies beside it in a file. Whoever holds
the main database, or a backup of it, reads nothing; to destroy a data key is to erase its texts everywhere.
"""

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from django.conf import settings
from django.db import models, transaction

from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled, filled, room
from sidebyside.base.keys.models import DataKey

NONCE = 12


class Sealed(bytes):
    """A sealed text as the database holds it. It never prints itself on a page."""

    def __str__(self) -> str:
        raise TypeError("A sealed text was about to be shown: open it with vault.opened() first.")

    __repr__ = object.__repr__


class Erased(str):
    """What stands in the place of a text whose key was destroyed: an empty string that knows why."""


ERASED = Erased("")


class SealedTextField(models.BinaryField):
    """A text that is sealed on its way into the database and opened only by `opened()`.

    The model says with `vault_scope()` (a method, returning a scope) whose key seals it.
    """

    if TYPE_CHECKING:
        # Text before it is saved and after it was opened, Sealed in between.
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        if isinstance(value, Erased):
            raise TypeError("An erased text cannot be saved again.")
        return seal(value, scope=_scope_of(model_instance), field=str(self))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            raise TypeError("A sealed text is saved with save() or bulk_create(), never with update().")
        return super().get_db_prep_value(value, connection, prepared)


def _scope_of(record: Any) -> str:
    return record.vault_scope()


def seal(text: str, *, scope: str, field: str) -> Sealed:
    """Seal one text for one scope. `field` ("app.Model.name") is bound in, so that it opens nowhere else."""
    nonce = os.urandom(NONCE)
    key = _data_keys([scope]).get(scope) or _new_data_key(scope)
    return Sealed(nonce + AESGCM(key).encrypt(nonce, text.encode(), _bound(scope, field)))


def opened(records: Iterable[Any], *fields: str) -> list[Any]:
    """Open the named sealed fields of some records of one model, with one query to the key store.

    The fields become plain strings on the records, or ERASED where the key is gone. Returns the records as
    a list. Tampered or moved text raises InvalidTag: that is a fault to be looked at, not a state.
    """
    rows = list(records)
    open_texts((row, field) for row in rows for field in fields)
    return rows


def open_texts(pairs: Iterable[tuple[Any, str]]) -> None:
    """Open (record, field name) pairs of any models together, with one query to the key store."""
    waiting = [(row, name) for row, name in pairs if isinstance(getattr(row, name), Sealed)]
    keys = _data_keys(sorted({_scope_of(row) for row, _name in waiting}))
    for row, name in waiting:
        setattr(row, name, _open(getattr(row, name), row, name, keys))


def _open(sealed: Sealed, row: Any, name: str, keys: dict[str, bytes]) -> str:
    scope = _scope_of(row)
    if scope not in keys:
        return ERASED
    bound = _bound(scope, str(row._meta.get_field(name)))
    return AESGCM(keys[scope]).decrypt(sealed[:NONCE], sealed[NONCE:], bound).decode()


def destroy(scopes: Sequence[str]) -> int:
    """Erase everything sealed under these scopes, in every backup too. Returns how many keys are gone."""
    gone, _ = DataKey.objects.filter(scope__in=scopes).delete()
    return gone


def destroy_all_of(person_id: int) -> int:
    """Erase everything that one person alone wrote, in all partnerships and in her journal."""
    mine = models.Q(scope=f"a{person_id}") | models.Q(scope__endswith=f"/a{person_id}")
    gone, _ = DataKey.objects.filter(mine).delete()
    return gone


def _bound(scope: str, field: str) -> bytes:
    return f"{field}:{scope}".encode()


def _data_keys(scopes: Sequence[str]) -> dict[str, bytes]:
    if not scopes:
        return {}
    master = master_key()
    rows = _keys_question(room(len(scopes))).rows(filled("scope", list(scopes)))
    return {scope: aes_key_unwrap(master, bytes(wrapped)) for scope, wrapped in rows}


@asked_often
def _keys_question(scopes: int) -> Compiled:
    marks = Marks()
    keys = DataKey.objects.filter(scope__in=[marks.text(f"scope{at}") for at in range(scopes)])
    return compiled(keys.values_list("scope", "wrapped"), marks)


def _new_data_key(scope: str) -> bytes:
    wrapped = aes_key_wrap(master_key(), AESGCM.generate_key(256))
    # Two writers may come at once: the first row wins and both use it.
    DataKey.objects.bulk_create([DataKey(scope=scope, wrapped=wrapped)], ignore_conflicts=True)
    return _data_keys([scope])[scope]


# The master key


def master_key() -> bytes:
    """The master key, read once a process and made at first need. Readable by the process's owner alone."""
    return _read_master_key(Path(settings.SIDEBYSIDE_KEYS) / "master.key")


@lru_cache(maxsize=4)
def _read_master_key(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_master_key(path, AESGCM.generate_key(256))
    key = bytes.fromhex(path.read_text().strip())
    if len(key) != 32:
        raise ValueError(f"{path} does not hold a master key of 32 bytes.")
    return key


def _write_master_key(path: Path, key: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())


def rotate_master_key() -> int:
    """Wrap every data key with a new master key and put that in the old one's place. Returns how many keys.

    The old key stays beside it as `master.key.old` until the owner removes it. Raises InvalidUnwrap, and
    changes nothing, when a data key was not wrapped by the present master key. Stop the server first.
    """
    path = Path(settings.SIDEBYSIDE_KEYS) / "master.key"
    old, new = master_key(), AESGCM.generate_key(256)
    fresh = path.with_suffix(".key.new")
    fresh.unlink(missing_ok=True)
    _write_master_key(fresh, new)
    with transaction.atomic(using=DataKey.objects.db):
        rows = list(DataKey.objects.select_for_update() if _locks() else DataKey.objects.all())
        for row in rows:
            row.wrapped = aes_key_wrap(new, aes_key_unwrap(old, bytes(row.wrapped)))
        DataKey.objects.bulk_update(rows, ["wrapped"], batch_size=500)
        os.replace(path, path.with_suffix(".key.old"))
        os.replace(fresh, path)
    forget_master_key()
    return len(rows)


def forget_master_key() -> None:
    """Read the master key's file again at the next need."""
    _read_master_key.cache_clear()


def _locks() -> bool:
    from django.db import connections

    return connections[DataKey.objects.db].features.has_select_for_update


__all__ = [
    "ERASED", "Erased", "InvalidTag", "InvalidUnwrap", "Sealed", "SealedTextField",
    "destroy", "destroy_all_of", "forget_master_key", "master_key", "open_texts", "opened", "rotate_master_key", "seal",
]  # fmt: skip
