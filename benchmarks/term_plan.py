"""A term's visits proposed, against two greedy plans: `python -m benchmarks.term_plan [FOLDER]`.

A term of 12 weeks for each school: BR-SA-00, FI-PB-98 and ES-SS-08 where FOLDER has their timetables, else schools
made from a fixed seed. `benchmarks.terms` makes the terms. Everybody keeps her free periods for herself but for as
many as still leave a fifth of the visits of the best plan in need of cover (`--spare` says otherwise). "first fit"
places visit after visit in the first week that is possible; "careful" looks for the least cover of the whole term,
then for an even rhythm. Numbers of the aims: less is better, and one counts only where those before it are equal.
docs/performance.md has the figures.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.terms import term_of
from sidebyside.calendars.timetables.plain import read_timetable
from sidebyside.calendars.timetables.records import Timetable, TimetableRow
from sidebyside.visits.term_plan import Aim, Plan, Problem, greedy, propose

LONGEST = 20.0  # seconds of the clock
LARGEST_GAP = 0.02
SHARE = 5  # the best plan needs cover for at least every fifth visit
SCHOOLS = ("BR-SA-00", "FI-PB-98", "ES-SS-08")
PAIRS = 25


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="timetables")
    parser.add_argument("--spare", type=int, help="free periods a week that nobody keeps")
    parser.add_argument("--seed", type=int, default=2004, help="of pairs and of free periods")
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--most-a-week", type=int, default=2, help="covers for each colleague")
    parser.add_argument("--check", action="store_true", help="fail when a figure is beyond its limit")
    options = parser.parse_args()
    kept = True
    print(f"{'school':>9} {'spare':>5} {'pairs':>5} {'visits':>6} {'covers':>6} {'plan':>10}", end=" ")
    print(*(f"{aim.value:>8}" for aim in Aim), f"{'gap':>7} {'wall s':>7} {'cpu s':>7}")
    for name, timetable in of_folder(options.folder) if options.folder else made():
        spares = (6, 5, 4, 3, 2, 1) if options.spare is None else (options.spare,)
        for spare in spares:
            problem = term_of(
                timetable,
                pairs=PAIRS,
                spare=spare,
                weeks=options.weeks,
                most_a_week=options.most_a_week,
                seed=options.seed,
            )
            careful = greedy(problem, careful=True)
            if SHARE * len(careful.covers) < len(careful.visits) and spare != spares[-1]:
                continue  # the best plan needs no more cover than this one
            began = time.process_time()
            plan = propose(problem)
            seconds = time.process_time() - began
            if SHARE * len(plan.covers) >= len(plan.visits) or spare == spares[-1]:
                break
        kept &= measure(name, spare, problem, plan, seconds)
    return 0 if kept or not options.check else 1


def measure(name: str, spare: int, problem: Problem, plan: Plan, seconds: float) -> bool:
    """Print the lines of one school; whether it keeps its limits."""
    first, careful = greedy(problem), greedy(problem, careful=True)
    for kind, one in (("first fit", first), ("careful", careful), ("proposed", plan)):
        print(f"{name:>9} {spare:>5} {len(problem.partnerships):>5}", end=" ")
        print(f"{len(one.visits):>6} {len(one.covers):>6} {kind:>10}", *(f"{value:>8}" for value in one.worth), end=" ")
        gap = "" if one is not plan else "proved" if plan.proved else f"{plan.gap:.1%}"
        print(f"{gap:>7} {one.seconds:>7.2f}", f"{seconds:>7.2f}" if one is plan else "")
    never_worse = plan.worth <= min(first.worth, careful.worth)
    needs_cover = SHARE * len(plan.covers) >= len(plan.visits)
    return plan.gap <= LARGEST_GAP and plan.seconds <= LONGEST and never_worse and needs_cover


def of_folder(folder: Path) -> Iterator[tuple[str, Timetable]]:
    """The three schools."""
    for name in SCHOOLS:
        yield name, read_timetable(folder / f"{name}.csv")


def made() -> Iterator[tuple[str, Timetable]]:
    """Schools of a fixed seed: five days of seven slots, everybody teaches in 18 to 26 of them."""
    for teachers in (16, 50, 120):
        chance = random.Random(teachers)
        rows = []
        slots = [(day, position) for day in range(5) for position in range(7)]
        for teacher in range(teachers):
            name = f"teacher {teacher:03}"
            for day, position in sorted(chance.sample(slots, chance.randrange(18, 27))):
                event, group = f"{name} {day} {position}", f"class {chance.randrange(teachers // 2)}"
                rows.append(TimetableRow(f"day {day}", f"{position}", position, event, (name,), (group,), (), 0))
        yield f"{teachers} made", Timetable(tuple(rows), tuple(f"day {day}" for day in range(5)))


if __name__ == "__main__":
    sys.exit(main())
