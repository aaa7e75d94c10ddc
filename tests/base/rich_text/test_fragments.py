"""Rich text in shared documents.

`y_prosemirror.bin` is an update as an editor's binding writes it, made once with yjs 13.6.33 and y-prosemirror 1.3.7:
`prosemirrorJSONToYXmlFragment(schema, json, doc.getXmlFragment("text:abcd1234"))` with the schema of the editor (links
with the further attributes target, rel and class), then two letters typed into the second block and deleted again.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from pycrdt import Array, Doc, Map, XmlElement, XmlFragment, XmlText

from sidebyside.base.rich_text import fragments
from sidebyside.base.rich_text.nodes import clean, paragraphs, plain
from tests.base.rich_text.texts import clean_texts

LINK = {"type": "link", "attrs": {"href": "https://example.org/a?b=c&d"}}
BOLD, ITALIC = {"type": "bold"}, {"type": "italic"}


def text(said, *marks):
    return {"type": "text", "text": said, "marks": list(marks)} if marks else {"type": "text", "text": said}


def paragraph(*content):
    return {"type": "paragraph", "content": list(content)} if content else {"type": "paragraph"}


def item(*content):
    return {"type": "listItem", "content": list(content)}


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


def edited():
    doc = Doc()
    doc.apply_update((Path(__file__).parent / "y_prosemirror.bin").read_bytes())
    return doc, doc.get("text:abcd1234", type=XmlFragment)


def written(nodes):
    doc = Doc()
    fragment = doc.get("text", type=XmlFragment)
    with doc.transaction():
        fragments.write(fragment, nodes)
    return doc, fragment


def twin(doc):
    other = Doc()
    other.apply_update(doc.get_update())
    return other, other.get("text", type=XmlFragment)


def exchange(one, other):
    one.apply_update(other.get_update())
    other.apply_update(one.get_update())


def test_what_an_editor_wrote_is_read():
    _, fragment = edited()
    assert fragments.read(fragment) == EDITED


def test_writing_what_an_editor_wrote_touches_nothing():
    doc, fragment = edited()
    before = doc.get_state()
    with doc.transaction():
        fragments.write(fragment, EDITED)
    assert doc.get_state() == before


def test_a_text_is_written_as_an_editor_would():
    doc, fragment = written(EDITED)
    _, editors = edited()
    shown = str(editors).replace(' rel="noopener" target="_blank"', "").replace(' target="_blank"', "")
    assert fragments.read(fragment) == EDITED
    assert [child.tag for child in fragment.children] == [child.tag for child in editors.children]
    (heading, told) = fragment.children[0], fragment.children[1]
    assert heading.attributes["level"] == 3
    assert told.children[0].diff()[1] == ("measure", {"bold": {}})
    assert [type(child) for child in told.children] == [XmlText, XmlElement, XmlText]
    assert shown.count("<paragraph>") == str(fragment).count("<paragraph>")


@given(clean_texts, clean_texts)
@settings(max_examples=30, deadline=None)
def test_any_text_becomes_any_other(before, after):
    doc, fragment = written(before)
    assert fragments.read(fragment) == before
    with doc.transaction():
        fragments.write(fragment, after)
    assert fragments.read(fragment) == after
    state = doc.get_state()
    with doc.transaction():
        fragments.write(fragment, after)
    assert doc.get_state() == state


def test_words_typed_in_other_blocks_survive():
    doc, fragment = written(paragraphs("first\nsecond\nthird"))
    other, others = twin(doc)
    with other.transaction():
        others.children[2].children[0].insert(5, " line")
        others.children[0].children[0].insert(0, "The ")
    with doc.transaction():
        fragments.write(fragment, paragraphs("first\nnew\nthird\nfourth"))
    exchange(doc, other)
    assert plain(fragments.read(fragment)) == plain(fragments.read(others)) == "The first\nnew\nthird line\nfourth"


def test_words_typed_in_the_same_paragraph_survive():
    doc, fragment = written(paragraphs("Learners measure the ground"))
    other, others = twin(doc)
    with other.transaction():
        others.children[0].children[0].insert(27, " twice")
        others.children[0].children[0].insert(0, "All: ")
    with doc.transaction():
        fragments.write(fragment, paragraphs("Learners weigh the ground"))
    exchange(doc, other)
    assert plain(fragments.read(others)) == "All: Learners weigh the ground twice"


def test_a_block_between_leaves_the_others_alone():
    doc, fragment = written(paragraphs("first\nsecond"))
    other, others = twin(doc)
    with doc.transaction():
        fragments.write(fragment, paragraphs("first\nbetween them\nsecond"))
    with other.transaction():
        others.children[1].children[0].insert(6, " here")
    exchange(doc, other)
    assert plain(fragments.read(fragment)) == "first\nbetween them\nsecond here"


def test_characters_of_several_bytes_keep_their_places():
    doc, fragment = written([paragraph(text("naïve 😀 "), text("語", BOLD), text(" شيء"))])
    with doc.transaction():
        fragments.write(fragment, [paragraph(text("naïve 😀😀 "), text("語言", BOLD), text(" شيء"))])
    assert fragments.read(fragment) == [paragraph(text("naïve 😀😀 "), text("語言", BOLD), text(" شيء"))]


def test_a_mark_alone_changes_only_its_words():
    doc, fragment = written([paragraph(text("one two three"))])
    with doc.transaction():
        fragments.write(fragment, [paragraph(text("one "), text("two", LINK), text(" three"))])
    assert fragment.children[0].children[0].diff() == [
        ("one ", None),
        ("two", {"link": LINK["attrs"]}),
        (" three", None),
    ]


def odd_document():
    doc = Doc()
    fragment = doc.get("text", type=XmlFragment)
    with doc.transaction():
        script = fragment.children.append(XmlElement("script", {"src": "https://example.org"}))
        script.children.append(XmlText("alert(1)"))
        heading = fragment.children.append(XmlElement("heading"))
        heading.attributes["level"] = {"a": [1]}
        loose = fragment.children.append(XmlText(""))
        loose.insert(0, "click", {"link": "javascript:alert(1)", "bold": True})
        loose.insert(5, " me", {"link--1a2b3c4d": {"href": "mailto:ana@example.org"}, "bold": None})
        loose.insert_embed(8, {"image": "https://example.org/x.svg"})
        loose.insert_embed(9, Map({"a": 1}))
    return doc, fragment


def test_what_no_editor_writes_is_made_harmless():
    _, fragment = odd_document()
    assert fragments.read(fragment) == [
        paragraph(text("alert(1)")),
        {"type": "heading", "attrs": {"level": 3}},
        paragraph(text("click", BOLD), text(" me", {"type": "link", "attrs": {"href": "mailto:ana@example.org"}})),
    ]


def test_what_no_editor_writes_is_written_over():
    doc, fragment = odd_document()
    with doc.transaction():
        fragments.write(fragment, EDITED)
    assert fragments.read(fragment) == EDITED


@pytest.mark.parametrize("foreign", [[1, "x", {"a": 2}], [Map({"a": 1}), Array([1])], list(range(500))])
def test_a_fragment_that_holds_something_else_is_read_as_far_as_it_goes(foreign, capfd):
    doc = Doc()
    doc.get("text", type=Array).extend(foreign)
    other, fragment = twin(doc)
    assert fragments.read(fragment) == []
    with other.transaction():
        fragment.children.append(XmlElement("paragraph", {}, [XmlText("words")]))
    assert fragments.read(fragment) == (paragraphs("words") if len(foreign) < fragments.MOST_FOREIGN else [])
    with other.transaction():
        fragments.write(fragment, EDITED)
    assert fragments.read(fragment) == EDITED
    capfd.readouterr()


def test_characters_are_counted():
    _, fragment = edited()
    assert fragments.characters(fragment) == sum(len(line) for line in plain(EDITED).split("\n"))


def test_ten_thousand_levels_in_a_document_are_read():
    doc = Doc()
    inner = doc.get("text", type=XmlFragment)
    with doc.transaction():
        for level in range(10_000):
            inner = inner.children.append(XmlElement(("bulletList", "listItem", "blockquote")[level % 3]))
        inner.children.append(XmlText("bottom"))
    other, fragment = twin(doc)
    assert fragments.characters(fragment) == 6
    nodes = fragments.read(fragment)
    assert plain(nodes).strip() == "bottom"
    with other.transaction():
        fragments.write(fragment, clean(EDITED))
    assert fragments.read(fragment) == EDITED
