"""Rich text as blocks of words: what may stand in it, made safe.

A node is a dict as ProseMirror writes it as JSON, for example
`{"type": "paragraph", "content": [{"type": "text", "text": "a word", "marks": [{"type": "bold"}]}]}`.
Blocks: paragraph, heading (level 3 or 4), bulletList and orderedList (start) of listItem, blockquote.
Inside a paragraph or heading: text and hardBreak. Marks: bold, italic, link (href).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

Node = dict[str, Any]
Nodes = list[Node]

TEXT_BLOCKS = ("paragraph", "heading")
LISTS = ("bulletList", "orderedList")
MARKS = ("bold", "italic", "link")
# Lists and quotations inside one another. What lies deeper stands at the deepest level that is kept.
DEEPEST = 8
LONGEST_ADDRESS = 2000
LARGEST_START = 1_000_000

# Control characters, halves of a character and what is no character.
_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\n\u2028\u2029]")
_SAFE_SCHEME = re.compile(r"(?:https?://|mailto:)[^/\s]", re.IGNORECASE)
_END = object()


def clean(nodes: object) -> Nodes:
    """Return the blocks of whatever came in: only what the schema knows, and nothing that could do harm.

    Unknown nodes give way to what they hold; words outside a paragraph get one; line ends inside words become
    breaks; neighbours with the same marks are joined. Never raises: what is no node at all is left out.
    """
    return _blocks(nodes, 0)


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
    if not isinstance(href, str):
        return None
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


def _blocks(nodes: object, depth: int) -> Nodes:
    """The blocks in any nodes. A stack of what is still to be read: what is nested by malice does not nest calls."""
    blocks: Nodes = []
    loose: list[object] = []
    waiting: list[object] = [*reversed(_children(nodes))]
    while waiting:
        node = waiting.pop()
        kind = node.get("type") if isinstance(node, dict) else None
        if kind in ("text", "hardBreak"):
            loose.append(node)
            continue
        if loose:
            blocks.append(_text_block("paragraph", _inline(loose)))
            loose = []
        if isinstance(node, dict):
            block = _block(node, depth)
            if block is None:
                waiting += [_END, *reversed(_children(node))]
            elif block:
                blocks.append(block)
    if loose:
        blocks.append(_text_block("paragraph", _inline(loose)))
    return blocks


def _block(node: Node, depth: int) -> Node | None:
    """One block made clean, {} where nothing of it is left, None where what it holds stands for itself."""
    kind = node.get("type")
    if kind == "paragraph":
        return _text_block("paragraph", _inline(_children(node)))
    if kind == "heading":
        heading = _text_block("heading", _inline(_children(node)))
        return {"type": "heading", "attrs": {"level": 3 if _number(node, "level") <= 3 else 4}, **heading}
    if depth >= DEEPEST:
        return None
    if kind == "blockquote":
        inside = _blocks(node, depth + 1)
        return {"type": "blockquote", "content": inside} if inside else {}
    if kind == "bulletList":
        items = _items(node, depth + 1)
        return {"type": "bulletList", "content": items} if items else {}
    if kind == "orderedList":
        items = _items(node, depth + 1)
        start = min(max(_number(node, "start", 1), 0), LARGEST_START)
        return {"type": "orderedList", "attrs": {"start": start}, "content": items} if items else {}
    return None


def _items(node: Node, depth: int) -> Nodes:
    items = []
    for child in _children(node):
        listed = isinstance(child, dict) and child.get("type") == "listItem"
        inside = _blocks(child if listed else [child], depth)
        if listed or inside:
            items.append({"type": "listItem", "content": _begun_with_paragraph(inside)})
    return items


def _begun_with_paragraph(blocks: Nodes) -> Nodes:
    """An item begins with a paragraph: editors throw away those that do not."""
    if blocks and blocks[0]["type"] == "heading":
        return [_text_block("paragraph", blocks[0].get("content", [])), *blocks[1:]]
    if not blocks or blocks[0]["type"] != "paragraph":
        return [{"type": "paragraph"}, *blocks]
    return blocks


def _number(node: Node, name: str, otherwise: int = 0) -> int:
    attrs = node.get("attrs")
    number = attrs.get(name) if isinstance(attrs, dict) else None
    try:
        return int(number) if isinstance(number, int | float | str) else otherwise
    except (ValueError, OverflowError):
        return otherwise


def _text_block(kind: str, content: Nodes) -> Node:
    return {"type": kind, "content": content} if content else {"type": kind}


def _inline(nodes: Iterable[object]) -> Nodes:
    """Words and breaks in any nodes; blocks inside begin on a new line."""
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
