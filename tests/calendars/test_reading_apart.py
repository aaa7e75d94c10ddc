"""Reading in a process of its own: the same answer, and an end in time."""

import logging
import time
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sidebyside.calendars.lines import CalendarRefused
from sidebyside.calendars.reading import from_events, read, window
from sidebyside.calendars.reading_apart import environment, packed, read_apart, unpacked

BERLIN = ZoneInfo("Europe/Berlin")
YEAR = {"begin": datetime(2026, 1, 1, tzinfo=UTC), "end": datetime(2027, 1, 1, tzinfo=UTC), "zone": BERLIN}
EVENT = "BEGIN:VEVENT\nUID:%s\nDTSTART:20000101T090000\nDURATION:PT1H\nRRULE:%s\nEND:VEVENT\n"


def calendar(*events: str) -> bytes:
    return ("BEGIN:VCALENDAR\n" + "".join(events) + "END:VCALENDAR\n").encode()


def test_rules_that_are_looked_for_up_to_the_year_9999_are_left_in_time():
    odd = calendar(*(EVENT % (number, "FREQ=DAILY;BYYEARDAY=366;BYMONTH=1") for number in range(50)))
    begun = time.monotonic()
    with pytest.raises(CalendarRefused, match="too long to read") as caught:
        read_apart(odd, **YEAR, within=0.3)
    assert time.monotonic() - begun < 1  # before the limit of its processor time, a whole second, ends it
    assert caught.value.__context__ is None


def test_a_file_that_needs_more_memory_is_refused_and_its_text_is_not_shown(caplog):
    caplog.set_level(logging.DEBUG)
    large = calendar(*["SUMMARY:secret " + "a" * 1_000_000 + "\n"] * 6)
    with pytest.raises(CalendarRefused, match="could not be read") as caught:
        read_apart(large, **YEAR, memory=30 * 1024**2)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "secret" not in caplog.text + repr(caught.value)


def test_memory_that_runs_out_is_no_event_that_is_left_out():
    class Full(list):
        def __len__(self) -> int:
            raise MemoryError

    with pytest.raises(MemoryError):
        list(from_events({"one": Full()}, **YEAR, counts=Counter()))


def test_it_says_what_reading_here_says():
    body = calendar(
        EVENT % ("a", "FREQ=WEEKLY;COUNT=1400"),
        EVENT % ("b", "FREQ=SECONDLY"),
        "BEGIN:VEVENT\nUID:c\nDTSTART;VALUE=DATE:20260301\nEND:VEVENT\n",
    )
    here = read(body, **YEAR)
    assert read_apart(body, **YEAR) == here
    assert (len(here.busy), here.events, len(here.faults)) == (44, 3, 1)
    assert unpacked(packed(here)) == here


def test_a_refusal_comes_across_with_its_values():
    zone = "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nTZOFFSETFROM:+9900\nEND:STANDARD\nEND:VTIMEZONE\n"
    for body in (b"<html>", calendar(zone)):
        with pytest.raises(CalendarRefused) as here:
            read(body, **YEAR)
        with pytest.raises(CalendarRefused) as there:
            read_apart(body, **YEAR)
        assert (there.value.sentence, there.value.values) == (here.value.sentence, here.value.values)


def test_a_window_that_is_none_is_our_own_fault():
    with pytest.raises(ValueError, match="window"):
        read_apart(b"", begin=YEAR["end"], end=YEAR["begin"], zone=BERLIN)
    begin, end = window(YEAR["begin"])
    assert [f"{begin:%F}", f"{end:%F}"] == ["2025-12-02", "2026-07-20"]


def test_the_other_process_gets_no_settings():
    got = environment({"SIDEBYSIDE_KEY": "secret", "PYTHONTZPATH": "/zones", "PATH": "/bin", "LD_PRELOAD": "x"})
    assert sorted(got) == ["PYTHONPATH", "PYTHONTZPATH"]
    assert "" not in got["PYTHONPATH"].split(":")
