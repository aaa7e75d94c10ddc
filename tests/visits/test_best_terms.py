"""Plans of a term against every plan there is, in other processes, and for three real schools."""

import os
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.terms import term_of
from sidebyside.calendars.timetables.plain import read_timetable
from sidebyside.visits.term_plan import Colleague, Lesson, Partnership, Problem, Slot, greedy, propose
from tests.visits.plans import best_worth, sound

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "timetables"
AFTER_LESSONS = 9


# --- Against every plan there is ------------------------------------------------------------------


def small_term(seed: int) -> Problem:
    """Two or three teachers in some days of two periods, and two who could cover: all by lot, but not sparsely."""
    chance = random.Random(seed)
    days = chance.randrange(2, 6)
    slots = tuple(Slot(day, position, chance.choice([20, 45])) for day in range(days) for position in range(2))
    weeks = dict(zip(range(days), sorted(chance.choices(range(3), k=days)), strict=True))
    people = ("Ada", "Ben", "Cem")
    lessons = {(when, f"of {name}"): {name} for when in slots for name in people if chance.random() < 0.4}
    for key in lessons:
        if chance.random() < 0.2:
            lessons[key].add(chance.choice(people))
    pairs = [("Ada", "Ben"), ("Ben", "Cem"), ("Cem", "Ada")][: chance.randrange(1, 4)]
    wanted = [(1, 1) if len(pairs) < 3 else (1, 0), (1, 0), (0, 1)]

    def some(share: float) -> frozenset[Slot]:
        return frozenset(one for one in slots if chance.random() < share)

    return Problem(
        weeks,
        slots,
        tuple(Lesson(when, key, frozenset(who)) for (when, key), who in lessons.items()),
        tuple(Partnership(a + b, a, b, *chance.choice(wanted)) for a, b in pairs),
        tuple(Colleague(name, some(0.7), chance.choice([None, 1, 1, 0])) for name in ("Cem", "Dua")),
        outside=tuple(Slot(day, AFTER_LESSONS, 20) for day in range(days) if chance.random() < 0.4),
        engaged={chance.choice(people): some(0.15)},
        kept={chance.choice((*people, "Dua")): some(0.4)},
        second_stays=chance.random() < 0.5,
    )


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 1_000_000))
def test_it_is_the_best_of_all_there_are(seed: int) -> None:
    problem = small_term(seed)
    plan = sound(problem)
    assert plan.worth == best_worth(problem)
    assert plan.proved
    assert propose(problem) == plan


# --- Same problem, same plan ----------------------------------------------------------------------

RING = """
from sidebyside.visits.term_plan import Colleague, Lesson, Partnership, Problem, Slot, propose
slots = tuple(Slot(day, position, 45) for day in range(20) for position in range(4))
names = [f"teacher {number}" for number in range(6)]
lessons = tuple(
    Lesson(slot, name, frozenset([name]))
    for at, name in enumerate(names) for slot in slots if (slot.day * 3 + slot.position * 5 + at * at) % 3
)
pairs = tuple(Partnership(f"{at}", names[at], names[(at + 1) % 6], 1, 1) for at in range(6))
problem = Problem(
    {day: day // 5 for day in range(20)}, slots, lessons, pairs,
    tuple(Colleague(name, frozenset(slots), 1) for name in names), tuple(Slot(day, 9, 20) for day in range(20)),
    kept={name: frozenset(slots[at::2]) for at, name in enumerate(names)},
)
plan = propose(problem)
"""


def test_the_plan_is_the_same_in_another_process() -> None:
    said = set()
    for seed in ("1", "2"):  # of the hashes, and so of the order of sets
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        code = (
            RING + "print([(v.partnership, v.lesson, v.before, v.after, v.cover) for v in plan.visits], plan.reached)"
        )
        code = code.replace("v.lesson,", "v.lesson.slot, v.lesson.key,")
        said.add(subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout)
    assert len(said) == 1


def test_partnerships_in_a_ring_keep_all_rules() -> None:
    """Everybody is in two partnerships, so that one alone proves nothing about all."""
    made: dict = {}
    exec(RING, made)
    plan = sound(made["problem"])
    assert plan == made["plan"]
    assert plan.proved
    assert len(plan.visits) == 10


# --- Real schools ---------------------------------------------------------------------------------

SCHOOLS = {"BR-SA-00": (7, 3), "FI-PB-98": (22, 2), "ES-SS-08": (25, 2)}  # pairs, free periods that are not kept


@cache
def school(name: str) -> Problem:
    return term_of(read_timetable(REAL / f"{name}.csv"), spare=SCHOOLS[name][1])


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/timetables is not here")
@pytest.mark.parametrize("name", SCHOOLS)
def test_a_term_of_a_real_school_is_planned_best(name: str) -> None:
    problem = school(name)
    assert len(problem.partnerships) == SCHOOLS[name][0]
    assert len(set(problem.weeks.values())) == 12
    plan = sound(problem)
    assert plan.gap <= 0.02
    assert plan.seconds < 20
    assert len(plan.covers) >= len(plan.visits) / 5
    assert plan.worth < greedy(problem).worth


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/timetables is not here")
def test_part_time_and_few_covers_keep_all_rules_too() -> None:
    timetable = read_timetable(REAL / "FI-PB-98.csv")
    sound(term_of(timetable, spare=1, weeks=4, most_a_week=1, part_time=True))
