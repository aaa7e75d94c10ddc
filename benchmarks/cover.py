"""Cover proved best, against a simple rule: `python -m benchmarks.cover [FOLDER]`.

The simple rule walks through the lessons in the order of the day and takes the free colleague with the fewest covers
so far, the first by name among equals. Both get the same problems in the same run: schools made from a fixed seed,
or in FOLDER the timetables and the cases of an expected_cover.csv. Seconds are of the processor, with all that is
built for the solver. docs/performance.md has the figures.
"""

import argparse
import csv
import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from sidebyside.calendars.timetables.plain import read_timetable
from sidebyside.calendars.timetables.records import Timetable, TimetableRow
from sidebyside.cover.assignment import Problem, Solution, assign, problem_of_day

USUAL, LONGEST = 0.2, 2.0  # seconds: nine of ten problems, and every one
LIMITS = (1, 2, None)  # covers for each colleague
SLOTS = 8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="timetables and expected_cover.csv")
    parser.add_argument("--check", action="store_true", help="fail when a figure is beyond its limit")
    options = parser.parse_args()
    kept = True
    print(f"{'school':>12} {'most':>5} {'problems':>8} {'lessons':>8} {'proved':>8} {'simple':>8}", end=" ")
    print(f"{'median s':>9} {'9 of 10 s':>9} {'longest s':>9} {'simple s':>9}")
    for name, problems in of_folder(options.folder) if options.folder else made():
        for most, of_limit in problems.items():
            kept &= measure(name, most, of_limit)
    return 0 if kept or not options.check else 1


def measure(name: str, most: int | None, problems: list[Problem]) -> bool:
    """Print one line of figures; whether the limits of time hold and no problem went worse than the simple rule."""
    solutions: list[Solution] = []
    simple: list[int] = []
    seconds: list[float] = []
    simple_seconds: list[float] = []
    for problem in problems:
        began = time.process_time()
        solutions.append(assign(problem))
        between = time.process_time()
        simple.append(simple_rule(problem))
        seconds.append(between - began)
        simple_seconds.append(time.process_time() - between)
    seconds.sort()
    nine_of_ten = seconds[max(0, -(-len(seconds) * 9 // 10) - 1)]
    covered = sum(len(solution.covers) for solution in solutions)
    print(f"{name:>12} {most or 'any':>5} {len(problems):>8} {sum(len(p.lessons) for p in problems):>8}", end=" ")
    print(f"{covered:>8} {sum(simple):>8} {statistics.median(seconds):>9.4f} {nine_of_ten:>9.4f}", end=" ")
    print(f"{seconds[-1]:>9.4f} {statistics.median(simple_seconds):>9.4f}")
    never_worse = all(len(s.covers) >= number for s, number in zip(solutions, simple, strict=True))
    return nine_of_ten <= USUAL and seconds[-1] <= LONGEST and never_worse and all(s.proved for s in solutions)


def simple_rule(problem: Problem) -> int:
    """How many lessons are covered by taking, lesson after lesson, whoever has the fewest covers."""
    covers = {colleague.name: 0 for colleague in problem.colleagues}
    taken: set[tuple[str, str]] = set()
    for lesson in problem.lessons:
        able = [
            (colleague.covers_so_far + covers[colleague.name], colleague.name)
            for colleague in problem.colleagues
            if lesson.slot in colleague.free
            and (lesson.slot, colleague.name) not in taken
            and (colleague.most is None or covers[colleague.name] < colleague.most)
        ]
        if able:
            _number, name = min(able)
            covers[name] += 1
            taken.add((lesson.slot, name))
    return len(taken)


def of_folder(folder: Path) -> Iterator[tuple[str, dict[int | None, list[Problem]]]]:
    """Each school of a folder with its problems, by limit."""
    with (folder / "expected_cover.csv").open(encoding="utf-8", newline="") as stream:
        cases = list(csv.DictReader(stream))
    for name in dict.fromkeys(case["school"] for case in cases):
        timetable = read_timetable(folder / f"{name}.csv")
        yield (
            name,
            {
                most: [
                    problem_of_day(timetable, day=case["day"], absent=case["absent"].split("|"), most=most)
                    for case in cases
                    if case["school"] == name
                ]
                for most in LIMITS
            },
        )


def made() -> Iterator[tuple[str, dict[int | None, list[Problem]]]]:
    """Schools of a fixed seed with little time to spare, by limit: a tenth and a fifth of the teachers are away."""
    for teachers in (20, 80, 300):
        chance = random.Random(teachers)
        problems: dict[int | None, list[Problem]] = {}
        for _day in range(10):
            timetable = a_day(teachers, chance)
            for share in (10, 5):
                absent = chance.sample(sorted(timetable.teachers), teachers // share)
                for most in LIMITS:
                    problems.setdefault(most, []).append(problem_of_day(timetable, day="day", absent=absent, most=most))
        yield f"{teachers} made", problems


def a_day(teachers: int, chance: random.Random) -> Timetable:
    """A day on which everybody teaches in five to eight of eight slots, half of them one of three classes."""
    rows = []
    for teacher in range(teachers):
        for slot in chance.sample(range(SLOTS), chance.choice((5, 6, 7, 7, 8))):
            group = f"class {(teacher // 2 + chance.randrange(3)) % max(1, teachers // 2)}"
            name = f"teacher {teacher:03}"
            rows.append(TimetableRow("day", f"slot {slot}", slot, f"{name} {slot}", (name,), (group,), (), 0))
    return Timetable(tuple(rows))


if __name__ == "__main__":
    sys.exit(main())
