"""Mails that answer invitations, in the shapes that calendar programs are known to write. All people are made up."""

from __future__ import annotations

from base64 import b64encode
from quopri import encodestring

OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:GMT Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*lines: str, method: str = "REPLY", zone: str = "") -> str:
    """A calendar with one event of these lines."""
    head = ["BEGIN:VCALENDAR", f"METHOD:{method}", "VERSION:2.0", *zone.splitlines()]
    return "\n".join([*head, "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR\n"])


PLAIN = calendar(
    "UID:visit-1@school.example",
    "SEQUENCE:2",
    "DTSTAMP:20260302T081500Z",
    "ORGANIZER:mailto:answers+organizer@school.example",
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@school.example",
)


def mail(
    body: str, *headers: str, to: str = "answers+s3cret@school.example", sender: str = "ana@school.example"
) -> bytes:
    """A mail of these headers and this body, which begins with the headers of its own type."""
    first = [f"From: {sender}", f"To: {to}", "Subject: Accepted: Visit", "MIME-Version: 1.0", *headers]
    return ("\n".join(first) + "\n" + body).replace("\n", "\r\n").encode()


def part(kind: str, text: str, coding: str = "7bit", more: str = "") -> str:
    """A part of a mail in some transfer encoding."""
    data = text.replace("\n", "\r\n").encode()
    held = {"base64": lambda: b64encode(data).decode() + "\n", "quoted-printable": lambda: encodestring(data).decode()}
    shown = held[coding]() if coding in held else text
    return f"Content-Type: {kind}\nContent-Transfer-Encoding: {coding}\n{more}\n{shown.replace(chr(13), '')}"


def many(kind: str, *parts: str, edge: str = "edge") -> str:
    """Parts in one of several kinds of multipart."""
    inner = "".join(f"--{edge}\n{one}\n" for one in parts)
    return f'Content-Type: multipart/{kind}; boundary="{edge}"\n\n{inner}--{edge}--\n'


def simple(text: str = PLAIN, *headers: str, **more: str) -> bytes:
    """The smallest mail with a calendar."""
    return mail(part("text/calendar; method=REPLY; charset=utf-8", text), *headers, **more)


def outlook(status: str = "ACCEPTED") -> bytes:
    """Outlook and Exchange: alternative, base64, zones by the names Windows gives them, no organizer."""
    text = calendar(
        f"ATTENDEE;PARTSTAT={status};CN=Ana Sá;X-MS-OLK-RESPTIME=20260302T081500Z:MAILTO:Ana@School.example",
        "COMMENT;LANGUAGE=en-GB:\\n",
        "UID:visit-1@school.example",
        "SUMMARY;LANGUAGE=en-GB:Accepted: Visit",
        "RECURRENCE-ID;TZID=GMT Standard Time:20260402T090000",
        "DTSTART;TZID=GMT Standard Time:20260402T090000",
        "DTEND;TZID=GMT Standard Time:20260402T100000",
        "CLASS:PRIVATE",
        "PRIORITY:5",
        "DTSTAMP:20260302T081500Z",
        "TRANSP:OPAQUE",
        "STATUS:CONFIRMED",
        "SEQUENCE:2",
        "X-MICROSOFT-CDO-APPT-SEQUENCE:2",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        zone=OUTLOOK_ZONE,
    )
    return mail(
        many(
            "alternative",
            part('text/plain; charset="iso-8859-1"', "", "quoted-printable"),
            part('text/html; charset="iso-8859-1"', "<html><body></body></html>", "quoted-printable"),
            part('text/calendar; charset="utf-8"; method=REPLY', text, "base64"),
            edge="_000_AM0PR0102MB_",
        ),
        "Content-Language: en-GB",
        "X-MS-Has-Attach:",
        "X-MS-TNEF-Correlator:",
        to="'Side by Side' <answers+S3CRET@school.example>",
        sender='"Sá, Ana" <ana@school.example>',
    )


def google(status: str = "DECLINED") -> bytes:
    """Google: mixed, in it an alternative with the calendar, and the same once more as a file; written by a machine."""
    text = calendar(
        "DTSTART:20260302T093000Z",
        "DTEND:20260302T101500Z",
        "DTSTAMP:20260301T200000Z",
        "ORGANIZER;CN=Side by Side:mailto:answers+s3cret@school.example",
        "UID:visit-1@school.example",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={status};CN=Ana Sá;X-NUM-GUESTS=0:mailto:ana@sc\n"
        " hool.example",
        "CREATED:20260220T120000Z",
        "DESCRIPTION:A talk\\, then a visit",
        "LAST-MODIFIED:20260301T200000Z",
        "SEQUENCE:1",
        "STATUS:CONFIRMED",
        "SUMMARY:Visit",
        "TRANSP:OPAQUE",
    )
    both = many(
        "alternative",
        part('text/plain; charset="UTF-8"; format=flowed; delsp=yes', "Ana has declined.", "base64"),
        part('text/html; charset="UTF-8"', "<p>Ana has declined.</p>", "quoted-printable"),
        part('text/calendar; charset="UTF-8"; method=REPLY', text, "quoted-printable"),
        edge="0000000000001b",
    )
    file = part(
        'application/ics; name="invite.ics"', text, "base64", 'Content-Disposition: attachment; filename="invite.ics"\n'
    )
    return mail(many("mixed", both, file, edge="0000000000001a"), "Auto-Submitted: auto-generated")


def apple(status: str = "TENTATIVE") -> bytes:
    """Apple: a line of text and the calendar, beside each other, eight bits to the byte."""
    text = calendar(
        "UID:visit-1@school.example",
        "DTSTAMP:20260302T081500Z",
        f"ATTENDEE;CN=Ana Sá;CUTYPE=INDIVIDUAL;EMAIL=ana@school.example;PARTSTAT={status}:urn:uuid:0A1B2C3D",
        "DTSTART;TZID=Europe/Lisbon:20260302T093000",
        "DTEND;TZID=Europe/Lisbon:20260302T101500",
        "ORGANIZER;CN=Side by Side;EMAIL=answers+s3cret@school.example:mailto:answers+s3cret@school.example",
        "SEQUENCE:0",
        "SUMMARY:Visit",
    )
    return mail(
        many(
            "mixed",
            part("text/plain; charset=us-ascii", "Ana replied maybe.\n"),
            part(
                "text/calendar; charset=utf-8; method=REPLY",
                text,
                "8bit",
                "Content-Disposition: attachment; filename=iCal-1.ics\n",
            ),
            edge="Apple-Mail-1",
        ),
        "X-Mailer: iCal 10.0",
    )


def counter(*lines: str) -> bytes:
    """Another time proposed, the whole list of those invited sent along."""
    text = calendar(
        "UID:visit-1@school.example",
        "DTSTAMP:20260302T081500Z",
        "SEQUENCE:2",
        "ORGANIZER:mailto:answers+s3cret@school.example",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:rui@school.example",
        "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ana@school.example",
        *(lines or ("DTSTART;TZID=GMT Standard Time:20260403T090000", "DTEND;TZID=GMT Standard Time:20260403T094500")),
        method="COUNTER",
        zone=OUTLOOK_ZONE,
    )
    return mail(part("text/calendar; charset=utf-8; method=COUNTER", text, "base64"))
