"""What a Yjs update (version 1) says, read before the library reads it.

The library nests calls as deep as values are nested in the update, which ends the process; and it takes what the
browsers of others fall over. What no page writes is refused here. Pure: no Django.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from sidebyside.base.live.frames import BYTES_OF_A_NUMBER, LARGEST_NUMBER, Malformed, no_number
from sidebyside.base.rich_text.lines import OF_LINES, OF_WORDS

# Contents of a struct.
GONE, DELETED, STRING, FORMAT, TYPE, VALUE, SKIPPED = 0, 1, 4, 6, 7, 8, 10
# The one type that stands inside others, as the format counts them.
A_MAP = 1

LARGEST_CLOCK = 2**31 - 1
MOST_SHIFTED = 7 * (BYTES_OF_A_NUMBER - 1)
FORMATS = frozenset((*OF_WORDS, *OF_LINES))
LONGEST_NAME = 200
LONGEST_FORMAT = 8_192
LONGEST_VALUE = 65_536
DEEPEST_VALUE = 16

HAS_LEFT, HAS_RIGHT, HAS_KEY, WHICH = 0x80, 0x40, 0x20, 0x1F
UNDEFINED, NULL, WHOLE, FLOAT, DOUBLE, LONG, FALSE, TRUE, WORDS, OBJECT, LIST, BYTES = range(127, 115, -1)
OF_SIZE = {UNDEFINED: 0, NULL: 0, FALSE: 0, TRUE: 0, FLOAT: 4, DOUBLE: 8, LONG: 8}

Id = tuple[int, int]  # whose, and which of hers


class Struct(NamedTuple):
    """Something inserted: `length` clocks from `clock` on. `beside` are its neighbours at that moment; one without
    any says what it is in: a root by name, or a map by id. `key`: under a key of a map."""

    clock: int
    length: int
    content: int
    beside: tuple[Id, ...]
    parent: Id | str | None
    key: bool


class Update(NamedTuple):
    """What each browser inserted, and which ranges (clock, length) were deleted of whose."""

    inserted: dict[int, list[Struct]]
    deleted: dict[int, list[Id]]

    @property
    def characters(self) -> int:
        """How many characters it inserts, at most."""
        return sum(one.length for structs in self.inserted.values() for one in structs if one.content == STRING)


def read_inserted(update: bytes) -> Update:
    """What an update inserts, without what it deletes, of a document that is written down. Raises Malformed as `read`,
    but not for what may be said of words."""
    try:
        return Update(_Reader(update, trusted=True).insertions(), {})
    except (IndexError, ValueError):
        raise Malformed from None


def read(update: bytes) -> Update:
    """Read an update. Raises Malformed for what cannot be read, and for what no page of ours writes."""
    reader = _Reader(update)
    try:
        found = Update(reader.insertions(), reader.deletions())
    except (IndexError, ValueError, RecursionError):
        raise Malformed from None
    if reader.at != len(update):
        raise Malformed
    return found


class _Reader:
    def __init__(self, update: bytes, *, trusted: bool = False) -> None:
        self.update, self.at, self.trusted = update, 0, trusted

    def number(self) -> int:
        # (as frames.read_number, without its slices: a document may hold a hundred thousand numbers)
        update, at = self.update, self.at
        byte = update[at]
        number, shift = byte & 127, 0
        while byte > 127:
            at += 1
            shift += 7
            byte = update[at]
            number |= (byte & 127) << shift
            if shift > MOST_SHIFTED:
                raise Malformed
        if number > LARGEST_NUMBER:
            raise Malformed
        self.at = at + 1
        return number

    def bytes_(self, longest: int) -> bytes:
        length = self.number()
        start = self.at
        self.at += length
        if length > longest or self.at > len(self.update):
            raise Malformed
        return self.update[start : self.at]

    def text(self, longest: int = LONGEST_NAME) -> str:
        return self.bytes_(longest).decode()

    def id(self) -> Id:
        return self.number(), self.number()

    def insertions(self) -> dict[int, list[Struct]]:
        inserted: dict[int, list[Struct]] = {}
        for _client in range(self.number()):
            count, client, clock = self.number(), self.number(), self.number()
            if client in inserted:
                raise Malformed
            structs = inserted[client] = []
            for _struct in range(count):
                structs.append(found := self.struct(clock))
                clock += found.length
                if clock > LARGEST_CLOCK or not found.length:
                    raise Malformed
        return inserted

    def deletions(self) -> dict[int, list[Id]]:
        deleted: dict[int, list[Id]] = {}
        for _client in range(self.number()):
            client, count = self.number(), self.number()
            ranges = deleted.setdefault(client, [])
            for _range in range(count):
                ranges.append(found := self.id())
                if sum(found) > LARGEST_CLOCK:
                    raise Malformed
        return deleted

    def struct(self, clock: int) -> Struct:
        head = self.update[self.at]
        self.at += 1
        content = head & WHICH
        if content in (GONE, SKIPPED):
            return Struct(clock, self.number(), content, (), None, False)
        beside: tuple[Id, ...] = ()
        parent: Id | str | None = None
        key = False
        if head & HAS_LEFT:
            beside = (self.id(),)
        if head & HAS_RIGHT:
            beside += (self.id(),)
        if not beside:
            parent = self.text() if self.number() else self.id()
            if head & HAS_KEY:
                key = True
                self.text(LONGEST_FORMAT)
        return Struct(clock, self.content(content), content, beside, parent, key)

    def content(self, content: int) -> int:
        """Its length."""
        if content == STRING:
            text = self.text(len(self.update))
            return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
        if content == DELETED:
            return self.number()
        if content == FORMAT:
            # Each piece of a text names all that is said of it: with names without end it would be without end.
            if self.text() not in FORMATS and not self.trusted:
                raise Malformed
            _must_be_json(self.bytes_(LONGEST_FORMAT))
            return 1
        if content == VALUE:
            length = self.number()
            self.values(length)
            return length
        if content != TYPE or self.number() != A_MAP:
            raise Malformed
        return 1

    def values(self, count: int) -> None:
        """Pass over values, however they are nested, without nesting calls."""
        end = min(self.at + LONGEST_VALUE, len(self.update))
        waiting = [(count, False)]
        while waiting:
            left, named = waiting.pop()
            if not left:
                continue
            if self.at > end or len(waiting) > DEEPEST_VALUE:
                raise Malformed
            waiting.append((left - 1, named))
            if named:
                self.text()
            kind = self.update[self.at]
            self.at += 1
            if kind in (OBJECT, LIST):
                waiting.append((self.number(), kind == OBJECT))
            else:
                self.value(kind)
        if self.at > end:
            raise Malformed

    def value(self, kind: int) -> None:
        if kind in OF_SIZE:
            self.at += OF_SIZE[kind]
        elif kind == WHOLE:
            # (its first byte holds six bits and the sign)
            first = self.update[self.at]
            self.at += 1
            if first & 128:
                self.number()
        elif kind == WORDS:
            self.text(LONGEST_VALUE)
        else:
            raise Malformed  # (bytes, and what there is none of)


def _must_be_json(text: bytes) -> None:
    if text not in (b"{}", b"null", b"true"):
        json.loads(text, parse_constant=no_number)
