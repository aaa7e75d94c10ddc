"""What goes through the socket of a live document: frames of bytes, and short JSON about what is no text.

The first byte of a frame says what it is; numbers are lib0's variable unsigned integers. Pure: no Django.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pycrdt import write_var_uint

HAVE, CHANGE, SAFE, CURSOR = 1, 2, 3, 4
LARGEST_NUMBER = 2**53 - 1  # what a browser can count
BYTES_OF_A_NUMBER = 8
LONGEST_CURSOR = 4_096


class Malformed(Exception):
    """These bytes say nothing."""


@dataclass(frozen=True)
class Frame:
    """A frame that came from a browser. Only a CHANGE has a number."""

    kind: int
    number: int
    content: bytes


def read(message: bytes) -> Frame:
    """The frame in a message. Raises Malformed."""
    if not message or message[0] not in (HAVE, CHANGE, CURSOR):
        raise Malformed
    if message[0] != CHANGE:
        return Frame(message[0], 0, message[1:])
    number, end = read_number(message, 1)
    return Frame(CHANGE, number, message[end:])


def read_number(message: bytes, start: int) -> tuple[int, int]:
    """A number, and where it ends. Raises Malformed when it is cut off or too large."""
    number = 0
    for at, byte in enumerate(message[start : start + BYTES_OF_A_NUMBER]):
        number |= (byte & 127) << 7 * at
        if byte < 128:
            if number > LARGEST_NUMBER:
                raise Malformed
            return number, start + at + 1
    raise Malformed


def have(state_vector: bytes) -> bytes:
    """What the server has: the browser answers with what it lacks."""
    return bytes((HAVE,)) + state_vector


def change(update: bytes) -> bytes:
    """A change somebody else made."""
    return bytes((CHANGE,)) + update


def safe(number: int) -> bytes:
    """Every change up to this number is written down."""
    return bytes((SAFE,)) + write_var_uint(number)


def cursor(person: int, awareness: bytes) -> bytes:
    """Where somebody is."""
    return bytes((CURSOR,)) + write_var_uint(person) + awareness


def client_of(awareness: bytes) -> int:
    """Whose cursor an awareness update (y-protocols) moves: it must speak of one browser. Raises Malformed."""
    if len(awareness) > LONGEST_CURSOR:
        raise Malformed
    count, at = read_number(awareness, 0)
    client, at = read_number(awareness, at)
    _clock, at = read_number(awareness, at)
    length, at = read_number(awareness, at)
    if count != 1 or at + length != len(awareness):
        raise Malformed
    try:
        state = json.loads(awareness[at:], parse_constant=no_number)
    except (ValueError, RecursionError):
        raise Malformed from None
    if state is not None and not isinstance(state, dict):
        raise Malformed
    return client


def no_number(_text: str) -> None:
    """For JSON: NaN and its like, at which a browser stops. Raises Malformed."""
    raise Malformed


def deletes_within(update: bytes, state_vector: bytes) -> bool:
    """Whether an update without any insertion deletes only what a document with this state vector has.

    Raises Malformed for an update with insertions, and for what is none.
    """
    insertions, at = read_number(update, 0)
    if insertions:
        raise Malformed
    known = clocks(state_vector)
    clients, at = read_number(update, at)
    for _client in range(clients):
        client, at = read_number(update, at)
        ranges, at = read_number(update, at)
        for _range in range(ranges):
            clock, at = read_number(update, at)
            length, at = read_number(update, at)
            if clock + length > known.get(client, 0):
                return False
    return True


def clocks(state_vector: bytes) -> dict[int, int]:
    """How much of each browser's writing a state vector says is there. Raises Malformed."""
    count, at = read_number(state_vector, 0)
    known = {}
    for _client in range(count):
        client, at = read_number(state_vector, at)
        known[client], at = read_number(state_vector, at)
    return known


def as_json(**content: Any) -> str:
    """What is no text of the document, as JSON."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
