import pytest
from hypothesis import given, settings

from sidebyside.base.rich_text.merging import merge, replace_words
from sidebyside.base.rich_text.nodes import clean, paragraphs, plain
from tests.base.rich_text.texts import clean_texts

BOLD = {"type": "bold"}


def merged(base, mine, theirs):
    return plain(merge(paragraphs(base), paragraphs(mine), paragraphs(theirs))).split("\n")


@given(clean_texts, clean_texts)
@settings(max_examples=30, deadline=None)
def test_where_one_changed_nothing_the_other_counts(base, changed):
    assert merge(base, changed, base) == changed
    assert merge(base, base, changed) == changed
    assert merge(base, changed, changed) == changed


@given(clean_texts, clean_texts, clean_texts)
@settings(max_examples=30, deadline=None)
def test_no_word_that_either_wrote_is_lost(base, mine, theirs):
    words = plain(merge(base, mine, theirs)).split()
    known = plain(base).split()
    for word in [*plain(mine).split(), *plain(theirs).split()]:
        assert word in words or word in known
    both = merge(base, mine, theirs)
    assert clean(both) == both


def test_changes_in_different_blocks_come_together():
    assert merged(
        "the first block\nthe second block\nthe third block",
        "the first block again\nthe second block\nthe third block\nmine",
        "before\nthe first block\nthe second block\nthe third changed block",
    ) == ["before", "the first block again", "the second block", "the third changed block", "mine"]


def test_a_block_that_both_changed_is_kept_twice():
    assert merged("one two three", "one two four", "one two five") == ["one two five", "one two four"]


def test_what_both_added_is_kept_once_if_it_is_the_same():
    assert merged("a\nb", "a\nnew\nb", "a\nnew\nb") == ["a", "new", "b"]
    assert merged("a\nb", "a\nmine\nb", "a\ntheirs\nb") == ["a", "theirs", "mine", "b"]


def test_a_change_outlives_a_removal():
    assert merged("one two three\nb", "b", "one two three four\nb") == ["one two three four", "b"]
    assert merged("one two three\nb", "one two three four\nb", "b") == ["one two three four", "b"]
    assert merged("one two three\nb", "b", "one two three\nb") == ["b"]


def listed(*words):
    items = [{"type": "listItem", "content": paragraphs(word)} for word in words]
    return [{"type": "bulletList", "content": items}]


def test_items_of_a_list_are_brought_together():
    assert merge(
        listed("one", "two", "three"), listed("one", "two", "three", "mine"), listed("theirs", "one", "two")
    ) == (listed("theirs", "one", "two", "mine"))


def test_a_line_becomes_what_either_made_of_it():
    heading = [{"type": "heading", "attrs": {"level": 3}, "content": paragraphs("one two")[0]["content"]}]
    quoted = [{"type": "blockquote", "content": paragraphs("one two")}]
    assert merge(paragraphs("one two"), listed("one two"), paragraphs("one two three")) == listed("one two three")
    assert merge(paragraphs("one two"), paragraphs("one two three"), listed("one two")) == listed("one two three")
    assert merge(paragraphs("one two"), heading, quoted) == heading
    assert merge(heading, paragraphs("one two three"), heading) == paragraphs("one two three")
    assert merge(paragraphs("one two"), listed("one two three"), [*quoted, *paragraphs("b")]) == [
        *listed("one two three"),
        *paragraphs("b"),
    ]


def test_an_item_that_both_changed_is_two_items():
    def numbered(word):
        return [{**listed(word)[0], "type": "orderedList", "attrs": {"start": 4}}]

    both = merge(numbered("one two three"), numbered("one two four"), numbered("one two five"))
    assert both == [{**listed("one two five", "one two four")[0], "type": "orderedList", "attrs": {"start": 4}}]


def test_words_are_replaced_where_lines_are_of_any_kind():
    nodes = [{"type": "blockquote", "content": [*listed("one", "two"), *paragraphs("two")]}]
    (quoted,) = replace_words(nodes, "two", "a\nb")
    assert plain(quoted["content"]) == "one\na\nb\ntwo"
    assert len(quoted["content"][0]["content"]) == len(quoted["content"]) == 2


@pytest.mark.parametrize(
    ("said", "quote", "replacement", "after"),
    [
        ("Learners measure twice.", "measure", "weigh", "Learners weigh twice."),
        ("one\ntwo one", "two", "", "one\n one"),
        ("one one", "one", "two", "two one"),
        ("a  b\tc", "b c", "d", "a  d"),
        ("a (b) [c] .*", ".*", "d", "a (b) [c] d"),
        ("a", "a", "b\nc", "b\nc"),
    ],
)
def test_other_words_in_their_place(said, quote, replacement, after):
    assert plain(replace_words(paragraphs(said), quote, replacement)) == after


@pytest.mark.parametrize("quote", ["nowhere", "", "  ", "first second", "\0"])
def test_words_that_stand_nowhere_are_not_replaced(quote):
    assert replace_words(paragraphs("first\nsecond"), quote, "x") is None


def test_the_words_around_keep_their_marks():
    content = [{"type": "text", "text": "one "}, {"type": "text", "text": "two three", "marks": [BOLD]}]
    nodes = [
        {
            "type": "bulletList",
            "content": [{"type": "listItem", "content": [{"type": "paragraph", "content": content}]}],
        }
    ]
    changed = replace_words(nodes, "one two", "1, 2,")
    assert changed[0]["content"][0]["content"][0]["content"] == [
        {"type": "text", "text": "1, 2,"},
        {"type": "text", "text": " three", "marks": [BOLD]},
    ]
    assert plain(nodes) == "one two three"
