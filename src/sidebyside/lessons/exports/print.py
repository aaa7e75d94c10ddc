"""A lesson in print, as Typst. Pure: no Django.

Everything people wrote stands in strings (`quoted`), where Typst knows no markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sidebyside.base.rich_text.directions import direction_of
from sidebyside.base.rich_text.nodes import Nodes, plain
from sidebyside.base.rich_text.typst import quoted, to_typst
from sidebyside.base.typesetting import NOTE_HERE, Printed, Shot, families, typeset
from sidebyside.lessons.exports.languages import Language
from sidebyside.lessons.exports.sheets import Drawing, Section, Sheet

# A word wider than the page (a name of a file, an address) would run off it: it may break anywhere. (Not where letters
# join, nor where lines may break between any two.)
STYLE = r"""
#show regex("[\\x21-\\x7e\u{a1}-\u{52f}]{40,}"): it => it.text.clusters().join("\u{200b}")
#set page(paper: "a4", margin: (x: 2.2cm, top: 2cm, bottom: 2.2cm), numbering: "1 / 1")
#set par(leading: 0.68em, spacing: 0.95em)
#set list(marker: [•], indent: 0.2em, spacing: 0.75em)
#set enum(indent: 0.2em, spacing: 0.75em)
#show title: set text(size: 19pt, weight: 700)
#show title: set par(leading: 0.45em)
#show heading.where(level: 1): set text(size: 12.5pt, weight: 700)
#show heading.where(level: 1): set block(above: 1.9em, below: 0.8em, sticky: true)
#show heading.where(level: 2): set text(size: 10.5pt, weight: 700)
#show heading.where(level: 3): set text(size: 10.5pt, weight: 600, style: "italic")
#show link: underline
#show figure: set block(above: 1.2em, below: 1.2em)
#show figure.caption: set text(size: 9.5pt)
#set figure(numbering: none, supplement: none)
#let soft(body) = text(size: 9.5pt, weight: 400, fill: luma(85), body)
"""


def to_print(sheet: Sheet) -> Printed:
    """The lesson as a tagged PDF (PDF/UA-1). Takes about half a second in another process. Raises NotPrinted."""
    shots: dict[str, Shot] = {}
    source = source_of(sheet, shots)
    return typeset(source, shots, note=note(sheet.lacking))


def note(sentence: str) -> str:
    """What stands where a letter had no face."""
    return f"#block(inset: 8pt, stroke: 0.5pt)[#{quoted(sentence)};]" if sentence else ""


def head(title: str, language: Language) -> str:
    """How a document begins: its title and language, and how it looks."""
    return (
        f"#set document(title: {quoted(title or '…')})\n"
        f"#set text(font: {families(language.code)}, size: 10.5pt, lang: {quoted(language.code)}, "
        f"dir: {language.direction})\n{STYLE}"
    )


def source_of(sheet: Sheet, shots: dict[str, Shot]) -> str:
    """The Typst source; pictures are put into `shots` by the names that it uses."""
    return "\n\n".join([head(sheet.title, sheet.language), "#title()", NOTE_HERE, *_blocks(sheet, shots)])


def _blocks(sheet: Sheet, shots: dict[str, Shot]) -> Iterator[str]:
    if sheet.about:
        yield f"#{quoted(sheet.about)};"
    if sheet.minutes:
        yield f"#soft({quoted(sheet.minutes)});"
    if sheet.standards:
        yield f"#heading(level: 1, {quoted(sheet.standards_title)});"
        yield _list(sheet.standards)
    for section in sheet.sections:
        yield _heading(section)
        yield rich(section.nodes, sheet.language)
        yield from (_figure(drawing, shots) for drawing in section.drawings)
    yield from (_figure(drawing, shots) for drawing in sheet.drawings)
    if sheet.others:
        yield f"#heading(level: 1, {quoted(sheet.others_title)});"
        yield _list(sheet.others)
    if sheet.source:
        yield f"#soft({quoted(sheet.source)});"


def rich(nodes: Nodes, language: Language) -> str:
    """What a part says; what runs the other way than the rest does so here too."""
    runs = groupby(stepped(nodes), key=lambda node: direction_of(plain([node])) or language.direction)
    return "\n\n".join(_run(list(run), direction, language) for direction, run in runs)


def _run(nodes: Nodes, direction: str, language: Language) -> str:
    said = to_typst(nodes, top=2)
    return said if direction == language.direction else f"#[#set text(dir: {direction})\n\n{said}\n]"


def stepped(nodes: Nodes) -> Nodes:
    """The same blocks without a level of headings left out: a reader of tags takes one step at a time."""
    before = 2

    def lowered(node: dict[str, Any]) -> dict[str, Any]:
        nonlocal before
        if node["type"] == "heading":
            before = min(node["attrs"]["level"], before + 1)
            return {**node, "attrs": {**node["attrs"], "level": before}}
        if "content" in node and node["type"] != "paragraph":
            return {**node, "content": [lowered(each) for each in node["content"]]}
        return node

    return [lowered(node) for node in nodes]


def _heading(section: Section) -> str:
    behind = f" #h(0.6em) #soft({quoted(section.minutes)});" if section.minutes else ""
    return f"#heading(level: 1)[#{quoted(section.title)};{behind}]"


def _list(lines: tuple[tuple[str, str], ...]) -> str:
    items = []
    for name, text in lines:
        words = [f"#strong({quoted(isolated(name))});"] if name else []
        items.append("[" + " ".join([*words, *([f"#{quoted(text)};"] if text else [])]) + "], ")
    return f"#list({''.join(items)})"


def isolated(name: str) -> str:
    """A name or a code that runs its own way among words that run another: "7.RP" is not to become "RP.7"."""
    return f"\u2068{name}\u2069"


def _figure(drawing: Drawing, shots: dict[str, Shot]) -> str:
    name = f"picture-{len(shots) + 1}"
    shots[name] = Shot(drawing.media, drawing.width, drawing.height, drawing.content)
    # No larger than at 110 dots an inch, and never higher than half a page.
    wide = f"{min(16.6, drawing.width / 110 * 2.54):.1f}cm"
    image = f'image("{name}.svg", alt: {quoted(drawing.alt)}, width: {wide}, height: 12cm, fit: "contain")'
    if drawing.height / drawing.width * min(16.6, drawing.width / 110 * 2.54) <= 12:
        image = f'image("{name}.svg", alt: {quoted(drawing.alt)}, width: {wide})'
    caption = f", caption: {quoted(drawing.caption)}" if drawing.caption else ""
    return f"#figure({image}{caption})"
