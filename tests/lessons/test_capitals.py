"""Where names may hide in a lesson."""

import time
import unicodedata

import pytest

from sidebyside.lessons.capitals import Passage, capitalised_words, knows_no_capitals


def found(text, kind="word"):
    """Every word of one kind, with how often it stands in all and how often inside a sentence."""
    return {one.word: (one.count, one.inside) for one in capitalised_words([Passage("task", text)]) if one.kind == kind}


def test_every_capitalised_word_is_counted_and_sentence_starts_are_apart():
    words = found("Then Ana asked Ben. Ben waited! “Why?” Nobody saw ana.\nGo on: Ana's turn.")
    assert words == {"Then": (1, 0), "Ana": (2, 2), "Ben": (2, 1), "Why": (1, 0), "Nobody": (1, 0), "Go": (1, 0)}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("the plan of İpek today", "İpek"),
        ("bugün Işıl geldi", "Işıl"),
        ("учител Горан чита", "Горан"),
        ("η δασκάλα Ελένη ήρθε", "Ελένη"),
        ("the boy Əli and", "Əli"),
        ("with Jean-Luc here", "Jean-Luc"),
        ("with O’Brien here", "O’Brien"),
        ("with d'Angelo here", "d'Angelo"),
        ("with al-Masri here", "al-Masri"),
        ("with ǅemal here", "ǅemal"),
        ("group ANA works", "ANA"),
        ("an iPad lies", "iPad"),
        ("a plan of Աննա now", "Աննա"),
    ],
)
def test_any_script_with_capitals_is_read(text, word):
    assert word in found(text)


def test_the_english_i_is_nobody_s_name_but_an_initial_is():
    assert found("Then I said I'm glad, I’ll go and I've I'd I.") == {"Then": (1, 0)}
    assert found("and I. Newton came", "name") == {"I. Newton": (1, 1)}
    assert found("the Questions I keep, and Ana I know, King Charles I too", "name") == {"King Charles": (1, 1)}
    assert found("with I. in it: Ivo, IV, Ií") == {"Ivo": (1, 1), "IV": (1, 1), "Ií": (1, 1)}


def test_the_name_of_a_class_is_one_word_with_its_number():
    assert set(found("we met 5B and 10c and 7D's room, 12 Ana")) == {"5B", "7D", "Ana"}


def test_words_that_are_written_small_too_come_after_those_that_are_not():
    words = list(found("Maths is hard. Will asks. Groups work. They will ask in groups. Zoe. Then they go then."))
    assert words == ["Maths", "Zoe", "Groups", "Then", "They", "Will"]


def test_letters_and_their_marks_are_one_word_however_they_are_written():
    split = unicodedata.normalize("NFD", "bei Zoë und Ángel")
    assert set(found(split)) == {"Zoë", "Ángel"}
    assert "Maria" in found("for Ma\u00adria")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("we saw Maria van der Berg there", "Maria van der Berg"),
        ("we saw J. R. Smith there", "J. R. Smith"),
        ("we saw Dr. Élise Dupont there", "Dr. Élise Dupont"),
        ("we saw Abdul ibn Said there", "Abdul ibn Said"),
        ("we saw Maria da Silva's book", "Maria da Silva"),
        ("we saw Nguyễn Thị Mai there", "Nguyễn Thị Mai"),
    ],
)
def test_names_of_several_words_are_found_whole(text, name):
    assert found(text, "name") == {name: (1, 1)}


def test_a_name_ends_at_the_end_of_a_sentence_and_of_a_line():
    assert found("we saw Ana. Ben came\nChen\nDara van", "name") == {}


def test_mail_addresses_are_found():
    assert found("write to ana.b@school.example.org, please", "address") == {"ana.b@school.example.org": (1, 1)}


def test_it_says_where_and_around_what():
    one, *_others = capitalised_words([Passage("title", "About Ana"), Passage("task", "then Ana goes")])
    assert one.word in ("About Ana",)
    ana = next(
        each for each in capitalised_words([Passage("a", "and Ana"), Passage("b", "x Ana y")]) if each.word == "Ana"
    )
    assert (ana.where, ana.before, ana.after) == (["a", "b"], "and ", "")


@pytest.mark.parametrize("text", ["يكتب علي الدرس", "王小明说", "שלום דנה", "सीता पढ़ती है", "მაია წერს", "민준이 쓴다"])
def test_letters_without_capitals_are_no_finds_and_are_told(text):
    assert capitalised_words([Passage("task", text)]) == []
    assert knows_no_capitals([Passage("task", text)])
    assert not knows_no_capitals([Passage("task", "1º and 2ª for Ana, Горан")])


LONG = ("1" * 90_000, "1A" * 40_000, "a.a" * 30_000, "A-" * 40_000, "Van der " * 10_000, "@" * 80_000, "A." * 40_000)


@pytest.mark.parametrize("text", LONG)
def test_long_and_odd_texts_take_no_time(text):
    before = time.process_time()
    capitalised_words([Passage("task", text)])
    assert time.process_time() - before < 3
