"""One's own week: typed with keys or taps where no timetable of the school names her; and what she keeps free."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.calendars import timetable_queries as queries
from sidebyside.calendars.actions import own_weeks as actions
from sidebyside.calendars.models import KeptFree, Term, Timetable
from sidebyside.calendars.queries import schools_of
from sidebyside.places.models import Place
from sidebyside.web.date_fields import DayField
from sidebyside.web.places.forms import sent
from sidebyside.web.timetables.weeks import (
    Shape,
    WeekForm,
    dates_for,
    day_names,
    shape_from_text,
    shape_of,
    usual_shape,
)

CHANGING = ["GET", "HEAD", "POST"]


class CopyForm(forms.Form):
    """From when to when the week of an earlier term holds again."""

    begin = DayField()
    end = DayField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["begin"].label, self.fields["end"].label = _("From"), _("Until")


def _school(request: HttpRequest) -> Place | None:
    """The school where she works."""
    school = schools_of([request.user.pk]).get(request.user.pk)
    return policy.find(request.user, Place, school) if school else None


def _week(request: HttpRequest) -> Timetable | None:
    """The timetable by which her week goes, now or next."""
    every = policy.seen(request.user, Timetable)
    return queries.week_of(request.user, every, on=timezone.localdate())


def _own_week(request: HttpRequest) -> Timetable | None:
    """The week she typed that holds now or next, whatever the school's timetable says."""
    mine = policy.seen(request.user, Timetable).filter(owner=request.user)
    return queries.in_force([one for one in mine if one.put_away_at is None and one.end >= timezone.localdate()],
                            timezone.localdate())  # fmt: skip


def _dates(request: HttpRequest, school: Place) -> dict[str, Any]:
    today = timezone.localdate()
    return dates_for(queries.terms_for(policy.seen(request.user, Term), school, begin=today), today)


@require_http_methods(CHANGING)
def own_week(request: HttpRequest) -> HttpResponse:
    """Her week: what she teaches, and boxes for the free periods she keeps for herself."""
    week = _week(request)
    if week is None:
        return _begin(request)
    error = ""
    if request.method == "POST":
        wanted = {int(one) for one in request.POST.getlist("keep") if one.isascii() and one.isdigit() and len(one) < 19}
        try:
            number = actions.keep_these_free(
                request.user, timetable=week, periods=wanted, by=request.user, at=timezone.now()
            )
        except Refused as refused:
            error = refused.sentence
        else:
            said = ngettext("You keep %(n)d period for yourself.", "You keep %(n)d periods for yourself.", number)
            messages.success(request, said % {"n": number})
            return redirect("own_week")
    context = {**_grid(request, week), "error": error, "week": week}
    return render(request, "timetables/own_week.html", context, status=422 if error else 200)


def _grid(request: HttpRequest, week: Timetable) -> dict[str, Any]:
    grid = queries.week_grid(week, queries.taught_by_person(week, request.user))
    kept = queries.kept_free_in(policy.seen(request.user, KeptFree), week)
    rows = []
    for number, (_position, periods) in enumerate(grid.rows, start=1):
        times = next(((one.begins, one.ends) for one in periods if one is not None and one.begins), None)
        cells = [(one, grid.lessons.get(one.pk, []) if one else [], one is not None and one.pk in kept)
                 for one in periods]  # fmt: skip
        rows.append((number, times, cells))
    return {
        "rows": rows,
        "days": day_names(week.days, week.weekdays, week.way),
        "taught": sum(len(found) for found in grid.lessons.values()),
        "kept": len(kept),
    }


def _begin(request: HttpRequest, form: WeekForm | None = None, status: int = 200) -> HttpResponse:
    """The page on which a week is typed, empty or as it stands."""
    school = _school(request)
    if school is None:
        return render(request, "timetables/no_school.html", {}, status=200)
    today = timezone.localdate()
    mine = _own_week(request)
    last = queries.last_week_of(request.user, policy.seen(request.user, Timetable), on=today)
    if form is None:
        form = _form(request, school, mine)
    context = {
        "school": school,
        "form": form,
        "days": day_names(form.shape.days, form.shape.weekdays, form.shape.way),
        "week": mine,
        "last": last if mine is None else None,
        "copying": CopyForm(initial=_dates(request, school), auto_id="copy_%s"),
    }
    return render(request, "timetables/type_week.html", context, status=status)


def _form(request: HttpRequest, school: Place, mine: Timetable | None, data: Any = None) -> WeekForm:
    """The grid: of her week where there is one, else in the shape of the school's timetable, else the usual one."""
    if mine is not None:
        grid = queries.week_grid(mine, queries.taught_by_person(mine, request.user))
        taught = {
            (day, position)
            for position, periods in grid.rows
            for day, one in enumerate(periods)
            if one is not None and grid.lessons.get(one.pk)
        }
        shape = _sent_shape(data) or shape_of(mine)
        return WeekForm(data, shape=shape, taught=taught, initial={"begin": mine.begin, "end": mine.end})
    initial = _dates(request, school)
    return WeekForm(data, shape=_sent_shape(data) or _shape_at(request, school), initial=initial)


def _shape_at(request: HttpRequest, school: Place) -> Shape:
    """The days and periods of the school's timetable where it has one that says when its periods are."""
    schools = queries.of_school(policy.seen(request.user, Timetable), school)
    theirs = queries.in_force(schools, timezone.localdate())
    if theirs is None or theirs.end < timezone.localdate():
        return usual_shape()
    return shape_of(theirs)


def _sent_shape(data: Any) -> Shape | None:
    """The shape of the grid that was sent, which she may have changed before: it stands in a field of the form."""
    return shape_from_text(data["shape"]) if data is not None and "shape" in data else None


@require_http_methods(CHANGING)
def lessons(request: HttpRequest) -> HttpResponse:
    """Type the week: a box for each period in which she teaches."""
    school = _school(request)
    if school is None or request.method != "POST":
        return _begin(request)
    mine = _own_week(request)
    form = _form(request, school, mine, request.POST)
    if form.is_valid():
        shape = form.asked_shape
        taught = form.taught_in(shape)
        said = form.cleaned_data
        if request.POST.get("act") == "shape":
            anew = WeekForm(shape=shape, taught=taught, initial={"begin": said["begin"], "end": said["end"]})
            return _begin(request, anew)
        try:
            actions.type_week(
                request.user,
                school=school,
                begin=said["begin"],
                end=said["end"],
                days=shape.days,
                weekdays=shape.weekdays,
                way=shape.way,
                periods=shape.periods,
                taught=taught,
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Your week is kept."))
            return redirect("own_week_words" if taught else "own_week")
    return _begin(request, form, 422)


@require_http_methods(CHANGING)
def words(request: HttpRequest) -> HttpResponse:
    """Say, where she likes, what is taught in each of her lessons, and in which room."""
    week = _own_week(request)
    if week is None:
        return redirect("own_week")
    grid = queries.week_grid(week, queries.taught_by_person(week, request.user))
    days = [name for name, _short in day_names(week.days, week.weekdays, week.way)]
    found = [
        (days[one.day], one, lesson)
        for day in range(len(days))
        for _position, periods in grid.rows
        for one in [periods[day]]
        if one is not None
        for lesson in grid.lessons.get(one.pk, [])
    ]
    form = WordsForm(sent(request), lessons=[lesson for _day, _period, lesson in found])
    if form.is_bound and form.is_valid():
        try:
            actions.name_lessons(week, words=form.words, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("own_week")
    lines = [
        (day, period, lesson.pk, form[f"what-{lesson.pk}"], form[f"room-{lesson.pk}"]) for day, period, lesson in found
    ]
    context = {"form": form, "lines": lines, "week": week}
    return render(request, "timetables/words.html", context, status=422 if form.is_bound else 200)


class WordsForm(forms.Form):
    """Two short words for each lesson of one's own week."""

    def __init__(self, *args: Any, lessons: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lessons = list(lessons)
        for lesson in self.lessons:
            for what, said, label in (
                ("what", lesson.subject, _("Class or subject")),
                ("room", lesson.rooms[0] if lesson.rooms else "", _("Room")),
            ):
                named = {"aria-labelledby": f"lesson-{lesson.pk} {what}", "autocomplete": "off"}
                self.fields[f"{what}-{lesson.pk}"] = forms.CharField(
                    label=label, required=False, max_length=60, initial=said, widget=forms.TextInput(attrs=named)
                )

    @property
    def words(self) -> dict[int, tuple[str, str]]:
        """What was said of each lesson, by its id."""
        said = self.cleaned_data
        return {one.pk: (said.get(f"what-{one.pk}", ""), said.get(f"room-{one.pk}", "")) for one in self.lessons}


@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Let the week of her last term hold again."""
    last = queries.last_week_of(request.user, policy.seen(request.user, Timetable), on=timezone.localdate())
    form = CopyForm(request.POST)
    if last is None:
        return redirect("own_week")
    if not form.is_valid():
        messages.error(request, _("Say from when to when it holds."))
        return redirect("own_week")
    try:
        made = actions.copy_week(last, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        undo = reverse("timetable_removal", args=[made.pk])
        messages.success(request, _("The week of last term holds again."), extra_tags=f"undo:{undo}")
    return redirect("own_week")
