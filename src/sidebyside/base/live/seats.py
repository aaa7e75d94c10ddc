"""One open socket: what its browser sends, and what waits to be sent to it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sidebyside.base.live import documents, frames, limits, updates
from sidebyside.base.live.frames import Malformed
from sidebyside.base.live.limits import Bucket
from sidebyside.base.live.room import Damaged, Room, TooMuch

if TYPE_CHECKING:
    from sidebyside.base.live.rooms import Rooms

FINE, GONE_AWAY, SIGNED_OUT, NOT_YOURS, NOT_THERE, TOO_LARGE, TOO_FAST = 0, 1012, 4401, 4403, 4404, 4413, 4429
NOT_SPOKEN = 1003
MOST_HELD = limits.LARGEST_FRAME
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, repr=False)
class Guest:
    """Somebody who may come in: who she is, and how to ask whether she still may."""

    person: int
    name: str
    session: str
    # What the document belongs to, as events name it, and the partnership that is part of.
    about: tuple[str, int]
    partnership: int | None
    document: int
    scope: str
    # Whether she may still be here: FINE or the code to close with. Asks the database; any thread may call it.
    ask: Callable[[], int]
    # A sentence for her, by the reason why something is refused.
    say: Callable[[str], str]


class Seat:
    """An open socket. `take` gets what comes, `sending` sends what waits."""

    def __init__(self, rooms: Rooms, room: Room, guest: Guest) -> None:
        self.rooms, self.room, self.guest = rooms, room, guest
        now = time.monotonic()
        self.number = id(self)
        self.client: int | None = None
        self.cursor = b""
        # Set from any thread: the code to close with once she may not be here. Nothing of hers is written then.
        self.lost = FINE
        self.is_closing = False
        self.asked_at = now
        # How often something happened that makes it doubtful, and up to which of these times she was asked since.
        self.doubts = self.answered = 0
        self._changes = Bucket(limits.CHANGES_A_SECOND, limits.CHANGES_AT_ONCE, now)
        self._cursors = Bucket(limits.CURSORS_A_SECOND, limits.CURSORS_AT_ONCE, now)
        self._last = 0  # the number of the change that came last
        self._told = 0  # up to which she was told that all is written
        # A change that builds on what the server has not got, and all since; and the number of the first.
        self._held, self._held_from = documents.EMPTY, 0
        self._answer: list[bytes] = []
        self._out: deque[bytes | str | int] = deque()
        self._bytes = 0
        self._something = asyncio.Event()

    # What comes in

    async def take(self, message: bytes) -> None:
        """Act on a message of the browser."""
        try:
            frame = frames.read(message)
        except Malformed:
            self.refuse(0, "malformed")
            return
        if self.lost or self.is_closing:
            self.close(self.lost)
            return
        if frame.kind == frames.CURSOR:
            self._take_cursor(frame.content)
            return
        if not self._changes.take(time.monotonic()):
            self.refuse(frame.number, "too_fast")
            self.close(TOO_FAST)
            return
        if not await self.rooms.is_ready(self.room):
            return  # everybody is sent away, and comes back
        began = time.thread_time()
        try:
            if frame.kind == frames.HAVE:
                self._take_state(frame.content)
            else:
                self._take_change(frame.number, frame.content)
        except Malformed:
            self._drop(frame, "malformed")
        except TooMuch as fault:
            self._drop(frame, fault.why)
        except Damaged:
            self._drop(frame, "malformed")
            self.rooms.renew(self.room)
        finally:
            self._changes.charge((time.thread_time() - began) * limits.COST_OF_A_SECOND)

    def _drop(self, frame: frames.Frame, why: str) -> None:
        """Refuse a change, and those held with it."""
        self.refuse(self._held_from or frame.number, why)
        self._held, self._held_from = documents.EMPTY, 0

    def _take_state(self, state_vector: bytes) -> None:
        """She says what she has: answer with what she lacks, then say what the server has."""
        difference, state = self.room.since(state_vector), self.room.state_vector()
        self._changes.charge(len(difference) * limits.COST_OF_A_BYTE)
        # (only the last one waits: what she asks for again and again does not fill the memory)
        self._answer.clear()
        self._answer = messages = [frames.change(difference), frames.have(state)]

        def answer() -> None:
            for message in messages:
                self.send(message)
            messages.clear()

        self.room.when_written(answer)

    def _take_change(self, number: int, update: bytes) -> None:
        if number != self._last + 1:
            raise Malformed
        self._last = number
        room = self.room
        if self._held_from:
            updates.read(update)  # (what cannot be read must not be merged)
            update = documents.merged([self._held, update])
        effect = room.apply(update)
        if effect is None:
            self._hold(number, update)
            return
        self._held, self._held_from = documents.EMPTY, 0
        if effect != documents.EMPTY:
            self.rooms.write(self, number, effect)
        else:
            room.when_written(lambda: self.is_written(number))

    def _hold(self, number: int, update: bytes) -> None:
        """She built on something that never came: ask for it once, and call nothing safe until it is there."""
        self._held = update
        if len(update) > MOST_HELD:
            self.close(TOO_LARGE)
        elif not self._held_from:
            self._held_from = number
            state = self.room.state_vector()
            self.room.when_written(lambda: self.send(frames.have(state)))

    def is_written(self, number: int) -> None:
        """Her changes up to this one are written, but for those that wait for others."""
        if self._held_from:
            number = min(number, self._held_from - 1)
        if number > self._told:
            self._told = number
            self.send(frames.safe(number))

    def _take_cursor(self, awareness: bytes) -> None:
        if not self._cursors.take(time.monotonic()):
            return  # the next one says where she is
        try:
            client = frames.client_of(awareness)
        except Malformed:
            return
        if self.client is None and all(client != other.client for other in self.room.seats.values()):
            self.client = client
            self.rooms.tell_who(self.room)
        if client == self.client:
            self.cursor = frames.cursor(self.guest.person, awareness)
            self.room.tell(self.cursor, but=self)
            self.rooms.elsewhere.tell("cursor", document=self.room.document, frame=self.cursor)

    def refuse(self, number: int, why: str) -> None:
        """Say that a change is not kept, and why. Who sends many such is soon too fast."""
        sentence = self.guest.say(why)
        self.send(frames.as_json(type="refused", n=number, why=why, sentence=sentence))
        if why != "too_fast" and not self._changes.take(time.monotonic(), limits.COST_OF_A_REFUSAL):
            self.close(TOO_FAST)

    # What goes out

    def send(self, message: bytes | str) -> None:
        """Let a message wait to be sent. Where too much waits the socket is closed: its browser comes back."""
        if self.is_closing:
            return
        self._bytes += len(message)
        if self._bytes > limits.MOST_WAITING and len(self._out) > 1:
            self._out.clear()
            self.close(GONE_AWAY)
            return
        self._out.append(message)
        self._something.set()

    def close(self, code: int) -> None:
        """Close the socket, after what waits. What came from it before is still written."""
        if not self.is_closing:
            self.is_closing = True
            self._out.append(code)
            self._something.set()

    async def sending(self, send: Send) -> None:
        """Send what waits, until the socket is closed or its browser takes nothing any more. Raises OSError where that
        has gone."""
        while True:
            await self._something.wait()
            self._something.clear()
            while self._out:
                message = self._out.popleft()
                try:
                    async with asyncio.timeout(limits.SECONDS_TO_TAKE):
                        await send(_as_event(message))
                except TimeoutError:
                    self.is_closing = True
                    return
                if isinstance(message, int):
                    return
                self._bytes -= len(message)


def _as_event(message: bytes | str | int) -> dict[str, Any]:
    if isinstance(message, int):
        return {"type": "websocket.close", "code": message}
    return {"type": "websocket.send", "text" if isinstance(message, str) else "bytes": message}
