"""Opening what was handed in: a zip, a folder or one sheet, with bounded memory and time.

Nothing is ever unpacked to disk. Sizes are judged from the archive's own directory before anything is
read, and Python's reader never hands out more of a member than the directory declares, so a member that
lies about its size ends early instead of filling the memory.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from sidebyside.base import sheets
from sidebyside.base.faults import InputRefused
from sidebyside.base.marking import N_
from sidebyside.base.sheets import Progress, silent
from sidebyside.places.roster.records import ArchiveRefused, refuse

MEBIBYTE = 1 << 20
LARGEST_ARCHIVE = 256 * MEBIBYTE  # as handed in
LARGEST_SHEET = 256 * MEBIBYTE  # one file unpacked: about a million and a half users
LARGEST_TOTAL = 1024 * MEBIBYTE  # all files of the archive unpacked, also those never read
LARGEST_DIRECTORY = MEBIBYTE  # the list of contents of a zip; a roster has some twenty entries

NOT_SOUND = N_("The archive is damaged and cannot be unpacked. Ask for it to be exported again.")


class Folder:
    """A folder on disk with the sheets in it, or the folder of a single sheet."""

    def __init__(self, path: Path):
        self._paths = {p.name.casefold(): p for p in sorted(path.iterdir()) if p.is_file()}
        sizes = {p.name: p.stat().st_size for p in self._paths.values() if p.suffix.casefold() == ".csv"}
        judge_sizes(sizes)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._paths

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of one sheet."""
        with self._paths[name.casefold()].open("rb") as stream:
            yield stream

    def close(self) -> None:
        """Nothing is held open."""


class Zip:
    """A zip archive whose entries were judged before any is read."""

    def __init__(self, path: Path):
        judge_directory(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as fault:
            raise refuse(N_("This is not a zip archive, or it was cut short on its way here.")) from fault
        try:
            self._members = judged_members(self._zip.infolist())
        except BaseException:
            self._zip.close()
            raise

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._members

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of one entry, unpacked as they are read."""
        try:
            # (the stubs do not know that a member of an archive can be buffered)
            with self._zip.open(self._members[name.casefold()]) as member, io.BufferedReader(member) as stream:  # type: ignore[type-var]
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as fault:
            raise refuse(NOT_SOUND, file=name) from fault

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()


def open_archive(path: Path) -> Folder | Zip:
    """The archive at `path`, a folder or a zip. Raises ArchiveRefused; the caller closes it."""
    if path.is_dir():
        return Folder(path)
    judge_file(path)
    return Zip(path)


def looks_like_zip(path: Path) -> bool:
    """Whether the file begins as every zip begins, an empty one too."""
    with path.open("rb") as stream:
        return stream.read(2) == b"PK"


def judge_file(path: Path) -> None:
    """Raise ArchiveRefused unless `path` is an ordinary file of a bearable size."""
    try:
        found = path.stat()
    except OSError as fault:
        raise refuse(N_("There is no file here.")) from fault
    if not stat.S_ISREG(found.st_mode):
        raise refuse(N_("This is neither a file nor a folder."))
    if found.st_size > LARGEST_ARCHIVE:
        raise refuse(
            N_("The file is larger than %(limit)s MB. Export staff and places without classes and results."),
            limit=LARGEST_ARCHIVE // MEBIBYTE,
        )


def judge_directory(path: Path) -> None:
    """Raise ArchiveRefused when the zip's list of contents is too long to be read into memory.

    The end record is found as Python's own reader finds it, so that both speak of the same list.
    """
    with path.open("rb") as stream:
        stream.seek(0, io.SEEK_END)
        length = stream.tell()
        stream.seek(max(0, length - (1 << 16) - 22 - 20))
        tail = stream.read()
    start = len(tail) - 22
    if not (start >= 0 and tail[start : start + 4] == b"PK\x05\x06" and tail[-2:] == b"\0\0"):
        start = tail.rfind(b"PK\x05\x06")
    if start < 0 or len(tail) < start + 22:
        raise refuse(N_("This is not a zip archive, or it was cut short on its way here."))
    size = struct.unpack("<L", tail[start + 12 : start + 16])[0]
    very_large = start >= 20 and tail[start - 20 : start - 16] == b"PK\x06\x07"
    if very_large or size > LARGEST_DIRECTORY:
        raise refuse(N_("The archive has far more files than a roster has."))


def judged_members(entries: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The sheets of a zip by small-letter name. Raises ArchiveRefused for a dangerous entry.

    Sheets may lie in one folder inside the archive, as some systems write them.
    """
    paths: list[tuple[PurePosixPath, zipfile.ZipInfo]] = []
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
            raise refuse(N_("The archive has a file that would land outside its folder. It is not opened."))
        if path.parts and path.parts[0] != "__MACOSX" and not entry.is_dir():
            paths.append((path, entry))
    judge_sizes({path.name: entry.file_size for path, entry in paths}, sum(entry.file_size for _, entry in paths))
    if any(path.name == "[Content_Types].xml" for path, _ in paths):
        raise refuse(N_("This is a spreadsheet. Save it as CSV (UTF-8) and hand in that file."))
    manifests = [path.parent for path, _ in paths if path.name.casefold() == "manifest.csv"]
    home = min(manifests, key=lambda folder: len(folder.parts), default=PurePosixPath("."))
    members: dict[str, zipfile.ZipInfo] = {}
    for path, entry in paths:
        if path.parent != home:
            continue
        if path.name.casefold() in members:
            raise refuse(N_("The archive has two files of this name."), file=path.name)
        if entry.flag_bits & 1:
            raise refuse(N_("The archive is locked with a password. Export it without one."), file=path.name)
        members[path.name.casefold()] = entry
    return members


def judge_sizes(sizes: dict[str, int], total: int | None = None) -> None:
    """Raise ArchiveRefused when one file, or all together, would unpack to more than the limits."""
    for name, size in sizes.items():
        if size > LARGEST_SHEET:
            raise refuse(
                N_("This file unpacks to more than %(limit)s MB, which no roster needs. Nothing was read."),
                file=name,
                limit=LARGEST_SHEET // MEBIBYTE,
            )
    if (sum(sizes.values()) if total is None else total) > LARGEST_TOTAL:
        raise refuse(
            N_("The archive unpacks to more than %(limit)s MB, which no roster needs. Nothing was read."),
            limit=LARGEST_TOTAL // MEBIBYTE,
        )


def sheet(
    stream: IO[bytes],
    file: str,
    needed: Sequence[str],
    optional: Sequence[str] = (),
    *,
    delimiters: str = ",",
    progress: Progress = silent,
) -> Iterator[tuple[int, list[str]]]:
    """The rows of one sheet, as `sheets.sheet` gives them; what it refuses is an ArchiveRefused here."""
    try:
        yield from sheets.sheet(stream, file, needed, optional, delimiters=delimiters, progress=progress)
    except ArchiveRefused:
        raise
    except InputRefused as refusal:
        raise ArchiveRefused(*refusal.faults) from refusal
