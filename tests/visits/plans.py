"""A judge of plans that knows the rules but nothing of the program, and every plan there is for a small term."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import ceil, floor

from sidebyside.visits.term_plan import Lesson, Partnership, Plan, Problem, Slot, greedy, propose


def teaches(problem: Problem, person: str, slot: Slot) -> list[Lesson]:
    return [lesson for lesson in problem.lessons if lesson.slot == slot and person in lesson.teachers]


def engaged(problem: Problem, person: str, slot: Slot) -> bool:
    return slot in problem.engaged.get(person, ())


def is_free(problem: Problem, person: str, slot: Slot) -> bool:
    kept = slot in problem.kept.get(person, ())
    return not teaches(problem, person, slot) and not engaged(problem, person, slot) and not kept


def unstaffed(problem: Problem, observed: str, observer: str, slot: Slot) -> list[Lesson]:
    """The observer's lessons in which no second teacher stays."""
    return [
        lesson
        for lesson in teaches(problem, observer, slot)
        if not problem.second_stays
        or not [one for one in lesson.teachers - {observed, observer} if not engaged(problem, one, slot)]
    ]


def faults(problem: Problem, plan: Plan) -> list[str]:
    """Every rule that a plan breaks."""
    found = []
    by_key = {one.key: one for one in problem.partnerships}
    at: Counter = Counter()
    in_week: Counter = Counter()
    covers: Counter = Counter()
    left: Counter = Counter()
    done: Counter = Counter()
    for visit in plan.visits:
        one, slot = by_key[visit.partnership], visit.lesson.slot
        pair = {visit.observed, visit.observer}
        week = problem.weeks[slot.day]
        done[visit.partnership, visit.observed] += 1
        for person in pair:
            in_week[person, week] += 1
            for when in (slot, visit.before.slot, visit.after.slot):
                at[person, when] += 1
                if engaged(problem, person, when):
                    found.append(f"{person} is engaged at {when}")
        if pair != set(one.people):
            found.append("the wrong two")
        if visit.lesson not in problem.lessons or visit.observed not in visit.lesson.teachers:
            found.append("not a lesson of the one who is visited")
        if visit.observer in visit.lesson.teachers:
            found.append("who sees teaches it too")
        own = teaches(problem, visit.observer, slot)
        if not own and not is_free(problem, visit.observer, slot):
            found.append("a kept time is used for a visit")
        alone = unstaffed(problem, visit.observed, visit.observer, slot)
        if bool(alone) != (visit.cover is not None):
            found.append("cover where none is needed, or none where it is")
        if not alone:
            left.update(lesson.key + str(slot) for lesson in own)
        if visit.cover is not None:
            at[visit.cover.cover, slot] += 1
            covers[visit.cover.cover, week] += 1
            able = {c.name for c in problem.colleagues if slot in c.free}
            if visit.cover.cover not in able or not is_free(problem, visit.cover.cover, slot):
                found.append("a cover who is not free")
            if (visit.cover.absent, visit.cover.minutes, visit.cover.slot) != (visit.observer, slot.minutes, slot):
                found.append("a cover for something else")
        for talk in (visit.before, visit.after):
            if not all(is_free(problem, person, talk.slot) for person in pair):
                found.append("a talk at a time that is not free")
            if talk.slot not in (problem.outside if talk.outside else problem.slots):
                found.append("a talk at no time")
        early, late = visit.before.slot, visit.after.slot
        when = (slot.day, slot.position)
        if not (early.day, early.position) < when < (late.day, late.position):
            found.append("the talk before is not before, or that after not after")
        if slot.day - early.day > 2 or late.day - slot.day > 3:
            found.append("a talk is too far away")
    limits = {colleague.name: colleague.most_a_week for colleague in problem.colleagues}
    found += [f"{who} is in two places" for (who, _slot), times in at.items() if times > 1]
    found += [f"{who} has two visits in a week" for (who, _week), times in in_week.items() if times > 1]
    for (who, _week), times in covers.items():
        most = limits[who]
        if most is not None and times > most:
            found.append(f"{who} covers too often")
    found += ["two leave one lesson" for times in left.values() if times > 1]
    still_open = Counter((visit.partnership, visit.observed) for visit in plan.open)
    for one in problem.partnerships:
        for person, wanted in ((one.first, one.of_first), (one.second, one.of_second)):
            if done[one.key, person] + still_open[one.key, person] != wanted:
                found.append("visits lost")
    return found


def worth(problem: Problem, visits: list[tuple[int, Slot, Slot, Slot, int]]) -> tuple[int, ...]:
    """What visits are worth: each its partnership's place, its slot, the slots of its talks, the minutes of cover."""
    weeks = sorted({problem.weeks[slot.day] for slot in problem.slots})
    off = 0
    for index, one in enumerate(problem.partnerships):
        wanted = one.of_first + one.of_second
        for number, week in enumerate(weeks, 1):
            done = sum(at == index and problem.weeks[slot.day] <= week for at, slot, *_rest in visits)
            ideal = Fraction(wanted * number, len(weeks))
            off += max(0, floor(ideal) - done, done - ceil(ideal))
    in_week = Counter(problem.weeks[slot.day] for _at, slot, *_rest in visits)
    talks = [(slot, talk) for _at, slot, before, after, _minutes in visits for talk in (before, after)]
    return (
        sum(one.of_first + one.of_second for one in problem.partnerships) - len(visits),
        sum(minutes for *_rest, minutes in visits),
        sum(talk in problem.outside for _slot, talk in talks),
        off,
        sum(number**2 for number in in_week.values()),
        sum(abs(slot.day - talk.day) for slot, talk in talks),
    )


def worth_of(problem: Problem, plan: Plan) -> tuple[int, ...]:
    """The same for a plan."""
    places = {one.key: index for index, one in enumerate(problem.partnerships)}
    return worth(
        problem,
        [
            (
                places[visit.partnership],
                visit.lesson.slot,
                visit.before.slot,
                visit.after.slot,
                visit.cover.minutes if visit.cover else 0,
            )
            for visit in plan.visits
        ],
    )


def best_worth(problem: Problem) -> tuple[int, ...]:
    """What the best of all plans is worth, by trying all."""
    wanted = [
        (index, observed, observer)
        for index, one in enumerate(problem.partnerships)
        for observed, observer, number in (
            (one.first, one.second, one.of_first),
            (one.second, one.first, one.of_second),
        )
        for _visit in range(number)
    ]
    return min(worth(problem, visits) for visits in _plans(problem, wanted, frozenset(), ()))


def _plans(problem: Problem, wanted: list, taken: frozenset, covers: tuple) -> Iterator[list]:
    """Every way to place the wanted visits. `taken`: who is where, who has a visit in which week, what was left."""
    if not wanted:
        yield []
        return
    (index, observed, observer), *rest = wanted
    yield from _plans(problem, rest, taken, covers)
    for visit, takes, cover in _visits(problem, problem.partnerships[index], index, observed, observer):
        if not taken.isdisjoint(takes):
            continue
        if cover:
            most = next(c.most_a_week for c in problem.colleagues if c.name == cover[0])
            if most is not None and covers.count(cover) >= most:
                continue
        for others in _plans(problem, rest, taken | takes, (*covers, cover)):
            yield [visit, *others]


def _visits(problem: Problem, one: Partnership, index: int, observed: str, observer: str) -> Iterator[tuple]:
    times = [*problem.slots, *problem.outside]
    for lesson in problem.lessons:
        slot = lesson.slot
        own = teaches(problem, observer, slot)
        if observed not in lesson.teachers or observer in lesson.teachers:
            continue
        if any(engaged(problem, person, slot) for person in (observed, observer)):
            continue
        if not own and not is_free(problem, observer, slot):
            continue
        alone = unstaffed(problem, observed, observer, slot)
        able = [c.name for c in problem.colleagues if slot in c.free and is_free(problem, c.name, slot)]
        week = problem.weeks[slot.day]
        common = [when for when in times if all(is_free(problem, person, when) for person in (observed, observer))]
        before = [t for t in common if slot.day - 2 <= t.day and (t.day, t.position) < (slot.day, slot.position)]
        after = [t for t in common if t.day <= slot.day + 3 and (t.day, t.position) > (slot.day, slot.position)]
        for early, late, name in product(before, after, able if alone else [None]):
            takes = {(person, when) for person in (observed, observer) for when in (slot, early, late)}
            takes |= {(person, "week", week) for person in (observed, observer)}
            takes |= {("left", one.key, slot) for one in own} if not alone else {(name, slot)}
            visit = (index, slot, early, late, slot.minutes if alone else 0)
            yield visit, frozenset(takes), (name, week) if name else None


def sound(problem: Problem) -> Plan:
    """The plan, after every rule has been looked at, and its worth."""
    plan = propose(problem)
    for one in (plan, greedy(problem), greedy(problem, careful=True)):
        assert faults(problem, one) == []
        assert one.worth == worth_of(problem, one)
        assert plan.worth <= one.worth
    assert all(0 <= reached.bound <= reached.value for reached in plan.reached)
    assert plan.proved == (plan.gap == 0)
    return plan
