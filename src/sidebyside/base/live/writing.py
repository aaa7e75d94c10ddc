"""Changes are written down by one thread: all that wait at a moment in one transaction.

Who types alone waits for nobody. A thousand changes a second are forty transactions, each with one question to the
key store: what a transaction costs matters more than what is in it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError

from sidebyside.base.live import documents
from sidebyside.base.live.following import Following
from sidebyside.base.threads import close_all

if TYPE_CHECKING:
    from sidebyside.base.live.room import Room
    from sidebyside.base.live.seats import Seat

MOST_AT_ONCE = 500
SECONDS_BETWEEN_BATCHES = 0.025  # from the beginning of one to that of the next, at least

_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True, repr=False)  # (what stands in it stands in no log)
class Change:
    """A change on its way to the disk. `id` is that of its row once it is written; two may share one."""

    room: Room
    seat: Seat
    number: int  # of her connection
    place: int  # among the changes of the room
    update: bytes
    id: int | None = None


class Writer(threading.Thread):
    """Writes changes in the order in which they come, and says of each batch that it is done (`done`, called in this
    thread). What comes from somebody who may not write any more is left out."""

    def __init__(
        self,
        following: Following,
        done: Callable[[list[Change]], None],
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(name="live writer", daemon=True)
        self._following, self._done, self._clock = following, done, clock
        self._queue: SimpleQueue[Change | None] = SimpleQueue()
        self._began = 0.0

    def put(self, change: Change) -> None:
        """Let a change be written."""
        self._queue.put(change)

    def stop(self) -> None:
        """Write what waits, and end."""
        self._queue.put(None)

    def run(self) -> None:
        """Write until told to stop."""
        try:
            going = True
            while going:
                batch, going = self._collect()
                if batch:
                    self._write(batch)
                    self._done(batch)
        finally:
            close_all()

    def _collect(self) -> tuple[list[Change], bool]:
        """All that waits, and whether to go on after it."""
        batch = []
        change = self._queue.get()
        time.sleep(max(0.0, self._began + SECONDS_BETWEEN_BATCHES - time.monotonic()))
        self._began = time.monotonic()
        while change is not None:
            batch.append(change)
            if len(batch) == MOST_AT_ONCE:
                return batch, True
            try:
                change = self._queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _write(self, batch: Sequence[Change]) -> None:
        try:
            self._write_rooms(self._allowed(batch))
        except BaseException as fault:  # (a panic of the library is no Exception)
            # One document that cannot be written must not keep the others from it.
            _log.error("Changes could not be written together: %s.", type(fault).__name__)
            close_all()  # the database may have gone away, and be back
            is_away = False
            for room in {change.room for change in batch}:
                if is_away:
                    room.is_broken = True  # (each would wait as long as the one before)
                else:
                    is_away = self._write_alone(room, [change for change in batch if change.room is room])

    def _write_alone(self, room: Room, changes: Sequence[Change]) -> bool:
        """Write those of one room. Returns whether the database itself cannot be written to."""
        try:
            self._write_rooms(self._allowed(changes))
        except BaseException as fault:
            _log.error("Changes of live document %s could not be written: %s.", room.document, type(fault).__name__)
            close_all()
            room.is_broken = True
            return isinstance(fault, (OperationalError, InterfaceError))
        return False

    def _allowed(self, changes: Sequence[Change]) -> list[Change]:
        """Those that may be written, by who may still write at this moment."""
        self._following.look(list({change.seat for change in changes}))
        return [change for change in changes if not (change.room.is_broken or change.seat.lost)]

    def _write_rooms(self, changes: Sequence[Change]) -> None:
        by_room: dict[Room, list[Change]] = {}
        for change in changes:
            by_room.setdefault(change.room, []).append(change)
        rows = [
            (room.document, room.scope, documents.merged(change.update for change in together))
            for room, together in by_room.items()
        ]
        if not rows:
            return
        ids = documents.write_many(rows, at=self._clock())
        for id, together in zip(ids, by_room.values(), strict=True):
            for change in together:
                change.id = id
