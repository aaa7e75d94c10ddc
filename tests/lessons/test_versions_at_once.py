"""Versions kept, and ratings made and shared, in the very same moment, on connections of their own."""

import pytest

from sidebyside.base import vault
from sidebyside.base.refusals import Overtaken
from sidebyside.lessons.actions import rating, versions
from sidebyside.lessons.models import Lesson, LessonVersion, Rating
from sidebyside.lessons.rating_queries import CHECKLIST
from sidebyside.materials import queries as materials
from tests.cycles.test_at_once import at_once
from tests.lessons.made import lesson_of
from tests.pairs import NOW, Pair, pair

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ours(transactional_db: None) -> Pair:
    return pair()


@pytest.fixture
def lesson(ours: Pair) -> Lesson:
    return lesson_of(ours)


def fresh(lesson: Lesson) -> Lesson:
    return Lesson.objects.select_related("document", "partnership").get(pk=lesson.pk)


def test_what_says_the_same_is_kept_once(ours: Pair, lesson: Lesson) -> None:
    def keep(kind: str) -> LessonVersion:
        return versions.keep_version(fresh(lesson), kind=kind, name="", by=ours.coach, at=NOW)

    outcomes = at_once(keep, "taught", "improved")
    assert sorted(isinstance(one, LessonVersion) for one in outcomes) == [False, True]
    assert list(LessonVersion.objects.values_list("number", flat=True)) == [1]


def test_as_it_stands_is_one_version_for_two_who_ask_at_once(ours: Pair, lesson: Lesson) -> None:
    def taken(person) -> LessonVersion:
        return versions.as_it_stands(fresh(lesson), kind="taught", by=person, at=NOW)

    outcomes = at_once(taken, ours.coach, ours.partner)
    assert len({one.pk for one in outcomes}) == 1
    assert LessonVersion.objects.count() == 1


def test_to_go_back_twice_is_to_go_back_once(ours: Pair, lesson: Lesson) -> None:
    first = versions.keep_version(fresh(lesson), kind="taught", name="", by=ours.coach, at=NOW)
    lesson = lesson_of(ours, title="Other", task="Other words")
    LessonVersion.objects.filter(pk=first.pk).update(lesson=lesson)

    def restore(person) -> object:
        own = LessonVersion.objects.select_related("lesson__document", "lesson__partnership").get(pk=first.pk)
        return versions.restore_version(own, by=person, at=NOW)

    outcomes = at_once(restore, ours.coach, ours.partner)
    assert sorted(isinstance(one, LessonVersion) for one in outcomes) == [False, True]
    assert list(lesson.versions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_one_who_rates_in_two_windows_has_one_rating_and_may_share_it_meanwhile(ours: Pair, lesson: Lesson) -> None:
    version = versions.keep_version(fresh(lesson), kind="taught", name="", by=ours.coach, at=NOW)
    material = materials.latest("checklist", CHECKLIST)
    code = materials.scale(material).items[0].code

    def rate(answer: str) -> Rating:
        own = LessonVersion.objects.select_related("lesson__partnership").get(pk=version.pk)
        return rating.rate(own, material=material, answers={code: answer}, notes={}, by=ours.partner, at=NOW)

    outcomes = at_once(rate, "partly", "clearly")
    # one is kept, and the other is shown what was
    assert sorted(type(one).__name__ for one in outcomes) == ["Overtaken", "Rating"], outcomes
    kept = vault.opened(Rating.objects.all(), "answers")[0]
    overtaken = next(one for one in outcomes if isinstance(one, Overtaken))
    assert overtaken.current.answers == kept.answers

    def act(verb) -> None:
        verb(Rating.objects.select_related("lesson__partnership", "partnership").get())

    def share(own: Rating) -> None:
        rating.share(own, by=ours.partner, at=NOW)

    def answer(own: Rating) -> None:
        given = {"answers": {code: "not_yet"}, "notes": {}, "after": own.edition}
        rating.rate(own.version, material=material, **given, by=ours.partner, at=NOW)

    assert at_once(act, share, answer) == [None, None]
    assert Rating.objects.get().shared_at == NOW
