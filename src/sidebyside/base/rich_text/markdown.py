"""Rich text as Markdown (CommonMark) and back.

A line end inside a paragraph is a break both ways. What Markdown cannot say goes (sayable.py), and now and then a mark
in the middle of a word; never a word.
"""

import re
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sidebyside.base.rich_text.nodes import MARKS, TEXT_BLOCKS, Node, Nodes, clean, safe_text
from sidebyside.base.rich_text.sayable import sayable

_reader = MarkdownIt("commonmark", {"html": False})

_OPENED = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "bullet_list_open": "bulletList",
    "ordered_list_open": "orderedList",
    "list_item_open": "listItem",
    "blockquote_open": "blockquote",
}
_MARKED = {"strong": "bold", "em": "italic", "a": "link"}
# Characters that are a sign anywhere; an exclamation mark only where a link follows.
_SIGN = re.compile(r"([\\`*_\[\]<]|&(?=[#\w])|!$)")
_SIGN_OF_HEADING = re.compile(r"(#)")
_SIGN_OF_ADDRESS = re.compile(r"([\\<>&])")
_PLAIN_ADDRESS = re.compile(r"[\w./:@%?=#+,;~-]+")
_BLANK = re.compile(r"^[ >]+$", re.MULTILINE)
_SIGN_AT_BEGINNING = re.compile(r"^(\d*)([#>+=~-]|(?<=\d)[.)])")


def from_markdown(text: str) -> Nodes:
    """Return the clean blocks that a Markdown text says. HTML in it stays words; code too; of a picture stays its
    description."""
    top: Nodes = []
    inside = [top]
    for token in _reader.parse(safe_text(text)):
        if token.type in _OPENED:
            content: Nodes = []
            inside[-1].append({"type": _OPENED[token.type], "attrs": _attributes(token), "content": content})
            inside.append(content)
        elif token.nesting < 0:
            inside.pop()
        elif token.type == "inline":
            inside[-1].extend(_inline(token.children or []))
        elif token.content:
            words = {"type": "text", "text": token.content.rstrip("\n")}
            inside[-1].append({"type": "paragraph", "content": [words]})
    return sayable(clean(top))


def to_markdown(nodes: Nodes) -> str:
    """Return clean blocks as Markdown. `from_markdown` of it says the same, and of that it is again the same text."""
    return _BLANK.sub(lambda line: line[0].rstrip(), "\n\n".join(_written(sayable(nodes))))


# -- Reading --


def _attributes(token: Token) -> dict[str, Any]:
    if token.type == "heading_open":
        return {"level": int(token.tag[1:])}
    return {"start": token.attrs.get("start", 1)}


def _inline(tokens: list[Token]) -> Iterator[Node]:
    marks: Nodes = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield {"type": "hardBreak"}
        elif token.nesting > 0:
            marks = [*marks, {"type": _MARKED[token.tag], "attrs": {"href": token.attrs.get("href")}}]
        elif token.nesting < 0:
            marks = marks[:-1]
        elif token.content:
            yield {"type": "text", "text": token.content, "marks": marks}


# -- Writing --


def _written(nodes: Nodes) -> Iterator[str]:
    before = None
    second = False
    for node in nodes:
        # Two lists in a row would be read as one: the second has another sign.
        second = node["type"] == before and not second
        before = node["type"]
        if node["type"] == "blockquote":
            yield "> " + "\n\n".join(_written(node["content"])).replace("\n", "\n> ")
        elif node["type"] in TEXT_BLOCKS:
            yield "#" * node.get("attrs", {}).get("level", 0) + " " * (node["type"] == "heading") + _line(node)
        else:
            yield "\n".join(_items(node, second))


def _items(node: Node, second: bool) -> Iterator[str]:
    for number, item in enumerate(node["content"], node.get("attrs", {}).get("start", 1)):
        if node["type"] == "bulletList":
            sign = "*" if second else "-"
        else:
            sign = f"{number}{')' if second else '.'}"
        first, *rest = item["content"]
        inner = "\n\n".join(_written([first, *rest] if first.get("content") else rest))
        margin = "\n" + " " * (len(sign) + 1)
        # An item that begins with something else than words begins on the next line: "- - -" would be a rule.
        begin = " " if first.get("content") else margin
        yield f"{sign}{begin}{inner.replace(chr(10), margin)}" if inner else sign


def _line(block: Node) -> str:
    """The words of a block. Where the signs of its marks would not be read as such, it has fewer of them."""
    content = block.get("content", [])
    heading = block["type"] == "heading"
    if not any(node.get("marks") for node in content):
        return _text(content, "", heading)
    for kept in (MARKS, ("bold", "link"), ("link",)):
        wanted = _with_marks(content, kept)
        for italic in ("_", "*"):
            written = _text(wanted, italic, heading)
            if wanted == _with_marks([*_inline(_reader.parseInline(written)[0].children or [])], MARKS):
                return written
    return _text(_with_marks(content, ()), "", heading)


def _with_marks(content: Nodes, kept: tuple[str, ...]) -> Nodes:
    nodes = [{**node, "marks": [mark for mark in node.get("marks", []) if mark["type"] in kept]} for node in content]
    blocks = clean([{"type": "paragraph", "content": nodes}])
    inline: Nodes = blocks[0].get("content", [])
    return inline


def _text(content: Nodes, italic: str, heading: bool) -> str:
    text = ""
    opened: Nodes = []
    for node in [*content, {"type": "end"}]:
        # A link is outside, what is marked within it inside.
        marks = node.get("marks", [])[::-1]
        same = 0
        while same < min(len(opened), len(marks)) and opened[same] == marks[same]:
            same += 1
        text += "".join(_sign(mark, italic)[1] for mark in reversed(opened[same:]))
        text += "".join(_sign(mark, italic)[0] for mark in marks[same:])
        opened = marks
        beginning = not text or text.endswith("\n")
        if node["type"] == "hardBreak":
            # Two spaces cannot break a line that has no words.
            text += "\\\n" if beginning else "  \n"
        elif node["type"] == "text":
            text += _escaped(node["text"], beginning, heading)
    return text


def _sign(mark: Node, italic: str) -> tuple[str, str]:
    if mark["type"] == "link":
        href = mark["attrs"]["href"]
        return "[", f"]({href})" if _PLAIN_ADDRESS.fullmatch(href) else f"](<{_SIGN_OF_ADDRESS.sub(_escape, href)}>)"
    sign = "**" if mark["type"] == "bold" else italic
    return sign, sign


def _escaped(text: str, beginning: bool, heading: bool) -> str:
    text = _SIGN.sub(_escape, text)
    if heading:
        text = _SIGN_OF_HEADING.sub(_escape, text)
    return _SIGN_AT_BEGINNING.sub(r"\1\\\2", text) if beginning else text


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[1]}"
