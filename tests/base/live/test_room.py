"""A document in memory: what it takes in, in whatever order it comes."""

import pytest
from pycrdt import Doc, Map, Text

from sidebyside.base.live import documents, frames, limits
from sidebyside.base.live.models import LiveDocument
from sidebyside.base.live.room import Room, Size, TooMuch
from sidebyside.base.live.shape import Shape
from sidebyside.lessons.text import characters, kind_of_root
from tests.base.live import yjs


@pytest.fixture
def room():
    found = Room(1, "p1", characters, kind_of_root)
    found.fill(Doc(), Shape(kind_of_root), Size(0, 0), LiveDocument(), [])
    return found


def typed(*texts):
    """A document with these lines, and an update for each."""
    doc, made = Doc(), []
    doc.observe(lambda event: made.append(event.update))
    for text in texts:
        words = doc.get("text:aaaaaaaa", type=Text)
        words.insert(len(words), f"{text}\n", {})
    return doc, made


def words(room):
    return str(room.doc.get("text:aaaaaaaa", type=Text))


def test_what_others_wrote_may_come_in_any_order(room):
    doc, (first, second, third) = typed("One.", "Two.", "Three.")
    assert room.take_written(third) == room.take_written(second) == documents.EMPTY
    assert words(room) == ""
    told = Doc()
    told.apply_update(room.take_written(first))
    assert room.early == documents.EMPTY
    assert told.get_update() == room.doc.get_update() == doc.get_update()


def test_what_builds_on_what_never_came_is_not_taken(room):
    _doc, (first, second) = typed("One.", "Two.")
    assert room.apply(second) is None
    assert room.doc.get_update() == documents.EMPTY
    assert room.apply(first)
    assert room.apply(second)
    assert room.apply(second) == documents.EMPTY


def test_bytes_that_cannot_be_read_leave_nothing_behind(room):
    _doc, (first, second) = typed("One.", "Two.")
    assert room.apply(first)
    for cut in range(1, len(second)):
        with pytest.raises(frames.Malformed):
            room.apply(second[:cut])
    assert room.apply(second)
    assert words(room) == "One.\nTwo.\n"


def test_only_what_grows_over_a_limit_is_too_much(room):
    doc, (first,) = typed("x" * (limits.MOST_CHARACTERS - 1))
    assert room.apply(first)
    over = yjs.update([yjs.in_root(yjs.word("y"), 4)])
    with pytest.raises(TooMuch, match="too_long"):
        room.apply(over)
    before = doc.get_state()
    del doc.get("text:aaaaaaaa", type=Text)[:10]
    assert room.apply(doc.get_update(before))
    # The refused one was not remembered: it comes again, and there is room.
    assert room.apply(over)
    assert room.apply(standards(20)) is not None


def test_what_was_only_deleted_elsewhere_is_missed_too(room):
    doc, (first,) = typed("One and two.")
    room.apply(first)
    assert room.lacks(doc) == documents.EMPTY
    told = Doc()
    told.apply_update(first)
    del doc.get("text:aaaaaaaa", type=Text)[:4]
    told.apply_update(room.lacks(doc))
    assert told.get_update() == doc.get_update()


def standards(number):
    doc = Doc()
    with doc.transaction():
        for key in range(number):
            doc.get("standards", type=Map)[str(key)] = {"statement": "x" * 1_000}
    return doc.get_update()
