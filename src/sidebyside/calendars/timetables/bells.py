"""Times in the names of a school's hours: "08:00", "2. 8.50 - 9.35", "Pd3 (11h20-12h00)", "01:15p"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time

HALF_A_DAY = 12 * 60
ONE = r"(?<![0-9:.])([01]?[0-9]|2[0-4])\s?[:.hH]\s?([0-5][0-9])(?![0-9])\s?([aApP](?:\.?[mM])?\b\.?)?"
TIMES = re.compile(ONE + r"(?:\s*(?:-|–|—|~|to|bis|à)\s*" + ONE + ")?")

Bells = tuple[time | None, time | None]


def bells(names: Sequence[str]) -> list[Bells]:
    """When each hour begins and ends, by its name; None where a name does not say.

    Hours of a clock of twelve are put after noon where they would otherwise go back. Where times go back all the same,
    or an hour begins like another, the names are no bell times, and nobody gets any.
    """
    found: list[Bells] = []
    last = -1
    for name in names:
        match = TIMES.search(name)
        if match is None:
            found.append((None, None))
            continue
        begin = _after(_minutes(*match.group(1, 2, 3)), last)
        if begin is None:
            return [(None, None)] * len(names)
        end = _after(_minutes(*match.group(4, 5, 6)), begin) if match[4] else None
        found.append((_time(begin), None if end is None else _time(end)))
        last = begin
    return found


def _minutes(hour: str, minute: str, half: str | None) -> int:
    """Minutes since midnight of a time as it is written."""
    hours = int(hour)
    if half and hours <= 12:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    return hours * 60 + int(minute)


def _after(minutes: int, last: int) -> int | None:
    """That time, or twelve hours later, whichever is the first after `last`; None where neither is."""
    for found in (minutes, minutes + HALF_A_DAY):
        if last < found < 24 * 60:
            return found
    return None


def _time(minutes: int) -> time:
    return time(*divmod(minutes, 60))
