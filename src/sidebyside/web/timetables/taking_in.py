"""Taking a school's timetable in: its files are handed in, looked at, and taken in or put away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sidebyside import policy
from sidebyside.base.faults import Fault
from sidebyside.base.refusals import Refused
from sidebyside.calendars import timetable_queries as queries
from sidebyside.calendars.actions import timetable_uploads as uploads
from sidebyside.calendars.actions.timetables import apply_import, numbers_of
from sidebyside.calendars.models import Term, Timetable, TimetableImport
from sidebyside.calendars.periods import evenly, periods_of
from sidebyside.calendars.teachers import How, matches
from sidebyside.calendars.timetables.clashes import Clash, Kind, clashes
from sidebyside.calendars.timetables.reading import read
from sidebyside.calendars.timetables.records import Timetable as Imported
from sidebyside.calendars.timetables.records import TimetableRefused
from sidebyside.calendars.timetables.weekdays import guess_weekdays
from sidebyside.people.models import Person
from sidebyside.places.models import Place
from sidebyside.web.timetables.forms import MOST_NAMES, TakeInForm, UploadForm

SHOWN = 50
A_WEEK = 5


@require_http_methods(["GET", "HEAD", "POST"])
def new_timetable(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand files in. They are read at once; what cannot be read is said here, by file and line."""
    school = policy.ask(request.user, "keep the timetable of", Place, pk)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    faults: list[dict[str, Any]] = []
    if form.is_bound and form.is_valid():
        files = [(uploads.shown_name(file.name), file.read()) for file in form.cleaned_data["sheets"]]
        at = timezone.now()
        uploads.put_old_uploads_away(at=at)
        try:
            read(files)
        except TimetableRefused as refusal:
            faults = [as_line(fault) for fault in refusal.faults]
        else:
            kept = uploads.keep_upload(files, school=school, by=request.user, at=at)
            return redirect("timetable_import", pk=kept.pk)
    context = {
        "school": school,
        "form": form,
        "faults": faults[:SHOWN],
        "more_faults": max(0, len(faults) - SHOWN),
        "waiting": queries.waiting_imports(policy.seen(request.user, TimetableImport), school)[:5],
    }
    return render(request, "timetables/new_timetable.html", context, status=422 if request.method == "POST" else 200)


def as_line(fault: Fault) -> dict[str, Any]:
    """A fault for the page: the file, the line, and the sentence in the reader's language."""
    return {"file": fault.file or "", "line": fault.line, "reason": _(fault.sentence) % fault.values}


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the files say, what must be said before they are taken in, and taking them in."""
    upload = policy.find(request.user, TimetableImport, pk, "school")
    school = policy.ask(request.user, "keep the timetable of", Place, upload.school_id)
    files = uploads.files_of(upload)
    if files is None:
        return redirect("timetable", pk=school.pk)
    try:
        imported = read(files)
    except TimetableRefused as refusal:  # read before; a newer version of the program may read more strictly
        context = {"upload": upload, "school": school, "faults": [as_line(fault) for fault in refusal.faults]}
        return render(request, "timetables/not_read.html", context, status=422 if request.method == "POST" else 200)
    looking = Looking(request, upload, school, imported)
    if request.method != "POST":
        return looking.page(looking.form(initial=looking.dates()))
    if request.POST.get("act") == "fill":
        return looking.page(looking.filled())
    form = looking.form(request.POST)
    if form.is_valid():
        try:
            made = looking.take_in(form)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            undo = reverse("timetable_removal", args=[made.pk])
            messages.success(request, _("The timetable is taken in."), extra_tags=f"undo:{undo}")
            return redirect(f"{reverse('timetable', args=[school.pk])}?of={made.pk}")
    return looking.page(form, status=422)


class Looking:
    """One look at an upload: what was read, whose its names may be, and the form with all of it."""

    def __init__(self, request: HttpRequest, upload: TimetableImport, school: Place, imported: Imported) -> None:
        self.request, self.upload, self.school, self.imported = request, upload, school, imported
        self.colleagues = queries.colleagues_at(policy.seen(request.user, Person).filter(left_at=None), school)
        before = queries.said_before(policy.seen(request.user, Timetable), school)
        teachers = sorted(imported.teachers)
        self.matches = matches(teachers, queries.as_colleagues(self.colleagues), before)
        # Who is not known comes first, then what should be looked at.
        order = {How.INITIALS: 1, How.FAMILY: 2, How.NAME: 3, How.BEFORE: 4}
        teachers.sort(key=lambda name: (order[self.matches[name].how] if name in self.matches else 0, name.casefold()))
        self.teachers = dict(enumerate(teachers[:MOST_NAMES]))
        self.as_proposed = {name: self.matches[name].person for name in teachers[MOST_NAMES:] if name in self.matches}
        self.guessed = guess_weekdays(imported.days)

    def form(self, data: Any = None, initial: Any = None) -> TakeInForm:
        """The form of this upload."""
        return TakeInForm(
            data,
            initial=initial,
            days=self.imported.days,
            weekdays=self.guessed or (),
            periods=periods_of(self.imported),
            names={str(number): (name, self._proposed(name)) for number, name in self.teachers.items()},
            colleagues=self.colleagues,
        )

    def _proposed(self, name: str) -> int | None:
        return self.matches[name].person if name in self.matches else None

    def dates(self) -> dict[str, Any]:
        """What is proposed for its dates: the term that is under way or comes next; and for its days."""
        today = timezone.localdate()
        terms = queries.terms_for(policy.seen(self.request.user, Term), self.school, begin=today)
        begin = max(_monday_from(today), terms[0].begin) if terms else _monday_from(today)
        weekly = self.guessed is not None or len(self.imported.days) % A_WEEK == 0
        return {
            "name": _("Timetable from %(day)s") % {"day": begin.isoformat()},
            "begin": begin,
            "end": terms[0].end if terms else None,
            "way": Timetable.Way.WEEKDAYS if weekly else Timetable.Way.ROTATING,
            "taught_on": list(range(A_WEEK)),
            "fill_minutes": 45,
            "fill_between": 5,
        }

    def filled(self) -> TakeInForm:
        """The form as it was sent, with bell times that follow one another on every day."""
        sent = self.request.POST
        asked = self.form(sent)
        asked.full_clean()
        said = asked.cleaned_data
        initial: dict[str, Any] = {name: sent.getlist(name) if name == "taught_on" else sent.get(name) for name in sent}
        begins, minutes = said.get("fill_begins"), said.get("fill_minutes")
        if not begins or not minutes:
            asked = self.form(initial=initial)
            messages.info(self.request, _("Say when the first period begins and how long each lasts."))
            return asked
        days: dict[str, set[int]] = {}
        for _title, rows in asked.tables:
            for row in rows:
                _bell, day, position = row.key.split("-")
                days.setdefault(day, set()).add(int(position))
        for day, positions in days.items():
            times = evenly(sorted(positions), begins=begins, minutes=minutes, between=said.get("fill_between") or 0)
            for at, (begin, end) in times.items():
                initial[f"bell-{day}-{at}-begins"], initial[f"bell-{day}-{at}-ends"] = begin, end
        return self.form(initial=initial)

    def take_in(self, form: TakeInForm) -> Timetable:
        """Take it in as the form says. Raises Refused."""
        said = form.cleaned_data
        return apply_import(
            self.imported,
            school=self.school,
            name=said["name"],
            begin=said["begin"],
            end=said["end"],
            way=said["way"],
            weekdays=form.weekdays,
            bells=form.bells if form.tables else None,
            teachers=self.as_proposed
            | {self.teachers[int(key)]: person for key, person in form.people.items() if person is not None},
            upload=self.upload,
            by=self.request.user,
            at=timezone.now(),
        )

    def page(self, form: TakeInForm, status: int = 200) -> HttpResponse:
        """The page of the preview."""
        found = clashes(self.imported)
        words = {How.BEFORE: _("as before"), How.NAME: _("same name"), How.FAMILY: _("family name"),
                 How.INITIALS: _("initials")}  # fmt: skip
        names = [
            (key, name, form[f"teacher-{key}"], words[self.matches[name].how] if name in self.matches else "")
            for key, name in ((str(number), name) for number, name in self.teachers.items())
        ]
        lessons = dict.fromkeys(self.imported.days, 0)
        for row in self.imported.rows:
            lessons[row.day] += 1
        context = {
            "upload": self.upload,
            "school": self.school,
            "form": form,
            "numbers": numbers_of(self.imported),
            "lessons": list(lessons.items()),
            "names": names,
            "unknown": sum(name not in self.matches for name in self.teachers.values()),
            "colleagues": list(form.labels),
            "guessed": self.guessed is not None,
            "clashes": [(kind_words()[clash.kind], clash, pairs(clash)) for clash in found[:SHOWN]],
            "clash_count": len(found),
            "silent": all(one.begins is None for one in form.periods),
        }
        return render(self.request, "timetables/preview.html", context, status=status)


def kind_words() -> dict[Kind, str]:
    """What the kinds of clashes are called on the page."""
    return {Kind.TEACHER: _("Teacher"), Kind.CLASS: _("Class"), Kind.ROOM: _("Room")}


def pairs(clash: Clash) -> list[tuple[str, int]]:
    """The events of a clash, each with its line."""
    return list(zip(clash.events, clash.lines, strict=True))


def _monday_from(today: date) -> date:
    return today + timedelta(days=-today.weekday() % 7)


@require_POST
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide against it. The files go, and nothing has changed."""
    upload = policy.find(request.user, TimetableImport, pk)
    school = policy.ask(request.user, "keep the timetable of", Place, upload.school_id)
    if uploads.put_upload_away(upload, at=timezone.now()):
        messages.success(request, _("The files are put away. Nothing has changed."))
    return redirect("new_timetable", pk=school.pk)
