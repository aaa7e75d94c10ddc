import time

import pytest
from hypothesis import given, settings

from sidebyside.base.rich_text.nodes import (
    DEEPEST,
    clean,
    is_empty,
    paragraphs,
    plain,
    safe_address,
    text_blocks,
)
from tests.base.rich_text.texts import raw_texts


def text(said, *marks):
    return {"type": "text", "text": said, "marks": list(marks)} if marks else {"type": "text", "text": said}


def paragraph(*content):
    return {"type": "paragraph", "content": list(content)} if content else {"type": "paragraph"}


@given(raw_texts)
@settings(max_examples=30, deadline=None)
def test_what_is_clean_stays_as_it_is(raw):
    nodes = clean(raw)
    assert clean(nodes) == nodes
    assert is_empty(nodes) == (not plain(nodes).encode().decode().strip())


@pytest.mark.parametrize(
    "odd",
    [None, 3, "words", {}, [None, 3, "words", []], [{"type": None}], [{"type": ["paragraph"]}], [{"content": 3}]]
    + [[{"type": "bulletList"}], [{"type": "blockquote", "content": []}]],
)
def test_what_is_no_text_is_left_out(odd):
    assert clean(odd) == []


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "paragraph", "content": [{"type": "text", "text": {"a": 1}, "marks": "bold"}, {"type": "text"}]},
        {"type": "heading", "attrs": {"level": {}}, "content": [{"type": "text", "text": None, "marks": [3, None]}]},
        {"type": "orderedList", "attrs": {"start": "nine"}, "content": [None, 3, {"type": "listItem", "content": 3}]},
        {"type": "orderedList", "attrs": [1], "content": [{"type": "listItem"}]},
        {"type": "heading", "attrs": {"level": float("inf")}},
    ],
)
def test_nodes_of_odd_shapes_do_no_harm(odd):
    assert clean(clean([odd])) == clean([odd])


def test_unknown_nodes_give_way_to_their_words():
    table = {
        "type": "table",
        "content": [{"type": "row", "content": [paragraph(text("cell")), paragraph(text("next"))]}],
    }
    assert clean([table, {"type": "script", "content": [text("alert(1)")]}]) == [
        paragraph(text("cell")),
        paragraph(text("next")),
        paragraph(text("alert(1)")),
    ]


def test_words_outside_a_paragraph_get_one_and_marks_of_elsewhere_go():
    assert clean([text("a", {"type": "underline"}), text("b"), paragraph(text("c"))]) == [
        paragraph(text("ab")),
        paragraph(text("c")),
    ]


def test_an_item_begins_with_a_paragraph():
    items = [
        {"type": "listItem", "content": [{"type": "heading", "attrs": {"level": 3}, "content": [text("H")]}]},
        {"type": "listItem", "content": [{"type": "blockquote", "content": [paragraph(text("q"))]}]},
        paragraph(text("no item")),
    ]
    (made,) = clean([{"type": "bulletList", "content": items}])
    assert [item["content"] for item in made["content"]] == [
        [paragraph(text("H"))],
        [paragraph(text("q"))],
        [paragraph(text("no item"))],
    ]


def bullets(*items):
    return {"type": "bulletList", "content": [{"type": "listItem", "content": [*item]} for item in items]}


def numbers(start, *items):
    return {**bullets(*items), "type": "orderedList", "attrs": {"start": start}}


def quoted(*blocks):
    return {"type": "blockquote", "content": [*blocks]}


A, B, C = (paragraph(text(letter)) for letter in "abc")
HEADING = {"type": "heading", "attrs": {"level": 3}, "content": [text("h")]}


@pytest.mark.parametrize(
    ("odd", "made"),
    [
        ([bullets([A]), bullets([B])], [bullets([A], [B])]),
        ([numbers(1, [A]), numbers(1, [B])], [numbers(1, [A], [B])]),
        ([numbers(1, [A]), numbers(2, [B])], [numbers(1, [A]), numbers(2, [B])]),
        ([numbers(0, [A]), numbers(-3, [B])], [numbers(0, [A]), numbers(0, [B])]),
        ([numbers(10**9, [A])], [numbers(10**6, [A])]),
        ([bullets([A, bullets([B]), bullets([C])])], [bullets([A, bullets([B], [C])])]),
        ([bullets([A, bullets([B]), C])], [bullets([A, bullets([B]), C])]),
        ([bullets([bullets([bullets([A])]), B])], [bullets([paragraph(), bullets([paragraph(), bullets([A])]), B])]),
        ([bullets([])], [bullets([paragraph()])]),
        ([bullets([bullets()])], [bullets([paragraph()])]),
        ([{"type": "bulletList", "content": [quoted(), None, "x"]}], []),
        ([bullets([A, HEADING])], [bullets([A, paragraph(text("h"))])]),
        ([bullets([A, quoted(B, bullets([C])), C])], [bullets([A, B, bullets([C]), C])]),
        ([quoted(A), quoted(quoted(B), C)], [quoted(A, B, C)]),
        ([quoted(A, bullets([B])), bullets([C])], [quoted(A, bullets([B])), bullets([C])]),
        ([quoted(HEADING, quoted()), quoted()], [quoted(HEADING)]),
    ],
)
def test_what_lines_cannot_say_becomes_what_they_can(odd, made):
    assert clean(odd) == made
    assert clean(made) == made


def test_what_lies_too_deep_lies_as_deep_as_may_be():
    deep = bullets([C])
    for _level in range(20):
        deep = bullets([A, deep, B])
    wanted = bullets(*[[A]] * 13, [C, *[B] * 13])
    for _level in range(DEEPEST - 1):
        wanted = bullets([A, wanted, B])
    (made,) = clean([deep])
    assert plain([made]) == "\n".join("a" * 20 + "c" + "b" * 20)
    assert made == wanted


def test_line_ends_are_breaks_and_what_no_database_keeps_goes():
    assert clean([text("a\r\nb\x00c\ud83dd\u202ee\u2028f")]) == [
        paragraph(text("a"), {"type": "hardBreak"}, text("bc\ufffdd\u202ee"), {"type": "hardBreak"}, text("f"))
    ]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "//example.org",
        "/here",
        "http:",
        "https://",
        "",
        None,
        3,
        ["https://example.org"],
        "https://" + "a" * 3000,
    ],
)
def test_no_link_leads_to_harm(href):
    assert safe_address(href) is None
    linked = clean([paragraph(text("here", {"type": "link", "attrs": {"href": href}}))])
    assert linked == [paragraph(text("here"))]


@pytest.mark.parametrize("href", ["https://example.org/a", "HTTP://example.org", "mailto:ana@example.org"])
def test_links_to_pages_and_people_stay(href):
    assert safe_address(f" {href}\n") == href


def test_ten_thousand_levels_are_no_ten_thousand_calls():
    deep = paragraph(text("bottom"))
    for level in range(10_000):
        kind = ("listItem", "bulletList", "blockquote", "unknown", "paragraph")[level % 5]
        deep = {"type": kind, "content": [deep, text(".")]}
    began = time.perf_counter()
    nodes = clean([deep])
    assert time.perf_counter() - began < 5
    assert plain(nodes).count(".") == 10_000
    depth, below = 0, nodes
    while below:
        below = [child for node in below for child in node.get("content", [])]
        depth += 1
    assert depth <= 2 * DEEPEST + 2


def test_a_huge_list_stays_whole():
    items = [{"type": "listItem", "content": [paragraph(text(str(n)))]} for n in range(20_000)]
    (made,) = clean([{"type": "bulletList", "content": items}])
    assert len(made["content"]) == 20_000


def test_plain_text_has_a_line_for_each_block():
    nodes = paragraphs("first \r\n\n  second")
    assert nodes == [paragraph(text("first ")), paragraph(text("  second"))]
    assert plain(nodes) == "first \n  second"
    assert len(list(text_blocks([{"type": "blockquote", "content": nodes}]))) == 2


def test_empty_is_what_shows_nothing():
    assert is_empty([])
    assert is_empty(clean([paragraph(text("  \n\t")), paragraph()]))
    assert not is_empty(paragraphs("."))
