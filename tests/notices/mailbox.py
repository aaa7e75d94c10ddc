"""A mail server of one's own on loopback, and what the mails that it took say."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from icalendar import Calendar, Event


@dataclass
class Mailbox:
    """What a server took, in order; `refuse` are addresses that it does not know."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  (named by aiosmtpd)
        """Say whether there is such an address here."""
        if address in self.refuse:
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    # (the name that aiosmtpd calls)
    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        """Keep a mail."""
        self.raw.append(envelope.content)
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def take(self) -> list[EmailMessage]:
        """The mails since the last time."""
        found, self.messages = self.messages, []
        return found


@contextlib.contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A server for the time of a test."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    box = Mailbox(port)
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Invitation:
    """The iCalendar part of a mail."""

    method: str
    events: list[Event]
    zones: list[str]

    @property
    def event(self) -> Event:
        """Its only event."""
        [event] = self.events
        return event


def invitation_in(message: EmailMessage) -> Invitation:
    """The calendar in a mail, as a calendar program finds it: by its type, with the method in it and in the file."""
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert part["Content-Type"].params["charset"].lower() == "utf-8"
    calendar = Calendar.from_ical(part.get_content())
    method = str(calendar["METHOD"])
    assert part["Content-Type"].params["method"] == method
    zones = [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")]
    return Invitation(method, list(calendar.walk("VEVENT")), zones)


def text_of(message: EmailMessage) -> str:
    """The plain words of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def sequence(event: Event) -> int:
    """The SEQUENCE of an event."""
    return int(event["SEQUENCE"])


def begins(event: Event) -> datetime:
    """When an event begins."""
    found: datetime = event["DTSTART"].dt
    return found
