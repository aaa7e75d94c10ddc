"""When a series takes place: every week or every few weeks at the same hour of the clock, so many times or up to a day.

A rule is written as RFC 5545 has it ("FREQ=WEEKLY;INTERVAL=2;COUNT=10"). The clock of its zone counts: a meeting at
10:40 stays at 10:40 when the clocks change.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MOST_TIMES = 60
MOST_WEEKS = 8
RULE = re.compile(r"FREQ=WEEKLY(?:;INTERVAL=([1-9]))?;(?:COUNT=([1-9][0-9]{0,2})|UNTIL=([0-9]{8}))")


class NoRule(ValueError):
    """The rule is not one of ours."""


def rule_of(*, weeks: int, times: int | None = None, until: date | None = None) -> str:
    """The rule of a series every so many `weeks` (1 to 8), so many `times`, or up to the day `until` with it."""
    if not 1 <= weeks <= MOST_WEEKS or (times is None) == (until is None):
        raise NoRule
    return f"FREQ=WEEKLY;INTERVAL={weeks};" + (f"COUNT={times}" if times is not None else f"UNTIL={until:%Y%m%d}")


def beginnings(rule: str, begin: datetime, zone: str) -> list[datetime]:
    """When each time of a series begins, in UTC, the first at `begin` (aware). At most one more than 60 are given:
    who asks says that this is too many. Raises NoRule."""
    found = RULE.fullmatch(rule)
    if found is None:
        raise NoRule
    weeks = int(found[1] or 1)
    if weeks > MOST_WEEKS:
        raise NoRule
    last = None
    if found[3]:
        try:
            last = date(int(found[3][:4]), int(found[3][4:6]), int(found[3][6:]))
        except ValueError:
            raise NoRule from None
    there = ZoneInfo(zone)
    first = begin.astimezone(there).replace(tzinfo=None, fold=0)
    most = min(int(found[2]) if found[2] else MOST_TIMES + 1, MOST_TIMES + 1)
    moments = []
    for turn in range(most):
        by_the_clock = first + turn * timedelta(weeks=weeks)
        if last is not None and by_the_clock.date() > last:
            break
        moments.append(by_the_clock.replace(tzinfo=there).astimezone(UTC))
    return moments
