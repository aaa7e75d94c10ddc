"""The front of reading timetables: files are told apart by what is in them, never by their names."""

from __future__ import annotations

import io
from collections.abc import Sequence

from sidebyside.base.marking import N_
from sidebyside.base.sheets import wide_encoding
from sidebyside.calendars.timetables import fet, markup, plain
from sidebyside.calendars.timetables.records import MOST_NAMES_IN_ALL, TOO_MANY_NAMES, Timetable, refuse

MOST_FILES = 10
OF_OTHERS = ("Teachers_Timetable", "Students_Timetable")


def read(files: Sequence[tuple[str, bytes]]) -> Timetable:
    """The solved timetable in files as (name, bytes), in any order.

    That is one CSV sheet; or a `.fet` file with the `_activities.xml` of its solution; or a `.fet` file alone that
    holds its solution. Raises TimetableRefused with faults that say file, line where known, and what to do.
    """
    if not files:
        raise refuse(N_("Choose the files of the timetable."))
    if len(files) > MOST_FILES:
        raise refuse(N_("These are too many files. Hand in one CSV sheet, or one or two files of FET."))
    sheets: list[tuple[str, bytes]] = []
    documents: dict[str, list[markup.Document]] = {fet.SCHOOL: [], fet.SOLUTION: []}
    for name, data in files:
        if len(data) > markup.LARGEST:
            larger = N_("The file is larger than %(limit)s MB, which no timetable needs.")
            raise refuse(larger, file=name, limit=markup.LARGEST >> 20)
        if is_markup(name, data):
            document = markup.document(data, name, fet.WANTED)
            documents.get(document.root, []).append(document)
            _refuse_other(document)
        else:
            sheets.append((name, data))
    schools, solutions = documents[fet.SCHOOL], documents[fet.SOLUTION]
    kinds = (len(sheets), len(schools), len(solutions))
    if kinds == (1, 0, 0):
        return plain.read_sheet(io.BytesIO(sheets[0][1]), sheets[0][0])
    if sheets:
        raise refuse(N_("Hand in one CSV sheet alone, or the files of FET without any other."), file=sheets[-1][0])
    if not schools:
        raise refuse(
            N_("This is the solution only. Hand in the school's file of FET too, which ends in .fet."),
            file=solutions[0].file,
        )
    if len(schools) > 1:
        raise refuse(N_("There are two schools' files. Hand in one, with its solution."), file=schools[1].file)
    if len(solutions) > 1:
        raise refuse(N_("There are two solutions. Hand in the one that is in force."), file=solutions[1].file)
    school = fet.school(schools[0])
    found = fet.timetable(school, fet.solution(solutions[0]), solutions[0].file) if solutions else fet.timetable(school)
    if len({name for row in found.rows for name in (*row.teachers, *row.classes, *row.rooms)}) > MOST_NAMES_IN_ALL:
        raise refuse(TOO_MANY_NAMES, file=schools[0].file, limit=MOST_NAMES_IN_ALL)
    return found


def is_markup(name: str, data: bytes) -> bool:
    """Whether a file is XML. Raises TimetableRefused for archives and web pages, with what to hand in instead."""
    if data.startswith(b"PK"):
        raise refuse(N_("This is an archive or a spreadsheet. Unpack it, or save it as CSV (UTF-8)."), file=name)
    start = data[:400].decode(wide_encoding(data[:4]) or "utf-8", errors="replace").lstrip("\ufeff \t\r\n").casefold()
    if start.startswith(("<!doctype html", "<html")) or "<html" in start:
        raise refuse(N_("This is a web page. Hand in the .fet file and the _activities.xml file of FET."), file=name)
    return start.startswith("<")


def _refuse_other(document: markup.Document) -> None:
    """Refuse XML that is neither a school's file nor a solution."""
    if document.root in OF_OTHERS:
        raise refuse(
            N_("This is FET's timetable of teachers or of students. Hand in the file ending in _activities.xml."),
            file=document.file,
            line=1,
        )
    if document.root not in fet.WANTED:
        raise refuse(N_("This is neither a school's file of FET nor its solution."), file=document.file, line=1)
