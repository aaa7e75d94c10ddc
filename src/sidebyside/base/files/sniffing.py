"""What a file is, found by looking at what it holds. Its name and what a browser says of it count for nothing.

Only what is on the list of `kinds` is taken. Pure: no Django.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

import puremagic

from sidebyside.base.files import archives, kinds
from sidebyside.base.files.kinds import DOUBLE, FileRefused, Kind, NotTaken
from sidebyside.base.files.portable import check_pdf
from sidebyside.base.marking import N_

EMPTY = N_("This file is empty.")
UNKNOWN = N_("A file of this kind is not taken.")
OLD_OFFICE = N_(
    "This is an old Office file, or one with a password. Save it as docx, pptx, xlsx or PDF without a password, and "
    "choose that one."
)
HEIC = N_(
    "This picture is in the format HEIC. Share it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)."
)
MARKUP = N_("Web pages, drawings in SVG and programs are not taken.")
NOT_UTF8 = N_("This text is in an old encoding. Save it as UTF-8, and choose it again.")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_BEGINS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", kinds.JPEG),
    (b"\x89PNG\r\n\x1a\n", kinds.PNG),
    (b"GIF87a", kinds.GIF),
    (b"GIF89a", kinds.GIF),
    (b"%PDF-", kinds.PDF),
)
_HEAD, _BLOCK, _BEGINNING = 64 * 1024, 256 * 1024, 4096
# How a text begins that some program would run or draw.
_RUNS = re.compile(r"#!|<[a-z!?/]|\{\\rtf|%!|@echo\b|\[InternetShortcut\]|\[Desktop Entry\]", re.IGNORECASE)
_RUNNING = frozenset([".html", ".htm", ".svg", ".xml", ".rtf", ".ps", ".eps", ".hta", ".xhtml", ".mht"])
_WITNESS = 0.5  # of puremagic's confidence, from 0 to 1


def look(content: bytes, limits: kinds.Limits = kinds.LIMITS) -> Kind:
    """The kind of this file. Raises FileRefused, with a sentence, for everything that is not on the list.

    A picture is only known by its beginning here: `pictures.redraw` finds out whether it is one.
    """
    if not content:
        raise FileRefused(EMPTY)
    kind = _by_beginning(content)
    if kind is kinds.PDF:
        check_pdf(content)
    elif kind is None and content.startswith(b"PK"):
        kind = archives.look(content, limits)
    elif kind is None:
        kind = _text(content)
    if kind is not kinds.TEXT and not _is_seconded(content, kind):
        raise NotTaken(DOUBLE)
    return kind


def _by_beginning(content: bytes) -> Kind | None:
    if content.startswith(_OLE):
        raise FileRefused(OLD_OFFICE)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF:
        raise NotTaken(HEIC)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return kinds.WEBP
    return next((kind for begin, kind in _BEGINS if content.startswith(begin)), None)


def _is_seconded(content: bytes, kind: Kind) -> bool:
    """Whether a second pair of eyes (the signatures of puremagic) sees this kind too, or a zip where it is one."""
    wanted = {*kind.endings, ".zip"} if content.startswith(b"PK") else {*kind.endings}
    try:
        return bool(wanted & {found.extension for found in puremagic.magic_string(content[:_HEAD])})
    except (puremagic.PureError, ValueError):
        return False


def _text(content: bytes) -> Kind:
    """Plain text (Markdown is plain text too). Raises FileRefused for whatever a program would run or draw."""
    begin = beginning_of_text(content).lstrip()
    if _RUNS.match(begin):
        raise NotTaken(MARKUP)
    try:
        witnesses = puremagic.magic_string(begin.encode())
    except (puremagic.PureError, ValueError):
        return kinds.TEXT
    if any(each.extension in _RUNNING and each.confidence >= _WITNESS for each in witnesses):
        raise NotTaken(MARKUP)
    return kinds.TEXT


def beginning_of_text(content: bytes) -> str:
    """The first words of a plain text in UTF-8, or in UTF-16 with its mark; the rest is read as well, block by block.
    Raises FileRefused for what is none."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")()
    begin = ""
    try:
        for at in range(0, len(content), _BLOCK):
            piece = decoder.decode(content[at : at + _BLOCK], final=at + _BLOCK >= len(content))
            if any(letter not in "\t\n\r\f" and unicodedata.category(letter) == "Cc" for letter in set(piece)):
                raise NotTaken(UNKNOWN)
            begin = begin or piece[:_BEGINNING]
    except UnicodeDecodeError:
        raise (FileRefused(NOT_UTF8) if _looks_like_old_text(content) else NotTaken(UNKNOWN)) from None
    return begin


def _looks_like_old_text(content: bytes) -> bool:
    """Whether it would be text in one of the encodings of the last century: hardly a control character."""
    head = content[:_HEAD]
    return not any(byte < 32 and byte not in b"\t\n\r\f" for byte in head)
