"""Slots that overlap without being the same: nobody is in two places, and no plan is better."""

import itertools
import random

import pytest

from sidebyside.cover.assignment import Colleague, CoverRefused, Lesson, Pair, Problem, Reason, assign


def worth(problem: Problem, chosen: dict[tuple[str, str], str]) -> tuple[int, int, int]:
    """Lessons covered, disturbance and the sum of squares of the ledger (both negative)."""
    people = {colleague.name: colleague for colleague in problem.colleagues}
    lessons = {lesson.key: lesson for lesson in problem.lessons}
    strange = sum(not people[name].is_familiar_with(lessons[key]) for key, name in chosen.items())
    squares = sum(
        (one.covers_so_far + sum(name == one.name for name in chosen.values())) ** 2 for one in problem.colleagues
    )
    return len(chosen), -strange, -squares


def allowed(problem: Problem, chosen: dict[tuple[str, str], str]) -> bool:
    people = {colleague.name: colleague for colleague in problem.colleagues}
    for (slot, absent), name in chosen.items():
        if slot not in people[name].free or Pair(slot, absent, name) in problem.declined:
            return False
    for (one, first), (other, second) in itertools.combinations(chosen.items(), 2):
        if first == second and other[0] in problem.beside(one[0]):
            return False
    counts = {name: list(chosen.values()).count(name) for name in people}
    return all(one.most is None or counts[one.name] <= one.most for one in problem.colleagues)


def best_of_all(problem: Problem) -> tuple[int, int, int]:
    names = [None, *(colleague.name for colleague in problem.colleagues)]
    best = (-1, 0, 0)
    for choice in itertools.product(names, repeat=len(problem.lessons)):
        chosen = {lesson.key: name for lesson, name in zip(problem.lessons, choice, strict=True) if name}
        if allowed(problem, chosen):
            best = max(best, worth(problem, chosen))
    return best


@pytest.mark.parametrize("seed", range(25))
def test_no_plan_is_better_and_nobody_is_in_two_places(seed: int) -> None:
    chance = random.Random(seed)
    begins = {f"s{number}": chance.randint(0, 8) for number in range(4)}
    slots = {name: (begin, begin + chance.randint(2, 4)) for name, begin in begins.items()}
    overlapping = frozenset(
        (one, other)
        for one, other in itertools.combinations(sorted(slots), 2)
        if max(slots[one][0], slots[other][0]) < min(slots[one][1], slots[other][1])
    )
    lessons = tuple(
        Lesson(chance.choice(sorted(slots)), f"t{number}", "x", subject=chance.choice("ab")) for number in range(5)
    )
    colleagues = tuple(
        Colleague(
            name, frozenset(slot for slot in slots if chance.random() < 0.7), chance.choice([None, 1, 2]),
            chance.randint(0, 3), frozenset(chance.choice("ab")),
        )
        for name in "xyz"
    )  # fmt: skip
    declined = frozenset(Pair(lesson.slot, lesson.absent, "x") for lesson in lessons if chance.random() < 0.2)
    problem = Problem(lessons, colleagues, declined=declined, overlapping=overlapping)
    solution = assign(problem)
    chosen = {cover.lesson.key: cover.cover for cover in solution.covers}
    assert allowed(problem, chosen)
    assert worth(problem, chosen) == best_of_all(problem)
    assert solution.proved
    assert assign(problem) == solution


def test_a_lock_keeps_its_colleague_from_what_overlaps() -> None:
    lessons = (Lesson("a", "t", "x"), Lesson("b", "u", "x"))
    one = Colleague("one", frozenset("ab"))
    locked = frozenset({Pair("a", "t", "one")})
    solution = assign(Problem(lessons, (one,), locked, overlapping=frozenset({("a", "b")})))
    assert [cover.lesson.slot for cover in solution.covers] == ["a"]
    assert [still.reason for still in solution.open] == [Reason.ALL_COVERING]
    both = locked | {Pair("b", "u", "one")}
    with pytest.raises(CoverRefused):
        assign(Problem(lessons, (one,), both, overlapping=frozenset({("a", "b")})))
    assert len(assign(Problem(lessons, (one,), both)).covers) == 2
