"""Times in the names of hours, as real schools write them."""

import pytest

from sidebyside.calendars.timetables.bells import bells


def told(names: list[str]) -> str:
    """The times in short: "-" where there are none."""
    return " ".join(
        "-" if begin is None else f"{begin:%H:%M}" + (f"-{end:%H:%M}" if end else "") for begin, end in bells(names)
    )


@pytest.mark.parametrize(
    ("names", "times"),
    [
        (["1", "2", "Break", "3"], "- - - -"),
        (["7", "8", "9"], "- - -"),
        (["1.", "1.5", "2.5"], "- - -"),
        (["16/02", "99:99", "25:00", "12:345"], "- - - -"),
        (["09:00", "08:00 - 08:10", "x"], "09:00 20:00-20:10 -"),
        (["20:00", "08:00", "09:00"], "- - -"),  # they go back: no bell times
        (["08:00", "08:00", "20:00", "20:00"], "- - - -"),
        (["08:00", "B", "9:55"], "08:00 - 09:55"),
        (["08:00-8:50", "9.00 – 9.50", "Pd3 (11h20-12h00)"], "08:00-08:50 09:00-09:50 11:20-12:00"),
        (["[6]12:25-01:15p", "02:05p", "3:00 pm"], "12:25-13:15 14:05 15:00"),
        (["9:30 AM to 10:15 AM", "12:00 p.m.-1:00 p.m."], "09:30-10:15 12:00-13:00"),
        (["08:30", "12:10", "1:10", "2:00"], "08:30 12:10 13:10 14:00"),
        (["08:15~08:30", "5-11.50"], "08:15-08:30 11:50"),
        (["1ª 08:15 - FP08:15", "2ª 09:15 08:05"], "08:15 09:15"),  # a second time that is no end
        (["23:00-24:00"], "23:00"),
        ([], ""),
    ],
)
def test_times_in_names(names: list[str], times: str) -> None:
    assert told(names) == times
