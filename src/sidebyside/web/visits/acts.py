"""What is done with a visit: it is answered, a talk moves, a lesson is seen to; it is held, logged, cancelled."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.calendars.models import Appointment
from sidebyside.calendars.queries import zone_of
from sidebyside.calendars.slots import Span
from sidebyside.cycles import actions as cycles
from sidebyside.cycles.models import Contact
from sidebyside.cycles.twins import LONGEST
from sidebyside.partnerships.queries import current_members
from sidebyside.visits import actions
from sidebyside.visits.models import Visit, VisitCover
from sidebyside.visits.queries import open_parts, talk_times
from sidebyside.web.cycles.people import Company
from sidebyside.web.visits import words
from sidebyside.web.visits.forms import TalkForm, talk_choices

Kind = Appointment.Kind


def _mine(request: HttpRequest, pk: int) -> Visit:
    found: Visit = policy.ask(request.user, "change visit", Visit, pk, "partnership", "observed", "observer")
    return found


@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes to all parts, or no to the visit."""
    visit = _mine(request, pk)
    comes = request.POST.get("answer") == "yes"
    actions.say(visit, comes=comes, by=request.user, at=timezone.now())
    if comes:
        messages.success(request, _("Thank you: the others see that you come."))
    else:
        messages.success(request, _("Those concerned are told. Choose another lesson when it suits you."))
    return redirect("visit", pk)


def talk_before(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time for the talk before, or none."""
    return _talk(request, _mine(request, pk), Kind.TALK_BEFORE)


def talk_after(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time for the talk after, or none."""
    return _talk(request, _mine(request, pk), Kind.TALK_AFTER)


def _talk(request: HttpRequest, visit: Visit, kind: str) -> HttpResponse:
    at = timezone.now()
    now = open_parts(visit, at=at).get(kind)
    span = Span(visit.begin, visit.end)
    if visit.way == Visit.Way.VIDEO and kind == Kind.TALK_AFTER and visit.held_at is not None:
        span = Span(max(visit.end, at) - timedelta(minutes=1), max(visit.end, at))  # a film may be seen much later
    before, after = talk_times(
        observed=visit.observed, observer=visit.observer, span=span, zone=zone_of(visit.observed_id), at=at,
        but=[now.pk] if now else [],
    )  # fmt: skip
    is_before = kind == Kind.TALK_BEFORE
    none = _("No talk before") if is_before else _("No talk after for now")
    kept = Span(now.begin, now.end) if now else None
    choices = talk_choices(before if is_before else after, none, now=kept)
    form = TalkForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_talk(visit, kind=kind, span=form.span, by=request.user, at=at)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("The talk is arranged. Those concerned are told."))
            return redirect("visit", visit.pk)
    context = {
        "visit": visit,
        "company": Company(current_members(visit.partnership), request.user),
        "title": _("The talk before") if is_before else _("The talk after"),
        "who": words.title(visit, request.user),
        "when": words.span_name(visit),
        "form": form,
    }
    return render(request, "visits/talk.html", context, status=422 if form.errors else 200)


@require_POST
def cover_otherwise(request: HttpRequest, pk: int) -> HttpResponse:
    """See to a lesson of who visits without the cover desk."""
    found = policy.find(request.user, VisitCover, pk, "visit__partnership", "request")
    _mine(request, found.visit_id)
    actions.answer_otherwise(found, answer=request.POST.get("answer", ""), by=request.user, at=timezone.now())
    messages.success(request, _("It is written down. Nobody is asked to cover that lesson any more."))
    return redirect("visit", found.visit_id)


@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """It took place; with `log` it is logged as well, in the same tap."""
    visit = _mine(request, pk)
    actions.hold(visit, by=request.user, at=timezone.now())
    if request.POST.get("log"):
        return _log(request, visit)
    messages.success(request, _("Good. It stays here with what belongs to it."))
    return redirect("visit", pk)


@require_POST
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Log a visit that took place."""
    return _log(request, _mine(request, pk))


def _log(request: HttpRequest, visit: Visit) -> HttpResponse:
    if is_logged(request, visit):
        messages.success(request, _("It is logged already."))
        return redirect("visit", visit.pk)
    contact = cycles.log_contact(
        visit.partnership, kinds=["observing"], minutes=minutes_of(visit), began_at=visit.begin, by=request.user,
        at=timezone.now(),
    )  # fmt: skip
    undo = reverse("remove_contact", args=[contact.pk])
    messages.success(request, _("It took place, and is logged."), extra_tags=f"undo:{undo}")
    return redirect("visit", visit.pk)


def minutes_of(visit: Visit) -> int:
    """The minutes that are logged for a visit."""
    return min(LONGEST, max(1, Span(visit.begin, visit.end).minutes))


def is_logged(request: HttpRequest, visit: Visit) -> bool:
    """Whether somebody logged an observation of that time."""
    there = policy.seen(request.user, Contact).filter(partnership=visit.partnership_id, removed_at=None)
    there = there.filter(began_at__gte=visit.begin, began_at__lt=visit.end)
    return any("observing" in one.kinds for one in there)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The visit does not take place."""
    visit = _mine(request, pk)
    actions.cancel(visit, by=request.user, at=timezone.now())
    messages.success(request, _("It is cancelled, with its talks and its cover. Those concerned are told."))
    return redirect("visits", visit.partnership_id)
