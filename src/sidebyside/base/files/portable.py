"""A look into a PDF before it is taken: whole, without a password, and without programs. Pure: no Django."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from sidebyside.base.files.kinds import DOUBLE, FileRefused, NotTaken
from sidebyside.base.marking import N_

BROKEN_PDF = N_("This PDF is not whole. Make it again, and choose that one.")
LOCKED_PDF = N_("This PDF is protected. Save it without protection, and choose that one.")
FULL_PDF = N_("What this PDF holds is far larger than the file. Print it to a new PDF, and choose that one.")
ACTING_PDF = N_(
    "This PDF holds a program, or opens something else by itself. Print it to a new PDF, and choose that one."
)

_END = 2048  # bytes at the end among which a PDF says that it ends
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTS = re.compile(rb"/(JavaScript|Launch|RichMedia|EmbeddedFiles?)(?![A-Za-z])|/XFA\s*(\[|\d+\s+\d+\s+R)")
_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
# Streams of objects that are looked into, and how large all of them are, unpacked: a book of 500 pages has 20 MB.
_MOST_OBJECTS, _LARGEST_OBJECTS = 20_000, 64 * 1024**2
_BLOCK = 16 * 1024


def check_pdf(content: bytes) -> None:
    """Raise FileRefused for a PDF that is cut off, has a password, acts by itself or is an archive besides.

    Names may be written with #xx, and may stand in compressed streams of objects: both are looked into. What is
    hidden deeper stays hidden; a PDF is therefore only ever handed out to be saved.
    """
    if b"%%EOF" not in content[-_END:] or not re.match(rb"%PDF-[12]\.\d", content):
        raise FileRefused(BROKEN_PDF)
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise NotTaken(DOUBLE)
    plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)
    if re.search(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)", plain):
        raise FileRefused(LOCKED_PDF)
    if plain.count(b"/ObjStm") != content.count(b"/ObjStm"):
        raise FileRefused(ACTING_PDF)  # nobody writes this name in another way but to hide it
    if _ACTS.search(plain) or any(_ACTS.search(part) for part in _streams_of_objects(content)):
        raise FileRefused(ACTING_PDF)


def _streams_of_objects(content: bytes) -> Iterator[bytes]:
    """What the compressed streams of objects say, with their names written out, one after the other."""
    room = _LARGEST_OBJECTS
    for number, begin in enumerate(_OBJECTS.finditer(content)):
        part = _unpacked(content, begin.end(), room)
        room -= len(part)
        if room <= 0 or number >= _MOST_OBJECTS:
            raise FileRefused(FULL_PDF)
        yield _ESCAPED.sub(lambda one: bytes([int(one[1], 16)]), part)


def _unpacked(content: bytes, at: int, room: int) -> bytes:
    """What is packed from here on, at most so many bytes of it; as far as it can be read. (Handed over in blocks: a
    stream of a few bytes must not cost a copy of all that follows.)"""
    stream, parts = zlib.decompressobj(), []
    try:
        while room > 0 and at < len(content) and not stream.eof:
            parts.append(stream.decompress(stream.unconsumed_tail + content[at : at + _BLOCK], room))
            room -= len(parts[-1])
            at += _BLOCK
    except zlib.error:
        pass
    return b"".join(parts)
