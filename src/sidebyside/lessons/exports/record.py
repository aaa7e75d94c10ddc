"""The record of an improvement in print, as Typst: what came and what went, on one page. Pure: no Django.

An ordinary one stands there word by word. Of a larger one long passages stand with their beginning and end, of a very
large one how much changed in each part; and the page says so, and where all of it is.

Words that came are underlined behind a small plus, words that went struck through behind a small minus: that holds on
any printer, and is read out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sidebyside.base.rich_text.directions import direction_of
from sidebyside.base.rich_text.typst import quoted
from sidebyside.base.typesetting import NOTE_HERE, Printed, typeset
from sidebyside.lessons.comparison import Block, Run
from sidebyside.lessons.exports.languages import Language, language_of
from sidebyside.lessons.exports.print import head, note
from sidebyside.lessons.shortening import without_middle


@dataclass(frozen=True, slots=True)
class Told:
    """A block as it changed, and in words how ("New:", empty where its marks say it), or a sentence alone (no runs)."""

    how: str
    runs: tuple[Run, ...] = ()
    kind: str = "paragraph"
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one part: its title, in words how, who asked what led to it, and block by block."""

    title: str
    how: str
    causes: tuple[tuple[str, str], ...] = ()
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """How a lesson was seen, by area: a title, the names of the columns, rows of as many cells, and below them whose
    levels these are."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    credit: str = ""


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """All that the record of an improvement shows, with every word of our own in the reader's language."""

    kind: str
    title: str
    about: str
    reader: str
    states: tuple[tuple[str, str, str], ...] = ()
    sum: str = ""
    # What the two marks mean.
    came: str = ""
    went: str = ""
    changes: tuple[Change, ...] = ()
    quiet: str = ""
    tables: tuple[Table, ...] = ()
    lacking: str = ""
    # What is said where it was made shorter, and whether it was.
    shorter: str = ""
    is_shorter: bool = False

    @property
    def language(self) -> Language:
        """The language that most of it is written in."""
        runs = (run.text for change in self.changes for told in change.told for run in told.runs)
        return language_of(" ".join([self.title, self.about, *runs]), self.reader)


# How short a record is made, step by step, until it stands on one page: words of a passage; None, all of them.
STEPS = (None, 24, 6, 0)
ON_A_PAGE = 9_000  # characters: more never fit
LINES_FROM = 8  # with fewer words than this the changes of a part stand on the same lines
BETWEEN = Run("same", " · ")
FEWEST = 4  # words of a question that led to it, at either end

_DENSE = """
#set page(margin: (x: 2cm, top: 1.6cm, bottom: 1.7cm))
#set text(size: 9pt)
#set par(leading: 0.58em, spacing: 0.7em)
#show title: set text(size: 15pt)
#show heading.where(level: 1): set text(size: 10pt)
#show heading.where(level: 1): set block(above: 1.3em, below: 0.55em, sticky: true)
#set table(stroke: none, inset: (x: 4pt, y: 2.5pt))
#let came(body) = [#text(weight: 700)[+]#underline(offset: 1.5pt, body)]
#let went(body) = text(fill: luma(95))[#text(weight: 700)[−]#strike(body)]
#let soft(body) = text(size: 8pt, weight: 400, fill: luma(85), body)
"""


def to_record(sheet: RecordSheet, *, whole: bool = False) -> Printed:
    """The record as a tagged PDF (PDF/UA-1), made as much shorter as one page asks for; `whole`: every word, on as many
    pages as that takes. Raises NotPrinted."""
    said = sum(len(run.text) for change in sheet.changes for told in change.told for run in told.runs)
    # (what is known to be too long is not tried; what would fill many pages has more than long passages)
    begin = 0 if whole or said <= ON_A_PAGE else 1 if said <= 3 * ON_A_PAGE else 2
    for words in STEPS[begin:]:
        printed = _printed(sheet if words is None else shorter(sheet, words))
        if whole or printed.pages == 1:
            break
    return printed


def _printed(sheet: RecordSheet) -> Printed:
    return typeset(source_of(sheet), note=note(sheet.lacking))


def shorter(sheet: RecordSheet, words: int) -> RecordSheet:
    """A record in which nothing that stayed, came or went is longer than about `words` words, and with few the changes
    of a part stand behind one another; with 0 it says of each part only how much changed."""
    half = max(words // 2, FEWEST)
    changes = (
        replace(
            change,
            causes=tuple((who, without_middle(what, half, half)) for who, what in change.causes),
            told=tuple(_shorter(change.told, words)) if words else (),
        )
        for change in sheet.changes
    )
    return replace(sheet, changes=tuple(changes), is_shorter=True)


def _shorter(told: tuple[Told, ...], words: int) -> Iterator[Told]:
    short = [
        replace(one, runs=tuple(Run(run.what, without_middle(run.text, words // 2, words // 2)) for run in one.runs))
        for one in told
    ]
    if words >= LINES_FROM:
        yield from short
    elif runs := [run for one in short if one.runs for run in (BETWEEN, *one.runs)]:
        yield Told("", tuple(runs[1:]))


def source_of(sheet: RecordSheet) -> str:
    """The Typst source."""
    return "\n\n".join([head(sheet.title or sheet.kind, sheet.language), _DENSE, *_blocks(sheet)])


def _blocks(sheet: RecordSheet) -> Iterator[str]:
    yield f"#soft({quoted(sheet.kind)});"
    yield "#title()"
    yield NOTE_HERE
    if sheet.about:
        yield f"#{quoted(sheet.about)};"
    for state in sheet.states:
        label, name, behind = (quoted(each) for each in state)
        yield f"#soft({label}); #strong({name}); #soft({behind});"
    yield f"#{quoted(sheet.sum)};" if sheet.sum else ""
    if sheet.is_shorter:
        yield f"#soft({quoted(sheet.shorter)});"
    if sheet.came:
        yield f"#soft[#came({quoted(sheet.came)}); #h(1em) #went({quoted(sheet.went)});]"
    for change in sheet.changes:
        yield from _change(change, sheet.language)
    if sheet.quiet:
        yield f"#soft({quoted(sheet.quiet)});"
    for table in sheet.tables:
        yield f"#heading(level: 1, {quoted(table.title)});"
        yield _table(table)
        yield f"#soft({quoted(table.credit)});" if table.credit else ""


def _change(change: Change, language: Language) -> Iterator[str]:
    behind = f" #h(0.5em) #soft({quoted(change.how)});" if change.how else ""
    yield f"#heading(level: 1)[#{quoted(change.title)};{behind}]"
    for who, what in change.causes:
        frame = f"inset: ({_begin(language)}: 8pt), stroke: ({_begin(language)}: 1.5pt + luma(160))"
        yield f"#block({frame})[#soft({quoted(who)}); #emph({quoted(what)});]"
    for told in change.told:
        yield _told(told, language)


def _told(told: Told, language: Language) -> str:
    how = f"#soft({quoted(told.how)}); " if told.how else ""
    said = "".join(_run(run) for run in told.runs)
    sign = "• " if told.kind == "item" and told.runs else ""
    line = f"{how}#{quoted(sign)};{said}" if sign else f"{how}{said}"
    if told.kind == "heading":
        line = f"{how}#strong[{said}]"
    way = direction_of("".join(run.text for run in told.runs))
    if way and way != language.direction:
        line = f"#set text(dir: {way})\n{line}"
    return f"#pad({_begin(language)}: {min(told.depth, 6) * 10}pt)[{line}]" if told.depth else f"#[{line}]"


def _begin(language: Language) -> str:
    """The side where lines begin."""
    return "right" if language.direction == "rtl" else "left"


def _run(run: Run) -> str:
    if run.what == "same":
        return f"#{quoted(run.text)};"
    words = run.text.strip()
    if not words:
        return f"#{quoted(run.text)};"
    before, after = (" " if run.text[:1].isspace() else ""), (" " if run.text[-1:].isspace() else "")
    return f"#{quoted(before)};#{'came' if run.what == 'in' else 'went'}({quoted(words)});#{quoted(after)};"


def _table(table: Table) -> str:
    columns = ", ".join(["auto", *["1fr"] * (len(table.columns) - 1)])
    heads = ", ".join(f"strong({quoted(each)})" for each in table.columns)
    cells = ", ".join(quoted(each) for row in table.rows for each in row)
    return f"#table(columns: ({columns}), table.header({heads}), table.hline(stroke: 0.4pt), {cells})"


def told_of(block: Block, how: str) -> Told:
    """A block of a comparison with the words for how it changed."""
    return Told(how, block.runs, block.kind, block.depth)
