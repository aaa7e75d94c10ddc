"""Say from the command line who could cover the lessons of those who are away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from sidebyside.base.faults import Fault
from sidebyside.calendars.timetables.plain import names, read_timetable
from sidebyside.calendars.timetables.records import TimetableRefused
from sidebyside.cover.assignment import CoverRefused, Solution, assign, problem_of_day

REFUSED = 2


class Command(BaseCommand):
    """`sidebyside solve_cover TIMETABLE.csv --day D --absent A|B`: reads a timetable, stores nothing.

    Exit status: 0 solved (also when lessons stay open), 2 the timetable or what was asked of it is refused.
    """

    help = (
        "Cover as many lessons of absent teachers as can be with colleagues who are free: a proposal, stored nowhere."
    )
    requires_system_checks: list[str] = []  # no database is needed

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "timetable",
            type=Path,
            help="one CSV sheet: day, slot, event, teachers, classes, rooms; several names are separated by a bar",
        )
        parser.add_argument("--day", required=True, help="the day, as the timetable calls it")
        parser.add_argument("--absent", required=True, metavar="A|B", help="who is away, separated by a bar")
        parser.add_argument(
            "--max-per-person", type=int, metavar="N", help="covers for each colleague; else any number"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        absent = names(options["absent"])
        try:
            timetable = read_timetable(options["timetable"])
            problem = problem_of_day(timetable, day=options["day"], absent=absent, most=options["max_per_person"])
            solution = assign(problem)
        except (TimetableRefused, CoverRefused) as refusal:
            raise self._refused(refusal.faults, as_json=options["json"]) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(as_json(solution), ensure_ascii=False))
        else:
            self._tell(solution, options["day"])

    def _refused(self, faults: list[Fault], *, as_json: bool) -> CommandError:
        """What to raise for a refused input; with --json the faults stand on standard output too."""
        if as_json:
            self.stdout.write(json.dumps({"refused": [fault.as_json() for fault in faults]}, ensure_ascii=False))
        return CommandError("\n".join(said(fault) for fault in faults), returncode=REFUSED)

    def _tell(self, solution: Solution, day: str) -> None:
        numbers = {"day": day, "covered": len(solution.covers), "lessons": len(solution.covers) + len(solution.open)}
        self.stdout.write(_("%(day)s: %(covered)s of %(lessons)s lessons covered.") % numbers)
        if solution.proved:
            self.stdout.write(_("More is not possible: proved."))
        for cover in solution.covers:
            self.stdout.write(f"  {cover.lesson.slot}  {cover.lesson.event}  {cover.lesson.absent} <- {cover.cover}")
        for still in solution.open:
            reason = _("open: %(reason)s") % {"reason": _(still.sentence)}
            self.stdout.write(f"  {still.lesson.slot}  {still.lesson.event}  {still.lesson.absent}  {reason}")


def as_json(solution: Solution) -> dict[str, object]:
    """The object that `solve_cover --json` prints."""
    return {
        "lessons": len(solution.covers) + len(solution.open),
        "covered": len(solution.covers),
        "proved": solution.proved,
        "seconds": round(solution.seconds, 6),
        "assignment": [
            {"slot": c.lesson.slot, "event": c.lesson.event, "absent": c.lesson.absent, "cover": c.cover}
            for c in solution.covers
        ],
        "open": [
            {"slot": o.lesson.slot, "event": o.lesson.event, "absent": o.lesson.absent, "reason": o.sentence}
            for o in solution.open
        ],
    }


def said(fault: Fault) -> str:
    """A fault in the language of the moment, after the file and the line it is in."""
    where = ":".join(str(part) for part in (fault.file, fault.line) if part is not None)
    return f"{where}{': ' if where else ''}{_(fault.sentence) % fault.values}"
