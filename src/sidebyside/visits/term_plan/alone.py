"""The best plan of one partnership around what the others have taken, by dynamic programming over the weeks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from sidebyside.visits.term_plan.plan import Placed, Worth, even_by
from sidebyside.visits.term_plan.problem import Partnership, Slot
from sidebyside.visits.term_plan.taken import Taken, place
from sidebyside.visits.term_plan.term import DAYS_AFTER, DAYS_BEFORE, Choice, Term

NOTHING: Worth = (0, 0, 0, 0, 0, 0)
MOST_CHAINS = 2_000  # in one week


class _TooMany(Exception):
    """There is so much free time that not everything can be looked at."""


class _Costly(Protocol):
    @property
    def worth(self) -> Worth: ...

    @property
    def uses(self) -> frozenset[Slot]: ...


_Some = TypeVar("_Some", bound=_Costly)


@dataclass(frozen=True, slots=True)
class _Talk:
    """A slot for a talk. `uses` has it where a visit of another week could want it too."""

    slot: Slot
    worth: Worth
    uses: frozenset[Slot]


@dataclass(frozen=True, slots=True)
class _Way:
    """A visit with its talks; `uses` are those of their slots that a visit of another week could want."""

    worth: Worth
    uses: frozenset[Slot]
    placed: Placed


@dataclass(frozen=True, slots=True)
class _Chain:
    """The visits up to some week, the last first, and what they are worth; `uses` as far as it still matters."""

    worth: Worth
    uses: frozenset[Slot]
    last: Placed | None = None
    before: _Chain | None = None


def best_alone(term: Term, index: int, taken: Taken) -> tuple[list[Placed], Worth]:
    """Good visits of one partnership beside what is taken, and a bound on what any could be worth.

    What counts of a past is how many visits of each direction it has and which slots near the next week its talks
    use. Of pasts (and of visits) that use the same slots or more, only the best is followed: exact, and then the
    visits reach the bound. At first no slot counts as used; only where two visits then want the same one is it done
    again with all of them, up to MOST_CHAINS. In the bound the aim "weeks" has what is added to the squares of all.
    """
    ways = {key: [_without_uses(of_week[0])] for key, of_week in _ways(term, index, taken, nearest=True).items()}
    placed, bound = _best(term, index, ways)
    slots = [slot for one in placed for slot in (one.before, one.after)]
    if len(set(slots)) == len(slots):
        return placed, bound
    try:
        return _best(term, index, _ways(term, index, taken, nearest=False))
    except _TooMany:
        return list(_apart(term, placed, taken)), bound


def _best(term: Term, index: int, ways: dict[tuple[int, str], list[_Way]]) -> tuple[list[Placed], Worth]:
    one = term.problem.partnerships[index]
    chains: dict[tuple[int, int], list[_Chain]] = {(0, 0): [_Chain(NOTHING, frozenset())]}
    for week in range(term.weeks):
        reached: dict[tuple[int, int], list[_Chain]] = {}
        horizon = term.first_day(week + 1) - DAYS_BEFORE
        for counts, of_counts in chains.items():
            for chain in of_counts:
                for counts_then, longer in _longer(one, week, counts, chain, ways):
                    worth = _sum(longer.worth, (0, 0, 0, _off_rhythm(one, sum(counts_then), week, term.weeks), 0, 0))
                    uses = frozenset(slot for slot in longer.uses if slot.day >= horizon)
                    reached.setdefault(counts_then, []).append(replace(longer, worth=worth, uses=uses))
        if sum(len(of_counts) for of_counts in reached.values()) > MOST_CHAINS:
            raise _TooMany
        chains = {counts: _undominated(of_counts) for counts, of_counts in reached.items()}
    ends = [
        (_sum(chain.worth, (one.wanted - sum(counts), 0, 0, 0, 0, 0)), chain)
        for counts, of_counts in chains.items()
        for chain in of_counts
    ]
    worth, best = min(ends, key=lambda end: end[0])
    return list(_placed(best)), worth


def _without_uses(way: _Way) -> _Way:
    return replace(way, uses=frozenset())


def _apart(term: Term, placed: Iterable[Placed], taken: Taken) -> Iterator[Placed]:
    """The same visits with other talks where two wanted the same slot; without those that find none."""
    done = []
    for one in sorted(placed, key=lambda one: one.choice.slot):
        found = place(term, one.choice, taken) if taken.allows(one.choice) else None
        if found is not None:
            taken.add(found)
            done.append(found)
            yield found
    for one in done:
        taken.remove(one)


def _longer(
    one: Partnership,
    week: int,
    counts: tuple[int, int],
    chain: _Chain,
    ways: dict[tuple[int, str], list[_Way]],
) -> Iterator[tuple[tuple[int, int], _Chain]]:
    """The chain with each visit that it could have in a week, and without one."""
    of_first, of_second = counts
    yield counts, replace(chain, last=None, before=chain)
    for counts_then, observed, more in (
        ((of_first + 1, of_second), one.first, of_first < one.of_first),
        ((of_first, of_second + 1), one.second, of_second < one.of_second),
    ):
        for way in ways.get((week, observed), ()) if more else ():
            if chain.uses.isdisjoint(way.uses):
                yield counts_then, _Chain(_sum(chain.worth, way.worth), chain.uses | way.uses, way.placed, chain)


def _off_rhythm(one: Partnership, done: int, week: int, weeks: int) -> int:
    least, most = even_by(one.wanted, week, weeks)
    return max(least - done, done - most, 0)


def _placed(chain: _Chain | None) -> Iterator[Placed]:
    while chain is not None:
        if chain.last is not None:
            yield chain.last
        chain = chain.before


def _ways(term: Term, index: int, taken: Taken, *, nearest: bool) -> dict[tuple[int, str], list[_Way]]:
    """What visits are possible in each week of each of the two, the best first, without those that are dominated.

    `nearest`: each visit only with the best of its talks.
    """
    every: dict[tuple[int, str], list[_Way]] = {}
    for choice in term.of_partnership[index]:
        if not taken.allows(choice):
            continue
        befores = _talks(term, choice, reversed(choice.before), taken)  # of those alike, the last before the visit
        afters = _talks(term, choice, choice.after, taken)
        if nearest:
            befores, afters = befores[:1], afters[:1]
        cover = taken.could_cover(choice.slot)[0] if choice.minutes is not None else None
        base = (0, choice.minutes or 0, 0, 0, 2 * taken.in_week[choice.week] + 1, 0)
        every.setdefault((choice.week, choice.observed), []).extend(
            _Way(
                _sum(base, _sum(before.worth, after.worth)),
                before.uses | after.uses,
                Placed(choice, before.slot, after.slot, cover),
            )
            for before in befores
            for after in afters
        )
    return {key: _undominated(ways) for key, ways in every.items() if ways}


def _talks(term: Term, choice: Choice, window: Iterable[Slot], taken: Taken) -> list[_Talk]:
    first, behind = term.first_day(choice.week), term.first_day(choice.week + 1)
    talks = []
    for slot in window:
        if taken.leaves((choice.observed, choice.observer), slot):
            shared = slot.day < first + DAYS_AFTER or slot.day >= behind - DAYS_BEFORE
            worth = (0, 0, int(slot in term.outside), 0, 0, abs(slot.day - choice.slot.day))
            talks.append(_Talk(slot, worth, frozenset([slot]) if shared else frozenset()))
    return _undominated(talks)


def _undominated(some: Iterable[_Some]) -> list[_Some]:
    """The best, without all that use the slots of a better one or more."""
    kept: list[_Some] = []
    for one in sorted(some, key=lambda one: (one.worth, len(one.uses))):
        if not any(other.uses <= one.uses for other in kept):
            kept.append(one)
    return kept


def _sum(one: Worth, other: Worth) -> Worth:
    return tuple(a + b for a, b in zip(one, other, strict=True))
