"""Sending many mails one after the other, over one connection to the mail server.

A mail that the server does not take stops no other; a server that is away is not asked again and again. What was told
is written down after the server took the mail: whoever sends again later sends what was missed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core.mail import EmailMessage, get_connection

MOST_LOST = 3  # then the mail server is taken to be away
FAULTS = (OSError, ValueError)  # SMTPException is an OSError
OF_ONE_MAIL = (SMTPRecipientsRefused, SMTPDataError, ValueError)  # they say nothing about the next

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """A mail that is to go: whether it still is (another server may have sent it, or nothing needs to be told any
    more), what it says, and what to write down once it went."""

    is_due: Callable[[], bool]
    mail: Callable[[], EmailMessage]
    sent: Callable[[], object]


def send_all(letters: Iterable[Letter]) -> int:
    """Send these mails, and return how many went. A fault is written to the log by its kind alone."""
    number = lost = 0
    connection = get_connection()
    try:
        for letter in letters:
            if not letter.is_due():
                continue
            try:
                connection.open()
                mail = letter.mail()
                mail.connection = connection
                mail.send()
            except FAULTS as fault:
                _log.error("A mail was not sent: %s.", type(fault).__name__)
                connection.close()
                lost += not isinstance(fault, OF_ONE_MAIL)
                if lost >= MOST_LOST:
                    break
            else:
                number += 1
                letter.sent()
    finally:
        connection.close()
    return number
