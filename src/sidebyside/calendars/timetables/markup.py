"""Reading XML that a stranger hands in: flat records out of it, in bounded time and memory.

Python's own expat does the parsing. Document types are refused, and with them every entity but the five that XML
knows by itself; nothing is ever fetched. Only the records that were asked for are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from sidebyside.base.marking import N_
from sidebyside.base.sheets import tidy, wide_encoding
from sidebyside.calendars.timetables.records import TimetableRefused, refuse

LARGEST = 32 << 20  # bytes; the largest school known to us takes 4 MB
DEEPEST = 20  # elements within elements
MOST_ELEMENTS = 2_000_000  # the largest school known to us has 120,000
MOST_FIELDS = 400_000  # in the records that are kept
LONGEST_TEXT = 10_000  # characters; what is longer is cut
ENCODINGS = {None: "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE"}  # expat's names
LONGEST_MARK = 1 << 18  # bytes of one tag or comment; the parser begins anew with it for every part it is given
AT_ONCE = 1 << 16  # bytes given to the parser
BROKEN_OFF = {
    expat.errors.codes[sentence]
    for sentence in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}


@dataclass(slots=True)
class Record:
    """One element with the texts of the elements in it, however deep, by their names. Names are tidy."""

    line: int
    fields: dict[str, list[str]] = field(default_factory=dict)

    def all(self, name: str) -> tuple[str, ...]:
        """Every text of that name that is not empty, each once and in order."""
        return tuple(dict.fromkeys(text for text in self.fields.get(name, ()) if text))

    def one(self, name: str) -> str:
        """The first text of that name, or nothing."""
        return self.fields.get(name, [""])[0]


@dataclass(slots=True)
class Document:
    """What was kept of one file: its outermost element and the version that says, texts in it, records by name."""

    file: str
    root: str
    version: str
    texts: dict[str, str]
    records: dict[str, list[Record]]


class _Reader:
    """One reading of one file. A record is an element that is wanted, at the depth its root is known for."""

    def __init__(self, file: str, wanted: Mapping[str, tuple[int, Collection[str]]]) -> None:
        self._file = file
        self._wanted = wanted
        self._parser = expat.ParserCreate()
        self._elements = self._fields = self._depth = self._length = 0
        self._at: tuple[int, Collection[str]] = (0, ())
        self._record: Record | None = None
        self._parts: list[str] = []
        self.document = Document(file, "", "", {}, {})

    def read(self, data: bytes) -> None:
        """Go through the file. Raises TimetableRefused."""
        # What the file says of its own encoding is not believed: it is UTF-8, or UTF-16 as its first bytes show.
        parser = self._parser = expat.ParserCreate(ENCODINGS[wide_encoding(data[:4])])
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            for at in range(0, len(data), AT_ONCE):
                parser.Parse(data[at : at + AT_ONCE], False)
                if at - parser.CurrentByteIndex > LONGEST_MARK:
                    raise self._refuse(N_("There is a mark of XML here that never ends."))
            parser.Parse(b"", True)
        except expat.ExpatError as fault:
            if fault.code in BROKEN_OFF:
                raise refuse(N_("The file breaks off here."), file=self._file, line=fault.lineno) from fault
            raise refuse(N_("This is not sound XML from here on."), file=self._file, line=fault.lineno) from fault

    def _refuse(self, sentence: str, **values: object) -> TimetableRefused:
        return refuse(sentence, file=self._file, line=self._parser.CurrentLineNumber, **values)

    def _doctype(self, *_declared: object) -> NoReturn:
        raise self._refuse(N_("This file defines words of its own (a document type), which no timetable needs."))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MOST_ELEMENTS:
            raise self._refuse(N_("This file has far more entries than a timetable needs."))
        if self._depth > DEEPEST:
            raise self._refuse(N_("The entries of this file lie too deep in each other."))
        if self._depth == 1:
            self.document.root = name
            self.document.version = attributes.get("version", "")
            self._at = self._wanted.get(name, (0, ()))
        if self._depth == self._at[0] and name in self._at[1]:
            self._record = Record(self._parser.CurrentLineNumber)
            self.document.records.setdefault(name, []).append(self._record)
        self._parts, self._length = [], 0

    def _text(self, text: str) -> None:
        if (self._record or self._depth == 2) and self._length < LONGEST_TEXT:
            self._parts.append(text)
            self._length += len(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._record and self._depth < self._at[0]:
            self._record = None
        elif self._record:
            self._fields += 1
            if self._fields > MOST_FIELDS:
                raise self._refuse(N_("This file has far more entries than a timetable needs."))
            self._record.fields.setdefault(name, []).append(tidy("".join(self._parts)[:LONGEST_TEXT]))
        elif self._depth == 1 and len(self.document.texts) < 100:
            self.document.texts.setdefault(name, tidy("".join(self._parts)[:LONGEST_TEXT]))
        self._parts, self._length = [], 0


def document(data: bytes, file: str, wanted: Mapping[str, tuple[int, Collection[str]]]) -> Document:
    """What `wanted` asks for of one file; `file` names it in faults.

    `wanted` says for an outermost element at which depth its records are (1 is the outermost itself) and what they
    are called. Raises TimetableRefused for more than LARGEST bytes, for what is not sound XML, for document types and
    for files that are out of bounds.
    """
    if len(data) > LARGEST:
        raise refuse(
            N_("The file is larger than %(limit)s MB, which no timetable needs."), file=file, limit=LARGEST >> 20
        )
    reader = _Reader(file, wanted)
    reader.read(data)
    return reader.document
