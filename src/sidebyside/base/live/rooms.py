"""All live documents that somebody has open in this process.

One event loop owns them; a writer, a watcher and two readers (threads) work beside it, each with its own database
connection.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sidebyside.base.live import documents, frames, limits, reading
from sidebyside.base.live.elsewhere import Elsewhere, tell_from_a_page
from sidebyside.base.live.following import SECONDS_BETWEEN, SECONDS_UNTIL_ASKED_AGAIN, Following, ask
from sidebyside.base.live.room import Count, Damaged, Room
from sidebyside.base.live.seats import GONE_AWAY, NOT_THERE, TOO_FAST, Guest, Seat
from sidebyside.base.live.shape import Roots
from sidebyside.base.live.writing import Change, Writer
from sidebyside.base.threads import close_all, close_connections

READERS = 2
UPDATES_BEFORE_COMPACTING = 300
SECONDS_TO_STOP = 1.5

Found = TypeVar("Found")
_log = logging.getLogger(__name__)


class NoRoom(Exception):
    """She cannot come in; `code` is the one to close her socket with."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Rooms:
    """The open documents of one event loop."""

    def __init__(
        self, *, count: Count, roots: Roots, clock: Callable[[], datetime], all_news: Sequence[str] = ()
    ) -> None:
        """`count` says how many characters of text a document has, `roots` which roots it may have, `clock` what time
        it is, `all_news` of what else there may be news. To be made in the loop."""
        self.loop = asyncio.get_running_loop()
        self.seats: dict[int, Seat] = {}
        self._count, self._roots, self._all_news = count, roots, all_news
        self._open: dict[int, Room] = {}
        self._reading: dict[Room, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="live reader")
        self._following = Following(self._everybody)
        self.writer = Writer(self._following, self._done, clock)
        self._watcher = threading.Thread(target=self._watch, name="live watcher", daemon=True)
        self._stopping = threading.Event()
        self.elsewhere = Elsewhere(self)
        running.append(self)

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is here, and nothing is read, written or put away any more."""
        return not (self.seats or self._open or self._tasks)

    def _everybody(self) -> Sequence[Seat]:
        return list(self.seats.values())

    async def run(self, act: Callable[..., Found], *values: Any) -> Found:
        """Call something that asks the database in a thread that may."""
        return await self.loop.run_in_executor(self._readers, partial(reading.asking, act, *values))

    # Coming and going

    async def enter(self, guest: Guest) -> Seat:
        """A seat for somebody whose right to it was just asked. Raises NoRoom."""
        if self._stopping.is_set():
            raise NoRoom(GONE_AWAY)
        if not self.writer.is_alive():
            self.writer.start()
            self._watcher.start()
            self.elsewhere.start()
        hers = sum(seat.guest.person == guest.person for seat in self.seats.values())
        if hers >= limits.MOST_SOCKETS_OF_ONE_ANYWHERE:
            raise NoRoom(TOO_FAST)
        room = self._open.get(guest.document)
        if room is None or room.is_broken:
            room = self._open[guest.document] = Room(guest.document, guest.scope, self._count, self._roots)
            self._read_anew(room)
        people = {seat.guest.person for seat in room.seats.values()}
        hers = sum(seat.guest.person == guest.person for seat in room.seats.values())
        if hers >= limits.MOST_SOCKETS_OF_ONE or len(people | {guest.person}) > limits.MOST_PEOPLE:
            raise NoRoom(TOO_FAST)
        seat = Seat(self, room, guest)
        # Whatever happens from here on is seen by the watcher, who asks again.
        self.seats[seat.number] = room.seats[seat.number] = seat
        try:
            if not await self.is_ready(room):
                raise NoRoom(NOT_THERE if room.is_erased else GONE_AWAY)
            await self.run(self._ask_first, seat)
            if seat.lost:
                raise NoRoom(seat.lost)
        except BaseException:
            self.leave(seat)
            raise
        for other in room.seats.values():
            if other is not seat and other.cursor:
                seat.send(other.cursor)
        self.tell_who(room)
        return seat

    def _ask_first(self, seat: Seat) -> None:
        self._following.begin()
        ask(seat)

    def leave(self, seat: Seat) -> None:
        """Give a seat back. Who leaves last takes the document out of memory, once all is written."""
        room = seat.room
        if self.seats.pop(seat.number, None) is None:
            return
        room.seats.pop(seat.number, None)
        self.tell_who(room)
        if not room.seats:
            room.when_written(lambda: self._put_away(room))

    def tell_who(self, room: Room) -> None:
        """Say to all who is here, in other processes too."""
        room.tell_who()
        self.elsewhere.tell_who(room)

    def room_of(self, document: int) -> Room | None:
        """The room of a document that is open here."""
        return self._open.get(document)

    def open_rooms(self) -> list[Room]:
        """All that are open here."""
        return list(self._open.values())

    def _put_away(self, room: Room) -> None:
        if not room.seats and self._open.get(room.document) is room:
            del self._open[room.document]
            self._compact(room)

    def _compact(self, room: Room) -> None:
        """Make what is in memory the snapshot, at a moment when all of it is written."""
        idle = not (room.kept or room.is_broken or room in self._reading or self._stopping.is_set())
        # (what came early is not in the document yet, though it is written)
        if room.loose and idle and room.early == documents.EMPTY:
            room.kept, room.loose = room.loose, set()
            self._later(self._keep, room, room.doc.get_update())

    async def _keep(self, room: Room, state: bytes) -> None:
        try:
            room.row = await self.run(reading.keep, room.document, room.row, state, sorted(room.kept))
        except BaseException:
            room.loose |= room.kept  # they are there still, and become part of the next one
            raise
        finally:
            room.kept = set()
        if room.row is None and room.seats:
            self.renew(room)  # another process made a snapshot, and something may be in it that was not heard of

    def _later(self, work: Callable[..., Awaitable[None]], *values: Any) -> None:
        async def do() -> None:
            try:
                await work(*values)
            except Exception as fault:
                _log.error("A live document: %s.", type(fault).__name__)

        task = self.loop.create_task(do())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Reading

    async def is_ready(self, room: Room) -> bool:
        """Wait until the document is in memory. False where it cannot be: its seats are closed."""
        # (it may be read once more by the time this is told: what is changed then would be thrown away unseen)
        while reading := self._reading.get(room):
            await asyncio.wait([reading])
        return not room.is_broken

    def renew(self, room: Room) -> None:
        """Throw the document away and read it anew, once all is written that waits."""
        if room not in self._reading:
            self._read_anew(room)

    def _read_anew(self, room: Room) -> None:
        task = self.loop.create_task(self._read(room))
        self._reading[room] = task
        task.add_done_callback(lambda done: self._has_read(room, done))

    def _has_read(self, room: Room, done: asyncio.Task[None]) -> None:
        self._reading.pop(room, None)
        fault = None if done.cancelled() else done.exception()
        room.is_erased = isinstance(fault, documents.Gone)
        if fault and not room.is_erased:
            _log.error("Live document %s could not be read: %s.", room.document, type(fault).__name__)
        if fault or done.cancelled():
            self._give_up(room)

    async def _read(self, room: Room) -> None:
        written: asyncio.Future[None] = self.loop.create_future()
        room.when_written(lambda: None if written.done() else written.set_result(None))
        await written
        read = await self.run(reading.read, room.document, self._count, self._roots)
        unheard = room.lacks(read[0]) if room.is_filled else documents.EMPTY
        room.fill(*read)
        if unheard != documents.EMPTY:
            room.tell(frames.change(unheard))

    def _give_up(self, room: Room) -> None:
        """Something of this room cannot be read or was not written: let all come back, to a new one."""
        room.give_up()
        if reading := self._reading.get(room):
            reading.cancel()
        if self._open.get(room.document) is room:
            del self._open[room.document]
        for seat in list(room.seats.values()):
            seat.close(GONE_AWAY)

    # Writing

    def write(self, seat: Seat, number: int, update: bytes) -> None:
        """Let a change be written that was applied to the document."""
        room = seat.room
        room.given += 1
        self.writer.put(Change(room, seat, number, room.given, update))

    def _done(self, batch: list[Change]) -> None:
        _call(self.loop, self._has_written, batch)

    def _has_written(self, batch: list[Change]) -> None:
        told: dict[int, list[int]] = {}
        last: dict[Seat, int] = {}
        for change in batch:
            room = change.room
            if change.id is not None:
                room.tell(frames.change(change.update), but=change.seat)
                last[change.seat] = change.number
                ids = told.setdefault(room.document, [])
                if change.id not in ids:
                    ids.append(change.id)
                    room.loose.add(change.id)
        if told:
            self.elsewhere.tell("changed", changes=[[document, ids] for document, ids in told.items()])
        for seat, number in last.items():
            seat.is_written(number)
        for change in batch:
            if change.id is None:
                if change.seat.lost:
                    change.seat.close(change.seat.lost)
                self._give_up(change.room)
        for room, place in {change.room: change.place for change in batch if not change.room.is_broken}.items():
            try:
                room.has_written(place)
                # (not all rooms at the same moment)
                if len(room.loose) >= UPDATES_BEFORE_COMPACTING + room.document % 100 and room.given == room.written:
                    self._compact(room)
            except BaseException as fault:  # (a panic of the library is no Exception)
                _log.error("Live document %s: %s.", room.document, type(fault).__name__)
                self._give_up(room)

    # What others changed

    def changed(self, document: int, ids: Sequence[int]) -> None:
        """Updates of a document were written by a page of this process. Any thread may call this."""
        _call(self.loop, self.take_changed, document, ids)

    def take_changed(self, document: int, ids: Sequence[int]) -> None:
        """Take in what was written elsewhere."""
        room = self._open.get(document)
        if room is not None and not room.is_broken and (new := room.unknown(ids)):
            self._later(self._take, room, new)

    async def _take(self, room: Room, ids: Sequence[int]) -> None:
        updates = await self.run(reading.updates_of, room.document, ids)
        if not await self.is_ready(room):
            return
        for update in updates:
            try:
                effect = room.take_written(update)
            except (frames.Malformed, Damaged):
                self.renew(room)
                return
            if effect != documents.EMPTY:
                room.tell(frames.change(effect))
        room.loose.update(ids)
        if len(room.early) > limits.LARGEST_FRAME:
            self.renew(room)

    def news(self, document: int, of: str) -> None:
        """Say to all who have a document open that rows beside its text changed. Any thread may call this."""
        _call(self.loop, self._news, document, of)

    def _news(self, document: int, of: str) -> None:
        if room := self._open.get(document):
            room.tell(frames.as_json(type="news", of=of))

    def tell_all_news(self, room: Room) -> None:
        """Say to all in a room that anything beside the text may have changed, unheard of."""
        for of in self._all_news:
            room.tell(frames.as_json(type="news", of=of))

    # Who may not be here any more

    def _watch(self) -> None:
        try:
            while not self._stopping.wait(SECONDS_BETWEEN):
                seats = self._everybody()
                if not seats:
                    self._following.forget()
                    continue
                try:
                    self._following.look(seats)
                    long_ago = time.monotonic() - SECONDS_UNTIL_ASKED_AGAIN
                    most = 1 + int(len(seats) * SECONDS_BETWEEN / SECONDS_UNTIL_ASKED_AGAIN)
                    for seat in [seat for seat in seats if seat.asked_at < long_ago][:most]:
                        ask(seat)
                except Exception as fault:
                    _log.error("Who may be here could not be asked: %s.", type(fault).__name__)
                    close_all()
                if any(seat.lost for seat in seats):
                    _call(self.loop, self._close_lost)
        finally:
            close_all()

    def _close_lost(self) -> None:
        for seat in self._everybody():
            if seat.lost:
                seat.close(seat.lost)

    # The end

    async def stop(self) -> None:
        """Close all sockets, write what waits, and leave no thread and no database connection behind."""
        running.remove(self)
        self._stopping.set()
        for seat in self._everybody():
            seat.close(GONE_AWAY)
        if self.writer.is_alive():
            self.writer.stop()
            await asyncio.to_thread(self.writer.join, SECONDS_TO_STOP)
            await asyncio.to_thread(self._watcher.join, SECONDS_TO_STOP)
        await self.elsewhere.stop()
        for task in [*self._tasks, *self._reading.values()]:
            task.cancel()
        await asyncio.to_thread(close_connections, self._readers, READERS)


def _call(loop: asyncio.AbstractEventLoop, act: Callable[..., None], *values: Any) -> None:
    """Call something in the loop soon; nothing where the loop has ended."""
    try:
        loop.call_soon_threadsafe(act, *values)
    except RuntimeError:
        _log.debug("The loop has ended.")


# All of this process: a page that changes a document tells them.
running: list[Rooms] = []


def _tell(document: int, updates: Sequence[int]) -> None:
    writing = [rooms for rooms in running if rooms.writer is threading.current_thread()]
    for rooms in list(running):
        if rooms not in writing:
            rooms.changed(document, updates)
    if not writing:  # (the loop of the writer tells the others itself, a whole batch at once)
        _tell_elsewhere("changed", changes=[[document, list(updates)]])


documents.told.append(_tell)


def tell_news(document: int, of: str) -> None:
    """Say to all who have a document open that rows beside its text changed."""
    for rooms in list(running):
        rooms.news(document, of)
    _tell_elsewhere("news", document=document, of=of)


def _tell_elsewhere(what: str, **content: Any) -> None:
    if running:
        _call(running[0].loop, partial(running[0].elsewhere.tell, what, **content))
    else:
        tell_from_a_page(what, **content)
