"""The record of an improvement in print: on one page, honest about what is left out, or whole."""

import io

import pytest
from pypdf import PdfReader

from sidebyside.lessons.comparison import Run
from sidebyside.lessons.exports import record
from sidebyside.lessons.exports.record import Change, RecordSheet, Told, shorter, to_record
from sidebyside.lessons.shortening import ELLIPSIS

SHORTER = "Made shorter."


def passage(number: int, words: int) -> str:
    return f"begin{number} {' '.join(f'w{number}x{at}' for at in range(words))} end{number}"


def sheet(*lengths: int, parts: int = 1) -> RecordSheet:
    """A record with passages of so many words that came, in each of so many parts."""
    told = tuple(Told("", (Run("in", passage(number, words)),)) for number, words in enumerate(lengths))
    changes = tuple(Change(f"Part {at}", "9 words came.", told=told) for at in range(parts))
    return RecordSheet("Record", "Drinks", "", "en", sum="In all.", changes=changes, shorter=SHORTER)


def printed(given: RecordSheet, **how: bool) -> tuple[int, str]:
    """How many pages it takes, and what it says."""
    pages = PdfReader(io.BytesIO(to_record(given, **how).pdf)).pages
    return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())


def test_an_ordinary_record_is_whole_on_one_page():
    pages, said = printed(sheet(40, 60))
    assert pages == 1
    assert SHORTER not in said
    assert all(word in said for word in passage(1, 60).split())


def test_long_passages_stand_with_their_beginning_and_end():
    pages, said = printed(sheet(1_500, 30))
    assert pages == 1
    assert SHORTER in said
    assert "begin0 w0x0 w0x1" in said
    assert "w0x1499 end0" in said
    assert ELLIPSIS in said
    assert "w0x700" not in said


def test_of_many_passages_the_changes_stand_behind_one_another():
    pages, said = printed(sheet(*[20] * 80))
    assert pages == 1
    assert SHORTER in said
    assert "begin79" in said
    assert "end79" in said


def test_of_a_very_large_record_stands_how_much_changed():
    pages, said = printed(sheet(*[30] * 100, parts=8))
    assert pages == 1
    assert SHORTER in said
    assert said.count("9 words came.") == 8
    assert "begin1" not in said


@pytest.mark.parametrize("given", [sheet(1_500, 30), sheet(*[20] * 80)])
def test_who_asks_for_all_of_it_gets_every_word(given):
    pages, said = printed(given, whole=True)
    assert pages > 1
    assert SHORTER not in said
    every = {word for change in given.changes for told in change.told for word in told.runs[0].text.split()}
    # (a line may end in a word)
    assert {word for word in every if word not in said} == set()


def test_questions_that_led_to_it_and_titles_stay():
    long = sheet(5_000)
    asked = (("Ana asked", passage(7, 90)),)
    found = shorter(RecordSheet("Record", "Drinks", "", "en", changes=(Change("Task", "New.", asked, ()),)), 0)
    assert found.changes[0].causes[0][0] == "Ana asked"
    assert found.changes[0].causes[0][1].startswith("begin7 w7x0")
    assert (found.title, found.changes[0].how, found.is_shorter) == ("Drinks", "New.", True)
    assert not long.is_shorter


def test_what_never_fits_is_not_tried(monkeypatch):
    tried = []
    made = record._printed
    monkeypatch.setattr(record, "_printed", lambda given: tried.append(given) or made(given))
    to_record(sheet(9_000))
    assert [one.is_shorter for one in tried] == [True]
