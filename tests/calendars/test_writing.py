"""Appointments as iCalendar: hostile text first, then times that the clocks make hard, then every shape."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from sidebyside.calendars.reading import read
from sidebyside.calendars.writing import Attendee, Entry, cancellation, feed, invitation, mail_address

STAMP = datetime(2026, 2, 1, 12, 0, 0, 123456, tzinfo=UTC)
LISBON = "Europe/Lisbon"
ZONES = [LISBON, "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "America/Phoenix", "UTC"]
CONTROLS = {*map(chr, range(32)), "\x7f", "\x85", "\u202e"} - {"\t"}
EVIL = [
    "Talk\r\nATTENDEE:mailto:evil@example.org",
    "Talk\nEND:VEVENT\nBEGIN:VEVENT",
    "Talk\rX:1",
    "Talk\u2028X:1\u2029X:1\x85X:1\x0bX:1\x0cX:1\x1cX:1",
    "nul \x00 bell \x07 escape \x1b end \x1a delete \x7f",
    "lone \ud800 half \udfff",
    "back \\ slash \\n ; semi , comma : colon \"quote\" 'quote' ^n ^' ^^ %0D%0A",
    "شرح الدرس \u202e reversed \u202d \u2067",
    "x" * 100_000,
    "\U0001f469\u200d\U0001f3eb" * 60,
    " \t\n ",
]


def at(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold)


def entry(**changed) -> Entry:
    found = {
        "uid": "visit-1@school.example",
        "sequence": 0,
        "begin": at(LISBON, 2026, 3, 2, 9, 30),
        "end": at(LISBON, 2026, 3, 2, 10, 15),
        "zone": LISBON,
        "summary": "Visit",
        "stamp": STAMP,
    }
    return Entry(**{**found, **changed})


def invited(**changed) -> Entry:
    people = (Attendee("Ana Sá", "ana@school.example"), Attendee("Rui", "rui@school.example", "yes"))
    return entry(**{"organizer": ("Side by Side", "answers+t0k@school.example"), "attendees": people, **changed})


def one_feed(*entries: Entry, name: str = "My appointments") -> bytes:
    return feed(entries, name=name, zone=LISBON)


def named(data: bytes) -> list[str]:
    """The names of all lines, in order, as a reader that unfolds sees them."""
    text = data.decode().replace("\r\n ", "")
    return [line.replace(";", ":").split(":")[0] for line in text.split("\r\n")]


PLAIN = named(one_feed(entry(description="a", location="b", organizer=("c", "c@school.example"))))


def is_sound(data: bytes) -> None:
    """No line ends but by CR LF, none is longer than 75 bytes, no control character is left."""
    assert not set(data.decode().replace("\r\n", "")) & {"\r", "\n", *map(chr, range(32)), "\x7f", "\x85", "\u202e"} - {
        "\t"
    }
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


@pytest.mark.parametrize("text", EVIL)
def test_no_text_becomes_a_line(text):
    data = one_feed(entry(summary=text, description=text, location=text, organizer=(text, "c@school.example")))
    # A place of spaces only is written as an empty one.
    assert named(data) == PLAIN
    is_sound(data)
    assert read(data, begin=STAMP, end=STAMP + timedelta(days=60), zone=UTC).faults == ()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters()), min_size=5, max_size=5))
def test_whatever_is_written_it_stays_text(texts):
    summary, description, location, name, calendar = texts
    one = entry(
        summary=summary, description=description or "a", location=location or "b", organizer=(name, "c@school.example")
    )
    data = one_feed(one, name=calendar)
    assert named(data) == PLAIN
    is_sound(data)
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert str(event["UID"]) == one.uid


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "Sm", "Sc", "Zs"]), max_size=200))
def test_plain_text_comes_back_as_it_was(text):
    (event,) = Calendar.from_ical(one_feed(entry(description="a" + text + "\n\nb"))).walk("VEVENT")
    assert str(event["DESCRIPTION"]) == "a" + text + "\n\nb"


def test_a_name_with_quotes_is_one_name():
    one = invited(attendees=(Attendee('Ana "the, x"; CN=y:z\r\nATTENDEE:mailto:q@q.example', "ana@school.example"),))
    (event,) = Calendar.from_ical(invitation(one, to="ana@school.example")).walk("VEVENT")
    assert event["ATTENDEE"].params["CN"] == "Ana 'the, x'; CN=y:z ATTENDEE:mailto:q@q.example"
    assert event["ATTENDEE"] == "mailto:ana@school.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@school.example",
        "a@",
        "a b@school.example",
        '"a b"@school.example',
        "a@school.example\r\nATTENDEE:mailto:q@q.example",
        "a\x00@school.example",
        "a\ud800@school.example",
        "a@b@school.example",
        "<a@school.example>",
        "a@school..example",
        "a@-school.example",
        "a@school.example?bcc=q@q.example",
        "a;x@school.example",
        "a" * 250 + "@school.example",
        "a@" + "b" * 64 + ".example",
        "a@[127.0.0.1]",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError):
        mail_address(address)
    with pytest.raises(ValueError):
        invitation(invited(attendees=(Attendee("Q", address),)), to=address)


def test_odd_but_true_addresses_are_written_as_links():
    assert mail_address("o'neill+x@school.example") == "o'neill+x@school.example"
    assert mail_address("a%b?c@Bücher.example") == "a%25b%3Fc@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "wrong",
    [
        # (a time without a zone is what is refused)
        {"begin": datetime(2026, 3, 2, 9, 30)},  # noqa: DTZ001
        {"end": at(LISBON, 2026, 3, 2, 9, 30)},
        {"zone": "Nowhere/Land"},
        {"zone": "Europe/Lisbon\r\nX:1"},
        {"uid": ""},
        {"uid": "a\r\nX:1"},
        {"uid": "a" * 256},
        {"sequence": -1},
        {"address_url": "javascript:alert(1)"},
        {"address_url": "https://school.example/\r\nX:1"},
        {"rule": "FREQ=DAILY\r\nX:1"},
        {"rule": "FREQ=SECONDLY"},
        {"rule": "FREQ=NEVER"},
        {"rule": "FREQ=WEEKLY;COUNT=often"},
        {"rule": "tomorrow"},
        {"rule": "FREQ=WEEKLY", "recurrence_id": STAMP},
        {"changed": (entry(),)},
        {"changed": (entry(uid="other", recurrence_id=STAMP),)},
    ],
)
def test_an_entry_that_no_calendar_could_hold_is_refused(wrong):
    with pytest.raises(ValueError):
        entry(**wrong)


def test_invitations_need_somebody_who_invites_and_somebody_invited():
    with pytest.raises(ValueError):
        invitation(invited(organizer=None), to="ana@school.example")
    with pytest.raises(ValueError):
        invitation(invited(), to="outsider@school.example")
    with pytest.raises(ValueError):
        invitation(invited(cancelled=True), to="ana@school.example")


# Times


def whole_year(zone: str) -> list[tuple[datetime, datetime]]:
    """Times around each change of the clocks, every 15 minutes, and a few of every month."""
    starts = [datetime(2026, month, 7, hour, 10, tzinfo=UTC) for month in range(1, 13) for hour in (0, 8, 23)]
    for change in [(3, 8, 4), (3, 28, 23), (10, 24, 22), (11, 1, 3)]:
        first = datetime(2026, *change, tzinfo=UTC)
        starts += [first + number * timedelta(minutes=15) for number in range(24)]
    return [(one.astimezone(ZoneInfo(zone)), one + timedelta(minutes=50)) for one in starts]


@pytest.mark.parametrize("zone", ZONES)
def test_times_come_back_as_they_were(zone):
    times = whole_year(zone)
    entries = [entry(uid=f"v{number}", begin=begin, end=end, zone=zone) for number, (begin, end) in enumerate(times)]
    data = one_feed(*entries)
    expected = {f"v{number}": (begin.astimezone(UTC), end) for number, (begin, end) in enumerate(times)}
    year = {"begin": datetime(2026, 1, 1, tzinfo=UTC), "end": datetime(2027, 1, 1, tzinfo=UTC)}
    ours = read(data, **year, zone=ZoneInfo("Asia/Tokyo"))
    assert {one.uid: (one.begin, one.end) for one in ours.busy} == expected
    assert ours.faults == ()
    theirs = Calendar.from_ical(data).walk("VEVENT")
    got = {str(one["UID"]): (one["DTSTART"].dt.astimezone(UTC), one["DTEND"].dt.astimezone(UTC)) for one in theirs}
    assert got == expected
    # And read by the description of the zone in the file, its name being unknown to the reader.
    if zone != "UTC":
        foreign = read(data.replace(zone.encode(), b"Custom"), **year, zone=ZoneInfo("Asia/Tokyo"))
        assert {one.uid: (one.begin, one.end) for one in foreign.busy} == expected


def test_the_hour_that_comes_twice_is_told_apart():
    first, second = (at(LISBON, 2026, 10, 25, 1, 30, fold=fold) for fold in (0, 1))
    data = one_feed(entry(begin=first, end=second)).decode()
    assert "DTSTART;TZID=Europe/Lisbon:20261025T013000" in data
    assert "DTEND:20261025T013000Z" in data


def test_an_hour_that_the_clock_skips_is_written_as_the_hour_after():
    data = one_feed(entry(begin=at(LISBON, 2026, 3, 29, 1, 30), end=at(LISBON, 2026, 3, 29, 3, 30))).decode()
    assert "DTSTART;TZID=Europe/Lisbon:20260329T023000" in data


def test_times_in_utc_need_no_zone():
    data = one_feed(entry(zone="UTC")).decode()
    assert "DTSTART:20260302T093000Z" in data
    assert "VTIMEZONE" not in data


# Shapes


def series(**changed) -> Entry:
    """Thursdays at nine through the change of the clocks; one left out, one later and longer, one in another year."""
    moved = entry(
        begin=at(LISBON, 2026, 4, 3, 11), end=at(LISBON, 2026, 4, 3, 12, 30), recurrence_id=at(LISBON, 2026, 4, 2, 9)
    )
    found = {
        "begin": at(LISBON, 2026, 3, 12, 9),
        "end": at(LISBON, 2026, 3, 12, 10),
        "rule": "FREQ=WEEKLY;UNTIL=20260416",
        "left_out": (at(LISBON, 2026, 3, 19, 9),),
        "changed": (moved,),
    }
    return entry(**{**found, **changed})


def test_a_series_expands_to_what_takes_place():
    data = one_feed(series(), entry(uid="other", begin=at(LISBON, 2026, 4, 1, 9), end=at(LISBON, 2026, 4, 1, 10)))
    found = recurring_ical_events.of(Calendar.from_ical(data)).between((2026, 1, 1), (2027, 1, 1))
    got = sorted((one["DTSTART"].dt.strftime("%m-%d %H:%M %z"), one["DTEND"].dt.strftime("%H:%M")) for one in found)
    assert got == [
        ("03-12 09:00 +0000", "10:00"),
        ("03-26 09:00 +0000", "10:00"),
        ("04-01 09:00 +0100", "10:00"),
        ("04-03 11:00 +0100", "12:30"),
        ("04-09 09:00 +0100", "10:00"),
        ("04-16 09:00 +0100", "10:00"),
    ]
    ours = read(data, begin=datetime(2026, 1, 1, tzinfo=UTC), end=datetime(2027, 1, 1, tzinfo=UTC), zone=UTC)
    assert [f"{one.begin:%m-%d %H:%M}" for one in ours.busy] == [
        "03-12 09:00",
        "03-26 09:00",
        "04-01 08:00",
        "04-03 10:00",
        "04-09 08:00",
        "04-16 08:00",
    ]


def test_the_end_of_a_series_is_in_utc():
    text = one_feed(series()).decode()
    assert "RRULE:FREQ=WEEKLY;UNTIL=20260416T225959Z\r\n" in text
    assert "EXDATE;TZID=Europe/Lisbon:20260319T090000\r\n" in text
    assert "RECURRENCE-ID;TZID=Europe/Lisbon:20260402T090000\r\n" in text


def test_a_changed_occurrence_in_another_zone_is_named_in_the_zone_of_its_series():
    away = entry(
        zone="America/New_York",
        begin=at("America/New_York", 2026, 4, 2, 9),
        end=at("America/New_York", 2026, 4, 2, 10),
        recurrence_id=at(LISBON, 2026, 4, 2, 9),
    )
    text = one_feed(series(changed=(away,))).decode()
    assert "DTSTART;TZID=America/New_York:20260402T090000\r\n" in text
    assert "RECURRENCE-ID;TZID=Europe/Lisbon:20260402T090000\r\n" in text
    assert text.count("BEGIN:VTIMEZONE") == 2


def test_a_feed_says_what_it_is():
    text = one_feed(entry(), entry(uid="gone", cancelled=True), entry(uid="open", private=False)).decode()
    for line in (
        "METHOD:PUBLISH",
        "NAME:My appointments",
        "X-WR-CALNAME:My appointments",
        "X-WR-TIMEZONE:Europe/Lisbon",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "DTSTAMP:20260201T120000Z",
        "CLASS:PUBLIC",
    ):
        assert f"\r\n{line}\r\n" in text
    assert text.count("CLASS:PRIVATE") == 2
    assert text.count("STATUS:CANCELLED\r\nTRANSP:TRANSPARENT") == 1
    assert text.count("STATUS:CONFIRMED\r\nTRANSP:OPAQUE") == 2
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert text.index("END:VTIMEZONE") < text.index("BEGIN:VEVENT")


def test_a_feed_names_nobody_who_is_invited():
    assert b"ATTENDEE" not in one_feed(invited())


def test_an_empty_feed_is_a_calendar():
    data = one_feed()
    assert read(data, begin=STAMP, end=STAMP + timedelta(days=1), zone=UTC).events == 0
    assert b"VEVENT" not in data


def test_the_same_entries_give_the_same_bytes():
    assert one_feed(series(), invited(uid="b")) == one_feed(series(), invited(uid="b"))
    assert one_feed(entry(sequence=1)) != one_feed(entry())


def test_an_invitation_says_who_and_asks_for_an_answer():
    (event,) = Calendar.from_ical(invitation(invited(sequence=3), to="ANA@school.example")).walk("VEVENT")
    ana, rui = event["ATTENDEE"]
    assert event["ORGANIZER"] == "mailto:answers+t0k@school.example"
    assert event["ORGANIZER"].params["CN"] == "Side by Side"
    assert (ana, ana.params["CN"], ana.params["PARTSTAT"]) == ("mailto:ana@school.example", "Ana Sá", "NEEDS-ACTION")
    assert (rui.params["PARTSTAT"], rui.params["RSVP"], rui.params["ROLE"]) == ("ACCEPTED", "TRUE", "REQ-PARTICIPANT")
    assert (event["SEQUENCE"], str(event["UID"])) == (3, "visit-1@school.example")


def test_invitations_and_cancellations_carry_their_method():
    asked, off = invitation(invited(), to="ana@school.example"), cancellation(invited(), to="ana@school.example")
    assert b"\r\nMETHOD:REQUEST\r\n" in asked
    assert b"\r\nSTATUS:CONFIRMED\r\n" in asked
    assert b"\r\nMETHOD:CANCEL\r\n" in off
    assert b"\r\nSTATUS:CANCELLED\r\n" in off
    assert b"BEGIN:VTIMEZONE" in asked
    assert b"BEGIN:VTIMEZONE" in off


def test_one_occurrence_is_changed_or_taken_back_alone():
    one = replace(
        invited(),
        begin=at(LISBON, 2026, 4, 3, 11),
        end=at(LISBON, 2026, 4, 3, 12),
        recurrence_id=at(LISBON, 2026, 4, 2, 9),
        sequence=1,
    )
    for data in (invitation(one, to="ana@school.example"), cancellation(one, to="ana@school.example")):
        assert b"\r\nRECURRENCE-ID;TZID=Europe/Lisbon:20260402T090000\r\n" in data
        assert data.count(b"BEGIN:VEVENT") == 1
        assert data.count(b"RRULE") == 2  # of the zone


def test_a_series_is_invited_with_its_changes_and_taken_back_whole():
    people = {"organizer": invited().organizer, "attendees": invited().attendees}
    one = series(**people, changed=(replace(series().changed[0], **people),))
    assert invitation(one, to="ana@school.example").count(b"BEGIN:VEVENT") == 2
    assert cancellation(one, to="ana@school.example").count(b"BEGIN:VEVENT") == 1


def test_a_year_of_appointments_is_written_quickly_and_stays_small():
    begin = at(LISBON, 2026, 1, 5, 9)
    many = [
        entry(uid=f"v{day}", begin=begin + timedelta(days=day), end=begin + timedelta(days=day, hours=1))
        for day in range(365)
    ]
    assert len(one_feed(*many)) < 365 * 350 + 1500
