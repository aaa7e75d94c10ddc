"""Versions of a lesson on pages: kept, read, compared, gone back to."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sidebyside.base import vault
from sidebyside.base.rich_text.markdown import from_markdown
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions import remarks
from sidebyside.lessons.actions.lessons import change_text
from sidebyside.lessons.actions.versions import keep_version
from sidebyside.lessons.models import Lesson, LessonVersion
from sidebyside.lessons.queries import text_of
from sidebyside.partnerships.models import Member
from tests.pairs import NOW, Pair

pytestmark = pytest.mark.django_db


def write(lesson: Lesson, ours: Pair, markdown: str) -> None:
    there = Lesson.objects.get(pk=lesson.pk)
    change_text(there, lambda doc: lesson_text.set_nodes(doc, "task", from_markdown(markdown)), by=ours.partner, at=NOW)


def kept(lesson: Lesson, ours: Pair, name: str = "") -> LessonVersion:
    there = Lesson.objects.get(pk=lesson.pk)
    return keep_version(there, kind="taught", name=name, by=ours.partner, at=NOW)


@pytest.fixture
def two(lesson: Lesson, ours: Pair) -> list[LessonVersion]:
    """Two versions: Which drink is *stronger*, then *best*."""
    first = kept(lesson, ours, "FIRSTNAME")
    write(lesson, ours, "Which drink is best for you?")
    return [first, kept(lesson, ours)]


def shown(client: Client, name: str, *args, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200, (name, args, answer.status_code)
    return answer.content.decode()


def test_a_version_is_kept_by_a_plain_form(lesson: Lesson, ana: Client) -> None:
    page = reverse("lesson_versions", args=[lesson.pk])
    found = ana.get(page).content.decode()
    assert re.search(r'<input type="radio" name="kind" value="taught"[^>]* checked', found)
    answer = ana.post(page, {"kind": "taught", "name": "With 7B"})
    assert answer["Location"] == page
    version = LessonVersion.objects.get()
    assert (version.number, version.kind) == (1, "taught")
    after = shown(ana, "lesson_versions", lesson.pk)
    assert "With 7B" in after
    assert "Nothing changed since" in after
    assert "Version 1 is kept" in after


def test_the_next_moment_is_proposed(lesson: Lesson, ours: Pair, ana: Client) -> None:
    kept(lesson, ours)
    write(lesson, ours, "More")
    found = shown(ana, "lesson_versions", lesson.pk)
    assert re.search(r'name="kind" value="improved"[^>]* checked', found)


@pytest.mark.parametrize("typed", [{}, {"kind": "best"}, {"kind": "taught", "name": "x" * 81}])
def test_what_cannot_be_kept_is_said_in_place(lesson: Lesson, ana: Client, typed: dict) -> None:
    answer = ana.post(reverse("lesson_versions", args=[lesson.pk]), typed)
    assert answer.status_code == 422
    assert not LessonVersion.objects.exists()


def test_nothing_new_is_refused_with_a_sentence(two: list, lesson: Lesson, ana: Client) -> None:
    answer = ana.post(reverse("lesson_versions", args=[lesson.pk]), {"kind": "improved", "name": "MINE"})
    assert answer.status_code == 422
    assert "Nothing changed since version 2" in answer.content.decode()
    assert 'value="MINE"' in answer.content.decode()


def test_everything_is_unknown_to_others(two: list, lesson: Lesson, ana: Client, lena: Client) -> None:
    version = two[0]
    gets = (("lesson_versions", lesson.pk), ("lesson_comparison", lesson.pk), ("lesson_version", version.pk))
    posts = (
        ("lesson_versions", lesson.pk), ("lesson_version_name", version.pk), ("lesson_version_restoration", version.pk),
    )  # fmt: skip
    for name, pk in gets:
        assert lena.get(reverse(name, args=[pk])).status_code == 404, name
        assert Client().get(reverse(name, args=[pk])).status_code == 302, name
    for name, pk in posts:
        assert lena.post(reverse(name, args=[pk]), {"kind": "taught", "name": "x"}).status_code == 404, name
    for name in ("lesson_version_name", "lesson_version_restoration"):
        assert ana.get(reverse(name, args=[version.pk])).status_code == 405, name
    assert LessonVersion.objects.count() == 2


def test_who_left_reads_what_was_kept_in_her_time(two: list, lesson: Lesson, ours: Pair, ana: Client) -> None:
    Member.objects.filter(person=ours.coach).update(left_at=NOW + timedelta(hours=1))
    late = keep_late(lesson, ours)
    found = shown(ana, "lesson_versions", lesson.pk)
    assert "Version 2" in found
    assert "Version 3" not in found
    assert "Keep this as a version" not in found
    assert ana.get(reverse("lesson_version", args=[late.pk])).status_code == 404
    assert "best for you" in shown(ana, "lesson_version", two[1].pk)
    for name, pk in (
        ("lesson_versions", lesson.pk), ("lesson_version_name", two[0].pk), ("lesson_version_restoration", two[0].pk),
    ):  # fmt: skip
        assert ana.post(reverse(name, args=[pk]), {"kind": "taught", "name": "x"}).status_code == 403, name


def keep_late(lesson: Lesson, ours: Pair) -> LessonVersion:
    """A version of after she left, while the lesson itself is as it was."""
    return LessonVersion.objects.create(
        lesson=lesson, partnership=ours.partnership, scope=lesson.vault_scope(), number=3, kind="other", name="",
        body=text_of(lesson).to_json(), made_at=NOW + timedelta(hours=2), made_by=ours.partner,
    )  # fmt: skip


def test_after_its_teacher_left_a_lesson_is_there_to_read(two: list, lesson: Lesson, ours: Pair, ana: Client) -> None:
    Member.objects.filter(person=ours.partner).update(left_at=NOW + timedelta(hours=1))
    assert "Keep this as a version" not in shown(ana, "lesson_versions", lesson.pk)
    assert "Go back to this version" not in shown(ana, "lesson_version", two[0].pk)
    assert ana.post(reverse("lesson_version_restoration", args=[two[0].pk])).status_code == 403


def test_a_version_is_read_and_named_anew(two: list, ana: Client) -> None:
    found = shown(ana, "lesson_version", two[0].pk)
    assert "<strong>stronger</strong>" in found
    assert "Compare ratios" in found
    assert "best for you" not in found
    page = reverse("lesson_version_name", args=[two[0].pk])
    assert ana.post(page, {"kind": "other", "name": "Renamed"})["Location"] == reverse(
        "lesson_version", args=[two[0].pk]
    )
    assert "Renamed" in shown(ana, "lesson_version", two[0].pk)
    assert ana.post(page, {"kind": "nonsense", "name": "Renamed"}).status_code == 422


def test_going_back_and_undoing_it(two: list, lesson: Lesson, ana: Client, ben: Client) -> None:
    answer = ana.post(reverse("lesson_version_restoration", args=[two[0].pk]), follow=True)
    found = answer.content.decode()
    assert "stronger" in found
    assert "What stood before is version 2" in found
    undo = reverse("lesson_version_restoration", args=[two[1].pk])
    assert f'action="{undo}"' in found
    assert "best for you" in ben.post(undo, follow=True).content.decode()
    assert ana.post(undo).status_code == 422


def test_words_in_and_words_out_are_marked_and_said(two: list, lesson: Lesson, ana: Client) -> None:
    found = shown(ana, "lesson_comparison", lesson.pk, query="?from=1&to=2")
    assert re.search(r'<del class="went"><span class="hidden">\[went: </span>stronger', found)
    assert re.search(r'<ins class="came"><span class="hidden">\[came: </span>best for you', found)
    assert "3 words came, 1 went." in " ".join(found.split())
    assert "Record of lesson improvement" in found
    assert "As before:" in found
    assert "I explain first" not in found
    assert "I explain first" in shown(ana, "lesson_comparison", lesson.pk, query="?from=1&to=2&whole=yes")


def test_any_two_in_any_order(two: list, lesson: Lesson, ours: Pair, ana: Client) -> None:
    write(lesson, ours, "NOWWORD here")
    forth = shown(ana, "lesson_comparison", lesson.pk, query="?from=1&to=2")
    back = shown(ana, "lesson_comparison", lesson.pk, query="?from=2&to=1")
    sums = [re.findall(r'class="record__sum">(.*?)</p>', one, re.DOTALL) for one in (forth, back)]
    assert sums[0] == sums[1] != []
    for query in ("", "?to=now", "?from=2&to=now", "?from=now&to=2"):
        assert "NOWWORD" in shown(ana, "lesson_comparison", lesson.pk, query=query), query


@pytest.mark.parametrize(
    "query",
    [
        "?from=9",
        "?from=1&to=x",
        "?from=-1",
        "?from=%00",
        "?from=1&to=1",
        "?from=now&to=now",
        "?from=",
        "?to=1e9",
        "?from=²",
    ]
    + ["?from=<script>alert(1)</script>", "?from=" + "9" * 4000],
)
def test_states_there_are_none_of_get_a_sentence(two: list, lesson: Lesson, ana: Client, query: str) -> None:
    answer = ana.get(reverse("lesson_comparison", args=[lesson.pk]) + query)
    found = answer.content.decode()
    assert answer.status_code == 422
    assert "below" in found
    assert "<script>alert" not in found
    assert 'name="from"' in found


def test_without_a_version_there_is_nothing_to_compare(lesson: Lesson, ana: Client) -> None:
    assert "Nothing to compare yet" in shown(ana, "lesson_comparison", lesson.pk, query="?from=1")


def test_the_question_that_led_to_a_change_stands_beside_it(lesson: Lesson, ours: Pair, ana: Client) -> None:
    kept(lesson, ours)
    for part, text in (("task", "WHYDRINKS"), ("", "WHYALL"), ("task", "UNRELATED")):
        asked = remarks.say(lesson, part=part, kind="question", text=text, by=ours.coach, at=NOW)
        if text != "UNRELATED":
            remarks.mark_cause(asked, by=ours.partner, at=NOW)
    write(lesson, ours, "Which is best?")
    assert "WHYDRINKS" in shown(ana, "lesson_comparison", lesson.pk)
    kept(lesson, ours)
    found = shown(ana, "lesson_comparison", lesson.pk, query="?from=1&to=2")
    assert "WHYDRINKS" in found
    assert "WHYALL" in found
    assert "UNRELATED" not in found
    write(lesson, ours, "Which is best of all?")
    assert "WHYDRINKS" not in shown(ana, "lesson_comparison", lesson.pk, query="?from=2&to=now")


def test_hostile_words_are_words(lesson: Lesson, ours: Pair, ana: Client) -> None:
    bad = "<script>alert(1)</script>"
    first = kept(lesson, ours, bad)
    write(lesson, ours, f"{bad} [x](javascript:alert(1))")
    asked = remarks.say(lesson, part="task", kind="question", text=bad, by=ours.coach, at=NOW)
    remarks.mark_cause(asked, by=ours.partner, at=NOW)
    second = kept(lesson, ours)
    for name, pk in (
        ("lesson_versions", lesson.pk), ("lesson_comparison", lesson.pk), ("lesson_version", first.pk),
        ("lesson_version", second.pk),
    ):  # fmt: skip
        found = shown(ana, name, pk)
        assert "<script>alert" not in found, name
        assert 'href="javascript' not in found, name
        assert "Drinks" not in re.findall("<title>.*?</title>", found)[0]


def test_erased_words_leave_pages_standing(two: list, lesson: Lesson, ana: Client) -> None:
    vault.destroy([lesson.vault_scope()])
    assert "erased" in shown(ana, "lesson_version", two[0].pk)
    shown(ana, "lesson_versions", lesson.pk)
    answer = ana.get(reverse("lesson_comparison", args=[lesson.pk]) + "?from=1&to=2")
    assert answer.status_code == 422
    assert "erased" in answer.content.decode()
    assert ana.post(reverse("lesson_version_restoration", args=[two[0].pk])).status_code == 422


def test_more_versions_cost_no_more_queries(two: list, lesson: Lesson, ours: Pair, ana: Client) -> None:
    counts = []
    for _round in range(2):
        for name, query in (("lesson_versions", ""), ("lesson_comparison", "?from=1&to=2")):
            with CaptureQueriesContext(
                connection,
            ) as caught:
                shown(ana, name, lesson.pk, query=query)
            counts.append(len(caught))
        for n in range(3):
            write(lesson, ours, f"Another {n} {_round}")
            kept(lesson, ours)
    assert counts[:2] == counts[2:]
