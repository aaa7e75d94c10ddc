"""What changed from one state of a lesson to another."""

import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidebyside.base.rich_text.markdown import from_markdown
from sidebyside.base.rich_text.nodes import clean, paragraphs, plain
from sidebyside.lessons.comparison import Comparison, PartChange, compare
from sidebyside.lessons.shortening import ELLIPSIS, Left, shortened
from sidebyside.lessons.text import ChosenStandard, LessonPart, LessonText
from tests.base.rich_text.texts import clean_texts

LONG = " ".join(f"word{n}" for n in range(60))


def lesson(*parts: LessonPart, title: str = "Drinks", about: str = "Year 7", standards: tuple = ()) -> LessonText:
    return LessonText(title, about, parts, standards)


def part(id: str, markdown: str = "", *, kind: str = "task", title: str = "", minutes: int = 0) -> LessonPart:
    return LessonPart(id, kind, title, minutes, from_markdown(markdown))


def changes(before: str, after: str) -> PartChange:
    """One part from one text to another."""
    (found,) = compare(lesson(part("a", before)), lesson(part("a", after))).parts
    return found


def marked(found: PartChange) -> str:
    """What changed as a line: [-went-] {+came+}."""
    signs = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
    return "\n".join("".join(signs[run.what].format(run.text) for run in block.runs) for block in found.blocks)


def before_of(found: Comparison) -> list[str]:
    return sorted(word for one in found.parts for word in _words(one, ("same", "out"), gone=True))


def _words(found: PartChange, kept: tuple[str, ...], gone: bool) -> list[str]:
    return [
        letter
        for block in found.blocks
        if block.what != "gone"
        for run in block.runs
        if run.what in kept
        for letter in run.text
        if not letter.isspace()
    ]


def test_nothing_changed() -> None:
    text = lesson(part("a", "One\n\n- two"), part("b", "Three"))
    found = compare(text, text)
    assert found.is_same
    assert all(one.is_quiet for one in found.parts)
    assert (found.words_in, found.words_out) == (0, 0)


def test_words_in_and_words_out() -> None:
    found = changes("Learners measure the ground near the school.", "Learners weigh the ground near the school twice.")
    assert marked(found) == "Learners[- measure-]{+ weigh+} the ground near the school{+ twice+}."
    assert (found.what, found.words_in, found.words_out) == ("changed", 2, 1)


def test_little_in_common_goes_out_whole_and_comes_in_whole() -> None:
    found = changes(
        "The quick brown fox jumps over the lazy dog.", "Compare two drinks and say which of the two is best."
    )
    assert [block.what for block in found.blocks] == ["out", "in"]
    assert found.blocks[0].runs[0].text == "The quick brown fox jumps over the lazy dog."


def test_words_that_stayed_by_chance_are_no_crumbs() -> None:
    found = changes(
        "In this lesson every group pours water into the glasses until all hold the same. They write it down.",
        "In this lesson every group fills in a table before the others begin their own. They write it down.",
    )
    said = marked(found)
    assert said.startswith("In this lesson every group[- pours")
    assert said.endswith("They write it down.")
    assert said.count("[-") == 1


def test_blocks_come_and_go() -> None:
    found = changes(
        "First block here.\n\nSecond block here.\n\nThird one.", "First block here.\n\nThird one.\n\nAnd a new end."
    )
    assert [block.what for block in found.blocks] == ["same", "out", "same", "in"]


def test_white_space_and_looks_are_no_words() -> None:
    found = changes("Say **it**  aloud", "Say it aloud")
    assert found.only_looks
    assert marked(found) == "Say it aloud"
    listed = changes("Say it aloud", "- Say it aloud")
    assert listed.only_looks
    assert (listed.blocks[0].kind, listed.blocks[0].depth) == ("item", 1)


def test_a_block_that_stands_elsewhere_in_its_part_is_moved() -> None:
    found = changes(
        "Ask what they see first.\n\nAn answer of one word is enough.\n\nThen they work in pairs.",
        "An answer of one word is enough.\n\nThen they work in pairs.\n\nAsk what they see first of all.",
    )
    assert [block.what for block in found.blocks] == ["gone", "same", "same", "moved"]
    assert (found.words_in, found.words_out) == (2, 0)
    assert found.blocks[3].other_part == "a"


def test_a_block_that_went_to_another_part_is_moved() -> None:
    before = lesson(part("a", "Task.\n\nThey compare their two tables."), part("b", "Moves."))
    after = lesson(part("a", "Task."), part("b", "Moves.\n\nThey compare their two tables."))
    found = compare(before, after)
    assert (found.words_in, found.words_out) == (0, 0)
    gone, moved = found.parts[0].blocks[1], found.parts[1].blocks[1]
    assert (gone.what, gone.other_part, moved.what, moved.other_part) == ("gone", "b", "moved", "a")


def test_parts_are_added_and_removed_where_they_stood() -> None:
    before = lesson(part("a", "A"), part("b", "B", kind="moves"), part("c", "C", kind="timing"))
    after = lesson(part("a", "A"), part("d", "D", kind="other"), part("c", "C", kind="timing"))
    found = compare(before, after)
    assert [(one.part.id, one.what) for one in found.parts] == [
        ("a", "same"), ("b", "removed"), ("d", "added"), ("c", "same"),
    ]  # fmt: skip
    assert (found.words_in, found.words_out) == (1, 1)
    assert found.parts_that("moved") == []


@pytest.mark.parametrize(
    ("order", "moved"),
    [("abcde", ""), ("bcdea", "a"), ("eabcd", "e"), ("abdce", "d"), ("acbed", "ce"), ("bcaxde", "a")],
)
def test_only_those_parts_are_moved_that_left_their_order(order: str, moved: str) -> None:
    after = [part(id, id) for id in order]
    found = compare(lesson(*(part(id, id) for id in "abcde")), lesson(*after))
    said = {one.part.id for one in found.parts_that("moved")}
    assert len(said) == len(moved)
    stayed = [id for id in order if id in "abcde" and id not in said]
    assert stayed == sorted(stayed)


def test_a_part_begun_anew_is_the_same_part() -> None:
    found = compare(lesson(part("a", "Ask them.", title="Start")), lesson(part("z", "Ask them.", title="Start")))
    assert [one.what for one in found.parts] == ["same"]


def test_title_minutes_and_standards() -> None:
    one, two, three = (ChosenStandard(id, id, f"Statement {id}") for id in "123")
    before = lesson(part("a", "A", minutes=10), standards=(one, two))
    after = lesson(part("a", "A", title="Start", minutes=15), title="Two drinks", about="", standards=(two, three))
    found = compare(before, after)
    assert found.title_changed
    assert found.about_changed
    assert [(run.what, run.text) for run in found.title] == [("out", "Drinks"), ("in", "Two drinks")]
    assert (found.standards_in, found.standards_out) == ((three,), (one,))
    assert found.parts[0].renamed
    assert found.parts[0].minutes_changed
    assert not found.parts[0].only_looks
    assert not found.is_same


def test_scripts_without_spaces_are_compared_by_character() -> None:
    assert (
        marked(changes("学生测量学校附近的地面。", "学生称量学校附近的地面。")) == "学生[-测-]{+称+}量学校附近的地面。"
    )


@pytest.mark.parametrize(
    ("before", "after", "said", "words"),
    [
        # A letter with its marks is one thing, and a word with such letters is one word.
        ("यह हिन्दी है", "यह हिन्दू है", "यह[- हिन्दी-]{+ हिन्दू+} है", 1),
        ("বাংলা ভাষা সুন্দর", "বাংলা গান সুন্দর", "বাংলা[- ভাষা-]{+ গান+} সুন্দর", 1),
        ("قال مُحَمَّد نعم", "قال مُحَمَّدٌ نعم", "قال[- مُحَمَّد-]{+ مُحَمَّدٌ+} نعم", 1),
        ("היה שָׁלוֹם פה", "היה שָׁלֹם פה", "היה[- שָׁלוֹם-]{+ שָׁלֹם+} פה", 1),
        ("ที่นี่มีน้ำ", "ที่นี้มีน้ำ", "ที่[-นี่-]{+นี้+}มีน้ำ", 1),
        ("We don't go now", "We won't go now", "We[- don't-]{+ won't+} go now", 1),
        # So is a picture of several, with its colour of skin, and a flag.
        ("Family 👨\u200d👩\u200d👧 is here", "Family 👨\u200d👩\u200d👦 is here",
         "Family[- 👨\u200d👩\u200d👧-]{+ 👨\u200d👩\u200d👦+} is here", 0),
        ("Well done 👍🏽 all", "Well done 👍🏿 all", "Well done[- 👍🏽-]{+ 👍🏿+} all", 0),
        ("Flags 🇩🇪🇪🇸 here now", "Flags 🇪🇸 here now", "Flags[- 🇩🇪-] 🇪🇸 here now", 0),
    ],
)  # fmt: skip
def test_no_letter_loses_its_marks_and_no_picture_its_parts(before: str, after: str, said: str, words: int) -> None:
    found = changes(before, after)
    assert marked(found) == said
    assert (found.words_in, found.words_out) == (words, words)


def test_each_of_many_blocks_that_share_their_signs_finds_its_own() -> None:
    sound = random.Random(5)
    signs = [chr(0x4E00 + number) for number in range(900)]
    blocks = ["".join(sound.choices(signs, k=120)) for _ in range(60)]
    begun = time.process_time()
    found = changes("\n\n".join(blocks), "\n\n".join(f"{block[:60]}新{block[61:]}" for block in blocks))
    assert [block.what for block in found.blocks] == ["changed"] * 60
    assert (found.words_in, found.words_out) == (60, 60)
    other = ["".join(sound.choices(signs, k=300)) for _ in range(450)]
    changes("\n\n".join(other[:225]), "\n\n".join(other[225:]))
    assert time.process_time() - begun < 3, "not every block is held against every other"


def test_letters_with_marks_of_their_own_are_the_same_as_those_in_one_sign() -> None:
    found = changes("Tie\u0302\u0301ng Vie\u0323\u0302t là một thứ tiếng", "Tiếng Việt là một thứ tiếng hay")
    assert marked(found) == "Tiếng Việt là một thứ tiếng{+ hay+}"


def test_words_from_right_to_left() -> None:
    assert marked(changes("يقيس الطلاب الأرض قرب المدرسة", "يزن الطلاب الأرض قرب النهر")) == (
        "[-يقيس-]{+يزن+} الطلاب الأرض قرب[- المدرسة-]{+ النهر+}"
    )


@given(st.lists(clean_texts, min_size=1, max_size=3), st.lists(clean_texts, min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_no_word_is_missing_from_what_was_and_what_is(before: list, after: list) -> None:
    texts = [
        lesson(*(LessonPart(f"p{at}", "task", f"t{at}", 0, nodes) for at, nodes in enumerate(state)))
        for state in (before, after)
    ]
    found = compare(*texts)
    now = [letter for one in found.parts for letter in _words(one, ("same", "in"), gone=False)]
    assert "".join(now) == "".join("".join(plain(one.part.nodes).split()) for one in found.parts if one.after)
    then = [letter for one in found.parts for letter in _words(one, ("same", "out"), gone=False)]
    assert sorted(then) == sorted(letter for one in texts[0].parts for letter in "".join(plain(one.nodes).split()))


def test_hostile_texts_are_compared(capsys: pytest.CaptureFixture) -> None:
    deep = {"type": "paragraph", "content": [{"type": "text", "text": "<script>"}]}
    for _level in range(500):
        deep = {"type": "blockquote", "content": [deep]}
    texts = [
        lesson(LessonPart("a", "task", "", 0, clean([deep] * 50))),
        lesson(LessonPart("a", "task", "", 0, paragraphs("\u202e" * 2000 + "\n" + "a" * 30_000))),
        lesson(LessonPart("a", "task", "", 0, paragraphs("\n".join("x" for _ in range(4000))))),
        lesson(LessonPart("a", "task", "", 0, paragraphs(" ".join(random.Random(1).choices("abc", k=8000))))),
        lesson(),
    ]
    for before in texts:
        for after in texts:
            found = compare(before, after)
            assert found.is_same == (before == after)
    json.dumps(texts[0].to_json())


def test_what_stayed_is_hinted_at() -> None:
    found = changes(f"Before.\n\n{LONG} end\n\nAfter.\n\nLast.", f"Before.\n\nNew {LONG} start\n\nAfter.\n\nLast.")
    first, block, last = shortened(found.blocks)
    assert (first, last) == (Left(1, 1), Left(2, 2))
    assert isinstance(block, type(found.blocks[1]))
    said = "".join(run.text for run in block.runs if run.what == "same")
    assert ELLIPSIS in said
    assert "word7" in said
    assert "word8" not in said.split()
    assert "word59" in said
    assert [run.text.strip() for run in block.runs if run.what != "same"] == ["New", "end", "start"]


def test_what_stayed_is_hinted_at_where_there_are_no_spaces() -> None:
    han = "".join(chr(0x4E00 + number) for number in range(120))
    (block,) = shortened(changes(f"{han}终。", f"{han}始。").blocks)
    assert [run.text for run in block.runs] == [f"{ELLIPSIS} {han[-8:]}", "终", "始", "。"]
    (block,) = shortened(changes(f"一{han}", f"二{han}").blocks)
    assert [run.text for run in block.runs] == ["一", "二", f"{han[:8]} {ELLIPSIS}"]


def test_what_came_is_never_shortened() -> None:
    found = changes("", LONG)
    (block,) = shortened(found.blocks)
    assert block.runs[0].text == LONG
