"""Several write the same part in the very same moment, on connections of their own: no word is lost."""

import pytest

from sidebyside.base.rich_text.markdown import to_markdown
from sidebyside.lessons.actions import parts, remarks
from sidebyside.lessons.models import Lesson, Remark
from sidebyside.lessons.queries import text_of
from sidebyside.people.models import Person
from tests.cycles.test_at_once import at_once
from tests.lessons.made import lesson_of
from tests.pairs import NOW, Pair, pair

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ours(transactional_db: None) -> Pair:
    return pair()


def said(lesson: Lesson, part: str) -> str:
    found = text_of(Lesson.objects.get(pk=lesson.pk)).part(part)
    assert found is not None
    return to_markdown(found.nodes)


def test_two_who_write_one_part(ours: Pair) -> None:
    lesson = lesson_of(ours)
    began = said(lesson, "moves")

    def write(person: Person) -> None:
        own = Lesson.objects.select_related("document", "partnership").get(pk=lesson.pk)
        text = f"{began}\n\nWritten by {person.given_name}."
        parts.write_part(own, "moves", markdown=text, began_from=began, by=person, at=NOW)

    assert at_once(write, ours.coach, ours.partner) == [None, None]
    now = said(lesson, "moves")
    for words in ("I explain first.", "Then they compare.", "Written by Ana.", "Written by Ben."):
        assert now.count(words) == 1, now


def test_one_suggestion_is_accepted_once(ours: Pair) -> None:
    lesson = lesson_of(ours, moves="one one")
    made = remarks.say(
        lesson, part="moves", kind="suggestion", quote="one", replacement="two", text="", by=ours.coach, at=NOW
    )

    def accept(person: Person) -> None:
        own = Remark.objects.select_related("lesson__document", "lesson__partnership").get(pk=made.pk)
        remarks.accept(own, version=1, by=person, at=NOW)

    outcomes = at_once(accept, ours.coach, ours.partner)
    assert sorted(outcome is None for outcome in outcomes) == [False, True]
    assert said(lesson, "moves").strip() == "two one"
