"""Texts that several people write at the same time: Yjs documents, sealed at rest.

What a document says is its snapshot and all updates since, in any order: Yjs updates may come twice and in any order,
and no word is lost. An update is written first and told to others afterwards. `compact` makes updates part of the
snapshot; what was deleted in the text is then gone from the disk too.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from pycrdt import Doc, TransactionEvent, merge_updates

from sidebyside.base import vault
from sidebyside.base.live.models import LiveDocument, LiveUpdate

QUIET_FOR = timedelta(minutes=10)
EMPTY = b"\x00\x00"  # a Yjs update that changes nothing

# Who is told, once it is written, that a document has changed: functions of its id and the ids of the updates.
Told = Callable[[int, Sequence[int]], None]
told: list[Told] = []


class Gone(Exception):
    """The key of this document was destroyed: its text is erased."""


def begin(scope: str, *, at: datetime, state: bytes = EMPTY) -> LiveDocument:
    """Begin a document sealed for `scope`; `state` is a Yjs update (version 1) with what it says first."""
    return LiveDocument.objects.create(scope=scope, snapshot=state, changed_at=at)


def state_of(document: LiveDocument) -> bytes:
    """All a document says, as one Yjs update (version 1). Two queries, and one to the key store.

    Raises Gone where its key was destroyed.
    """
    return read(document.pk)[1]


def read(document_id: int) -> tuple[LiveDocument, bytes, list[int]]:
    """A document as it stands, its state as `state_of`, and the ids of the updates that are not in its snapshot."""
    # The updates first: what is compacted in between is then in the snapshot that is read after them.
    updates = list(LiveUpdate.objects.filter(document=document_id).order_by("pk"))
    document = LiveDocument.objects.get(pk=document_id)
    return document, merged(_opened(document, updates)), [update.pk for update in updates]


def merged(updates: Iterable[bytes]) -> bytes:
    """Several Yjs updates as one."""
    found = [update for update in updates if update and update != EMPTY]
    return merge_updates(*found) if len(found) > 1 else next(iter(found), EMPTY)


def _opened(document: LiveDocument, updates: Sequence[LiveUpdate]) -> list[bytes]:
    vault.open_texts([(document, "snapshot"), *((update, "content") for update in updates)])
    parts = [document.snapshot or EMPTY, *(update.content for update in updates)]
    if any(isinstance(part, vault.Erased) for part in [document.snapshot, *parts]):
        raise Gone
    return parts


def doc_of(document: LiveDocument) -> Doc:
    """A document to read or to change in memory. Raises Gone where its key was destroyed."""
    return made_of(state_of(document))


def made_of(state: bytes) -> Doc:
    """A Yjs document that says what this update says."""
    doc: Doc = Doc()
    if state != EMPTY:
        doc.apply_update(state)
    return doc


@contextmanager
def changing(document: LiveDocument, *, at: datetime) -> Iterator[Doc]:
    """A document to change: what was changed inside is written as one update when all went well.

    Those who write in it at the same moment keep their words. Raises Gone where its key was destroyed.
    """
    with transaction.atomic():
        doc = doc_of(document)
        changes: list[bytes] = []

        def changed(event: TransactionEvent) -> None:
            changes.append(event.update)

        watch = doc.observe(changed)
        yield doc
        doc.unobserve(watch)
        if changes:
            write_many([(document.pk, document.scope, merged(changes))], at=at)
            document.changed_at = at


def write_many(changes: Sequence[tuple[int, str, bytes]], *, at: datetime) -> list[int]:
    """Write updates, each (document id, scope, Yjs update), in one transaction. Returns their ids in this order.

    When they are written, whoever is in `told` is told.
    """
    field = str(LiveUpdate._meta.get_field("content"))
    sealed = vault.seal_many([(content, scope) for _document, scope, content in changes], field=field)
    with transaction.atomic():
        rows = LiveUpdate.objects.bulk_create(
            LiveUpdate(document_id=document, scope=scope, content=content)
            for (document, scope, _content), content in zip(changes, sealed, strict=True)
        )
        ids: dict[int, list[int]] = {}
        for row in rows:
            ids.setdefault(row.document_id, []).append(row.pk)
        LiveDocument.objects.filter(pk__in=list(ids)).update(changed_at=at)
        for document, updates in ids.items():
            transaction.on_commit(partial(_tell, document, updates))
    return [row.pk for row in rows]


def _tell(document: int, updates: Sequence[int]) -> None:
    for tell in told:
        tell(document, updates)


def updates_of(rows: Iterable[LiveUpdate]) -> list[bytes]:
    """What these updates say, oldest first. Raises Gone where their key was destroyed."""
    updates = sorted(rows, key=lambda update: update.pk)
    vault.open_texts((update, "content") for update in updates)
    if any(isinstance(update.content, vault.Erased) for update in updates):
        raise Gone
    return [update.content for update in updates]


def compact(document_id: int) -> bool:
    """Make the updates of a document part of its snapshot. Returns whether this was done here and now.

    Of two who do it at once one does it. What was deleted in the text is not in the snapshot any more. Nobody waits
    for it: the new snapshot is made first, and put in the place of the old one if nobody else was quicker.
    """
    # The snapshot first: had another been made in between, the updates in it were missing here, and it would win.
    document = LiveDocument.objects.filter(pk=document_id).first()
    updates = list(LiveUpdate.objects.filter(document=document_id).order_by("pk"))
    if document is None or not updates:
        return False
    try:
        state = made_of(merged(_opened(document, updates))).get_update()
    except Gone:
        return False
    return replace(document, state, [update.pk for update in updates])


def replace(document: LiveDocument, state: bytes, updates: Sequence[int]) -> bool:
    """Make `state` the snapshot in the place of the one of `document.version`, and delete these updates, which are in
    it. Returns False, and does nothing, where another snapshot was made in between."""
    sealed = vault.seal_bytes(state, scope=document.scope, field=str(LiveDocument._meta.get_field("snapshot")))
    with transaction.atomic():
        mine = LiveDocument.objects.filter(pk=document.pk, version=document.version)
        if not mine.update(snapshot=sealed, version=document.version + 1):
            return False
        LiveUpdate.objects.filter(pk__in=list(updates)).delete()
    return True


def compact_all(*, at: datetime) -> int:
    """Compact the documents that nobody has written in for a while but whose updates are not part of the snapshot
    yet, as when a server was killed. Returns how many were."""
    quiet = LiveUpdate.objects.filter(document__changed_at__lt=at - QUIET_FOR)
    return sum(compact(document) for document in quiet.order_by().values_list("document", flat=True).distinct())
