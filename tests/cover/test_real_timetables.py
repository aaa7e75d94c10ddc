"""Five real schools: every case of expected_cover.csv reaches the maximum that is known to be the best."""

import csv
from functools import cache
from pathlib import Path

import pytest

from sidebyside.calendars.timetables.plain import read_timetable
from sidebyside.calendars.timetables.records import Timetable
from sidebyside.cover.assignment import Reason, assign, problem_of_day

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "timetables"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/timetables is not here")
LIMITS = {"max_cover_1_per_sub": 1, "max_cover_2_per_sub": 2, "max_cover_no_limit": None}
USUAL, LONGEST = 0.2, 2.0  # seconds: nine of ten, and every one


@cache
def school(name: str) -> Timetable:
    return read_timetable(REAL / f"{name}.csv")


def cases() -> list[dict[str, str]]:
    with (REAL / "expected_cover.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("column", LIMITS)
@pytest.mark.parametrize("name", ["BR-SA-00", "DK-FG-12", "ES-SS-08", "FI-PB-98", "GR-PA-08"])
def test_every_case_reaches_the_proved_maximum(name: str, column: str) -> None:
    of_school = [case for case in cases() if case["school"] == name]
    assert of_school
    seconds = []
    for case in of_school:
        absent = case["absent"].split("|")
        problem = problem_of_day(school(name), day=case["day"], absent=absent, most=LIMITS[column])
        solution = assign(problem)
        assert len(problem.lessons) == int(case["lessons_to_cover"]), case
        assert len(solution.covers) == int(case[column]), case
        assert solution.proved
        seconds.append(solution.seconds)
        assert len(solution.covers) + len(solution.open) == len(problem.lessons)
        taken = [(cover.lesson.slot, cover.cover) for cover in solution.covers]
        assert len(set(taken)) == len(taken)
        busy = {(row.slot, teacher) for row in school(name).on(case["day"]) for teacher in row.teachers}
        assert busy.isdisjoint(taken)
        assert not set(absent) & {cover.cover for cover in solution.covers}
        if LIMITS[column] is None:
            assert Reason.AT_LIMIT not in {still.reason for still in solution.open}
        assert assign(problem) == solution
    assert sorted(seconds)[len(seconds) * 9 // 10] < USUAL
    assert max(seconds) < LONGEST
