"""Putting a timetable right: its name and dates, whose its names are, its bell times; putting it away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.calendars import timetable_queries as queries
from sidebyside.calendars.actions import timetables as actions
from sidebyside.calendars.models import Timetable
from sidebyside.calendars.periods import PlannedPeriod
from sidebyside.calendars.teachers import How, matches
from sidebyside.people.models import Person
from sidebyside.web.places.forms import sent
from sidebyside.web.timetables.forms import MOST_NAMES, DatesForm, DayBellsForm, TeachersForm

CHANGING = ["GET", "HEAD", "POST"]


def kept(request: HttpRequest, pk: int) -> Timetable:
    """The timetable that somebody asks to change. Raises Http404 or PermissionDenied."""
    return policy.ask(request.user, "change timetable", Timetable, pk, "school")


def back(timetable: Timetable) -> str:
    """Where one goes after changing a timetable."""
    if timetable.owner_id is not None:
        return reverse("own_week")
    return f"{reverse('timetable', args=[timetable.school_id])}?of={timetable.pk}"


@require_http_methods(CHANGING)
def dates(request: HttpRequest, pk: int) -> HttpResponse:
    """A timetable's name, and from when to when it holds."""
    found = kept(request, pk)
    form = DatesForm(sent(request), initial={"name": found.name, "begin": found.begin, "end": found.end})
    if form.is_bound and form.is_valid():
        try:
            actions.change_dates(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect(back(found))
    return _page(request, "dates", found, form)


@require_http_methods(CHANGING)
def teachers(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose the names of a school's timetable are. What is not known yet is proposed."""
    found = kept(request, pk)
    if found.owner_id is not None:
        raise Http404
    colleagues = queries.colleagues_at(policy.seen(request.user, Person).filter(left_at=None), found.school)
    every, _classes, _rooms = queries.names_in(found)
    before = queries.said_before(policy.seen(request.user, Timetable), found.school)
    unknown = [one.name for one in every if one.person_id is None]
    taken = {one.person_id for one in every}
    free = [one for one in queries.as_colleagues(colleagues) if one.pk not in taken]
    proposed = matches(unknown, free, before)
    names = {
        str(one.pk): (one.name, one.person_id or (proposed[one.name].person if one.name in proposed else None))
        for one in sorted(every, key=lambda one: (one.person_id is not None, one.name.casefold()))[:MOST_NAMES]
    }
    form = TeachersForm(sent(request), names=names, colleagues=colleagues)
    if form.is_bound and form.is_valid():
        # Who does not work here any more has no place in the list; her name stays hers until somebody is named.
        gone = {one.pk: one.person_id for one in every if one.person_id not in {person.pk for person in colleagues}}
        people = {int(key): person or gone.get(int(key)) for key, person in form.people.items()}
        try:
            number = actions.match_teachers(found, people=people, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, ngettext("%(n)d name changed.", "%(n)d names changed.", number) % {"n": number})
            return redirect(back(found))
    how = {How.BEFORE: _("as before"), How.NAME: _("same name"), How.FAMILY: _("family name"),
           How.INITIALS: _("initials")}  # fmt: skip
    lines = [
        (key, name, form[f"teacher-{key}"], how[proposed[name].how] if name in proposed else "")
        for key, (name, _person) in names.items()
    ]
    return _page(request, "teachers", found, form, names=lines, colleagues=list(form.labels), unknown=len(unknown))


@require_http_methods(CHANGING)
def bells(request: HttpRequest, pk: int) -> HttpResponse:
    """The bell times of one day of a timetable (`?day=`, from 0)."""
    found = kept(request, pk)
    asked = request.GET.get("day", "0")
    day = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    day = day if day < len(found.days) else 0
    periods = [
        PlannedPeriod(one.day, one.position, one.name, one.begins, one.ends)
        for one in queries.periods_of_day(found, day)
    ]
    form = DayBellsForm(sent(request), day=day, days=found.days, periods=periods)
    if form.is_bound and form.is_valid():
        also = form.cleaned_data["also"]
        try:
            actions.set_bells(found, day=day, bells=form.times, also=also, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('timetable_bells', args=[pk])}?day={day}")
    return _page(request, "bells", found, form, day=day, days=list(enumerate(found.days)))


def _page(request: HttpRequest, name: str, found: Timetable, form: Any, **more: Any) -> HttpResponse:
    context = {"timetable": found, "form": form, "back": back(found), **more}
    return render(request, f"timetables/{name}.html", context, status=422 if form.is_bound else 200)


@require_POST
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a timetable away; the one before goes on again."""
    found = kept(request, pk)
    if actions.put_away(found, by=request.user, at=timezone.now()):
        undo = reverse("timetable_return", args=[pk])
        messages.success(request, _("It is put away."), extra_tags=f"undo:{undo}")
    return redirect("own_week" if found.owner_id is not None else reverse("timetable", args=[found.school_id]))


@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back a timetable that was put away."""
    found = kept(request, pk)
    try:
        if actions.bring_back(found, by=request.user, at=timezone.now()):
            messages.success(request, _("It holds again."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(back(found))
