"""Print: Typst made into a tagged PDF (PDF/UA-1), in a process of its own that is ended when its time is used up.

What people wrote stands in strings, where Typst knows no markup (`rich_text.typst.quoted`); should any get out all the
same, Typst reads only what lies in its root, which is an empty folder, and the other process has none of the settings.
Pure: no Django.

Faces: Noto Sans for Latin, Greek and Cyrillic letters and for twenty other scripts, Noto Sans CJK for Chinese, Japanese
and Korean, Noto Emoji for small pictures (in outline), and those that Typst brings. A letter that none of them has is
looked for among the faces of the machine; where those lack it too, a box stands for it and the page says so.
"""

from __future__ import annotations

import json
import logging
import os
import re
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 20.0  # seconds, with the start of the process
MOST_MEMORY = 2 * 1024**3  # bytes of addresses: faces are mapped, not read
PASSED_ON = ("SYSTEMROOT",)  # of the environment: what Windows needs
SCRIPTS = (
    "Arabic", "Hebrew", "Devanagari", "Thai", "Armenian", "Bengali", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi",
    "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu",
)  # fmt: skip
_CJK = {"ja": "Noto Sans CJK JP", "ko": "Noto Sans CJK KR"}
# Where the note about missing letters goes. (Nobody's words are the same: in a string of Typst no " stands alone.)
NOTE_HERE = '/*"NOTE"*/'

_PAGE = re.compile(rb"/Type\s*/Page\b")

log = logging.getLogger(__name__)
_few_at_a_time = threading.BoundedSemaphore(2)


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

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(_PAGE.findall(self.pdf))


def families(language: str) -> str:
    """The faces as Typst takes them, best first, for this language: Han characters look different in each."""
    scripts = [f"Noto Sans {script}" for script in SCRIPTS]
    cjk = _CJK.get(language[:2], "Noto Sans CJK SC")
    names = ["Noto Sans", *scripts, cjk, "Noto Sans Symbols", "Noto Emoji", "Libertinus Serif"]
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
    asked = packed(head, *(one.content for one in shots.values()))
    with _few_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603  (our own program; what is printed goes to its input)
                [sys.executable, "-P", "-m", "sidebyside.base.typesetting_apart", str(within), str(memory)],
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
    said, pdf = unpacked(done.stdout)
    return Printed(pdf, said["lacking"])


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """The environment of the other process: where the programs lie, and none of the settings."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | {
        name: own[name] for name in PASSED_ON if name in own
    }


def packed(head: Mapping[str, object], *contents: bytes) -> bytes:
    """What one process says to the other: how long its head is, its head in JSON, and the rest."""
    words = json.dumps(head).encode()
    return b"".join([struct.pack(">I", len(words)), words, *contents])


def unpacked(sent: bytes) -> tuple[Any, bytes]:
    """The head, and the rest, of what was packed."""
    (length,) = struct.unpack_from(">I", sent)
    return json.loads(sent[4 : 4 + length]), sent[4 + length :]
