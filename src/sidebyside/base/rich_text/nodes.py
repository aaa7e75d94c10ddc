"""Rich text as blocks of words: what may stand in it, made safe.

A node is a dict as ProseMirror writes it as JSON, for example
`{"type": "paragraph", "content": [{"type": "text", "text": "a word", "marks": [{"type": "bold"}]}]}`.
Blocks: paragraph, heading (level 3 or 4), bulletList and orderedList (start) of listItem, blockquote.
Inside a paragraph or heading: text and hardBreak. Marks: bold, italic, link (href).
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import Any, NamedTuple

from sidebyside.base.rich_text.lines import DEEPEST, LARGEST_START, Kind, Line, nested
from sidebyside.base.rich_text.lines import Node as Node
from sidebyside.base.rich_text.lines import Nodes as Nodes

TEXT_BLOCKS = ("paragraph", "heading")
MARKS = ("bold", "italic", "link")
LONGEST_ADDRESS = 2000

# Control characters, halves of a character and what is no character.
_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\n\u2028\u2029]")
_SAFE_SCHEME = re.compile(r"(?:https?://|mailto:)[^/\s]", re.IGNORECASE)


def clean(nodes: object) -> Nodes:
    """Return the blocks of whatever came in: only what the schema knows, and nothing that could do harm.

    Unknown nodes give way to what they hold; words outside a paragraph get one; line ends inside words become
    breaks; neighbours with the same marks are joined. What lines cannot say becomes what they can: neighbouring lists
    of one kind are one, unless the second begins with a number of its own; neighbouring quotations too; in a list
    there are no headings and no quotations. Never raises: what is no node at all is left out.
    """
    return nested(lines_of(nodes))


def lines_of(nodes: object) -> list[Line]:
    """Return the lines of whatever came in, made clean as `clean` does; `lines.nested` makes blocks of them."""
    return _Lines(nodes).lines


def is_empty(nodes: Nodes) -> bool:
    """Whether there is not one visible character in clean nodes."""
    return not any(text.strip() for text in _texts(nodes))


def plain(nodes: Nodes) -> str:
    """Return the words of clean nodes: each paragraph, heading and break on a line of its own."""
    return "\n".join(line_of(block) for block in text_blocks(nodes))


def paragraphs(text: str) -> Nodes:
    """Return a paragraph for each line of a plain text that is not blank."""
    return clean([{"type": "paragraph", "content": [_text(line)]} for line in text.splitlines() if line.strip()])


def text_blocks(nodes: Nodes) -> Iterator[Node]:
    """Every paragraph and heading of clean nodes in reading order, also those inside lists and quotations."""
    for node in nodes:
        if node["type"] in TEXT_BLOCKS:
            yield node
        else:
            yield from text_blocks(node.get("content", []))


def line_of(block: Node) -> str:
    """The words of one clean paragraph or heading; a break is a line end."""
    return "".join(node["text"] if node["type"] == "text" else "\n" for node in block.get("content", []))


def safe_address(href: object) -> str | None:
    """Return an address one may follow (http, https, mailto), or None for every other."""
    return _safe(href) if isinstance(href, str) else None


@lru_cache(maxsize=256)
def _safe(href: str) -> str | None:
    # Browsers leave out tabs and line ends inside an address, so a scheme must not hide behind them.
    href = _HALVES.sub("\ufffd", re.sub("[\x00-\x1f\x7f]", "", href).strip()).replace(" ", "%20")
    return href if len(href) <= LONGEST_ADDRESS and _SAFE_SCHEME.match(href) else None


def safe_text(text: object) -> str:
    """Return what can be kept of a text: no control characters, no halves of a character."""
    return _HALVES.sub("\ufffd", _UNKEPT.sub("", text)) if isinstance(text, str) else ""


def _texts(nodes: Nodes) -> Iterator[str]:
    return (line_of(block) for block in text_blocks(nodes))


def _text(text: str, marks: Nodes | None = None) -> Node:
    return {"type": "text", "text": text, "marks": marks} if marks else {"type": "text", "text": text}


def _children(node: object) -> list[Any]:
    content = node.get("content") if isinstance(node, dict) else node
    return content if isinstance(content, list) else []


class _List(NamedTuple):
    """A list that is being read."""

    kind: str
    depth: int
    start: int | None
    quote: bool


class _Lines:
    """The lines in any nodes. A stack of what is still to be read: what is nested by malice does not nest calls."""

    def __init__(self, nodes: object) -> None:
        self.lines: list[Line] = []
        self._loose: list[object] = []  # words outside a paragraph
        self._quotes = 0
        # The lists around, one for each item that is being read, the outermost first, and in how many of these items
        # there is a line already.
        self._lists: list[_List] = []
        self._begun = 0
        # Nodes, what is to be done between them, and None where words of one and words of another part.
        self._waiting: list[object] = [None, *reversed(_children(nodes))]
        while self._waiting:
            node = self._waiting.pop()
            if isinstance(node, dict) and node.get("type") in ("text", "hardBreak"):
                self._loose.append(node)
                continue
            self._end_loose()
            if isinstance(node, dict):
                self._read(node)
            elif isinstance(node, partial):
                node()

    def _read(self, node: Node) -> None:
        kind = node.get("type")
        if kind == "paragraph":
            self._add(clean_words(_children(node)))
        elif kind == "heading":
            self._add(clean_words(_children(node)), 3 if _number(node, "level") <= 3 else 4)
        elif kind in ("bulletList", "orderedList"):
            self._read_list(node)
        elif kind == "blockquote":
            self._quotes += 1
            self._waiting += [partial(self._end_quote), *reversed(_children(node))]
        else:
            self._waiting += [None, *reversed(_children(node))]

    def _end_quote(self) -> None:
        self._quotes -= 1

    def _read_list(self, node: Node) -> None:
        around = self._lists[-1] if self._lists else None
        depth = min(around.depth + 1, DEEPEST - 1) if around else 0
        # Quotations are outermost: one in a list is none.
        quote = around.quote if around else self._quotes > 0
        kind, start = ("bullet", 1) if node["type"] == "bulletList" else ("number", _number(node, "start", 1))
        begin = None if start == 1 else min(max(start, 0), LARGEST_START)
        items: list[object] = []
        for child in _children(node):
            is_item = isinstance(child, dict) and child.get("type") == "listItem"
            inside = _children(child) if is_item else [child]
            items.append(partial(self._begin_item, _List(kind, depth, begin, quote), inside, is_item))
            begin = None
        self._waiting += reversed(items)

    def _begin_item(self, of: _List, inside: list[Any], is_item: bool) -> None:
        self._lists.append(of)
        self._waiting += [partial(self._end_item, is_item), *reversed(inside)]

    def _end_item(self, is_item: bool) -> None:
        """An item without anything is an empty one; what is no item and has nothing in it is nothing."""
        if is_item and self._begun < len(self._lists):
            self._add([])
        self._lists.pop()
        self._begun = min(self._begun, len(self._lists))

    def _end_loose(self) -> None:
        if self._loose:
            content = clean_words(self._loose)
            self._loose = []
            self._add(content)

    def _add(self, content: Nodes, heading: int = 0) -> None:
        """A line at this place. An item begins with a paragraph: a list that stands first in one has an empty one
        before it."""
        if not self._lists:
            self.lines.append(Line(content, Kind(heading=heading, quote=self._quotes > 0)))
            return
        of, more = self._lists[-1], self._begun == len(self._lists)
        for around in self._lists[self._begun : -1]:
            self.lines.append(Line([], _kind_in(around)))
        self.lines.append(Line(content, _kind_in(of, more)))
        self._begun = len(self._lists)


def _kind_in(of: _List, more: bool = False) -> Kind:
    return Kind(list=of.kind, depth=of.depth, start=None if more else of.start, more=more, quote=of.quote)


def _number(node: Node, name: str, otherwise: int = 0) -> int:
    attrs = node.get("attrs")
    number = attrs.get(name) if isinstance(attrs, dict) else None
    try:
        return int(number) if isinstance(number, int | float | str) else otherwise
    except (ValueError, OverflowError):
        return otherwise


def clean_words(nodes: Iterable[object]) -> Nodes:
    """Return the words and breaks in any nodes, made clean; blocks inside begin on a new line."""
    inline: Nodes = []
    waiting = [*reversed(list(nodes))]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict):
            continue
        if node.get("type") == "text":
            _add_words(inline, safe_text(_LINE_ENDS.sub("\n", str(node.get("text") or ""))), _marks(node))
        elif node.get("type") == "hardBreak":
            inline.append({"type": "hardBreak"})
        else:
            if inline and inline[-1]["type"] != "hardBreak" and node.get("type") in (*TEXT_BLOCKS, "listItem"):
                inline.append({"type": "hardBreak"})
            waiting += reversed(_children(node))
    return inline


def _add_words(inline: Nodes, text: str, marks: Nodes) -> None:
    for number, line in enumerate(text.split("\n")):
        if number:
            inline.append({"type": "hardBreak"})
        if not line:
            continue
        if inline and inline[-1]["type"] == "text" and inline[-1].get("marks", []) == marks:
            inline[-1] = _text(inline[-1]["text"] + line, marks)
        else:
            inline.append(_text(line, marks))


def _marks(node: Node) -> Nodes:
    given = node.get("marks")
    if not isinstance(given, list):
        return []
    found: dict[str, Node] = {}
    for mark in given:
        kind = mark.get("type") if isinstance(mark, dict) else None
        if kind == "link":
            attrs = mark.get("attrs")
            href = safe_address(attrs.get("href")) if isinstance(attrs, dict) else None
            if href:
                found["link"] = {"type": "link", "attrs": {"href": href}}
        elif isinstance(kind, str) and kind in MARKS:
            found[kind] = {"type": kind}
    return [found[kind] for kind in MARKS if kind in found]
