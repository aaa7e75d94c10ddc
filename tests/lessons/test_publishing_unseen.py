"""Nothing is published that one of its makers did not read, and nothing that was taken out stands anywhere."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pycrdt import Map

from sidebyside.base import bin
from sidebyside.base.live import documents
from sidebyside.base.refusals import Refused
from sidebyside.lessons import publication_queries as queries
from sidebyside.lessons.actions import files, publishing, versions
from sidebyside.lessons.actions.lessons import delete_what_nothing_shows
from sidebyside.lessons.models import Publication, PublishedFile
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.text import ChosenStandard
from tests.lessons.makers import lesson_of, picture_of, proposed, published, says, version_of
from tests.pairs import NOW, pair

pytestmark = pytest.mark.django_db
WORDS = says("Zebrafish reads with Quirin")
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def two():
    return pair()


@pytest.fixture
def lesson(two):
    return lesson_of(two.partnership, two.partner, WORDS, at=NOW)


@pytest.fixture
def version(lesson):
    return version_of(lesson, WORDS, at=NOW)


def test_a_caption_changed_after_somebody_agreed_stays_at_home(two, lesson, version):
    picture = picture_of(lesson, at=NOW, caption="A drawing of fish")
    draft = proposed(version, by=two.coach, at=NOW, pictures={picture.pk: "nobody"})
    publishing.agree(draft, read=draft.asked_at, by=two.partner, at=NOW)
    files.describe(picture, caption="Quirin in front of the board", by=two.coach, at=LATER)
    assert publishing.agree(draft, read=draft.asked_at, by=two.coach, at=LATER) is True
    assert PublishedFile.objects.get().caption == "A drawing of fish"
    assert "board" not in Publication.objects.get().searched


def test_a_file_that_lay_in_the_bin_while_somebody_agreed_is_not_published(two, lesson, version):
    picture = picture_of(lesson, at=NOW)
    draft = proposed(version, by=two.coach, at=NOW, pictures={picture.pk: "nobody"})
    files.remove(picture, by=two.coach, at=NOW)
    publishing.agree(draft, read=draft.asked_at, seen=[], by=two.partner, at=NOW)
    bin.restore(picture, by=two.coach, at=LATER)
    assert publishing.agree(draft, read=draft.asked_at, by=two.coach, at=LATER) is True
    assert not PublishedFile.objects.exists()


def test_a_file_that_came_back_while_she_read_is_not_agreed_to(two, lesson, version):
    picture = picture_of(lesson, at=NOW)
    draft = proposed(version, by=two.coach, at=NOW, pictures={picture.pk: "nobody"})
    for seen in ([], [picture.pk, 10**17]):
        with pytest.raises(Refused, match="read it again"):
            publishing.agree(draft, read=draft.asked_at, seen=seen, by=two.partner, at=NOW)
    assert publishing.agree(draft, read=draft.asked_at, seen=[picture.pk], by=two.partner, at=NOW) is False


def test_words_taken_out_stand_in_no_standard(two, lesson):
    own = ChosenStandard("s-1", "Q.Quirin", "Listen to Quirin", "https://school.example/quirin", "List of Quirin")
    text = replace(WORDS, standards=(own, ChosenStandard("m-1", "M.1", "Compare", "https://case.example/m1", "Maths")))
    version = version_of(lesson, text, at=NOW)
    publication = published(version, two.coach, two.partner, at=NOW, replacements={"Quirin": "a student"})
    assert "quirin" not in str(publication.body).lower()
    assert "quirin" not in publication.searched
    first, second = publication.body["text"]["standards"]
    assert (first["statement"], first["uri"]) == ("Listen to a student", "")
    assert second["uri"] == "https://case.example/m1"


def test_the_words_that_were_taken_out_are_forgotten_once_it_is_published(two, version):
    publication = published(version, two.coach, two.partner, at=NOW, replacements={"Quirin": "a student"})
    found = Publication.objects.get()
    assert queries.draft_of(found).replacements == {}
    assert found.title == publication.title == "Fractions with Ana"


def test_signs_that_no_database_keeps_are_neither_shown_nor_published(two, lesson):
    bad = "\0Waves\x0b<script>"
    with documents.changing(lesson.document, at=NOW) as doc:
        doc.get("parts", type=Map)["part0"]["title"] = bad
        said = {"statement": bad, "code": bad, "uri": bad, "framework": bad, "at": float("nan")}
        doc.get("standards", type=Map)[bad] = said
        doc.get("standards", type=Map)["s-2"] = {"statement": bad, "code": 7, "uri": ["x"], "framework": {}}
    version = versions.keep_version(lesson, kind="taught", name="", by=two.coach, at=NOW)
    text = text_of(lesson)
    assert text.parts[0].title == text.standards[0].statement == "Waves<script>"
    assert {one.code for one in text.standards} == {"Waves<script>", ""}
    assert [one.identifier for one in text.standards if one.code] == [bad]  # by it, it can be taken out again
    publication = published(version, two.coach, two.partner, at=NOW)
    assert "\\x0" not in str(publication.body)
    assert "\0" not in publication.searched


def test_a_draft_goes_with_its_lesson_and_what_is_published_stays(two, lesson, version):
    kept = published(version, two.coach, two.partner, at=NOW)
    proposed(version, by=two.coach, at=LATER)
    delete_what_nothing_shows()
    assert Publication.objects.count() == 2
    lesson.delete()
    delete_what_nothing_shows()
    assert list(Publication.objects.all()) == [kept]
