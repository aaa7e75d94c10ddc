"""Who covers what: against every possible assignment of small problems, and what must never happen."""

import itertools
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidebyside.calendars.timetables.records import Timetable, TimetableRow
from sidebyside.cover.assignment import (
    Colleague,
    Cover,
    CoverRefused,
    Lesson,
    Pair,
    Problem,
    Reason,
    Solution,
    assign,
    problem_of_day,
)

SLOTS = ("one", "two")
AWAY = ("Ada", "Ben", "Cem")
CLASSES = ("6a", "6b")


def free(name: str, *slots: str, **more) -> Colleague:
    return Colleague(name, frozenset(slots), **more)


def pairs(solution: Solution) -> set[Pair]:
    return {Pair(c.lesson.slot, c.lesson.absent, c.cover) for c in solution.covers}


def who(solution: Solution) -> dict[tuple[str, str], str]:
    return {c.lesson.key: c.cover for c in solution.covers}


def reasons(solution: Solution) -> dict[tuple[str, str], Reason]:
    return {o.lesson.key: o.reason for o in solution.open}


# --- The judge: every assignment there is ---------------------------------------------------------


def possible(problem: Problem) -> Iterator[dict[Lesson, str | None]]:
    """Every assignment that keeps the rules, by trying all."""
    people = {c.name: c for c in problem.colleagues}
    choices = [[None, *people] for _lesson in problem.lessons]
    for names in itertools.product(*choices):
        chosen = dict(zip(problem.lessons, names, strict=True))
        taken = [(lesson, name) for lesson, name in chosen.items() if name is not None]
        as_pairs = {Pair(lesson.slot, lesson.absent, name) for lesson, name in taken}
        times = Counter(name for _lesson, name in taken)
        if (
            all(lesson.slot in people[name].free for lesson, name in taken)
            and len({(lesson.slot, name) for lesson, name in taken}) == len(taken)
            and all(people[name].most is None or number <= people[name].most for name, number in times.items())
            and problem.locked <= as_pairs
            and not problem.declined & as_pairs
        ):
            yield chosen


def worth(problem: Problem, chosen: dict[Lesson, str | None]) -> tuple[int, int, list[int]]:
    """What an assignment is worth, smaller is better: open, disturbed, the ledger from its largest number down."""
    people = {c.name: c for c in problem.colleagues}
    taken = [(lesson, people[name]) for lesson, name in chosen.items() if name is not None]
    disturbed = sum(
        not (lesson.subject in person.subjects or lesson.classes & person.classes) for lesson, person in taken
    )
    times = Counter(person.name for _lesson, person in taken)
    ledger = sorted((c.covers_so_far + times[c.name] for c in problem.colleagues), reverse=True)
    return len(chosen) - len(taken), disturbed, ledger


def true_reason(problem: Problem, lesson: Lesson, chosen: dict[tuple[str, str], str]) -> Reason:
    """Why nobody can be added for an open lesson, from the rules; fails where somebody could be."""
    there = [c for c in problem.colleagues if lesson.slot in c.free]
    willing = [c for c in there if Pair(lesson.slot, lesson.absent, c.name) not in problem.declined]
    idle = [c for c in willing if (lesson.slot, c.name) not in {(slot, name) for (slot, _a), name in chosen.items()}]
    assert all(Counter(chosen.values())[c.name] == c.most for c in idle), "somebody could cover it"
    if not there:
        return Reason.NOBODY_FREE
    if not willing:
        return Reason.ALL_DECLINED
    return Reason.AT_LIMIT if idle else Reason.ALL_COVERING


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    keys = draw(st.lists(st.tuples(st.sampled_from(SLOTS), st.sampled_from(AWAY)), unique=True, max_size=5))
    some_classes = st.frozensets(st.sampled_from(CLASSES), max_size=1)
    lessons = tuple(
        Lesson(slot, away, "event", draw(some_classes), draw(st.sampled_from(["", "maths"]))) for slot, away in keys
    )
    colleagues = tuple(
        Colleague(
            name,
            free=draw(st.frozensets(st.sampled_from(SLOTS))),
            most=draw(st.sampled_from([None, 0, 1, 2])),
            covers_so_far=draw(st.integers(0, 3)),
            subjects=draw(st.frozensets(st.just("maths"))),
            classes=draw(some_classes),
        )
        for name in draw(st.lists(st.sampled_from("WXYZ"), unique=True, max_size=4))
    )
    every = [Pair(le.slot, le.absent, c.name) for le in lessons for c in colleagues]
    problem = Problem(lessons, colleagues)
    if every:
        problem = replace(problem, declined=draw(st.frozensets(st.sampled_from(every), max_size=3)))
        # Locks that can be kept: out of some assignment that keeps the rules.
        best = pairs(assign(problem))
        if best:
            problem = replace(problem, locked=draw(st.frozensets(st.sampled_from(sorted(best)), max_size=2)))
    return problem


@settings(max_examples=60)
@given(problem=problems(), order=st.randoms(use_true_random=False))
def test_it_is_the_best_of_all_there_are_in_any_order(problem: Problem, order) -> None:
    solution = assign(problem)
    chosen = {lesson: who(solution).get(lesson.key) for lesson in problem.lessons}
    rules_kept = list(possible(problem))
    assert chosen in rules_kept
    assert worth(problem, chosen) == min(worth(problem, other) for other in rules_kept)
    assert solution.proved
    for lesson, reason in ((o.lesson, o.reason) for o in solution.open):
        assert reason == true_reason(problem, lesson, who(solution))

    lessons, colleagues = list(problem.lessons), list(problem.colleagues)
    order.shuffle(lessons)
    order.shuffle(colleagues)
    again = assign(replace(problem, lessons=tuple(lessons), colleagues=tuple(colleagues)))
    assert pairs(again) == pairs(solution)
    assert set(again.open) == set(solution.open)


# --- What is wanted, one aim before the other -----------------------------------------------------


def test_a_lesson_more_is_worth_any_disturbance_and_any_ledger() -> None:
    known = Lesson("one", "Ada", "e", frozenset({"6a"}))
    other = Lesson("one", "Ben", "e", frozenset({"6b"}))
    problem = Problem(
        (known, other), (free("Yui", "one", classes=frozenset({"6a", "6b"})), free("Zoe", "one", covers_so_far=10_000))
    )
    assert len(assign(problem).covers) == 2


def test_the_subject_or_a_known_class_comes_before_the_ledger() -> None:
    maths = Lesson("one", "Ada", "e", subject="maths")
    tired = free("Zoe", "one", covers_so_far=50, subjects=frozenset({"maths"}))
    solution = assign(Problem((maths,), (free("Yui", "one"), tired)))
    assert solution.covers == (Cover(maths, "Zoe", familiar=True, locked=False),)
    no_subject = replace(maths, subject="")
    assert who(assign(Problem((no_subject,), (free("Yui", "one"), tired)))) == {("one", "Ada"): "Yui"}


def test_the_ledger_grows_evenly() -> None:
    lessons = tuple(Lesson(f"{number}", "Ada", "e") for number in range(5))
    slots = [lesson.slot for lesson in lessons]
    team = (free("Yui", *slots, covers_so_far=3), free("Zoe", *slots), free("Xia", *slots, covers_so_far=1))
    times = Counter(who(assign(Problem(lessons, team))).values())
    assert times == {"Zoe": 3, "Xia": 2}


def test_nobody_is_in_two_places_though_her_day_has_room() -> None:
    lessons = (Lesson("one", "Ada", "e"), Lesson("one", "Ben", "e"), Lesson("two", "Cem", "e"))
    problem = Problem(lessons, (free("Yui", "one", "two"),), declined=frozenset({Pair("two", "Cem", "Yui")}))
    assert len(assign(problem).covers) == 1


def test_the_answer_is_the_same_in_another_process() -> None:
    code = (
        "from sidebyside.cover.assignment import Colleague, Lesson, Problem, assign\n"
        "slots = [str(number) for number in range(4)]\n"
        "lessons = tuple(Lesson(slot, away, 'e') for slot in slots for away in 'AB')\n"
        "team = tuple(Colleague(name, frozenset(slots)) for name in 'WXYZ')\n"
        "print([(c.lesson.key, c.cover) for c in assign(Problem(lessons, team)).covers])\n"
    )
    said = set()
    for seed in ("1", "2"):  # of the hashes, and so of the order of sets
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        said.add(subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout)
    assert len(said) == 1


# --- Why a lesson stays open ----------------------------------------------------------------------


def test_nobody_is_free() -> None:
    problem = Problem((Lesson("one", "Ada", "e"),), (free("Yui", "two"),))
    assert reasons(assign(problem)) == {("one", "Ada"): Reason.NOBODY_FREE}
    assert reasons(assign(replace(problem, colleagues=()))) == {("one", "Ada"): Reason.NOBODY_FREE}


def test_all_who_are_free_were_ruled_out() -> None:
    declined = frozenset({Pair("one", "Ada", "Yui")})
    problem = Problem((Lesson("one", "Ada", "e"),), (free("Yui", "one"),), declined=declined)
    assert reasons(assign(problem)) == {("one", "Ada"): Reason.ALL_DECLINED}


def test_all_who_are_free_cover_another_lesson_then() -> None:
    lessons = (Lesson("one", "Ada", "e"), Lesson("one", "Ben", "e"))
    solution = assign(Problem(lessons, (free("Yui", "one", most=1),)))
    assert len(solution.covers) == 1
    assert list(reasons(solution).values()) == [Reason.ALL_COVERING]


def test_all_who_are_free_have_as_many_as_allowed() -> None:
    lessons = (Lesson("one", "Ada", "e"), Lesson("two", "Ada", "e"))
    solution = assign(Problem(lessons, (free("Yui", "one", "two", most=1),)))
    assert len(solution.covers) == 1
    assert list(reasons(solution).values()) == [Reason.AT_LIMIT]
    assert solution.open[0].sentence.startswith("Every free colleague")


# --- What is settled ------------------------------------------------------------------------------


def test_a_lock_is_kept_though_it_costs_a_lesson() -> None:
    lessons = (Lesson("one", "Ada", "e"), Lesson("two", "Ada", "e"))
    team = (free("Yui", "one", "two", most=1), free("Zoe", "one"))
    problem = Problem(lessons, team)
    assert len(assign(problem).covers) == 2
    locked = replace(problem, locked=frozenset({Pair("one", "Ada", "Yui")}))
    solution = assign(locked)
    assert [(c.cover, c.locked) for c in solution.covers] == [("Yui", True)]
    assert reasons(solution) == {("two", "Ada"): Reason.AT_LIMIT}


@pytest.mark.parametrize(("settled", "other"), [("Yui", "Zoe"), ("Zoe", "Yui")])
def test_a_lock_counts_in_the_ledger(settled: str, other: str) -> None:
    lessons = (Lesson("one", "Ada", "e"), Lesson("two", "Ada", "e"))
    team = (free("Yui", "one", "two"), free("Zoe", "one", "two"))
    locked = frozenset({Pair("one", "Ada", settled)})
    assert who(assign(Problem(lessons, team, locked))) == {("one", "Ada"): settled, ("two", "Ada"): other}


@pytest.mark.parametrize(
    ("locked", "sentence"),
    [
        ({Pair("three", "Ada", "Yui")}, "There is no lesson of Ada in three to be covered by Yui."),
        ({Pair("one", "Ada", "Nobody")}, "Nobody cannot cover the lesson of Ada in one."),
        ({Pair("one", "Ada", "Zoe")}, "Zoe cannot cover the lesson of Ada in one."),
        ({Pair("one", "Ada", "Yui"), Pair("one", "Ada", "Xia")}, "The lesson of Ada in one is settled twice."),
        ({Pair("one", "Ada", "Yui"), Pair("one", "Ben", "Yui")}, "Yui would cover two lessons in one."),
        ({Pair("one", "Ada", "Xia"), Pair("two", "Ada", "Xia")}, "Xia would have more covers than allowed."),
    ],
)
def test_a_lock_that_cannot_be_kept_is_refused(locked: set[Pair], sentence: str) -> None:
    lessons = (Lesson("one", "Ada", "e"), Lesson("one", "Ben", "e"), Lesson("two", "Ada", "e"))
    team = (free("Xia", "one", "two", most=1), free("Yui", "one", "two"), free("Zoe", "two"))
    with pytest.raises(CoverRefused) as refusal:
        assign(Problem(lessons, team, frozenset(locked)))
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "problem",
    [
        Problem((Lesson("one", "Ada", "e"), Lesson("one", "Ada", "f")), ()),
        Problem((), (free("Yui"), free("Yui", "one"))),
        Problem((), (free("Yui", most=-1),)),
        Problem((), (free("Yui", covers_so_far=-1),)),
        Problem((), (free("Yui", covers_so_far=10_001),)),
        Problem(tuple(Lesson("one", f"{number}", "e") for number in range(5_001)), ()),
        Problem(
            tuple(Lesson("one", f"{number}", "e") for number in range(1_001)),
            tuple(free(f"c{number}", "one") for number in range(1_000)),
        ),
    ],
)
def test_what_makes_no_sense_or_never_ends_is_refused(problem: Problem) -> None:
    with pytest.raises(CoverRefused):
        assign(problem)


def test_nothing_to_cover_is_solved() -> None:
    solution = assign(Problem((), (free("Yui", "one"),)))
    assert (solution.covers, solution.open, solution.proved) == ((), (), True)


def test_costs_stay_whole_at_the_bounds() -> None:
    lessons = tuple(Lesson("one", f"{number}", "e") for number in range(2_500))
    team = (free("Yui", "one", covers_so_far=10_000), free("Zoe", "one"))
    solution = assign(Problem(lessons, team))
    assert solution.proved
    assert len(solution.covers) == 2


# --- The problem of a day -------------------------------------------------------------------------


def row(day: str, slot: str, event: str, teachers: str, classes: str = "", position: int = 0) -> TimetableRow:
    return TimetableRow(day, slot, position, event, tuple(teachers.split("|")), tuple(classes.split("|")), (), 2)


WEEK = Timetable(
    (
        row("Mon", "2", "Maths", "Ada", "6a", 1),
        row("Mon", "1", "Art", "Ben", "6b", 0),
        row("Mon", "1", "Choir", "Ada|Cem", "6a", 0),
        row("Mon", "1", "Band", "Ada", "7a", 0),
        row("Tue", "1", "Latin", "Ben", "6a", 2),
        row("Tue", "1", "Greek", "Dov", "6a", 2),
    )
)


def test_lessons_and_colleagues_of_a_day() -> None:
    problem = problem_of_day(WEEK, day="Mon", absent=["Ada"], most=1)
    assert problem.lessons == (
        Lesson("1", "Ada", "Band|Choir", frozenset({"6a", "7a"})),
        Lesson("2", "Ada", "Maths", frozenset({"6a"})),
    )
    assert problem.colleagues == (
        Colleague("Ben", frozenset({"2"}), most=1, classes=frozenset({"6a", "6b"})),
        Colleague("Cem", frozenset({"2"}), most=1, classes=frozenset({"6a"})),
    )


def test_who_does_not_teach_that_day_has_no_lessons_and_covers_none() -> None:
    problem = problem_of_day(WEEK, day="Mon", absent=["Dov", "Ben", "Ben"])
    assert [lesson.key for lesson in problem.lessons] == [("1", "Ben")]
    assert [c.name for c in problem.colleagues] == ["Ada", "Cem"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"day": "Sun", "absent": ["Ada"]}, "There is no day “Sun”. Days: Mon, Tue."),
        ({"day": "Mon", "absent": ["Ada", "Eve"]}, "Nobody called “Eve” teaches in this timetable."),
        ({"day": "Mon", "absent": []}, "Say who is absent."),
        ({"day": "Mon", "absent": ["Ada"], "most": -1}, "The number of covers for each person cannot be negative."),
    ],
)
def test_what_the_timetable_does_not_know_is_refused(asked: dict, sentence: str) -> None:
    with pytest.raises(CoverRefused) as refusal:
        problem_of_day(WEEK, **asked)
    assert str(refusal.value) == sentence
