"""Rich text in shared documents: read, written, and written while others write."""

import random
import time

import pytest
from hypothesis import given, settings
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from sidebyside.base.rich_text import shared
from sidebyside.base.rich_text.lines import OF_LINES, OF_WORDS
from sidebyside.base.rich_text.nodes import clean, paragraphs, plain
from tests.base.rich_text.test_lines import ODD, raw
from tests.base.rich_text.texts import clean_texts

LINK = {"type": "link", "attrs": {"href": "https://example.org/a?b=c&d"}}
BOLD, ITALIC = {"type": "bold"}, {"type": "italic"}


def text(said, *marks):
    return {"type": "text", "text": said, "marks": list(marks)} if marks else {"type": "text", "text": said}


def paragraph(*content):
    return {"type": "paragraph", "content": list(content)} if content else {"type": "paragraph"}


def item(*content):
    return {"type": "listItem", "content": list(content)}


def heading(said):
    return {"type": "heading", "attrs": {"level": 3}, "content": [text(said)]}


def bullets(*said):
    return {"type": "bulletList", "content": [item(*paragraphs(each)) for each in said]}


def quoted(*blocks):
    return {"type": "blockquote", "content": list(blocks)}


EDITED = [
    {"type": "heading", "attrs": {"level": 3}, "content": [text("Erosion 😀 at the river")]},
    paragraph(
        text("Learners "),
        text("measure", BOLD),
        text(" and "),
        text("compare", BOLD, ITALIC),
        text(". See "),
        text("the map", LINK),
        text("."),
        {"type": "hardBreak"},
        text("Second line"),
    ),
    paragraph(),
    {
        "type": "bulletList",
        "content": [
            item(paragraph(text("one"))),
            item(
                paragraph(text("two")),
                {"type": "orderedList", "attrs": {"start": 3}, "content": [item(paragraph(text("three")))]},
            ),
        ],
    },
    {"type": "orderedList", "attrs": {"start": 1}, "content": [item(paragraph())]},
    {
        "type": "blockquote",
        "content": [
            paragraph(text("«نص من اليمين» ")),
            {"type": "heading", "attrs": {"level": 4}, "content": [text("Deep")]},
        ],
    },
]


AS_AN_EDITOR_DOES = [
    ("Erosion 😀 at the river", None),
    ("\n", {"heading": 3.0}),
    ("Learners ", None),
    ("measure", {"bold": True}),
    (" and ", None),
    ("compare", {"bold": True, "italic": True}),
    (". See ", None),
    ("the map", {"link": "https://example.org/a?b=c&d"}),
    (".\u2028Second line\n\none", None),
    ("\n", {"list": "bullet"}),
    ("two", None),
    ("\n", {"list": "bullet"}),
    ("three", None),
    ("\n", {"list": "number", "depth": 1.0, "start": 3.0}),
    ("\n", {"list": "number"}),
    ("«نص من اليمين» ", None),
    ("\n", {"quote": True}),
    ("Deep", None),
    ("\n", {"quote": True, "heading": 4.0}),
]


def held(*runs):
    """A document that holds these runs of characters with their attributes."""
    doc = Doc()
    found = doc.get("text", type=Text)
    with doc.transaction():
        for said, attributes in runs:
            found.insert(len(found), said, attributes or {})
    return doc, found


def written(nodes):
    doc, found = held()
    write(doc, found, nodes)
    return doc, found


def write(doc, found, nodes):
    with doc.transaction():
        shared.write(found, nodes)


def twin(doc):
    other = Doc()
    other.apply_update(doc.get_update())
    return other, other.get("text", type=Text)


def exchange(one, other):
    one.apply_update(other.get_update())
    other.apply_update(one.get_update())


def place(found, words):
    """Where words stand, for the library."""
    return len(str(found)[: str(found).index(words)].encode())


def test_a_text_is_read_and_written_as_the_format_says():
    assert shared.read(held(*AS_AN_EDITOR_DOES)[1]) == EDITED
    assert written(EDITED)[1].diff() == AS_AN_EDITOR_DOES


def test_writing_what_is_there_touches_nothing():
    # (the last line lacks its end, an item lies deeper than it can, a mark is none)
    for more in ([], [("a", {"bold": 1}), ("\n", {"list": "bullet", "depth": 5}), ("a", {"quote": True})]):
        doc, found = held(*AS_AN_EDITOR_DOES, *more)
        before = doc.get_state()
        write(doc, found, shared.read(found))
        assert doc.get_state() == before


@given(clean_texts, clean_texts)
@settings(max_examples=30, deadline=None)
def test_any_text_becomes_any_other(before, after):
    doc, found = written(before)
    assert shared.read(found) == before
    write(doc, found, after)
    assert shared.read(found) == after
    state = doc.get_state()
    write(doc, found, after)
    assert doc.get_state() == state


def test_any_nodes_are_written_as_their_clean_form():
    chance = random.Random(8)
    doc, found = held()
    for _time in range(300):
        nodes = [raw(chance) for _ in range(chance.randrange(5))]
        write(doc, found, nodes)
        assert shared.read(found) == clean(nodes)


# -- Hostile --


@pytest.mark.parametrize("name", [*OF_WORDS, *OF_LINES, "colour"])
def test_attributes_of_a_wrong_type_are_as_if_they_were_not_there(name):
    odd = [one for one in ODD if one is not None and one == one and one not in (10**400, 1e300, float("inf"))]
    for value in [*odd, True, "javascript:alert(1)"]:
        _doc, found = held(("words", {name: value}), ("\n", {name: value}), ("last", {name: value}))
        meant = name in ("bold", "italic") and value is True
        assert shared.read(found) == (
            [paragraph(text("words", {"type": name})), paragraph(text("last", {"type": name}))]
            if meant
            else [quoted(*paragraphs("words")), *paragraphs("last")]
            if name == "quote" and value is True
            else paragraphs("words\nlast")
        ), value


def test_what_no_editor_writes_is_made_harmless_and_written_over():
    doc, found = held(
        ("cl\r\0ick", {"link": "javascript:alert(1)", "bold": True, "heading": 3}),
        (" me", {"link": " mailto:ana@example.org", "list": "bullet"}),
        ("\r\n", {"list": "bullet", "heading": 3, "depth": {"a": [1]}, "bold": True}),
        ("\u2029", {"bold": True}),
    )
    with doc.transaction():
        found.insert_embed(3, {"image": "https://example.org/x.svg"})
        found.insert_embed(0, Map({"a": Array([1])}))
    mail = {"type": "link", "attrs": {"href": "mailto:ana@example.org"}}
    assert shared.read(found) == [
        {"type": "bulletList", "content": [item(paragraph(text("click", BOLD), text(" me", mail)))]},
        paragraph({"type": "hardBreak"}),
    ]
    write(doc, found, EDITED)
    assert shared.read(found) == EDITED
    assert all(isinstance(said, str) for said, _ in found.diff())


def test_kinds_that_did_not_count_do_not_come_back():
    doc, found = held(("a", {}), ("\n", {"list": "bullet", "heading": 3, "depth": 2}))
    write(doc, found, paragraphs("a"))
    assert shared.read(found) == paragraphs("a")


def fragment(doc):
    inner = doc.get("text", type=XmlFragment)
    inner.children.append(XmlText("loose"))
    for _level in range(1_000):
        inner = inner.children.append(XmlElement("blockquote"))


@pytest.mark.parametrize(
    "foreign",
    [
        fragment,
        lambda doc: doc.get("text", type=Array).extend([1, "x", {"a": 2}, b"x", None]),
        lambda doc: doc.get("text", type=Array).extend([Map({"a": 1}), Array([1]), Text("words"), Doc()]),
        lambda doc: doc.get("text", type=Map).update({"a": 1, "b": Map({"c": 2})}),
    ],
)
def test_what_is_no_text_is_read_as_far_as_it_goes(foreign, capfd):
    doc = Doc()
    with doc.transaction():
        foreign(doc)
    other, found = twin(doc)
    assert shared.read(found) == []
    assert shared.characters(found) == 0
    for nodes in (EDITED, paragraphs("words"), []):
        write(other, found, nodes)
        assert shared.read(found) == nodes
    capfd.readouterr()


def test_formats_that_end_nowhere():
    """Formats alone, as another library may leave them, and half of a pair of characters removed."""
    doc, found = held(("a😀b", {"bold": True}))
    with doc.transaction():
        found.format(0, 6, {"italic": True, "list": "bullet"})
        del found[0:6]
    assert shared.read(found) == []
    write(doc, found, paragraphs("a"))
    assert shared.read(found) == paragraphs("a")


@pytest.mark.parametrize(
    "runs",
    [
        [("\n" * 200_000, {"list": "bullet", "depth": 7})],
        [("x" * 200_000, {"link": "https://example.org/" + "y" * 1_900})],
        [("\u2028" * 200_000, {"bold": True})],
        [("\r\0\u2029\ufffd" * 50_000, {"heading": {"a": ["b"] * 1_000}})],
        [("words " * 33_000, {})],
    ],
    ids=["lines", "link", "breaks", "nothing", "words"],
)
def test_two_hundred_thousand_characters_are_read_and_written_quickly(runs):
    doc, found = held(*runs)
    began = time.process_time()
    shared.characters(found)
    shared.read(found)
    assert time.process_time() - began < 5
    write(doc, found, paragraphs("words\nother words"))
    assert time.process_time() - began < 10
    assert shared.read(found) == paragraphs("words\nother words")


def test_very_many_changes_are_written_quickly():
    doc, found = written(paragraphs("abc\n" * 2_500))
    for nodes in ([bullets(*["abc"] * 2_500)], [heading("abd")] * 2_500, paragraphs("abc\n" * 2_500)):
        began = time.process_time()
        write(doc, found, nodes)
        assert time.process_time() - began < 10
        assert shared.read(found) == nodes


def test_characters_are_counted_with_those_that_end_lines():
    assert shared.characters(written(EDITED)[1]) == sum(len(said) for said, _ in AS_AN_EDITOR_DOES)


def test_characters_of_several_bytes_keep_their_places():
    doc, found = written([paragraph(text("naïve 😀 "), text("語", BOLD), text(" شيء"))])
    after = [paragraph(text("naïve 😀😀 "), text("語言", BOLD), text(" شيء")), bullets("é", "😀")]
    write(doc, found, after)
    assert shared.read(found) == after


def test_a_mark_alone_changes_only_its_words():
    doc, found = written([paragraph(text("one two three"))])
    write(doc, found, [paragraph(text("one "), text("two", LINK), text(" three"))])
    assert found.diff() == [("one ", None), ("two", {"link": LINK["attrs"]["href"]}), (" three\n", None)]


# -- While others write --

BEFORE = paragraphs("Learners measure the ground\nThey compare")
BECOMES = [
    [bullets("Learners measure the ground", "They compare")],
    [heading("Learners measure the ground"), *paragraphs("They compare")],
    paragraphs("Learners measure the groundThey compare"),
    paragraphs("Learners measure\n the ground\nThey compare"),
    [quoted(*BEFORE)],
    [quoted(bullets("Learners measure the ground")), *paragraphs("They compare")],
    paragraphs("Learners weigh the ground\nThey compare"),
    [paragraph(text("Learners measure the ground", BOLD)), *paragraphs("They compare")],
    paragraphs("They compare"),
    paragraphs("new\nLearners measure the ground\nbetween\nThey compare\nlast"),
    [],
]


@pytest.mark.parametrize("after", BECOMES)
def test_words_typed_in_the_same_paragraph_survive(after):
    doc, found = written(BEFORE)
    for at, before in enumerate(("Learners", "measure", " the", "\nThey", "They", "compare")):
        other, others = twin(doc)
        others.insert(place(others, before), f"[typed {at}]", {})
        others.insert(place(others, before) + len(before), f"[typed {at}]\n", {})
        mine, my = twin(doc)
        write(mine, my, after)
        exchange(mine, other)
        assert my.diff() == others.diff()
        assert plain(shared.read(my)).count(f"[typed {at}]") == 2
        said = plain(shared.read(my)).replace(f"[typed {at}]", "")
        assert [*said.replace("\n", "")] == [*plain(after).replace("\n", "")]


def test_two_who_make_something_else_of_one_line_lose_no_word():
    doc, found = written(BEFORE)
    for one in BECOMES:
        for two in BECOMES:
            (mine, my), (other, others) = twin(doc), twin(doc)
            write(mine, my, one)
            write(other, others, two)
            exchange(mine, other)
            kept = plain(shared.read(my))
            assert kept == plain(shared.read(others))
            for word in ("Learners", "measure", "ground", "They", "compare"):
                assert word in kept or word not in plain(one) or word not in plain(two)
            assert all(word in kept for word in ("weigh", "new", "between") if word in plain(one) + plain(two))


def test_no_new_word_is_made_of_the_letters_of_an_old_one():
    """Or it goes with that, when somebody removes the old one at the same moment."""
    doc, found = written(paragraphs("they compared it"))
    other, others = twin(doc)
    del others[5:13]
    write(doc, found, paragraphs("they company it"))
    exchange(doc, other)
    assert plain(shared.read(found)) == "they company it"
