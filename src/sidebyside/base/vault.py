"""The vault: confidential text at rest.

Each text is sealed with AES-256-GCM under a data key. A data key belongs to a *scope*: one author in one
partnership ("p7/a3"), what a partnership wrote together ("p7"), or one person alone ("a3"). Data keys lie
wrapped (RFC 3394) in the key store; the master key that wraps them lies beside it in a file. Whoever holds
the main database, or a backup of it, reads nothing; to destroy a data key is to erase its texts everywhere.

A sealed text is one byte for the format, 16 bytes that name the data key, a nonce, and what AES-GCM made of the text.
Field and scope are bound in: moved elsewhere, it does not open.
"""

import os
import secrets
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from django.db import connections, models, transaction

from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled, filled, room
from sidebyside.base.keys.models import DataKey
from sidebyside.base.master_key import WrongKeys, master_key

FORMAT = b"\x01"
NAMED, NONCE = 16, 12  # the lengths of a data key's mark and of a nonce
TEXT = 1 + NAMED + NONCE  # where the text begins


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
        return seal_bytes(self.to_bytes(value), scope=_scope_of(model_instance), field=str(self))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError("What is sealed is saved with save() or bulk_create(), never with update().")
        return super().get_db_prep_value(value, connection, prepared)

    def to_bytes(self, value: Any) -> bytes:
        """What is sealed, as bytes."""
        return value.encode()

    def from_bytes(self, content: bytes) -> Any:
        """What was sealed, as it was."""
        return content.decode()


class SealedBytesField(SealedTextField):
    """As a sealed text, for bytes: the state of a document that several write."""

    def to_bytes(self, value: Any) -> bytes:
        """Bytes as they are."""
        return bytes(value)

    def from_bytes(self, content: bytes) -> Any:
        """Bytes as they are."""
        return content


def _scope_of(record: Any) -> str:
    return record.vault_scope()


def seal(text: str, *, scope: str, field: str) -> Sealed:
    """Seal one text for one scope. `field` ("app.Model.name") is bound in, so that it opens nowhere else.

    A scope without a key, or whose keys were destroyed, gets a new one. It is kept before the text can be.
    """
    return seal_bytes(text.encode(), scope=scope, field=field)


def seal_bytes(content: bytes, *, scope: str, field: str) -> Sealed:
    """Seal bytes for one scope, as `seal` does a text."""
    return _sealed(content, _newest_key(scope) or _new_key(scope), scope, field)


def seal_many(contents: Sequence[tuple[bytes, str]], *, field: str) -> list[Sealed]:
    """Seal many (bytes, scope) of one field, with one query to the key store for all their scopes."""
    scopes = sorted({scope for _content, scope in contents})
    keys = _newest_keys(scopes)
    keys |= {scope: _new_key(scope) for scope in scopes if scope not in keys}
    return [_sealed(content, keys[scope], scope, field) for content, scope in contents]


def open_bytes(sealed: bytes, *, scope: str, field: str) -> bytes | Erased:
    """What `seal_bytes` sealed, or ERASED where its key is gone. For what lies outside of the database: files.

    Raises InvalidTag where it was tampered with or moved.
    """
    if not sealed.startswith(FORMAT) or len(sealed) < TEXT:
        raise InvalidTag
    keys = _keys_named({sealed[1 : 1 + NAMED]})
    if not keys:
        return ERASED
    return keys[sealed[1 : 1 + NAMED]].decrypt(sealed[1 + NAMED : TEXT], sealed[TEXT:], _bound(scope, field))


def _sealed(content: bytes, named: tuple[bytes, AESGCM], scope: str, field: str) -> Sealed:
    name, key = named
    nonce = os.urandom(NONCE)
    return Sealed(FORMAT + name + nonce + key.encrypt(nonce, content, _bound(scope, field)))


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
    waiting = []
    for row, name in pairs:
        sealed = getattr(row, name)
        if isinstance(sealed, Sealed):
            if not sealed.startswith(FORMAT) or len(sealed) < TEXT:
                raise InvalidTag
            waiting.append((row, name, sealed, sealed[1 : 1 + NAMED]))
    keys = _keys_named({key for _row, _name, _sealed, key in waiting})
    for row, name, sealed, key in waiting:
        setattr(row, name, _open(sealed, keys[key], row, name) if key in keys else ERASED)


def _open(sealed: Sealed, key: AESGCM, row: Any, name: str) -> Any:
    bound = _bound(_scope_of(row), _name_of(row.__class__, name))
    field: Any = row._meta.get_field(name)
    return field.from_bytes(key.decrypt(sealed[1 + NAMED : TEXT], sealed[TEXT:], bound))


def _bound(scope: str, field: str) -> bytes:
    return FORMAT + f"{field}:{scope}".encode()


@cache
def _name_of(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name))


# To erase


def destroy(scopes: Sequence[str]) -> int:
    """Erase everything sealed under these scopes, in every backup too. Returns how many keys are gone."""
    return _destroyed(models.Q(scope__in=scopes))


def destroy_all_of(person_id: int) -> int:
    """Erase everything that one person alone wrote, in all partnerships and in her journal."""
    return _destroyed(models.Q(scope=f"a{person_id}") | models.Q(scope__endswith=f"/a{person_id}"))


def _destroyed(which: models.Q) -> int:
    store = DataKey.objects.db
    gone, _ = DataKey.objects.filter(which).delete()
    if connections[store].vendor == "sqlite":
        transaction.on_commit(_empty_the_log, using=store)
    return gone


def _empty_the_log() -> None:
    """SQLite overwrites what is deleted (`secure_delete`), but its log would keep it until it is written over."""
    with connections[DataKey.objects.db].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# Data keys


def _keys_named(names: Iterable[bytes]) -> dict[bytes, AESGCM]:
    """The data keys of these names that are still there. One query."""
    marks = sorted(name.hex() for name in names)
    if not marks:
        return {}
    rows = _named_question(room(len(marks))).rows(filled("mark", marks))
    return {bytes.fromhex(mark): _unwrapped(wrapped) for mark, wrapped in rows}


@asked_often
def _named_question(count: int) -> Compiled:
    marks = Marks()
    keys = DataKey.objects.filter(mark__in=[marks.text(f"mark{at}") for at in range(count)])
    return compiled(keys.values_list("mark", "wrapped"), marks)


def _newest_key(scope: str) -> tuple[bytes, AESGCM] | None:
    """Name and key with which a scope is sealed now. Older keys of it only open what they sealed."""
    for mark, wrapped in _newest_question().rows({"scope": scope}):
        return bytes.fromhex(mark), _unwrapped(wrapped)
    return None


def _newest_keys(scopes: Sequence[str]) -> dict[str, tuple[bytes, AESGCM]]:
    """As `_newest_key` for several scopes, with one query. Scopes without a key are left out."""
    if not scopes:
        return {}
    rows = _newest_of_many(room(len(scopes))).rows(filled("scope", list(scopes)))  # older first: the newest stays
    return {scope: (bytes.fromhex(mark), _unwrapped(wrapped)) for scope, mark, wrapped in rows}


@asked_often
def _newest_of_many(count: int) -> Compiled:
    marks = Marks()
    keys = DataKey.objects.filter(scope__in=[marks.text(f"scope{at}") for at in range(count)]).order_by("pk")
    return compiled(keys.values_list("scope", "mark", "wrapped"), marks)


@asked_often
def _newest_question() -> Compiled:
    marks = Marks()
    keys = DataKey.objects.filter(scope=marks.text("scope")).order_by("-pk")
    return compiled(keys.values_list("mark", "wrapped")[:1], marks)


def _new_key(scope: str) -> tuple[bytes, AESGCM]:
    # Two writers may come at once and make one each: each text names its own, and the newest seals from then on.
    name, key = secrets.token_bytes(NAMED), AESGCM.generate_key(256)
    DataKey.objects.create(mark=name.hex(), scope=scope, wrapped=aes_key_wrap(master_key(), key))
    return name, AESGCM(key)


def _unwrapped(wrapped: Any) -> AESGCM:
    try:
        return AESGCM(aes_key_unwrap(master_key(), bytes(wrapped)))
    except InvalidUnwrap:
        raise WrongKeys("A data key was not wrapped by the master key that this process uses.") from None


__all__ = [
    "ERASED", "Erased", "InvalidTag", "Sealed", "SealedBytesField", "SealedTextField", "destroy", "destroy_all_of",
    "open_bytes", "open_texts", "opened", "seal", "seal_bytes", "seal_many",
]  # fmt: skip
