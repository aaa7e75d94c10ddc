"""What no page writes is refused before the library has it; what pages write is let in whatever order it came in."""

import random
from contextlib import suppress

import pytest
from pycrdt import Doc, Map, Text, merge_updates, write_var_uint

from sidebyside.base.live import updates
from sidebyside.base.live.frames import Malformed
from sidebyside.base.live.shape import DEEPEST, MOST_MAPS, MOST_ROOTS, Shape
from sidebyside.base.live.updates import LONGEST_FORMAT
from sidebyside.base.rich_text import shared
from sidebyside.base.rich_text.nodes import paragraphs
from sidebyside.lessons.text import kind_of_root
from tests.base.live import yjs

VALUE = b"\x01\x7e"  # one value: null


@pytest.fixture
def shape():
    return Shape(kind_of_root)


def take(shape, update):
    return shape.take(updates.read(update))


def test_so_deep_and_no_deeper(shape):
    assert take(shape, yjs.nested(DEEPEST))
    with pytest.raises(Malformed):
        take(shape, yjs.nested(1, start=DEEPEST))
    assert take(shape, yjs.update([yjs.inside(yjs.A_MAP, 7, DEEPEST - 2, key="b")], clock=DEEPEST))


def test_forty_thousand_deep_at_once(shape):
    deep = yjs.nested(40_000, deleted=yjs.DELETES_THE_FIRST)
    assert len(deep) < 1024 * 1024
    with pytest.raises(Malformed):
        take(shape, deep)
    assert take(shape, yjs.nested(1))  # nothing of it was kept


def test_neither_backwards_nor_beside_one_another(shape):
    for at in range(200, 0, -1):
        assert not take(shape, yjs.nested(1, start=at))
    assert take(shape, yjs.nested(DEEPEST))
    with pytest.raises(Malformed):
        take(shape, yjs.update([yjs.behind(yjs.A_MAP, 7, 4), yjs.inside(yjs.A_MAP, 7, DEEPEST - 1)], clock=DEEPEST))
    assert take(shape, yjs.update([yjs.behind(yjs.A_MAP, 7, DEEPEST - 1)], clock=DEEPEST))
    with pytest.raises(Malformed):
        take(shape, yjs.update([yjs.inside(yjs.A_MAP, 7, DEEPEST, key="a")], clock=DEEPEST + 1))


def test_of_two_browsers_that_build_on_one_another(shape):
    """Each lies in what the other one made last: neither comes first as a whole."""
    parts = []
    for client, other in ((5, 6), (6, 5)):
        structs = [
            yjs.in_parts()
            if client == 5 and not at
            else yjs.inside(yjs.A_MAP, 7, at - (client == 5), client=other, key="a")
            for at in range(5_000)
        ]
        parts.append(yjs.update(structs, client=client)[1:-1])
    with pytest.raises(Malformed):
        take(shape, b"\x02" + b"".join(parts) + b"\x00")


def test_a_ring_waits_for_ever(shape):
    structs = [yjs.inside(yjs.A_MAP, 7, 1, key="a"), yjs.inside(yjs.A_MAP, 7, 0, key="a")]
    assert not take(shape, yjs.update(structs))
    assert not take(shape, yjs.update([], deleted=yjs.DELETES_THE_FIRST))


def said(name, value="true"):
    """The content of a struct that says something of words."""
    return yjs.word(name) + yjs.word(value)


@pytest.mark.parametrize(
    "wrong",
    {
        "an array in a text": [yjs.in_root(b"\x00", 7)],
        "a map in a text": [yjs.in_root(yjs.A_MAP, 7)],
        "a text in a text": [yjs.in_root(b"\x02", 7)],
        "an element in a text": [yjs.in_root(b"\x03\x01p", 7)],
        "a text of XML in a text": [yjs.in_root(b"\x06", 7)],
        "a value in a text": [yjs.in_root(VALUE, 8)],
        "JSON in a text": [yjs.in_root(b"\x01" + yjs.word("1"), 2)],
        "a picture in a text": [yjs.in_root(yjs.word('{"image":"x"}'), 5)],
        "bytes in a text": [yjs.in_root(yjs.word("x"), 3)],
        "a document in a document": [yjs.in_root(yjs.word("guid") + b"\x7e", 9)],
        "an attribute of a text": [yjs.in_root(VALUE, 8, key="a")],
        "words under a key of a text": [yjs.in_root(yjs.word("a"), 4, key="a")],
        "words in a map": [yjs.in_parts(yjs.word("hers"), 4)],
        "what is said of words in a map": [yjs.in_parts(said("bold"), 6)],
        "a text in a map": [yjs.in_parts(b"\x02")],
        "a text of XML in a map": [yjs.in_parts(b"\x06")],
        "an array in a map": [yjs.in_parts(b"\x00")],
        "a list made of a map": [yjs.in_root(VALUE, 8, root="parts")],
        "a root there is none of": [yjs.in_root(yjs.word("a"), 4, root="somewhere")],
        "a root with another name": [yjs.in_root(yjs.word("a"), 4, root="text:<b>")],
        "words behind a map": [yjs.in_parts(), yjs.behind(yjs.word("a"), 4, 0)],
        "a map behind words": [yjs.in_root(yjs.word("a"), 4), yjs.behind(yjs.A_MAP, 7, 0)],
        "a value behind words": [yjs.in_root(yjs.word("a"), 4), yjs.behind(VALUE, 8, 0)],
        "words between a map and words": [
            yjs.in_parts(),
            yjs.in_root(yjs.word("a"), 4),
            yjs.between(yjs.word("b"), 4, 0, 1),
        ],
        "something in a letter": [yjs.in_root(yjs.word("a"), 4), yjs.inside(yjs.A_MAP, 7, 0, key="a")],
        "something in what is said of words": [yjs.in_root(said("bold"), 6), yjs.inside(yjs.word("a"), 4, 0)],
        "a huge value": [yjs.in_root(b"\x01\x77" + yjs.word("x" * 70_000), 8, root="standards", key="a")],
        "values in values": [yjs.in_root(b"\x01" + b"\x75\x01" * 400_000 + b"\x7e", 8, root="standards", key="a")],
        "a value of bytes": [yjs.in_root(b"\x01\x74\x01a", 8, root="standards", key="a")],
        "what is never said of words": [yjs.in_root(said("colour"), 6)],
        "what has no name": [yjs.in_root(said(""), 6)],
        "what is no JSON": [yjs.in_root(said("bold", "NaN"), 6)],
        "what is nothing": [yjs.in_root(said("bold", ""), 6)],
        "what has no end": [yjs.in_root(said("bold", "[" * 8_000), 6)],
        "what is said at great length": [yjs.in_root(said("link", '"' + "x" * LONGEST_FORMAT + '"'), 6)],
        "words that are none": [yjs.in_root(b"\x01\xff", 4)],
        "nothing at all": [b"\x00\x00"],
    }.items(),
    ids=lambda wrong: wrong[0],
)
def test_what_no_page_writes(shape, wrong):
    with pytest.raises(Malformed):
        take(shape, yjs.update(wrong[1]))
    assert take(shape, yjs.nested(1))


def test_all_that_is_said_of_words(shape):
    names = ("bold", "italic", "link", "heading", "list", "depth", "start", "more", "quote")
    assert take(shape, yjs.update([yjs.in_root(said(name, value), 6) for name in names for value in ("null", "[{}]")]))


def test_numbers_that_a_browser_cannot_count(shape):
    for client in (2**53, 2**60):
        with pytest.raises(Malformed):
            take(shape, yjs.update([yjs.in_parts()], client=client))
    with pytest.raises(Malformed):
        take(shape, yjs.update([b"\x00" + write_var_uint(2**40)]))


def test_so_many_roots(shape):
    structs = [yjs.in_root(yjs.word("a"), 4, root=f"text:a{number}") for number in range(MOST_ROOTS)]
    assert take(shape, yjs.update(structs))
    with pytest.raises(Malformed):
        take(shape, yjs.update([yjs.in_root(yjs.word("a"), 4)], clock=MOST_ROOTS))


def test_so_many_maps(shape):
    assert take(shape, yjs.update([yjs.in_parts()] * MOST_MAPS))
    more = yjs.update([yjs.in_parts()], clock=MOST_MAPS)
    with pytest.raises(Malformed):
        take(shape, more)
    with pytest.raises(Malformed):
        take(shape, more)


def test_what_is_written_down_is_opened_unless_it_ends_the_process():
    odd = yjs.update([
        yjs.in_root(yjs.A_MAP, 7),
        yjs.in_root(said("colour"), 6),
        yjs.in_root(VALUE, 8, root="somewhere", key="a"),
        yjs.in_parts(yjs.word("words"), 4),
    ])  # fmt: skip
    with pytest.raises(Malformed):
        take(Shape(kind_of_root), odd)
    shape = Shape.of(kind_of_root, updates.read_inserted(odd))
    assert take(shape, yjs.update([yjs.in_root(yjs.word("more"), 4)], clock=8))
    with pytest.raises(Malformed):
        Shape.of(kind_of_root, updates.read_inserted(yjs.nested(DEEPEST + 1)))


def test_no_cut_and_no_changed_byte_makes_anything_else_of_it():
    whole = written(30)[0].get_update()
    for cut in range(0, len(whole), 7):
        with pytest.raises(Malformed):
            updates.read(whole[:cut])
    chance = random.Random(4)
    for _time in range(300):
        changed = bytearray(whole)
        changed[chance.randrange(len(changed))] = chance.randrange(256)
        with suppress(Malformed):
            take(Shape(kind_of_root), bytes(changed))


def written(changes=150):
    """A document that two have written, and every update of theirs."""
    ana, ben, made = Doc(), Doc(), []
    own = False
    for doc in (ana, ben):
        doc.observe(lambda event: made.append(event.update) if own else None)
    chance = random.Random(3)
    for number in range(changes):
        doc, other = ((ana, ben), (ben, ana))[number % 2]
        own = False
        if number % 3:
            doc.apply_update(other.get_update())
        own = True
        text = doc.get("text:aaaaaaaa", type=Text)
        place = chance.randrange(len(str(text)) + 1) if str(text).isascii() else 0
        with doc.transaction():
            if number % 10 < 2:
                text.insert(place, f"Number {number}\n", {})
                text.format(place, place + 1, {"bold": True, "link": "https://example.org/é"})
            elif number % 10 == 5:
                doc.get("parts", type=Map)[f"p{number}"] = Map({"kind": "task", "place": 1.5, "removed": False})
            elif number % 10 == 6:
                doc.get("standards", type=Map)["same"] = {"code": "é", "list": [1, {"a": None}], "at": -70}
            elif number % 10 == 7:
                del text[0:3]
            elif len(text):
                shared.write(text, paragraphs(f"wörd 🙂 {number}") + shared.read(text)[1:])
    own = False
    ana.apply_update(ben.get_update())
    return ana, [one for one in made if one != b"\x00\x00"]


def test_what_pages_write_is_let_in_as_it_came_or_as_a_whole(shape):
    doc, made = written()
    assert all(take(shape, update) for update in made)
    assert all(take(shape, update) for update in made)  # once more
    for whole in (doc.get_update(), merge_updates(*made)):
        assert take(Shape(kind_of_root), whole)
        assert take(shape, whole)
    again = Shape.of(kind_of_root, updates.read_inserted(doc.get_update()))
    assert again._next == shape._next


def test_what_came_too_early_comes_again_with_the_rest(shape):
    _doc, made = written()
    early = made[1:]
    chance = random.Random(5)
    chance.shuffle(early)
    held = merge_updates(*early)
    assert not take(shape, held)
    assert take(shape, merge_updates(held, made[0]))


def test_a_letter_more_costs_next_to_nothing(shape):
    """A thousand of them in a long document: no look at what is there already."""
    assert take(shape, yjs.update([yjs.in_root(yjs.word("a"), 4) for _number in range(15_000)]))
    runs = len(shape._starts[yjs.CLIENT])
    for number in range(1_000):
        assert take(shape, yjs.update([yjs.behind(yjs.word("a"), 4, number)], clock=15_000 + number))
    assert len(shape._starts[yjs.CLIENT]) == runs == 1
