"""A look into the archives that documents, slides and tables are: which one, whole, without macros or passwords.

Pure: no Django.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from xml.etree import ElementTree

from sidebyside.base.files import kinds
from sidebyside.base.files.kinds import DOUBLE, FileRefused, Kind, Limits, NotTaken
from sidebyside.base.marking import N_

BROKEN = N_("This file is broken: a part of it cannot be read. Save it again, and choose that one.")
LOCKED = N_("This file has a password. Save it without, and choose that one.")
MACROS = N_("This file holds macros, or another program. Save it without them, and choose that one.")
TOO_MUCH = N_("What this file holds is far larger than the file. It is not taken.")
NO_DOCUMENT = N_("An archive is not taken. Choose its files one by one.")

MOST_PARTS = 10_000
LARGEST_DIRECTORY = 2 * 1024**2  # bytes of the list at the end: each of its lines takes a kilobyte of memory
LARGEST_LIST = 1024**2  # bytes of a part that says what the others are
BLOCK = 256 * 1024
_MAIN = {f"{kind.media}.main+xml": kind for kind in (kinds.DOCX, kinds.PPTX, kinds.XLSX)}
_OPEN = {kind.media: kind for kind in (kinds.ODT, kinds.ODP, kinds.ODS)}
_TYPES, _MANIFEST = "[Content_Types].xml", "META-INF/manifest.xml"
_ACTS = re.compile(
    r"(^|/)(vbaproject|vbadata|activex|macrosheets)|^(scripts|basic)/"
    r"|\.(exe|dll|scr|com|pif|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|sh|py|lnk|html?|svgz|swf)$",
    re.IGNORECASE,
)
# Others need as much memory as the archive says, and no document has them.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
)  # fmt: skip


def look(content: bytes, limits: Limits) -> Kind:
    """Which document this archive is. Raises FileRefused where it is none, holds a program, has a password, is broken,
    or would grow too large. Every part is unpacked once, block by block, and its checksum compared."""
    # The directory lies at the very end, and no second file before or behind the archive.
    if not content.startswith(b"PK\x03\x04") or content[-22:-18] != b"PK\x05\x06" or content[-2:] != b"\0\0":
        raise FileRefused(BROKEN)
    if b"%PDF-" in content[:1024]:
        raise NotTaken(DOUBLE)
    if int.from_bytes(content[-10:-6], "little") > LARGEST_DIRECTORY:
        raise FileRefused(TOO_MUCH)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_names(archive, limits)
            kind = _kind_of(archive)
            _unpack_once(archive, limits)
            return kind
    except _FAULTS:
        raise FileRefused(BROKEN) from None


def _check_names(archive: zipfile.ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked:
        raise FileRefused(TOO_MUCH)
    if not parts or min(part.header_offset for part in parts) != 0 or len(names) != len(parts):
        raise FileRefused(BROKEN)
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused(LOCKED)
    if any(part.compress_type not in _PACKED for part in parts):
        raise FileRefused(BROKEN)
    if any(_ACTS.search(part.filename) for part in parts):
        raise FileRefused(MACROS)


def _kind_of(archive: zipfile.ZipFile) -> Kind:
    first = archive.infolist()[0]
    if first.filename == "mimetype":
        return _open_document(archive, first)
    if _TYPES not in archive.namelist():
        raise NotTaken(NO_DOCUMENT)
    types = _xml(archive, _TYPES)
    said = [one.get("ContentType", "").strip().lower() for one in types.iter()]
    if any("macroenabled" in one or "vbaproject" in one or "activex" in one for one in said):
        raise FileRefused(MACROS)
    found = {_MAIN[one] for one in said if one in _MAIN}
    if len(found) != 1:
        raise NotTaken(NO_DOCUMENT)
    return found.pop()


def _open_document(archive: zipfile.ZipFile, first: zipfile.ZipInfo) -> Kind:
    said = archive.read(first).decode("ascii", "replace") if first.file_size < 200 else ""
    if said not in _OPEN or _MANIFEST not in archive.namelist():
        raise NotTaken(NO_DOCUMENT)
    if any(one.tag.endswith("}encryption-data") for one in _xml(archive, _MANIFEST).iter()):
        raise FileRefused(LOCKED)
    return _OPEN[said]


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    with archive.open(name) as part:
        content = part.read(LARGEST_LIST + 1)
    # (entities may make a small text endless; none of these files has one, and all are written in UTF-8)
    if len(content) > LARGEST_LIST or b"<!ENTITY" in content or b"\0" in content:
        raise FileRefused(BROKEN)
    try:
        return ElementTree.fromstring(content)
    except ElementTree.ParseError:
        raise FileRefused(BROKEN) from None


def _unpack_once(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Read every part to its end, and keep nothing: sizes that are written down may be lies."""
    room = limits.unpacked
    for part in archive.infolist():
        with archive.open(part) as stream:
            while block := stream.read(BLOCK):
                room -= len(block)
                if room < 0:
                    raise FileRefused(TOO_MUCH)
