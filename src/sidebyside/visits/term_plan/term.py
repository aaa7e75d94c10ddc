"""The term turned over for planning: every visit that is possible by itself, with its times to talk."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sidebyside.base.marking import N_
from sidebyside.base.refusals import Refused
from sidebyside.visits.term_plan.problem import MOST_CHOICES, Lesson, Partnership, Problem, Slot

DAYS_BEFORE = 2  # of school, from the talk before to the visit
DAYS_AFTER = 3  # from the visit to the talk after


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible visit. `number` is its place in Term.choices, `partnership` in Problem.partnerships.

    `week` counts the weeks of the term from 0. `minutes`: what has to be covered, None where nothing. `left`: the
    lessons the observer leaves to a second teacher, who then stays. `before` and `after`: every slot for the talks.
    """

    number: int
    partnership: int
    observed: str
    observer: str
    lesson: Lesson
    week: int
    minutes: int | None
    left: frozenset[tuple[Slot, str]]
    before: tuple[Slot, ...]
    after: tuple[Slot, ...]

    @property
    def slot(self) -> Slot:
        """When it is."""
        return self.lesson.slot


@dataclass(frozen=True, slots=True)
class Hurdles:
    """How many lessons of one direction of a partnership get past what, each number among those of the one before."""

    lessons: int = 0
    both_there: int = 0
    coverable: int = 0
    with_talks: int = 0


class Term:
    """What can be known of a problem before anything is chosen.

    `choices` come by partnership, then by slot; `of_partnership` has them for each by its place. `outside` are the
    slots outside lessons; `able` says for each slot who could cover then, by name; `limits` how often in a week.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        weeks = sorted({problem.weeks[slot.day] for slot in problem.slots})
        place_of = {week: place for place, week in enumerate(weeks)}
        self.weeks = len(weeks)
        self.week_of_day = {day: place_of[week] for day, week in sorted(problem.weeks.items()) if week in place_of}
        self._first_days: list[int] = []
        for day, week in self.week_of_day.items():
            if week == len(self._first_days):
                self._first_days.append(day)
        self.outside = frozenset(problem.outside)
        self.taught: dict[str, dict[Slot, list[Lesson]]] = {}
        for lesson in sorted(problem.lessons, key=lambda one: (one.slot, one.key)):
            for teacher in sorted(lesson.teachers):
                self.taught.setdefault(teacher, {}).setdefault(lesson.slot, []).append(lesson)
        self.able: dict[Slot, list[str]] = {}
        for colleague in sorted(problem.colleagues, key=lambda one: one.name):
            for slot in colleague.free:
                if colleague.most_a_week != 0 and self.is_free(colleague.name, slot):
                    self.able.setdefault(slot, []).append(colleague.name)
        self.limits = {one.name: one.most_a_week for one in problem.colleagues}
        self.choices: list[Choice] = []
        self.of_partnership: list[list[Choice]] = []
        self.hurdles: dict[tuple[int, str], Hurdles] = {}
        for index, partnership in enumerate(problem.partnerships):
            self._add(index, partnership)

    def is_free(self, person: str, slot: Slot) -> bool:
        """Whether a person teaches nothing then, is not engaged and does not keep the time for herself."""
        return not (
            slot in self.taught.get(person, ())
            or slot in self.problem.engaged.get(person, ())
            or slot in self.problem.kept.get(person, ())
        )

    def first_day(self, week: int) -> int:
        """The first day of a week; behind the last week, the day after all."""
        if week < self.weeks:
            return self._first_days[week]
        return max(self.week_of_day, default=0) + 1 + DAYS_BEFORE + DAYS_AFTER

    def _add(self, index: int, partnership: Partnership) -> None:
        every = sorted((*self.problem.slots, *self.problem.outside))
        common = [slot for slot in every if all(self.is_free(person, slot) for person in partnership.people)]
        found = [
            choice
            for observed, observer, wanted in (
                (partnership.first, partnership.second, partnership.of_first),
                (partnership.second, partnership.first, partnership.of_second),
            )
            if wanted
            for choice in self._choices(index, observed, observer, common)
        ]
        if len(self.choices) + len(found) > MOST_CHOICES:
            raise Refused(N_("This is too much to plan at once. Plan fewer partnerships, or a shorter time."))
        first = len(self.choices)
        in_order = sorted(found, key=lambda one: (one.slot, one.observed))
        self.of_partnership.append([replace(one, number=first + at) for at, one in enumerate(in_order)])
        self.choices += self.of_partnership[-1]

    def _choices(self, index: int, observed: str, observer: str, common: list[Slot]) -> Iterator[Choice]:
        """The visits to one of the two, all with the number 0. `common`: when both are free, in order."""
        count: Counter[str] = Counter()
        for slot in sorted(self.taught.get(observed, ())):
            count["lessons"] += 1
            lesson = self._lesson_to_see(observed, observer, slot)
            if lesson is None:
                continue
            count["both_there"] += 1
            needs, left = self._needs(observed, observer, slot)
            if needs and slot not in self.able:
                continue
            count["coverable"] += 1
            first, at, last = (
                bisect_left(common, (day, position), key=lambda one: (one.day, one.position))
                for day, position in (
                    (slot.day - DAYS_BEFORE, -math.inf),
                    (slot.day, slot.position),
                    (slot.day + DAYS_AFTER, math.inf),
                )
            )
            if first < at < last:
                count["with_talks"] += 1
                minutes = slot.minutes if needs else None
                week = self.week_of_day[slot.day]
                windows = tuple(common[first:at]), tuple(common[at:last])
                yield Choice(0, index, observed, observer, lesson, week, minutes, left, *windows)
        self.hurdles[index, observed] = Hurdles(**count)

    def _lesson_to_see(self, observed: str, observer: str, slot: Slot) -> Lesson | None:
        """The lesson that a visit in this slot would see; None where the two cannot both be there."""
        for person in (observed, observer):
            if slot in self.problem.engaged.get(person, ()):
                return None
        if slot not in self.taught.get(observer, ()) and slot in self.problem.kept.get(observer, ()):
            return None
        lessons = self.taught[observed][slot]
        return next((lesson for lesson in lessons if observer not in lesson.teachers), None)

    def _needs(self, observed: str, observer: str, slot: Slot) -> tuple[bool, frozenset[tuple[Slot, str]]]:
        """Whether the observer has to be covered then, and what she leaves to a second teacher."""
        left = set()
        for lesson in self.taught.get(observer, {}).get(slot, ()):
            stay = lesson.teachers - {observed, observer}
            if not self.problem.second_stays or all(slot in self.problem.engaged.get(one, ()) for one in stay):
                return True, frozenset()
            left.add((slot, lesson.key))
        return False, frozenset(left)
