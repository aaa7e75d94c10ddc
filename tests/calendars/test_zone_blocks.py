"""The descriptions of time zones, against the time zone database itself."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sidebyside.calendars import lines
from sidebyside.calendars.zone_blocks import block
from sidebyside.calendars.zones import described

# With and without summer time, with rules of every kind: the last Sunday, the second, the Sunday from the 2nd, the
# Friday before the last Sunday, the day after the last Thursday, by the moon; half an hour; behind a name of long ago.
ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/New_York",
    "America/Santiago",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Lisbon",
    "GB",
    "Pacific/Apia",
    "Pacific/Kiritimati",
]


@pytest.mark.parametrize("name", ["Nowhere/Land", "", "../etc/passwd", "Europe/Lisbon\r\nX:1", "/etc/localtime"])
def test_zones_that_are_none_are_refused(name):
    with pytest.raises(ValueError):
        block(name, 2026, 2026)


@pytest.mark.parametrize("name", ZONES)
def test_a_block_says_what_the_database_says(name):
    text = block(name, 2026, 2028).to_ical()
    read = described(lines.components(b"BEGIN:VCALENDAR\r\n" + text + b"END:VCALENDAR\r\n")[0].parts[0])
    zone = ZoneInfo(name)
    for year in (2026, 2028):
        for hours in range(0, 365 * 24, 61):
            moment = datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
            there = moment.astimezone(zone)
            assert there.replace(tzinfo=read).utcoffset() == there.utcoffset(), there


def test_a_change_is_counted_by_the_clock_that_ends():
    # An hour of this fault moves what lies in the first hour of summer time (RFC 5545, 3.6.5).
    lisbon, new_york = (block(name, 2026, 2026).to_ical().decode() for name in ("Europe/Lisbon", "America/New_York"))
    assert "BEGIN:DAYLIGHT\r\nDTSTART:20250330T010000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n" in lisbon
    assert "BEGIN:STANDARD\r\nDTSTART:20251026T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n" in lisbon
    assert "BEGIN:DAYLIGHT\r\nDTSTART:20250309T020000\r\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n" in new_york


def test_no_rule_is_claimed_for_what_follows_none():
    cairo = block("Africa/Cairo", 2026, 2026).to_ical().decode().replace("\r\n ", "")
    autumn = cairo[cairo.index("BEGIN:STANDARD") :]
    assert "RRULE" not in autumn
    assert autumn.count("T000000") == 30  # as many autumns as spring's rule was looked at


def test_a_zone_without_summer_time_is_one_line_of_its_own():
    text = block("Asia/Kathmandu", 2026, 2030).to_ical().decode()
    assert text.count("BEGIN:STANDARD") == 1
    assert "TZOFFSETFROM:+0545\r\nTZOFFSETTO:+0545" in text
    assert "DAYLIGHT" not in text


def test_blocks_stay_small_and_years_far_off_are_bounded():
    assert max(len(block(name, 2026, 2026).to_ical()) for name in ZONES) < 2500
    assert block("Europe/Lisbon", 9999, 9999).to_ical()
