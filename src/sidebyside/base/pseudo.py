"""The made language: English in disguise, longer, accented and in brackets.

A page drawn in it shows at a glance (and to a test, by a search for plain letters) which of its words were never
looked up in a catalogue. Its direction, right to left, comes from the settings; no direction marks are put into the
texts, so that a test can still search for them.

Pure: text in, text out.
"""

from __future__ import annotations

import re

CODE = "qps-plocm"
LOCALE = "qps_Plocm"
"""What Django's ``to_locale`` makes of ``CODE``: the name of the folder, with its capital."""

TAG = "en-x-pseudo"
"""What a page says it is written in (``<html lang>``): browsers and checkers know no ``qps``."""

_DISGUISE = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀçðéƒĝĥíĵķļɱñóþǫŕšţúṽŵẋýžÁƁÇÐÉƑĜĤÍĴĶĻṀÑÓÞǪŔŠŢÚṼŴẊÝŽ",
)

_KEPT = re.compile(
    r"""
      %%                                          # a bare percent sign
    | %\([^)]*\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]     # %(name)s
    | %[#0\-+]*\d*(?:\.\d+)?[srdiufFgGeExXoc](?![a-zA-Z])   # %s
    | \{\{|\}\}                                   # braces that format() prints as one
    | \{[^{}\s]*\}                                # {name}, {0}, {}
    | </?[a-zA-Z][^<>]*>                          # a tag, whatever it carries
    | <!--.*?-->
    | &(?:[a-zA-Z][a-zA-Z0-9]*|\#[0-9]+|\#x[0-9a-fA-F]+);   # &nbsp;
    """,
    re.VERBOSE | re.DOTALL,
)

_FILLER = "óñé ţŵó ţĥŕéé ƒóúŕ ƒíṽé šíẋ šéṽéñ éíĝĥţ ñíñé ţéñ"
_LONGER_BY = 0.35


def disguised(text: str) -> str:
    """``text`` with every letter of English changed, about a third longer, in square brackets.

    Placeholders (``%(name)s``, ``%s``, ``{name}``), ``%%``, HTML tags and entities stay as they are, and so do the
    white space at both ends and a text of white space only: a form for ``gettext`` must end in a line break when its
    source does.
    """
    core = text.strip()
    if not core:
        return text
    start = text.index(core)
    before, after = text[:start], text[start + len(core) :]
    parts: list[str] = []
    letters = 0
    position = 0
    for kept in _KEPT.finditer(core):
        plain = core[position : kept.start()]
        letters += len(plain)
        parts += [plain.translate(_DISGUISE), kept.group()]
        position = kept.end()
    plain = core[position:]
    letters += len(plain)
    parts.append(plain.translate(_DISGUISE))
    return f"{before}[{''.join(parts)}{_filler(letters)}]{after}"


def placeholders(text: str) -> list[str]:
    """Everything in ``text`` that a translation must keep, sorted: placeholders, tags, entities."""
    return sorted(match.group() for match in _KEPT.finditer(text))


def _filler(letters: int) -> str:
    """Words without meaning that make a text of so many letters about a third longer; none for one letter."""
    wanted = round(letters * _LONGER_BY)
    if wanted < 1:
        return ""
    repeated = (_FILLER + " ") * (wanted // len(_FILLER) + 1)
    return " " + repeated[:wanted].strip()
