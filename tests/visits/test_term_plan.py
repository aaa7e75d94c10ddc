"""The visits of a term: what must never happen, and what is wanted before what."""

from collections import Counter
from dataclasses import replace

import pytest

from sidebyside.base.refusals import Refused
from sidebyside.visits.term_plan import (
    Aim,
    Colleague,
    Lesson,
    Partnership,
    Plan,
    Problem,
    Reason,
    Slot,
    greedy,
    propose,
)
from sidebyside.visits.term_plan import plan as plans
from sidebyside.visits.term_plan import problem as problems
from tests.visits.plans import sound

AFTER_LESSONS = 9


def slot(day: int, position: int, minutes: int = 45) -> Slot:
    return Slot(day, position, minutes)


def week_of(days: int, positions: int = 3) -> tuple[Slot, ...]:
    return tuple(slot(day, position) for day in range(days) for position in range(positions))


def lesson(when: Slot, *teachers: str, key: str = "", classes: tuple[str, ...] = ()) -> Lesson:
    return Lesson(when, key or "+".join(teachers), frozenset(teachers), frozenset(classes))


def term(
    *lessons: Lesson,
    days: int = 5,
    pairs: tuple[Partnership, ...] = (Partnership("p", "Ada", "Ben", 1, 0),),
    days_a_week: int = 5,
    **more,
) -> Problem:
    weeks = {day: day // days_a_week for day in range(days)}
    return Problem(weeks, week_of(days), lessons, pairs, **more)


def reasons(plan: Plan) -> list[Reason]:
    return [one.reason for one in plan.open]


# --- Where nothing is possible --------------------------------------------------------------------


def test_a_term_without_weeks_leaves_all_open() -> None:
    nothing = Problem({}, (), (), (Partnership("p", "Ada", "Ben"),))
    plan = sound(nothing)
    assert reasons(plan) == [Reason.NO_LESSON] * 4
    assert plan.proved
    assert (plan.visits, plan.talks, plan.covers) == ((), (), ())


def test_nobody_who_visits_nobody() -> None:
    plan = sound(term(lesson(slot(1, 1), "Ada"), pairs=()))
    assert plan.visits == plan.open == ()
    assert plan.proved
    assert plan.gap == 0


def test_nothing_is_taught_by_the_one_to_be_visited() -> None:
    assert reasons(sound(term(lesson(slot(1, 1), "Ben")))) == [Reason.NO_LESSON]


def test_everything_is_kept() -> None:
    kept = {"Ben": frozenset(week_of(5))}
    assert reasons(sound(term(lesson(slot(1, 1), "Ada"), kept=kept))) == [Reason.NOT_BOTH]


def test_both_teach_the_same_lesson() -> None:
    assert reasons(sound(term(lesson(slot(1, 1), "Ada", "Ben")))) == [Reason.NOT_BOTH]


def test_one_of_the_two_is_never_there() -> None:
    for person in ("Ada", "Ben"):
        away = {person: frozenset(week_of(5))}
        assert reasons(sound(term(lesson(slot(1, 1), "Ada"), engaged=away))) == [Reason.NOT_BOTH]


BOTH_TEACH = (lesson(slot(1, 1), "Ada"), lesson(slot(1, 1), "Ben"))


def test_nobody_is_there_to_cover() -> None:
    others = (
        Colleague("Cem", frozenset(week_of(5)) - {slot(1, 1)}),
        Colleague("Dua", frozenset(week_of(5)), most_a_week=0),
        Colleague("Eli", frozenset(week_of(5))),
        Colleague("Fay", frozenset(week_of(5))),
        Colleague("Gil", frozenset(week_of(5))),
        Colleague("Ada", frozenset(week_of(5))),
        Colleague("Ben", frozenset(week_of(5))),
    )
    plan = sound(
        term(
            *BOTH_TEACH,
            lesson(slot(1, 1), "Eli"),
            colleagues=others,
            kept={"Fay": frozenset([slot(1, 1)])},
            engaged={"Gil": frozenset([slot(1, 1)])},
        )
    )
    assert reasons(plan) == [Reason.NO_COVER]


def test_no_time_in_common_for_a_talk() -> None:
    one = lesson(slot(1, 1), "Ada")
    late = frozenset(when for when in week_of(5) if when > slot(1, 1))
    early = frozenset(when for when in week_of(5) if when < slot(1, 1))
    assert reasons(sound(term(one, kept={"Ada": late}))) == [Reason.NO_TALK]
    assert reasons(sound(term(one, engaged={"Ben": early}))) == [Reason.NO_TALK]
    assert len(sound(term(one)).visits) == 1


def test_a_talk_has_a_period_of_its_own() -> None:
    only = (lesson(slot(1, 1), "Ada"), lesson(slot(1, 2), "Ada"))
    two = (Partnership("p", "Ada", "Ben", 1, 0), Partnership("q", "Ada", "Cem", 1, 0))
    kept = {"Ada": frozenset(week_of(5)) - {slot(1, 0), slot(2, 0)}}
    plan = sound(term(*only, pairs=two, kept=kept, days_a_week=1))
    assert len(plan.visits) == 1
    assert reasons(plan) == [Reason.WEEKS_FULL]


def test_what_makes_no_sense_is_a_fault_of_the_program() -> None:
    good = term(lesson(slot(1, 1), "Ada"), colleagues=(Colleague("Cem", frozenset()),))
    for change in (
        {"slots": (*good.slots, slot(1, 1, 30))},
        {"weeks": {0: 0}},
        {"weeks": {**good.weeks, 1: 9}},
        {"slots": (slot(0, 0, -1),)},
        {"lessons": (lesson(slot(9, 9), "Ada"),)},
        {"lessons": good.lessons * 2},
        {"partnerships": good.partnerships * 2},
        {"partnerships": (Partnership("p", "Ada", "Ada"),)},
        {"partnerships": (Partnership("p", "Ada", "Ben", -1, 2),)},
        {"colleagues": good.colleagues * 2},
        {"colleagues": (Colleague("Cem", frozenset(), -1),)},
        {"colleagues": (Colleague("Cem", frozenset(), 1, -1),)},
    ):
        with pytest.raises(ValueError):
            propose(replace(good, **change))
        with pytest.raises(ValueError):
            greedy(replace(good, **change))


def test_too_much_at_once_is_refused_in_words(monkeypatch) -> None:
    many = tuple(Partnership(f"{number}", "Ada", "Ben", 1, 0) for number in range(problems.MOST_PARTNERSHIPS + 1))
    with pytest.raises(Refused, match="too much"):
        propose(term(lesson(slot(1, 1), "Ada"), pairs=many))
    monkeypatch.setattr("sidebyside.visits.term_plan.term.MOST_CHOICES", 1)
    with pytest.raises(Refused, match="too much"):
        propose(term(lesson(slot(1, 1), "Ada"), lesson(slot(2, 1), "Ada")))


def test_each_reason_has_its_sentence() -> None:
    assert set(plans.SENTENCES) == set(Reason)
    plan = propose(term())
    assert plan.open[0].sentence == plans.SENTENCES[Reason.NO_LESSON]


# --- Limits ---------------------------------------------------------------------------------------


def every_day(*people: str, position: int = 1, days: int = 5) -> list[Lesson]:
    return [lesson(slot(day, position), person) for person in people for day in range(days)]


def test_one_visit_a_week_for_each_person() -> None:
    plan = sound(term(*every_day("Ada", days=10), days=10, pairs=(Partnership("p", "Ada", "Ben", 4, 0),)))
    assert len(plan.visits) == 2
    assert reasons(plan) == [Reason.WEEKS_FULL] * 2
    assert plan.proved


def test_who_is_in_two_partnerships_has_one_visit_a_week_too() -> None:
    two = (Partnership("p", "Ada", "Ben", 2, 2), Partnership("q", "Cem", "Ada", 2, 2))
    lessons = [*every_day("Ada", days=30), *every_day("Ben", position=0, days=30), *every_day("Cem", days=30)]
    plan = sound(term(*lessons, days=30, pairs=two, colleagues=(Colleague("Dua", frozenset(week_of(30))),)))
    assert len(plan.visits) == 6
    assert set(reasons(plan)) == {Reason.WEEKS_FULL}


def test_a_coach_visits_and_is_not_visited() -> None:
    plan = sound(
        term(
            *every_day("Ada", "Ben", days=10),
            days=10,
            pairs=(Partnership("p", "Ben", "Ada", 0, 2),),
            colleagues=(Colleague("Cem", frozenset(week_of(10))),),
        )
    )
    assert [(visit.observed, visit.observer) for visit in plan.visits] == [("Ada", "Ben")] * 2
    assert plan.open == ()


def test_a_colleague_covers_no_more_than_she_wants_and_not_two_at_once() -> None:
    pairs = (Partnership("p", "Ada", "Ben", 1, 0), Partnership("q", "Cem", "Dua", 1, 0))
    at_once = [lesson(slot(1, 1), name) for name in ("Ada", "Ben", "Cem", "Dua")]
    eli = Colleague("Eli", frozenset(week_of(5)))
    plan = sound(term(*at_once, pairs=pairs, colleagues=(eli,)))
    assert len(plan.visits) == 1
    assert reasons(plan) == [Reason.TAKEN]

    later = [lesson(slot(3, 1), name) for name in ("Ada", "Ben", "Cem", "Dua")]
    assert len(sound(term(*at_once, *later, pairs=pairs, colleagues=(eli,))).covers) == 2
    assert len(sound(term(*at_once, *later, pairs=pairs, colleagues=(replace(eli, most_a_week=1),))).covers) == 1


def test_who_covers_cannot_talk_meanwhile() -> None:
    """Ben and Cem can only talk when Ben would have to cover; the one who is left is Dua."""
    pairs = (Partnership("p", "Ada", "Eli", 1, 0), Partnership("q", "Cem", "Ben", 1, 0))
    lessons = [lesson(slot(1, 1), "Ada"), lesson(slot(1, 1), "Eli"), lesson(slot(1, 0), "Cem")]
    kept = {"Cem": frozenset(week_of(5)) - {slot(0, 2), slot(1, 1)}}
    ben, dua = (Colleague(name, frozenset(week_of(5))) for name in ("Ben", "Dua"))
    assert len(sound(term(*lessons, pairs=pairs, kept=kept, colleagues=(ben,))).visits) == 1
    plan = sound(term(*lessons, pairs=pairs, kept=kept, colleagues=(ben, dua)))
    assert [cover.cover for cover in plan.covers] == ["Dua"]


def test_a_second_teacher_stays_and_then_does_not_leave() -> None:
    together = lesson(slot(1, 1), "Ben", "Dua")
    lessons = (lesson(slot(1, 1), "Ada"), lesson(slot(1, 1), "Cem"), together)
    pairs = (Partnership("p", "Ada", "Ben", 1, 0), Partnership("q", "Cem", "Dua", 1, 0))
    plan = sound(term(*lessons, pairs=pairs))
    assert len(plan.visits) == 1
    assert plan.covers == ()
    assert reasons(plan) == [Reason.TAKEN]
    assert reasons(sound(term(*lessons, second_stays=False))) == [Reason.NO_COVER]
    ill = {"Dua": frozenset([slot(1, 1)])}
    assert reasons(sound(term(*lessons, engaged=ill))) == [Reason.NO_COVER]


def test_a_kept_time_in_which_one_teaches_is_not_free_anyway() -> None:
    kept = {"Ada": frozenset([slot(1, 1)]), "Ben": frozenset([slot(1, 1)])}
    cem = Colleague("Cem", frozenset(week_of(5)))
    assert len(sound(term(*BOTH_TEACH, kept=kept, colleagues=(cem,))).visits) == 1


# --- Talks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("talk_before", "talk_after", "possible"),
    [
        (slot(3, 0), slot(8, 2), True),
        (slot(2, 2), slot(8, 2), False),
        (slot(3, 0), slot(9, 0), False),
        (slot(5, 0), slot(5, 2), True),
        (slot(5, 2), slot(6, 0), False),
        (slot(4, 0), slot(5, 0), False),
    ],
)
def test_two_days_of_school_before_and_three_after(talk_before: Slot, talk_after: Slot, possible: bool) -> None:
    """The visit is on the first day of the second week, so that a week-end lies before it."""
    kept = {"Ben": frozenset(week_of(10)) - {talk_before, talk_after, slot(5, 1)}}
    plan = sound(term(lesson(slot(5, 1), "Ada"), days=10, kept=kept))
    assert [(one.before.slot, one.after.slot) for one in plan.visits] == [(talk_before, talk_after)] * possible


def test_a_talk_outside_lessons_is_the_last_resort() -> None:
    after = tuple(slot(day, AFTER_LESSONS, 20) for day in range(5))
    one = lesson(slot(2, 1), "Ada")
    plan = sound(term(one, outside=after))
    assert not any(talk.outside for talk in plan.talks)
    busy = {"Ada": frozenset(week_of(5))}
    plan = sound(term(one, outside=after, kept=busy))
    assert [(talk.slot.day, talk.outside) for talk in plan.talks] == [(1, True), (2, True)]
    assert dict(zip(Aim, plan.worth, strict=True))[Aim.OUTSIDE] == 2
    assert reasons(sound(term(one, outside=after, kept={"Ada": frozenset(week_of(5) + after)}))) == [Reason.NO_TALK]


def test_no_visit_lies_outside_lessons() -> None:
    evening = slot(2, AFTER_LESSONS)
    with pytest.raises(ValueError):
        propose(term(lesson(evening, "Ada"), outside=(evening,)))


# --- What is wanted, one aim before the other -----------------------------------------------------


def test_less_cover_is_worth_any_rhythm() -> None:
    """Ben is free when Ada teaches in the first and the second week only."""
    lessons = [*every_day("Ada", days=20), *(lesson(slot(day, 1), "Ben") for day in range(10, 20))]
    cem = Colleague("Cem", frozenset(week_of(20)))
    plan = sound(term(*lessons, days=20, pairs=(Partnership("p", "Ada", "Ben", 2, 0),), colleagues=(cem,)))
    assert plan.covers == ()
    assert {visit.lesson.slot.day // 5 for visit in plan.visits} == {0, 1}


def test_minutes_count_and_not_lessons() -> None:
    slots = (slot(1, 0), slot(1, 1, 60), slot(1, 2), slot(2, 1, 40), slot(2, 2))
    lessons = tuple(lesson(slots[at], name) for at in (1, 3) for name in ("Ada", "Ben"))
    cem = Colleague("Cem", frozenset(slots))
    plan = sound(Problem({1: 0, 2: 0}, slots, lessons, (Partnership("p", "Ada", "Ben", 1, 0),), (cem,)))
    assert [cover.minutes for cover in plan.covers] == [40]


def test_visits_lie_in_an_even_rhythm_and_the_weeks_are_even() -> None:
    days = 60
    names = ["Ada", "Ben", "Cem", "Dua", "Eli", "Fay"]
    pairs = tuple(Partnership(a + b, a, b) for a, b in zip(names[::2], names[1::2], strict=True))
    lessons = [one for at, name in enumerate(names) for one in every_day(name, position=at % 2, days=days)]
    plan = sound(term(*lessons, days=days, pairs=pairs))
    assert plan.proved
    for pair in pairs:
        weeks = sorted(visit.lesson.slot.day // 5 for visit in plan.visits if visit.partnership == pair.key)
        assert [week // 3 for week in weeks] == [0, 1, 2, 3]
    assert set(Counter(visit.lesson.slot.day // 5 for visit in plan.visits).values()) == {1}
    # One of each pair teaches first, the other second: they have no time before either, but on the day before.
    assert dict(zip(Aim, plan.worth, strict=True))[Aim.TALKS] == 4 * len(pairs)


def test_cover_is_shared_out_by_the_ledger() -> None:
    lessons = [*every_day("Ada", days=20), *every_day("Ben", days=20)]
    free = frozenset(week_of(20))
    team = (Colleague("Cem", free, covers_so_far=2), Colleague("Dua", free), Colleague("Eli", free, covers_so_far=9))
    pair = (Partnership("p", "Ada", "Ben", 4, 0),)
    plan = sound(term(*lessons, days=20, pairs=pair, colleagues=team))
    assert Counter(cover.cover for cover in plan.covers) == {"Dua": 3, "Cem": 1}
    with_class = [replace(one, classes=frozenset({"6a"})) for one in lessons]
    knows = lesson(slot(0, 0), "Eli", classes=("6a",))
    plan = sound(term(*with_class, knows, days=20, pairs=pair, colleagues=team))
    assert Counter(cover.cover for cover in plan.covers) == {"Eli": 4}


def test_a_rotating_timetable_and_a_special_day() -> None:
    """Each day as it is: Ada teaches on odd days only, and on day 7 nothing takes place."""
    lessons = [lesson(slot(day, 1), "Ada") for day in (1, 3, 5, 9)]
    slots = tuple(one for one in week_of(10) if one.day != 7)
    weeks = {day: day // 5 for day in range(10)}
    plan = sound(Problem(weeks, slots, tuple(lessons), (Partnership("p", "Ada", "Ben", 2, 0),)))
    assert {visit.lesson.slot.day for visit in plan.visits} <= {1, 3, 5, 9}
    assert len(plan.visits) == 2
