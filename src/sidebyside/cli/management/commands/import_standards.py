"""Bring a list of standards in from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside.base.marking import N_
from sidebyside.base.refusals import Refused
from sidebyside.cli.management.commands.import_roster import migrate_empty_database, said, where
from sidebyside.materials.case import read_package
from sidebyside.materials.case_files import TOO_LARGE
from sidebyside.materials.standards_actions import bring_framework
from sidebyside.materials.standards_queries import places_called
from sidebyside.materials.standards_shapes import LARGEST, LEFT_ASIDE, Package, StandardsRefused, refuse
from sidebyside.places.models import Place

REFUSED = 2


class Command(BaseCommand):
    """`sidebyside import_standards PATH --place ID`: docs/running.md.

    Exit status: 0 brought, nothing new, or previewed; 2 the package is refused.
    """

    help = "Bring in a list of standards: a CASE package 1.0 or 1.1, as a JSON file or a zip that holds one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the JSON file of the package, or a zip that holds it")
        parser.add_argument("--place", required=True, help="the number or the exact name of the place")
        parser.add_argument("--dry-run", action="store_true", help="only say what it holds")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        migrate_empty_database()
        place = self._place(options["place"])
        try:
            package = read_package(_bytes(options["path"]), options["path"].name)
        except StandardsRefused as refusal:
            report = {"applied": False, "new": False, "refused": [fault.as_json() for fault in refusal.faults]}
            self._report(report, options)
            for fault in refusal.faults if not options["json"] else ():
                self.stderr.write(f"{where(fault)} {said(fault)}")
            message = _("The package is refused. Nothing was brought.")
            raise CommandError(message, returncode=REFUSED) from refusal
        report = {"applied": False, "new": False, **_said_of(package), "refused": []}
        if not options["dry_run"]:
            try:
                version, is_new = bring_framework(place, package=package, by=None, at=timezone.now())
            except Refused as refusal:
                raise CommandError(refusal.sentence, returncode=REFUSED) from refusal
            report |= {"applied": True, "new": is_new, "framework": version.framework_id, "version": version.number}
        self._report(report, options)

    def _place(self, text: str) -> Place:
        found = places_called(text)
        if len(found) != 1:
            sentence = _("Several places have this name. Say the number.") if found else _("There is no such place.")
            raise CommandError(sentence, returncode=REFUSED)
        return found[0]

    def _report(self, report: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        if not report["applied"]:
            self.stdout.write(_("Not brought."))
        else:
            self.stdout.write(_("Brought.") if report["new"] else _("This list is here already. Nothing in it is new."))
        if "title" in report:
            self.stdout.write(
                _("%(title)s: %(number)s statements") % {"title": report["title"], "number": report["statements"]}
            )
            for kind, number in report["left_aside"].items():
                self.stdout.write(f"{_(LEFT_ASIDE[kind])}: {number}")


def _said_of(package: Package) -> dict[str, Any]:
    return {
        "title": package.title,
        "identifier": package.identifier,
        "statements": len(package.statements),
        "left_aside": dict(package.left_aside),
    }


def _bytes(path: Path) -> bytes:
    """What a file holds. Raises StandardsRefused."""
    try:
        if path.stat().st_size > LARGEST:
            raise refuse(TOO_LARGE, file=path.name, limit=LARGEST >> 20)
        return path.read_bytes()
    except (OSError, ValueError) as fault:
        raise refuse(N_("There is no file here that can be read."), file=path.name) from fault
