"""What is inside what in a live document, as far as it must be known to refuse what no page writes.

A document is maps, which may hold maps, and texts, which hold nothing but words and what is said of them. Maps nested
in maps end the process when the library walks over them, and the editor of everybody else stops at what is no text. So
it is known of everything in the document how deep it lies and in what kind of place; and an update is looked at before
the library has it. What builds on something that is missing is not let in at all.
Pure: no Django.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from heapq import heappop, heappush

from sidebyside.base.live.frames import Malformed
from sidebyside.base.live.updates import (
    DELETED,
    FORMAT,
    GONE,
    SKIPPED,
    STRING,
    TYPE,
    VALUE,
    Id,
    Struct,
    Update,
)

DEEPEST = 8
MOST_ROOTS = 500
MOST_MAPS = 5_000
MAP, TEXT = 1, 2  # kinds of places
PLAIN, WAS_DELETED = 3, 4  # what holds nothing, and what may have been a map

CONTENTS = {MAP: {VALUE, TYPE}, TEXT: {STRING, FORMAT}}  # what may be where

# The kind (MAP or TEXT) of a root by its name; None where there is none of that name.
Roots = Callable[[str], int | None]


class Shape:
    """Where everything in a document is. Clocks that follow one another and are in places of one kind, equally deep,
    are one run: its value is depth << 6 | kind of place << 3 | what it is itself."""

    def __init__(self, roots: Roots) -> None:
        self._kind_of = roots
        self._starts: dict[int, list[int]] = {}
        self._values: dict[int, list[int]] = {}
        self._next: dict[int, int] = {}
        self._roots: set[str] = set()
        self._before: dict[int, tuple[int, int]] = {}
        self._is_trusted = False
        self._maps = self._maps_before = 0

    @classmethod
    def of(cls, roots: Roots, update: Update) -> Shape:
        """That of a document that is written down: only what would end the process is refused (Malformed)."""
        shape = cls(roots)
        shape._is_trusted = True
        shape._place_all(update)
        shape._is_trusted = False
        return shape

    def take(self, update: Update) -> bool:
        """Take an update in. Returns False, and takes nothing, where it builds on what is missing. Raises Malformed,
        and takes nothing, where something is too deep or where it does not belong."""
        self._before = {}
        self._maps_before = self._maps
        try:
            if self._place_all(update) and self._are_there(update.deleted):
                return True
        except BaseException:
            self.undo()
            raise
        self.undo()
        return False

    def undo(self) -> None:
        """Take back what was taken in last."""
        for client, (runs, clock) in self._before.items():
            del self._starts[client][runs:]
            del self._values[client][runs:]
            self._next[client] = clock
        self._before = {}
        self._maps = self._maps_before

    def _are_there(self, deleted: dict[int, list[Id]]) -> bool:
        return all(sum(one) <= self._next.get(client, 0) for client, ranges in deleted.items() for one in ranges)

    def _place_all(self, update: Update) -> bool:
        """Place every struct once what it stands on is placed. Returns whether all could be."""
        ready = list(update.inserted)
        placed = dict.fromkeys(ready, 0)
        waiting: dict[int, list[Id]] = {}
        while ready:
            client = ready.pop()
            structs, at = update.inserted[client], placed[client]
            while at < len(structs):
                missing = self._place(client, structs[at])
                if missing is not None:
                    heappush(waiting.setdefault(missing[0], []), (missing[1], client))
                    break
                at += 1
            placed[client] = at
            heap = waiting.get(client)
            while heap and heap[0][0] < self._next.get(client, 0):
                ready.append(heappop(heap)[1])
        return all(placed[client] == len(structs) for client, structs in update.inserted.items())

    def _place(self, client: int, struct: Struct) -> Id | None:
        """Place a struct. Returns what it needs where that is missing."""
        known = self._next.get(client, 0)
        end = struct.clock + struct.length
        if end <= known:
            return None  # it is there already, and stays as it is
        if struct.clock > known or struct.content == SKIPPED:
            return client, max(struct.clock, end if struct.content == SKIPPED else 0) - 1
        needed = list(struct.beside)
        if struct.clock < known:
            needed.append((client, known - 1))
        if isinstance(struct.parent, tuple):
            needed.append(struct.parent)
        for whose, clock in needed:
            if clock >= self._next.get(whose, 0):
                return whose, clock
        place = self._place_of(client, struct, known)
        self._keep(client, known, end, place << 3 | self._own(struct, place) if place else 0)
        return None

    def _place_of(self, client: int, struct: Struct, known: int) -> int:
        """depth << 3 | kind of where it is; 0 where that is gone, and this goes with it."""
        if struct.content == GONE:
            return 0
        places = {self._value(*one) >> 3 for one in struct.beside}
        if struct.clock < known:
            places.add(self._value(client, known - 1) >> 3)
        if struct.parent is not None:
            places.add(self._inside(struct))
        places.discard(0)
        if not places:
            return 0
        if len(places) > 1 and not self._is_trusted:
            raise Malformed
        return max(places)

    def _inside(self, struct: Struct) -> int:
        if isinstance(struct.parent, str):
            kind = self._kind_of(struct.parent)
            depth = 1
            if kind is None and self._is_trusted:
                kind = MAP
            if kind is None:
                raise Malformed
            self._roots.add(struct.parent)
            if len(self._roots) > MOST_ROOTS and not self._is_trusted:
                raise Malformed
        else:
            assert struct.parent is not None  # (asked before)
            found = self._value(*struct.parent)
            depth, kind = (found >> 6) + 1, found & 7
            if not found or kind == WAS_DELETED:
                return 0
            if kind == PLAIN:
                raise Malformed
        if struct.key != (kind == MAP) and not self._is_trusted:
            raise Malformed
        return depth << 3 | kind

    def _own(self, struct: Struct, place: int) -> int:
        """What it is itself. Raises Malformed where such a thing has no place, and where it lies too deep."""
        depth, kind = place >> 3, place & 7
        if struct.content == DELETED:
            return WAS_DELETED if kind == MAP else PLAIN
        if struct.content == TYPE and depth > DEEPEST:
            raise Malformed
        if struct.content not in CONTENTS[kind] and not self._is_trusted:
            raise Malformed
        if struct.content != TYPE:
            return PLAIN
        self._maps += 1
        if self._maps > MOST_MAPS and not self._is_trusted:
            raise Malformed
        return MAP

    def _value(self, client: int, clock: int) -> int:
        return self._values[client][bisect_right(self._starts[client], clock) - 1]

    def _keep(self, client: int, start: int, end: int, value: int) -> None:
        starts, values = self._starts.setdefault(client, []), self._values.setdefault(client, [])
        if client not in self._before:
            self._before[client] = (len(starts), start)
        if not values or values[-1] != value:
            starts.append(start)
            values.append(value)
        self._next[client] = end
