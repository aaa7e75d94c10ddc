"""Two entries in the log for one talk: found, so that they can be offered as one.

Pure: times in, pairs out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

LONGEST = 600
HALF_HOUR = timedelta(minutes=30)


class Logged(Protocol):
    """What an entry in the log needs for this."""

    began_at: datetime
    minutes: int
    logged_by_id: int
    kept_apart_at: datetime | None


Entry = TypeVar("Entry", bound=Logged)


def are_twins(one: Logged, other: Logged) -> bool:
    """Whether two entries by different members may be the same talk: begun within half an hour of each other, or
    one begun while the other still went on; and nobody has said that they were two talks."""
    if one.logged_by_id == other.logged_by_id or one.kept_apart_at or other.kept_apart_at:
        return False
    first, second = sorted((one, other), key=lambda entry: entry.began_at)
    gap = second.began_at - first.began_at
    return gap < HALF_HOUR or gap < timedelta(minutes=first.minutes)


def twins(entries: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """The pairs among some entries, each entry in at most one, the earlier logged of a pair first as it was given.

    Entries by one member alone cost nothing; otherwise each is compared with those near it in time.
    """
    found: list[tuple[Entry, Entry]] = []
    taken: set[int] = set()
    order = sorted(range(len(entries)), key=lambda at: entries[at].began_at)
    for place, at in enumerate(order):
        for later in order[place + 1 :]:
            if entries[later].began_at - entries[at].began_at >= timedelta(minutes=LONGEST):
                break
            if not {at, later} & taken and are_twins(entries[at], entries[later]):
                found.append((entries[at], entries[later]))
                taken |= {at, later}
    return found
