"""How much one browser, one person and one document may ask for. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass, field

LARGEST_FRAME = 1024 * 1024
LARGEST_STATE = 4 * 1024 * 1024
MOST_CHARACTERS = 200_000
CHANGES_A_SECOND, CHANGES_AT_ONCE = 30.0, 120.0
CURSORS_A_SECOND, CURSORS_AT_ONCE = 20.0, 60.0
MOST_SOCKETS_OF_ONE, MOST_PEOPLE = 8, 20
MOST_SOCKETS_OF_ONE_ANYWHERE = 40  # each lesson that is open takes memory
# What a browser has not taken yet: one that is slower than that comes back and asks for the difference.
MOST_WAITING = 4 * 1024 * 1024
# And one that takes nothing for so long is not there any more.
SECONDS_TO_TAKE = 60.0
# What is much work counts as many changes: so a socket keeps the others from a tenth of a processor at most, and gets
# no more than two megabytes a second.
COST_OF_A_SECOND, COST_OF_A_BYTE = 300.0, 1 / 65_536
# To refuse a change costs more than to take it.
COST_OF_A_REFUSAL = 15.0


@dataclass
class Bucket:
    """Lets so much through a second, and more for a moment. Times are seconds of one steady clock."""

    a_second: float
    at_once: float
    last: float
    left: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.at_once

    def take(self, now: float, cost: float = 1.0) -> bool:
        """Whether so much may come through now; then it is taken off."""
        self.left = min(self.at_once, self.left + (now - self.last) * self.a_second)
        self.last = now
        if self.left < cost:
            return False
        self.left -= cost
        return True

    def charge(self, cost: float) -> None:
        """Take off what something turned out to cost; there may be less than nothing left then."""
        self.left -= cost
