"""Find the words of a page that were never looked up in a catalogue.

The page must be drawn in the made language, in which no looked-up word keeps a plain letter.

The convention that makes this possible: **every text written by a person, and every name of a
person or place, stands in an element with ``dir="auto"`` or in ``<bdi>``** (an ``<option>`` too).
Names that are the same in every language (the product's name, an address, a code) stand in an
element with ``translate="no"``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html.parser import HTMLParser

_PLAIN = re.compile(r"[A-Za-z]")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_UNSEEN = frozenset(["script", "style", "template", "textarea", "noscript"])
_SPOKEN = (
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "aria-valuetext",
    "title",
    "placeholder",
    "alt",
    "label",
)
_BUTTONS = frozenset(["submit", "button", "reset"])
_PRODUCT = "Side by Side"
_SLOT = re.compile(r"\{\w+\}")
# Words that a page hands to its scripts lie in data attributes; a lone small word there is a name.
_WORDS_FOR_SCRIPTS = re.compile(r"[A-Z]|[^{\[]*\s")


def untranslated(html: str, *, allow: Collection[str] = frozenset()) -> list[str]:
    """The runs of text in ``html`` that people see or hear with plain letters A to Z in them.

    Looks at text, at spoken and shown attributes, at values of buttons, at the description of the
    page and at the words it hands to its scripts (``data-`` attributes; slots such as ``{time}``
    may stay). ``allow`` holds words that may stay (whole words; a name in ``<title>``, which can
    hold no element); the product's own name may always. Each finding reads ``<tag> text`` or ``<tag attribute> text``.
    """
    reader = _Reader(allow)
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, allow: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        longest_first = sorted({_PRODUCT, *allow} - {""}, key=len, reverse=True)
        words = "|".join(re.escape(word) for word in longest_first)
        self._allowed = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
        # Each open element, with: is its text left out, are its attributes left out.
        self._open: list[tuple[str, bool, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        text_out, attributes_out = self._left_out()
        if given.get("translate") == "no" or tag in _UNSEEN - {"textarea"}:
            text_out = attributes_out = True
        elif given.get("translate") == "yes":
            text_out = attributes_out = False
        if not attributes_out:
            self._look_at_attributes(tag, given)
        if given.get("dir") == "auto" or tag == "bdi" or tag in _UNSEEN:
            text_out = True
        if tag not in _VOID:
            self._open.append((tag, text_out, attributes_out))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth][0] == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        if not self._left_out()[0]:
            tag = self._open[-1][0] if self._open else "page"
            self._look_at(tag, data)

    def _left_out(self) -> tuple[bool, bool]:
        return self._open[-1][1:] if self._open else (False, False)

    def _look_at_attributes(self, tag: str, given: dict[str, str]) -> None:
        for name in _SPOKEN:
            if name in given:
                self._look_at(f"{tag} {name}", given[name])
        for name, value in given.items():
            if name.startswith("data-") and _WORDS_FOR_SCRIPTS.match(value):
                self._look_at(f"{tag} {name}", value)
        if tag == "input" and given.get("type", "text").lower() in _BUTTONS:
            self._look_at("input value", given.get("value", ""))
        if tag == "meta" and given.get("name") == "description":
            self._look_at("meta content", given.get("content", ""))

    def _look_at(self, where: str, text: str) -> None:
        if _PLAIN.search(self._allowed.sub("", _SLOT.sub("", text))):
            self.found.append(f"<{where}> {' '.join(text.split())}")
