"""Outside calendars read as busy times: `python -m benchmarks.calendars`.

Each calendar is read as a person's would be: in a process of its own, over the window of 230 days. Seconds are by the
clock, start of the process included, the median of three; memory is the most that any of these processes took so far.
docs/performance.md has the figures.
"""

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sidebyside.calendars.lines import CalendarRefused
from sidebyside.calendars.reading import window
from sidebyside.calendars.reading_apart import read_apart

LONGEST = 5.0  # seconds for 10,000 events, one by one or in series
FIRST = datetime(2026, 8, 1, 8)  # noqa: DTZ001  (written with a zone of its own)
ZONE = "Europe/Berlin"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a figure is beyond its limit")
    options = parser.parse_args()
    kept = True
    print(f"{'calendar':>24} {'MB':>6} {'events':>7} {'busy':>7} {'seconds':>8} {'MB used':>8}")
    for name, text, limited in made():
        seconds = measure(name, f"BEGIN:VCALENDAR\r\n{text}END:VCALENDAR\r\n".encode())
        kept &= not limited or seconds <= LONGEST
    return 0 if kept or not options.check else 1


def measure(name: str, data: bytes) -> float:
    """Print one line of figures; the seconds."""
    begin, end = window(FIRST.replace(tzinfo=UTC) + timedelta(days=120))
    taken, said = [], ""
    for _round in range(3):
        began = time.monotonic()
        try:
            found = read_apart(data, begin=begin, end=end, zone=ZoneInfo(ZONE))
            said = f"{found.events:>7} {len(found.busy):>7}"
        except CalendarRefused:
            said = f"{'refused':>15}"
        taken.append(time.monotonic() - began)
    seconds = statistics.median(taken)
    print(f"{name:>24} {len(data) / 1024**2:>6.1f} {said} {seconds:>8.2f} {most_memory():>8.0f}")
    return seconds


def most_memory() -> float:
    """The most memory that a process started from here took, in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def made() -> list[tuple[str, str, bool]]:
    """Calendars by name, and whether a limit is set for them."""
    single = "".join(event(n, FIRST + timedelta(minutes=45 * n)) for n in range(10_000))
    weekly = "".join(
        event(n, FIRST + timedelta(minutes=30 * n), f"RRULE:FREQ=WEEKLY;COUNT={1 + n % 3}") for n in range(10_000)
    )
    dates = [f"{FIRST + timedelta(minutes=n):%Y%m%dT%H%M%S}" for n in range(480_000)]
    rows = [",".join(dates[at : at + 1000]) for at in range(0, len(dates), 1000)]
    listed = event(0, FIRST, *(f"RDATE;TZID={ZONE}:{row}" for row in rows))
    never = "".join(event(n, FIRST, "RRULE:FREQ=DAILY;BYYEARDAY=366;BYMONTH=1") for n in range(100))
    return [
        ("10,000 events", single, True),
        ("10,000 series", weekly, True),
        ("480,000 listed times", listed, False),
        ("100 rules without a day", never, False),
    ]


def event(number: int, begin: datetime, *lines: str) -> str:
    """An event of 40 minutes, with the texts that calendars have."""
    return "\r\n".join(
        [
            "BEGIN:VEVENT",
            f"UID:{number}@calendar.example",
            f"DTSTART;TZID={ZONE}:{begin:%Y%m%dT%H%M%S}",
            "DURATION:PT40M",
            "SUMMARY:Class 7 in room 12",
            f"DESCRIPTION:{'What we talked about last week. ' * 3}",
            *lines,
            "END:VEVENT\r\n",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
