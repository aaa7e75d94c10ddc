"""Who may not be here any more: asked again whenever something happened that can change it.

What happens is written down as events; a session that ended is gone from its table. Both are looked at every half a
second and before anything is written, and everybody is asked about anew every half a minute all the same.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session

from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled, filled, room
from sidebyside.base.live.seats import GONE_AWAY, SIGNED_OUT
from sidebyside.base.models import Event
from sidebyside.base.threads import close_all

if TYPE_CHECKING:
    from sidebyside.base.live.seats import Seat

SECONDS_BETWEEN = 0.5
SECONDS_UNTIL_ASKED_AGAIN = 30.0
# An event may be written down with a smaller number after one with a larger was seen: so long we look back.
SECONDS_OF_LOOKING_BACK = 10.0
EVENTS_OF_LOOKING_BACK = 100
# More than that has happened: to ask everybody anew is less work than to look at what it was.
MOST_EVENTS = 2_000
ABOUT_EVERYBODY = "roster.applied"

_log = logging.getLogger(__name__)

Happened = tuple[int, str, str, int, "int | None"]  # id, kind, about, its id, partnership


class Following:
    """Looks at what happened since it was looked at last. Any thread may."""

    def __init__(self, everybody: Callable[[], Sequence[Seat]]) -> None:
        """`everybody` says who is here at a moment."""
        self._everybody = everybody
        self._looking = threading.Lock()
        self._floor: int | None = None  # all events up to this one have been seen
        self._seen: set[int] = set()
        self._passed: deque[tuple[float, int]] = deque()  # when the largest number was which

    def begin(self) -> None:
        """Before somebody who is here by now is asked for the first time: what happens from now on will be seen."""
        with self._looking:
            if self._floor is None:
                self._floor = _latest()

    def look(self, seats: Sequence[Seat]) -> None:
        """Mark those of `seats` as lost who may not be here any more. Whoever else is in doubt is asked when it is
        looked for her: nobody's writing waits until others were asked."""
        with self._looking:
            self._doubt()
        for seat in seats:
            if seat.answered < seat.doubts:
                ask(seat)
        sessions = {seat.guest.session for seat in seats if not seat.lost}
        if ended := sessions - _open_sessions(sorted(sessions)):
            for seat in seats:
                if seat.guest.session in ended and not seat.lost:
                    seat.lost = SIGNED_OUT

    def forget(self) -> None:
        """Nobody is here: there is nothing to follow until somebody comes."""
        with self._looking:
            self._forget()

    def _forget(self) -> None:
        self._floor = None
        self._seen.clear()
        self._passed.clear()

    def _doubt(self) -> None:
        """Let it be doubted of whom what happened may concern that she may still be here."""
        if self._floor is None:
            self._floor = _latest()
            self._doubt_of(lambda seat: True)  # what happened while nobody looked
            return
        found = _since().rows({"floor": self._floor})
        new = [event for event in found if event[0] not in self._seen]
        self._pass([event[0] for event in found])
        if len(found) > MOST_EVENTS:
            self._forget()
            self._floor = _latest()
            self._doubt_of(lambda seat: True)
        elif new:
            self._doubt_of(Happenings(new).concern)

    def _doubt_of(self, concerned: Callable[[Seat], bool]) -> None:
        # (only now: who comes in after the look is asked after it, and then knows of all that was seen in it)
        for seat in self._everybody():
            if concerned(seat):
                seat.doubts += 1

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
    """Ask whether she may still be here. Any thread may, also two at once: a no is never taken back."""
    if seat.lost:
        return
    doubts, seat.asked_at = seat.doubts, time.monotonic()
    try:
        answer = seat.guest.ask()
    except Exception as fault:
        # Nobody stays of whom it is not known, and the others are asked all the same. She comes back, and is asked.
        _log.error("Whether somebody may be here could not be asked: %s.", type(fault).__name__)
        answer = GONE_AWAY
        close_all()
    if answer:
        seat.lost = answer
    seat.answered = doubts


class Happenings:
    """Some events, to ask whom they may concern."""

    def __init__(self, events: Sequence[Happened]) -> None:
        self._kinds = {kind for _id, kind, _about, _about_id, _partnership in events}
        self._abouts = {(about, id) for _id, _kind, about, id, _partnership in events}
        self._partnerships = {partnership for *_rest, partnership in events} - {None}

    def concern(self, seat: Seat) -> bool:
        """Whether one of them may change what she may do here."""
        guest = seat.guest
        return (
            ABOUT_EVERYBODY in self._kinds
            or ("person", guest.person) in self._abouts
            or guest.about in self._abouts
            or guest.partnership in self._partnerships
        )


def _latest() -> int:
    """The latest event, less those whose transactions may not have ended yet."""
    latest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return latest - EVENTS_OF_LOOKING_BACK


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
