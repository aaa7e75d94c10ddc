"""What a browser sends, taken in so that nobody waits for whoever sends slowly.

A page works in one of a few threads, and reads a form there. A phone on a bad network, or somebody who means harm,
takes minutes to send one: small forms are therefore taken in before a thread begins, and for large ones (files) there
are threads of their own.
"""

import asyncio
from collections.abc import Callable
from typing import Any

SMALL = 64 * 1024  # bytes
PATIENCE = 60.0  # seconds without a sign of whoever sends
GONE = {"type": "http.disconnect"}

Receive = Callable[[], Any]


def length_of(scope: Any) -> int | None:
    """How many bytes a request says that it brings; None where it does not say."""
    headers = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        return None
    said = headers.get(b"content-length", b"0")
    return int(said) if said.isdigit() else None


def is_small(scope: Any) -> bool:
    """Whether what a request brings can be taken in before a thread begins to work on it."""
    length = length_of(scope)
    return length is not None and length <= SMALL


async def taken(receive: Receive, *, patience: float = PATIENCE) -> Receive | None:
    """Take in all that a request brings; what gives it once more. None where it never came to its end."""
    pieces = []
    more = True
    try:
        async with asyncio.timeout(patience):
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                pieces.append(message.get("body", b""))
                more = message.get("more_body", False)
    except TimeoutError:
        return None
    whole = [{"type": "http.request", "body": b"".join(pieces), "more_body": False}]

    async def again() -> Any:
        return whole.pop() if whole else await receive()

    return again


def patient(receive: Receive, *, patience: float = PATIENCE) -> Receive:
    """What takes in piece after piece, and takes whoever sent nothing for so many seconds for gone."""

    async def piece() -> Any:
        try:
            async with asyncio.timeout(patience):
                return await receive()
        except TimeoutError:
            return GONE

    return piece
