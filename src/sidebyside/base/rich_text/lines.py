"""Rich text as lines: each is words and the kind it has, and no line holds another one.

So it is kept in a shared document (shared.py), where the kind of a line is an attribute of its end: to change what a
line is, to join two or to part one moves no words. What is inside what follows from the kinds: neighbours in a
quotation are one quotation, neighbours in lists of one kind one list, and depths are indentations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple

Node = dict[str, Any]
Nodes = list[Node]

LISTS = {"bullet": "bulletList", "number": "orderedList"}
LEVELS = (3, 4)  # of headings
DEEPEST = 8  # lists inside one another
LARGEST_START = 1_000_000
# What may be said of the end of a line, and of words.
OF_LINES = ("heading", "list", "depth", "start", "more", "quote")
OF_WORDS = ("bold", "italic", "link")


class Kind(NamedTuple):
    """What a line is: a paragraph, or a heading (level 3 or 4), or of a list ("bullet", "number") `depth` lists deep;
    `start` is the number of an item with which a numbered list begins that does not begin with 1, `more` marks a
    further paragraph of the item before. `quote`: it stands in a quotation."""

    heading: int = 0
    list: str = ""
    depth: int = 0
    start: int | None = None
    more: bool = False
    quote: bool = False

    def attributes(self) -> dict[str, Any]:
        """As attributes of the end of its line."""
        said = {name: value for name, value in zip(OF_LINES, self, strict=True) if value}
        return said if self.start is None else {**said, "start": self.start}


class Line(NamedTuple):
    """A line of clean words and breaks."""

    content: Nodes
    kind: Kind = Kind()


PARAGRAPH = Kind()


def kind_of(attributes: Mapping[str, Any] | None) -> Kind:
    """The kind that these attributes of a line's end give it. What is of a wrong type is as if it were not there."""
    if not attributes:
        return PARAGRAPH
    quote = attributes.get("quote") is True
    listed = attributes.get("list")
    if not isinstance(listed, str) or listed not in LISTS:
        level = _whole(attributes.get("heading"))
        return Kind(heading=level if level in LEVELS else 0, quote=quote)
    depth, more = _whole(attributes.get("depth")), attributes.get("more") is True
    start = _whole(attributes.get("start")) if listed == "number" and not more else -1
    return Kind(
        list=listed,
        depth=depth if 0 < depth < DEEPEST else 0,
        start=min(start, LARGEST_START) if start >= 0 and start != 1 else None,
        more=more,
        quote=quote,
    )


def nested(lines: list[Line]) -> Nodes:
    """The blocks that lines are, as `nodes.clean` gives them."""
    blocks: Nodes = []
    for quote, among in groupby(lines, key=lambda line: line.kind.quote):
        if quote:
            blocks.append({"type": "blockquote", "content": _blocks(among)})
        else:
            blocks += _blocks(among)
    return blocks


def _whole(value: object) -> int:
    """A number that is whole, or -1. (Those of browsers may have come as floats.)"""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return -1
    return int(value) if value == value // 1 and abs(value) < 1e15 else -1


class _Open(NamedTuple):
    """An item that lines may go into: how deep it says it is, the kind of its list, and what is in it."""

    depth: int
    list: str
    content: Nodes


def _blocks(lines: Iterable[Line]) -> Nodes:
    """The blocks of lines that stand in one place."""
    blocks: Nodes = []
    opened: list[_Open] = []
    for content, kind in lines:
        if not kind.list:
            opened.clear()
            blocks.append(_text_block(content, kind.heading))
            continue
        before = None  # the item before at the same depth
        while opened and opened[-1].depth >= kind.depth:
            before = opened.pop()
        if kind.more and before and before.list == kind.list:
            item = before.content
        else:
            item = _new_item(opened[-1].content if opened else blocks, kind)
        item.append(_text_block(content))
        opened.append(_Open(kind.depth, kind.list, item))
    return blocks


def _new_item(around: Nodes, kind: Kind) -> Nodes:
    """The content of a further item, of the list that stands last in `around` if that goes on, else of a new one."""
    if kind.start is not None or not around or around[-1]["type"] != LISTS[kind.list]:
        attrs = {"attrs": {"start": 1 if kind.start is None else kind.start}} if kind.list == "number" else {}
        around.append({"type": LISTS[kind.list], **attrs, "content": []})
    item: Nodes = []
    around[-1]["content"].append({"type": "listItem", "content": item})
    return item


def _text_block(content: Nodes, level: int = 0) -> Node:
    block: Node = {"type": "heading", "attrs": {"level": level}} if level else {"type": "paragraph"}
    return {**block, "content": content} if content else block
