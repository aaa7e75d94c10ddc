"""Other server processes over the same database: who has the same document open there, and what was written there.

They tell one another over the channel layer of the settings, where there is one: ids of updates, never the updates
themselves, and where people's cursors are, enciphered by the layer. Who misses a message finds out soon: the rows in
the database are looked at every few seconds as well, and every second while the layer is away.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.utils.crypto import salted_hmac

from sidebyside.base.later import later
from sidebyside.base.live import frames
from sidebyside.base.live.models import LiveDocument, LiveUpdate

if TYPE_CHECKING:
    from sidebyside.base.live.room import Room
    from sidebyside.base.live.rooms import Rooms

KIND = "live"
SECONDS_BETWEEN_LOOKS, SECONDS_WHILE_AWAY = 5.0, 1.0
SECONDS_UNTIL_FORGOTTEN = 3 * SECONDS_BETWEEN_LOOKS
SECONDS_UNTIL_TRIED_AGAIN = 2.0
SECONDS_TO_ANSWER = 3.0
# A row may be written down with a smaller number after one with a larger was seen.
ROWS_OF_LOOKING_BACK = 5_000
MOST_WAITING = 10_000  # while the others cannot be reached: what is not told is found in the database

_log = logging.getLogger(__name__)


def is_there() -> bool:
    """Whether several processes serve this installation: the settings have a channel layer."""
    return bool(settings.CHANNEL_LAYERS)


def _group() -> str:
    """Who hears one another: the processes of this installation. Another one at the same Redis has another key."""
    return f"{KIND}.{salted_hmac('sidebyside.live', '').hexdigest()[:16]}"


class Elsewhere:
    """What the rooms of this process tell others, and hear from them. Of their event loop."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._mark = secrets.token_hex(8)
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._floor = 0
        self._is_reached: bool | None = None  # whether the layer is; None until it was tried
        self._heard_at = 0.0

    def start(self) -> None:
        """Begin to talk and to look."""
        if is_there() and not self._tasks:
            self._tasks = [asyncio.create_task(self._talk()), asyncio.create_task(self._look())]

    async def stop(self) -> None:
        """Talk no more, and close the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Whether the others are reached

    async def _talk(self) -> None:
        """Tell and listen until the end. Where the layer goes away it is tried again until it is back."""
        while True:
            layer = get_channel_layer()
            try:
                async with asyncio.timeout(SECONDS_TO_ANSWER):
                    channel = await layer.new_channel()
                    await layer.group_add(_group(), channel)
                    await layer.group_send(_group(), self._message("who"))
                self._come_back()
                async with asyncio.TaskGroup() as tasks:
                    for each in (self._listen(layer, channel), self._send(layer), self._mind()):
                        tasks.create_task(each)
            except Exception as fault:
                self._go_away(fault)
            finally:
                await _close(layer)
            await asyncio.sleep(SECONDS_UNTIL_TRIED_AGAIN)

    def _go_away(self, fault: Exception) -> None:
        """Say so, once."""
        if self._is_reached is not False:
            self._is_reached = False
            kind = fault.exceptions[0] if isinstance(fault, ExceptionGroup) else fault
            _log.error("Other server processes cannot be reached: %s.", type(kind).__name__)

    def _come_back(self) -> None:
        """What was told meanwhile is lost. What was written is found in the database; the rest is fetched anew."""
        was_away, self._is_reached = self._is_reached is False, True
        self._heard_at = time.monotonic()
        while not self._waiting.empty():
            self._waiting.get_nowait()
        for room in self._rooms.open_rooms():
            self.tell_who(room)
            if was_away:
                room.elsewhere = {process: (self._heard_at, people) for process, (_, people) in room.elsewhere.items()}
                self._rooms.tell_all_news(room)
        if was_away:
            _log.warning("Other server processes are reached again.")

    async def _mind(self) -> None:
        """Listen for what one tells oneself: a line may be cut without a word. Raises TimeoutError."""
        while True:
            self.tell("here", document=0, people=[])
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            if self._heard_at < time.monotonic() - SECONDS_UNTIL_FORGOTTEN:
                raise TimeoutError

    # Telling

    def tell(self, what: str, **content: Any) -> None:
        """Tell the others something; nothing where there are none."""
        if self._is_reached and self._waiting.qsize() < MOST_WAITING:
            self._waiting.put_nowait(self._message(what, **content))

    def _message(self, what: str, **content: Any) -> dict[str, Any]:
        return {"type": KIND, "from": self._mark, "what": what, **content}

    def tell_who(self, room: Room) -> None:
        """Tell the others who has this document open here."""
        self.tell("here", document=room.document, people=room.here())

    async def _send(self, layer: Any) -> None:
        while True:
            message = await self._waiting.get()
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                await layer.group_send(_group(), message)

    # Hearing

    async def _listen(self, layer: Any, channel: str) -> None:
        while True:
            message = await layer.receive(channel)
            self._heard_at = time.monotonic()
            if message["from"] != self._mark:
                self._hear(message)

    def _hear(self, message: dict[str, Any]) -> None:
        if message["what"] == "changed":
            for document, ids in message["changes"]:
                self._rooms.take_changed(document, ids)
        elif message["what"] == "who":
            for room in self._rooms.open_rooms():
                self.tell_who(room)
        elif open_one := self._rooms.room_of(message["document"]):
            self._hear_of(open_one, message)

    def _hear_of(self, room: Room, message: dict[str, Any]) -> None:
        if message["what"] == "news":
            room.tell(frames.as_json(type="news", of=message["of"]))
        elif message["what"] == "cursor":
            room.tell(message["frame"])
        elif message["what"] == "here":
            before = room.elsewhere.get(message["from"], (0, []))[1]
            room.elsewhere[message["from"]] = (time.monotonic(), message["people"])
            if before != message["people"]:
                room.tell_who()

    # Looking

    async def _look(self) -> None:
        """Look for what was written elsewhere, until the end."""
        is_well = True
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS if self._is_reached else SECONDS_WHILE_AWAY)
            try:
                await self._look_once()
                is_well = True
            except Exception as fault:
                if is_well:  # (said once, until it is well again)
                    _log.error("What others wrote could not be looked for: %s.", type(fault).__name__)
                is_well = False

    async def _look_once(self) -> None:
        rooms = self._rooms.open_rooms()
        for room in rooms:
            self.tell_who(room)
            if self._is_reached:
                room.forget_elsewhere(time.monotonic() - SECONDS_UNTIL_FORGOTTEN)
        if not rooms:
            return
        known = {room.document: room.version for room in rooms}
        rows, versions, self._floor = await self._rooms.run(_rows_of, list(known), self._floor)
        for document, version in versions:
            found, before = self._rooms.room_of(document), known[document]
            if found is not None and before is not None and found.version == before < version:
                self._rooms.renew(found)
        for document, ids in rows.items():
            self._rooms.take_changed(document, ids)


def _rows_of(documents: Sequence[int], floor: int) -> tuple[dict[int, list[int]], list[tuple[int, int]], int]:
    """The latest updates of some documents, the versions of all, and from where to look the next time."""
    rows: dict[int, list[int]] = {}
    latest = floor
    found = LiveUpdate.objects.filter(document__in=documents, pk__gt=floor - ROWS_OF_LOOKING_BACK)
    for pk, document in found.values_list("pk", "document"):
        rows.setdefault(document, []).append(pk)
        latest = max(latest, pk)
    versions = LiveDocument.objects.filter(pk__in=documents).values_list("pk", "version")
    return rows, list(versions), latest


def tell_from_a_page(what: str, **content: Any) -> None:
    """Tell all processes something from one that has no document open itself. Any thread may call this."""
    if is_there():
        later(_publish, message={"type": KIND, "from": "", "what": what, **content})


def _publish(message: dict[str, Any]) -> None:
    async def publish() -> None:
        layer = get_channel_layer()
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                await layer.group_send(_group(), message)
        finally:
            await _close(layer)

    async_to_sync(publish)()


async def _close(layer: Any) -> None:
    """Close the connections of the layer; it opens others when it is asked again."""
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            await layer.flush()
    except Exception as fault:
        _log.error("The channel layer could not be closed: %s.", type(fault).__name__)
