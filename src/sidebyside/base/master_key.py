"""The master key: which one it is, that it fits both databases, and how it is changed.

It lies in the file `master.key` beside the key store and wraps every data key. The main database and the key store
bear the same random mark, and the key store a proof of the master key; so a lost or a wrong folder of keys is said in
a sentence, and is never taken for an installation in which nothing was written yet or everything was erased.
"""

import logging
import secrets
import threading
import time
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from django.conf import settings
from django.db import connections, transaction
from django.db.models.functions import Now

from sidebyside.base import key_files
from sidebyside.base.key_files import FORMER, NEXT, PRESENT, Hold
from sidebyside.base.keys.models import DataKey, KeyStore
from sidebyside.base.models import Installation

ONLY = 1  # the primary key of the one row
SECONDS_FOR_ANOTHER = 5

_log = logging.getLogger(__name__)
_known: dict[Path, tuple[bytes, Hold]] = {}
_finding = threading.Lock()


class WrongKeys(Exception):
    """The keys do not belong to this installation, or not to one another. It says what to do, and holds no key."""


def master_key() -> bytes:
    """The master key: looked for once a process, then held until the process ends, so that nobody changes it.

    It is made at the first need of an installation whose key store and whose main database are new, and never again.
    Raises WrongKeys when it is missing, or does not fit the key store, or the key store not the main database.
    """
    folder = Path(settings.SIDEBYSIDE_KEYS)
    if folder not in _known:
        with _finding:
            if folder not in _known:
                _known[folder] = _found(folder)
    return _known[folder][0]


def forget_master_key() -> None:
    """Hold no master key any more, and look for it again at the next need."""
    while _known:
        _known.popitem()[1][1].let_go()


def _found(folder: Path) -> tuple[bytes, Hold]:
    hold = Hold(folder)
    try:
        for _attempt in range(SECONDS_FOR_ANOTHER * 20):
            hold.share()
            if key := _fitting(folder, alone=False):
                return key, hold
            if hold.take_alone():
                key = _fitting(folder, alone=True)
                hold.share()
                assert key
                return key, hold
            time.sleep(0.05)
        raise WrongKeys(f"Another process is at work on the keys in {folder}. Stop it, then start again.")
    except BaseException:
        hold.let_go()
        raise


def _fitting(folder: Path, *, alone: bool) -> bytes | None:
    """The master key that fits both databases. None where a file must be written first and we are not `alone`."""
    store = KeyStore.objects.filter(pk=ONLY).first()
    try:
        present = key_files.read(folder / PRESENT)
        if store is None:
            return _begun(folder, present, alone=alone)
        _belong_together(store, folder)
        if present and _opens(present, store):
            return present
        waiting = key_files.read(folder / NEXT)
        if waiting and _opens(waiting, store):
            # A rotation broke off after the keys were wrapped anew.
            if alone:
                key_files.put_in_place(folder)
                _log.warning("A rotation of the master key had been cut off. It is finished now.")
            return waiting if alone else None
        raise WrongKeys(_what_is_wrong(folder, present, store))
    except key_files.Unreadable as fault:
        raise WrongKeys(f"{fault} Put the right one back, from your copy of the keys or the recovery sheet.") from None


def _begun(folder: Path, present: bytes | None, *, alone: bool) -> bytes | None:
    """The master key of a key store that has none yet. Key file, key store and main database follow one another, so
    that a break between them is no loss."""
    if Installation.objects.exists():
        raise WrongKeys(
            f"The key store of this installation is missing: the one in use is empty. Put your copy of the keys "
            f"folder back ({folder}, or the database that KEYS_URL names). Without it no text can be read."
        )
    if DataKey.objects.exists():
        raise WrongKeys("The key store holds keys but does not say of which installation. Put your copy of it back.")
    if present is None:
        if not alone:
            return None
        present = key_files.new_key()
        key_files.write(folder / PRESENT, present)
    mark = secrets.token_hex(16)
    # Two machines may begin at once: the first row wins, and the other machine's key does not open its proof.
    row = KeyStore(pk=ONLY, mark=mark, proof=_proof(present, mark))
    KeyStore.objects.bulk_create([row], ignore_conflicts=True)
    return _fitting(folder, alone=alone)


def _belong_together(store: KeyStore, folder: Path) -> None:
    """Raise WrongKeys unless main database and key store bear the same mark; a new main database is given it."""
    here = Installation.objects.filter(pk=ONLY).first()
    # A demonstration whose folder was deleted begins again, whatever keys are left.
    if here is None and (store.bound_at is None or settings.DEMONSTRATION):
        Installation.objects.bulk_create([Installation(pk=ONLY, mark=store.mark)], ignore_conflicts=True)
        here = Installation.objects.get(pk=ONLY)
    if here is None:
        raise WrongKeys(
            f"The database is new, but the key store ({folder}) belongs to an older one. Put that database back, or "
            "give the new one a keys folder of its own."
        )
    if here.mark != store.mark:
        raise WrongKeys(
            f"The key store ({folder}) belongs to another database than this one. Look at DATABASE_URL, KEYS_URL, "
            "SIDEBYSIDE_HOME and SIDEBYSIDE_KEYS."
        )
    if store.bound_at is None and not connections[Installation.objects.db].in_atomic_block:
        KeyStore.objects.filter(pk=ONLY).update(bound_at=Now())


def _what_is_wrong(folder: Path, present: bytes | None, store: KeyStore) -> str:
    path = folder / PRESENT
    former = key_files.read(folder / FORMER)
    if former and _opens(former, store):
        return f"The key store was wrapped with the key in {folder / FORMER}. Make a copy of it with the name {path}."
    if present is None:
        return (
            f"The master key is missing: {path}. Copy the file master.key there from another machine of this "
            "installation or from your copy of the keys, or write it from the recovery sheet."
        )
    return (
        f"The master key in {path} is not the one of this key store. Copy the file master.key there from the machine "
        "on which the key was made or changed last, or from your copy of the keys, or write it from the recovery sheet."
    )


def _proof(key: bytes, mark: str) -> bytes:
    return aes_key_wrap(key, bytes.fromhex(mark))


def _opens(key: bytes, store: KeyStore) -> bool:
    try:
        return aes_key_unwrap(key, bytes(store.proof)).hex() == store.mark
    except InvalidUnwrap:
        return False


def rotate_master_key() -> int:
    """Wrap every data key with a new master key and put that in the old one's place. Returns how many keys.

    The old key stays beside it as `master.key.old` until somebody removes it. The file is replaced after the key
    store has kept the new wrappings; whatever breaks off between, the next `master_key()` finishes. Raises WrongKeys,
    and changes nothing, while another process of this machine uses the master key, or when a data key was not
    wrapped by the present one.
    """
    folder = Path(settings.SIDEBYSIDE_KEYS)
    old, hold = master_key(), _known[folder][1]
    if not hold.take_alone():
        hold.share()
        raise WrongKeys("A server or another command is using the master key. Stop it first. Nothing was changed.")
    try:
        new = key_files.new_key()
        key_files.write(folder / NEXT, new)
        number = _wrap_anew(old, new)
        key_files.put_in_place(folder)
    except WrongKeys:
        (folder / NEXT).unlink()
        raise
    finally:
        forget_master_key()
    return number


def _wrap_anew(old: bytes, new: bytes) -> int:
    # Durable: when this returns, the key store has kept it.
    with transaction.atomic(using=DataKey.objects.db, durable=True):
        store = KeyStore.objects.get(pk=ONLY)
        rows = list(DataKey.objects.select_for_update() if _locks() else DataKey.objects.all())
        try:
            for row in rows:
                row.wrapped = aes_key_wrap(new, aes_key_unwrap(old, bytes(row.wrapped)))
        except InvalidUnwrap:
            raise WrongKeys("A key was not wrapped by this master key. Nothing was changed.") from None
        DataKey.objects.bulk_update(rows, ["wrapped"], batch_size=500)
        store.proof = _proof(new, store.mark)
        store.save(update_fields=["proof"])
    return len(rows)


def _locks() -> bool:
    return connections[DataKey.objects.db].features.has_select_for_update
