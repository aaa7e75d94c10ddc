"""Days on which a timetable is another, and the terms of a place."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.calendars import timetable_queries as queries
from sidebyside.calendars.actions import special_days as actions
from sidebyside.calendars.models import SpecialDay, Term, Timetable
from sidebyside.calendars.periods import PlannedPeriod
from sidebyside.places.models import Place
from sidebyside.web.date_fields import asked_day
from sidebyside.web.places.forms import sent
from sidebyside.web.timetables.forms import SpecialBellsForm, SpecialDayForm, TermForm
from sidebyside.web.timetables.keeping import CHANGING, back, kept


@require_http_methods(CHANGING)
def days(request: HttpRequest, pk: int) -> HttpResponse:
    """The special days of a timetable, and adding one. Other bell times are asked for on the next page."""
    found = kept(request, pk)
    form = SpecialDayForm(sent(request), days=found.days, initial={"kind": SpecialDay.Kind.CLOSED})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        if said["kind"] == SpecialDay.Kind.BELLS:
            return redirect(f"{reverse('timetable_day_bells', args=[pk])}?on={said['begin'].isoformat()}")
        try:
            actions.set_special_day(
                found,
                on=said["begin"],
                until=said["until"],
                kind=said["kind"],
                follows=said["follows"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("timetable_days", pk)
    context = {
        "timetable": found,
        "form": form,
        "back": back(found),
        "stretches": _stretches(queries.special_days_of(found)),
    }
    return render(request, "timetables/days.html", context, status=422 if form.is_bound else 200)


def _stretches(special: Any) -> list[tuple[SpecialDay, date]]:
    """Special days, those that follow one another and are alike as one: the first, and the last date."""
    found: list[tuple[SpecialDay, date]] = []
    for day in special:
        if found:
            first, last = found[-1]
            alike = (first.kind, first.follows, first.bells) == (day.kind, day.follows, day.bells)
            if alike and (day.on - last).days == 1:
                found[-1] = (first, day.on)
                continue
        found.append((day, day.on))
    return found


@require_http_methods(CHANGING)
def bells(request: HttpRequest, pk: int) -> HttpResponse:
    """Other bell times on one date (`?on=`): those of its usual day stand there to be changed."""
    found = kept(request, pk)
    on = asked_day(request.GET.get("on"))
    if on is None:
        raise Http404
    day = queries.usual_day(found, on)
    if day is None:
        messages.info(request, _("There are no lessons on that day. Say first which day of the timetable it follows."))
        return redirect("timetable_days", pk)
    here = found.special_days.filter(on=on, kind=SpecialDay.Kind.BELLS).first()
    periods = [_planned(one, here.bells if here else None) for one in queries.periods_of_day(found, day)]
    form = SpecialBellsForm(sent(request), name=found.days[day], periods=periods)
    if form.is_bound and form.is_valid():
        times = {position: times for (_day, position), times in form.bells.items()}
        try:
            actions.set_special_day(found, on=on, kind="bells", bells=times, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("timetable_days", pk)
    context = {"timetable": found, "form": form, "on": on, "name": found.days[day]}
    return render(request, "timetables/day_bells.html", context, status=422 if form.is_bound else 200)


def _planned(period: Any, bells: dict[str, list[str]] | None) -> PlannedPeriod:
    times: list[Any] = [period.begins, period.ends]
    if bells is not None:
        times = list(bells.get(str(period.position), (None, None)))
    return PlannedPeriod(0, period.position, period.name, *times)


@require_POST
def remove_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a date be as any other again; with `until`, all special days up to that date."""
    day = policy.find(request.user, SpecialDay, pk, "timetable")
    found = policy.ask(request.user, "change timetable", Timetable, day.timetable_id)
    until = max(asked_day(request.POST.get("until")) or day.on, day.on)
    for one in queries.special_days_of(found).filter(on__range=(day.on, until)):
        actions.remove_special_day(one, by=request.user, at=timezone.now())
    messages.success(request, _("It is a day as any other again."))
    return redirect("timetable_days", found.pk)


@require_http_methods(CHANGING)
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """The terms of a place, and adding one."""
    place = policy.ask(request.user, "keep the timetable of", Place, pk)
    form = TermForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            actions.add_term(place, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("school_terms", pk)
    context = {"place": place, "form": form, "terms": queries.terms_of(policy.seen(request.user, Term), place)}
    return render(request, "timetables/terms.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove_term(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a term. What happened in it stays."""
    term = policy.find(request.user, Term, pk)
    place = policy.ask(request.user, "keep the timetable of", Place, term.place_id)
    actions.remove_term(term, by=request.user, at=timezone.now())
    messages.success(request, _("The term is removed. What happened in it stays."))
    return redirect("school_terms", place.pk)
