"""The JSON of a CASE package out of what somebody hands in: a JSON file, or a zip that holds one.

Bounded in time and memory, whoever wrote it: how large it is, unpacked too; how many values it has; how deep they
lie. Pure: no Django. Nothing is ever fetched.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections import Counter
from pathlib import PurePosixPath
from typing import Any, NoReturn

from sidebyside.base.marking import N_
from sidebyside.materials.standards_shapes import LARGEST, refuse

MOST_VALUES = 5_000_000  # commas and opening brackets; 50,000 statements with all their links have 2 million
MOST_IN_A_ZIP = 200  # files
LARGEST_DIRECTORY = 1 << 16  # bytes of a zip's list of contents
TOO_LARGE = N_("The file is larger than %(limit)s MB, which no list of standards needs.")
NOT_A_ZIP = N_("This is not a zip archive, or it was cut short on its way here.")
NOT_TEXT = N_("This is no text in UTF-8. Hand in the JSON file of the package, or a zip with it.")


def json_of(data: bytes, file: str) -> Any:
    """The JSON value in `data`; `file` names it in faults. Raises StandardsRefused."""
    if len(data) > LARGEST:
        raise refuse(TOO_LARGE, file=file, limit=LARGEST >> 20)
    if data.startswith(b"PK"):
        data, file = _unzipped(data, file)
    text = _text(data, file)
    del data
    start = text[:400].lstrip()
    if not start:
        raise refuse(N_("The file is empty."), file=file)
    if start.startswith("<"):
        raise refuse(N_("This is a web page or XML. Hand in the JSON file of the package."), file=file, line=1)
    if text.count(",") + text.count("{") + text.count("[") > MOST_VALUES:
        raise refuse(N_("There are far more values in this file than in any list of standards."), file=file)
    return _parsed(text, file)


def _unzipped(data: bytes, file: str) -> tuple[bytes, str]:
    """The one JSON file in a zip, and its name. Raises StandardsRefused."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - (1 << 16) - 22))
    if end < 0 or len(data) < end + 22:
        raise refuse(NOT_A_ZIP, file=file)
    if struct.unpack("<L", data[end + 12 : end + 16])[0] > LARGEST_DIRECTORY:
        raise refuse(N_("There are too many files in this archive. Hand in the JSON file alone."), file=file)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entry = _entry(archive.infolist(), file)
            with archive.open(entry) as stream:
                content = stream.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as fault:
        raise refuse(NOT_A_ZIP, file=file) from fault
    if len(content) > LARGEST:
        raise refuse(TOO_LARGE, file=shown(entry.filename), limit=LARGEST >> 20)
    return content, shown(entry.filename)


def _entry(entries: list[zipfile.ZipInfo], file: str) -> zipfile.ZipInfo:
    """The JSON file among the entries of a zip. Raises StandardsRefused."""
    if len(entries) > MOST_IN_A_ZIP:
        raise refuse(N_("There are too many files in this archive. Hand in the JSON file alone."), file=file)
    found = []
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.suffix.casefold() == ".json" and "__MACOSX" not in path.parts and not entry.is_dir():
            found.append(entry)
    if not found:
        raise refuse(N_("There is no JSON file in this archive."), file=file)
    if len(found) > 1:
        raise refuse(N_("There are several JSON files in this archive. Hand in the one you want."), file=file)
    if found[0].flag_bits & 1:
        raise refuse(N_("The archive is locked with a password. Hand it in without one."), file=file)
    if found[0].file_size > LARGEST:
        raise refuse(TOO_LARGE, file=shown(found[0].filename), limit=LARGEST >> 20)
    return found[0]


def shown(name: str) -> str:
    """The name of a file as it is kept and shown."""
    return "".join(sign for sign in name if sign.isprintable()).strip()[-200:] or "-"


def _text(data: bytes, file: str) -> str:
    try:
        # (without its first sign, which may be a byte order mark)
        return data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
    except UnicodeDecodeError as fault:
        raise refuse(NOT_TEXT, file=file) from fault


def _parsed(text: str, file: str) -> Any:
    def no_number(name: str) -> NoReturn:
        raise refuse(N_("“%(name)s” stands where a number should be."), file=file, name=name)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = Counter(key for key, _value in pairs).most_common(1)[0][0]
            raise refuse(N_("“%(key)s” is said twice in one place of the file."), file=file, key=shown(twice)[:60])
        return found

    try:
        return json.loads(text, parse_constant=no_number, object_pairs_hook=once)
    except json.JSONDecodeError as fault:
        raise refuse(N_("This is not sound JSON from here on."), file=file, line=fault.lineno) from fault
    except RecursionError as fault:
        raise refuse(N_("Things lie far too deep within one another in this file."), file=file) from fault
    except ValueError as fault:  # a number of thousands of digits
        raise refuse(N_("There is a number in this file that is far too long."), file=file) from fault
