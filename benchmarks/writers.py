"""People who write in lessons, as cheap as they can be: `python -m benchmarks.writers`, told on its input what to do.

Their keystrokes are updates that a Yjs document made beforehand; what is measured is the time from sending one to its
arrival at the other one of the pair. Prints what it saw as JSON.
"""

import asyncio
import json
import random
import statistics
import sys
import time
from typing import Any

from pycrdt import Doc, Text, write_var_uint
from websockets.asyncio.client import connect

from benchmarks.pages import processor_seconds
from sidebyside.base.live import frames

A_SECOND = 5
SECONDS_TO_COME = 4.0
SECONDS_TO_ARRIVE = 3.0


class Seen:
    """What was sent when, and how long it took."""

    def __init__(self) -> None:
        self.sent: dict[bytes, float] = {}
        self.took: list[float] = []
        self.late: list[float] = []
        self.safe = 0

    def told(self) -> dict[str, Any]:
        """In milliseconds."""
        took = sorted(self.took) or [float("nan")]
        return {
            "sent": len(self.sent),
            "arrived": len(self.took),
            "safe": self.safe,
            "median": statistics.median(took) * 1000,
            "p95": took[int(len(took) * 0.95)] * 1000,
            "p99": took[int(len(took) * 0.99)] * 1000,
            "late_p95": sorted(self.late)[int(len(self.late) * 0.95)] * 1000,
        }


def keystrokes(client: int, number: int) -> list[bytes]:
    """Updates of a Yjs document in which somebody begins a paragraph and types letter after letter."""
    doc: Doc = Doc(client_id=client)
    updates: list[bytes] = []
    doc.observe(lambda event: updates.append(event.update))
    text = doc.get("text:measured", type=Text)
    text.insert(0, "\n", {})
    for each in range(number - 1):
        text.insert(each, random.choice("abcdefghijklmnopqrstuvwxyz "), {})
    return updates


def mark(update: bytes) -> bytes:
    """What tells one keystroke from all others: browser and clock."""
    _clients, at = frames.read_number(update, 0)
    _structs, at = frames.read_number(update, at)
    start = at
    _client, at = frames.read_number(update, at)
    _clock, at = frames.read_number(update, at)
    return update[start:at]


async def write(asked: dict[str, Any], path: str, session: str, client: int, seen: Seen, begin: float) -> None:
    """One person: opens the lesson, and types from `begin` on."""
    port, seconds = asked["port"], asked["seconds"]
    updates = keystrokes(client, seconds * A_SECOND)
    headers = {"Cookie": f"sessionid={session}"}
    origin = f"http://localhost:{port}"
    opening = connect(
        f"ws://localhost:{port}{path}live/", origin=origin, additional_headers=headers, compression=None, proxy=None
    )
    async with opening as socket:
        await socket.send(bytes((frames.HAVE,)) + b"\x00")

        async def listen() -> None:
            async for message in socket:
                now = time.perf_counter()
                if message[0] == frames.CHANGE and (sent := seen.sent.get(mark(message[1:]))):
                    seen.took.append(now - sent)
                elif message[0] == frames.SAFE:
                    safe[0] = frames.read_number(message, 1)[0]

        safe = [0]
        listening = asyncio.create_task(listen())
        at = begin + random.random() / A_SECOND
        for number, update in enumerate(updates, start=1):
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            now = time.perf_counter()
            seen.late.append(now - at)
            seen.sent[mark(update)] = now
            await socket.send(bytes((frames.CHANGE,)) + write_var_uint(number) + update)
            at += 1 / A_SECOND
        await asyncio.sleep(SECONDS_TO_ARRIVE)
        seen.safe += safe[0]
        listening.cancel()


async def echo(asked: dict[str, Any], client: int, seen: Seen, begin: float) -> None:
    """One person who gets back what she types."""
    updates = keystrokes(client, asked["seconds"] * A_SECOND)
    async with connect(f"ws://localhost:{asked['echo']}/", compression=None, proxy=None) as socket:

        async def listen() -> None:
            async for message in socket:
                seen.took.append(time.perf_counter() - seen.sent[mark(message[1:])])

        listening = asyncio.create_task(listen())
        at = begin + random.random() / A_SECOND
        for update in updates:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            now = time.perf_counter()
            seen.late.append(now - at)
            seen.sent[mark(update)] = now
            await socket.send(bytes((frames.CHANGE,)) + update)
            at += 1 / A_SECOND
        await asyncio.sleep(1)
        listening.cancel()


async def cores_of(process: int, begin: float, seconds: int) -> float:
    """How many processor cores a process used while everybody typed."""
    await asyncio.sleep(max(0.0, begin - time.perf_counter()))
    before, began = processor_seconds(process), time.perf_counter()
    await asyncio.sleep(seconds - 1)
    return (processor_seconds(process) - before) / (time.perf_counter() - began)


async def main() -> None:
    """Do what is asked on the input: {"port", "echo", "seconds", "people", "pairs", "process", "what"}."""
    asked = json.load(sys.stdin)
    seen = Seen()
    begin = time.perf_counter() + SECONDS_TO_COME
    using = asyncio.create_task(cores_of(asked["process"], begin, asked["seconds"]))
    if asked["what"] == "echo":
        await asyncio.gather(*(echo(asked, 10_000 + each, seen, begin) for each in range(asked["people"])))
    else:
        people = [
            (pair["path"], session) for pair in asked["pairs"][: asked["people"] // 2] for session in pair["sessions"]
        ]
        await asyncio.gather(
            *(write(asked, path, session, random.getrandbits(31), seen, begin) for path, session in people)
        )
    print(json.dumps({**seen.told(), "cores": await using}))


if __name__ == "__main__":
    asyncio.run(main())
