"""A lesson as it is given to all."""

import pytest

from sidebyside.lessons import publishing
from sidebyside.lessons.publishing import Draft
from sidebyside.lessons.text import ChosenStandard, LessonPart, LessonText


def lesson(words="Ana reads", **others):
    nodes = [{"type": "paragraph", "content": [{"type": "text", "text": words}]}]
    parts = (LessonPart("aaaa", "task", "For Ana", 10, nodes), LessonPart("bbbb", "moves", "", 0, []))
    standards = (ChosenStandard("s1", "M.1", "Count as Euler did"),)
    return LessonText(
        **{"title": "Fractions with Ana", "about": "Class 7b of Ana", "parts": parts} | others, standards=standards
    )


def test_what_is_looked_through_leaves_out_standards_and_the_description():
    assert [(one.where, one.text) for one in publishing.passages(lesson())] == [
        ("title", "Fractions with Ana"),
        ("aaaa", "For Ana"),
        ("aaaa", "Ana reads"),
    ]


def test_the_copy_for_all_is_without_the_words_and_the_original_is_untouched():
    mine = lesson()
    copy = publishing.for_all(mine, {"Ana": "a student"})
    assert "Ana" not in copy.to_json()
    assert (copy.title, copy.about, [part.title for part in copy.parts]) == (
        "Fractions with a student", "", ["For a student"],
    )  # fmt: skip
    assert copy.standards == mine.standards
    assert mine == lesson()


def test_a_draft_comes_back_as_it_was():
    draft = Draft("Ana & Ben", "Art", "7", "de", {"Zoë": "x"}, {7: "nobody", 8: "out"})
    assert Draft.from_json(draft.to_json()) == draft
    assert Draft.from_json("") == Draft()


def test_a_lesson_comes_back_from_the_open():
    assert publishing.from_open(publishing.to_open(lesson())) == lesson()


@pytest.mark.parametrize(
    ("source", "allowed"),
    [
        ("by", {"by", "by-sa", "by-nc", "by-nc-sa"}),
        ("by-sa", {"by-sa"}),
        ("by-nc", {"by-nc", "by-nc-sa"}),
        ("by-nc-sa", {"by-nc-sa"}),
    ],
)
def test_what_is_made_from_it_stays_as_free_and_as_bound(source, allowed):
    assert set(publishing.MAY_FOLLOW[source]) == allowed


def test_words_are_found_without_accents_in_any_script():
    searched = publishing.searched_of(lesson("Émile Łukasz ÍÑIGO Ελένη Ждан مُعَلِّم が", title="Brüche"), ["Förderung"])
    for query in (
        "brueche",
        "brüche",
        "BRUCHE",
        "emile",
        "lukasz inigo",
        "ελενη",
        "ЖДАН",
        "معلم",
        "euler m.1",
        "forderung",
    ):
        hit = all(term in searched for term in publishing.terms(query))
        assert hit == (query != "brueche"), query
    assert publishing.terms("x " * 4_000) == ["x"] * 8
