"""Five real schools as plain sheets: read through the front, their days known, their clashes counted."""

from pathlib import Path

import pytest

from sidebyside.calendars.timetables.clashes import Kind, clashes
from sidebyside.calendars.timetables.reading import read
from sidebyside.calendars.timetables.weekdays import guess_weekdays

REAL = Path(__file__).parents[3].parent / "shared" / "data" / "timetables"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/timetables is not here")


@pytest.mark.parametrize(
    ("name", "rows", "weekdays", "in_two_places"),
    [
        ("BR-SA-00", 150, (0, 1, 2, 3, 4), 0),
        ("DK-FG-12", 1077, None, 0),  # its days are called D1, D2 ...
        ("ES-SS-08", 439, (0, 1, 2, 3, 4), 3),  # two groups share a sports ground
        ("FI-PB-98", 854, (0, 1, 2, 3, 4), 0),
        ("GR-PA-08", 262, (0, 1, 2, 3, 4), 0),
    ],
)
def test_a_real_sheet(name: str, rows: int, weekdays: tuple[int, ...] | None, in_two_places: int) -> None:
    path = REAL / f"{name}.csv"
    found = read([(path.name, path.read_bytes())])
    assert len(found.rows) == rows
    assert guess_weekdays(found.days) == weekdays
    told = clashes(found)
    assert len(told) == in_two_places
    assert {clash.kind for clash in told} <= {Kind.ROOM}
