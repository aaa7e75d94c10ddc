"""Packages of standards between being handed in and being decided about: in the home folder, for a day at most.

Where one lies says for which place and by whom it was handed in, so that only she goes on with it.
"""

from __future__ import annotations

import re
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from sidebyside.materials.case_files import shown
from sidebyside.people.models import Person
from sidebyside.places.models import Place

KEPT_FOR = timedelta(days=1)
KEY = re.compile(r"[0-9a-f]{32}")


def folder_of_uploads() -> Path:
    """Where uploads lie until they are decided about; readable by the program alone."""
    folder = Path(settings.SIDEBYSIDE_HOME) / "standards"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep_package(data: bytes, name: str, *, place: Place, by: Person) -> str:
    """Keep a file until it is brought or put away. Returns its key."""
    key = secrets.token_hex(16)
    folder = folder_of_uploads() / f"{place.pk}-{by.pk}-{key}"
    folder.mkdir(mode=0o700)
    for part, content in (("package", data), ("name", shown(name).encode())):
        path = folder / part
        path.write_bytes(content)
        path.chmod(0o600)
    return key


def kept_package(key: str, *, place: Place, by: Person) -> tuple[bytes, str] | None:
    """A file that she handed in for this place and its name, or None where it is gone."""
    if not KEY.fullmatch(key):
        return None
    folder = folder_of_uploads() / f"{place.pk}-{by.pk}-{key}"
    try:
        return (folder / "package").read_bytes(), (folder / "name").read_text("utf-8")
    except FileNotFoundError:
        return None


def forget_package(key: str, *, place: Place, by: Person) -> None:
    """Remove a file that was decided about."""
    if KEY.fullmatch(key):
        shutil.rmtree(folder_of_uploads() / f"{place.pk}-{by.pk}-{key}", ignore_errors=True)


def forget_old_packages(*, at: datetime) -> int:
    """Remove what nobody decided about for a day. Returns how many."""
    gone = 0
    for path in folder_of_uploads().iterdir():
        if path.stat().st_mtime < (at - KEPT_FOR).timestamp():
            shutil.rmtree(path, ignore_errors=True)
            gone += 1
    return gone
