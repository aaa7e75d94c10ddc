"""What has to go by and by: `serve` does this once an hour; it may be called at any time, also twice at once."""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sidebyside.base import bin, sent_forms
from sidebyside.base.files import storing
from sidebyside.base.live import documents
from sidebyside.calendars.actions.connections import read_due
from sidebyside.calendars.actions.timetable_uploads import put_old_uploads_away
from sidebyside.conversations.actions import forget_scratch
from sidebyside.lessons.actions.lessons import delete_what_nothing_shows
from sidebyside.materials.actions import end_access_of_leavers
from sidebyside.materials.standards_uploads import forget_old_packages
from sidebyside.notices.cover_mails import send_untold_cover
from sidebyside.notices.invitations import send_untold
from sidebyside.notices.reminders import remind
from sidebyside.partnerships.actions import forget_closed
from sidebyside.people.actions import forget_attempts, forget_passes
from sidebyside.places.actions.rosters import put_away_old

TASKS: dict[str, tuple[str, Callable[[datetime], int]]] = {
    "removed": ("records emptied from bins after 30 days", lambda at: bin.empty(at=at)),
    "lesson_texts": ("texts of lessons that went for good", lambda at: delete_what_nothing_shows()),
    "files": ("files that belong to nothing any more", lambda at: storing.tidy(at=at)),
    "scratch_notes": ("scratch notes not changed for 30 days", lambda at: forget_scratch(at)),
    "sent_forms": ("marks of forms sent more than a day ago", lambda at: sent_forms.forget(at=at)),
    "passes": ("links and codes that ended 30 days ago", lambda at: forget_passes(at=at)),
    "attempts": ("attempts to sign in, more than an hour ago", lambda at: forget_attempts(at=at)),
    "proposals": ("questions closed 14 days ago", lambda at: forget_closed(at=at)),
    "rosters": ("rosters nobody decided about for a day", lambda at: put_away_old(at=at)),
    "standards": ("packages of standards nobody decided about for a day", lambda at: forget_old_packages(at=at)),
    "timetables": ("timetable files nobody decided about for a day", lambda at: put_old_uploads_away(at=at)),
    "leavers": ("leavers whose days to sign in are over", lambda at: end_access_of_leavers(at=at)),
    "invitations": ("invitations that had not gone yet", lambda at: send_untold(at=at)),
    "cover": ("mails about cover that had not gone yet", lambda at: send_untold_cover(at=at)),
    "reminders": ("reminders of tomorrow", lambda at: remind(at=at)),
    "live_documents": ("texts whose last changes became part of them", lambda at: documents.compact_all(at=at)),
    "calendars": ("calendars of elsewhere that were read", lambda at: read_due(at=at)),
}

_log = logging.getLogger(__name__)


class Command(BaseCommand):
    """`sidebyside periodic`: prints how much went, or one JSON object of numbers. What fails stops nothing else, and
    ends in status 1."""

    help = "Delete what has lain long enough, and end the access of leavers. The server does this once an hour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    # (Django hands options over by name: --json is called json)
    def handle(self, *args: Any, json: bool, verbosity: int, **options: Any) -> None:  # noqa: A002
        at = timezone.now()
        numbers, failed = {}, []
        for name, (_words, act) in TASKS.items():
            try:
                numbers[name] = act(at)
            except Exception as fault:  # whatever it was, the others go on: a reminder does not wait for a bin
                _log.error("%s: %s.", name, type(fault).__name__)
                numbers[name] = 0
                failed.append(name)
        call_command("clearsessions")
        if json:
            self.stdout.write(as_json(numbers))
        elif verbosity:
            for name, (words, _act) in TASKS.items():
                self.stdout.write(f"{numbers[name]:>7} {words}")
        if failed:
            raise CommandError(f"This failed, and is tried again in an hour: {', '.join(failed)}.")


def as_json(numbers: dict[str, int]) -> str:
    """The numbers as one JSON object."""
    return json.dumps(numbers)
