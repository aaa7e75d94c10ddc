"""Mails that answer invitations: hostile ones first, then those of machines, then those of calendar programs."""

from __future__ import annotations

import base64
import contextlib
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidebyside.calendars import replies
from sidebyside.calendars.replies import LARGEST, Reply, ReplyRefused, placed, read_reply
from sidebyside.calendars.writing import Attendee, Entry, invitation
from tests.calendars.mails import PLAIN, apple, calendar, counter, google, mail, many, outlook, part, simple

LISBON = ZoneInfo("Europe/Lisbon")
WHO = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@school.example"
UID = "UID:visit-1@school.example"
EVENT = f"BEGIN:VEVENT\n{UID}\n{WHO}\nEND:VEVENT\n"
ZONE = """BEGIN:VTIMEZONE\nTZID:Zone %s\nBEGIN:STANDARD\nDTSTART:19000101T000000
RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=-1SU\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0000\nEND:STANDARD\nEND:VTIMEZONE\n"""
MANY_ZONES = calendar(zone="".join(ZONE % number for number in range(99))).replace("BEGIN:VEVENT\nEND:VEVENT\n", "")


def answer(message: bytes) -> Reply:
    found = read_reply(message)
    assert found is not None
    return found


def refused(message: bytes) -> str:
    with pytest.raises(ReplyRefused) as told:
        read_reply(message)
    return told.value.sentence


def nested(depth: int, kind: str = "mixed") -> bytes:
    body = part("text/calendar; method=REPLY", PLAIN)
    for number in range(depth):
        body = many(kind, body, edge=f"e{number}")
    return mail(body)


# Hostile


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x00" * 1000,
        b"\xff\xfe\xfd",
        b"\r\n\r\n",
        b"To:" + b"(" * 5000,
        b"Content-Type: multipart/mixed\r\n\r\n--\r\n",
        b"Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR",
        b"Content-Type: text/calendar; charset*=x''%ff; method*0*=\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644\r\n",
        b"Subject: =?nowhere?b?!!!!?=\r\nTo: =?utf-8?q?=ff?= <a+b@c>\r\n\r\nhello",
    ],
)
def test_what_is_hardly_a_mail_is_refused(message):
    assert refused(message) in (replies.NO_ANSWER, replies.BROKEN)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mutated_mails_never_break_it(data):
    text = bytearray(data.draw(st.sampled_from([outlook(), google(), apple(), counter(), simple()])))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=20))
    with contextlib.suppress(ReplyRefused):
        found = read_reply(bytes(text))
        assert found is None or (found.uid and "@" in found.attendee)


def test_a_mail_that_is_too_large_is_refused_unread():
    begun = time.perf_counter()
    assert refused(b"To: a@b.example\r\n\r\n" + b"x" * 30_000_000) == replies.TOO_LARGE
    assert time.perf_counter() - begun < 0.5
    assert str(ReplyRefused(replies.TOO_LARGE, {"most": 2})) == "This mail is larger than 2 MB."


@pytest.mark.parametrize(
    "message",
    [
        nested(101),
        mail(many("mixed", *[part("text/plain", "x")] * 101)),
        mail(many("mixed", *["\n"] * 30_000)),
    ],
)
def test_too_many_parts_are_refused(message):
    assert refused(message) == replies.TOO_MANY


@pytest.mark.parametrize(
    "message",
    [
        simple("BEGIN:VCALENDAR\nMETHOD:REPLY\n" + "BEGIN:VEVENT\n" * 10_000),
        simple(
            "BEGIN:VCALENDAR\nMETHOD:REPLY\n" + f"BEGIN:VEVENT\n{UID}\n{WHO}\nEND:VEVENT\n" * 51 + "END:VCALENDAR\n"
        ),
        simple(PLAIN + "X:" + "x" * 300_000),
        simple(calendar(UID, WHO, "X:1\n" + " y\n" * 50_000).replace("END:VEVENT", "")),
        mail(many("mixed", part("message/rfc822", simple().decode().replace("\r\n", "\n")))),
        mail(part("text/plain", PLAIN)),
        mail(part("text/html", "<p>yes</p>")),
        simple(PLAIN.replace("REPLY", "REQUEST")),
        simple(PLAIN.replace("REPLY", "CANCEL")),
    ],
)
def test_what_holds_no_answer_is_refused(message):
    assert refused(message) == replies.NO_ANSWER


def test_mails_as_large_as_may_be_are_read_in_bounded_time():
    padding = "X-Noise: " + "(" * 60 + "\n"
    for message in (
        mail(many("mixed", part("text/plain", "--edge-not\n" * 150_000), part("text/calendar", PLAIN))),
        simple(PLAIN, *[padding.strip()] * 20_000),
        simple(PLAIN, "Cc: " + ", ".join(f"a{number}@b.example" for number in range(80_000))),
        mail(many("mixed", part('text/calendar; charset="punycode"', "a-" * 60_000), part("text/calendar", PLAIN))),
        nested(90),
        mail(many("mixed", *[part("text/calendar", text) for text in [MANY_ZONES] * 9 + [PLAIN] + [MANY_ZONES] * 89])),
        simple(PLAIN.replace("BEGIN:VEVENT", EVENT * 40 + "BEGIN:VEVENT"), *["To: " + "a@b.example, " * 1500] * 80),
    ):
        assert len(message) <= LARGEST
        begun = time.process_time()  # its own: the machine may be busy with others
        assert answer(message).uid == "visit-1@school.example"
        assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([WHO], replies.NO_UID),
        (["UID:", WHO], replies.NO_UID),
        (["UID:a b", WHO], replies.NO_UID),
        (["UID:" + "a" * 256, WHO], replies.NO_UID),
        ([UID, WHO, "RECURRENCE-ID:yesterday"], replies.NO_UID),
        ([UID], replies.NO_NAME),
        ([UID, "ATTENDEE;PARTSTAT=ACCEPTED:invalid:nomail"], replies.NO_NAME),
        ([UID, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a%0D%0ABcc:x@y.example"], replies.NO_NAME),
        ([UID, WHO.replace("ana", "rui"), WHO.replace("ana", "eva")], replies.NO_NAME),
        ([UID, WHO.replace("ACCEPTED", "DELEGATED")], replies.UNCLEAR),
        ([UID, WHO.replace("ACCEPTED", "X-MAYBE")], replies.UNCLEAR),
    ],
)
def test_an_answer_that_does_not_say_enough_is_refused(lines, sentence):
    assert refused(simple(calendar(*lines))) == sentence


def test_outlooks_own_form_is_named():
    message = mail(many("mixed", part("text/plain", "yes"), part("application/ms-tnef", "x", "base64")))
    assert refused(message) == replies.ONLY_OUTLOOK


@pytest.mark.parametrize("sequence", ["-1", "many", "9" * 40, "", "١"])
def test_a_sequence_that_is_none_counts_as_nought(sequence):
    assert answer(simple(calendar(UID, WHO, f"SEQUENCE:{sequence}"))).sequence == 0


@pytest.mark.parametrize("stamp", ["", "DTSTAMP:soon", "DTSTAMP:99999999T999999Z", "DTSTAMP:PT1H"])
def test_a_stamp_that_is_none_is_none(stamp):
    assert answer(simple(calendar(UID, WHO, stamp))).stamp is None


# Machines


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=a@b.example",
        "Precedence: bulk",
        "Precedence: junk",
        "X-Auto-Response-Suppress: All",
        "X-Autoreply: yes",
        "List-Id: <staff.school.example>",
        "Return-Path: <>",
        "Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A?= Visit",
    ],
)
def test_what_a_machine_wrote_is_nothing_to_do(header):
    headers = [header] if not header.startswith("Subject") else []
    message = mail(part("text/plain", "I am away until Monday."), *headers)
    if not headers:
        message = message.replace(b"Subject: Accepted: Visit", header.encode())
    assert read_reply(message) is None


@pytest.mark.parametrize("subject", ["Out of Office: Visit", "Automatische Antwort: Besuch", "Undeliverable: Visit"])
def test_vacation_notes_are_known_by_their_titles(subject):
    message = mail(part("text/plain", "away")).replace(b"Accepted: Visit", subject.encode())
    assert read_reply(message) is None


def test_a_report_is_nothing_to_do_whatever_it_brings_back():
    held = part("message/rfc822", simple().decode().replace("\r\n", "\n"))
    body = many("report; report-type=delivery-status", part("text/plain", "failed"), part("text/calendar", PLAIN), held)
    assert read_reply(mail(body)) is None
    assert read_reply(mail(part("text/plain", "failed"), sender="MAILER-DAEMON@mail.example")) is None


def test_a_calendar_that_answers_by_machine_is_read():
    assert answer(simple(PLAIN, "Auto-Submitted: auto-replied", "Return-Path: <>")).answer == "yes"


def test_a_machine_that_writes_nonsense_is_told_nothing():
    assert read_reply(simple(calendar(UID), "Auto-Submitted: auto-replied")) is None


# Programs


def test_outlook():
    found = answer(outlook())
    assert found == Reply(
        kind="answer",
        uid="visit-1@school.example",
        sequence=2,
        recurrence_id=datetime(2026, 4, 2, 8, tzinfo=UTC),
        attendee="ana@school.example",
        answer="yes",
        stamp=datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
        to=("answers+S3CRET@school.example",),
    )
    assert found.tokens("answers") == ("s3cret",)


def test_google():
    found = answer(google())
    assert (found.kind, found.answer, found.sequence, found.recurrence_id) == ("answer", "no", 1, None)
    assert found.attendee == "ana@school.example"
    assert found.tokens("Answers") == ("s3cret",)
    assert found.further == ()


def test_apple():
    found = answer(apple())
    assert (found.answer, found.attendee, found.sequence) == ("perhaps", "ana@school.example", 0)


@pytest.mark.parametrize(
    ("status", "meant"),
    [("ACCEPTED", "yes"), ("accepted", "yes"), ("DECLINED", "no"), ("TENTATIVE", "perhaps"), ("NEEDS-ACTION", "asked")],
)
@pytest.mark.parametrize("program", [outlook, google, apple])
def test_every_program_says_yes_no_and_perhaps(program, status, meant):
    assert answer(program(status)).answer == meant


def test_another_time_is_proposed():
    found = answer(counter())
    assert (found.kind, found.attendee, found.answer) == ("proposal", "ana@school.example", "perhaps")
    assert (found.begin, found.end) == (
        datetime(2026, 4, 3, 8, tzinfo=UTC),
        datetime(2026, 4, 3, 8, 45, tzinfo=UTC),
    )


def test_a_time_without_zone_is_that_of_the_appointment():
    found = answer(counter("DTSTART:20260403T090000", "DURATION:PT45M", "RECURRENCE-ID;TZID=Nowhere:20260402T090000"))
    assert found.begin is not None
    assert found.begin.tzinfo is None
    assert placed(found.begin, LISBON) == datetime(2026, 4, 3, 8, tzinfo=UTC)
    assert found.end is not None
    assert placed(found.end, LISBON) == datetime(2026, 4, 3, 8, 45, tzinfo=UTC)
    # (a time without a zone is what is expected)
    assert found.recurrence_id == datetime(2026, 4, 2, 9)  # noqa: DTZ001


@pytest.mark.parametrize(
    "lines",
    [
        ["X:1"],
        ["DTSTART:20260403T090000Z"],
        ["DTSTART:20260403T090000Z", "DTEND:20260403T090000Z"],
        ["DTSTART:20260403T090000Z", "DURATION:forever"],
        ["DTSTART:20260403T090000Z", "DURATION:P99999999999D"],
        ["DTSTART:soon", "DTEND:later"],
        ["DTSTART:PT1H", "DTEND:PT2H"],
    ],
)
def test_a_proposal_without_a_time_is_refused(lines):
    assert refused(counter(*lines)) == replies.NO_TIME


def test_what_a_program_makes_of_our_own_invitation_is_its_answer():
    ours = Entry(
        uid="visit-1@school.example",
        sequence=4,
        begin=datetime(2026, 4, 3, 11, tzinfo=LISBON),
        end=datetime(2026, 4, 3, 12, tzinfo=LISBON),
        zone="Europe/Lisbon",
        summary="Visit",
        stamp=datetime(2026, 3, 1, tzinfo=UTC),
        recurrence_id=datetime(2026, 4, 2, 9, tzinfo=LISBON),
        organizer=("Side by Side", "answers+s3cret@school.example"),
        attendees=(Attendee("Ana", "ana@school.example"),),
    )
    text = invitation(ours, to="ana@school.example").decode().replace("\r\n", "\n")
    text = text.replace("REQUEST", "REPLY").replace("NEEDS-ACTION", "DECLINED")
    found = answer(simple(text, to="Side by Side <somebody@elsewhere.example>"))
    assert (found.uid, found.sequence, found.answer) == (ours.uid, ours.sequence, "no")
    assert found.recurrence_id == ours.recurrence_id
    assert found.tokens("answers") == ("s3cret",)


# Shapes


@pytest.mark.parametrize("coding", ["7bit", "8bit", "base64", "quoted-printable"])
def test_every_encoding_is_read(coding):
    for kind in ("text/calendar; method=REPLY", "application/ics", 'application/octet-stream; name="invite.ics"'):
        inner = many("related", part("text/html", "<p>yes</p>"), part(kind, PLAIN, coding), edge="in")
        assert answer(mail(many("mixed", inner, edge="out"))).answer == "yes"


@pytest.mark.parametrize("charset", ["utf-16", "iso-8859-1", "windows-1252", "koi8-r", "nowhere", "unicode_escape", ""])
def test_odd_character_sets_are_read(charset):
    coded = PLAIN.encode("utf-16") if charset == "utf-16" else PLAIN.encode()
    head = f'To: a+b@c.example\r\nContent-Type: text/calendar; charset="{charset}"\r\n'
    message = head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(coded)
    assert answer(message).uid == "visit-1@school.example"


def test_the_method_may_stand_in_the_mail_alone():
    text = PLAIN.replace("METHOD:REPLY\n", "")
    assert answer(simple(text)).answer == "yes"
    assert refused(mail(part("text/calendar", text))) == replies.NO_ANSWER


def test_the_calendar_that_answers_is_found_among_others():
    parts = [part("text/calendar", text) for text in ("nonsense", PLAIN.replace("REPLY", "PUBLISH"), PLAIN)]
    assert answer(mail(many("mixed", *parts))).answer == "yes"


def test_answers_to_several_occurrences_come_together():
    events = "".join(
        f"BEGIN:VEVENT\n{UID}\nRECURRENCE-ID:2026040{day}T080000Z\n{WHO}\nEND:VEVENT\n" for day in (2, 3, 9)
    )
    found = answer(simple(f"BEGIN:VCALENDAR\nMETHOD:REPLY\n{events}END:VCALENDAR\n"))
    days = [one.recurrence_id.day for one in (found, *found.further) if one.recurrence_id]
    assert days == [2, 3, 9]


def test_the_list_sent_back_is_the_answer_of_the_sender():
    text = calendar(UID, WHO.replace("ana", "rui"), WHO.replace("ACCEPTED", "DECLINED"))
    found = answer(simple(text, sender="Ana <ANA@school.example>"))
    assert (found.attendee, found.answer) == ("ana@school.example", "no")


def test_the_secret_is_found_wherever_the_mail_was_sent():
    message = simple(
        PLAIN,
        "Cc: Other <other@school.example>, ANSWERS+Two@school.example",
        "Delivered-To: answers+three@mail.example",
        "X-Original-To: answers+one@school.example",
        to="Answers+ONE@school.example",
    )
    found = answer(message)
    assert found.tokens("answers") == ("one", "two", "three", "organizer")
    assert found.tokens("other") == ()
    assert answer(simple(to="undisclosed-recipients:;")).tokens("answers") == ("organizer",)
