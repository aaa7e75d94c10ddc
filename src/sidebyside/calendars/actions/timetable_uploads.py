"""Timetable files between being handed in and being decided about. They lie in the home folder, for a day at most."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from sidebyside.calendars.models import TimetableImport
from sidebyside.people.models import Person
from sidebyside.places.models import Place

KEPT_FOR = timedelta(days=1)

Files = list[tuple[str, bytes]]


def folder_of_uploads() -> Path:
    """Where uploads lie until they are decided about; readable by the program alone."""
    folder = Path(settings.SIDEBYSIDE_HOME) / "timetables"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep_upload(files: Sequence[tuple[str, bytes]], *, school: Place, by: Person, at: datetime) -> TimetableImport:
    """Keep files as (name, bytes) until they are taken in or put away."""
    stored_as = secrets.token_hex(16)
    folder = folder_of_uploads() / stored_as
    folder.mkdir(mode=0o700)
    for number, (_name, content) in enumerate(files):
        path = folder / str(number)
        path.write_bytes(content)
        path.chmod(0o600)
    names = [shown_name(name) for name, _content in files]
    return TimetableImport.objects.create(school=school, by=by, at=at, file_names=names, stored_as=stored_as)


def shown_name(name: str) -> str:
    """The name of a file as it is kept and shown."""
    clean = name.replace("\0", "").encode("utf-8", "ignore").decode("utf-8").strip()
    return clean[-200:] or "-"


def files_of(upload: TimetableImport) -> Files | None:
    """The files of an upload as (name, bytes), or None when they are gone."""
    if not upload.stored_as:
        return None
    folder = folder_of_uploads() / upload.stored_as
    try:
        return [(name, (folder / str(number)).read_bytes()) for number, name in enumerate(upload.file_names)]
    except FileNotFoundError:
        return None


def put_upload_away(upload: TimetableImport, *, at: datetime) -> bool:
    """Decide against an upload: its files go. Returns whether it was still waiting."""
    waiting = TimetableImport.objects.filter(pk=upload.pk, applied_at=None, put_away_at=None)
    put = bool(waiting.update(put_away_at=at, stored_as=""))
    if put:
        forget_files(upload)
    return put


def put_old_uploads_away(*, at: datetime) -> int:
    """Put away uploads that nobody decided about for a day, and files that belong to none. Returns how many."""
    old = TimetableImport.objects.filter(applied_at=None, put_away_at=None, at__lt=at - KEPT_FOR)
    number = sum(put_upload_away(upload, at=at) for upload in old)
    wanted = set(TimetableImport.objects.exclude(stored_as="").values_list("stored_as", flat=True))
    for path in folder_of_uploads().iterdir():
        if path.name not in wanted and path.stat().st_mtime < (at - KEPT_FOR).timestamp():
            shutil.rmtree(path, ignore_errors=True)
    return number


def forget_files(upload: TimetableImport) -> None:
    """Remove the files of an upload that was decided about. `upload` still says where they lie."""
    if upload.stored_as:
        shutil.rmtree(folder_of_uploads() / upload.stored_as, ignore_errors=True)
