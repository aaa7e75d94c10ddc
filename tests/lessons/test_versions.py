"""Versions of a lesson: kept, named, gone back to."""

import pytest

from sidebyside.base import vault
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.base.rich_text.markdown import from_markdown, to_markdown
from sidebyside.lessons import text as lesson_text
from sidebyside.lessons.actions import remarks, versions
from sidebyside.lessons.actions.lessons import change_text, remove, rename
from sidebyside.lessons.actions.versions import keep_version, rename_version, restore_version
from sidebyside.lessons.models import Lesson, LessonVersion
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.text import LessonText
from sidebyside.partnerships.actions import end
from tests.lessons.made import TASK, lesson_of
from tests.pairs import NOW, Pair, pair

pytestmark = pytest.mark.django_db
TAUGHT, IMPROVED = LessonVersion.Kind.TAUGHT, LessonVersion.Kind.IMPROVED


@pytest.fixture
def ours(db: None) -> Pair:
    return pair()


@pytest.fixture
def lesson(ours: Pair) -> Lesson:
    return lesson_of(ours)


def write(lesson: Lesson, ours: Pair, markdown: str, part: str = "task") -> None:
    change_text(lesson, lambda doc: lesson_text.set_nodes(doc, part, from_markdown(markdown)), by=ours.partner, at=NOW)


def task(lesson: Lesson) -> str:
    found = text_of(fresh(lesson)).part("task")
    assert found is not None
    return to_markdown(found.nodes)


def fresh(lesson: Lesson) -> Lesson:
    return Lesson.objects.get(pk=lesson.pk)


def said(version: LessonVersion) -> LessonText:
    (opened,) = vault.opened([LessonVersion.objects.get(pk=version.pk)], "body")
    return LessonText.from_json(opened.body)


def keep(lesson: Lesson, ours: Pair, name: str = "", kind: str = TAUGHT) -> LessonVersion:
    return keep_version(fresh(lesson), kind=kind, name=name, by=ours.partner, at=NOW)


def test_a_version_says_what_the_lesson_said_then(lesson: Lesson, ours: Pair) -> None:
    before = text_of(fresh(lesson))
    first = keep(lesson, ours, "  Before\nwe met ")
    write(lesson, ours, "Which drink is best?")
    second = keep(lesson, ours, kind=IMPROVED)
    assert (first.number, second.number) == (1, 2)
    assert (first.name, second.name) == ("Before we met", "")
    assert said(first) == before
    assert said(second) == text_of(fresh(lesson)) != before
    events = Event.objects.filter(kind="lesson.version_kept")
    assert [(event.by, event.partnership_id) for event in events] == [(ours.partner.pk, ours.partnership.pk)] * 2


def test_words_of_a_version_are_sealed(lesson: Lesson, ours: Pair) -> None:
    version = keep(lesson, ours, "MARK")
    row = LessonVersion.objects.filter(pk=version.pk).values("name", "body").get()
    assert b"MARK" not in bytes(row["name"])
    assert b"drink" not in bytes(row["body"])


def test_the_same_again_is_no_version(lesson: Lesson, ours: Pair) -> None:
    keep(lesson, ours, "The first")
    with pytest.raises(Refused, match=r"since version 1 \(The first\)"):
        keep(lesson, ours, "Another name", IMPROVED)
    assert LessonVersion.objects.count() == 1


@pytest.mark.parametrize(("kind", "name"), [("", ""), ("best", ""), (TAUGHT, "x" * 81), (TAUGHT, "a\0b")])
def test_kinds_and_names_that_cannot_be_kept(lesson: Lesson, ours: Pair, kind: str, name: str) -> None:
    with pytest.raises(Refused):
        keep(lesson, ours, name, kind)
    assert not LessonVersion.objects.exists()


def test_nothing_is_kept_of_what_is_closed(lesson: Lesson, ours: Pair) -> None:
    version = keep(lesson, ours)
    write(lesson, ours, "More")
    remove(fresh(lesson), by=ours.partner, at=NOW)
    for act in (
        lambda: keep(lesson, ours),
        lambda: restore_version(LessonVersion.objects.get(pk=version.pk), by=ours.partner, at=NOW),
        lambda: rename_version(
            LessonVersion.objects.get(pk=version.pk), kind=TAUGHT, name="x", by=ours.partner, at=NOW
        ),
    ):
        with pytest.raises(Refused, match="removed"):
            act()


def test_nothing_is_kept_after_the_end(lesson: Lesson, ours: Pair) -> None:
    end(ours.partnership, by=ours.coach, at=NOW)
    with pytest.raises(Refused, match="ended"):
        keep(lesson, ours)


def test_numbers_do_not_collide(lesson: Lesson, ours: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else keeps a version between the look at the last number and the writing of the next."""
    looked = versions._says
    first = keep(lesson, ours)
    write(lesson, ours, "Which is best?")
    meanwhile = []

    def look(last: LessonVersion, body: str) -> bool:
        same = looked(last, body)
        if not meanwhile:
            meanwhile.append(
                LessonVersion.objects.create(
                    lesson=lesson,
                    partnership=ours.partnership,
                    scope=lesson.vault_scope(),
                    number=last.number + 1,
                    kind=IMPROVED,
                    name="",
                    body="{}",
                    made_at=NOW,
                    made_by=ours.coach,
                )  # fmt: skip
            )
        return same

    monkeypatch.setattr(versions, "_says", look)
    mine = keep(lesson, ours)
    assert [first.number, meanwhile[0].number, mine.number] == [1, 2, 3]


def test_a_question_that_led_to_a_change_names_the_version(lesson: Lesson, ours: Pair) -> None:
    keep(lesson, ours)
    asked = remarks.say(lesson, part="task", kind="question", text="Why drinks?", by=ours.coach, at=NOW)
    remarks.mark_cause(asked, by=ours.partner, at=NOW)
    write(lesson, ours, "Which is best?")
    version = keep(lesson, ours, kind=IMPROVED)
    asked.refresh_from_db()
    assert asked.led_to == version


def test_going_back_keeps_what_stands(lesson: Lesson, ours: Pair) -> None:
    first = keep(lesson, ours)
    write(lesson, ours, "Which is best?")
    kept = restore_version(LessonVersion.objects.get(pk=first.pk), by=ours.coach, at=NOW)
    assert (kept.number, kept.kind, kept.made_by) == (2, "other", ours.coach)
    assert to_markdown(said(kept).part("task").nodes) == "Which is best?"
    assert task(lesson) == TASK
    assert said(first) == text_of(fresh(lesson))
    # And forth again: the text stands in a version already, so no further one is made.
    assert restore_version(LessonVersion.objects.get(pk=kept.pk), by=ours.coach, at=NOW) == first
    assert task(lesson) == "Which is best?"
    assert LessonVersion.objects.count() == 2


def test_going_back_brings_name_and_order_back(lesson: Lesson, ours: Pair) -> None:
    first = keep(lesson, ours)
    there = fresh(lesson)
    rename(there, title="Juice", about="Year 8", version=there.version, by=ours.coach, at=NOW)

    def change(doc) -> None:
        lesson_text.move_part(doc, "moves", after=None)
        lesson_text.change_part(doc, "task", removed=True)
        lesson_text.add_part(doc, "timing")

    change_text(fresh(lesson), change, by=ours.coach, at=NOW)
    restore_version(LessonVersion.objects.get(pk=first.pk), by=ours.partner, at=NOW)
    now = text_of(fresh(lesson))
    assert (now.title, now.about) == ("Drinks", "Year 7, science")
    assert [part.id for part in now.parts] == ["task", "moves"]
    assert now == said(first)


def test_going_back_to_what_stands_is_refused(lesson: Lesson, ours: Pair) -> None:
    first = keep(lesson, ours)
    with pytest.raises(Refused, match="says this already"):
        restore_version(LessonVersion.objects.get(pk=first.pk), by=ours.partner, at=NOW)


def test_a_version_whose_words_were_erased_brings_nothing_back(lesson: Lesson, ours: Pair) -> None:
    first = keep(lesson, ours)
    write(lesson, ours, "Which is best?")
    vault.destroy([lesson.vault_scope()])
    with pytest.raises(Refused, match="erased"):
        restore_version(LessonVersion.objects.get(pk=first.pk), by=ours.partner, at=NOW)


def test_a_version_is_named_anew_and_says_the_same(lesson: Lesson, ours: Pair) -> None:
    version = keep(lesson, ours, "One")
    before = said(version)
    there = LessonVersion.objects.get(pk=version.pk)
    rename_version(there, kind=IMPROVED, name=" Two ", by=ours.coach, at=NOW)
    rename_version(there, kind=IMPROVED, name="Two", by=ours.coach, at=NOW)
    (opened,) = vault.opened([LessonVersion.objects.get(pk=version.pk)], "name")
    assert (opened.name, opened.kind) == ("Two", IMPROVED)
    assert said(version) == before
    assert Event.objects.filter(kind="lesson.version_renamed").count() == 1
