import pytest
from hypothesis import given, settings

from sidebyside.base.rich_text.markdown import from_markdown, to_markdown
from sidebyside.base.rich_text.nodes import clean, paragraphs, plain
from sidebyside.base.rich_text.sayable import sayable
from tests.base.rich_text.texts import clean_texts, words

BOLD, ITALIC = {"type": "bold"}, {"type": "italic"}


def link(href):
    return {"type": "link", "attrs": {"href": href}}


def text(said, *marks):
    return {"type": "text", "text": said, "marks": list(marks)} if marks else {"type": "text", "text": said}


def paragraph(*content):
    return {"type": "paragraph", "content": list(content)}


def items(*blocks):
    return [{"type": "listItem", "content": [block]} for block in blocks]


@given(clean_texts)
@settings(max_examples=30, deadline=None)
def test_a_text_comes_back_from_markdown(nodes):
    written = to_markdown(nodes)
    read = from_markdown(written)
    assert "".join(plain(read).split()) == "".join(plain(sayable(nodes)).split())
    assert to_markdown(read) == written


@given(words)
@settings(max_examples=30, deadline=None)
def test_any_markdown_is_read_and_said_again(written):
    read = from_markdown(written)
    assert clean(read) == read
    assert from_markdown(to_markdown(read)) == read


def test_a_text_reads_well_as_markdown():
    nodes = [
        {"type": "heading", "attrs": {"level": 3}, "content": [text("Task #1")]},
        paragraph(text("Learners "), text("measure", BOLD), text(" and "), text("compare", ITALIC), text(".")),
        paragraph(text("See "), text("the map", link("https://e.org/a_b")), {"type": "hardBreak"}, text("- no list")),
        {"type": "bulletList", "content": items(paragraph(text("one")), paragraph(text("two")))},
        {"type": "orderedList", "attrs": {"start": 3}, "content": items(paragraph(text("three")))},
        {"type": "blockquote", "content": [paragraph(text("said")), paragraph(text("again"))]},
    ]
    written = to_markdown(nodes)
    assert written == (
        "### Task \\#1\n\nLearners **measure** and _compare_.\n\n"
        "See [the map](https://e.org/a_b)  \n\\- no list\n\n- one\n- two\n\n3. three\n\n> said\n>\n> again"
    )
    assert from_markdown(written) == nodes


def test_lists_in_a_row_stay_apart():
    nodes = [
        {"type": "orderedList", "attrs": {"start": n}, "content": items(paragraph(text(str(n))))} for n in (1, 5, 0)
    ]
    assert from_markdown(to_markdown(nodes)) == nodes
    assert from_markdown("- one\n\n* two\n\n- three") == [
        {"type": "bulletList", "content": items(*(paragraph(text(word)) for word in ("one", "two", "three")))}
    ]


def test_lists_in_lists_of_nothing_are_no_rule():
    inner = {"type": "bulletList", "content": items({"type": "paragraph"})}
    middle = {"type": "bulletList", "content": [{"type": "listItem", "content": [{"type": "paragraph"}, inner]}]}
    nodes = [{"type": "bulletList", "content": [{"type": "listItem", "content": [{"type": "paragraph"}, middle]}]}]
    assert from_markdown(to_markdown(nodes)) == nodes


@pytest.mark.parametrize("inside", ["a", "**", "_x_", "`", "](https://example.org)", "<b>", "&amp;", "\\", "!", "1."])
def test_marked_words_may_hold_any_sign(inside):
    nodes = [paragraph(text("before "), text(inside, BOLD, link("https://example.org/(1)?a&copy=2")), text("after"))]
    read = from_markdown(to_markdown(nodes))
    assert plain(read) == f"before {inside}after"
    assert read[0]["content"][1]["marks"][-1] == link("https://example.org/(1)?a&copy=2")


def test_a_mark_that_markdown_cannot_say_goes_before_a_word_does():
    nodes = [paragraph(text("a"), text(".b.", BOLD), text("c"))]
    assert plain(from_markdown(to_markdown(nodes))) == "a.b.c"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("![A river](https://example.org/x.png)", "A river"),
        ("[here](javascript:alert(1))", "[here](javascript:alert(1))"),
        ("```\ncode\n  more\n```", "code\n  more"),
        ("a\nb", "a\nb"),
        ("Title\n=====", "Title"),
        ("a\n\n---\n\nb", "a\nb"),
        ("`x`", "x"),
        ("a\0b", "ab"),
    ],
)
def test_what_markdown_has_more_of_becomes_words(written, said):
    read = from_markdown(written)
    assert plain(read).replace("  more", "more") == said.replace("  more", "more")
    assert "href" not in repr(read)


def test_marks_around_white_space_go():
    nodes = [paragraph(text("a", BOLD), text(" ", BOLD), text("b"), text("  ", ITALIC))]
    assert sayable(nodes) == [paragraph(text("a", BOLD), text(" b"))]


@pytest.mark.parametrize("written", ["[" * 3000, "![" * 3000, "*a_" * 3000, "> " * 3000, "<" * 3000, "- " * 3000])
def test_signs_without_end_do_no_harm(written):
    assert from_markdown(to_markdown(from_markdown(written))) == from_markdown(written)


def test_plain_words_stay_as_they_are():
    said = "Learners measure (twice), then compare: 3 + 4 = 7; that's it - e.g. at 10.30."
    assert to_markdown(paragraphs(said)) == said
