"""What a plan is, what it is worth, and what stays open in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate

from sidebyside.base.marking import N_
from sidebyside.visits.term_plan.problem import Lesson, Slot
from sidebyside.visits.term_plan.term import Choice, Hurdles, Term


class Aim(StrEnum):
    """What a plan is judged by, each only among what is best by those before it. Of each, less is better."""

    OPEN = "open"  # visits that are wanted and have no time
    COVER = "cover"  # minutes of lessons that colleagues have to cover
    OUTSIDE = "outside"  # talks outside lessons
    RHYTHM = "rhythm"  # visits off the even rhythm of their partnership, times weeks
    WEEKS = "weeks"  # squares of the visits in each week, added up
    TALKS = "talks"  # days of school between talks and visits, added up


AIMS = tuple(Aim)
Worth = tuple[int, ...]  # one number for each aim, in their order


class Reason(StrEnum):
    """Why a visit stays open."""

    NO_LESSON = "no_lesson"
    NOT_BOTH = "not_both"
    NO_COVER = "no_cover"
    NO_TALK = "no_talk"
    WEEKS_FULL = "weeks_full"
    TAKEN = "taken"


SENTENCES = {
    Reason.NO_LESSON: N_("The one to be visited teaches nothing in this term."),
    Reason.NOT_BOTH: N_("In no lesson of the one to be visited can both be there."),
    Reason.NO_COVER: N_("Each visit would need cover, and no colleague is free then."),
    Reason.NO_TALK: N_("The two have no time in common for the talks before and after."),
    Reason.WEEKS_FULL: N_("In each week that is left one of the two has another visit."),
    Reason.TAKEN: N_("The times that are left are taken by other visits, talks and cover."),
}


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk of the two, before or after a visit. `outside`: outside lessons, since nothing better was left."""

    slot: Slot
    outside: bool


@dataclass(frozen=True, slots=True)
class Cover:
    """Who teaches for the observer in the meantime, and for how many minutes."""

    slot: Slot
    absent: str
    cover: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit with its two talks, and its cover where the observer would have taught."""

    partnership: str
    observed: str
    observer: str
    lesson: Lesson
    before: Talk
    after: Talk
    cover: Cover | None


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """A visit that found no time, and why."""

    partnership: str
    observed: str
    observer: str
    reason: Reason

    @property
    def sentence(self) -> str:
        """The reason in English, as a text to look up in a catalogue."""
        return SENTENCES[self.reason]


@dataclass(frozen=True, slots=True)
class Reached:
    """How far an aim is reached: `value` in this plan, `bound` below which no plan can get that is no worse in the
    aims before."""

    aim: Aim
    value: int
    bound: int

    @property
    def gap(self) -> float:
        """What is between value and bound, as a share of the value."""
        return (self.value - self.bound) / self.value if self.value > self.bound else 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of a term: visits by their time, then by partnership; open ones in the order of the partnerships.

    `seconds` is the time of the wall clock that it took. The rest is the same for the same problem.
    """

    visits: tuple[Visit, ...]
    open: tuple[OpenVisit, ...]
    reached: tuple[Reached, ...]
    seconds: float = field(compare=False)

    @property
    def talks(self) -> tuple[Talk, ...]:
        """All talks, two for each visit."""
        return tuple(talk for visit in self.visits for talk in (visit.before, visit.after))

    @property
    def covers(self) -> tuple[Cover, ...]:
        """All cover."""
        return tuple(visit.cover for visit in self.visits if visit.cover)

    @property
    def worth(self) -> Worth:
        """One number for each aim; the smaller tuple is the better plan."""
        return tuple(reached.value for reached in self.reached)

    @property
    def proved(self) -> bool:
        """Whether no plan is better in any of the aims."""
        return all(reached.value == reached.bound for reached in self.reached)

    @property
    def gap(self) -> float:
        """The largest gap of all aims: 0.02 says that each is within two hundredths of the best."""
        return max(reached.gap for reached in self.reached)


@dataclass(frozen=True, slots=True)
class Placed:
    """A choice that is taken, the slots of its talks, and who covers (nobody: None)."""

    choice: Choice
    before: Slot
    after: Slot
    cover: str | None = None


def worth_of(term: Term, placed: Collection[Placed], partnerships: Iterable[int] | None = None) -> Worth:
    """What the visits taken are worth; of some partnerships only, where these are named by their places."""
    among = set(range(len(term.problem.partnerships)) if partnerships is None else partnerships)
    placed = [one for one in placed if one.choice.partnership in among]
    wanted = sum(term.problem.partnerships[index].wanted for index in among)
    talks = [(one.choice.slot, talk) for one in placed for talk in (one.before, one.after)]
    in_week = Counter(one.choice.week for one in placed)
    return (
        wanted - len(placed),
        sum(one.choice.minutes or 0 for one in placed),
        sum(talk in term.outside for _visit, talk in talks),
        sum(_off_rhythm(term, index, [one for one in placed if one.choice.partnership == index]) for index in among),
        sum(number * number for number in in_week.values()),
        sum(abs(visit.day - talk.day) for visit, talk in talks),
    )


def even_by(wanted: int, week: int, weeks: int) -> tuple[int, int]:
    """Between how many and how many visits an even rhythm has at the end of a week (counted from 0).

    Of 4 visits in 12 weeks, one lies in each stretch of three: 0 to 1 visits after the first and the second week,
    exactly 1 after the third.
    """
    return wanted * (week + 1) // weeks, -(-wanted * (week + 1) // weeks)


def _off_rhythm(term: Term, partnership: int, placed: Collection[Placed]) -> int:
    """By how many visits a partnership is behind or ahead of an even rhythm, added up over the weeks."""
    in_week = Counter(one.choice.week for one in placed)
    off = 0
    wanted = term.problem.partnerships[partnership].wanted
    for week, done in enumerate(accumulate(in_week[week] for week in range(term.weeks))):
        least, most = even_by(wanted, week, term.weeks)
        off += max(least - done, done - most, 0)
    return off


def plan_of(term: Term, placed: Collection[Placed], bounds: Mapping[Aim, int], seconds: float) -> Plan:
    """The plan that is shown for visits taken. An aim without a bound has the least there is."""
    worth = worth_of(term, placed)
    reached = tuple(Reached(aim, value, min(value, bounds.get(aim, 0))) for aim, value in zip(AIMS, worth, strict=True))
    in_order = sorted(placed, key=lambda one: (one.choice.slot, one.choice.number))
    return Plan(tuple(_visit(term, one) for one in in_order), tuple(_open(term, placed)), reached, seconds)


def _visit(term: Term, placed: Placed) -> Visit:
    choice = placed.choice
    cover = None
    if placed.cover is not None and choice.minutes is not None:
        cover = Cover(choice.slot, choice.observer, placed.cover, choice.minutes)
    before, after = (Talk(slot, slot in term.outside) for slot in (placed.before, placed.after))
    key = term.problem.partnerships[choice.partnership].key
    return Visit(key, choice.observed, choice.observer, choice.lesson, before, after, cover)


def _open(term: Term, placed: Collection[Placed]) -> Iterable[OpenVisit]:
    done = Counter((one.choice.partnership, one.choice.observed) for one in placed)
    full = {(person, one.choice.week) for one in placed for person in (one.choice.observed, one.choice.observer)}
    for index, one in enumerate(term.problem.partnerships):
        for observed, observer, wanted in (
            (one.first, one.second, one.of_first),
            (one.second, one.first, one.of_second),
        ):
            for _number in range(wanted - done[index, observed]):
                yield OpenVisit(one.key, observed, observer, _reason(term, index, observed, full))


def _reason(term: Term, partnership: int, observed: str, full: Collection[tuple[str, int]]) -> Reason:
    past = term.hurdles.get((partnership, observed), Hurdles())
    for number, reason in (
        (past.lessons, Reason.NO_LESSON),
        (past.both_there, Reason.NOT_BOTH),
        (past.coverable, Reason.NO_COVER),
        (past.with_talks, Reason.NO_TALK),
    ):
        if not number:
            return reason
    choices = [one for one in term.of_partnership[partnership] if one.observed == observed]
    if all((one.observed, one.week) in full or (one.observer, one.week) in full for one in choices):
        return Reason.WEEKS_FULL
    return Reason.TAKEN
