"""Writing appointments as iCalendar: a feed to subscribe to, an invitation, a cancellation.

The same input gives the same bytes. What people wrote is text and never a line of the file; times carry the zone they
were made in, described in the file, so that a series stays at its hour when the clocks change. Formats: RFC 5545,
RFC 5546 (invitations) and RFC 7986 (what a feed says of itself).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from urllib.parse import quote

from icalendar import Calendar, Event, vCalAddress, vDuration, vRecur, vText, vUri

from sidebyside.calendars.zone_blocks import block, known

Answer = Literal["asked", "yes", "no", "perhaps"]

PRODUCT = "-//Side by Side//Calendar//EN"
IN_UTC = {"UTC", "Etc/UTC"}
ANSWERS: dict[Answer, str] = {"asked": "NEEDS-ACTION", "yes": "ACCEPTED", "no": "DECLINED", "perhaps": "TENTATIVE"}
LONGEST_LINE = 500  # characters of a title, a place or a name
LONGEST_TEXT = 8000
LONGEST_ADDRESS = 254
ENDLESS = 10  # years that zones are described for where a series has no end

# No text carries these: what ends a line or a file, and what makes the following text run the other way for ever.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ufeff\ufffe\uffff]")
SURROGATES = re.compile("[\ud800-\udfff]")
LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody invited: her name, her mail address, what she answered."""

    name: str
    address: str
    answer: Answer = "asked"


@dataclass(frozen=True, slots=True)
class Entry:
    """An appointment, a series, or one occurrence of a series that was changed.

    `begin` and `end` are aware; `zone` is the IANA name of the zone they are written in; `stamp` says when the entry
    got its present shape. `rule` is the value of an RRULE, `left_out` are beginnings of its occurrences that do not
    take place, `changed` those that differ, each with the `recurrence_id` at which it would have begun. Raises
    ValueError for what no calendar could hold.
    """

    uid: str
    sequence: int
    begin: datetime
    end: datetime
    zone: str
    summary: str
    stamp: datetime
    description: str = ""
    location: str = ""
    address_url: str = ""
    cancelled: bool = False
    rule: str = ""
    changed: tuple[Entry, ...] = ()
    recurrence_id: datetime | None = None
    left_out: tuple[datetime, ...] = ()
    organizer: tuple[str, str] | None = None  # name and mail address
    attendees: tuple[Attendee, ...] = ()
    private: bool = True

    def __post_init__(self) -> None:
        moments = [self.begin, self.end, self.stamp, *self.left_out]
        if self.recurrence_id is not None:
            moments.append(self.recurrence_id)
        if any(moment.tzinfo is None for moment in moments):
            raise ValueError("Every time of an entry must be aware.")
        if self.end.astimezone(UTC) <= self.begin.astimezone(UTC):
            raise ValueError("An entry must begin before it ends.")
        if not re.fullmatch(r"[!-~]{1,255}", self.uid) or self.sequence < 0:
            raise ValueError("A UID is of plain signs, and a sequence counts from nought.")
        if self.address_url and not re.fullmatch(r"https?://[!-~]{1,2000}", self.address_url):
            raise ValueError("The address of a page begins with http.")
        if self.recurrence_id is not None and (self.rule or self.changed or self.left_out):
            raise ValueError("One occurrence of a series is none itself.")
        if any(one.recurrence_id is None or one.uid != self.uid for one in self.changed):
            raise ValueError("A changed occurrence says which one it is, and has the UID of its series.")
        known(self.zone)
        if self.rule:
            rule_of(self)


def feed(entries: Iterable[Entry], *, name: str, zone: str, refresh: timedelta = timedelta(hours=1)) -> bytes:
    """The file that a calendar program subscribes to, called `name`, at home in the IANA `zone`.

    `refresh` is how often it should look again. People invited are not in it: a published calendar has none
    (RFC 5546, 3.2.1).
    """
    calendar = begun("PUBLISH")
    title = one_line(name)
    calendar.add("NAME", vText(title))
    calendar.add("X-WR-CALNAME", vText(title))
    calendar.add("X-WR-TIMEZONE", vText(known(zone).key))
    calendar.add("REFRESH-INTERVAL", refresh, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(refresh))
    return finished(calendar, list(entries), attended=False)


def invitation(entry: Entry, *, to: str) -> bytes:
    """The file that invites whoever has the mail address `to`, one of the entry's attendees, or tells her of a change.

    An entry with a `recurrence_id` tells of that occurrence only. Raises ValueError without an organizer, and where
    `to` is not invited.
    """
    if entry.cancelled:
        raise ValueError("What is cancelled needs a cancellation.")
    return sent("REQUEST", entry, to)


def cancellation(entry: Entry, *, to: str) -> bytes:
    """The file that takes an entry back from whoever has the mail address `to`; otherwise as `invitation`.

    The entry's sequence must be above that of the last invitation, or calendar programs let it stand.
    """
    return sent("CANCEL", entry, to)


def sent(method: Literal["REQUEST", "CANCEL"], entry: Entry, to: str) -> bytes:
    """A file for one of those invited."""
    if entry.organizer is None:
        raise ValueError("An invitation needs somebody who invites.")
    if mail_address(to).lower() not in {mail_address(one.address).lower() for one in entry.attendees}:
        raise ValueError("This address is not invited.")
    return finished(begun(method), [entry], attended=True)


def begun(method: str) -> Calendar:
    """A calendar with nothing in it."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    return calendar


def finished(calendar: Calendar, entries: list[Entry], *, attended: bool) -> bytes:
    """The calendar with a description of every zone first, then the entries."""
    years: dict[str, list[int]] = {}
    cancelled = calendar["METHOD"] == "CANCEL"
    # A series that is taken back goes with all its occurrences.
    single = [(one, entry.zone) for entry in entries for one in (entry, *(() if cancelled else entry.changed))]
    for one, zone in single:
        for used in {one.zone, zone} - IN_UTC:
            years.setdefault(used, []).extend(years_of(one))
    for zone in sorted(years):
        calendar.add_component(block(zone, min(years[zone]), max(years[zone])))
    for one, zone in single:
        calendar.add_component(event_of(one, zone, attended=attended, cancelled=cancelled))
    data: bytes = calendar.to_ical()
    return data


def years_of(entry: Entry) -> list[int]:
    """The years that an entry touches, the first and the last of them."""
    years = [moment.astimezone(UTC).year for moment in (entry.begin, entry.end)]
    if entry.recurrence_id is not None:
        years.append(entry.recurrence_id.astimezone(UTC).year)
    if entry.rule:
        until = rule_of(entry).get("UNTIL")
        years.append(until[0].year if until else years[0] + ENDLESS)
    return years


def event_of(entry: Entry, zone: str, *, attended: bool, cancelled: bool) -> Event:
    """One VEVENT, with the time at which an occurrence would have begun in its series' `zone`."""
    event, off = Event(), cancelled or entry.cancelled
    series = bool(entry.rule)
    event.add("UID", entry.uid)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", entry.stamp.astimezone(UTC))
    event.add("LAST-MODIFIED", entry.stamp.astimezone(UTC))
    event.add("DTSTART", local(entry.begin, entry.zone, series=series))
    event.add("DTEND", local(entry.end, entry.zone))
    if entry.recurrence_id is not None:
        event.add("RECURRENCE-ID", local(entry.recurrence_id, zone, series=True))
    if series:
        event.add("RRULE", rule_of(entry))
    for moment in sorted(entry.left_out):
        event.add("EXDATE", local(moment, zone, series=True))
    event.add("SUMMARY", vText(one_line(entry.summary)))
    if entry.description:
        event.add("DESCRIPTION", vText(clean(entry.description, LONGEST_TEXT)))
    if entry.location:
        event.add("LOCATION", vText(one_line(entry.location)))
    if entry.address_url:
        event.add("URL", vUri(entry.address_url))
    event.add("CLASS", "PRIVATE" if entry.private else "PUBLIC")
    event.add("STATUS", "CANCELLED" if off else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if off else "OPAQUE")
    if entry.organizer is not None:
        event.add("ORGANIZER", person(*entry.organizer))
    for one in entry.attendees if attended else ():
        event.add("ATTENDEE", attendee(one))
    return event


def rule_of(entry: Entry) -> vRecur:
    """The rule of a series, its end in UTC as RFC 5545, 3.3.10 asks of times in a zone. Raises ValueError."""
    if not re.fullmatch(r"FREQ=[A-Z]+(;[A-Z]+=[A-Z0-9,+-]+)*", entry.rule):
        raise ValueError("This is not the rule of a series.")
    rule: vRecur = vRecur.from_ical(entry.rule)
    if str(rule["FREQ"][0]).upper() not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise ValueError("A series repeats daily or more seldom.")
    if "UNTIL" in rule:
        until: date = rule["UNTIL"][0]
        if not isinstance(until, datetime):
            until = datetime.combine(until, time(23, 59, 59))
        if until.tzinfo is None:
            until = until.replace(tzinfo=known(entry.zone))
        rule["UNTIL"] = [until.astimezone(UTC)]
    return rule


def local(moment: datetime, zone: str, *, series: bool = False) -> datetime:
    """A time in its zone, to the second; in UTC where the clock shows it twice and it is the second of the two.

    An occurrence of a series stays in its zone always, as the series is counted there.
    """
    if zone in IN_UTC:
        return moment.astimezone(UTC).replace(microsecond=0)
    there = moment.astimezone(UTC).astimezone(known(zone)).replace(microsecond=0)
    if there.fold and not series and there.replace(fold=0).utcoffset() != there.utcoffset():
        return there.astimezone(UTC)
    return there.replace(fold=0)


def attendee(one: Attendee) -> vCalAddress:
    """Somebody invited, as a property."""
    value = person(one.name, one.address)
    value.params["CUTYPE"] = "INDIVIDUAL"
    value.params["ROLE"] = "REQ-PARTICIPANT"
    value.params["PARTSTAT"] = ANSWERS[one.answer]
    value.params["RSVP"] = "TRUE"
    return value


def person(name: str, address: str) -> vCalAddress:
    """A person's name and address. A straight quotation mark would end the name: Outlook knows no way to write it."""
    value = vCalAddress(f"mailto:{mail_address(address)}")
    shown = one_line(name).replace('"', "'").replace("^", "")
    if shown:
        value.params["CN"] = shown
    return value


def mail_address(address: str) -> str:
    """A mail address as it stands in a link, its domain in ASCII. Raises ValueError where it is none."""
    name, _, domain = address.rpartition("@")
    odd = re.search(r'[\s"<>()\[\],;:\\@]', name) or CONTROLS.search(address) or SURROGATES.search(address)
    if not name or odd or len(address) > LONGEST_ADDRESS:
        raise ValueError("This is not a mail address.")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError("This is not a mail address.") from None
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*", domain):
        raise ValueError("This is not a mail address.")
    return quote(name, safe="!$&'*+/=-._~") + "@" + domain


def one_line(text: str, most: int = LONGEST_LINE) -> str:
    """Text on one line."""
    return " ".join(clean(text, most).split())


def clean(text: str, most: int) -> str:
    """Text of at most so many characters, without the signs that no text carries; lines end by a line feed."""
    text = SURROGATES.sub("\ufffd", CONTROLS.sub("", LINE_ENDS.sub("\n", text)))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
