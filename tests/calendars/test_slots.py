"""The lessons that could be visited, ranked."""

from datetime import UTC, datetime, timedelta

from sidebyside.calendars.slots import Lesson, Slot, Span, slots

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


def span(begin: int, end: int) -> Span:
    """A span by minutes after eight."""
    return Span(MORNING + timedelta(minutes=begin), MORNING + timedelta(minutes=end))


def lesson(key: str, teachers: str, begin: int, end: int) -> Lesson:
    return Lesson(key, frozenset(teachers.split()), span(begin, end))


def found(*lessons: Lesson, busy=None, kept_free=None, colleagues=("cleo", "dan")) -> list[Slot]:
    return slots(
        lessons, observed="ada", observer="bea", busy=busy or {}, kept_free=kept_free or {}, colleagues=colleagues
    )


def test_free_anyway_comes_first_then_the_least_cover_then_none_to_be_had():
    ranked = found(
        lesson("hopeless", "ada", 0, 45), lesson("b1", "bea", 0, 45), lesson("c1", "cleo", 0, 45),
        lesson("d1", "dan", 0, 45),
        lesson("much", "ada", 60, 105), lesson("b2", "bea", 60, 105),
        lesson("little", "ada", 120, 165), lesson("b3", "bea", 155, 200), lesson("c3", "cleo", 120, 165),
        lesson("free", "ada", 300, 345),
    )  # fmt: skip
    assert [(one.lesson.key, one.minutes, [need.by for need in one.needs]) for one in ranked] == [
        ("free", 0, []),
        ("little", 10, [("dan",)]),
        ("much", 45, [("cleo", "dan")]),
        ("hopeless", 45, [()]),
    ]
    assert [one.coverable for one in ranked] == [True, True, True, False]


def test_lessons_that_only_meet_need_no_cover():
    assert found(lesson("a", "ada", 45, 90), lesson("b", "bea", 0, 45), lesson("c", "bea", 90, 135))[0].needs == ()


def test_no_visit_to_a_lesson_without_length_or_taught_together_or_while_busy():
    assert found(lesson("zero", "ada", 0, 0), lesson("back", "ada", 45, 0), lesson("both", "ada bea", 50, 95)) == []
    for person in ("ada", "bea"):
        assert found(lesson("a", "ada", 0, 45), busy={person: [span(44, 60)]}) == []
    assert found(lesson("a", "ada", 0, 45), busy={"bea": [span(10, 10)]}) != []


def test_nobody_covers_in_a_time_she_keeps_or_is_busy_or_for_herself():
    one = found(
        lesson("a", "ada", 0, 45), lesson("b", "bea", 0, 45),
        kept_free={"cleo": [span(0, 5)]}, busy={"dan": [span(40, 50)]}, colleagues=("ada", "bea", "cleo", "dan", "eva"),
    )[0]  # fmt: skip
    assert one.needs[0].by == ("eva",)


def test_the_second_teacher_stays_with_the_class():
    assert found(lesson("a", "ada", 0, 45), lesson("b", "bea cleo", 0, 45))[0].needs == ()


def test_a_time_the_observer_keeps_comes_later_among_free_ones():
    ranked = found(lesson("early", "ada", 0, 45), lesson("late", "ada", 60, 105), kept_free={"bea": [span(0, 45)]})
    assert [(one.lesson.key, one.wished_free) for one in ranked] == [("late", False), ("early", True)]


def test_the_order_of_the_lessons_does_not_matter():
    some = [lesson(key, who, at, at + 45) for at in (0, 30, 60) for key, who in ((f"a{at}", "ada"), (f"b{at}", "bea"))]
    assert found(*some) == found(*reversed(some))


def test_nobody_visits_herself():
    assert (
        slots([lesson("a", "ada", 0, 45)], observed="ada", observer="ada", busy={}, kept_free={}, colleagues=[]) == []
    )
