"""Bring a school's timetable in from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside.base.faults import Fault
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.timetables import apply_import, numbers_of
from sidebyside.calendars.models import Timetable
from sidebyside.calendars.teachers import How
from sidebyside.calendars.timetable_queries import matches_at, schools_called
from sidebyside.calendars.timetables.clashes import clashes
from sidebyside.calendars.timetables.reading import read
from sidebyside.calendars.timetables.records import Timetable as Imported
from sidebyside.calendars.timetables.records import TimetableRefused, refuse
from sidebyside.calendars.timetables.weekdays import guess_weekdays
from sidebyside.cli.management.commands.import_roster import said, where
from sidebyside.places.models import Place

REFUSED, UNCONFIRMED = 2, 3
SURE = (How.BEFORE, How.NAME)
LARGEST = 64 << 20  # bytes


class Command(BaseCommand):
    """`sidebyside import_timetable FILE [FILE] --school LINDEN --begin DATE --end DATE`: docs/running.md.

    Exit status: 0 taken in or previewed, 2 refused, 3 something must be said first and nothing was taken in.
    """

    help = "Bring in a school's timetable: one CSV sheet, or a .fet file with the _activities.xml of its solution."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, help="a CSV sheet, or the files of FET")
        parser.add_argument("--school", required=True, help="the number or the exact name of the school")
        parser.add_argument("--begin", required=True, type=date.fromisoformat, help="its first day, YYYY-MM-DD")
        parser.add_argument("--end", required=True, type=date.fromisoformat, help="its last day, YYYY-MM-DD")
        parser.add_argument("--name", default="", help="what it is called; the name of the file otherwise")
        parser.add_argument("--weekdays", help="the day of the week of each of its days, 0 is Monday: 0,1,2,3,4")
        parser.add_argument("--rotating", action="store_true", help="its days follow one another on these weekdays")
        parser.add_argument("--likely", action="store_true", help="believe names that only a part of was found")
        parser.add_argument("--dry-run", action="store_true", help="only say what it holds")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        school = self._school(options["school"])
        try:
            imported = read([(path.name, _bytes(path)) for path in options["files"]])
        except TimetableRefused as refusal:
            self._report({"applied": False, "refused": [fault.as_json() for fault in refusal.faults]}, options)
            for fault in refusal.faults if not options["json"] else ():
                self.stderr.write(f"{where(fault)} {said(fault)}")
            message = _("The timetable is refused. Nothing was taken in.")
            raise CommandError(message, returncode=REFUSED) from refusal
        found = matches_at(school, imported.teachers)
        believed = {name: one.person for name, one in found.items() if options["likely"] or one.how in SURE}
        report = {
            "applied": False,
            "numbers": numbers_of(imported),
            "matched": len(believed),
            "likely": sorted(name for name in found if name not in believed),
            "unknown": sorted(name for name in imported.teachers if name not in found),
            "clashes": len(clashes(imported)),
            "refused": [],
        }
        weekdays = self._weekdays(imported, options)
        if not options["dry_run"]:
            if weekdays is None:
                self._report(report, options)
                question = _("The names of its days are no days of the week. Say which they are (--weekdays).")
                raise CommandError(question, returncode=UNCONFIRMED)
            report["timetable"] = self._apply(imported, school, weekdays, believed, options)
            report["applied"] = True
        self._report(report, options)

    def _school(self, text: str) -> Place:
        found = schools_called(text)
        if len(found) != 1:
            sentence = _("Several schools have this name. Say the number.") if found else _("There is no such school.")
            raise CommandError(sentence, returncode=REFUSED)
        return found[0]

    def _weekdays(self, imported: Imported, options: dict[str, Any]) -> Sequence[int] | None:
        if options["weekdays"]:
            try:
                return [int(day) for day in options["weekdays"].split(",")]
            except ValueError:
                raise CommandError(_("Days of the week are numbers from 0 to 6."), returncode=REFUSED) from None
        return range(5) if options["rotating"] else guess_weekdays(imported.days)

    def _apply(
        self, imported: Imported, school: Place, weekdays: Sequence[int], teachers: dict[str, int], options: Any
    ) -> int:
        try:
            made = apply_import(
                imported,
                school=school,
                name=options["name"] or options["files"][0].stem[:80],
                begin=options["begin"],
                end=options["end"],
                way=Timetable.Way.ROTATING if options["rotating"] else Timetable.Way.WEEKDAYS,
                weekdays=weekdays,
                teachers=teachers,
                by=None,
                at=timezone.now(),
            )
        except Refused as refusal:
            raise CommandError(refusal.sentence, returncode=REFUSED) from refusal
        return made.pk

    def _report(self, report: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        self.stdout.write(_("Taken in.") if report["applied"] else _("Not taken in."))
        if "numbers" in report:
            self.stdout.write(", ".join(f"{number} {what}" for what, number in report["numbers"].items()))
            for key, words in (("likely", _("Likely, and not believed")), ("unknown", _("Known to nobody"))):
                if report[key]:
                    self.stdout.write(f"{words}: {', '.join(report[key])}")
            self.stdout.write(_("In two places at once: %(number)s") % {"number": report["clashes"]})


def _bytes(path: Path) -> bytes:
    """What a file holds. Raises TimetableRefused."""
    try:
        if path.stat().st_size > LARGEST:
            larger = Fault(path.name, None, "The file is larger than %(limit)s MB, which no timetable needs.",
                           {"limit": LARGEST >> 20})  # fmt: skip
            raise TimetableRefused(larger)
        return path.read_bytes()
    except (OSError, ValueError) as fault:
        raise refuse("There is no file here that can be read.", file=path.name) from fault
