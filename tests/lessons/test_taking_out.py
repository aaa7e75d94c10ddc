"""The copy of a lesson without the words that were taken out."""

import time
import unicodedata

import pytest

from sidebyside.lessons.taking_out import TakingOut


def test_words_are_taken_out_whole_and_in_their_capitals():
    out = TakingOut({"Ana": "a student", "Ana Ruiz": "a girl", "O'Brien": "B"})
    assert out.text("Ana Ruiz and Ana's Anastasia, ana, Ana-led.") == (
        "a girl and a student's Anastasia, ana, a student-led."
    )
    assert out.text("O’Brien") == "B"
    assert TakingOut({}).text("Ana") == "Ana"
    assert TakingOut({"5B": "a class"}).text("5B, 15B, 5Ba") == "a class, 15B, 5Ba"
    assert TakingOut({"Ana Ruiz": "a girl", " ": "x", "": "y"}).text("Ana \u00a0\n Ruiz, Ana\u2011Ruiz Ana") == (
        "a girl, Ana\u2011Ruiz Ana"
    )


def test_what_stands_in_the_place_is_not_looked_through_again():
    assert TakingOut({"Ana": "Ben", "Ben": "Ana"}).text("Ana, Ben") == "Ben, Ana"
    assert TakingOut({"A.": r"\1 (x)", "(": "["}).text("A. (") == r"\1 (x) ["


def test_scripts_without_spaces_and_other_letters_work():
    assert TakingOut({"王小明": "学生"}).text("王小明说") == "学生说"
    assert TakingOut({"علي": "طالب"}).text("قال علي عليه") == "قال طالب عليه"
    assert TakingOut({"Zoë": "x"}).text(unicodedata.normalize("NFD", "Zoë")) == "x"


def paragraph(*parts):
    return [{"type": "paragraph", "content": list(parts)}]


def text(words, *marks):
    return {"type": "text", "text": words, **({"marks": list(marks)} if marks else {})}


BOLD = {"type": "bold"}


def link(href):
    return {"type": "link", "attrs": {"href": href}}


def test_a_name_half_in_bold_is_taken_out_too():
    nodes = paragraph(text("Hi Ma"), text("ri", BOLD), text("a!"))
    assert TakingOut({"Maria": "a student"}).nodes(nodes) == paragraph(text("Hi a student"), text("!"))


def test_a_name_over_a_line_break_and_in_lists():
    broken = paragraph(text("Maria"), {"type": "hardBreak"}, text("Berg came"))
    nodes = [{"type": "bulletList", "content": [{"type": "listItem", "content": broken}]}]
    inside = TakingOut({"Maria Berg": "she"}).nodes(nodes)[0]["content"][0]["content"]
    assert inside == paragraph(text("she"), {"type": "hardBreak"}, text(" came"))


def test_a_letter_apart_from_its_mark_hides_no_name():
    nodes = paragraph(text("Zoe"), text("\u0308 is here", BOLD))
    assert TakingOut({"Zoë": "a student"}).nodes(nodes) == paragraph(text("a student"), text(" is here", BOLD))


def test_links_to_people_stay_as_words():
    nodes = paragraph(
        text("write", link("mailto:ana@example.org")),
        text("read", link("https://example.org/Kowalski/7")),
        text("look", link("https://example.org/")),
    )
    assert TakingOut({"Kowalski": "x"}).nodes(nodes) == paragraph(
        text("write"), text("read"), text("look", link("https://example.org/"))
    )


@pytest.mark.parametrize(
    ("word", "address", "stays"),
    [
        ("Müller", "https://example.org/M%C3%BCller.pdf", False),
        ("Müller", "https://example.org/muller", False),
        ("José", "https://example.org/class/jose-2", False),
        ("Jo", "https://example.org/jo/7", False),
        ("Jo", "https://example.org/journal", True),
        ("Maria de Souza", "https://example.de/waves", True),
        ("Maria de Souza", "https://example.de/?of=souza", False),
        ("王小明", "https://example.org/%E7%8E%8B%E5%B0%8F%E6%98%8E", False),
        ("王明", "https://example.org/7%E7%8E%8B%E6%98%8E", False),
        ("Waves", "https://example.org/", True),
    ],
)
def test_an_address_that_holds_what_was_taken_out_goes(word, address, stays):
    assert TakingOut({word: "somebody"}).address(address) == (address if stays else "")


HUNDREDS = range(500)


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ([f"Name{at}" for at in HUNDREDS], "Name7 and Nemo " * 4_000),
        (["Aa " * 60 + str(at) for at in HUNDREDS], "Aa " * 10_000),
        (["Aa" * 99 + str(at) for at in HUNDREDS], "Aa" * 30_000),
        (["王" * 99 + str(at) for at in HUNDREDS], "王" * 20_000),
        ([f"Name {at}" for at in HUNDREDS], "Name" + " " * 180_000),
    ],
)
def test_hundreds_of_words_that_are_alike_take_no_time(words, whole):
    out = TakingOut(dict.fromkeys(words, "x"))
    before = time.process_time()
    out.text(whole)
    assert time.process_time() - before < 5


def test_a_line_in_thousands_of_pieces_takes_no_time():
    out = TakingOut({"Ana": "a student"})
    nodes = paragraph(*(text("A", BOLD) if at % 2 else text("na ") for at in range(20_000)))
    before = time.process_time()
    found = out.nodes(nodes)[0]["content"]
    assert time.process_time() - before < 5
    assert [one["text"] for one in found[:4]] == ["na ", "a student", " ", "a student"]
