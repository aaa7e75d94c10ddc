"""The components of an iCalendar file, found line by line; of each only what says when.

Titles, places and people are dropped before anything else looks at the file. Format: RFC 5545, 3.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from sidebyside.base.marking import N_

LARGEST = 8 * 1024 * 1024  # bytes of a file
DEEPEST = 20  # components within components
LONGEST_LINE = 1_000_000  # characters, after unfolding

TIMES = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
OTHERS = {"UID", "SEQUENCE", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"}
ZONES = {"TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-WR-TIMEZONE"}
KEPT = TIMES | OTHERS | ZONES | {"FREEBUSY"}
NAME = re.compile(r"[A-Za-z0-9-]+")


class CalendarRefused(Exception):
    """The file is refused whole. `sentence` is the text to look up, `values` what to put into it."""

    def __init__(self, sentence: str, values: Mapping[str, object] | None = None) -> None:
        self.sentence = sentence
        self.values = dict(values or {})
        super().__init__(sentence % self.values if self.values else sentence)


@dataclass(slots=True)
class Component:
    """A component: its name in capitals, its lines about time as (name, parameters, value), and what it holds."""

    name: str
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The value of the first line of that name, or nothing."""
        return next((value for line, _, value in self.lines if line == name), "")


def components(data: bytes, kept: Set[str] = KEPT) -> list[Component]:
    """The outermost components that are closed, in order, with their `kept` lines. One that breaks off is nothing.

    Raises CalendarRefused where the file is too large, nested too deep, or no calendar at all.
    """
    if len(data) > LARGEST:
        raise CalendarRefused(
            N_("This calendar is larger than %(most)s MB. Share a shorter time of it."), {"most": LARGEST // 1024**2}
        )
    found: list[Component] = []
    open_: list[Component] = []
    for line in unfolded(data.decode("utf-8-sig", errors="replace")):
        upper = line[:6].upper()
        if upper == "BEGIN:":
            open_.append(Component(line[6:].strip(" \t").upper()))
            if len(open_) > DEEPEST:
                raise CalendarRefused(N_("This file is not a calendar: its parts lie too deep in each other."))
        elif line[:4].upper() == "END:":
            if open_:
                closed = open_.pop()
                (open_[-1].parts if open_ else found).append(closed)
        elif open_:
            told = told_apart(line, kept)
            if told:
                open_[-1].lines.append(told)
    if not found and not (open_ and open_[0].name == "VCALENDAR"):
        raise CalendarRefused(N_("This file is not a calendar."))
    return found


def unfolded(text: str) -> Iterator[str]:
    """The lines of a file, with folded ones joined and empty ones left out."""
    parts: list[str] = []
    length = 0
    for raw in re.split(r"\r?\n", text):
        if raw[:1] in (" ", "\t"):
            if length < LONGEST_LINE:
                parts.append(raw[1:])
                length += len(raw)
            continue
        if parts:
            yield "".join(parts)
        parts, length = ([raw], len(raw)) if raw else ([], 0)
    if parts:
        yield "".join(parts)


def told_apart(line: str, kept: Set[str]) -> tuple[str, str, str] | None:
    """Name in capitals, parameters and value of a line of a kept name, otherwise None."""
    match = NAME.match(line)
    if match is None or match[0].upper() not in kept:
        return None
    rest, quoted = line[match.end() :], False
    for at, sign in enumerate(rest):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            return match[0].upper(), rest[:at], rest[at + 1 :].strip()
    return None
