"""Print: Typst made into a tagged PDF (PDF/UA-1), in a process of its own that is ended when its time is used up.

What people wrote stands in strings, where Typst knows no markup (`rich_text.typst.quoted`); should any get out all the
same, the other process has no folder to read, no settings and no network worth having. Pure: no Django.

Faces: Noto Sans for Latin, Greek and Cyrillic letters, Arabic, Devanagari and Thai, Noto Sans CJK for Chinese, Japanese
and Korean, and those that Typst brings (Libertinus Serif has Hebrew). A letter that none of them has is looked for
among the faces of the machine; where those lack it too, a box stands for it and the page says so.
"""

from __future__ import annotations

import base64
import json
import logging
import math
import os
import re
import struct
import subprocess
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import typst

LONGEST = 20.0  # seconds, with the start of the process
MOST_MEMORY = 2 * 1024**3  # bytes of addresses: faces are mapped, not read
PASSED_ON = ("SYSTEMROOT",)  # of the environment: what Windows needs
FACES = (
    ("fontpkg_noto_sans", "files"),
    ("fontpkg_noto_sans_arabic", "files"),
    ("fontpkg_noto_sans_devanagari", "files"),
    ("fontpkg_noto_sans_thai", "files"),
    ("noto_cjk_sans_otc", "."),
)
FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans Thai")
_CJK = {"ja": "Noto Sans CJK JP", "ko": "Noto Sans CJK KR"}
BOX = "\u25a1"
NOTE_HERE = "/*NOTE*/"  # where the note about missing letters goes
_LACKING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ROUNDS = 5

log = logging.getLogger(__name__)


class NotPrinted(Exception):
    """This could not be made into a PDF in time."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture for print: its media type (JPEG or PNG), its sides in pixels, and the file."""

    media: str
    width: int
    height: int
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, and the letters for which there was no face."""

    pdf: bytes = field(repr=False)
    lacking: str = ""


def families(language: str) -> str:
    """The faces as Typst takes them, best first, for this language: Han characters look different in each."""
    names = [*FAMILIES, _CJK.get(language[:2], "Noto Sans CJK SC"), "Libertinus Serif"]
    return "(" + ", ".join(f'"{name}"' for name in names) + ")"


def typeset(
    source: str,
    pictures: Mapping[str, Shot] | None = None,
    *,
    note: str = "",
    within: float = LONGEST,
    memory: int = MOST_MEMORY,
) -> Printed:
    """Make Typst source into a PDF.

    Pictures are named in the source as `image("<name>.svg", alt: ...)`. `note` is Typst source that takes the place of
    NOTE_HERE where a letter had no face. At most `within` seconds and `memory` bytes. Raises NotPrinted.
    """
    shots = dict(pictures or {})
    head = {
        "source": source,
        "note": note,
        "pictures": [[name, one.media, one.width, one.height, len(one.content)] for name, one in shots.items()],
    }
    asked = _packed(head, *(one.content for one in shots.values()))
    try:
        done = subprocess.run(  # noqa: S603  (our own program; what is printed goes to its input)
            [sys.executable, "-P", "-m", "sidebyside.base.typesetting", str(within), str(memory)],
            input=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a complaint would hold what people wrote
            env=environment(os.environ),
            timeout=within,
            check=False,
        )
    except subprocess.TimeoutExpired:
        done = None  # raised outside of the handler: its exception holds what was written so far
    if done is None or done.returncode != 0:
        log.error("The process that prints ended with %s.", done.returncode if done else "its time")
        raise NotPrinted
    said, pdf = _unpacked(done.stdout)
    return Printed(pdf, said["lacking"])


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """The environment of the other process: where the programs lie, and none of the settings."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | {
        name: own[name] for name in PASSED_ON if name in own
    }


# In the other process


def made(source: str, note: str, pictures: Mapping[str, Shot]) -> Printed:
    """The PDF, in this process. Raises typst.TypstError for source that is none."""
    drawn = {f"{name}.svg": _as_svg(shot) for name, shot in pictures.items()}
    lacking: set[str] = set()
    fonts, system = _fonts(system=False), False
    for _round in range(_ROUNDS):
        text = _boxed(source, note, lacking)
        try:
            return Printed(_compiled(text, drawn, fonts, ["ua-1"]), "".join(sorted(lacking)))
        except typst.TypstError as fault:
            found = _lacking(fault)
        if not found:
            break  # not about letters: a tagged PDF that is not UA-1 in every point is better than none
        if system:
            lacking |= found
        fonts, system = _fonts(system=True), True
    return Printed(_compiled(_boxed(source, note, lacking), drawn, fonts, []), "".join(sorted(lacking)))


def _compiled(text: str, drawn: Mapping[str, bytes], fonts: Any, standards: Sequence[str]) -> bytes:
    files_of_it: Any = {"main": text.encode(), **drawn}
    pdf = typst.compile(files_of_it, font_paths=fonts, ignore_system_fonts=True, pdf_standards=list(standards))
    return bytes(pdf) if isinstance(pdf, bytes) else b"".join(pdf)


def _fonts(*, system: bool) -> Any:
    folders = [str(files(package).joinpath(folder)) for package, folder in FACES]
    return typst.Fonts(include_system_fonts=system, include_embedded_fonts=True, font_paths=folders)


def _lacking(fault: typst.TypstError) -> set[str]:
    """The characters that no face has, as Typst complains about them."""
    said = "".join(_LACKING.findall(fault.diagnostic))
    plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), said)
    return {letter for letter in plain if ord(letter) > 127}


def _boxed(source: str, note: str, lacking: set[str]) -> str:
    """The source with a box for each letter that no face has; what is only a sign of how to join letters goes."""
    if not lacking:
        return source
    stand_ins = {ord(each): "" if unicodedata.category(each) in ("Cf", "Mn", "Me") else BOX for each in lacking}
    return source.translate(stand_ins).replace(NOTE_HERE, note, 1)


def _as_svg(shot: Shot) -> bytes:
    """A picture in the only kind of file of pictures that is text. (Typst takes the JPEG or PNG in it as it is.)"""
    size = f'width="{shot.width}" height="{shot.height}"'
    kept = base64.b64encode(shot.content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {shot.width} {shot.height}">'
        f'<image {size} href="data:{shot.media};base64,{kept}"/></svg>'
    ).encode()


def _packed(head: Mapping[str, object], *contents: bytes) -> bytes:
    words = json.dumps(head).encode()
    return b"".join([struct.pack(">I", len(words)), words, *contents])


def _unpacked(sent: bytes) -> tuple[Any, bytes]:
    (length,) = struct.unpack_from(">I", sent)
    return json.loads(sent[4 : 4 + length]), sent[4 + length :]


def limit(seconds: float, memory: int) -> None:
    """Let this process use no more than that, for the case that nobody is left to end it, and leave no core file."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds) * 2, math.ceil(seconds) * 2 + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def answer(sent: bytes) -> bytes:
    """What the other process says to a request."""
    head, contents = _unpacked(sent)
    pictures, at = {}, 0
    for name, media, width, height, size in head["pictures"]:
        pictures[name] = Shot(media, width, height, contents[at : at + size])
        at += size
    printed = made(head["source"], head["note"], pictures)
    return _packed({"lacking": printed.lacking}, printed.pdf)


if __name__ == "__main__":
    limit(float(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
