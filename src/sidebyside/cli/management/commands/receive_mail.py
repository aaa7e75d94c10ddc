"""Answers to invitations that arrive by mail: a mail server hands each mail to this command."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from sidebyside.base.refusals import Refused
from sidebyside.calendars.replies import LARGEST
from sidebyside.notices.answers import receive


class Command(BaseCommand):
    """`sidebyside receive_mail < message`: status 0 done or nothing to do, 2 refused with a sentence."""

    help = "Take one mail from standard input: an answer to an invitation. No mail is ever answered by a mail."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        message = sys.stdin.buffer.read(LARGEST + 1)
        try:
            taken = receive(message, at=timezone.now())
        except Refused as refused:
            self.stderr.write(refused.sentence)
            sys.exit(2)
        if verbosity > 1:
            self.stdout.write(str(taken))
