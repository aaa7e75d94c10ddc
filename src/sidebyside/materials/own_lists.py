"""A place's own list of standards as people type it: a line for each, set in where it belongs below another.

A code may stand before its statement, parted by a tab (as tables paste it) or, where it has no space in it, by " | ".
Pure: no Django.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from sidebyside.base.faults import Fault
from sidebyside.base.marking import N_
from sidebyside.materials.case import sound
from sidebyside.materials.standards_shapes import (
    DEEPEST,
    LONGEST_CODE,
    MOST_FAULTS,
    StandardsRefused,
    Statement,
    depths,
)

LONGEST_TEXT = 500_000  # characters
MOST_LINES = 2_000
LONGEST_LINE = 1_000  # characters of a statement
LONGEST_TYPED_CODE = 30
TAB = 4  # spaces
BULLET = re.compile(r"[-*•–·]\s+")
TYPED_CODE = re.compile(rf"(\S{{1,{LONGEST_TYPED_CODE}}}) \|(?:\s+|$)")
COMPARED = 200  # characters of each
ALIKE = 0.5  # how much of two texts must be the same for one to be a new wording of the other


def read_list(text: str, new_identifier: Callable[[], str]) -> tuple[Statement, ...]:
    """The statements of an own list, each with a new identifier. Raises StandardsRefused with the faulty lines."""
    found: list[Statement] = []
    faults: list[Fault] = []
    codes: dict[str, int] = {}
    over: list[tuple[int, int]] = []  # how far in, and the place of it, of those the next line may stand below

    def fault(line: int, sentence: str, **values: object) -> None:
        faults.append(Fault(None, line, sentence, values))
        if len(faults) == MOST_FAULTS:
            raise StandardsRefused(*faults)

    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        if len(found) == MOST_LINES:
            fault(
                number, N_("There are more than %(limit)s lines. Bring so long a list as a package."), limit=MOST_LINES
            )
            break
        code, statement = _parted(raw.lstrip(" \t"))
        if not statement:
            fault(number, N_("There is a code and no statement."))
        elif len(statement) > LONGEST_LINE:
            fault(number, N_("The statement is longer than %(limit)s characters."), limit=LONGEST_LINE)
        elif len(code) > LONGEST_CODE:
            fault(number, N_("The code is longer than %(limit)s characters."), limit=LONGEST_CODE)
        elif code and code in codes:
            fault(number, N_("The code “%(code)s” is on line %(first)s already."), code=code, first=codes[code])
        codes.setdefault(code, number)
        inset = len(raw.expandtabs(TAB)) - len(raw.expandtabs(TAB).lstrip(" "))
        while over and over[-1][0] >= inset:
            over.pop()
        if len(over) > DEEPEST:
            fault(number, N_("This line is set in too far."))
        above = over[-1][1] if over else None
        over.append((inset, len(found)))
        found.append(Statement(new_identifier(), statement, code=code, above=above))
    if not found and not faults:
        faults.append(Fault(None, None, N_("Write at least one statement.")))
    if faults:
        raise StandardsRefused(*faults)
    return tuple(found)


def _parted(line: str) -> tuple[str, str]:
    """The code and the statement of a line."""
    line = BULLET.sub("", line, count=1) if BULLET.match(line) else line
    if "\t" in line:
        code, statement = line.split("\t", 1)
        return sound(code), sound(statement)
    typed = TYPED_CODE.match(line)
    return (sound(typed[1]), sound(line[typed.end() :])) if typed else ("", sound(line))


def as_text(statements: Sequence[Statement]) -> str:
    """A list as it is typed; `read_list` reads the same out of it."""
    lines = []
    for one, depth in zip(statements, depths(list(statements)), strict=True):
        typed = len(one.code) <= LONGEST_TYPED_CODE and " " not in one.code
        code = f"{one.code}{' | ' if typed else chr(9)}" if one.code else ""
        lines.append(f"{'    ' * depth}{code}{one.statement}")
    return "\n".join(lines)


def renewed(before: Sequence[Statement], now: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements of a changed list, with the identifiers of those they were before.

    A code that was there names the same standard; else the same words do; else what stands in the place of a line and
    has most of its words is its new wording.
    """
    kept: dict[int, str] = {}
    free = {one.identifier for one in before}

    def take(at: int, identifier: str) -> None:
        if at not in kept and identifier in free:
            kept[at] = identifier
            free.discard(identifier)

    codes = {one.code: one.identifier for one in before if one.code}
    for at, one in enumerate(now):
        if one.code in codes:
            take(at, codes[one.code])
    said: dict[str, list[str]] = {}
    for one in reversed(before):
        said.setdefault(one.statement, []).append(one.identifier)
    for at, one in enumerate(now):
        while at not in kept and said.get(one.statement):
            take(at, said[one.statement].pop())
    # Lines that are not known stand between two that are: in the place of as many that stood between these before.
    place = {one.identifier: at for at, one in enumerate(before)}
    begin = 0
    while begin < len(now):
        end = next((at for at in range(begin, len(now)) if at in kept), len(now))
        first = place[kept[begin - 1]] + 1 if begin else 0
        last = place[kept[end]] if end < len(now) else len(before)
        if begin < end and last - first == end - begin:
            for was, at in zip(before[first:last], range(begin, end), strict=True):
                if _is_alike(was.statement, now[at].statement):
                    take(at, was.identifier)
        begin = end + 1
    return tuple(replace(one, identifier=kept.get(at, one.identifier)) for at, one in enumerate(now))


def _is_alike(was: str, now: str) -> bool:
    """Whether most pairs of neighbouring letters are the same (Dice's coefficient): as quick for any two texts."""
    pairs = [Counter(text[at : at + 2] for at in range(min(len(text), COMPARED) - 1)) for text in (was, now)]
    both = pairs[0].total() + pairs[1].total()
    return both > 0 and 2 * (pairs[0] & pairs[1]).total() / both >= ALIKE
