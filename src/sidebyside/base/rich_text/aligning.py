"""Which blocks of one text answer to which of another."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby

from rapidfuzz.distance import LCSseq

from sidebyside.base.rich_text.nodes import Node, Nodes, line_of, text_blocks

Pair = tuple[int | None, int | None]
Gap = tuple[range, range]

# The table of common sequences takes a bit for each pair.
_LARGEST_TABLE = 400_000_000
# With fewer pairs than this each is looked at; with more, those that share a word that is not everywhere.
_FEW_PAIRS = 64
_EVERYWHERE = 24
# Of those, the blocks that share the most such words.
_NEAREST = 16


def _marks() -> str:
    """All signs that stand on, under or around a letter, and the two that say how letters join: a class for `re`."""
    planes = (*range(0x300, 0x1F000), *range(0xE0100, 0xE01F0))  # (where they lie)
    marks = [place for place in planes if unicodedata.category(chr(place))[0] == "M"]
    rows = groupby(enumerate([*marks, 0x200C, 0x200D]), key=lambda pair: pair[1] - pair[0])
    ends = [[place for _, place in row] for _, row in rows]
    return "".join(f"{chr(row[0])}-{chr(row[-1])}" for row in ends)


# Scripts written without spaces: each character with its marks counts as a word (in two of them a sign binds the next).
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_MARKS = _marks()
_CHARACTER = rf"[{_SPACELESS}][{_MARKS}]*"
_LETTER = rf"[^\W{_SPACELESS}]"
WORD = re.compile(
    rf"{_CHARACTER}(?:(?<=[\u1039\u17d2]){_CHARACTER})*|{_LETTER}+(?:[{_MARKS}]{_LETTER}*|['\u2019\u02bc]{_LETTER}+)*"
)
# A sign besides words, whole: a flag, a picture with its colour of skin, several that are joined into one.
SIGN = re.compile(
    rf"(?:[\U0001f1e6-\U0001f1ff]{{2}}|\S)(?:\u200d\S|[{_MARKS}\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f])*"
)


def words_of(node: Node) -> list[str]:
    """The words of a clean node in reading order, in small letters."""
    blocks = [node] if node["type"] in ("paragraph", "heading") else text_blocks(node.get("content", []))
    return [word for block in blocks for word in WORD.findall(normal(line_of(block)).casefold())]


def normal(text: str) -> str:
    """A text as it is compared: letters and their marks are the same in one sign and in several (NFC)."""
    return unicodedata.normalize("NFC", text)


def aligned(have: Nodes, wanted: Nodes, *, least: float = 0.0) -> list[Pair]:
    """Pair the blocks of two clean texts, without crossing: (place here, place there), None where there is no partner.

    Equal blocks first, as many as stand in the same order; between them blocks of one type whose words have the most
    in common, at least the share `least` (0 to 1). With 0 blocks of one type are paired that have nothing in common.
    """
    pairs: list[Pair] = []
    for equal, (here, there) in steps([repr(node) for node in have], [repr(node) for node in wanted]):
        if equal:
            pairs += zip(here, there, strict=True)
        else:
            pairs += _paired((here, there), have, wanted, least)
    return pairs


def similar(have: Nodes, wanted: Nodes, *, least: float) -> list[tuple[int, int, float]]:
    """Blocks of one type that share words, wherever they stand: (place here, place there, share in common), of those
    that share at least `least`."""
    return _candidates((range(len(have)), range(len(wanted))), have, wanted, least)


def steps(have: Sequence[Hashable], wanted: Sequence[Hashable]) -> Iterator[tuple[bool, Gap]]:
    """What two sequences have in common in order, and what stands between: (is it equal, places here and there)."""
    numbers: dict[Hashable, int] = {}
    left = [numbers.setdefault(key, len(numbers)) for key in have]
    right = [numbers.setdefault(key, len(numbers)) for key in wanted]
    first = _same(left, right)
    last = _same(left[first:][::-1], right[first:][::-1])
    if first:
        yield True, (range(first), range(first))
    ends = len(left) - last, len(right) - last
    yield from _middle(left, right, first, ends)
    if last:
        yield True, (range(ends[0], len(left)), range(ends[1], len(right)))


def _middle(left: list[int], right: list[int], first: int, ends: tuple[int, int]) -> Iterator[tuple[bool, Gap]]:
    here, there = left[first : ends[0]], right[first : ends[1]]
    gap = first, first
    if len(here) * len(there) <= _LARGEST_TABLE:
        for block in LCSseq.editops(here, there).as_matching_blocks():
            at = block.a + first, block.b + first
            if block.size:
                if at != gap:
                    yield False, (range(gap[0], at[0]), range(gap[1], at[1]))
                gap = at[0] + block.size, at[1] + block.size
                yield True, (range(at[0], gap[0]), range(at[1], gap[1]))
    if gap != ends:
        yield False, (range(gap[0], ends[0]), range(gap[1], ends[1]))


def _same(left: list[int], right: list[int]) -> int:
    for count, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return count
    return min(len(left), len(right))


def _paired(gap: Gap, have: Nodes, wanted: Nodes, least: float) -> Iterator[Pair]:
    """The pairs of a gap, and what has no partner: first what goes out, then what comes in."""
    at = gap[0].start, gap[1].start
    for here, there in [*_chain(_candidates(gap, have, wanted, least)), (gap[0].stop, gap[1].stop)]:
        between = range(at[0], here), range(at[1], there)
        yield from _by_type(between, have, wanted) if least == 0 else _apart(between)
        if here < gap[0].stop:
            yield here, there
        at = here + 1, there + 1


def _apart(gap: Gap) -> Iterator[Pair]:
    yield from ((here, None) for here in gap[0])
    yield from ((None, there) for there in gap[1])


def _by_type(gap: Gap, have: Nodes, wanted: Nodes) -> Iterator[Pair]:
    """Blocks with nothing in common are paired with the next of their type."""
    first, last = gap[1].start, gap[1].stop
    for here in gap[0]:
        there = next((place for place in range(first, last) if wanted[place]["type"] == have[here]["type"]), None)
        if there is not None:
            yield from ((None, place) for place in range(first, there))
            first = there + 1
        yield here, there
    yield from ((None, place) for place in range(first, last))


def _candidates(gap: Gap, have: Nodes, wanted: Nodes, least: float) -> list[tuple[int, int, float]]:
    """Pairs of one type that share words, with the share they have in common."""
    left = {place: _bag(have[place]) for place in gap[0]}
    right = {place: _bag(wanted[place]) for place in gap[1]}
    found = []
    for here, there in _worth_a_look(left, right):
        if have[here]["type"] != wanted[there]["type"]:
            continue
        share = 2 * len(left[here] & right[there]) / max(len(left[here]) + len(right[there]), 1)
        if share > 0 and share >= least:
            found.append((here, there, share))
    return found


def _bag(node: Node) -> set[str]:
    """The words of a block; one that comes again is another one each time."""
    seen: Counter[str] = Counter()
    bag = set()
    for word in words_of(node):
        times = seen[word]
        bag.add(f"{word} {times}" if times else word)
        seen[word] = times + 1
    return bag


def _worth_a_look(left: dict[int, set[str]], right: dict[int, set[str]]) -> Iterator[tuple[int, int]]:
    if len(left) * len(right) <= _FEW_PAIRS:
        yield from ((here, there) for here in left for there in right)
        return
    places = defaultdict(list)
    for there, words in right.items():
        for word in words:
            places[word].append(there)
    for here, words in left.items():
        found = (places.get(word, ()) for word in words)
        near = Counter(there for among in found if len(among) <= _EVERYWHERE for there in among)
        nearest = sorted(near, key=lambda there: (-near[there], there))[:_NEAREST]
        yield from ((here, there) for there in sorted(nearest))


def _chain(candidates: list[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Of candidate pairs those that do not cross and together have the most in common.

    The heaviest increasing subsequence, with a Fenwick tree over the places there: O(n log n).
    """
    size = max((there for _, there, _ in candidates), default=-1) + 2
    tree: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)
    before: list[int] = []
    for number, (_, there, share) in enumerate(order := sorted(candidates, key=lambda c: (c[0], -c[1]))):
        best = (0.0, -1)
        place = there
        while place > 0:
            best = max(best, tree[place])
            place -= place & -place
        before.append(best[1])
        place = there + 1
        while place <= size:
            tree[place] = max(tree[place], (best[0] + share, number))
            place += place & -place
    chain = []
    number = max(tree, default=(0.0, -1))[1]
    while number >= 0:
        chain.append(order[number][:2])
        number = before[number]
    return chain[::-1]
