"""A lesson taken along from its pages: by whoever sees it, whole, and under a name that says nothing."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from sidebyside.base import typesetting, vault
from sidebyside.lessons.actions import files
from sidebyside.lessons.models import Lesson
from tests.base.files import samples
from tests.lessons.made import lesson_of
from tests.pairs import Pair
from tests.searching import Log, where_is

pytestmark = pytest.mark.django_db
EACH = ("lesson_html", "lesson_markdown", "lesson_pdf")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def attach(lesson: Lesson, content: bytes, name: str, **how: str) -> None:
    upload = SimpleUploadedFile(name, content)
    files.attach(lesson, upload, by=lesson.teacher, at=timezone.now(), **how)


def taken(client: Client, name: str, lesson: Lesson):
    return client.get(reverse(name, args=[lesson.pk]))


def test_text(ana, lesson):
    answer = taken(ana, "lesson_markdown", lesson)
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    said = answer.content.decode()
    assert said.startswith("# Drinks\n\nYear 7, science\n")
    assert "## The task\n\nWhich drink is **stronger**?" in said
    assert "Compare ratios" in said


def test_page(ana, lesson):
    attach(lesson, samples.from_a_phone(), "board.jpg", caption="The <board>", part="task")
    attach(lesson, samples.pdf(), "sheet.pdf")
    answer = taken(ana, "lesson_html", lesson)
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    said = answer.content.decode()
    task, moves = said.index("Which drink"), said.index("Then they compare.")
    assert task < said.index('alt="The &lt;board&gt;"') < moves
    assert "data:image/jpeg;base64," in said
    assert "<strong><bdi>sheet.pdf</bdi></strong>" in said
    assert "/lessons/" not in said, "it leads nowhere"


def test_print(ana, lesson):
    attach(lesson, samples.picture("PNG", mode="RGBA", colour=(9, 9, 200, 90)), "drawing.png", caption="A jug")
    answer = taken(ana, "lesson_pdf", lesson)
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    said = reader.pages[0].extract_text()
    assert len(reader.pages) == 1
    for piece in ("Drinks", "Year 7, science", "Which drink is stronger?", "Then they compare.", "7.RP", "A jug"):
        assert piece in said
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata.title == "Drinks"
    assert b"pdfuaid:part" in answer.content


@pytest.mark.parametrize("name", EACH)
def test_each_is_saved_under_a_name_that_says_nothing_and_kept_nowhere(ben, lesson, name):
    answer = taken(ben, name, lesson)
    ending = {"lesson_html": "html", "lesson_markdown": "md", "lesson_pdf": "pdf"}[name]
    assert answer["Content-Disposition"] == f'attachment; filename="lesson.{ending}"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", EACH)
def test_only_who_sees_the_lesson_takes_it_along(lena, lesson, name):
    assert taken(lena, name, lesson).status_code == 404
    assert taken(Client(), name, lesson)["Location"].startswith("/sign-in/")
    assert lena.post(reverse(name, args=[lesson.pk])).status_code == 405


@pytest.mark.parametrize("name", EACH)
def test_a_lesson_whose_words_were_erased_can_still_be_taken_along(ben, lesson, name):
    attach(lesson, samples.picture(), "a.jpg", caption="words")
    vault.destroy([lesson.vault_scope()])
    assert taken(ben, name, lesson).status_code == 200


def test_nothing_is_left_behind(ben, ours: Pair):
    lesson = lesson_of(ours, title="Periwinkles", task="Count the periwinkles")
    with Log() as log:
        for name in EACH:
            assert b"eriwinkle" in taken(ben, name, lesson).content or name == "lesson_pdf"
        assert where_is("periwinkle", log) == []


def test_a_pdf_that_takes_too_long_is_said_in_words(ben, lesson, monkeypatch):
    monkeypatch.setattr(typesetting.typeset, "__kwdefaults__", {**typesetting.typeset.__kwdefaults__, "within": 0.01})
    answer = taken(ben, "lesson_pdf", lesson)
    assert answer.status_code == 409
    assert "The PDF could not be made this time." in answer.content.decode()


def test_a_reader_of_another_language_and_direction_takes_it_along_too(ben, ours: Pair, lesson):
    ours.partner.language = "qps-plocm"
    ours.partner.save()
    said = taken(ben, "lesson_markdown", lesson).content.decode()
    assert "Which drink is **stronger**?" in said
    assert taken(ben, "lesson_pdf", lesson).status_code == 200
