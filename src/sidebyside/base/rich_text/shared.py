"""Rich text in a shared document: one text of lines.

A line ends with "\\n", whose attributes say what kind of line it is (lines.py); the last one may lack it. Words have
the attributes `bold`, `italic` (true) and `link` (an address); U+2028 is a break inside a line. So whatever is done to
a text, only characters go that somebody saw and removed: to make an item of a paragraph changes attributes, to join two
takes one line end away, and what others type at the same moment stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from pycrdt import Text

from sidebyside.base.rich_text.aligning import WORD, steps
from sidebyside.base.rich_text.lines import OF_LINES, OF_WORDS, Kind, Line, Nodes, kind_of, nested
from sidebyside.base.rich_text.nodes import clean_words, lines_of, safe_address

END, BREAK = "\n", "\u2028"
_TOKEN = re.compile(f"{WORD.pattern}|.", re.DOTALL)

Attributes = dict[str, Any]
Run = tuple[str, Attributes]
# From where to where in one text, and in the place of it from where to where in another, in characters.
Edit = tuple[int, int, int, int]
RUNS_AT_ONCE = 500
# The library walks from the beginning to each change. Where there are more, which nobody makes by hand, all between the
# first and the last is written anew: it is seconds then instead of minutes.
MOST_CHANGES = 1_000


def read(text: Text) -> Nodes:
    """Return what a text says, as clean blocks. What is no rich text in it is left out; never raises."""
    return nested(_lines(_runs(text)))


def write(text: Text, nodes: Nodes) -> None:
    """Make a text say this, in the caller's transaction.

    Only those characters are taken away that are not wanted, and only those put in that are missing; of what stays
    the attributes are put right. So what somebody else writes at the same moment survives.
    """
    wanted = lines_of(nodes)
    _remove_foreign(text)
    runs = _runs(text)
    if nested(_lines(runs)) == nested(wanted):
        return
    runs_wanted = [*_runs_of(wanted)]
    _make_words(text, _words(runs), runs_wanted)
    _make_attributes(text, _runs(text), runs_wanted)


def characters(text: Text) -> int:
    """How many characters stand in a text, with those that end its lines."""
    return len(str(text))


# -- Reading --


def _runs(text: Text) -> list[Run]:
    return [(said, attributes or {}) for said, attributes in text.diff() if isinstance(said, str)]


def _lines(runs: list[Run]) -> list[Line]:
    """The lines that runs of characters say."""
    lines: list[Line] = []
    words: Nodes = []
    for said, attributes in runs:
        kind = kind_of(attributes) if END in said else Kind()
        marks = _marks(attributes)
        for number, part in enumerate(said.replace("\r", "").split(END)):
            if number:
                lines.append(Line(clean_words(words), kind))
                words = []
            if part:
                words.append({"type": "text", "text": part, "marks": marks})
    return [*lines, Line(content)] if (content := clean_words(words)) else lines


def _marks(attributes: Mapping[str, Any]) -> Nodes:
    return [
        {"type": name, "attrs": {"href": value}} if name == "link" else {"type": name}
        for name, value in _of_words(attributes).items()
    ]


def _of_words(attributes: Mapping[str, Any]) -> Attributes:
    """Those attributes of words that mean something."""
    found: Attributes = {name: True for name in ("bold", "italic") if attributes.get(name) is True}
    href = safe_address(attributes.get("link"))
    return {**found, "link": href} if href else found


def _words(runs: list[Run]) -> str:
    return "".join(said for said, _ in runs)


# -- Writing --


def _remove_foreign(text: Text) -> None:
    """Take out what is no characters. What the library does not even name leaves nothing where it can be told."""
    found = [said for said, _ in text.diff()]
    ends = [*accumulate(len(said.encode()) if isinstance(said, str) else 1 for said in found)]
    if len(text) != (ends[-1] if ends else 0):
        _clear(text)
        return
    for said, end in reversed([*zip(found, ends, strict=True)]):
        if not isinstance(said, str):
            del text[end - 1 : end]


def _clear(text: Text) -> None:
    """Take out everything. The library panics where it cannot, and has done so as far as it can; its exception can
    only be told by its name, and is no Exception."""
    try:
        text.clear()
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":
            raise


def _runs_of(lines: list[Line]) -> Iterator[Run]:
    for content, kind in lines:
        for node in content:
            if node["type"] == "hardBreak":
                yield BREAK, {}
            else:
                marks = node.get("marks", [])
                yield node["text"], {mark["type"]: mark["attrs"]["href"] if "attrs" in mark else True for mark in marks}
        yield END, kind.attributes()


def _make_words(text: Text, have: str, wanted: list[Run]) -> None:
    edits = [*_edits(have, _words(wanted))]
    if len(edits) > MOST_CHANGES:
        edits = [(edits[0][0], edits[-1][1], edits[0][2], edits[-1][3])]
    places = _places(have, [place for edit in edits for place in edit[:2]])
    starts = [0, *accumulate(len(said) for said, _ in wanted)]
    # From the end, so that the places before stay what they are.
    for number, (_, _, first, last) in reversed([*enumerate(edits)]):
        begin, end = places[2 * number : 2 * number + 2]
        size = _insert(text, begin, _between(wanted, starts, first, last))
        if end > begin:
            del text[begin + size : end + size]


def _insert(text: Text, place: int, runs: list[Run]) -> int:
    """Put runs in. Returns how long they are for the library. It walks from the beginning to each place: so many are
    put in piece by piece, from the last on."""
    for first in reversed(range(0, len(runs), RUNS_AT_ONCE)):
        at = place
        for said, attributes in runs[first : first + RUNS_AT_ONCE]:
            text.insert(at, said, attributes)
            at += len(said.encode())
    return sum(len(said.encode()) for said, _ in runs)


def _between(runs: list[Run], starts: list[int], first: int, last: int) -> list[Run]:
    """The part of runs from one character to another; `starts` says where each of them begins."""
    found = []
    number = bisect_right(starts, first) - 1
    while first < last:
        said, attributes = runs[number]
        part = said[first - starts[number] : last - starts[number]]
        found.append((part, attributes))
        first += len(part)
        number += 1
    return found


def _edits(have: str, wanted: str) -> Iterator[Edit]:
    """What is to be put in the place of what: whole lines that differ, and in them words that do."""
    for begin, end, first, last in _differing(have.splitlines(True), wanted.splitlines(True)):
        old, new = have[begin:end], wanted[first:last]
        for edit in _differing(_TOKEN.findall(old), _TOKEN.findall(new)):
            left, right = _kept(old[edit[0] : edit[1]], new[edit[2] : edit[3]])
            yield begin + edit[0] + left, begin + edit[1] - right, first + edit[2] + left, first + edit[3] - right


def _kept(old: str, new: str) -> tuple[int, int]:
    """How many letters at either end stay of a word that only became longer or shorter. No other word is made of the
    letters of one: somebody else may take that away at the same moment."""
    left = _same(old, new)
    right = _same(old[left:][::-1], new[left:][::-1])
    return (left, right) if left + right == min(len(old), len(new)) else (0, 0)


def _differing(have: list[str], wanted: list[str]) -> Iterator[Edit]:
    """Where two texts differ that consist of these parts."""
    here = [0, *accumulate(map(len, have))]
    there = [0, *accumulate(map(len, wanted))]
    for equal, (old, new) in steps(have, wanted):
        if not equal:
            yield here[old.start], here[old.stop], there[new.start], there[new.stop]


def _same(one: str, other: str) -> int:
    for count, (letter, another) in enumerate(zip(one, other, strict=False)):
        if letter != another:
            return count
    return min(len(one), len(other))


def _make_attributes(text: Text, have: list[Run], wanted: list[Run]) -> None:
    """Put the attributes right in a text that has the wanted characters."""
    taken: dict[str, tuple[int, int]] = {}
    given: list[tuple[int, int, Attributes]] = []
    place = 0
    for said, old, new in _pieces(have, wanted):
        begin, place = place, place + len(said.encode())
        for name in taken.keys() & new.keys():
            text.format(*taken.pop(name), {name: None})
        change = _change(said, old, new)
        # What means nothing between may go too: as few steps as can be, each of which walks from the beginning.
        taken |= {name: (taken.get(name, (begin,))[0], place) for name, value in change.items() if value is None}
        values = {name: value for name, value in change.items() if value is not None}
        if values and given and given[-1][1:] == (begin, values):
            given[-1] = given[-1][0], place, values
        elif values:
            given.append((begin, place, values))
    for name, (begin, end) in taken.items():
        text.format(begin, end, {name: None})
    if len(given) > MOST_CHANGES:
        _insert(text, 0, wanted)
        del text[place : 2 * place]
        given = []
    for begin, end, values in reversed(given):
        text.format(begin, end, values)


def _pieces(have: list[Run], wanted: list[Run]) -> Iterator[tuple[str, Attributes, Attributes]]:
    """The wanted runs in pieces that have the same attributes now: (characters, those they have, those they get)."""
    number = at = 0
    for said, new in wanted:
        begin = 0
        while begin < len(said) and number < len(have):
            had, old = have[number]
            size = min(len(said) - begin, len(had) - at)
            yield said[begin : begin + size], old, new
            begin, at = begin + size, at + size
            if at == len(had):
                number, at = number + 1, 0


def _change(said: str, old: Attributes, new: Attributes) -> Attributes:
    """Which attributes are to be given to characters (None: taken from them), none where they mean what they should."""
    if said == BREAK:
        return {}
    means, names = (kind_of(old).attributes(), OF_LINES) if said == END else (_of_words(old), OF_WORDS)
    return {} if means == new else {name: new.get(name) for name in names if old.get(name) != new.get(name)}


def _places(text: str, characters: list[int]) -> list[int]:
    """Where these characters, in order, stand for the library, which counts bytes."""
    places: list[int] = []
    at = place = 0
    for character in characters:
        place += len(text[at:character].encode())
        at = character
        places.append(place)
    return places
