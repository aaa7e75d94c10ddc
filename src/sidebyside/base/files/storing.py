"""Keeping files that people bring along: looked at, drawn anew where they are pictures, and sealed.

A file lies in Django's default storage (a folder; by a setting, any other such as S3) under a name that says nothing.
Its name and all it holds are sealed with the key of its scope, bound to its mark: moved elsewhere, it does not open.

Memory: what is handed in is at most 25 MB; for a moment it takes five times that while it is looked at and sealed
(120 MB were measured), and twice while it is opened. Pictures are drawn in another process.
"""

import logging
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base import vault
from sidebyside.base.files import kinds
from sidebyside.base.files.kinds import FileRefused, Kind, NotTaken
from sidebyside.base.files.models import StoredFile
from sidebyside.base.files.pictures_apart import redraw_apart
from sidebyside.base.files.sniffing import look
from sidebyside.base.files.uploads import NO_ROOM
from sidebyside.base.refusals import Refused

LONGEST_NAME = 120  # characters, with its ending
KEPT_UNOWNED = timedelta(hours=1)  # what may belong to a form that is being judged

log = logging.getLogger(__name__)


class Gone(Refused):
    """What this file held is no longer there: it was erased, or its file was lost or damaged."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that was looked at and is taken, as it will be kept."""

    name: str
    kind: Kind
    content: bytes = field(repr=False)
    width: int | None = None
    height: int | None = None


def examine(upload: Any) -> Examined:
    """Look at a file that was handed in (Django's UploadedFile, or a File with a `name` and a `size`), and draw it
    anew where it is a picture. Takes seconds: call it outside of a transaction.

    Raises Refused with a sentence that says what is wrong, and which files are taken.
    """
    limits = kinds.LIMITS
    if getattr(upload, "sent", upload.size) > limits.largest:
        raise Refused(_too_large(limits.largest))
    if unkept := getattr(upload, "unkept", ""):
        raise Refused(_(unkept))
    upload.seek(0)
    content = upload.read(limits.largest + 1)
    try:
        kind = look(content, limits)
        allowed = limits.picture if kind.is_picture else limits.document
        if len(content) > allowed:
            raise Refused(_too_large(allowed))
        if not kind.is_picture:
            return Examined(fitting_name(upload.name, kind), kind, content)
        picture = redraw_apart(content, kind, limits)
    except FileRefused as refused:
        sentence = _(refused.sentence) % refused.values
        raise Refused(f"{sentence} {_(kinds.TAKEN)}" if isinstance(refused, NotTaken) else sentence) from None
    name = fitting_name(upload.name, picture.kind)
    return Examined(name, picture.kind, picture.content, picture.width, picture.height)


def _too_large(limit: int) -> str:
    return _("This file is larger than %(limit)s MB. Make it smaller, or share a part of it.") % {
        "limit": limit // 1024**2
    }


def fitting_name(name: str | None, kind: Kind) -> str:
    """A name without folders and without signs that change how it reads, and with an ending that fits what it is."""
    letters = unicodedata.normalize("NFC", name or "").replace("\\", "/").rpartition("/")[2]
    plain = "".join(each for each in letters if unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    plain = re.sub(r'[<>:"|?*\s]+', " ", plain).strip(" .")
    stem, ending = PurePosixPath(plain).stem, PurePosixPath(plain).suffix.lower()
    if ending not in kind.endings:
        # What claims to be another kind of picture is one of this; what claims anything else keeps that as a word.
        others = {each for other in kinds.BY_MEDIA.values() for each in other.endings} | {".heic", ".jfif"}
        stem, ending = (stem if ending in others else plain), kind.endings[0]
    return f"{stem[: LONGEST_NAME - len(ending)].rstrip(' .') or _('File')}{ending}"


def keep(examined: Examined, *, scope: str, by: Any, at: datetime) -> StoredFile:
    """Seal what was examined and keep it. Should the transaction around it fail, the hourly work takes it away. Raises
    Refused where it cannot be written down."""
    mark = secrets.token_hex(16)
    _write(mark, examined.content, scope)
    return StoredFile.objects.create(
        mark=mark,
        scope=scope,
        name=examined.name,
        kind=examined.kind.media,
        size=len(examined.content),
        width=examined.width,
        height=examined.height,
        at=at,
        by=getattr(by, "pk", by),
    )


def store(upload: Any, *, scope: str, by: Any, at: datetime) -> StoredFile:
    """Look at a file that was handed in, and keep it for this scope. Raises Refused. (Both at once: where there is a
    transaction, call `examine` before it and `keep` inside.)"""
    return keep(examine(upload), scope=scope, by=by, at=at)


def content(file: StoredFile) -> bytes:
    """What a file holds. Raises Gone where it was erased, lost or damaged."""
    try:
        with default_storage.open(path_of(file.mark)) as stream:
            sealed = stream.read()
    except FileNotFoundError:
        log.error("The file of stored file %s is missing.", file.pk)
        raise Gone(_("This file is no longer here.")) from None
    try:
        found = vault.open_bytes(sealed, scope=file.scope, field=_bound_to(file.mark))
    except vault.InvalidTag:
        log.error("The file of stored file %s is not the one that was kept: it is damaged, or was moved.", file.pk)
        raise Gone(_("This file is damaged.")) from None
    if isinstance(found, vault.Erased):
        raise Gone(_("This file was erased."))
    return found


def copy(file: StoredFile, *, scope: str, at: datetime) -> StoredFile:
    """A second file that holds the same, sealed for another scope. Raises Gone."""
    vault.opened([file], "name")
    kind = kinds.BY_MEDIA[file.kind]
    same = Examined(str(file.name), kind, content(file), file.width, file.height)
    return keep(same, scope=scope, by=file.by, at=at)


def delete(file: StoredFile) -> None:
    """Delete a file for good, once the transaction around it is written down."""
    mark = file.mark
    file.delete()
    transaction.on_commit(partial(default_storage.delete, path_of(mark)))


def tidy(*, at: datetime) -> int:
    """Delete files that belong to nothing any more, and what lies in the storage without a record; for an hour both
    may belong to a form that is being judged. Returns how many.

    A record whose file is missing stays: a folder that is not there this hour may be there in the next.
    """
    owners = {f"{each.get_accessor_name()}__isnull": True for each in StoredFile._meta.related_objects}
    unowned = list(StoredFile.objects.filter(at__lt=at - KEPT_UNOWNED, **owners)) if owners else []
    with transaction.atomic():
        for file in unowned:
            delete(file)
    return len(unowned) + sum(_tidy_folder(folder, at=at) for folder in _folders())


def _folders() -> list[str]:
    try:
        return [name for name in default_storage.listdir("")[0] if re.fullmatch(r"[0-9a-f]{2}", name)]
    except FileNotFoundError:
        return []


def _tidy_folder(folder: str, *, at: datetime) -> int:
    names = [name for name in default_storage.listdir(folder)[1] if re.fullmatch(r"[0-9a-f]{32}(\.part)?", name)]
    known = set(StoredFile.objects.filter(mark__in=names).values_list("mark", flat=True))
    gone = 0
    for name in names:
        path = f"{folder}/{name}"
        if name not in known and default_storage.get_modified_time(path) < at - KEPT_UNOWNED:
            default_storage.delete(path)
            gone += 1
    return gone


def path_of(mark: str) -> str:
    """Where the file of this mark lies in the storage."""
    return f"{mark[:2]}/{mark}"


def _bound_to(mark: str) -> str:
    return f"files.StoredFile.content:{mark}"


def _write(mark: str, plain: bytes, scope: str) -> None:
    sealed = vault.seal_bytes(plain, scope=scope, field=_bound_to(mark))
    try:
        kept_as = default_storage.save(path_of(mark), ContentFile(bytes(sealed)))
    except OSError:
        log.exception("A file cannot be written down.")
        raise Refused(_(NO_ROOM)) from None
    if kept_as != path_of(mark):
        raise RuntimeError("The storage gave a file another name than it was told.")
