"""Reading a sheet of cells (CSV) that somebody handed in, with bounded memory. Pure: no Django."""

import codecs
import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import IO

from sidebyside.base.faults import Fault, InputRefused
from sidebyside.base.marking import N_

LONGEST_LINE = 256 * 1024  # in characters; a row of a sound sheet takes a few hundred
LONGEST_ROW = 1 << 20  # a row may span lines inside quotes

Progress = Callable[[str, int], None]


def silent(file: str, rows: int) -> None:
    """Progress that tells nobody."""


def refused(sentence: str, *, file: str, line: int, **values: object) -> InputRefused:
    """The exception for one fault of a sheet; raise what this returns."""
    return InputRefused(Fault(file, line, sentence, values))


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
            raise refused(
                N_("The text is not in UTF-8, so names would be spoiled. Export or save it as UTF-8."),
                file=self._file,
                line=self._number,
            ) from fault
        if not text:
            raise StopIteration
        self._since_row += len(text)
        if (len(text) >= LONGEST_LINE and not text.endswith("\n")) or self._since_row > LONGEST_ROW:
            raise refused(N_("This line is far too long for a row."), file=self._file, line=self._number)
        if "\0" in text:
            raise refused(
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

    # (the stubs take any buffer; BufferedReader hands over a memoryview)
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
    text are passed over. Raises InputRefused for a missing column, a row with more or fewer cells than
    the header, broken quotes, a wrong encoding, NULs and lines without end.
    """
    lines = Lines(stream, file)
    first = next(lines, "")
    delimiter = max(delimiters, key=first.count)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header = [cell.strip().casefold() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    missing = [name for name in needed if name.casefold() not in header]
    if missing:
        raise refused(N_("The column “%(column)s” is missing."), file=file, line=1, column=missing[0])
    twice = [name for name in needed if header.count(name.casefold()) > 1]
    if twice:
        raise refused(N_("The column “%(column)s” is there twice."), file=file, line=1, column=twice[0])
    picks = [header.index(n.casefold()) if n.casefold() in header else -1 for n in (*needed, *optional)]
    start, rows = 2, 0
    try:
        for row in reader:
            line, start = start, reader.line_num + 2
            lines.row_done()
            if not any(row):
                continue
            if len(row) != len(header):
                raise refused(
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
        raise refused(N_("The quotes in this row do not match."), file=file, line=start) from fault
    progress(file, rows)


def tidy(text: str) -> str:
    """A name as one line of composed characters: control characters and runs of spaces become a space."""
    calm = "".join(" " if unicodedata.category(c) == "Cc" else c for c in unicodedata.normalize("NFC", text))
    return " ".join(calm.split())
