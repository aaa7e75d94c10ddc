"""Opening what was handed in: a zip, a folder or one sheet, with bounded memory and time.

Nothing is ever unpacked to disk. Sizes are judged from the archive's own directory before anything is
read, and Python's reader never hands out more of a member than the directory declares, so a member that
lies about its size ends early instead of filling the memory.
"""

import codecs
import csv
import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from sidebyside.places.roster.records import N_, refuse

MEBIBYTE = 1 << 20
LARGEST_ARCHIVE = 256 * MEBIBYTE  # as handed in
LARGEST_SHEET = 256 * MEBIBYTE  # one file unpacked: about a million and a half users
LARGEST_TOTAL = 1024 * MEBIBYTE  # all files of the archive unpacked, also those never read
LARGEST_DIRECTORY = MEBIBYTE  # the list of contents of a zip; a roster has some twenty entries
LONGEST_LINE = 256 * 1024  # in characters; a user of a sound roster takes a few hundred
LONGEST_ROW = MEBIBYTE  # a row may span lines inside quotes

NOT_SOUND = N_("The archive is damaged and cannot be unpacked. Ask for it to be exported again.")

Progress = Callable[[str, int], None]


def silent(file: str, rows: int) -> None:
    """Progress that tells nobody."""


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


class Lines:
    """The text lines of a sheet, as the csv reader wants them: decoded, without NULs, none too long."""

    def __init__(self, stream: IO[bytes], file: str):
        self._file = file
        self._number = 0
        self._since_row = 0
        start = stream.read(4)
        stream = io.BufferedReader(_Rejoined(start, stream))
        wide = wide_encoding(start)
        if wide:
            self._wide: io.TextIOWrapper | None = io.TextIOWrapper(stream, encoding=wide, newline="")
        else:
            self._wide = None
        self._stream = stream

    def row_done(self) -> None:
        """Tell that a row is complete, so that only the length of the next one is counted."""
        self._since_row = 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        self._number += 1
        try:
            text = self._next_text()
        except UnicodeError as fault:
            raise refuse(
                N_("The text is not in UTF-8, so names would be spoiled. Export or save it as UTF-8."),
                file=self._file,
                line=self._number,
            ) from fault
        if not text:
            raise StopIteration
        self._since_row += len(text)
        if (len(text) >= LONGEST_LINE and not text.endswith("\n")) or self._since_row > LONGEST_ROW:
            raise refuse(N_("This line is far too long for a roster."), file=self._file, line=self._number)
        if "\0" in text:
            raise refuse(
                N_("There are empty bytes in the text: the file was damaged on its way here."),
                file=self._file,
                line=self._number,
            )
        return text.removeprefix("\ufeff") if self._number == 1 else text

    def _next_text(self) -> str:
        if self._wide is not None:
            return self._wide.readline(LONGEST_LINE)
        return self._stream.readline(LONGEST_LINE).decode("utf-8")


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were already looked at."""

    def __init__(self, start: bytes, rest: IO[bytes]):
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._start or self._rest.read(len(buffer))
        kept, self._start = chunk[: len(buffer)], chunk[len(buffer) :] if self._start else b""
        buffer[: len(kept)] = kept
        return len(kept)


def wide_encoding(start: bytes) -> str | None:
    """The UTF-16 encoding that a sheet beginning with these bytes has, or None for UTF-8.

    Without a byte order mark an ASCII letter beside a zero byte tells which half comes first.
    """
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(start) >= 2 and start[1] == 0 and start[0] != 0:
        return "utf-16-le"
    if len(start) >= 2 and start[0] == 0 and start[1] != 0:
        return "utf-16-be"
    return None


def sheet(
    stream: IO[bytes],
    file: str,
    needed: Sequence[str],
    optional: Sequence[str] = (),
    *,
    delimiters: str = ",",
    progress: Progress = silent,
) -> Iterator[tuple[int, list[str]]]:
    """Rows of one sheet as (line, cells), cells in the order of `needed` then `optional`.

    Columns nobody asked for are dropped, an optional column that is missing gives "", rows without any
    text are passed over. Raises ArchiveRefused for a missing column, a row with more or fewer cells than
    the header, broken quotes, a wrong encoding, NULs and lines without end.
    """
    lines = Lines(stream, file)
    first = next(lines, "")
    delimiter = max(delimiters, key=first.count)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header = [cell.strip().casefold() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    missing = [name for name in needed if name.casefold() not in header]
    if missing:
        raise refuse(N_("The column “%(column)s” is missing."), file=file, line=1, column=missing[0])
    twice = [name for name in needed if header.count(name.casefold()) > 1]
    if twice:
        raise refuse(N_("The column “%(column)s” is there twice."), file=file, line=1, column=twice[0])
    picks = [header.index(n.casefold()) if n.casefold() in header else -1 for n in (*needed, *optional)]
    start, rows = 2, 0
    try:
        for row in reader:
            line, start = start, reader.line_num + 2
            lines.row_done()
            if not any(row):
                continue
            if len(row) != len(header):
                raise refuse(
                    N_("This row has %(found)s cells and the header has %(expected)s: a comma or a quote is wrong."),
                    file=file,
                    line=line,
                    found=len(row),
                    expected=len(header),
                )
            rows += 1
            if rows % 5000 == 0:
                progress(file, rows)
            yield line, [row[pick].strip() if pick >= 0 else "" for pick in picks]
    except csv.Error as fault:
        raise refuse(N_("The quotes in this row do not match."), file=file, line=start) from fault
    progress(file, rows)


def tidy(text: str) -> str:
    """A name as one line of composed characters: control characters and runs of spaces become a space."""
    calm = "".join(" " if unicodedata.category(c) == "Cc" else c for c in unicodedata.normalize("NFC", text))
    return " ".join(calm.split())
