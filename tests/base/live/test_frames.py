"""What a message says, and what says nothing."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pycrdt import Doc, Text, write_var_uint

from sidebyside.base.live import frames
from sidebyside.base.live.frames import Frame, Malformed


def awareness(client, state, *, count=1, clock=1):
    written = state if isinstance(state, bytes) else json.dumps(state).encode()
    return b"".join(map(write_var_uint, (count, client, clock, len(written)))) + written


@given(some.integers(0, frames.LARGEST_NUMBER), some.binary(max_size=40))
def test_a_change_says_its_number_and_the_rest_is_its_content(number, content):
    message = bytes((frames.CHANGE,)) + write_var_uint(number) + content
    assert frames.read(message) == Frame(frames.CHANGE, number, content)


@given(some.binary(max_size=60))
def test_any_bytes_are_a_frame_or_malformed(message):
    for read in (frames.read, frames.client_of, frames.clocks, lambda bytes_: frames.deletes_within(bytes_, b"\x00")):
        with contextlib.suppress(Malformed):
            read(message)


@pytest.mark.parametrize("message", [b"", b"\x00", b"\x03\x01", b"\x02", b"\x02\x80", b"\x02" + b"\xff" * 1_000_000])
def test_what_says_nothing(message):
    with pytest.raises(Malformed):
        frames.read(message)


def test_a_number_is_no_larger_than_a_browser_counts():
    assert frames.read_number(write_var_uint(2**53 - 1), 0) == (2**53 - 1, 8)
    with pytest.raises(Malformed):
        frames.read_number(write_var_uint(2**53), 0)


def test_a_cursor_is_of_one_browser():
    assert frames.client_of(awareness(2**32 + 5, {"cursor": None})) == 2**32 + 5
    assert frames.client_of(awareness(5, None)) == 5
    wrong = [
        b"",
        awareness(5, {}, count=2),
        awareness(5, {}, count=0),
        awareness(5, {}) + b"\x00",
        awareness(5, {})[:-1],
        awareness(5, b"[]"),
        awareness(5, b"{"),
        awareness(5, b"\xff\xfe"),
        awareness(5, b"[" * 4_000),
        awareness(5, {"x": "y" * frames.LONGEST_CURSOR}),
    ]
    for content in wrong:
        with pytest.raises(Malformed):
            frames.client_of(content)


def test_deletions_of_what_is_there_and_of_what_is_not():
    doc = Doc(client_id=1)
    made = []
    doc.observe(lambda event: made.append(event.update))
    text = doc.get("text", type=Text)
    text += "hello"
    before = doc.get_state()
    del text[1:3]
    assert frames.deletes_within(made[-1], before)
    assert not frames.deletes_within(made[-1], b"\x00")
    assert not frames.deletes_within(made[-1], b"\x01\x01\x02")
    with pytest.raises(Malformed):
        frames.deletes_within(made[0], before)
    assert frames.clocks(before) == {1: 5}
