"""A lesson as one web page that needs nothing besides itself. Pure: no Django."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from markupsafe import Markup, escape

from sidebyside.base.rich_text.html import to_html
from sidebyside.lessons.exports.sheets import Drawing, Sheet

_STYLE = """
:root { color-scheme: light dark; }
body { max-inline-size: 42rem; margin: 0 auto; padding: 2rem 1rem 4rem; font: 1.0625rem/1.6 system-ui, sans-serif;
  overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 0.5rem; padding-block-start: 0.75rem; border-block-start: 1px solid; font-size: 1.3rem; }
h3, h4 { margin: 1.5rem 0 0.25rem; font-size: 1.05rem; }
.soft { opacity: 0.75; font-size: 0.95rem; font-weight: 400; }
blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: 3px solid; }
figure { margin: 1.5rem 0; }
img { max-inline-size: 100%; block-size: auto; }
figcaption { font-size: 0.95rem; }
@media print { body { max-inline-size: none; padding: 0; } h2, figure { break-inside: avoid; } }
"""
# It may load nothing and run nothing, wherever it is opened, and looks like this alone.
_LOOK = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; img-src data:; style-src 'sha256-{_LOOK}'; base-uri 'none'; form-action 'none'"


def to_page(sheet: Sheet) -> str:
    """The lesson as one HTML file: pictures lie inside, nothing is loaded from anywhere, nothing runs."""
    language = sheet.language
    head = Markup(
        '<!doctype html>\n<html lang="{}" dir="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="{}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n'
    ).format(language.code, language.direction, POLICY, sheet.title, Markup(_STYLE))
    return str(head + Markup("\n").join(_blocks(sheet)) + Markup("\n</main>\n</body>\n</html>\n"))


def _blocks(sheet: Sheet) -> Iterator[Markup]:
    yield Markup('<h1 dir="auto">{}</h1>').format(sheet.title)
    if sheet.about:
        yield Markup('<p dir="auto">{}</p>').format(sheet.about)
    if sheet.minutes:
        yield Markup('<p class="soft" lang="{}" dir="auto">{}</p>').format(sheet.reader, sheet.minutes)
    if sheet.standards:
        yield _heading(sheet.standards_title, sheet.reader)
        yield _list(sheet.standards)
    for section in sheet.sections:
        yield _heading(section.title, "", section.minutes)
        yield to_html(section.nodes, top=3)
        yield from (_figure(drawing) for drawing in section.drawings)
    yield from (_figure(drawing) for drawing in sheet.drawings)
    if sheet.others:
        yield _heading(sheet.others_title, sheet.reader)
        yield _list(sheet.others)
    if sheet.source:
        yield Markup('<p class="soft" lang="{}" dir="auto">{}</p>').format(sheet.reader, sheet.source)


def _heading(title: str, language: str = "", minutes: str = "") -> Markup:
    said = Markup(' lang="{}"').format(language) if language else ""
    behind = Markup(' <span class="soft">{}</span>').format(minutes) if minutes else ""
    return Markup('<h2{} dir="auto">{}{}</h2>').format(said, title, behind)


def _list(lines: tuple[tuple[str, str], ...]) -> Markup:
    items = (
        Markup('<li dir="auto">{}{}{}</li>').format(
            Markup("<strong><bdi>{}</bdi></strong>").format(name) if name else "", " " if name and text else "", text
        )
        for name, text in lines
    )
    return Markup("<ul>{}</ul>").format(Markup("").join(items))


def _figure(drawing: Drawing) -> Markup:
    below = Markup('<figcaption dir="auto">{}</figcaption>').format(drawing.caption) if drawing.caption else ""
    address = f"data:{drawing.media};base64,{base64.b64encode(drawing.content).decode()}"
    return Markup('<figure><img src="{}" alt="{}" width="{}" height="{}">{}</figure>').format(
        Markup(escape(address)), drawing.alt, drawing.width, drawing.height, below
    )
