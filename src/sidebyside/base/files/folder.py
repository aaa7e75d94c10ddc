"""Where files lie by default: in a folder, readable by the program alone, each written in full or not at all."""

import os
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    """A folder in which no file is ever seen half: it is written beside its place, and put there when it is on the
    disk. Names are given by the program and never twice."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("file_permissions_mode", 0o600)
        options.setdefault("directory_permissions_mode", 0o700)
        super().__init__(*args, **options)

    def _save(self, name: str, content: File) -> str:
        path = Path(self.path(name))
        # (a mode is given to the last of new folders only)
        for folder in [each for each in (path.parent, *path.parent.parents) if not each.exists()][::-1]:
            folder.mkdir(mode=0o700, exist_ok=True)
            _settle(folder.parent)
        beside = path.with_name(f"{path.name}{BESIDE}")
        to = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(to, "wb") as stream:
                for block in content.chunks():
                    stream.write(block)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        _settle(path.parent)
        return name


BESIDE = ".part"  # how the name of a file ends that is being written


def _settle(folder: Path) -> None:
    """Have the name on the disk too, where folders can be asked for that."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
