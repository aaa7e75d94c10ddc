"""Which free colleague covers which lesson: proved best, by a flow of least cost.

What is wanted, each only among what is best by the one before: as many lessons covered as can be; as little
disturbance as can be (a colleague who teaches the subject, or knows the class); covers spread over the colleagues as
evenly as can be, with those they had before (`covers_so_far`).

Method: one unit flows from every lesson, through a node for "this colleague in this slot" (room for one, so nobody
is in two places) and one for the colleague, to the sink; or straight to the sink, and then the lesson stays open. The
k-th cover of a colleague who had s before costs (s + k)² - (s + k - 1)² on an arc of its own, so that the sum is the
sum of squares of the ledger, least when it is most even (for flows the same answer as making the largest number
least, then the next: Frank and Murota, "Decreasing minimization on M-convex sets", Mathematical Programming 195,
2022). Costs are whole numbers, weighted so that no saving further down can pay for a loss further up. Solver:
OR-Tools' SimpleMinCostFlow, the cost-scaling push-relabel algorithm of Goldberg ("An efficient implementation of a
scaling minimum-cost flow algorithm", Journal of Algorithms 22, 1997), exact on whole numbers.

Where slots overlap in time it is no flow any more, and `cover.overlapping` searches with the same aims.

Pure and without chance: nodes and arcs come in sorted order, so the same problem has the same answer.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from sidebyside.base.faults import Fault, InputRefused
from sidebyside.base.marking import N_
from sidebyside.calendars.timetables.records import Timetable, TimetableRow
from sidebyside.cover.overlapping import search

# Bounds of one problem; inside them no sum of costs leaves 64 bits.
MOST_LESSONS = 5_000
MOST_PAIRS = 1_000_000  # lessons times colleagues who are free then
MOST_SO_FAR = 10_000  # covers in a ledger


class CoverRefused(InputRefused):
    """What was asked cannot be worked with. `faults` has at least one entry; they are in no file."""


def refuse(sentence: str, **values: object) -> CoverRefused:
    """The exception for one fault; raise what this returns."""
    return CoverRefused(Fault(None, None, sentence, values))


class Reason(StrEnum):
    """Why a lesson stays open."""

    NOBODY_FREE = "nobody_free"
    ALL_DECLINED = "all_declined"
    ALL_COVERING = "all_covering"
    AT_LIMIT = "at_limit"


SENTENCES = {
    Reason.NOBODY_FREE: N_("No colleague who is present that day is free in this slot."),
    Reason.ALL_DECLINED: N_("Every colleague who is free in this slot has been ruled out for this lesson."),
    Reason.ALL_COVERING: N_("Every colleague who is free in this slot covers another lesson then."),
    Reason.AT_LIMIT: N_("Every free colleague who does not cover another lesson then has as many covers as allowed."),
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """One absent teacher in one slot in which that teacher teaches. `event` is what is taught, as text."""

    slot: str
    absent: str
    event: str
    classes: frozenset[str] = frozenset()
    subject: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other lesson of the problem."""
        return self.slot, self.absent


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could cover.

    `free` are the slots in which that is possible, `most` the number of covers allowed in this problem (None: any
    number), `covers_so_far` the number in the ledger before it.
    """

    name: str
    free: frozenset[str]
    most: int | None = None
    covers_so_far: int = 0
    subjects: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()

    def is_familiar_with(self, lesson: Lesson) -> bool:
        """Whether this colleague teaches the subject or knows one of the classes."""
        return lesson.subject in self.subjects or not self.classes.isdisjoint(lesson.classes)


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """The lesson of `absent` in `slot`, with `cover` covering it."""

    slot: str
    absent: str
    cover: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What has to be covered, by whom it could be, what is settled (`locked`) and what must not be (`declined`).

    `overlapping` are pairs of different slots that have some time in common: nobody covers in both.
    """

    lessons: tuple[Lesson, ...]
    colleagues: tuple[Colleague, ...]
    locked: frozenset[Pair] = frozenset()
    declined: frozenset[Pair] = frozenset()
    overlapping: frozenset[tuple[str, str]] = frozenset()

    def beside(self, slot: str) -> set[str]:
        """This slot and those that overlap it."""
        return {slot} | {one for pair in self.overlapping if slot in pair for one in pair}


@dataclass(frozen=True, slots=True)
class Cover:
    """A covered lesson. `familiar`: the colleague teaches the subject or knows the class."""

    lesson: Lesson
    cover: str
    familiar: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A lesson that stays open, and why."""

    lesson: Lesson
    reason: Reason

    @property
    def sentence(self) -> str:
        """The reason in English, as a text to look up in a catalogue."""
        return SENTENCES[self.reason]


@dataclass(frozen=True, slots=True)
class Solution:
    """Covers and open lessons, each in the order of the problem's lessons.

    `proved`: no assignment that keeps the locks is better in any of the three aims. `seconds` is the time that
    building and solving took, by the wall clock.
    """

    covers: tuple[Cover, ...]
    open: tuple[OpenLesson, ...]
    proved: bool
    seconds: float = field(compare=False)


def assign(problem: Problem) -> Solution:
    """The best assignment of colleagues to lessons, as the module says.

    Raises CoverRefused when a lesson or a colleague is there twice, a lock cannot be kept (no such lesson or
    colleague, not free, twice in a slot, beyond the limit), a number is negative, or the problem is beyond its
    bounds.
    """
    began = time.perf_counter()
    _judge(problem)
    lessons = {lesson.key: lesson for lesson in problem.lessons}
    locked = {(pair.slot, pair.absent): pair.cover for pair in problem.locked}
    waiting = [lessons[key] for key in sorted(lessons.keys() - locked.keys())]
    left = [_after_locks(colleague, problem) for colleague in sorted(problem.colleagues, key=lambda c: c.name)]
    if problem.overlapping:
        found, proved = search(waiting, left, problem.declined, problem.overlapping)
    else:
        found, proved = _flow(waiting, left, problem.declined)
    chosen = locked | found
    people = {colleague.name: colleague for colleague in problem.colleagues}
    covers = tuple(
        Cover(lesson, name, people[name].is_familiar_with(lesson), lesson.key in locked)
        for lesson in problem.lessons
        if (name := chosen.get(lesson.key)) is not None
    )
    still_open = tuple(
        OpenLesson(lesson, _reason(lesson, problem, chosen)) for lesson in problem.lessons if lesson.key not in chosen
    )
    return Solution(covers, still_open, proved, time.perf_counter() - began)


def _judge(problem: Problem) -> None:
    """Raise CoverRefused for a problem that makes no sense or is beyond its bounds."""
    lessons = {lesson.key for lesson in problem.lessons}
    people = {colleague.name: colleague for colleague in problem.colleagues}
    if len(lessons) < len(problem.lessons) or len(people) < len(problem.colleagues):
        raise refuse(N_("A lesson or a colleague is there twice."))
    if len(lessons) > MOST_LESSONS:
        raise refuse(N_("There are more than %(limit)s lessons to cover at once."), limit=MOST_LESSONS)
    free = Counter(slot for colleague in problem.colleagues for slot in colleague.free)
    if sum(free[slot] for slot, _absent in lessons) > MOST_PAIRS:
        raise refuse(N_("There are too many lessons and colleagues to plan at once. Plan fewer slots."))
    for colleague in problem.colleagues:
        if (colleague.most or 0) < 0 or not 0 <= colleague.covers_so_far <= MOST_SO_FAR:
            raise refuse(N_("The number of covers of %(name)s is out of bounds."), name=colleague.name)
    _judge_locks(problem, lessons, people)


def _judge_locks(problem: Problem, lessons: Collection[tuple[str, str]], people: dict[str, Colleague]) -> None:
    """Raise CoverRefused for a lock that cannot be kept."""
    for pair in sorted(problem.locked):
        told = {"slot": pair.slot, "absent": pair.absent, "cover": pair.cover}
        if (pair.slot, pair.absent) not in lessons:
            raise refuse(N_("There is no lesson of %(absent)s in %(slot)s to be covered by %(cover)s."), **told)
        if pair.cover not in people or pair.slot not in people[pair.cover].free or pair in problem.declined:
            raise refuse(N_("%(cover)s cannot cover the lesson of %(absent)s in %(slot)s."), **told)
    for (slot, absent), times in Counter((pair.slot, pair.absent) for pair in problem.locked).items():
        if times > 1:
            raise refuse(N_("The lesson of %(absent)s in %(slot)s is settled twice."), slot=slot, absent=absent)
    for slot, cover in sorted({(pair.slot, pair.cover) for pair in problem.locked}):
        near = problem.beside(slot)
        if sum(pair.cover == cover and pair.slot in near for pair in problem.locked) > 1:
            raise refuse(N_("%(cover)s would cover two lessons in %(slot)s."), slot=slot, cover=cover)
    for cover, times in Counter(pair.cover for pair in problem.locked).items():
        most = people[cover].most
        if most is not None and times > most:
            raise refuse(N_("%(cover)s would have more covers than allowed."), cover=cover)


def _after_locks(colleague: Colleague, problem: Problem) -> Colleague:
    """The colleague as what is settled leaves her."""
    slots = {pair.slot for pair in problem.locked if pair.cover == colleague.name}
    taken = {slot for one in slots for slot in problem.beside(one)}
    most = None if colleague.most is None else colleague.most - len(slots)
    so_far = colleague.covers_so_far + len(slots)
    return replace(colleague, free=colleague.free - taken, most=most, covers_so_far=so_far)


def _flow(
    lessons: list[Lesson], colleagues: list[Colleague], declined: Collection[Pair]
) -> tuple[dict[tuple[str, str], str], bool]:
    """Who covers which lesson (by its key), and whether the solver proved it best. Both lists come sorted."""
    if not lessons:
        return {}, True
    network = _Network(lessons, [colleague.covers_so_far for colleague in colleagues])
    for colleague in colleagues:
        network.add(colleague, declined)
    return network.solve()


class _Network:
    """The flow that the module describes. Lessons are the nodes 0, 1, ..., and the sink is the one after them."""

    def __init__(self, lessons: list[Lesson], ledger: Collection[int]) -> None:
        self._solver = SimpleMinCostFlow()
        self._lessons = lessons
        self._offers: list[tuple[int, int, str]] = []  # arc, lesson, colleague
        self._in_slot: dict[str, list[int]] = {}
        self._fewest = min(ledger, default=0)  # taken from all: only differences matter, and costs stay small
        # Each is more than any sum of the aim below it can be.
        self._disturbed = 2 * len(lessons) * (max(ledger, default=0) - self._fewest + len(lessons)) + 1
        stays_open = self._disturbed * (len(lessons) + 1)
        self._sink = self._last = len(lessons)
        self._solver.set_node_supply(self._sink, -len(lessons))
        for number, lesson in enumerate(lessons):
            self._in_slot.setdefault(lesson.slot, []).append(number)
            self._solver.set_node_supply(number, 1)
            self._arc(number, self._sink, stays_open)

    def add(self, colleague: Colleague, declined: Collection[Pair]) -> None:
        """Let a colleague cover what can be covered by her."""
        slots = [slot for slot in self._in_slot if slot in colleague.free]
        room = len(slots) if colleague.most is None else min(colleague.most, len(slots))
        if room <= 0:
            return
        person = self._node()
        before = colleague.covers_so_far - self._fewest
        for covers in range(before + 1, before + room + 1):
            self._arc(person, self._sink, 2 * covers - 1)
        for slot in slots:
            there = self._node()
            self._arc(there, person, 0)
            for number in self._in_slot[slot]:
                lesson = self._lessons[number]
                if declined and Pair(slot, lesson.absent, colleague.name) in declined:
                    continue
                cost = 0 if colleague.is_familiar_with(lesson) else self._disturbed
                self._offers.append((self._arc(number, there, cost), number, colleague.name))

    def solve(self) -> tuple[dict[tuple[str, str], str], bool]:
        """Who covers which lesson, by its key, and whether that is proved best."""
        status = self._solver.solve()
        if status not in (self._solver.OPTIMAL, self._solver.FEASIBLE):
            # Every lesson may stay open, so there is an answer: this would be a fault of the program.
            raise RuntimeError(f"the flow solver answered {status}")
        flow = self._solver.flow
        taken = {self._lessons[number].key: name for arc, number, name in self._offers if flow(arc)}
        return taken, status == self._solver.OPTIMAL

    def _node(self) -> int:
        self._last += 1
        return self._last

    def _arc(self, tail: int, head: int, cost: int) -> int:
        """Room for one from node to node, at this cost."""
        return int(self._solver.add_arc_with_capacity_and_unit_cost(tail, head, 1, cost))


def _reason(lesson: Lesson, problem: Problem, chosen: dict[tuple[str, str], str]) -> Reason:
    """Why a lesson stays open in a solution that covers as many as can be."""
    free = [c for c in problem.colleagues if lesson.slot in c.free]
    if not free:
        return Reason.NOBODY_FREE
    free = [c for c in free if Pair(lesson.slot, lesson.absent, c.name) not in problem.declined]
    if not free:
        return Reason.ALL_DECLINED
    near = problem.beside(lesson.slot)
    covering = {name for (slot, _absent), name in chosen.items() if slot in near}
    return Reason.ALL_COVERING if all(c.name in covering for c in free) else Reason.AT_LIMIT


def problem_of_day(timetable: Timetable, *, day: str, absent: Collection[str], most: int | None = None) -> Problem:
    """The problem of one day: lessons in the order of the slots, then of the names of those absent.

    A lesson is an absent teacher and a slot in which that teacher teaches (two events at once are one lesson); a
    colleague is who teaches on that day and is not absent, free where nothing is taught. `most` is the number of
    covers for each colleague that day. Classes known to a colleague are those of all the days; subjects do not
    stand in this form. Raises CoverRefused for a day or a teacher that the timetable does not know, for
    nobody absent and for a negative `most`.
    """
    if day not in timetable.days:
        raise refuse(N_("There is no day “%(day)s”. Days: %(days)s."), day=day, days=", ".join(timetable.days[:40]))
    if not absent:
        raise refuse(N_("Say who is absent."))
    if unknown := sorted(set(absent) - timetable.teachers):
        raise refuse(N_("Nobody called “%(name)s” teaches in this timetable."), name=unknown[0])
    if most is not None and most < 0:
        raise refuse(N_("The number of covers for each person cannot be negative."))
    rows = timetable.on(day)
    taught: dict[str, dict[str, list[TimetableRow]]] = {}  # teacher, slot
    for row in rows:
        for teacher in row.teachers:
            taught.setdefault(teacher, {}).setdefault(row.slot, []).append(row)
    position = {row.slot: row.position for row in rows}
    known: dict[str, set[str]] = {}
    for row in timetable.rows:
        for teacher in row.teachers:
            known.setdefault(teacher, set()).update(row.classes)
    lessons = [_lesson(slot, teacher, events) for teacher in absent for slot, events in taught.get(teacher, {}).items()]
    colleagues = (
        Colleague(teacher, frozenset(position.keys() - taught[teacher].keys()), most, classes=frozenset(known[teacher]))
        for teacher in sorted(taught.keys() - set(absent))
    )
    in_order = sorted({lesson.key: lesson for lesson in lessons}.values(), key=lambda c: (position[c.slot], c.key))
    return Problem(tuple(in_order), tuple(colleagues))


def _lesson(slot: str, absent: str, rows: list[TimetableRow]) -> Lesson:
    """What one teacher teaches in one slot, in the order of the events' names."""
    events = "|".join(sorted({row.event for row in rows}))
    return Lesson(slot, absent, events, frozenset(name for row in rows for name in row.classes))
