"""A lesson as Markdown. Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterator

from sidebyside.base.rich_text.markdown import to_markdown
from sidebyside.base.rich_text.nodes import clean
from sidebyside.lessons.exports.sheets import Drawing, Sheet


def to_text(sheet: Sheet) -> str:
    """The lesson as Markdown, in CommonMark. Of pictures stands what they show."""
    return "\n\n".join(part for part in _blocks(sheet) if part) + "\n"


def _blocks(sheet: Sheet) -> Iterator[str]:
    yield _heading(1, sheet.title)
    yield _line(sheet.about)
    yield _line(sheet.minutes)
    if sheet.standards:
        yield _heading(2, sheet.standards_title)
        yield _list(sheet.standards)
    for section in sheet.sections:
        yield _heading(2, f"{section.title} ({section.minutes})" if section.minutes else section.title)
        yield to_markdown(section.nodes)
        yield from _drawn(section.drawings)
    yield from _drawn(sheet.drawings)
    if sheet.others:
        yield _heading(2, sheet.others_title)
        yield _list(sheet.others)
    yield _line(sheet.source)


def _drawn(drawings: tuple[Drawing, ...]) -> Iterator[str]:
    yield from (_line(f"[{drawing.alt}]") for drawing in drawings)


def _heading(level: int, text: str) -> str:
    """A heading in one line. (Rich text has the levels 3 and 4 alone.)"""
    written = to_markdown(clean([{"type": "heading", "attrs": {"level": 3}, "content": [_said(text)]}]))
    return f"{'#' * level}{written.removeprefix('###')}" if written else ""


def _line(text: str) -> str:
    return to_markdown(clean([{"type": "paragraph", "content": [_said(text)]}])) if text.strip() else ""


def _list(lines: tuple[tuple[str, str], ...]) -> str:
    said = [": ".join(filter(None, line)) for line in lines]
    items = [{"type": "listItem", "content": [{"type": "paragraph", "content": [_said(line)]}]} for line in said]
    return to_markdown(clean([{"type": "bulletList", "content": items}]))


def _said(text: str) -> dict[str, str]:
    return {"type": "text", "text": " ".join(text.split())}
