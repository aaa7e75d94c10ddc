"""One live document in the memory of this process, shared by everybody who has it open here.

A change is applied at once, which tells what of it is new, then written, and only then told to others and
acknowledged. Nobody is answered from the document before what was in it at that moment is written. Where writing
fails, the document is thrown away and read anew, so it never goes on with what is not written.
All of it runs in the event loop, but for reading the document.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pycrdt
from pycrdt import Doc, TransactionEvent

from sidebyside.base.live import documents, frames, limits, updates
from sidebyside.base.live.shape import Roots, Shape

if TYPE_CHECKING:
    from sidebyside.base.live.models import LiveDocument
    from sidebyside.base.live.seats import Seat

Count = Callable[[Doc], int]


class TooMuch(Exception):
    """With this change the document would grow over its limit; `why` is "too_large" or "too_long"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Damaged(Exception):
    """Half of a change may be in the document now: it has to be read anew."""


@dataclass
class Size:
    """How large a document may be by now, at most: bytes of its state and characters of its text."""

    state: int
    characters: int

    def may_take(self, more: int, characters: int) -> bool:
        """Whether an update of so many bytes, which inserts so many characters, cannot lead over a limit."""
        return self.state + more <= limits.LARGEST_STATE and self.characters + characters <= limits.MOST_CHARACTERS


@dataclass(eq=False, repr=False)
class Room:
    """A document, who has it open, and what waits until something is written."""

    document: int
    scope: str
    count: Count
    roots: Roots
    seats: dict[int, Seat] = field(default_factory=dict)
    # Changes are numbered as they are given to the writer; up to `written` all are on the disk.
    given: int = 0
    written: int = 0
    waiting: deque[tuple[int, Callable[[], None]]] = field(default_factory=deque)
    # Set, by the writer too, when something was not written: no later change may be, which may need it.
    is_broken: bool = False
    is_erased: bool = False
    is_filled: bool = False
    # The snapshot that the document was read from, and the updates since that are in it as well.
    row: LiveDocument | None = None
    loose: set[int] = field(default_factory=set)
    # Those of them that become part of the snapshot at this moment.
    kept: set[int] = field(default_factory=set)
    # Who has it open in other processes: when that was said, and person, name and browsers of each.
    elsewhere: dict[str, tuple[float, list[list[Any]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._effects: list[bytes] = []
        self.doc: Doc = Doc()
        self.size = Size(0, 0)
        self.shape = Shape(self.roots)
        # What was written elsewhere and builds on what was not heard of yet.
        self.early = documents.EMPTY

    @property
    def version(self) -> int | None:
        """That of the snapshot which is known to be in the document."""
        return None if self.row is None else self.row.version

    def unknown(self, ids: Iterable[int]) -> list[int]:
        """Which of these updates are not known to be in the document."""
        return [id for id in ids if id not in self.loose and id not in self.kept]

    def fill(self, doc: Doc, shape: Shape, size: Size, row: LiveDocument, loose: list[int]) -> None:
        """Take the document in."""
        self.doc, self.shape, self.size, self.row, self.loose = doc, shape, size, row, set(loose)
        self.early = documents.EMPTY
        self._watch = doc.observe(self._changed)
        self._effects.clear()
        self.is_filled = True

    def lacks(self, doc: Doc) -> bytes:
        """What a document, read anew, has more than the one in memory; EMPTY when that is nothing."""
        try:
            known = self.doc.get_state()
            # (what was deleted is in no state vector, and whole in every update)
            return documents.EMPTY if doc.get_update(known) == self.doc.get_update(known) else doc.get_update(known)
        except BaseException as fault:
            must_be_a_panic(fault)
            return doc.get_update()

    def _changed(self, event: TransactionEvent) -> None:
        self._effects.append(event.update)

    # Changes

    def apply(self, update: bytes) -> bytes | None:
        """Apply a change. Returns what of it is new, as an update; EMPTY when nothing is; None where it builds on what
        is missing: then nothing of it is applied.

        Raises Malformed and TooMuch, which leave the document as it was, and Damaged.
        """
        read = updates.read(update)
        if not self.shape.take(read):
            return None
        # (to delete never needs a look: it makes the document smaller)
        if read.inserted and not self.size.may_take(len(update), read.characters):
            try:
                self._must_fit(update, read.characters)
            except BaseException:
                self.shape.undo()
                raise
        return self._apply(update, read.characters)

    def take_written(self, update: bytes) -> bytes:
        """As `apply`, for what is written already and therefore fits. What builds on something unheard of waits, as
        `early`, until that comes."""
        together = documents.merged([self.early, update])
        read = updates.read(together)
        if not self.shape.take(read):
            self.early = together
            return documents.EMPTY
        self.early = documents.EMPTY
        return self._apply(together, read.characters)

    def _apply(self, update: bytes, characters: int) -> bytes:
        self._effects.clear()
        try:
            self.doc.apply_update(update)
        except ValueError:
            self.shape.undo()
            raise frames.Malformed from None  # it could not be read, so nothing of it was applied
        except Exception as fault:
            raise Damaged from fault
        except BaseException as fault:
            must_be_a_panic(fault)
            raise Damaged from None
        if self._lacks(update):
            raise Damaged  # (the library waits for something where nothing is missing)
        effect = documents.merged(self._effects)
        self.size.state += len(effect)
        self.size.characters += characters
        return effect

    def _must_fit(self, update: bytes, inserted: int) -> None:
        """Look closely whether the document stays within its limits with this change. It may always grow smaller."""
        state = self.doc.get_update()
        characters = self.count(self.doc)
        self.size = Size(len(state), characters)
        if self.size.may_take(len(update), inserted):
            return
        trial: Doc = Doc()
        try:
            trial.apply_update(state)
            trial.apply_update(update)
            after = Size(len(trial.get_update()), self.count(trial))
        except Exception:
            raise frames.Malformed from None
        except BaseException as fault:
            must_be_a_panic(fault)
            raise frames.Malformed from None
        if after.state > max(limits.LARGEST_STATE, self.size.state):
            raise TooMuch("too_large")
        if after.characters > max(limits.MOST_CHARACTERS, self.size.characters):
            raise TooMuch("too_long")

    def _lacks(self, update: bytes) -> bool:
        """Whether something of an update that was applied is not in the document."""
        state = self.doc.get_state()
        try:
            left = pycrdt.get_update(update, state)
        except Exception as fault:
            raise Damaged from fault
        except BaseException as fault:
            must_be_a_panic(fault)
            raise Damaged from None
        return bool(left[0]) or not frames.deletes_within(left, state)

    # Answers

    def since(self, state_vector: bytes) -> bytes:
        """What a browser lacks that has this much. Raises Malformed, Damaged."""
        frames.clocks(state_vector)
        try:
            return self.doc.get_update(state_vector)
        except Exception:
            raise frames.Malformed from None
        except BaseException as fault:
            must_be_a_panic(fault)
            raise Damaged from None

    def state_vector(self) -> bytes:
        """What is in the document."""
        return self.doc.get_state()

    def when_written(self, act: Callable[[], None]) -> None:
        """Do this once all is written that was given to the writer until now; at once if nothing waits."""
        if self.written >= self.given:
            act()
        else:
            self.waiting.append((self.given, act))

    def give_up(self) -> None:
        """Something was not written: nobody is answered any more from what is in memory."""
        self.is_broken = True
        self.waiting.clear()

    def has_written(self, number: int) -> None:
        """All up to this number is written."""
        self.written = max(self.written, number)
        while self.waiting and self.waiting[0][0] <= self.written:
            self.waiting.popleft()[1]()

    # Telling

    def tell(self, message: bytes | str, *, but: Seat | None = None) -> None:
        """Send a message to everybody who has the document open here, but for one."""
        for seat in list(self.seats.values()):
            if seat is not but:
                seat.send(message)

    def here(self) -> list[list[Any]]:
        """Who has the document open in this process: person, name and the browsers whose cursors she moves."""
        people: dict[int, list[Any]] = {}
        for seat in self.seats.values():
            found = people.setdefault(seat.guest.person, [seat.guest.person, seat.guest.name, []])
            if seat.client is not None:
                found[2].append(seat.client)
        return list(people.values())

    def tell_who(self) -> None:
        """Say who is here, in this process and elsewhere."""
        people = joined(self.here(), (people for _at, people in self.elsewhere.values()))
        self.tell(frames.as_json(type="who", people=people))

    def forget_elsewhere(self, before: float) -> None:
        """Forget who is said to be in processes that were last heard of before this moment."""
        gone = [process for process, (at, _people) in self.elsewhere.items() if at < before]
        for process in gone:
            del self.elsewhere[process]
        if gone:
            self.tell_who()


def joined(here: Iterable[list[Any]], others: Iterable[list[list[Any]]]) -> list[dict[str, Any]]:
    """Who is here and elsewhere, each person once, with all her browsers."""
    people: dict[int, dict[str, Any]] = {}
    for person, name, clients in [*here, *(each for there in others for each in there)]:
        found = people.setdefault(person, {"id": person, "name": name, "clients": []})
        found["clients"] += clients
    return list(people.values())


def must_be_a_panic(fault: BaseException) -> None:
    """Raises what is no panic of the library (its type cannot be imported, and is no Exception)."""
    if type(fault).__name__ != "PanicException":
        raise fault
