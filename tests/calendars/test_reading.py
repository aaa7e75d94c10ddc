"""Busy times from calendar files, sound and broken."""

import contextlib
import csv
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidebyside.calendars.lines import LARGEST, CalendarRefused
from sidebyside.calendars.reading import MOST_EVENTS, MOST_TIMES, Reading, read

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "calendars"
real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/calendars is not here")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK_OF_ITS_OWN = """BEGIN:VTIMEZONE\nTZID:Custom\nBEGIN:STANDARD\nDTSTART:19701101T020000
TZOFFSETFROM:%s\nTZOFFSETTO:%s\nEND:STANDARD\nEND:VTIMEZONE\n"""


def reading(body: str | bytes) -> Reading:
    data = body if isinstance(body, bytes) else f"BEGIN:VCALENDAR\n{body}\nEND:VCALENDAR\n".encode()
    return read(data, begin=datetime(2026, 1, 1, tzinfo=UTC), end=datetime(2027, 1, 1, tzinfo=UTC), zone=BERLIN)


def event(*lines: str, uid: str = "one") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT\n"])


def times(*lines: str) -> list[str]:
    return spans(reading(event(*lines)))


def spans(found: Reading) -> list[str]:
    return [f"{one.begin:%m-%d %H:%M} {one.end:%m-%d %H:%M}" for one in found.busy]


@real
def test_real_files_are_read_or_refused_as_their_index_says():
    rows = list(csv.DictReader((REAL / "index.csv").read_text().splitlines()))
    got, said = {}, []
    for row in rows:
        try:
            got[row["file"]] = ("ok", str(reading((REAL / row["file"]).read_bytes()).events))
        except CalendarRefused as refused:
            said.append(str(refused))
            got[row["file"]] = ("error", row["events_or_error"])
    assert got == {row["file"]: (row["icalendar_7_3"], row["events_or_error"]) for row in rows}
    assert len(got) == 98
    assert all(sentence.endswith(".") for sentence in said)


@real
@settings(max_examples=150)
@given(st.data())
def test_mutated_real_files_never_break_it(data):
    files = sorted(REAL.glob("*.ics"))
    text = bytearray(data.draw(st.sampled_from(files)).read_bytes()[:3000])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 8))] = data.draw(
            st.one_of(
                st.binary(max_size=6), st.sampled_from([b"\nRRULE:FREQ=DAILY", b"\nEND:VEVENT", b"99999", b"\n "])
            )
        )
    try:
        found = reading(bytes(text))
    except CalendarRefused:
        return
    assert all(one.begin < one.end for one in found.busy)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(CalendarRefused):
        reading(data)


@pytest.mark.parametrize("data", [b"", b"<html>", b"\x00\xff", b"END:VCALENDAR", b"BEGIN:X\n" * 40])
def test_what_is_no_calendar_is_refused(data):
    with pytest.raises(CalendarRefused, match="not a calendar"):
        reading(data)


def test_too_large_and_too_many_are_refused():
    with pytest.raises(CalendarRefused, match="larger than 8 MB"):
        reading(b" " * (LARGEST + 1))
    with pytest.raises(CalendarRefused, match="more than 20000 events"):
        reading("BEGIN:VEVENT\nEND:VEVENT\n" * (MOST_EVENTS + 1))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART:20260301T090000", "DTEND:20260301T100000"], "03-01 08:00 03-01 09:00"),
        (["DTSTART;TZID=W. Europe Standard Time:20260701T090000", "DURATION:PT1H"], "07-01 07:00 07-01 08:00"),
        (["DTSTART;TZID=/vendor.org/Asia/Tokyo:20260701T090000", "DURATION:PT1H"], "07-01 00:00 07-01 01:00"),
        (["DTSTART;VALUE=DATE:20260301"], "02-28 23:00 03-01 23:00"),
        (
            ["DTSTART;TZID=Europe/Berlin:20260301T230000", "DTEND;TZID=Europe/Berlin:20260302T000000"],
            "03-01 22:00 03-01 23:00",
        ),
        # The night the clock goes back: 01:30 is before the change, 02:30 is the first of two.
        (
            ["DTSTART;TZID=Europe/Berlin:20261025T013000", "DTEND;TZID=Europe/Berlin:20261025T033000"],
            "10-24 23:30 10-25 02:30",
        ),
        (["DTSTART;TZID=Europe/Berlin:20261025T013000", "DURATION:PT2H"], "10-24 23:30 10-25 01:30"),
        # In New York 01:30 is there twice; the first is meant. In Berlin 02:30 is skipped in March.
        (["DTSTART;TZID=America/New_York:20261101T013000", "DURATION:PT30M"], "11-01 05:30 11-01 06:00"),
        (["DTSTART;TZID=Europe/Berlin:20260329T023000", "DURATION:PT30M"], "03-29 01:30 03-29 02:00"),
    ],
)
def test_a_time_lies_where_its_zone_says(lines, expected):
    assert times(*lines) == [expected]


@pytest.mark.parametrize("line", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"])
def test_who_is_not_kept_busy_is_free(line):
    assert times("DTSTART:20260301T090000", "DTEND:20260301T100000", line) == []


def test_a_series_with_a_changed_a_left_out_and_a_cancelled_occurrence():
    series = event(
        "DTSTART;TZID=Europe/Berlin:20260323T090000",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=Europe/Berlin:20260330T090000",
    )
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20260406T090000",
        "DTSTART;TZID=Europe/Berlin:20260407T110000",
        "DURATION:PT1H",
    )
    gone = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20260413T090000",
        "DTSTART;TZID=Europe/Berlin:20260413T090000",
        "DURATION:PT1H",
        "STATUS:CANCELLED",
    )
    found = reading(series + moved + gone)
    assert spans(found) == ["03-23 08:00 03-23 09:00", "04-07 09:00 04-07 10:00"]
    assert found.events == 3


def test_a_series_without_end_stays_in_the_window():
    found = reading(event("DTSTART:20000101T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"))
    assert len(found.busy) == 365


@pytest.mark.parametrize("until", ["20260303", "20260303T090000", "20260303T080000Z"])
def test_until_is_the_last_one(until):
    assert len(times("DTSTART:20260301T090000", "DURATION:PT1H", f"RRULE:FREQ=DAILY;UNTIL={until}")) == 3


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["DTSTART:tomorrow"], "without a time"),
        (["SUMMARY:no time"], "without a time"),
        (["DTSTART:20260301T090000Z", "DTEND:20260301T080000Z"], "end before they begin"),
        (["DTSTART:20000101T090000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY"], "repeat in a way"),
        (["DTSTART:20260301T090000Z", "DURATION:PT1S", "RRULE:FREQ=DAILY;INTERVAL=0"], "repeat in a way"),
        (["DTSTART:20200101T090000Z", "DURATION:PT1S", "RRULE:FREQ=YEARLY;INTERVAL=-1"], "repeat in a way"),
        (["DTSTART:00010101T090000Z", "DURATION:PT1S", "RRULE:FREQ=DAILY;INTERVAL=3"], "repeat in a way"),
        (["DTSTART:20200101T090000Z", "RRULE:FREQ=YEARLY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=30"], "repeat in a way"),
        (["DTSTART:20260301T090000Z", "DURATION:PT1S", "RRULE:FREQ=DAILY;BYSETPOS=10"], "repeat in a way"),
        (["DTSTART:20260301T090000Z", "DURATION:PT1S", "RRULE:FREQ=DAILY;BYHOUR=1,2;BYMINUTE=1,2"], "repeat in a way"),
        (["DTSTART;TZID=Middle Earth:20260301T090000", "DURATION:PT1H"], "zone that is not known"),
    ],
)
def test_a_fault_is_said_and_the_rest_is_read(lines, sentence):
    good = event("DTSTART:20260501T090000Z", "DURATION:PT1H", uid="good")
    found = reading(event(*lines) + good)
    assert sentence in found.faults[0].reason
    assert "good" in {one.uid for one in found.busy}
    assert found.events == 2


def test_the_zone_of_one_file_does_not_rule_in_the_next():
    body = event("DTSTART;TZID=Custom:20260301T090000", "DURATION:PT1H")
    west = reading(NEW_YORK_OF_ITS_OWN % ("-0500", "-0500") + body)
    east = reading(NEW_YORK_OF_ITS_OWN % ("+0900", "+0900") + body)
    assert (spans(west), spans(east)) == (["03-01 14:00 03-01 15:00"], ["03-01 00:00 03-01 01:00"])
    assert not west.faults + east.faults


def test_more_busy_times_than_are_kept_are_said():
    daily = [
        event("DTSTART:20260101T090000Z", f"DURATION:PT{n + 1}M", "RRULE:FREQ=DAILY", uid=str(n)) for n in range(56)
    ]
    found = reading("".join(daily))
    assert found.cut
    assert len(found.busy) == MOST_TIMES
    assert "Only the first" in found.faults[-1].reason


def published(*lines: str) -> Reading:
    return reading("\n".join(["BEGIN:VFREEBUSY", "UID:secret", "DTSTART:20260101T000000Z", *lines, "END:VFREEBUSY"]))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("FREEBUSY:20260301T090000Z/20260301T100000Z", ["03-01 09:00 03-01 10:00"]),
        ("FREEBUSY:20260301T090000Z/PT1H30M", ["03-01 09:00 03-01 10:30"]),
        ("FREEBUSY;FBTYPE=BUSY:20260301T090000Z/PT1H", ["03-01 09:00 03-01 10:00"]),
        ("FREEBUSY;FBTYPE=busy-tentative:20260301T090000Z/PT1H", ["03-01 09:00 03-01 10:00"]),
        ('FREEBUSY;X-A="b:c";FBTYPE="BUSY-UNAVAILABLE":20260301T090000Z/PT1H', ["03-01 09:00 03-01 10:00"]),
        ("FREEBUSY;FBTYPE=X-AWAY:20260301T090000Z/PT1H", ["03-01 09:00 03-01 10:00"]),
        ("FREEBUSY;FBTYPE=FREE:20260301T090000Z/PT1H", []),
        ("FREEBUSY;FBTYPE=Free:20260301T090000Z/PT1H,20260302T090000Z/PT1H", []),
        ("FREEBUSY:20260301T090000Z/PT0S", []),
        ("FREEBUSY:20250301T090000Z/PT1H", []),
        # Without Z, which the format asks for: where the calendar lies. Days likewise.
        ("FREEBUSY:20260701T090000/PT1H", ["07-01 07:00 07-01 08:00"]),
        ("FREEBUSY;TZID=Asia/Tokyo:20260701T090000/PT1H", ["07-01 00:00 07-01 01:00"]),
        ("FREEBUSY:20260301/20260302", ["02-28 23:00 03-01 23:00"]),
        (
            "FREEBUSY:20260301T090000Z/PT1H, 20260301T090000Z/20260301T100000Z,\n 20260302T090000Z/P1D",
            ["03-01 09:00 03-01 10:00", "03-02 09:00 03-03 09:00"],
        ),
    ],
)
def test_published_times_are_busy_unless_free(line, expected):
    found = published(line)
    assert (spans(found), found.events, found.faults) == (expected, 0, ())


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("FREEBUSY:20260301T090000Z", "without a time"),
        ("FREEBUSY:", "without a time"),
        ("FREEBUSY:a/b", "without a time"),
        ("FREEBUSY:20260301T090000Z/20260301", "end before they begin"),
        ("FREEBUSY:20260301T090000Z/-PT1H", "end before they begin"),
        ("FREEBUSY:20260301T090000Z/20260301T080000Z", "end before they begin"),
        ("FREEBUSY:20260301T090000Z/P99999999999D", "without a time"),
    ],
)
def test_a_published_time_that_is_none_is_said_and_the_rest_is_read(line, sentence):
    found = published(f"{line},20260501T090000Z/PT1H")
    assert "05-01 09:00 05-01 10:00" in spans(found)
    assert sentence in found.faults[0].reason


@real
@pytest.mark.parametrize(
    ("file", "year", "count"),
    [
        ("calendars__issue_1081_freebusy_comma_separated.ics", 2025, 2),
        ("calendars__issue_27_multiple_periods_in_freebusy_one_freebusy.ics", 2012, 8),
        ("calendars__issue_798_freebusy.ics", 1997, 3),
        ("calendars__issue_1633_freebusy_with_dates.ics", 1997, 1),
        ("calendars__issue_348_exception_parsing_value.ics", 2019, 0),
    ],
)
def test_published_times_of_real_files(file, year, count):
    found = read(
        (REAL / file).read_bytes(),
        begin=datetime(year, 1, 1, tzinfo=UTC),
        end=datetime(year + 1, 1, 1, tzinfo=UTC),
        zone=BERLIN,
    )
    assert (len(found.busy), found.faults) == (count, ())


def test_a_calendar_that_names_its_zone_means_floating_times_only():
    floating = event("DTSTART:20260301T090000", "DURATION:PT1H")
    fixed = event("DTSTART:20260301T090000Z", "DURATION:PT1H", uid="two")
    other = event("DTSTART;TZID=Asia/Tokyo:20260301T090000", "DURATION:PT1H", uid="three")
    day = event("DTSTART;VALUE=DATE:20260305", uid="four")
    found = reading("X-WR-TIMEZONE:America/New_York\n" + floating + fixed + other + day)
    assert spans(found) == [
        "03-01 00:00 03-01 01:00",
        "03-01 09:00 03-01 10:00",
        "03-01 14:00 03-01 15:00",
        "03-04 23:00 03-05 23:00",
    ]
    for unknown in ("X-WR-TIMEZONE:Middle Earth\n", "X-WR-TIMEZONE:\n", "X-WR-TIMEZONE:../../etc/passwd\n"):
        assert spans(reading(unknown + floating)) == ["03-01 08:00 03-01 09:00"]


def test_one_calendar_of_a_file_says_nothing_about_the_next():
    floating = event("DTSTART:20260301T090000", "DURATION:PT1H")
    first = "X-WR-TIMEZONE:America/New_York\nEND:VCALENDAR\nBEGIN:VCALENDAR\n"
    assert spans(reading(first + floating)) == ["03-01 08:00 03-01 09:00"]


def test_what_a_file_says_is_not_shown_by_what_was_read():
    found = reading(event("DTSTART:20260301T090000Z", "DURATION:PT1H", "SUMMARY:secret", uid="secret" * 99))
    assert "secret" not in repr(found)
    assert len(found.busy[0].uid) == 255
