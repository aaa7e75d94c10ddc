"""The rules of a plan as a model for CP-SAT, the constraint solver of OR-Tools."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ortools.sat.python import cp_model

from sidebyside.visits.term_plan.plan import AIMS, Aim, Placed, even_by
from sidebyside.visits.term_plan.problem import Slot
from sidebyside.visits.term_plan.taken import Taken
from sidebyside.visits.term_plan.term import Choice, Term

SEED = 2004
ROUNDING = 1e-6  # the solver gives its bound as a floating number

Expression = cp_model.LinearExprT
Variable = cp_model.IntVar


@dataclass
class Budget:
    """What is left of the solver's own measure of work, which does not depend on the machine."""

    left: float

    def take(self, most: float) -> float:
        """A share of what is left: this much at most."""
        return max(0.0, min(most, self.left))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search ended with: visits (None where it found none), and a bound on what was minimised."""

    placed: list[Placed] | None
    bound: int


class Model:
    """Visits, talks and cover of some partnerships, around what others have taken.

    For each partnership and week (in which it has one visit at most) there are one variable for each possible visit
    and one for each slot of the talk before and the talk after: many fewer than for each visit with its talks. Where
    several partnerships are planned at once, so is who covers; for one alone any colleague who is left will do,
    since it needs one at most at a time.
    """

    def __init__(self, term: Term, partnerships: Sequence[int], taken: Taken) -> None:
        self._term = term
        self._taken = taken
        self._partnerships = partnerships
        self._model = cp_model.CpModel()
        self._visits: dict[int, Variable] = {}
        self._weeks: dict[tuple[int, int], Variable] = {}
        # (partnership, week, whether it is the one after): the variables by slot
        self._talks: dict[tuple[int, int, bool], dict[Slot, Variable]] = {}
        self._covers: dict[Slot, dict[str, Variable]] = {}
        self._at: dict[tuple[str, Slot], list[Variable]] = {}
        self._add_visits()
        if len(partnerships) > 1:
            self._add_covers()
        self._add_single_places()
        self._of_one = {index: self._aims_of(index) for index in partnerships}
        self._of_all: dict[Aim, Expression] = {
            aim: self._squares() if aim is Aim.WEEKS else sum(aims[aim] for aims in self._of_one.values())
            for aim in AIMS
        }

    def bound(self, aim: Aim, index: int, value: int) -> None:
        """Say what no plan can go below for one partnership, which the solver need not find out by itself."""
        self._model.add(self._of_one[index][aim] >= value)

    def keep(self, aim: Aim, value: int) -> None:
        """Accept only plans that are no worse in this aim."""
        self._model.add(self._of_all[aim] <= value)

    def hint(self, placed: Iterable[Placed]) -> None:
        """Begin with this plan."""
        self._model.clear_hints()
        chosen = [one for one in placed if one.choice.number in self._visits]
        ones = set()
        for one in chosen:
            key = one.choice.partnership, one.choice.week
            ones |= {self._visits[one.choice.number].index, self._weeks[key].index}
            for after, slot in ((False, one.before), (True, one.after)):
                ones |= {variable.index for at, variable in self._talks[*key, after].items() if at == slot}
            if one.cover is not None:
                variable = self._covers.get(one.choice.slot, {}).get(one.cover)
                ones |= set() if variable is None else {variable.index}
        every = [*self._visits.values(), *self._weeks.values()]
        for talks in self._talks.values():
            every += talks.values()
        for covers in self._covers.values():
            every += covers.values()
        for variable in every:
            self._model.add_hint(variable, variable.index in ones)

    def solve(self, aim: Aim, budget: Budget, *, most: float) -> Found:
        """The best plan in one aim, with at most so much of the budget spent."""
        self._model.minimize(self._of_all[aim])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = SEED
        solver.parameters.linearization_level = 2  # finds and proves far sooner here than with less
        solver.parameters.max_deterministic_time = budget.take(most)
        status = solver.solve(self._model)
        if status == cp_model.MODEL_INVALID:
            raise RuntimeError(self._model.validate())
        budget.left -= solver.response_proto.deterministic_time
        bound = solver.best_objective_bound
        return Found(
            self._read(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None,
            math.ceil(bound - ROUNDING) if math.isfinite(bound) else 0,
        )

    def _add_visits(self) -> None:
        for index in self._partnerships:
            by_week: dict[int, list[Choice]] = {}
            for choice in self._term.of_partnership[index]:
                if self._taken.allows(choice):
                    by_week.setdefault(choice.week, []).append(choice)
            for week, choices in by_week.items():
                self._add_week(index, week, choices)
        self._add_limits()

    def _add_week(self, index: int, week: int, choices: list[Choice]) -> None:
        """The visits that a partnership could have in one week, and the talks for the one that it has."""
        people = self._term.problem.partnerships[index].people
        slots = {slot for choice in choices for window in (choice.before, choice.after) for slot in window}
        left = {slot for slot in slots if all(self._taken.is_at_leisure(person, slot) for person in people)}
        windows = {
            one.number: ([slot for slot in one.before if slot in left], [slot for slot in one.after if slot in left])
            for one in choices
        }
        choices = [one for one in choices if all(windows[one.number])]
        if not choices:
            return
        has_one = self._weeks[index, week] = self._model.new_bool_var("")
        for choice in choices:
            variable = self._visits[choice.number] = self._model.new_bool_var("")
            self._take(people, choice.slot, variable)
        self._model.add_exactly_one([*(self._visits[one.number] for one in choices), ~has_one])
        for after in (False, True):
            talks: dict[Slot, Variable] = {}
            in_window: dict[tuple[Slot, ...], list[Variable]] = {}
            for choice in choices:
                window = windows[choice.number][after]
                in_window.setdefault(tuple(window), []).append(self._visits[choice.number])
                for slot in window:
                    if slot not in talks:
                        talks[slot] = self._model.new_bool_var("")
                        self._take(people, slot, talks[slot])
            self._talks[index, week, after] = talks
            self._model.add_exactly_one([*talks.values(), ~has_one])
            for window_of_some, visits in in_window.items():
                self._model.add(sum(visits) <= sum(talks[slot] for slot in window_of_some))

    def _add_limits(self) -> None:
        """As many visits as wanted, one a week for each person, and one who leaves a lesson to its second teacher."""
        of_direction: dict[tuple[int, str], list[Variable]] = {}
        left: dict[tuple[Slot, str], list[Variable]] = {}
        for number, variable in self._visits.items():
            choice = self._term.choices[number]
            of_direction.setdefault((choice.partnership, choice.observed), []).append(variable)
            for lesson in sorted(choice.left):
                left.setdefault(lesson, []).append(variable)
        for (index, observed), variables in of_direction.items():
            one = self._term.problem.partnerships[index]
            self._model.add(sum(variables) <= (one.of_first if observed == one.first else one.of_second))
        in_week: dict[tuple[str, int], list[Variable]] = {}
        for (index, week), variable in self._weeks.items():
            for person in self._term.problem.partnerships[index].people:
                in_week.setdefault((person, week), []).append(variable)
        for variables in (*in_week.values(), *left.values()):
            if len(variables) > 1:
                self._model.add_at_most_one(variables)

    def _add_covers(self) -> None:
        needed: dict[Slot, list[Variable]] = {}
        for number, variable in self._visits.items():
            choice = self._term.choices[number]
            if choice.minutes is not None:
                needed.setdefault(choice.slot, []).append(variable)
        of_week: dict[tuple[str, int], list[Variable]] = {}
        for slot, visits in needed.items():
            covers = self._covers[slot] = {}
            for name in self._taken.could_cover(slot):
                covers[name] = self._model.new_bool_var("")
                self._take((name,), slot, covers[name])
                of_week.setdefault((name, self._term.week_of_day[slot.day]), []).append(covers[name])
            self._model.add(sum(visits) == sum(covers.values()))
        for (name, week), variables in of_week.items():
            most = self._taken.covers_left(name, week)
            if most is not None and most < len(variables):
                self._model.add(sum(variables) <= most)

    def _take(self, people: Iterable[str], slot: Slot, variable: Variable) -> None:
        for person in people:
            self._at.setdefault((person, slot), []).append(variable)

    def _add_single_places(self) -> None:
        """Nobody is in two places."""
        said = set()
        for variables in self._at.values():
            which = tuple(variable.index for variable in variables)
            if len(which) > 1 and which not in said:
                said.add(which)
                self._model.add_at_most_one(variables)

    def _aims_of(self, index: int) -> dict[Aim, Expression]:
        """What one partnership adds to each aim, but for that of the weeks."""
        one = self._term.problem.partnerships[index]
        outside: list[Variable] = []
        days: list[tuple[Variable, int]] = []
        has_one = []
        for week in range(self._term.weeks):
            if (index, week) not in self._weeks:
                continue
            has_one.append(self._weeks[index, week])
            for after in (False, True):
                for slot, variable in self._talks[index, week, after].items():
                    # The days of the visits cancel out: from talk to visit and from visit to talk.
                    days.append((variable, slot.day if after else -slot.day))
                    if slot in self._term.outside:
                        outside.append(variable)
        numbers = [choice.number for choice in self._term.of_partnership[index] if choice.number in self._visits]
        return {
            Aim.OPEN: one.wanted - cp_model.LinearExpr.sum(has_one),
            Aim.COVER: _weighted([(self._visits[at], self._term.choices[at].minutes or 0) for at in numbers]),
            Aim.OUTSIDE: cp_model.LinearExpr.sum(outside),
            Aim.RHYTHM: self._off_rhythm(index, one.wanted),
            Aim.TALKS: _weighted(days),
        }

    def _off_rhythm(self, index: int, wanted: int) -> Expression:
        off: list[Variable] = []
        in_week = [self._weeks.get((index, week), 0) for week in range(self._term.weeks)]
        for week, done in enumerate(accumulate(in_week)):
            least, most = even_by(wanted, week, self._term.weeks)
            off.append(self._model.new_int_var(0, wanted, ""))
            self._model.add(off[-1] >= least - done)
            self._model.add(off[-1] >= done - most)
        return cp_model.LinearExpr.sum(off)

    def _squares(self) -> Expression:
        """What these visits add to the squares of the visits in each week, those of others counted in."""
        terms: list[tuple[Variable, int]] = []
        for week in range(self._term.weeks):
            visits = [variable for (_index, of_week), variable in self._weeks.items() if of_week == week]
            others = self._taken.in_week[week]
            # The k-th visit more adds the k-th odd number: the cheapest are taken first by themselves.
            steps = visits if len(visits) == 1 else [self._model.new_bool_var("") for _visit in visits]
            if len(visits) > 1:
                self._model.add(sum(steps) == sum(visits))
            terms += [(step, 2 * (others + number) + 1) for number, step in enumerate(steps)]
        return _weighted(terms)

    def _read(self, solver: cp_model.CpSolver) -> list[Placed]:
        placed = []
        covering = {
            slot: [name for name, variable in covers.items() if solver.boolean_value(variable)]
            for slot, covers in self._covers.items()
        }
        for number, variable in self._visits.items():
            if not solver.boolean_value(variable):
                continue
            choice = self._term.choices[number]
            before, after = (
                next(slot for slot, talk in talks.items() if solver.boolean_value(talk))
                for talks in (self._talks[choice.partnership, choice.week, which] for which in (False, True))
            )
            cover = None
            if choice.minutes is not None:
                names = covering.get(choice.slot)
                cover = names.pop(0) if names else self._taken.could_cover(choice.slot)[0]
            placed.append(Placed(choice, before, after, cover))
        return placed


def _weighted(terms: Sequence[tuple[Variable, int]]) -> Expression:
    return cp_model.LinearExpr.weighted_sum([one for one, _weight in terms], [weight for _one, weight in terms])
