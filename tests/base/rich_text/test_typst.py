import typst
from hypothesis import given, settings

from sidebyside.base.rich_text.nodes import clean, paragraphs
from sidebyside.base.rich_text.typst import quoted, to_typst
from tests.base.rich_text.texts import clean_texts

HOSTILE = '#panic("x") \\ " ") #import "/etc/passwd" ` $x$ @a <b> [ ] // /* = - + 1. https://example.org {{ }} ;'


def test_words_are_no_markup():
    assert to_typst(paragraphs(HOSTILE)) == f"#{quoted(HOSTILE)};"
    typst.compile(to_typst([*paragraphs(HOSTILE), *around(paragraphs(HOSTILE))]).encode(), format="svg")


def around(blocks):
    items = [{"type": "listItem", "content": blocks}]
    return clean(
        [
            {"type": "bulletList", "content": items},
            {"type": "orderedList", "attrs": {"start": 3}, "content": items},
            {"type": "blockquote", "content": blocks},
            {"type": "heading", "attrs": {"level": 4}, "content": blocks[0]["content"]},
        ]
    )


@given(clean_texts)
@settings(max_examples=8, deadline=None)
def test_typst_takes_any_text(nodes):
    typst.compile(to_typst(nodes).encode(), format="svg")


def test_marks_links_and_breaks():
    marked = {
        "type": "text",
        "text": "a",
        "marks": [{"type": "bold"}, {"type": "link", "attrs": {"href": "https://b/"}}],
    }
    nodes = [{"type": "paragraph", "content": [marked, {"type": "hardBreak"}, {"type": "text", "text": "."}]}]
    assert to_typst(nodes) == '#link("https://b/", strong("a"));#linebreak();#".";'
