"""Bringing together what two people made of one text, and putting other words in the place of some."""

import re
from dataclasses import dataclass, field

from sidebyside.base.rich_text.aligning import aligned
from sidebyside.base.rich_text.lines import Line, Nodes, nested
from sidebyside.base.rich_text.nodes import clean_words, line_of, lines_of

# Lines that share less than this are not one line that was changed.
_LEAST_IN_COMMON = 0.3


@dataclass
class _Side:
    """What somebody made of each line of the text before, and what she put before each of them."""

    lines: list[Line | None]
    added: list[list[Line]] = field(default_factory=list)


def merge(base: Nodes, mine: Nodes, theirs: Nodes) -> Nodes:
    """Return a text with what both changed in `base`. Where both changed the words of a line both are kept, theirs
    first; where one removed what the other changed, the change stays. A line becomes what either made of it, and where
    both made something else of it, what I did. No word that either wrote is lost."""
    before = lines_of(base)
    one, other = _side(before, lines_of(mine)), _side(before, lines_of(theirs))
    merged: list[Line] = []
    for place, line in enumerate([*before, None]):
        merged += other.added[place]
        merged += [] if one.added[place] == other.added[place] else one.added[place]
        if line is not None:
            merged += _of_both(line, one.lines[place], other.lines[place])
    return nested(merged)


def replace_words(nodes: Nodes, quote: str, replacement: str) -> Nodes | None:
    """Return clean blocks with other words in the first place where the quoted ones stand inside one block, or None
    where they stand nowhere. The words around keep their marks; the new ones take those of the first they replace.
    Any white space in the quote stands for any."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    lines = lines_of(nodes) if pattern else []
    for place, (content, kind) in enumerate(lines):
        if found := re.search(pattern, line_of({"content": content})):
            lines[place] = Line(clean_words(_with_words(content, *found.span(), replacement)), kind)
            return nested(lines)
    return None


def _side(base: list[Line], changed: list[Line]) -> _Side:
    side = _Side([None] * len(base), [[] for _ in range(len(base) + 1)])
    place = 0
    for here, there in aligned(_as_paragraphs(base), _as_paragraphs(changed), least=_LEAST_IN_COMMON):
        if here is None and there is not None:
            side.added[place].append(changed[there])
        elif here is not None:
            side.lines[here] = None if there is None else changed[there]
            place = here + 1
    return side


def _as_paragraphs(lines: list[Line]) -> Nodes:
    """Lines to compare: one that became an item of a list is still the same."""
    return [{"type": "paragraph", "content": line.content} for line in lines]


def _of_both(before: Line, mine: Line | None, theirs: Line | None) -> list[Line]:
    if mine is None or theirs is None:
        kept = mine or theirs
        return [kept] if kept and kept != before else []
    kind = theirs.kind if mine.kind == before.kind else mine.kind
    if mine.content in (theirs.content, before.content):
        return [Line(theirs.content, kind)]
    if theirs.content == before.content:
        return [Line(mine.content, kind)]
    # (a second item does not begin a list of its own)
    return [Line(theirs.content, kind), Line(mine.content, kind._replace(start=None))]


def _with_words(content: Nodes, begin: int, end: int, replacement: str) -> Nodes:
    made: Nodes = []
    at = 0
    placed = False
    for node in content:
        text = node.get("text", "\n")
        before, after = text[: max(begin - at, 0)], text[max(end - at, 0) :]
        if before == text or after == text:
            made.append(node)
        else:
            made.append({**node, "type": "text", "text": before})
            if not placed:
                made.append({**node, "type": "text", "text": replacement})
                placed = True
            made.append({**node, "type": "text", "text": after})
        at += len(text)
    return made
