"""The process that prints: Typst is loaded here and nowhere else. Pure: no Django."""

from __future__ import annotations

import base64
import math
import re
import sys
import tempfile
import unicodedata
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import typst

from sidebyside.base.typesetting import NOTE_HERE, Printed, Shot, packed, unpacked

FACES = ("manimgx_fonts", "noto_cjk_sans_otc")  # packages that are folders of faces
BOX = "\u25a1"
_LACKING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ROUNDS = 5


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


def _compiled(text: str, drawn: Mapping[str, bytes], fonts: Any, standards: Any) -> bytes:
    files_of_it: Any = {"main": text.encode(), **drawn}
    with tempfile.TemporaryDirectory() as empty:  # a folder in which there is nothing to read
        pdf = typst.compile(
            files_of_it, root=empty, font_paths=fonts, ignore_system_fonts=True, pdf_standards=standards
        )  # fmt: skip
    return bytes(pdf) if isinstance(pdf, bytes) else b"".join(pdf)


def _fonts(*, system: bool) -> Any:
    folders = [str(files(package)) for package in FACES]
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


def limit(seconds: float, memory: int) -> None:
    """Let this process use no more than that, for the case that nobody is left to end it, and leave no core file."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds) * 2, math.ceil(seconds) * 2 + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def answer(sent: bytes) -> bytes:
    """What the other process says to a request."""
    head, contents = unpacked(sent)
    pictures, at = {}, 0
    for name, media, width, height, size in head["pictures"]:
        pictures[name] = Shot(media, width, height, contents[at : at + size])
        at += size
    printed = made(head["source"], head["note"], pictures)
    return packed({"lacking": printed.lacking}, printed.pdf)


if __name__ == "__main__":
    limit(float(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
