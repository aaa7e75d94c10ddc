"""Bring a roster in from the command line: preview it, confirm what has to be confirmed, apply it."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside.base.faults import Fault
from sidebyside.base.refusals import Refused
from sidebyside.places.actions.rosters import Outdated, Unanswered, apply_roster, unanswered
from sidebyside.places.roster.changes import VERDICTS, Changes
from sidebyside.places.roster.plain import TEMPLATE
from sidebyside.places.roster.records import ArchiveRefused
from sidebyside.places.roster_queries import Preview, preview, source_named

REFUSED, UNCONFIRMED = 2, 3
NOTHING = {"people": dict.fromkeys(VERDICTS, 0), "places": dict.fromkeys(VERDICTS, 0)}
FAULTS_SHOWN = 50


class Command(BaseCommand):
    """`sidebyside import_roster PATH --source NAME`: docs/running.md says when to use what.

    Exit status: 0 applied or previewed, 2 the roster is refused, 3 something must be confirmed and nothing
    was applied.
    """

    help = "Bring in a roster: OneRoster CSV 1.1 or 1.2 (a zip or a folder), or one CSV sheet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="a zip, a folder of sheets, or one CSV sheet")
        parser.add_argument(
            "--source", default="default", help="whose roster this is; it retires only people of its own"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--yes", action="store_true", help="apply though rows are refused; they stay out")
        parser.add_argument("--leaving", type=int, metavar="N", help="confirm that so many people leave")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--template", action="store_true", help="print an example of the one CSV sheet")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"]:
            self.stdout.write(TEMPLATE, ending="")
            return
        if options["path"] is None:
            raise CommandError(_("Say which roster: a zip, a folder or a CSV sheet."), returncode=REFUSED)
        migrate_empty_database()
        at = timezone.now()
        on = timezone.localdate()
        try:
            source = source_named(options["source"])
            seen = preview(options["path"], source=source, on=on, by_operator=True, progress=self._progress)
        except ArchiveRefused as fault:
            self._report(NOTHING, {}, fault.faults, applied=False, as_json=options["json"])
            raise CommandError(_("The roster is refused. Nothing was applied."), returncode=REFUSED) from fault
        applied, problem = self._apply(seen, at, on, options)
        changes = seen.changes
        self._report(changes.count(), changes.ignored, changes.refused, applied=applied, as_json=options["json"])
        if problem:
            raise problem
        for sentence in self._open_questions(changes, options) if options["dry_run"] else ():
            self.stderr.write(sentence)

    def _apply(
        self, seen: Preview, at: datetime, on: date, options: dict[str, Any]
    ) -> tuple[bool, CommandError | None]:
        """Apply unless it is a dry run; whether it was applied, and what stood in the way."""
        if options["dry_run"]:
            return False, None
        try:
            apply_roster(
                seen,
                by=None,
                at=at,
                on=on,
                refused_accepted=options["yes"],
                leaving=options["leaving"],
                file_name=options["path"].name,
            )
        except Unanswered:
            sentences = self._open_questions(seen.changes, options)
            return False, CommandError(" ".join([*sentences, _("Nothing was applied.")]), returncode=UNCONFIRMED)
        except Outdated as refusal:
            return False, CommandError(refusal.sentence, returncode=UNCONFIRMED)
        except Refused as refusal:
            return False, CommandError(refusal.sentence, returncode=REFUSED)
        return True, None

    @staticmethod
    def _open_questions(changes: Changes, options: dict[str, Any]) -> list[str]:
        """What must be confirmed, each sentence with the option that does it."""
        sentences = unanswered(changes, refused_accepted=options["yes"], leaving=options["leaving"])
        options_that_help = []
        if changes.question is not None and options["leaving"] != changes.question:
            options_that_help.append(f"(--leaving {changes.question})")
        if changes.refused and not options["yes"]:
            options_that_help.append("(--yes)")
        return [f"{said} {option}" for said, option in zip(sentences, options_that_help, strict=True)]

    def _progress(self, file: str, rows: int) -> None:
        self.stderr.write(_("%(file)s: %(rows)s rows read") % {"file": file, "rows": rows})

    def _report(
        self,
        numbers: dict[str, dict[str, int]],
        ignored: dict[str, int],
        refused: list[Fault],
        *,
        applied: bool,
        as_json: bool,
    ) -> None:
        if as_json:
            found = {"applied": applied, **numbers, "ignored": ignored, "refused": [f.as_json() for f in refused]}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self.stdout.write(_("Applied.") if applied else _("Not applied."))
        for what, label in (("people", _("People")), ("places", _("Places"))):
            line = ", ".join(f"{number} {verdict}" for verdict, number in numbers[what].items())
            self.stdout.write(f"{label}: {line}")
        for kind, number in ignored.items():
            self.stdout.write(_("Not taken in: %(number)s %(kind)s") % {"number": number, "kind": kind})
        for fault in refused[:FAULTS_SHOWN]:
            self.stdout.write(_("Refused: %(where)s %(reason)s") % {"where": where(fault), "reason": said(fault)})
        if len(refused) > FAULTS_SHOWN:
            self.stdout.write(_("... and %(number)s more; --json lists all.") % {"number": len(refused) - FAULTS_SHOWN})


def migrate_empty_database() -> None:
    """Make the tables where there are none yet: a roster may be the first thing an installation sees."""
    for name in connections:
        if not connections[name].introspection.table_names():
            call_command("migrate", database=name, verbosity=0)


def where(fault: Fault) -> str:
    """Where a fault is: the file, and the line where there is one."""
    return ":".join(str(part) for part in (fault.file, fault.line) if part is not None)


def said(fault: Fault) -> str:
    """The sentence of a fault in the language of the moment."""
    return _(fault.sentence) % fault.values
