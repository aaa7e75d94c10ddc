"""A copy of a text without some words and names, each for what stands in its place. Pure: no Django, no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sidebyside.base.rich_text.nodes import Node, Nodes
from sidebyside.base.unaccented import unaccented
from sidebyside.lessons.capitals import APOSTROPHES, HYPHENS, IN_WORD, PARTICLES, plain_letters

# Scripts that leave no spaces between words, so that a name may stand against its neighbours.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
_ONE_MARK = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(HYPHENS, "-"))
_LETTER = re.compile(IN_WORD)
_END = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a word stands in a text, and the word as it was sought."""

    start: int
    end: int
    word: str


class Sought:
    """Words and names to be found in texts of plain letters.

    A word counts where it stands alone, with another by a hyphen, or before an apostrophe, in just these capitals; any
    apostrophe counts for an apostrophe, any hyphen for a hyphen, and spaces for a space. Of several the longest counts.
    They are kept as a tree of letters, so that hundreds are found as quickly as one, whatever they are.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._tree: dict[str, Any] = {}
        for word in words:
            node = self._tree
            for letter in word:
                node = node.setdefault(letter, {})
            node[_END] = word
        self._first = re.compile(f"[{''.join(re.escape(one) for one in self._tree)}]") if self._tree else None

    def in_text(self, text: str) -> Iterator[Hit]:
        """Where they stand, from the beginning on, none within another."""
        text, at = text.translate(_ONE_MARK), 0
        while self._first is not None and (found := self._first.search(text, at)):
            hit = self._hit(text, found.start())
            if hit is not None:
                yield hit
            at = hit.end if hit is not None else found.end()

    def _hit(self, text: str, start: int) -> Hit | None:
        """The longest that begins here."""
        if start and _LETTER.match(text, start - 1) and not _is_unspaced(text[start]):
            return None
        node: dict[str, Any] | None = self._tree
        at, longest = start, None
        while node is not None and at < len(text):
            letter, at = text[at], at + 1
            if letter.isspace():
                letter = " "
                while at < len(text) and text[at].isspace():
                    at += 1
            node = node.get(letter)
            if node and _END in node and (_is_unspaced(text[at - 1]) or not _LETTER.match(text, at)):
                longest = Hit(start, at, node[_END])
        return longest


def _is_unspaced(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_UNSPACED)


class TakingOut:
    """Takes words out of texts, each for what stands in its place."""

    def __init__(self, replacements: Mapping[str, str]) -> None:
        self.instead = {key: instead for word, instead in replacements.items() if (key := _key(word))}
        self.sought = Sought(self.instead)
        parts = {part for word in self.instead for part in unaccented(word).split()}
        # (a short one, such as "Jo", stands inside of many other words)
        self._long = {part for part in parts if len(part) > 2 or not part.isascii()}
        self._short = parts - self._long - PARTICLES

    def text(self, text: str) -> str:
        """The text without them."""
        text, made, at = plain_letters(text), "", 0
        for hit in self.sought.in_text(text):
            made += text[at : hit.start] + self.instead[hit.word]
            at = hit.end
        return made + text[at:]

    def nodes(self, nodes: Nodes) -> Nodes:
        """Rich text without them, wherever bold or a link begins inside a word. A link whose address holds one of
        them, or leads to somebody's mailbox, stays as its words alone."""
        return [self._node(node) for node in nodes]

    def address(self, address: str) -> str:
        """An address, or none where it holds one of them (without its accents, too) or leads to somebody's mailbox."""
        if address.lower().startswith("mailto:"):
            return ""
        held = unaccented(plain_letters(unquote(address)))
        alone = set(re.split(r"[\W\d_]+", held))
        hit = any(part in held for part in self._long) or not self._short.isdisjoint(alone)
        return "" if hit else address

    def _node(self, node: Node) -> Node:
        content = node.get("content")
        if not content:
            return node
        if node["type"] in ("paragraph", "heading"):
            return {**node, "content": self._line(content)}
        return {**node, "content": self.nodes(content)}

    def _line(self, inline: Nodes) -> Nodes:
        """The words of one block: found in the whole of it, put where each begins."""
        inline = [self._plain(node) for node in inline]
        whole = "".join(_words(node) for node in inline)
        if plain_letters(whole) != whole:  # a letter and its mark under different marks: they belong together
            inline, whole = _composed(inline), plain_letters(whole)
        hits, first = list(self.sought.in_text(whole)), 0
        made, start = [], 0
        for node in inline:
            end = start + len(_words(node))
            while first < len(hits) and hits[first].end <= start:
                first += 1
            text = self._rewritten(whole, start, end, hits, first) if node["type"] == "text" else ""
            if text or node["type"] != "text":
                made.append({**node, "text": text} if node["type"] == "text" else node)
            start = end
        return made

    def _rewritten(self, whole: str, start: int, end: int, hits: list[Hit], first: int) -> str:
        """What stands from `start` to `end`, by the hits from `first` on."""
        text, at = "", start
        while first < len(hits) and (hit := hits[first]).start < end:
            text += whole[at : max(at, hit.start)]
            if hit.start >= start:
                text += self.instead[hit.word]
            at = min(hit.end, end)
            first += 1
        return text + whole[at:end]

    def _plain(self, node: Node) -> Node:
        if node["type"] != "text":
            return node
        marks = [
            mark for mark in node.get("marks", []) if mark["type"] != "link" or self.address(str(mark["attrs"]["href"]))
        ]
        bare = {name: value for name, value in node.items() if name != "marks"}
        return {**bare, "marks": marks} if marks else bare

    def _may_lead(self, mark: Node) -> bool:
        return bool(self.address(str(mark["attrs"]["href"])))


def _key(word: str) -> str:
    """A word as it is sought: in plain letters, with one kind of apostrophe, hyphen and space."""
    return " ".join(plain_letters(word).translate(_ONE_MARK).split())


def _words(node: Node) -> str:
    return str(node["text"]) if node["type"] == "text" else "\n"


def _composed(inline: Nodes) -> Nodes:
    """The same words in plain letters. A mark that stood apart from its letter goes to it."""
    made: Nodes = []
    for node in inline:
        if node["type"] == "text":
            text = str(node["text"])
            marks = len(text) - len(text.lstrip("".join({one for one in text if unicodedata.combining(one)}) or "\0"))
            if marks and made and made[-1]["type"] == "text":
                made[-1] = {**made[-1], "text": plain_letters(made[-1]["text"] + text[:marks])}
                text = text[marks:]
            node = {**node, "text": plain_letters(text)}
        made.append(node)
    return made
