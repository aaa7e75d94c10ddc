"""Which files are taken. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sidebyside.base.marking import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: its media type, and the endings of names that fit it; the first is given to a
    name with another."""

    media: str
    endings: tuple[str, ...]

    @property
    def is_picture(self) -> bool:
        return self.media.startswith("image/")


JPEG = Kind("image/jpeg", (".jpg", ".jpeg"))
PNG = Kind("image/png", (".png",))
WEBP = Kind("image/webp", (".webp",))
GIF = Kind("image/gif", (".gif",))
PDF = Kind("application/pdf", (".pdf",))
_OOXML = "application/vnd.openxmlformats-officedocument."
DOCX = Kind(f"{_OOXML}wordprocessingml.document", (".docx",))
PPTX = Kind(f"{_OOXML}presentationml.presentation", (".pptx",))
XLSX = Kind(f"{_OOXML}spreadsheetml.sheet", (".xlsx",))
_ODF = "application/vnd.oasis.opendocument."
ODT = Kind(f"{_ODF}text", (".odt",))
ODP = Kind(f"{_ODF}presentation", (".odp",))
ODS = Kind(f"{_ODF}spreadsheet", (".ods",))
TEXT = Kind("text/plain", (".txt", ".md"))

PICTURES = (JPEG, PNG, WEBP, GIF)
DOCUMENTS = (PDF, DOCX, PPTX, XLSX, ODT, ODP, ODS, TEXT)
BY_MEDIA: dict[str, Kind] = {kind.media: kind for kind in (*PICTURES, *DOCUMENTS)}

DOUBLE = N_("This file looks like several kinds of file at once.")
TAKEN = N_(
    "Taken are pictures (JPEG, PNG, WebP, GIF), PDF, documents, slides and tables of Word, PowerPoint, Excel and "
    "LibreOffice without macros, and plain text."
)


class FileRefused(Exception):
    """This file is not taken. `sentence` is to be looked up in a catalogue, `values` is put into it."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values)
        self.sentence = sentence
        self.values: Mapping[str, object] = values


class NotTaken(FileRefused):
    """This kind of file is not taken, whatever it holds: who is told so is also told what is."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. All sizes in bytes, pictures also in pixels."""

    picture: int = 20 * 1024**2
    document: int = 25 * 1024**2
    # What the parts of an archive (which most documents are) may hold together, unpacked.
    unpacked: int = 250 * 1024**2
    # Of a JPEG, of which no more is decoded than is kept, and of the others, which are decoded whole. (Phones that are
    # said to have 50 or 64 million make pictures of up to 50.3 and 64.4.)
    pixels: int = 70_000_000
    pixels_whole: int = 25_000_000
    # The longer side of a picture as it is kept.
    side: int = 2_560
    # Seconds and bytes of memory for drawing one picture anew.
    seconds: float = 30.0
    memory: int = 700 * 1024**2

    @property
    def largest(self) -> int:
        return max(self.picture, self.document)


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: drawn anew, with nothing in it but what it shows."""

    content: bytes = field(repr=False)
    kind: Kind
    width: int
    height: int
