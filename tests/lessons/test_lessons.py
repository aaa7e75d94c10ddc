"""Lessons begin, are named, are removed, and go for good."""

from datetime import timedelta

import pytest

from sidebyside.base import bin
from sidebyside.base.live.models import LiveDocument, LiveUpdate
from sidebyside.base.refusals import Refused
from sidebyside.lessons.actions import parts, remarks
from sidebyside.lessons.actions.lessons import begin, delete_what_nothing_shows, remove, rename, restore
from sidebyside.lessons.actions.versions import keep_version
from sidebyside.lessons.models import Lesson, LessonVersion, Remark
from sidebyside.lessons.queries import text_of
from sidebyside.lessons.text import FIRST_PARTS
from tests.lessons.made import lesson_of
from tests.pairs import NOW, Pair, pair

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=31)


@pytest.fixture
def ours(db: None) -> Pair:
    return pair()


def test_it_begins_with_the_six_parts(ours: Pair) -> None:
    lesson = begin(
        partnership=ours.partnership, teacher=ours.partner, title=" A\n lesson ", about="", by=ours.coach, at=NOW
    )
    text = text_of(Lesson.objects.get(pk=lesson.pk))
    assert text.title == "A lesson"
    assert tuple(part.kind for part in text.parts) == FIRST_PARTS
    assert text.is_empty


def test_only_for_who_is_in_it_and_oneself(ours: Pair) -> None:
    values = {"title": "T", "about": "", "by": ours.coach, "at": NOW}
    with pytest.raises(Refused):
        begin(partnership=ours.partnership, teacher=ours.outsider, **values)
    with pytest.raises(Refused):
        begin(partnership=None, teacher=ours.partner, **values)
    ours.partnership.ended_at = NOW
    with pytest.raises(Refused):
        begin(partnership=ours.partnership, teacher=ours.partner, **values)
    assert not Lesson.objects.exists()
    assert not LiveDocument.objects.exists()


def test_removed_it_waits_thirty_days_and_takes_everything_along(ours: Pair) -> None:
    lesson, other = lesson_of(ours), lesson_of(ours, title="Other")
    by = {"by": ours.partner, "at": NOW}
    keep_version(lesson, kind=LessonVersion.Kind.TAUGHT, name="", **by)
    remarks.say(lesson, kind=Remark.Kind.REMARK, text="Short.", **by)
    parts.write_part(lesson, "task", markdown="New", began_from="", **by)
    remove(lesson, **by)
    with pytest.raises(Refused):
        rename(lesson, title="T", about="", version=1, **by)
    with pytest.raises(Refused):
        parts.write_part(lesson, "task", markdown="Newer", began_from="", **by)
    bin.empty(at=NOW + MONTH - timedelta(days=2))
    restore(lesson, **by)
    assert text_of(Lesson.objects.get(pk=lesson.pk)).part("task")
    remove(lesson, **by)
    bin.empty(at=NOW + MONTH)
    assert delete_what_nothing_shows() == 2  # the text, and the change to it that stood beside
    assert list(Lesson.objects.all()) == [other]
    assert list(LiveDocument.objects.all()) == [other.document]
    assert not LiveUpdate.objects.exists()
    assert not LessonVersion.objects.exists()
    assert not Remark.objects.exists()
    assert delete_what_nothing_shows() == 0


def test_others_neither_remove_a_lesson_nor_bring_it_back(ours: Pair) -> None:
    lesson = lesson_of(ours)
    with pytest.raises(Refused):
        remove(lesson, by=ours.coach, at=NOW)
    remove(lesson, by=ours.partner, at=NOW)
    with pytest.raises(Refused):
        restore(lesson, by=ours.coach, at=NOW)
    assert Lesson.objects.get(pk=lesson.pk).removed_at == NOW


def test_words_in_the_database_are_sealed(ours: Pair) -> None:
    lesson = lesson_of(ours, title="MARK title", task="MARK words")
    keep_version(lesson, kind=LessonVersion.Kind.TAUGHT, name="MARK name", by=ours.partner, at=NOW)
    rows = [*Lesson.objects.values(), *LessonVersion.objects.values(), *LiveDocument.objects.values()]
    assert "MARK" not in repr(rows)
