"""A socket whose browser takes nothing any more, or has gone."""

import asyncio

import pytest

from sidebyside.base.live import limits
from sidebyside.base.live.seats import GONE_AWAY, Guest, Seat


def sent_by(acts, send):
    """Let a seat send, and say what came of it."""

    async def try_it():
        guest = Guest(1, "", "", ("lesson", 1), 1, 1, "p1", ask=lambda: 0, say=lambda why: why)
        seat = Seat(None, None, guest)
        acts(seat)
        async with asyncio.timeout(5):
            await seat.sending(send)
        return seat

    return asyncio.run(try_it())


def test_who_takes_nothing_any_more_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS_TO_TAKE", 0.05)
    taken = []

    async def send(event):
        taken.append(event)
        await asyncio.Event().wait()

    seat = sent_by(lambda seat: (seat.send(b"one"), seat.send("two"), seat.close(GONE_AWAY)), send)
    assert (taken, seat.is_closing) == ([{"type": "websocket.send", "bytes": b"one"}], True)


def test_what_waits_is_sent_before_the_end():
    taken = []

    async def send(event):
        taken.append(event)

    sent_by(lambda seat: (seat.send(b"one"), seat.send("two"), seat.close(GONE_AWAY), seat.send("late")), send)
    assert taken == [
        {"type": "websocket.send", "bytes": b"one"},
        {"type": "websocket.send", "text": "two"},
        {"type": "websocket.close", "code": GONE_AWAY},
    ]


def test_where_too_much_waits_the_rest_is_left_out():
    taken = []

    async def send(event):
        taken.append(event)

    half = bytes(limits.MOST_WAITING // 2 + 1)
    sent_by(lambda seat: [seat.send(half) for _time in range(3)], send)
    assert taken == [{"type": "websocket.close", "code": GONE_AWAY}]


def test_a_browser_that_has_gone_is_said_to_have():
    async def send(_event):
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        sent_by(lambda seat: seat.send(b"one"), send)
