"""Other server processes over the same database: who has the same document open there, and what was written there.

They tell one another over the channel layer of the settings, where there is one: ids of updates, never the updates
themselves, and where people's cursors are, enciphered by the layer. Who misses a message finds out soon: the rows in
the database are looked at every few seconds as well.
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

from sidebyside.base.later import later
from sidebyside.base.live import frames
from sidebyside.base.live.models import LiveDocument, LiveUpdate

if TYPE_CHECKING:
    from sidebyside.base.live.room import Room
    from sidebyside.base.live.rooms import Rooms

GROUP = "live"
SECONDS_BETWEEN_LOOKS = 5.0
SECONDS_UNTIL_FORGOTTEN = 3 * SECONDS_BETWEEN_LOOKS
SECONDS_UNTIL_TRIED_AGAIN = 2.0
# A row may be written down with a smaller number after one with a larger was seen.
ROWS_OF_LOOKING_BACK = 5_000
MOST_WAITING = 10_000  # while the others cannot be reached: what is not told is found in the database

_log = logging.getLogger(__name__)


def is_there() -> bool:
    """Whether several processes serve this installation: the settings have a channel layer."""
    return bool(settings.CHANNEL_LAYERS)


class Elsewhere:
    """What the rooms of this process tell others, and hear from them. Of their event loop."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._mark = secrets.token_hex(8)
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._floor = 0

    def start(self) -> None:
        """Begin to listen and to look."""
        if is_there() and not self._tasks:
            self._tasks = [asyncio.create_task(self._going(work)) for work in (self._listen, self._send, self._look)]

    async def stop(self) -> None:
        """Say that nobody is here any more, and close the connections."""
        if not self._tasks:
            return
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await get_channel_layer().flush()
        except Exception as fault:
            _log.error("The channel layer could not be closed: %s.", type(fault).__name__)

    async def _going(self, work: Any) -> None:
        """Do this until the end, once more after a fault: it is of the layer, and the layer may come back."""
        while True:
            try:
                await work()
            except Exception as fault:
                _log.error("Other processes cannot be reached: %s.", type(fault).__name__)
                await asyncio.sleep(SECONDS_UNTIL_TRIED_AGAIN)

    # Telling

    def tell(self, what: str, **content: Any) -> None:
        """Tell the others something; nothing where there are none."""
        if self._tasks and self._waiting.qsize() < MOST_WAITING:
            self._waiting.put_nowait({"type": GROUP, "from": self._mark, "what": what, **content})

    def tell_who(self, room: Room) -> None:
        """Tell the others who has this document open here."""
        self.tell("here", document=room.document, people=room.here())

    async def _send(self) -> None:
        while True:
            message = await self._waiting.get()
            await get_channel_layer().group_send(GROUP, message)

    # Hearing

    async def _listen(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        self.tell("who")
        while True:
            message = await layer.receive(channel)
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
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            rooms = self._rooms.open_rooms()
            for room in rooms:
                self.tell_who(room)
                room.forget_elsewhere(time.monotonic() - SECONDS_UNTIL_FORGOTTEN)
            if rooms:
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
        later(_publish, message={"type": GROUP, "from": "", "what": what, **content})


def _publish(message: dict[str, Any]) -> None:
    async def publish() -> None:
        layer = get_channel_layer()
        await layer.group_send(GROUP, message)
        await layer.flush()

    async_to_sync(publish)()
