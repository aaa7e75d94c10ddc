"""From a term to its plan: greedy, then partnership by partnership, then all at once where that is not proved best."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from sidebyside.cover import assignment
from sidebyside.visits.term_plan.alone import best_alone
from sidebyside.visits.term_plan.model import Budget, Model
from sidebyside.visits.term_plan.plan import AIMS, Aim, Placed, Plan, Worth, plan_of, worth_of
from sidebyside.visits.term_plan.problem import Problem, judge
from sidebyside.visits.term_plan.taken import Taken, fit
from sidebyside.visits.term_plan.term import Choice, Term

# In the solver's deterministic seconds, which are about as long as those of the clock.
WORK = 7.0  # for the whole plan
SHARE = 2 / 3  # of what is left, for one aim
LEAST = 0.01  # with less, no search is begun
ROUNDS = 3


def greedy(problem: Problem, *, careful: bool = False) -> Plan:
    """The plan by first fit: visit after visit, each in the first week in which it is possible, at the least cover
    of that week. `careful`: each with the least cover of the whole term, nearest to an even rhythm.

    Proves nothing. Raises what `propose` raises.
    """
    began = time.perf_counter()
    judge(problem)
    term = Term(problem)
    return plan_of(term, _even_covers(term, _fit(term, careful)), {}, time.perf_counter() - began)


def propose(problem: Problem) -> Plan:
    """The best plan that was found, never worse than both of `greedy`, with a bound for each aim.

    Raises Refused for a term beyond the bounds, ValueError for one that makes no sense.
    """
    began = time.perf_counter()
    judge(problem)
    search = _Search(Term(problem))
    search.run()
    return plan_of(search.term, _even_covers(search.term, search.placed), search.bounds(), time.perf_counter() - began)


def _fit(term: Term, careful: bool) -> list[Placed]:
    def first(choice: Choice, _turn: int) -> tuple[int, ...]:
        return choice.week, choice.minutes or 0

    def best(choice: Choice, turn: int) -> tuple[int, ...]:
        windows = (choice.before, choice.after)
        outside = sum(all(slot in term.outside for slot in window) for window in windows)
        # Twice the weeks from the middle of the stretch of the term that this visit has in an even rhythm.
        wanted = term.problem.partnerships[choice.partnership].wanted
        away = abs((2 * choice.week + 1) * wanted - (2 * turn + 1) * term.weeks)
        return choice.minutes or 0, outside, away

    return fit(term, best if careful else first)


class _Search:
    """A plan that gets better, and what is known of the best."""

    def __init__(self, term: Term) -> None:
        self.term = term
        self.placed = min((_fit(term, careful) for careful in (False, True)), key=self._worth)
        self._every = range(len(term.problem.partnerships))
        self._alone = [best_alone(term, index, Taken(term))[1] for index in self._every]
        self._by_all: dict[Aim, int] = {}
        self._budget = Budget(WORK)

    def run(self) -> None:
        """Search until everything is proved or the work is done."""
        self._take_if_better(self._in_turn([]))
        self._improve()
        if not self._proved():
            self._all_at_once()

    def bounds(self) -> dict[Aim, int]:
        """For each aim what no plan can go below that is no worse in the aims before."""
        worth = dict(zip(AIMS, self._worth(self.placed), strict=True))
        bounds = {aim: self._by_all.get(aim, 0) for aim in AIMS}
        visits, weeks = sum(one.wanted for one in self.term.problem.partnerships) - worth[Aim.OPEN], self.term.weeks
        if weeks:
            each, more = divmod(visits, weeks)
            bounds[Aim.WEEKS] = max(bounds[Aim.WEEKS], (weeks - more) * each**2 + more * (each + 1) ** 2)
        for number, aim in enumerate(AIMS):
            if aim is Aim.WEEKS:
                continue
            # What all are worth at their best alone, added up, is a bound; and where one aim reaches it, each
            # partnership has its own best in that aim, so that what it has at best in the next is a bound as well.
            together = sum(alone[number] for alone in self._alone)
            bounds[aim] = max(bounds[aim], together)
            if worth[aim] > together:
                break
        return bounds

    def _worth(self, placed: Sequence[Placed]) -> Worth:
        return worth_of(self.term, placed)

    def _proved(self) -> bool:
        bounds = self.bounds()
        return all(bounds[aim] >= value for aim, value in zip(AIMS, self._worth(self.placed), strict=True))

    def _take_if_better(self, placed: list[Placed]) -> bool:
        better = self._worth(placed) < self._worth(self.placed)
        if better:
            self.placed = placed
        return better

    def _improve(self) -> None:
        for _round in range(ROUNDS):
            if self._proved() or not self._take_if_better(self._in_turn(self.placed)):
                break

    def _in_turn(self, placed: list[Placed]) -> list[Placed]:
        """Plan each partnership around what the others have taken."""
        taken = Taken(self.term)
        own: list[list[Placed]] = [[] for _index in self._every]
        for one in placed:
            taken.add(one)
            own[one.choice.partnership].append(one)
        for index in self._every:
            _relieve(self.term.problem.partnerships[index].people, own, taken)
            for one in own[index]:
                taken.remove(one)
            found, _bound = best_alone(self.term, index, taken)
            if _beside(self.term, found, taken, index) <= _beside(self.term, own[index], taken, index):
                own[index] = found
            for one in own[index]:
                taken.add(one)
        return [one for of_one in own for one in of_one]

    def _all_at_once(self) -> None:
        """Aim after aim with all partnerships in one model."""
        model = Model(self.term, self._every, Taken(self.term))
        as_alone = True  # so far each partnership has what it would have at best alone
        for number, aim in enumerate(AIMS):
            if as_alone and aim is not Aim.WEEKS:
                for index, alone in enumerate(self._alone):
                    model.bound(aim, index, alone[number])
            value = self._worth(self.placed)[number]
            if self.bounds()[aim] < value and self._budget.left > LEAST:
                model.hint(self.placed)
                share = SHARE if aim is not AIMS[-1] else 1
                found = model.solve(aim, self._budget, most=self._budget.left * share)
                self._by_all[aim] = max(self._by_all.get(aim, 0), found.bound)
                if found.placed is not None and self._take_if_better(found.placed):
                    self._improve()
            value = self._worth(self.placed)[number]
            model.keep(aim, value)
            as_alone &= aim is Aim.WEEKS or value == sum(alone[number] for alone in self._alone)


def _relieve(people: tuple[str, str], placed: list[list[Placed]], taken: Taken) -> None:
    """Let others cover in the place of these two where others can, so that the two have their time to plan with."""
    for visits in placed:
        for at, one in enumerate(visits):
            if one.cover in people:
                others = [name for name in taken.could_cover(one.choice.slot) if name not in people]
                if others:
                    taken.remove(one)
                    visits[at] = replace(one, cover=others[0])
                    taken.add(visits[at])


def _beside(term: Term, own: Sequence[Placed], taken: Taken, index: int) -> Worth:
    """What the visits of one partnership add to the worth of the others' that are taken."""
    worth = list(worth_of(term, own, [index]))
    worth[AIMS.index(Aim.WEEKS)] = sum(2 * taken.in_week[one.choice.week] + 1 for one in own)
    return tuple(worth)


def _even_covers(term: Term, placed: Sequence[Placed]) -> list[Placed]:
    """The same visits, with the covers of each week spread over the colleagues as evenly as that week allows.

    Known classes come before an even ledger, as in `cover.assignment`, which does it.
    """
    if not any(one.cover for one in placed):
        return list(placed)
    known: dict[str, set[str]] = {}
    for lesson in term.problem.lessons:
        for teacher in lesson.teachers:
            known.setdefault(teacher, set()).update(lesson.classes)
    ledger = {one.name: one.covers_so_far for one in term.problem.colleagues}
    taken = Taken(term)
    for one in placed:
        taken.add(replace(one, cover=None))
    done = []
    for week in sorted({one.choice.week for one in placed}):
        of_week = [one for one in placed if one.choice.week == week]
        names = _covers_of(term, [one for one in of_week if one.cover], taken, ledger, known)
        for one in of_week:
            changed = replace(one, cover=names.get(one.choice.number))
            done.append(changed)
            if changed.cover is not None:
                ledger[changed.cover] += 1
    return done


def _covers_of(
    term: Term, placed: Sequence[Placed], taken: Taken, ledger: dict[str, int], known: dict[str, set[str]]
) -> dict[int, str]:
    """Who covers in one week, by the number of the choice."""
    lessons = {}
    free: dict[str, set[str]] = {}
    for one in placed:
        slot = f"{one.choice.slot.day} {one.choice.slot.position}"
        own = term.taught[one.choice.observer][one.choice.slot]
        classes = frozenset(name for lesson in own for name in lesson.classes)
        lessons[slot, one.choice.observer] = (
            one.choice.number,
            assignment.Lesson(slot, one.choice.observer, own[0].key, classes),
        )
        for name in taken.could_cover(one.choice.slot):
            free.setdefault(name, set()).add(slot)
    colleagues = tuple(
        assignment.Colleague(
            name,
            frozenset(slots),
            term.limits[name],
            min(ledger[name], assignment.MOST_SO_FAR),
            classes=frozenset(known.get(name, ())),
        )
        for name, slots in sorted(free.items())
    )
    solution = assignment.assign(assignment.Problem(tuple(lesson for _number, lesson in lessons.values()), colleagues))
    if solution.open:  # the visits were placed with covers, so that there are some: a fault of the program
        raise RuntimeError("a visit lost its cover")
    return {lessons[one.lesson.key][0]: one.cover for one in solution.covers}
