"""Who may not be here any more: asked again whenever something happened that can change it.

What happens is written down as events; a session that ended is gone from its table. Both are looked at every half a
second and before anything is written, and everybody is asked about anew every half a minute all the same.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.db import connections

from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled, filled, room
from sidebyside.base.live.seats import GONE_AWAY, SIGNED_OUT
from sidebyside.base.models import Event

if TYPE_CHECKING:
    from sidebyside.base.live.seats import Seat

SECONDS_BETWEEN = 0.5
SECONDS_UNTIL_ASKED_AGAIN = 30.0
# An event may be written down with a smaller number after one with a larger was seen: so long we look back.
SECONDS_OF_LOOKING_BACK = 10.0
# More than that has happened: to ask everybody anew is less work than to look at what it was.
MOST_EVENTS = 2_000
ABOUT_EVERYBODY = "roster.applied"

_log = logging.getLogger(__name__)

Happened = tuple[int, str, str, int, "int | None"]  # id, kind, about, its id, partnership


class Following:
    """Looks at what happened since it looked last. Of one thread."""

    def __init__(self) -> None:
        self._floor: int | None = None  # all events up to this one have been seen
        self._seen: set[int] = set()
        self._passed: deque[tuple[float, int]] = deque()  # when the largest number was which

    def look(self, seats: Sequence[Seat], writing: Sequence[Seat]) -> None:
        """Mark those of `seats` as lost who may not be here any more, and those of `writing` whose session is gone."""
        for seat in self._concerned(seats):
            ask(seat)
        sessions = {seat.guest.session for seat in writing if not seat.lost}
        if ended := sessions - _open_sessions(sorted(sessions)):
            for seat in writing:
                if seat.guest.session in ended and not seat.lost:
                    seat.lost = SIGNED_OUT

    def forget(self) -> None:
        """Nobody is here: there is nothing to follow until somebody comes."""
        self._floor = None
        self._seen.clear()
        self._passed.clear()

    def _concerned(self, seats: Sequence[Seat]) -> Sequence[Seat]:
        if self._floor is None:
            self._floor = _latest()
            return seats  # what happened while nobody looked
        found = _since().rows({"floor": self._floor})
        events = [event for event in found if event[0] not in self._seen]
        self._pass([event[0] for event in found])
        if len(found) > MOST_EVENTS:
            self._floor = None
            return seats
        if not events:
            return ()
        return [seat for seat in seats if any(concerns(event, seat) for event in events)]

    def _pass(self, ids: Sequence[int]) -> None:
        """Remember what was seen, and forget it when no smaller number can come any more."""
        now = time.monotonic()
        if ids and (not self._passed or self._passed[-1][1] < ids[-1]):
            self._passed.append((now, ids[-1]))
        self._seen.update(ids)
        while self._passed and self._passed[0][0] < now - SECONDS_OF_LOOKING_BACK:
            self._floor = self._passed.popleft()[1]
            self._seen = {id for id in self._seen if id > self._floor}


def ask(seat: Seat) -> None:
    """Ask whether she may still be here."""
    if not seat.lost:
        seat.asked_at = time.monotonic()
        try:
            seat.lost = seat.guest.ask()
        except Exception as fault:
            # Nobody stays of whom it is not known, and the others are asked all the same. She comes back, and is asked.
            _log.error("Whether somebody may be here could not be asked: %s.", type(fault).__name__)
            seat.lost = GONE_AWAY
            connections.close_all()


def concerns(event: Happened, seat: Seat) -> bool:
    """Whether an event may change what she may do here."""
    _id, kind, about, about_id, partnership = event
    return (
        kind == ABOUT_EVERYBODY
        or (about, about_id) == ("person", seat.guest.person)
        or (about, about_id) == seat.guest.about
        or (partnership is not None and partnership == seat.guest.partnership)
    )


def _latest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@asked_often
def _since() -> Compiled:
    marks = Marks()
    events = Event.objects.filter(pk__gt=marks.number("floor")).order_by("pk")[: MOST_EVENTS + 1]
    return compiled(events.values_list("pk", "kind", "about", "about_id", "partnership_id"), marks)


def _open_sessions(keys: Sequence[str]) -> set[str]:
    """Which of these sessions there still are."""
    if not keys:
        return set()
    return {key for (key,) in _sessions(room(len(keys))).rows(filled("session", list(keys)))}


@asked_often
def _sessions(count: int) -> Compiled:
    marks = Marks()
    wanted = [marks.text(f"session{at}") for at in range(count)]
    return compiled(Session.objects.filter(pk__in=wanted).values_list("pk"), marks)
