"""The same question as in `cover.assignment`, where slots overlap in time: then it is no flow any more.

Somebody who takes a lesson from 8:30 to 9:15 cannot take one from 9:00 to 9:45, and slots that are the same for all
no longer exist. To choose among such intervals for each person is NP-hard (Arkin and Silverberg, "Scheduling jobs with
fixed start and end times", Discrete Applied Mathematics 18, 1987), so that CP-SAT of OR-Tools searches, with the same
aims and costs, one worker and a fixed seed: the same problem has the same answer. Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from sidebyside.cover.assignment import Colleague, Lesson, Pair

MOST_WORK = 4.0  # of the solver's own deterministic seconds


def search(
    lessons: list[Lesson],
    colleagues: list[Colleague],
    declined: Collection[Pair],
    overlapping: Collection[tuple[str, str]],
) -> tuple[dict[tuple[str, str], str], bool]:
    """Who covers which lesson (by its key), and whether that is proved best. Both lists come sorted; `overlapping`
    are pairs of slots that have some time in common."""
    model = cp_model.CpModel()
    fewest = min((one.covers_so_far for one in colleagues), default=0)
    highest = max((one.covers_so_far for one in colleagues), default=0)
    # Each is more than any sum of the aim below it can be, as in the flow.
    disturbed = 2 * len(lessons) * (highest - fewest + len(lessons)) + 1
    stays_open = disturbed * (len(lessons) + 1)
    ruled_out = {(pair.slot, pair.absent, pair.cover) for pair in declined}
    takes: dict[tuple[int, int], cp_model.IntVar] = {}
    cost = []
    for who, colleague in enumerate(colleagues):
        in_slot: dict[str, list[cp_model.IntVar]] = {}
        for number, lesson in enumerate(lessons):
            if lesson.slot in colleague.free and (*lesson.key, colleague.name) not in ruled_out:
                one = takes[number, who] = model.new_bool_var("")
                in_slot.setdefault(lesson.slot, []).append(one)
                cost.append(-stays_open * one)
                if not colleague.is_familiar_with(lesson):
                    cost.append(disturbed * one)
        _one_at_a_time(model, in_slot, overlapping)
        every = [one for ones in in_slot.values() for one in ones]
        room = len(every) if colleague.most is None else max(0, min(colleague.most, len(every)))
        turns = [model.new_bool_var("") for _turn in range(room)]
        before = colleague.covers_so_far - fewest
        # The next is always dearer than the one before, so that the cheapest are taken first.
        cost += [(2 * (before + turn) + 1) * one for turn, one in enumerate(turns)]
        model.add(sum(every) == sum(turns))
    for number in range(len(lessons)):
        model.add_at_most_one(takes[number, who] for who in range(len(colleagues)) if (number, who) in takes)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = MOST_WORK
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}, False
    found = {lessons[number].key: colleagues[who].name for (number, who), one in takes.items() if solver.value(one)}
    return found, status == cp_model.OPTIMAL


def _one_at_a_time(
    model: cp_model.CpModel, in_slot: dict[str, list[cp_model.IntVar]], overlapping: Collection[tuple[str, str]]
) -> None:
    """Let one person take one lesson at a time."""
    for slot in sorted(in_slot):
        model.add_at_most_one(in_slot[slot])
    for one, other in sorted(overlapping):
        if one in in_slot and other in in_slot:
            model.add_at_most_one([*in_slot[one], *in_slot[other]])
