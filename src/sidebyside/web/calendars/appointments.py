"""One appointment: when, where, who comes, and what its people may do with it. And one's own time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.models import Appointment, Attendee
from sidebyside.visits import actions as visits
from sidebyside.visits.models import CalendarRelease, Meeting
from sidebyside.web.calendars import days
from sidebyside.web.calendars.feeds import ANSWERS, answers_of
from sidebyside.web.calendars.forms import MoveForm, OwnTimeForm


@require_http_methods(["GET", "HEAD"])
def appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """When, where, who comes with their answers; yes, no or perhaps for who is invited; and who can see it.

    A leader to whom they showed when they meet is led to what they showed: days and times, and that she looked.
    """
    found = policy.find(request.user, Appointment, pk, "series", "cancelled_by")
    if not policy.seen(request.user, Attendee).filter(appointment=found).exists():
        shown = policy.seen(request.user, CalendarRelease).filter(partnership__meetings__appointment=found)
        return redirect("shown_calendar", get_object_or_404(shown, to=request.user).pk)
    return _page(request, found)


def _page(request: Any, found: Appointment, *, fault: str = "", status: int = 200) -> HttpResponse:
    me, at = request.user, timezone.now()
    attendees = list(policy.seen(me, Attendee).filter(appointment=found).select_related("person").order_by("pk"))
    mine = next((one for one in attendees if one.person_id == me.pk), None)
    meeting = policy.seen(me, Meeting).filter(appointment=found).select_related("visit").first()
    goes_on = found.cancelled_at is None and found.end > at
    hers = policy.may(me, "change appointment", found)
    context = {
        "appointment": found,
        "own": found.kind == Appointment.Kind.OWN,
        "attendees": attendees,
        "mine": mine,
        "answers": answers_of(mine) if mine and goes_on and found.kind != Appointment.Kind.OWN else [],
        "meeting": meeting,
        "over": found.end <= at,
        "changes": hers and goes_on and not (meeting and meeting.visit_id),
        "visit": meeting.visit if meeting and hers else None,
        "left_in_series": _left(me, found, at) if found.series_id else 0,
        "elsewhere": days.elsewhere(found),
        "zone": days.zone_name(timezone.get_current_timezone_name()),
        "on": timezone.localtime(found.begin).date(),
        "fault": fault,
    }
    return render(request, "calendars/appointment.html", context, status=status)


def _left(me: Any, found: Appointment, at: Any) -> int:
    """How many times of its series are still to come."""
    rows = policy.seen(me, Appointment).filter(series=found.series_id, cancelled_at=None, begin__gt=at)
    return rows.count()


@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes, no or perhaps."""
    found = policy.find(request.user, Appointment, pk, "series", "cancelled_by")
    mine = policy.seen(request.user, Attendee).filter(appointment=found, person=request.user).first()
    said = request.POST.get("answer", "")
    if mine is None or said not in ANSWERS:
        raise Http404
    attendee = policy.ask(request.user, "answer attendee", Attendee, mine.pk, "appointment")
    try:
        verbs.answer(attendee, answer=said, by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, found, fault=refused.sentence, status=422)
    messages.success(request, _("Your answer is kept."))
    return redirect("appointment", pk)


def _to_change(request: HttpRequest, pk: int) -> tuple[Appointment, Meeting | None]:
    """The appointment, where she may change it here, and the meeting that it is. A visit is changed with all its
    parts, on its own page."""
    found: Appointment = policy.ask(request.user, "change appointment", Appointment, pk, "series", "cancelled_by")
    meetings = policy.seen(request.user, Meeting).filter(appointment=found).select_related("partnership", "appointment")
    meeting: Meeting | None = meetings.first()
    if meeting is not None and meeting.visit_id is not None:
        raise Http404
    return found, meeting


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time or another room. `?proposed=` takes over the time that somebody proposed."""
    found, meeting = _to_change(request, pk)
    begin, end = _proposed(request, found) or (found.begin, found.end)
    form = MoveForm(request.POST or None, initial=MoveForm.values_of(begin, end) | {"room": found.room})
    if request.method == "POST" and form.is_valid():
        begin, end = form.span
        wanted = {"begin": begin, "end": end, "room": form.cleaned_data["room"], "by": request.user}
        try:
            if meeting is not None:
                visits.move_meeting(meeting, **wanted, at=timezone.now())
            else:
                verbs.move(found, **wanted, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("It is changed. Those who come are told."))
            return redirect("appointment", pk)
    context = {"appointment": found, "form": form, "zone": days.zone_name(timezone.get_current_timezone_name())}
    return render(request, "calendars/move.html", context, status=422 if form.errors else 200)


def _proposed(request: HttpRequest, found: Appointment) -> Any:
    asked = request.GET.get("proposed", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    rows = policy.seen(request.user, Attendee).filter(appointment=found, pk=int(asked), proposed_begin__isnull=False)
    return rows.values_list("proposed_begin", "proposed_end").first()


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """It does not take place."""
    found, _meeting = _to_change(request, pk)
    try:
        verbs.cancel(found, by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, found, fault=refused.sentence, status=422)
    messages.success(request, _("It is cancelled. Those who come are told."))
    return redirect("calendar")


@require_POST
def end_series(request: HttpRequest, pk: int) -> HttpResponse:
    """This time of a series and all after it do not take place."""
    found, _meeting = _to_change(request, pk)
    if found.series is None:
        raise Http404
    ended = verbs.end_series(found.series, by=request.user, at=timezone.now(), since=found.begin)
    messages.success(request, _("The series ends: %(count)s of its times are cancelled.") % {"count": ended})
    return redirect("calendar")


@require_http_methods(["GET", "HEAD", "POST"])
def own_time(request: HttpRequest) -> HttpResponse:
    """Time of one's own: others see that she is busy, nobody sees why."""
    tomorrow = timezone.localdate() + days.ONE_DAY
    form = OwnTimeForm(request.POST or None, initial={"on": tomorrow, "begins": "15:00", "ends": "16:00"})
    if request.method == "POST" and form.is_valid():
        try:
            _keep_own_time(request, form)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("It is in your calendar. Others see that you are busy then."))
            return redirect("calendar")
    context = {"form": form, "zone": days.zone_name(timezone.get_current_timezone_name())}
    return render(request, "calendars/own_time.html", context, status=422 if form.errors else 200)


def _keep_own_time(request: Any, form: OwnTimeForm) -> None:
    (begin, end), me, at = form.span, request.user, timezone.now()
    zone, kind = timezone.get_current_timezone_name(), Appointment.Kind.OWN
    if form.rule:
        verbs.make_series(kind=kind, begin=begin, end=end, zone=zone, people=[me], rule=form.rule, by=me, at=at)
    else:
        verbs.make(kind=kind, begin=begin, end=end, zone=zone, people=[me], by=me, at=at)
