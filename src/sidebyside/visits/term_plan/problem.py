"""What a term's plan is made from: the slots of the term, who teaches when, who visits whom, who could cover."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sidebyside.base.marking import N_
from sidebyside.base.refusals import Refused

MOST_PARTNERSHIPS = 500
MOST_SLOTS = 5_000  # a year of 250 days with 20 slots
MOST_CHOICES = 60_000  # visits that are possible, one by one; what a plan costs grows with them


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time on one day of school.

    `day` counts the days of school only, so that two days which differ by one are neighbours for the school although
    a week-end lies between them. `position` orders the slots of a day; two slots of a day never overlap.
    """

    day: int
    position: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is taught in one slot of one day, and by whom. `key` tells it from the other lessons of the slot."""

    slot: Slot
    key: str
    teachers: frozenset[str]
    classes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Partnership:
    """Two who visit each other. `of_first`: how many visits the second makes to lessons of the first; `of_second`
    the other way (none where a coach visits only)."""

    key: str
    first: str
    second: str
    of_first: int = 2
    of_second: int = 2

    @property
    def people(self) -> tuple[str, str]:
        """Both."""
        return self.first, self.second

    @property
    def wanted(self) -> int:
        """All visits that are wanted."""
        return self.of_first + self.of_second


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could cover in the slots `free`, at most `most_a_week` times a week (None: any number).

    Slots in which she teaches, is engaged or keeps for herself are taken from `free`. `covers_so_far` is the number
    in the ledger before this term; it decides who is asked first.
    """

    name: str
    free: frozenset[Slot]
    most_a_week: int | None = None
    covers_so_far: int = 0


@dataclass(frozen=True)
class Problem:
    """A term.

    `weeks` says for each day of school in which week it lies. `slots` are the periods of the timetable on all days,
    `outside` further slots before, between and after lessons in which two may talk when nothing else is left; no
    visit lies there. `engaged`: slots in which a person is at something else or not there at all. `kept`: free
    slots that a person keeps for herself; a slot in which she teaches is not free, so keeping it means nothing.
    `second_stays`: whether a second teacher of a lesson can stay alone with the class, so that it needs no cover.
    """

    weeks: Mapping[int, int]
    slots: tuple[Slot, ...]
    lessons: tuple[Lesson, ...]
    partnerships: tuple[Partnership, ...]
    colleagues: tuple[Colleague, ...] = ()
    outside: tuple[Slot, ...] = ()
    engaged: Mapping[str, frozenset[Slot]] = field(default_factory=dict)
    kept: Mapping[str, frozenset[Slot]] = field(default_factory=dict)
    second_stays: bool = True


def judge(problem: Problem) -> None:
    """Raise Refused for a term beyond the bounds, ValueError for one that makes no sense (a fault of the program)."""
    if len(problem.partnerships) > MOST_PARTNERSHIPS or len(problem.slots) + len(problem.outside) > MOST_SLOTS:
        raise Refused(N_("This is too much to plan at once. Plan fewer partnerships, or a shorter time."))
    places = Counter((slot.day, slot.position) for slot in (*problem.slots, *problem.outside))
    if any(number > 1 for number in places.values()):
        raise ValueError("two slots at the same place of a day")
    if any(day not in problem.weeks for day, _position in places):
        raise ValueError("a slot on a day that lies in no week")
    in_order = [week for _day, week in sorted(problem.weeks.items())]
    if in_order != sorted(in_order):
        raise ValueError("a later day in an earlier week")
    if any(slot.minutes < 0 for slot in (*problem.slots, *problem.outside)):
        raise ValueError("a slot of less than no time")
    if not {lesson.slot for lesson in problem.lessons} <= set(problem.slots):
        raise ValueError("a lesson in a slot that is not of this term")
    if len({(lesson.slot, lesson.key) for lesson in problem.lessons}) < len(problem.lessons):
        raise ValueError("a lesson is there twice")
    if len({one.key for one in problem.partnerships}) < len(problem.partnerships):
        raise ValueError("a partnership is there twice")
    for one in problem.partnerships:
        if one.first == one.second or min(one.of_first, one.of_second) < 0:
            raise ValueError(f"partnership {one.key} is not of two, or wants less than no visit")
    if len({one.name for one in problem.colleagues}) < len(problem.colleagues):
        raise ValueError("a colleague is there twice")
    if any((one.most_a_week or 0) < 0 or one.covers_so_far < 0 for one in problem.colleagues):
        raise ValueError("a number of covers below nothing")
