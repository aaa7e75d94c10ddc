"""What is taken already, and the plan by first fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable

from sidebyside.visits.term_plan.plan import Placed
from sidebyside.visits.term_plan.problem import Slot
from sidebyside.visits.term_plan.term import Choice, Term


class Taken:
    """People's times and weeks that the visits placed so far have taken, with their talks and cover."""

    def __init__(self, term: Term) -> None:
        self._term = term
        self._at: set[tuple[str, Slot]] = set()
        self._visits: Counter[tuple[str, int]] = Counter()
        self._covers: Counter[tuple[str, int]] = Counter()
        self._left: set[tuple[Slot, str]] = set()
        self.in_week: Counter[int] = Counter()
        self._visiting = {person for one in term.problem.partnerships for person in one.people}

    def add(self, placed: Placed) -> None:
        """Take what a visit takes."""
        self._change(placed, 1)
        self._at |= self._times(placed)
        self._left |= placed.choice.left

    def remove(self, placed: Placed) -> None:
        """Give it back."""
        self._change(placed, -1)
        self._at -= self._times(placed)
        self._left -= placed.choice.left

    def is_at_leisure(self, person: str, slot: Slot) -> bool:
        """Whether nothing planned takes this time of a person."""
        return (person, slot) not in self._at

    def leaves(self, people: Iterable[str], slot: Slot) -> bool:
        """Whether all of them still have this time."""
        return all((person, slot) not in self._at for person in people)

    def allows(self, choice: Choice) -> bool:
        """Whether the visit itself is still possible, its talks left aside."""
        return (
            self.is_at_leisure(choice.observed, choice.slot)
            and self.is_at_leisure(choice.observer, choice.slot)
            and not self._visits[choice.observed, choice.week]
            and not self._visits[choice.observer, choice.week]
            and self._left.isdisjoint(choice.left)
            and (choice.minutes is None or bool(self.could_cover(choice.slot)))
        )

    def could_cover(self, slot: Slot) -> list[str]:
        """Who could still cover then: those first whose time no partnership wants, then who has fewest that week."""
        week = self._term.week_of_day[slot.day]
        able = [
            name
            for name in self._term.able.get(slot, ())
            if self.is_at_leisure(name, slot) and self.covers_left(name, week) != 0
        ]
        return sorted(able, key=lambda name: (name in self._visiting, self._covers[name, week], name))

    def covers_left(self, name: str, week: int) -> int | None:
        """How often somebody may still cover in a week; None for any number."""
        most = self._term.limits[name]
        return None if most is None else max(0, most - self._covers[name, week])

    def _times(self, placed: Placed) -> set[tuple[str, Slot]]:
        choice = placed.choice
        slots = (choice.slot, placed.before, placed.after)
        times = {(person, slot) for person in (choice.observed, choice.observer) for slot in slots}
        if placed.cover is not None:
            times.add((placed.cover, choice.slot))
        return times

    def _change(self, placed: Placed, by: int) -> None:
        choice = placed.choice
        self.in_week[choice.week] += by
        self._visits[choice.observed, choice.week] += by
        self._visits[choice.observer, choice.week] += by
        if placed.cover is not None:
            self._covers[placed.cover, choice.week] += by


def fit(term: Term, order: Callable[[Choice, int], tuple[int, ...]]) -> list[Placed]:
    """Visit after visit, one of each partnership in turn, each at the first time in `order` that is still possible.

    `order` is asked about a choice as the visit of its partnership that is planned as the n-th (counted from 0). Its
    talks are the nearest within lessons that both still have, else the nearest outside.
    """
    taken = Taken(term)
    placed: list[Placed] = []
    waiting = [
        (turn, index, observed)
        for index, one in enumerate(term.problem.partnerships)
        for observed, first_turn, number in ((one.first, 0, one.of_first), (one.second, 1, one.of_second))
        for turn in range(first_turn, first_turn + 2 * number, 2)
    ]
    for turn, index, observed in sorted(waiting):
        choices = (one for one in term.of_partnership[index] if one.observed == observed)
        for choice in sorted(choices, key=lambda one: (order(one, turn), one.number)):
            found = place(term, choice, taken) if taken.allows(choice) else None
            if found:
                taken.add(found)
                placed.append(found)
                break
    return placed


def place(term: Term, choice: Choice, taken: Taken) -> Placed | None:
    """A choice that is allowed with its best talks and who covers; None where a talk has no time."""
    talks = []
    for window in (choice.before, choice.after):
        slot = _nearest(term, choice, window, taken)
        if slot is None:
            return None
        talks.append(slot)
    cover = None if choice.minutes is None else taken.could_cover(choice.slot)[0]
    return Placed(choice, talks[0], talks[1], cover)


def _nearest(term: Term, choice: Choice, window: Collection[Slot], taken: Taken) -> Slot | None:
    people = (choice.observed, choice.observer)
    possible = [slot for slot in window if taken.leaves(people, slot)]

    def distance(slot: Slot) -> tuple[bool, int, int]:
        position = slot.position if slot > choice.slot else -slot.position
        return slot in term.outside, abs(slot.day - choice.slot.day), position

    return min(possible, key=distance, default=None)
