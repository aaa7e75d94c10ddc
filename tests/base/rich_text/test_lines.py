import random
import time

import pytest

from sidebyside.base.rich_text.lines import OF_LINES, PARAGRAPH, Kind, Line, kind_of, nested
from sidebyside.base.rich_text.nodes import clean, lines_of

ODD = [None, False, 0, -1, 1.5, 10**400, float("nan"), float("inf"), "3", "", "x", [], [1], {}, {"a": [None]}, 9, 1e300]


def line(letter, **said):
    return Line([{"type": "text", "text": letter}], kind_of(said))


def outline(nodes):
    """Blocks in short: letters, lists as (sign, items), quotations as ("quote", ...)."""
    made = []
    for node in nodes:
        content = node.get("content", [])
        if node["type"] == "bulletList":
            made.append(("-", *(outline(item["content"]) for item in content)))
        elif node["type"] == "orderedList":
            made.append((node["attrs"]["start"], *(outline(item["content"]) for item in content)))
        elif node["type"] == "blockquote":
            made.append(("quote", *outline(content)))
        else:
            made.append("".join(word["text"] for word in content) + "#" * node.get("attrs", {}).get("level", 0))
    return made


@pytest.mark.parametrize("name", OF_LINES)
def test_what_is_of_a_wrong_type_is_as_if_it_were_not_there(name):
    for odd in ODD:
        for said in ({}, {"list": "number"}, {"list": "bullet", "quote": True}, {"heading": 3}):
            wanted = {key: value for key, value in said.items() if key != name}
            allowed = odd in (0, 9, 1e300) and name == "start" and said.get("list") == "number"
            if not allowed:
                assert kind_of({**said, name: odd}) == kind_of(wanted), (said, odd)
    assert kind_of({"colour": True, 3: 4}) == kind_of(None) == kind_of({}) == PARAGRAPH


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"heading": 3.0}, Kind(heading=3)),
        ({"heading": 5}, PARAGRAPH),
        ({"heading": True}, PARAGRAPH),
        ({"heading": 4, "list": "bullet"}, Kind(list="bullet")),
        ({"heading": 4, "list": "ordered", "quote": True}, Kind(heading=4, quote=True)),
        ({"depth": 2, "start": 3, "more": True}, PARAGRAPH),
        ({"list": "number", "depth": 7.0, "start": 12.0}, Kind(list="number", depth=7, start=12)),
        ({"list": "number", "depth": 8, "start": 1}, Kind(list="number")),
        ({"list": "number", "start": 0}, Kind(list="number", start=0)),
        ({"list": "number", "start": 2e9}, Kind(list="number", start=1_000_000)),
        ({"list": "number", "start": 4, "more": True}, Kind(list="number", more=True)),
        ({"list": "bullet", "start": 4}, Kind(list="bullet")),
        ({"list": "bullet", "more": 1}, Kind(list="bullet")),
    ],
)
def test_what_a_line_is(said, kind):
    assert kind_of(said) == kind
    assert kind_of(kind.attributes()) == kind


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([("a", {}), ("b", {"heading": 3})], ["a", "b###"]),
        ([(letter, {"list": "bullet"}) for letter in "ab"], [("-", ["a"], ["b"])]),
        ([("a", {"list": "bullet"}), ("b", {"list": "number"})], [("-", ["a"]), (1, ["b"])]),
        ([("a", {"list": "number"}), ("b", {"list": "number", "start": 4})], [(1, ["a"]), (4, ["b"])]),
        ([("a", {"list": "bullet"}), ("b", {"list": "bullet", "more": True})], [("-", ["a", "b"])]),
        ([("a", {"list": "bullet", "more": True}), ("b", {})], [("-", ["a"]), "b"]),
        ([("a", {"list": "bullet"}), ("b", {"list": "number", "more": True})], [("-", ["a"]), (1, ["b"])]),
        ([("a", {"list": "bullet"}), ("b", {}), ("c", {"list": "bullet", "more": True})],
         [("-", ["a"]), "b", ("-", ["c"])]),
        ([("a", {"list": "bullet"}), ("b", {"list": "number", "depth": 1}), ("c", {"list": "bullet", "more": True})],
         [("-", ["a", (1, ["b"]), "c"])]),
        ([("a", {"list": "bullet"}), ("b", {"list": "number", "depth": 1}), ("c", {"list": "bullet", "depth": 1})],
         [("-", ["a", (1, ["b"]), ("-", ["c"])])]),
        ([("a", {"list": "bullet"}), ("b", {"list": "bullet", "depth": 1, "more": True})],
         [("-", ["a", ("-", ["b"])])]),
        ([(letter, {"list": "bullet", "depth": depth}) for letter, depth in zip("abc", (1, 1, 0), strict=True)],
         [("-", ["a"], ["b"], ["c"])]),
        ([(letter, {"list": "bullet", "depth": depth}) for letter, depth in zip("abcd", (0, 3, 3, 2), strict=True)],
         [("-", ["a", ("-", ["b"], ["c"], ["d"])])]),
        ([(letter, {"list": "bullet", "depth": depth}) for letter, depth in zip("abcd", (0, 1, 2, 0), strict=True)],
         [("-", ["a", ("-", ["b", ("-", ["c"])])], ["d"])]),
        ([("a", {"quote": True}), ("b", {"quote": True, "list": "bullet"}), ("c", {"list": "bullet"})],
         [("quote", "a", ("-", ["b"])), ("-", ["c"])]),
        ([("a", {"quote": True, "heading": 4}), ("b", {}), ("c", {"quote": True})],
         [("quote", "a####"), "b", ("quote", "c")]),
    ],
)  # fmt: skip
def test_what_lines_are_together(lines, wanted):
    nodes = nested([line(letter, **said) for letter, said in lines])
    assert outline(nodes) == wanted
    assert clean(nodes) == nodes
    assert [kept.content for kept in lines_of(nodes)] == [line(letter).content for letter, _ in lines]


def test_any_lines_are_clean_blocks():
    chance = random.Random(6)
    for _time in range(2_000):
        lines = [
            line("a", **{name: chance.choice([*ODD, True, 0, 1, 2, 3, 4, "bullet", "number"]) for name in OF_LINES})
            for _line in range(chance.randrange(9))
        ]
        nodes = nested(lines)
        assert clean(nodes) == nodes
        assert len(lines_of(nodes)) == len(lines)


def raw(chance, deep=0):
    """Any nodes, as no editor writes them."""
    kinds = [
        "paragraph",
        "heading",
        "bulletList",
        "orderedList",
        "listItem",
        "blockquote",
        "text",
        "table",
        "hardBreak",
    ]
    kind = chance.choice(kinds) if deep < 11 else "text"
    if kind == "text":
        return {"type": "text", "text": chance.choice(["a", "b\nc", "", "é\r", "😀 語 "])}
    said = {"level": chance.choice([1, 3, 4, None]), "start": chance.choice([0, 1, 1, 1, 5, -2, "x"])}
    return {"type": kind, "attrs": said, "content": [raw(chance, deep + 1) for _ in range(chance.randrange(4))]}


def test_what_is_clean_is_what_its_lines_say():
    chance = random.Random(7)
    for _time in range(1_000):
        nodes = clean([raw(chance) for _ in range(chance.randrange(5))])
        assert clean(nodes) == nested(lines_of(nodes)) == nodes


def test_very_many_lines():
    lines = [Line([], Kind(list="bullet", depth=number % 8)) for number in range(50_000)]
    began = time.process_time()
    nested(lines)
    assert time.process_time() - began < 2
