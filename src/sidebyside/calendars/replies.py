"""Reading a mail that answers an invitation: whose answer, to what, yes or no, or another time proposed.

A mail is a stranger's. Its From proves nothing: what proves an answer is the secret in the address it was sent to,
which only those invited know. So the addresses are given as they stand, and the caller looks for its secret there.
Bounds: 2 MB, 100 parts, 256 KB and 50 events of calendar. Nothing is ever answered from here, so no two machines can
write to each other. Formats: RFC 5322, RFC 5546, RFC 6047.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses
from typing import Literal
from urllib.parse import unquote

from icalendar import Parameters, vDDDTypes, vDuration

from sidebyside.base.marking import N_
from sidebyside.calendars import lines
from sidebyside.calendars.lines import CalendarRefused, Component
from sidebyside.calendars.writing import Answer
from sidebyside.calendars.zones import named, zones

LARGEST = 2 * 1024 * 1024  # bytes of a mail
LARGEST_CALENDAR = 256 * 1024
MOST_PARTS = 100
MOST_CALENDARS = 10
MOST_EVENTS = 50
MOST_HEADERS = 5  # of one name
LONGEST_HEADER = 10_000  # characters of a header that is looked at

ANSWERS: dict[str, Answer] = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "perhaps", "NEEDS-ACTION": "asked"}
TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
KEPT = lines.KEPT | {"METHOD", "ATTENDEE", "ORGANIZER", "DTSTAMP"}
SENT_BY = ("From", "Sender", "Reply-To")
SENT_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To")
AUTOMATIC = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "X-Auto-Response-Suppress",
    "X-Failed-Recipients",
    "List-Id",
)
AUTOMATIC_SUBJECT = re.compile(
    r"\s*(auto(matic)?[ -]?(reply|response)|out of (the )?office|automatische antwort|abwesenheit|réponse automatique|"
    r"absence du bureau|respuesta automática|fuera de la oficina|resposta automática|risposta automatica|"
    r"undeliver|delivery (status notification|failure)|mail delivery failed|returned mail)",
    re.IGNORECASE,
)
READ_AS = re.compile(r"(utf-?(8|16|32)|ascii|iso|cp|koi8|gb|big5|euc|shift|mac)[\w-]*")

TOO_LARGE = N_("This mail is larger than %(most)s MB.")
TOO_MANY = N_("This mail has more than %(most)s parts.")
BROKEN = N_("This mail cannot be read.")
NO_ANSWER = N_("This mail carries no answer to an invitation. Answer with the buttons of your calendar.")
ONLY_OUTLOOK = N_("This mail carries its answer in a form that only Outlook reads. Answer with the button in the mail.")
NO_UID = N_("This answer does not say which appointment it is about.")
NO_NAME = N_("This answer does not say whose it is.")
UNCLEAR = N_("This answer says neither yes nor no.")
NO_TIME = N_("The time that this answer proposes cannot be read.")


class ReplyRefused(Exception):
    """The mail is no answer that can be read. `sentence` is the text to look up, `values` what to put into it."""

    def __init__(self, sentence: str, values: Mapping[str, object] | None = None) -> None:
        self.sentence = sentence
        self.values = dict(values or {})
        super().__init__(sentence % self.values if self.values else sentence)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to an invitation, or another time proposed ("proposal", with `begin` and `end`).

    `to` are all addresses it was sent to, those of the mail first, then that of the invitation it answers. `stamp` is
    when she answered: of two answers of one sequence the later counts. `recurrence_id`, `begin` and `end` are without
    zone where the mail names none: then they are by the clock of the appointment's own zone (see `placed`).
    `further` are answers to other occurrences in the same mail.
    """

    kind: Literal["answer", "proposal"]
    uid: str
    sequence: int
    recurrence_id: datetime | None
    attendee: str
    answer: Answer
    stamp: datetime | None
    to: tuple[str, ...]
    begin: datetime | None = None
    end: datetime | None = None
    further: tuple[Reply, ...] = ()

    def tokens(self, mailbox: str) -> tuple[str, ...]:
        """The secrets in the addresses `mailbox+SECRET@anywhere` it was sent to, in small letters, each once.

        Mail servers may change the case of an address; a secret must not depend on it.
        """
        start = mailbox.lower() + "+"
        names = [address.rpartition("@")[0].lower() for address in self.to]
        return tuple(dict.fromkeys(name.removeprefix(start) for name in names if name.startswith(start)))


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a mail was sent to, and by whom in small letters, as its headers say."""

    to: list[str]
    senders: set[str]


def placed(moment: datetime, zone: tzinfo) -> datetime:
    """A time of a reply in UTC; one without zone lies in `zone`."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def read_reply(message: bytes) -> Reply | None:
    """What a mail answers to an invitation. None: a machine wrote it, there is nothing to do and nobody to tell.

    Calendars answer by machine too (a room that accepts by itself), so a mail with an answer in it is read whoever
    wrote it; but a report on a mail that was not delivered never is. Raises ReplyRefused with a sentence.
    """
    if len(message) > LARGEST:
        raise ReplyRefused(TOO_LARGE, {"most": LARGEST // 1024**2})
    automatic = False
    try:
        head = BytesHeaderParser().parsebytes(message)
        if is_report(head):
            return None
        automatic = is_automatic(head)
        return answer_in(message, head)
    except ReplyRefused:
        if automatic:
            return None
        raise
    except Exception:  # a stranger's mail may break the parsers in ways of its own
        raise ReplyRefused(BROKEN) from None


def answer_in(message: bytes, head: Message) -> Reply:
    """The answer in a mail that begins with `head`. Raises ReplyRefused."""
    if len(re.findall(rb"multipart/", message, re.IGNORECASE)) > MOST_PARTS:  # each may hold the next
        raise ReplyRefused(TOO_MANY, {"most": MOST_PARTS})
    parts = leaves(BytesParser().parsebytes(message))
    envelope = Envelope(addresses(head, SENT_TO), {one.lower() for one in addresses(head, SENT_BY)})
    found = first_answer(envelope, parts)
    if found is None:
        outlook = any(part.get_content_type() in TNEF for part in parts)
        raise ReplyRefused(ONLY_OUTLOOK if outlook else NO_ANSWER)
    return found


def first_answer(envelope: Envelope, parts: list[Message]) -> Reply | None:
    """The answer of the first calendar among the parts that has one."""
    for part in [part for part in parts if is_calendar(part)][:MOST_CALENDARS]:
        try:
            replies = answers(text_of(part), str(part.get_param("method") or ""), envelope)
        except CalendarRefused:
            continue
        if replies:
            return replace(replies[0], further=tuple(replies[1:]))
    return None


def is_calendar(part: Message) -> bool:
    """Whether a part says that it is a calendar."""
    named_so = str(part.get_filename() or "").lower().endswith(".ics")
    return named_so or part.get_content_type() in ("text/calendar", "application/ics")


# What a mail is


def header(head: Message, name: str) -> str:
    """The first header of that name as far as it is looked at, or nothing."""
    return str(head.get(name, ""))[:LONGEST_HEADER]


def is_report(head: Message) -> bool:
    """Whether the mail tells what became of another mail."""
    return head.get_content_type() == "multipart/report" or "report-type" in header(head, "Content-Type").lower()


def is_automatic(head: Message) -> bool:
    """Whether a machine wrote the mail (RFC 3834, and what programs wrote before and beside it)."""
    submitted = header(head, "Auto-Submitted").split(";")[0].strip().lower()
    sender = addresses(head, ("From",))
    return bool(
        submitted not in ("", "no")
        or any(name in head for name in AUTOMATIC)
        or header(head, "Precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply")
        or header(head, "Return-Path").strip() == "<>"
        or any(re.match(r"(mailer-daemon|postmaster|no-?reply)\b", one, re.IGNORECASE) for one in sender)
        or AUTOMATIC_SUBJECT.match(decoded(header(head, "Subject")))
    )


def decoded(text: str) -> str:
    """A header as it is read."""
    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError, MessageError):
        return text


def addresses(head: Message, names: Iterable[str]) -> list[str]:
    """The addresses in headers of these names, each once."""
    texts = [str(text)[:LONGEST_HEADER] for name in names for text in head.get_all(name, [])[:MOST_HEADERS]]
    found = (address.strip() for _, address in getaddresses(texts))
    return list(dict.fromkeys(address for address in found if "@" in address))


def leaves(message: Message) -> list[Message]:
    """The parts that hold something, in order; never those of a mail within the mail. Raises ReplyRefused."""
    found: list[Message] = []
    for part in _leaves(message):
        found.append(part)
        if len(found) > MOST_PARTS:
            raise ReplyRefused(TOO_MANY, {"most": MOST_PARTS})
    return found


def _leaves(message: Message) -> Iterator[Message]:
    held = message.get_payload()
    if message.get_content_maintype() == "message":
        return
    if isinstance(held, list):
        for part in held:
            if isinstance(part, Message):
                yield from _leaves(part)
    else:
        yield message


def text_of(part: Message) -> str:
    """The text of a part, by the character set it names where that is one for text."""
    held = part.get_payload(decode=True)
    if not isinstance(held, bytes) or len(held) > LARGEST_CALENDAR:
        raise ReplyRefused(NO_ANSWER)
    try:
        codec = codecs.lookup(str(part.get_content_charset("utf-8"))).name
    except (LookupError, ValueError):
        codec = "utf-8"
    if codec == "ascii" or not READ_AS.fullmatch(codec):
        codec = "utf-8"
    return held.decode(codec, errors="replace")


# What its calendar says


def answers(text: str, method: str, envelope: Envelope) -> list[Reply]:
    """The answers in a calendar; none where it is of another kind. Raises ReplyRefused, CalendarRefused."""
    replies: list[Reply] = []
    for calendar in lines.components(text.encode("utf-8", errors="replace"), KEPT):
        said = (calendar.value("METHOD") or method).upper()
        if calendar.name != "VCALENDAR" or said not in ("REPLY", "COUNTER"):
            continue
        known = zones([calendar])
        for event in calendar.parts:
            if event.name == "VEVENT":
                replies.append(reply_of(event, said, known, envelope))
                if len(replies) > MOST_EVENTS:
                    raise ReplyRefused(NO_ANSWER)
    return replies


def reply_of(event: Component, method: str, known: Mapping[str, tzinfo], envelope: Envelope) -> Reply:
    """What one VEVENT answers. Raises ReplyRefused."""
    uid = event.value("UID")
    if not re.fullmatch(r"[!-~]{1,255}", uid):
        raise ReplyRefused(NO_UID)
    attendee, status = who(event, envelope.senders)
    sequence, stamp = event.value("SEQUENCE"), moment_of(event, "DTSTAMP", known)
    organizers = [person(parameters, value) for name, parameters, value in event.lines if name == "ORGANIZER"]
    reply = Reply(
        kind="answer",
        uid=uid,
        sequence=int(sequence) if re.fullmatch(r"[0-9]{1,9}", sequence) else 0,
        recurrence_id=moment_of(event, "RECURRENCE-ID", known),
        attendee=attendee,
        answer=ANSWERS.get(status, "perhaps"),
        stamp=placed(stamp, UTC) if stamp else None,
        to=tuple(dict.fromkeys([*envelope.to, *(one for one in organizers if one)])),
    )
    if event.value("RECURRENCE-ID") and reply.recurrence_id is None:
        raise ReplyRefused(NO_UID)
    if method == "COUNTER":
        return proposal(reply, event, known)
    if status not in ANSWERS:
        raise ReplyRefused(UNCLEAR)
    return reply


def proposal(reply: Reply, event: Component, known: Mapping[str, tzinfo]) -> Reply:
    """The reply with the time it proposes. Raises ReplyRefused."""
    begin, end = moment_of(event, "DTSTART", known), moment_of(event, "DTEND", known)
    if begin is not None and end is None:
        try:
            lasts: timedelta = vDuration.from_ical(event.value("DURATION"))
            end = begin + lasts
        except (ValueError, OverflowError):
            end = None
    if begin is None or end is None or placed(end, UTC) <= placed(begin, UTC):
        raise ReplyRefused(NO_TIME)
    return replace(reply, kind="proposal", begin=begin, end=end)


def who(event: Component, senders: set[str]) -> tuple[str, str]:
    """Whose answer it is, in small letters, and her status. Raises ReplyRefused.

    Some programs send the whole list back: then it is that of whoever sent the mail.
    """
    listed: dict[str, str] = {}
    for name, parameters, value in event.lines:
        if name == "ATTENDEE" and (address := person(parameters, value)):
            listed.setdefault(address.lower(), parameter(parameters, "PARTSTAT").upper() or "NEEDS-ACTION")
    if len(listed) > 1:
        listed = {address: status for address, status in listed.items() if address in senders}
    if len(listed) != 1:
        raise ReplyRefused(NO_NAME)
    return next(iter(listed.items()))


def person(parameters: str, value: str) -> str:
    """The mail address of somebody, or nothing: that of the link, else the one given beside it (RFC 7986, 6.2)."""
    link = unquote(value[7:]) if value[:7].lower() == "mailto:" else ""
    for address in (link, parameter(parameters, "EMAIL"), value):
        if re.fullmatch(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,128}@[A-Za-z0-9\x80-\U0010ffff.-]{1,253}", address):
            return address
    return ""


def parameter(parameters: str, name: str) -> str:
    """A parameter of a line, or nothing."""
    value = Parameters.from_ical(parameters.lstrip(";")).get(name, "") if parameters else ""
    return str(value[0] if isinstance(value, list) else value)


def moment_of(event: Component, name: str, known: Mapping[str, tzinfo]) -> datetime | None:
    """A time of the event in UTC, without zone where none is named or known; a day is its midnight; or None."""
    for line, parameters, value in event.lines:
        if line != name:
            continue
        try:
            moment: object = vDDDTypes.from_ical(value)
        except ValueError:
            return None
        if isinstance(moment, date) and not isinstance(moment, datetime):
            moment = datetime.combine(moment, time())
        if not isinstance(moment, datetime):
            return None
        zone = parameter(parameters, "TZID")
        where = moment.tzinfo or (known.get(zone) or named(zone) if zone else None)
        try:
            return placed(moment, where) if where else moment
        except OverflowError:
            return None
    return None
