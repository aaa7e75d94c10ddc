"""A term made from a school's timetable with a fixed seed, for `benchmarks.term_plan` and the tests."""

import random
from collections.abc import Mapping

from sidebyside.calendars.timetables.records import Timetable
from sidebyside.visits.term_plan import Colleague, Lesson, Partnership, Problem, Slot

MINUTES = 45
TALK_MINUTES = 20
AFTER_SCHOOL = 1_000  # a place in the day behind every lesson


def term_of(
    timetable: Timetable,
    *,
    weeks: int = 12,
    pairs: int = 25,
    spare: int = 2,
    most_a_week: int | None = 2,
    part_time: bool = False,
    seed: int = 2004,
) -> Problem:
    """A term of so many weeks in which the timetable repeats, with two days without school in its middle.

    Pairs are drawn by lot, as many as asked for or as there are teachers for. Everybody keeps her free periods for
    herself, the same each week, but for `spare` of them drawn by lot. `part_time`: who teaches nothing on a
    day is not there. Whoever teaches and goes visiting needs cover, also where the timetable names a second teacher.
    Every day has one slot after the lessons for talks. Everybody may cover.
    """
    chance = random.Random(seed)
    days = timetable.days
    dates = [(week, day) for week in range(weeks) for day in days]
    for missing in ((weeks // 2, days[0]), (weeks // 2, days[-1])):
        dates.remove(missing)
    places = {(row.day, row.slot): row.position for row in timetable.rows}
    teaches = {
        teacher: {(row.day, row.slot) for row in timetable.rows if teacher in row.teachers}
        for teacher in sorted(timetable.teachers)
    }
    kept: dict[str, set[tuple[str, str]]] = {}
    for teacher, lessons in teaches.items():
        there = {day for day, _slot in lessons} if part_time else set(days)
        free = sorted(place for place in places if place[0] in there and place not in lessons)
        kept[teacher] = set(free) - set(chance.sample(free, min(spare, len(free))))
    names = list(teaches)
    chance.shuffle(names)

    slots = [
        (Slot(number, position, MINUTES), (day, slot))
        for number, (_week, day) in enumerate(dates)
        for (of_day, slot), position in places.items()
        if of_day == day
    ]
    outside = [(Slot(number, AFTER_SCHOOL, TALK_MINUTES), day) for number, (_week, day) in enumerate(dates)]

    def of_places(which: Mapping[str, set[tuple[str, str]]]) -> dict[str, frozenset[Slot]]:
        return {name: frozenset(slot for slot, place in slots if place in which[name]) for name in which}

    absent = {
        name: frozenset(
            [slot for slot, (day, _slot) in slots if all(day != of for of, _place in lessons)]
            + [slot for slot, day in outside if all(day != of for of, _place in lessons)]
        )
        for name, lessons in teaches.items()
        if part_time
    }
    return Problem(
        weeks={number: week for number, (week, _day) in enumerate(dates)},
        slots=tuple(slot for slot, _place in slots),
        lessons=tuple(
            Lesson(slot, row.event, frozenset(row.teachers), frozenset(row.classes))
            for slot, place in slots
            for row in timetable.rows
            if (row.day, row.slot) == place
        ),
        partnerships=tuple(
            Partnership(f"{names[2 * number]} and {names[2 * number + 1]}", names[2 * number], names[2 * number + 1])
            for number in range(min(pairs, len(names) // 2))
        ),
        colleagues=tuple(Colleague(name, frozenset(slot for slot, _place in slots), most_a_week) for name in names),
        outside=tuple(slot for slot, _day in outside),
        engaged=absent,
        kept=of_places(kept),
        second_stays=False,
    )
