"""The record of an improvement in print: on one page, with what came and what went, for who sees the lesson."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from sidebyside.base import vault
from sidebyside.base.rich_text.nodes import paragraphs
from sidebyside.lessons.actions.lessons import change_text
from sidebyside.lessons.actions.rating import rate
from sidebyside.lessons.models import LessonVersion
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.text import set_nodes
from sidebyside.materials.queries import latest
from tests.pairs import NOW, signed_in


@pytest.fixture
def ben(world) -> Client:
    return signed_in(world.ben)


def taken(client: Client, world, query: str = ""):
    return client.get(reverse("lesson_comparison_pdf", args=[world.drinks.pk]) + query)


def words(content: bytes) -> str:
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    return said.replace("\u200b", "")  # (where a long word may go over to the next line)


def test_the_record_of_an_ordinary_lesson_is_one_page(world, ben):
    answer = taken(ben, world)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="comparison.pdf"'
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 1
    said = words(answer.content)
    for piece in ("Record of lesson improvement", "Which drink is stronger?", "Before", "After", "+Words that came"):
        assert piece in said
    assert b"pdfuaid:part" in answer.content
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata.title == "Which drink is stronger?"


def test_what_came_and_what_went_is_in_it(world, ben):
    said = words(taken(ben, world).content)
    assert "+and say nothing about fractions" in said or "say nothing about fractions" in said
    assert "explain how to compare" in said
    assert "\u2212" in said
    assert "asked" in said


def test_levels_come_with_the_names_of_their_makers(world, ben):
    version = LessonVersion.objects.filter(lesson=world.drinks).order_by("number").first()
    assert version is not None
    said = words(taken(ben, world, f"?from={version.number}&to=now").content)
    assert "creativecommons.org/licenses/by/3.0" not in said
    given = {"answers": {"technology.q1": "no"}, "notes": {}}
    rate(version, material=latest("chain", "design_21"), **given, by=world.ben, at=NOW)
    said = words(taken(ben, world, f"?from={version.number}&to=now").content)
    assert "Not used" in said
    assert "Microsoft Corporation" in said
    assert said.count("creativecommons.org/licenses/by/3.0") == 1


def test_the_other_way_round_is_the_same(world, ben):
    kept = LessonVersion.objects.filter(lesson=world.drinks).order_by("number")
    first = kept.first()
    assert first is not None
    one = words(taken(ben, world, f"?from={first.number}&to=now").content)
    assert one == words(taken(ben, world, f"?from=now&to={first.number}").content)


def test_a_large_record_is_made_shorter_and_can_be_had_whole(world, ben):
    long = [" ".join(f"m{line}n{at}" for at in range(60)) for line in range(40)]
    part = text_of(world.drinks).parts[1].id
    change_text(world.drinks, lambda doc: set_nodes(doc, part, paragraphs("\n".join(long))), by=world.ben, at=NOW)
    first = LessonVersion.objects.filter(lesson=world.drinks).order_by("number").first()
    assert first is not None
    query = f"?from={first.number}&to=now"
    short, whole = taken(ben, world, query).content, taken(ben, world, f"{query}&whole=yes").content
    assert [len(PdfReader(io.BytesIO(one)).pages) > 1 for one in (short, whole)] == [False, True]
    assert "Made shorter, to stand on one page" in words(short)
    assert "Made shorter" not in words(whole)
    assert "m39n59" in words(whole)


@pytest.mark.parametrize("query", ["?from=77&to=now", "?from=1&to=1", "?from=x", "?to=%00"])
def test_states_that_are_not_there_are_not_found(world, ben, query):
    assert taken(ben, world, query).status_code == 404


def test_who_does_not_see_the_lesson_finds_nothing(world):
    for person in (world.lena, world.dara, world.emre, world.ines):
        assert taken(signed_in(person), world).status_code == 404
    assert taken(Client(), world)["Location"].startswith("/sign-in/")


def test_words_that_were_erased_are_not_compared(world, ben):
    vault.destroy([world.drinks.vault_scope()])
    assert taken(ben, world).status_code == 404
