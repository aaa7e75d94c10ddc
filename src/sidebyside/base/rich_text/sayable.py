"""What of a rich text Markdown can say."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from markdown_it.common.normalize_url import normalizeLink

from sidebyside.base.rich_text.nodes import TEXT_BLOCKS, Node, Nodes, clean, line_of


class Letter(NamedTuple):
    """A character with its marks; a break is a line end without any."""

    said: str
    href: str | None = None
    bold: bool = False
    italic: bool = False


def sayable(nodes: Nodes) -> Nodes:
    """Return clean blocks as Markdown can say them: without empty paragraphs and quotations, without white space at the
    ends of lines, without marks around white space, headings on one line, addresses with their odd characters encoded.
    """
    return clean(_said(nodes))


def _said(nodes: Nodes) -> Nodes:
    said = []
    for node in nodes:
        if node["type"] not in TEXT_BLOCKS:
            said.append({**node, "content": _said(node.get("content", []))})
        elif not any(inline.get("marks") for inline in node.get("content", [])):
            said += _unmarked(node)
        elif letters := _trimmed(list(_letters(node))):
            said.append({**node, "content": [_node(letter) for letter in letters]})
    return said


def _unmarked(block: Node) -> Nodes:
    lines = line_of(block) if block["type"] == "paragraph" else line_of(block).replace("\n", " ")
    text = "\n".join(line.strip() for line in lines.split("\n")).strip()
    return [{**block, "content": [{"type": "text", "text": text}]}] if text else []


def _letters(block: Node) -> Iterator[Letter]:
    for node in block.get("content", []):
        if node["type"] == "hardBreak":
            yield Letter("\n" if block["type"] == "paragraph" else " ")
            continue
        marks = {mark["type"]: mark for mark in node.get("marks", [])}
        href = normalizeLink(marks["link"]["attrs"]["href"]) if "link" in marks else None
        yield from (Letter(letter, href, "bold" in marks, "italic" in marks) for letter in node["text"])


def _trimmed(letters: list[Letter]) -> list[Letter]:
    """The lines of a block without white space at their ends, and without empty ones at its beginning and end."""
    lines: list[list[Letter]] = [[]]
    for letter in letters:
        if letter.said == "\n":
            lines.append([])
        else:
            lines[-1].append(letter)
    trimmed: list[Letter] = []
    for line in lines:
        begin, end = _within_spaces(line)
        trimmed += [*_ends_unmarked(line[begin:end]), Letter("\n")]
    begin, end = _within_spaces(trimmed)
    return trimmed[begin:end]


def _within_spaces(letters: list[Letter]) -> tuple[int, int]:
    text = "".join(letter.said for letter in letters)
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _ends_unmarked(line: list[Letter]) -> list[Letter]:
    """White space at either end of marked words loses the mark: first of links, within them of bold, then of italic."""
    for mark in (1, 2, 3):
        runs = [list(run) for _, run in groupby(line, key=lambda letter: letter[1 : mark + 1])]
        line = [letter for run in runs for letter in (_unmarked_at_ends(run, mark) if run[0][mark] else run)]
    return line


def _unmarked_at_ends(run: list[Letter], mark: int) -> list[Letter]:
    begin, end = _within_spaces(run)
    without: dict[str, Any] = {Letter._fields[mark]: None if mark == 1 else False}
    return [letter if begin <= place < end else letter._replace(**without) for place, letter in enumerate(run)]


def _node(letter: Letter) -> Node:
    marks: Nodes = [{"type": kind} for kind in ("bold", "italic") if getattr(letter, kind)]
    if letter.href:
        marks.append({"type": "link", "attrs": {"href": letter.href}})
    return {"type": "text", "text": letter.said, "marks": marks}
