"""The weeks of some partnerships as `visits.term_plan` reads them: from timetables, calendars, wishes and cover.

Read at one moment and not locked: a plan is a proposal, and whoever takes a part of it is asked again whether it fits.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sidebyside.base.marking import N_
from sidebyside.base.refusals import Refused
from sidebyside.calendars.queries import (
    PeriodOfDay,
    Taught,
    kept_free_of,
    periods_between,
    taught_between,
    timetables_for,
)
from sidebyside.calendars.slots import Span
from sidebyside.cover.queries import counts_of, engaged_with_cover, limits_of, rules_of
from sidebyside.visits.models import PlannedVisit, Visit
from sidebyside.visits.talks import MINUTES
from sidebyside.visits.term_plan import Colleague, Lesson, Partnership, Problem, Slot

TALK = timedelta(minutes=MINUTES)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two of a partnership, by their ids. `of_first`: the visits that the second still makes to lessons of the first;
    `of_second` the other way round."""

    partnership: int
    first: int
    second: int
    of_first: int
    of_second: int

    @property
    def key(self) -> str:
        """What the engine calls the two."""
        return f"{self.partnership}-{self.first}-{self.second}"


@dataclass(frozen=True)
class Stretch:
    """The days that are planned, both included, where they are, and the school whose colleagues could cover.
    `since`: the first day of the term, which lies before `begin` where it has begun; what was booked since counts."""

    school: int
    begin: date
    end: date
    zone: ZoneInfo
    since: date

    @property
    def first(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.begin, time(), self.zone)

    @property
    def first_of_term(self) -> datetime:
        """The first moment of the term."""
        return datetime.combine(self.since, time(), self.zone)

    @property
    def last(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.end + timedelta(days=1), time(), self.zone)


@dataclass(frozen=True)
class Gathered:
    """A problem, when its slots are, and the Mondays of its weeks."""

    problem: Problem
    spans: Mapping[Slot, Span]
    mondays: Sequence[date]


class Times:
    """The slots of some weeks: periods that do not overlap, and beside them times outside lessons."""

    def __init__(self, candidates: Mapping[date, Counter[Span]]) -> None:
        self.spans: dict[Slot, Span] = {}
        self.lessons: dict[Span, Slot] = {}
        self.outside: list[Slot] = []
        self.dates: list[date] = []
        for on in sorted(candidates):
            periods = _apart(candidates[on])
            if not periods:
                continue
            inside = set(periods)
            for position, span in enumerate(sorted([*periods, *_around(periods)], key=lambda one: one.begin)):
                slot = Slot(len(self.dates), position, span.minutes)
                self.spans[slot] = span
                if span in inside:
                    self.lessons[span] = slot
                else:
                    self.outside.append(slot)
            self.dates.append(on)
        self._slots = list(self.spans)
        self._begins = [span.begin for span in self.spans.values()]
        self._ends = [span.end for span in self.spans.values()]

    def touched(self, span: Span) -> list[Slot]:
        """The slots that have some time in common with a span."""
        return self._slots[bisect_right(self._ends, span.begin) : bisect_left(self._begins, span.end)]

    def on(self, days: Collection[date]) -> list[Slot]:
        """The slots of these dates."""
        return [slot for slot in self._slots if self.dates[slot.day] in days]


def _apart(candidates: Counter[Span]) -> list[Span]:
    """The periods of a day that do not overlap, those in which most is taught first. One too short for a talk is
    none: what is taught in it takes its time all the same."""
    taken: list[Span] = []
    for span, _number in sorted(candidates.items(), key=lambda one: (-one[1], one[0].begin, one[0].end)):
        if span.minutes >= MINUTES and not any(span.overlaps(other) for other in taken):
            taken.append(span)
    return sorted(taken, key=lambda one: one.begin)


def _around(periods: Sequence[Span]) -> list[Span]:
    """Times for a talk before, between and after the periods of a day."""
    found = [Span(periods[0].begin - TALK, periods[0].begin)]
    for one, following in zip(periods, periods[1:], strict=False):
        if following.begin - one.end >= TALK:
            found.append(Span(one.end, one.end + TALK))
    return [*found, Span(periods[-1].end, periods[-1].end + TALK)]


def gather(pairings: Sequence[Pairing], stretch: Stretch, *, colleagues: Collection[int], at: datetime) -> Gathered:
    """The problem of these pairings from `stretch.begin` to `stretch.end`; `colleagues` could cover, by their ids.

    A lesson at times of its own (of another school, of a week somebody typed) takes its teacher's time and is not
    visited where it does not fit the others' periods. Who teaches nothing on a day is not there. The number of
    queries does not depend on the number of people.

    Raises Refused where nobody's timetable says when its lessons begin.
    """
    people = {person for one in pairings for person in (one.first, one.second)}
    everyone = people | set(colleagues)
    timetables = timetables_for(everyone, begin=stretch.begin, end=stretch.end)
    taught = taught_between(timetables, begin=stretch.begin, end=stretch.end, people=everyone)
    periods = periods_between(timetables, begin=stretch.begin, end=stretch.end)
    times = Times(_candidates(taught, periods, people))
    if not times.lessons:
        raise Refused(
            N_("No timetable says when lessons begin in these weeks. Bring it in first, or let each type her week.")
        )
    lessons, engaged = _lessons(taught, times)
    teaches_on: dict[int, set[date]] = {}
    for one in taught:
        for person in one.people:
            teaches_on.setdefault(person, set()).add(one.on)
    for person in people & teaches_on.keys():
        elsewhere = set(times.dates) - teaches_on[person]
        engaged.setdefault(person, set()).update(times.on(elsewhere))
    for person, spans in engaged_with_cover(everyone, stretch.first, stretch.last).items():
        engaged.setdefault(person, set()).update(slot for span in spans for slot in times.touched(span))
    kept = {
        str(person): frozenset(slot for span in spans for slot in times.touched(span))
        for person, spans in kept_free_of(everyone, periods).items()
    }
    _block(pairings, stretch, times, lessons, engaged)
    problem = Problem(
        weeks={day: (on - _monday(stretch.begin)).days // 7 for day, on in enumerate(times.dates)},
        slots=tuple(times.lessons.values()),
        lessons=tuple(lessons),
        partnerships=tuple(
            Partnership(one.key, str(one.first), str(one.second), one.of_first, one.of_second) for one in pairings
        ),
        colleagues=_colleagues(colleagues, stretch, times, teaches_on, at=at),
        outside=tuple(times.outside),
        engaged={str(person): frozenset(slots) for person, slots in engaged.items()},
        kept=kept,
    )
    return Gathered(problem, times.spans, _mondays(times.dates))


def _candidates(
    taught: Iterable[Taught], periods: Iterable[PeriodOfDay], people: Collection[int]
) -> dict[date, Counter[Span]]:
    """The periods of each day, each with how much those who visit each other teach in it."""
    found: dict[date, Counter[Span]] = {}
    for period in periods:
        if period.span is not None:
            found.setdefault(period.on, Counter())[period.span] += 0
    for one in taught:
        if one.span is not None:
            found[one.on][one.span] += 2 * len(one.people & set(people)) + 1
    return found


def _lessons(taught: Iterable[Taught], times: Times) -> tuple[list[Lesson], dict[int, set[Slot]]]:
    """The lessons that fill a period, and whose time the others take."""
    lessons: list[Lesson] = []
    engaged: dict[int, set[Slot]] = {}
    for one in taught:
        slot = times.lessons.get(one.span) if one.span else None
        if slot is not None:
            # A teacher whom nobody here has stays with the class as well as one who is known.
            teachers = frozenset({str(pk) for pk in one.people} | {f"name:{name}" for name in one.names})
            lessons.append(Lesson(slot, one.key, teachers, frozenset(one.classes)))
        elif one.span is not None:
            for person in one.people:
                engaged.setdefault(person, set()).update(times.touched(one.span))
    return lessons, engaged


def _block(
    pairings: Sequence[Pairing],
    stretch: Stretch,
    times: Times,
    lessons: Iterable[Lesson],
    engaged: dict[int, set[Slot]],
) -> None:
    """Keep visits out of weeks in which one of the two has one already, and from times that were passed over.

    Where she teaches anyway, being engaged keeps nothing but visits away: talks and cover lie in her free time.
    """
    people = {person for one in pairings for person in (one.first, one.second)}
    teaches: dict[int, set[Slot]] = {person: set() for person in people}
    for lesson in lessons:
        for name in lesson.teachers:
            if name.isdigit() and int(name) in people:
                teaches[int(name)].add(lesson.slot)
    visiting = _weeks_with_visits(people, stretch)
    for one in pairings:
        weeks = visiting.get(one.first, set()) | visiting.get(one.second, set())
        for person in (one.first, one.second):
            full = {slot for slot in teaches[person] if _monday(times.dates[slot.day]) in weeks}
            engaged.setdefault(person, set()).update(full)
    passed = PlannedVisit.objects.filter(
        passed_over_at__isnull=False, partnership__in={one.partnership for one in pairings},
        begin__lt=stretch.last, end__gt=stretch.first,
    )  # fmt: skip
    for observed, begin, end in passed.values_list("observed", "begin", "end"):
        slot = times.lessons.get(Span(begin, end))
        if slot in teaches.get(observed, ()) and slot is not None:
            engaged.setdefault(observed, set()).add(slot)


def _weeks_with_visits(people: Collection[int], stretch: Stretch) -> dict[int, set[date]]:
    """The Mondays of the weeks in which these persons have a visit already, seeing or seen."""
    found: dict[int, set[date]] = {}
    rows = Visit.objects.filter(
        cancelled_at=None, begin__lt=stretch.last + WEEK, end__gt=stretch.first - WEEK
    ).values_list("observed", "observer", "begin")
    for observed, observer, begin in rows:
        for person in {observed, observer} & set(people):
            found.setdefault(person, set()).add(_monday(begin.astimezone(stretch.zone).date()))
    return found


def _colleagues(
    people: Collection[int],
    stretch: Stretch,
    times: Times,
    teaches_on: Mapping[int, Collection[date]],
    *,
    at: datetime,
) -> tuple[Colleague, ...]:
    """Who could cover: whoever teaches on a day is at school on it. The limits are those of the school's rules."""
    there = [person for person in people if person in teaches_on]
    if not there:
        return ()
    rules = rules_of(stretch.school)
    limits = limits_of(rules, there)
    counts = counts_of(rules, there, on=stretch.begin, at=at)
    found = []
    for person in there:
        limit = limits[person]
        left = None if limit.term is None else max(0, limit.term - counts[person].term)
        most = min((number for number in (limit.week, left) if number is not None), default=None)
        free = frozenset(slot for slot in times.on(teaches_on[person]) if times.spans[slot] in times.lessons)
        most = 0 if limit.day == 0 else most
        found.append(Colleague(str(person), free, most, counts[person].window))
    return tuple(found)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _mondays(dates: Iterable[date]) -> list[date]:
    return sorted({_monday(on) for on in dates})
