"""What is said about a lesson: who may say what, and what becomes of it."""

from datetime import timedelta

import pytest

from sidebyside.base import bin
from sidebyside.base.refusals import Refused
from sidebyside.base.rich_text.markdown import to_markdown
from sidebyside.base.vault import opened
from sidebyside.lessons.actions import remarks
from sidebyside.lessons.actions.lessons import remove as remove_lesson
from sidebyside.lessons.actions.versions import keep_version
from sidebyside.lessons.models import Lesson, LessonVersion, Remark
from sidebyside.lessons.queries import said_about, text_of
from tests.lessons.made import lesson_of
from tests.pairs import NOW, Pair, pair

pytestmark = pytest.mark.django_db
Kind = Remark.Kind
HOUR = timedelta(hours=1)


@pytest.fixture
def ours(db: None) -> Pair:
    return pair()


@pytest.fixture
def lesson(ours: Pair) -> Lesson:
    return lesson_of(ours)


def suggest(lesson: Lesson, ours: Pair, quote: str, instead: str, part: str = "moves") -> Remark:
    return remarks.say(
        lesson, part=part, kind=Kind.SUGGESTION, quote=quote, replacement=instead, text="", by=ours.coach, at=NOW
    )


def words(lesson: Lesson, part: str = "moves") -> str:
    found = text_of(Lesson.objects.get(pk=lesson.pk)).part(part)
    assert found is not None
    return to_markdown(found.nodes).strip()


@pytest.mark.parametrize("text", ["", "   ", "a\0b", "x" * 10_001, "half \ud800"])
def test_words_that_cannot_be_kept_are_refused(ours: Pair, lesson: Lesson, text: str) -> None:
    with pytest.raises(Refused):
        remarks.say(lesson, kind=Kind.QUESTION, text=text, by=ours.coach, at=NOW)
    assert not Remark.objects.exists()


@pytest.mark.parametrize(
    ("quote", "instead"), [("", "new"), ("  ", "new"), ("same", "same"), ("x" * 2_001, "y"), ("x", "y" * 2_001)]
)
def test_a_suggestion_names_both_wordings(ours: Pair, lesson: Lesson, quote: str, instead: str) -> None:
    with pytest.raises(Refused):
        suggest(lesson, ours, quote, instead)


def test_an_accepted_suggestion_stands_in_the_text_with_both_names(ours: Pair, lesson: Lesson) -> None:
    made = suggest(lesson, ours, "explain first", "ask first")
    remarks.accept(made, version=1, by=ours.partner, at=NOW)
    assert words(lesson) == "I ask first.\n\nThen they compare."
    kept = Remark.objects.get()
    assert (kept.author, kept.accepted_by, kept.accepted_at) == (ours.coach, ours.partner, NOW)
    with pytest.raises(Refused, match="already"):
        remarks.accept(kept, version=1, by=ours.coach, at=NOW)
    with pytest.raises(Refused):
        remarks.change(kept, text="other", version=kept.version, by=ours.coach, at=NOW)


def test_a_suggestion_that_was_changed_is_read_again_before_it_is_accepted(ours: Pair, lesson: Lesson) -> None:
    read = suggest(lesson, ours, "explain first", "ask first")
    now = Remark.objects.get()
    remarks.change(now, text="", replacement="shout first", version=1, by=ours.coach, at=NOW)
    with pytest.raises(Refused, match="read it again"):
        remarks.accept(read, version=1, by=ours.partner, at=NOW)
    assert (Remark.objects.get().accepted_at, words(lesson)) == (None, "I explain first.\n\nThen they compare.")
    # (a row that was fetched before says what it says now)
    remarks.accept(read, version=2, by=ours.partner, at=NOW)
    assert words(lesson).startswith("I shout first.")
    # and one that was accepted meanwhile stays as it was
    with pytest.raises(Refused, match="accepted"):
        remarks.change(now, text="", replacement="whisper", version=2, by=ours.coach, at=NOW)


def test_words_that_stand_nowhere_are_refused_and_it_stays_open(ours: Pair, lesson: Lesson) -> None:
    made = suggest(lesson, ours, "nowhere to be read", "but here")
    with pytest.raises(Refused, match="nowhere to be read.*but here"):
        remarks.accept(made, version=1, by=ours.partner, at=NOW)
    assert Remark.objects.get().accepted_at is None
    assert words(lesson) == "I explain first.\n\nThen they compare."


def test_words_are_looked_for_in_their_own_part(ours: Pair, lesson: Lesson) -> None:
    other = suggest(lesson, ours, "Which drink", "Which jug", part="moves")
    with pytest.raises(Refused):
        remarks.accept(other, version=1, by=ours.partner, at=NOW)
    whole = suggest(lesson, ours, "Which drink", "Which jug", part="")
    remarks.accept(whole, version=1, by=ours.partner, at=NOW)
    assert words(lesson, "task") == "Which jug is **stronger**?"


def test_only_suggestions_are_accepted(ours: Pair, lesson: Lesson) -> None:
    question = remarks.say(lesson, kind=Kind.QUESTION, text="Why?", by=ours.coach, at=NOW)
    with pytest.raises(Refused):
        remarks.accept(question, version=1, by=ours.partner, at=NOW)


def test_answers_stand_below_what_they_answer(ours: Pair, lesson: Lesson) -> None:
    question = remarks.say(lesson, part="task", kind=Kind.QUESTION, text="Why?", by=ours.coach, at=NOW)
    first = remarks.say(lesson, kind=Kind.REMARK, text="Because.", by=ours.partner, at=NOW, answers=question)
    again = remarks.say(lesson, kind=Kind.REMARK, text="And?", by=ours.coach, at=NOW, answers=first)
    assert again.answers == question
    assert again.part == "task"
    (said,) = said_about(Remark.objects.all(), lesson)
    assert [one.text for one in said.answers] == ["Because.", "And?"]
    other = lesson_of(ours, title="Other")
    with pytest.raises(Refused):
        remarks.say(other, kind=Kind.REMARK, text="x", by=ours.coach, at=NOW, answers=question)
    bin.remove(question, by=ours.coach, at=NOW)
    with pytest.raises(Refused):
        remarks.say(lesson, kind=Kind.REMARK, text="x", by=ours.partner, at=NOW, answers=question)
    left = said_about(Remark.objects.all(), lesson)
    assert [(one.remark.text, one.answers) for one in left] == [("Because.", []), ("And?", [])]


def test_what_led_to_a_change_names_the_version_that_holds_it(ours: Pair, lesson: Lesson) -> None:
    keep_version(lesson, kind=LessonVersion.Kind.TAUGHT, name="", by=ours.partner, at=NOW)
    asked, other = (
        remarks.say(lesson, kind=Kind.QUESTION, text=text, by=ours.coach, at=NOW) for text in ("Why?", "When?")
    )
    remarks.mark_cause(asked, by=ours.partner, at=NOW)
    remarks.mark_cause(other, by=ours.partner, at=NOW)
    remarks.unmark_cause(other, by=ours.partner, at=NOW)
    remarks.accept(suggest(lesson, ours, "explain first", "ask first"), version=1, by=ours.partner, at=NOW)
    second = keep_version(lesson, kind=LessonVersion.Kind.IMPROVED, name="", by=ours.partner, at=NOW + HOUR)
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.led_to, asked.led_by) == (second, ours.partner)
    assert (other.led_at, other.led_to) == (None, None)
    remarks.accept(suggest(lesson, ours, "they compare", "they taste"), version=1, by=ours.partner, at=NOW)
    keep_version(lesson, kind=LessonVersion.Kind.OTHER, name="", by=ours.partner, at=NOW + 2 * HOUR)
    asked.refresh_from_db()
    assert asked.led_to == second


def test_settled_and_taken_up_again(ours: Pair, lesson: Lesson) -> None:
    made = remarks.say(lesson, kind=Kind.REMARK, text="Short.", by=ours.coach, at=NOW)
    remarks.settle(made, by=ours.partner, at=NOW)
    assert said_about(Remark.objects.all(), lesson)[0].is_done
    remarks.settle(made, by=ours.coach, at=NOW + HOUR)
    assert Remark.objects.get().settled_by == ours.partner
    remarks.unsettle(made, by=ours.coach, at=NOW)
    assert not said_about(Remark.objects.all(), lesson)[0].is_done


def test_nothing_is_said_in_what_is_only_to_read(ours: Pair, lesson: Lesson) -> None:
    made = remarks.say(lesson, kind=Kind.REMARK, text="Short.", by=ours.coach, at=NOW)
    suggested = suggest(lesson, ours, "explain first", "ask first")
    remove_lesson(lesson, by=ours.partner, at=NOW)
    made, suggested = Remark.objects.get(pk=made.pk), Remark.objects.get(pk=suggested.pk)
    for act in (remarks.settle, remarks.mark_cause):
        with pytest.raises(Refused):
            act(made, by=ours.partner, at=NOW)
    with pytest.raises(Refused):
        remarks.accept(suggested, version=1, by=ours.partner, at=NOW)
    with pytest.raises(Refused):
        remarks.say(lesson, kind=Kind.REMARK, text="More.", by=ours.coach, at=NOW)
    with pytest.raises(Refused):
        remarks.change(made, text="More.", version=1, by=ours.coach, at=NOW)


def test_it_is_sealed_with_its_authors_key(ours: Pair, lesson: Lesson) -> None:
    remarks.say(lesson, kind=Kind.QUESTION, text="MARK", quote="QUOTE", by=ours.coach, at=NOW)
    kept = Remark.objects.get()
    assert kept.scope == f"p{ours.partnership.pk}/a{ours.coach.pk}"
    assert "MARK" not in str(Remark.objects.values_list("text", "quote").get())
    assert opened([kept], "text", "quote")[0].text == "MARK"
