"""What changed from one state of a lesson to another: its parts, its words, its standards. Pure: no Django.

Words are compared within blocks that answer to each other. A block with little in common goes out and another comes in;
one that stands elsewhere now was moved.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sidebyside.base.rich_text.aligning import SIGN, WORD, aligned, normal, similar, steps
from sidebyside.base.rich_text.nodes import Node, Nodes, line_of
from sidebyside.lessons.text import ChosenStandard, LessonPart, LessonText

# Blocks with less in common than this are not one block that was changed; nor is one that stands elsewhere.
LEAST_IN_COMMON = 0.4
LEAST_IN_COMMON_ELSEWHERE = 0.6
# A block of fewer words that stands elsewhere is a coincidence.
FEWEST_MOVED = 4
_TOKEN = re.compile(rf"\s*(?:{WORD.pattern}|{SIGN.pattern})|\s+")


@dataclass(frozen=True)
class Run:
    """Words in a row that stayed ("same"), came ("in") or went ("out")."""

    what: str
    text: str

    @cached_property
    def words(self) -> int:
        return len(WORD.findall(self.text))

    @property
    def space(self) -> str:
        """The white space that it begins with: that is not marked."""
        return self.text[: len(self.text) - len(self.said)]

    @property
    def said(self) -> str:
        """What it says, without that."""
        return self.text.lstrip()


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, item or quotation as it changed: "same", "changed", "in", "out"; "moved" where it stands
    now with what changed in it, "gone" where it stood before that."""

    what: str
    runs: tuple[Run, ...]
    # "paragraph", "heading", "item" or "quote"; `depth` says how many lists and quotations are around it.
    kind: str = "paragraph"
    depth: int = 0
    # Of a moved or gone block: the id of the part where it stood, or stands now.
    other_part: str = ""

    @property
    def words_in(self) -> int:
        return sum(run.words for run in self.runs if run.what == "in")

    @property
    def words_out(self) -> int:
        return sum(run.words for run in self.runs if run.what == "out")


@dataclass(frozen=True)
class PartChange:
    """A part as it changed: "same", "changed", "added" or "removed", and whether its place among the others did."""

    what: str
    before: LessonPart | None
    after: LessonPart | None
    moved: bool
    blocks: tuple[Block, ...]

    @property
    def part(self) -> LessonPart:
        """The part as it is now, or as it was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def words_in(self) -> int:
        return sum(block.words_in for block in self.blocks)

    @property
    def words_out(self) -> int:
        return sum(block.words_out for block in self.blocks)

    @property
    def renamed(self) -> bool:
        return self.before is not None and self.after is not None and self.before.title != self.after.title

    @property
    def minutes_changed(self) -> bool:
        return self.before is not None and self.after is not None and self.before.minutes != self.after.minutes

    @property
    def only_looks(self) -> bool:
        """Whether all that changed is how words are set: bold, a list, a heading."""
        words = any(block.what != "same" for block in self.blocks)
        return self.what == "changed" and not (words or self.renamed or self.minutes_changed)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell about it."""
        return self.what == "same" and not self.moved


@dataclass(frozen=True)
class Comparison:
    """What changed from one state of a lesson to another. Parts stand as they do now, removed ones where they stood."""

    before: LessonText
    after: LessonText
    title: tuple[Run, ...]
    about: tuple[Run, ...]
    parts: tuple[PartChange, ...]
    standards_in: tuple[ChosenStandard, ...]
    standards_out: tuple[ChosenStandard, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing changed at all."""
        return self.before == self.after

    @property
    def title_changed(self) -> bool:
        return self.before.title != self.after.title

    @property
    def about_changed(self) -> bool:
        return self.before.about != self.after.about

    @property
    def words_in(self) -> int:
        """How many words came, in title, description and parts."""
        return sum(part.words_in for part in self.parts) + _count(self.title + self.about, "in")

    @property
    def words_out(self) -> int:
        """How many words went."""
        return sum(part.words_out for part in self.parts) + _count(self.title + self.about, "out")

    def parts_that(self, what: str) -> list[PartChange]:
        """The parts that are "same", "changed", "added", "removed", or (of any of these) "moved"."""
        return [part for part in self.parts if (part.moved if what == "moved" else part.what == what)]


def compare(before: LessonText, after: LessonText) -> Comparison:
    """Compare two states of a lesson."""
    known = {standard.identifier for standard in before.standards}
    chosen = {standard.identifier for standard in after.standards}
    return Comparison(
        before=before,
        after=after,
        title=_words(before.title, after.title),
        about=_words(before.about, after.about),
        parts=tuple(_parts(before, after)),
        standards_in=tuple(standard for standard in after.standards if standard.identifier not in known),
        standards_out=tuple(standard for standard in before.standards if standard.identifier not in chosen),
    )


# -- Parts --


def _parts(before: LessonText, after: LessonText) -> list[PartChange]:
    pairs = _pairs(before.parts, after.parts)
    stayed = _in_order([here for here, there in pairs if here is not None and there is not None])
    lines = [(_lines(before.parts, here), _lines(after.parts, there)) for here, there in pairs]
    blocks = _moved([_blocks(*both) for both in lines], [_id(before.parts, after.parts, pair) for pair in pairs])
    changes = []
    for (here, there), found in zip(pairs, blocks, strict=True):
        one = None if here is None else before.parts[here]
        other = None if there is None else after.parts[there]
        moved = here is not None and there is not None and here not in stayed
        changes.append(PartChange(_what(one, other), one, other, moved, tuple(found)))
    return changes


def _what(one: LessonPart | None, other: LessonPart | None) -> str:
    if one is None:
        return "added"
    if other is None:
        return "removed"
    return "same" if replace(one, id="") == replace(other, id="") else "changed"


def _pairs(before: Sequence[LessonPart], after: Sequence[LessonPart]) -> list[tuple[int | None, int | None]]:
    """Which part was which, in the order of now; removed ones behind the part they followed. By id, else by kind and
    title: a part that was removed and begun anew."""
    ids = {part.id: place for place, part in enumerate(before)}
    partner = {there: ids.pop(part.id) for there, part in enumerate(after) if part.id in ids}
    names = {(before[here].kind, before[here].title): here for here in reversed(ids.values())}
    for there, part in enumerate(after):
        if there not in partner and (part.kind, part.title) in names:
            partner[there] = names.pop((part.kind, part.title))
    pairs: list[tuple[int | None, int | None]] = [(partner.get(there), there) for there in range(len(after))]
    for here in range(len(before)):
        if here not in partner.values():
            at = next((place for place, pair in enumerate(pairs) if pair[0] == here - 1), -1) if here else -1
            pairs.insert(at + 1, (here, None))
    return pairs


def _in_order(places: list[int]) -> set[int]:
    """Those that kept their order: a longest increasing subsequence (patience sorting)."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(ends, place)
        before[place] = ends[at - 1] if at else None
        ends[at : at + 1] = [place]
    kept = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept


def _id(before: Sequence[LessonPart], after: Sequence[LessonPart], pair: tuple[int | None, int | None]) -> str:
    here, there = pair
    return after[there].id if there is not None else before[here].id if here is not None else ""


# -- Blocks --


@dataclass(frozen=True)
class _Line:
    """A paragraph or heading with what is around it."""

    text: str
    kind: str
    depth: int

    def block(self, what: str, runs: tuple[Run, ...]) -> Block:
        return Block(what, runs, self.kind, self.depth)


def _lines(parts: Sequence[LessonPart], place: int | None) -> list[_Line]:
    return [] if place is None else list(_flat(parts[place].nodes))


def _flat(nodes: Nodes, kind: str = "", depth: int = 0) -> Iterator[_Line]:
    for node in nodes:
        if node["type"] in ("paragraph", "heading"):
            text = line_of(node)
            if text.strip():
                yield _Line(text, kind or node["type"], depth)
            # What follows in an item is no item of its own.
            kind = "paragraph" if kind == "item" else kind
        elif node["type"] == "listItem":
            yield from _flat(node.get("content", []), "item", depth)
        else:
            yield from _flat(node.get("content", []), "quote" if node["type"] == "blockquote" else "", depth + 1)


def _node(line: _Line) -> Node:
    return {"type": "paragraph", "content": [{"type": "text", "text": line.text}]}


def _blocks(before: list[_Line], after: list[_Line]) -> list[Block]:
    blocks = []
    have, wanted = [_node(line) for line in before], [_node(line) for line in after]
    for here, there in aligned(have, wanted, least=LEAST_IN_COMMON):
        if here is None or there is None:
            blocks += [_whole(before[here], "out")] if here is not None else []
            blocks += [_whole(after[there], "in")] if there is not None else []
        elif before[here].text == after[there].text:
            blocks.append(_whole(after[there], "same"))
        else:
            runs = _words(before[here].text, after[there].text)
            blocks.append(after[there].block("changed" if any(run.what != "same" for run in runs) else "same", runs))
    return blocks


def _whole(line: _Line, what: str) -> Block:
    return line.block(what, (Run(what, line.text),))


def _moved(parts: list[list[Block]], ids: list[str]) -> list[list[Block]]:
    """The blocks of all parts; those that went in one place and came in another are moved."""
    went = [(part, place) for part, blocks in enumerate(parts) for place in _places(blocks, "out")]
    came = [(part, place) for part, blocks in enumerate(parts) for place in _places(blocks, "in")]
    have, wanted = ([_said(parts[part][place]) for part, place in places] for places in (went, came))
    found = sorted(similar(have, wanted, least=LEAST_IN_COMMON_ELSEWHERE), key=lambda pair: -pair[2])
    used: set[tuple[str, int]] = set()
    for here, there, _share in found:
        if ("out", here) in used or ("in", there) in used:
            continue
        used |= {("out", here), ("in", there)}
        (old_part, old), (new_part, new) = went[here], came[there]
        gone, block = parts[old_part][old], parts[new_part][new]
        runs = _words(gone.runs[0].text, block.runs[0].text)
        parts[new_part][new] = replace(block, what="moved", runs=runs, other_part=ids[old_part])
        parts[old_part][old] = replace(gone, what="gone", runs=(), other_part=ids[new_part])
    return parts


def _places(blocks: list[Block], what: str) -> list[int]:
    return [place for place, block in enumerate(blocks) if block.what == what and block.runs[0].words >= FEWEST_MOVED]


def _said(block: Block) -> Node:
    return {"type": "paragraph", "content": [{"type": "text", "text": block.runs[0].text}]}


# -- Words --


def _words(before: str, after: str) -> tuple[Run, ...]:
    """The words of one block as runs. White space does not count; where little is common, all goes and all comes."""
    if before == after:
        return (Run("same", after),) if after else ()
    left, right = _TOKEN.findall(before), _TOKEN.findall(after)
    runs: list[tuple[str, str]] = []
    for equal, (here, there) in steps(
        [normal(word.strip()) for word in left], [normal(word.strip()) for word in right]
    ):
        if equal:
            runs.append(("same", "".join(right[place] for place in there)))
        else:
            runs += [("out", "".join(left[place] for place in here)), ("in", "".join(right[place] for place in there))]
    joined = _joined(_without_crumbs([Run(what, text) for what, text in runs if text]))
    same = _count(joined, "same") * 2
    if any(run.what != "same" for run in joined) and same < 0.3 * (same + _count(joined, "in") + _count(joined, "out")):
        joined = (Run("out", before), Run("in", after))
    return tuple(run for run in joined if run.text)


def _without_crumbs(runs: list[Run]) -> list[Run]:
    """Runs in which the few words that stayed by chance between many that changed went and came with them."""
    groups = _grouped(runs)
    kept: list[Run] = []
    for place, run in enumerate(groups):
        if isinstance(run, Run):
            around = [group for group in groups[max(place - 1, 0) : place + 2] if isinstance(group, tuple)]
            changed = [max(group[0].words, group[1].words) for group in around]
            if len(around) == 2 and (not run.words or (run.words <= 2 and run.words < min(changed))):
                kept += [Run("out", run.text), Run("in", run.text)]
            else:
                kept.append(run)
        else:
            kept += run
    return kept


def _grouped(runs: list[Run]) -> list[Run | tuple[Run, Run]]:
    """Runs that stayed, and between them (what went, what came)."""
    groups: list[Run | tuple[Run, Run]] = []
    for run in runs:
        if run.what == "same":
            groups.append(run)
        elif groups and isinstance(groups[-1], tuple) and run.what == "in":
            groups[-1] = groups[-1][0], run
        else:
            groups.append((run, Run("in", "")) if run.what == "out" else (Run("out", ""), run))
    return groups


def _joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Neighbours as one; between two that stayed first all that went, then all that came."""
    joined: list[Run] = []
    went = came = ""
    for run in [*runs, Run("same", "")]:
        if run.what == "out":
            went += run.text
        elif run.what == "in":
            came += run.text
        else:
            joined += [Run(what, text) for what, text in (("out", went), ("in", came)) if text]
            went = came = ""
            if joined and joined[-1].what == "same" and run.text:
                joined[-1] = Run("same", joined[-1].text + run.text)
            elif run.text:
                joined.append(run)
    return tuple(joined)


def _count(runs: Sequence[Run], what: str) -> int:
    return sum(run.words for run in runs if run.what == what)
