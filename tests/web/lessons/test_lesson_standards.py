"""Choosing standards for a lesson: who may, what is kept, and what the page says when the list changes."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions import standards as actions
from sidebyside.lessons.actions.lessons import change_text
from sidebyside.lessons.models import Lesson
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.text import ChosenStandard
from sidebyside.materials.models import Standard
from sidebyside.materials.standards_actions import bring_framework
from tests.materials.packages import item
from tests.materials.test_standards import read
from tests.pairs import NOW, Pair

pytestmark = pytest.mark.django_db


def bring(ours: Pair, *items) -> dict[str, Standard]:
    version, _new = bring_framework(ours.school, package=read(*items), by=None, at=NOW)
    return {one.identifier: one for one in version.standards.all()}


@pytest.fixture
def rows(ours: Pair) -> dict[str, Standard]:
    return bring(ours, item("one", "Count to ten", humanCodingScheme="M.1"), item("two", "Zählen"))


def chosen(lesson: Lesson) -> dict[str, str]:
    return {one.identifier: one.statement for one in text_of(Lesson.objects.get(pk=lesson.pk)).standards}


def shown(client: Client, lesson: Lesson, query: str = "") -> str:
    answer = client.get(reverse("lesson_standards", args=[lesson.pk]) + query)
    assert answer.status_code == 200
    return unescape(" ".join(answer.content.decode().split()))


def test_who_has_no_part_in_it_neither_sees_nor_chooses(ours: Pair, lesson: Lesson, lena: Client, rows) -> None:
    before = chosen(lesson)
    where = reverse("lesson_standards", args=[lesson.pk])
    assert lena.get(where).status_code == 404
    assert lena.post(reverse("lesson_standard", args=[lesson.pk, rows["one"].pk])).status_code == 404
    assert lena.post(reverse("lesson_standards_removal", args=[lesson.pk]), {"identifier": "x"}).status_code == 404
    assert Client().get(where).status_code == 302
    assert chosen(lesson) == before


def test_each_of_them_finds_and_chooses_and_removes(ours: Pair, lesson: Lesson, ana: Client, ben: Client, rows) -> None:
    kept = chosen(lesson)
    found = shown(ana, lesson, "?q=zahl")
    assert reverse("lesson_standard", args=[lesson.pk, rows["two"].pk]) + "?q=zahl" in found
    assert "Count to ten" not in found
    answer = ana.post(reverse("lesson_standard", args=[lesson.pk, rows["two"].pk]) + "?q=zahl&x=1")
    assert answer["Location"] == reverse("lesson_standards", args=[lesson.pk]) + "?q=zahl"
    assert chosen(lesson) == kept | {"two": "Zählen"}
    assert "chosen</span>" in shown(ben, lesson, "?q=zahl")
    answer = ben.post(reverse("lesson_standards_removal", args=[lesson.pk]), {"identifier": "two"}, follow=True)
    assert reverse("lesson_standard", args=[lesson.pk, rows["two"].pk]) in answer.content.decode()  # undo
    assert chosen(lesson) == kept


def test_a_list_is_looked_through(ours: Pair, lesson: Lesson, ana: Client, rows) -> None:
    framework = rows["one"].version.framework_id
    page = shown(ana, lesson, f"?list={framework}")
    assert "Count to ten" in page
    assert reverse("lesson_standard", args=[lesson.pk, rows["one"].pk]) + f"?list={framework}" in page
    assert "Count to ten" in shown(ana, lesson, f"?list={framework}&at={rows['one'].pk}")
    assert (
        ana.get(reverse("lesson_standards", args=[lesson.pk]) + f"?list={framework}&at=1{'0' * 30}").status_code == 404
    )
    assert "Count to ten" not in shown(ana, lesson, "?list=999999")


def test_old_words_stay_until_somebody_takes_the_new_ones(ours: Pair, lesson: Lesson, ana: Client, rows) -> None:
    for row in rows.values():
        actions.choose_standard(lesson, standard=row, by=ours.coach, at=NOW)
    assert "The list now says" not in shown(ana, lesson)
    newer = bring(ours, item("one", "Count to twenty", humanCodingScheme="M.1"), item("three", "Sing"))
    page = shown(ana, lesson)
    assert page.count("The list now says") == 1
    assert "Count to twenty" in page
    assert page.count("The list no longer has it") == 1
    assert page.index("Zählen") < page.index("The list no longer has it")
    assert (chosen(lesson)["one"], chosen(lesson)["two"]) == ("Count to ten", "Zählen")
    order = list(chosen(lesson))
    ana.post(reverse("lesson_standard", args=[lesson.pk, newer["one"].pk]))
    assert chosen(lesson)["one"] == "Count to twenty"
    assert list(chosen(lesson)) == order
    assert "The list now says" not in shown(ana, lesson)


def test_what_is_not_there_is_not_chosen_and_not_removed(ours: Pair, lesson: Lesson, ana: Client, rows) -> None:
    before = chosen(lesson)
    assert ana.post(reverse("lesson_standard", args=[lesson.pk, 10**18])).status_code == 404
    for identifier in ("", "nowhere", "\0", "x" * 5000, "parts"):
        answer = ana.post(reverse("lesson_standards_removal", args=[lesson.pk]), {"identifier": identifier})
        assert answer.status_code == 302
    assert chosen(lesson) == before
    for method in (ana.get, ana.delete):
        assert method(reverse("lesson_standard", args=[lesson.pk, rows["one"].pk])).status_code == 405


def test_whatever_a_browser_wrote_is_shown_as_text_and_can_be_removed(lesson: Lesson, ana: Client, rows) -> None:
    odd = {"a\0b": "x\0y", "<i>": "<script>alert(1)</script>", "x" * 5000: "long"} | {f"n{n}": "n" for n in range(300)}

    def change(doc):
        for identifier, statement in odd.items():
            lesson_text.add_standard(doc, ChosenStandard(identifier, "", statement, "javascript:x", "<b>"))

    change_text(lesson, change, by=lesson.teacher, at=NOW)
    answer = ana.get(reverse("lesson_standards", args=[lesson.pk]) + "?q=count")
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content
    for identifier in ("a\0b", "<i>", "x" * 5000):
        sent = {"identifier": identifier}
        assert ana.post(reverse("lesson_standards_removal", args=[lesson.pk]), sent).status_code == 302
        assert identifier not in chosen(lesson)


def test_not_more_than_a_lesson_can_work_towards(ours: Pair, lesson: Lesson, ana: Client) -> None:
    made = bring(ours, *(item(f"i{n}", f"Statement {n}") for n in range(actions.MOST_CHOSEN + 1)))
    last = made.popitem()[1]
    room = actions.MOST_CHOSEN - len(chosen(lesson))
    for row in list(made.values())[:room]:
        actions.choose_standard(lesson, standard=row, by=ours.coach, at=NOW)
    answer = ana.post(reverse("lesson_standard", args=[lesson.pk, last.pk]))
    assert answer.status_code == 422
    assert "at most 40 standards" in answer.content.decode()
    assert len(chosen(lesson)) == actions.MOST_CHOSEN
    again = next(iter(made.values()))
    assert ana.post(reverse("lesson_standard", args=[lesson.pk, again.pk])).status_code == 302


def test_a_lesson_to_read_is_read_alone(ours: Pair, lesson: Lesson, ana: Client, rows) -> None:
    ours.partnership.ended_at = NOW
    ours.partnership.save()
    page = shown(ana, lesson, "?q=count")
    assert "Choose<" not in page
    assert 'type="search"' not in page
    answer = ana.post(reverse("lesson_standard", args=[lesson.pk, rows["one"].pk]))
    assert answer.status_code == 422
    assert "ended" in answer.content.decode()
    assert "one" not in chosen(lesson)
