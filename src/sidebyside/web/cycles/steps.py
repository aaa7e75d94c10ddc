"""The action plan: steps added, changed, done, removed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base import bin, vault
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.cycles import actions
from sidebyside.cycles.models import Cycle, Step
from sidebyside.partnerships.queries import current_members
from sidebyside.web.cycles.forms import StepForm
from sidebyside.web.cycles.people import Company
from sidebyside.web.two_texts import version_of


def steps(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a line to the plan of a cycle."""
    cycle = policy.ask(request.user, "work on", Cycle, pk, "partnership")
    form = StepForm(request.POST or None, members=current_members(cycle.partnership))
    if request.method == "POST" and form.is_valid():
        try:
            step = actions.add_step(cycle, **form.values, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error("text", refused.sentence)
        else:
            undo = reverse("remove_step", args=[step.pk])
            messages.success(request, _("The step is in your plan."), extra_tags=f"undo:{undo}")
            return _back(cycle.partnership_id)
    return _page(request, cycle, form, title=_("A new step"))


def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a line of the plan."""
    found = policy.ask(request.user, "change step", Step, pk, "cycle__partnership", "who")
    vault.opened([found], "text")
    people = {"members": current_members(found.cycle.partnership), "also": [found.who] if found.who else []}
    if request.method != "POST":
        initial = {"text": found.text, "who": found.who_id or "", "by_date": found.by_date, "version": found.version}
        form = StepForm(initial=initial, **people)
        return _page(request, found.cycle, form, title=_("Step"), step=found)
    form = StepForm(request.POST, **people)
    theirs = None
    if form.is_valid():
        values = form.values
        if request.POST.get("keep") == "both" and version_of(request) == found.version:
            values["text"] = f"{found.text}\n\n{values['text']}"
        try:
            actions.change_step(found, **values, version=version_of(request), by=request.user, at=timezone.now())
        except Overtaken as overtaken:
            theirs = overtaken.current
            form.data = form.data.copy()
            form.data["version"] = str(theirs.version)
        except Refused as refused:
            form.add_error("text", refused.sentence)
        else:
            messages.success(request, _("The step is saved."))
            return _back(found.partnership_id)
    return _page(request, found.cycle, form, title=_("Step"), step=found, theirs=theirs)


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a step is done."""
    found = policy.ask(request.user, "change step", Step, pk)
    actions.finish(found, by=request.user, at=timezone.now())
    undo = reverse("reopen_step", args=[pk])
    messages.success(request, _("The step is done."), extra_tags=f"undo:{undo}")
    return _back(found.partnership_id)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a step is open again."""
    found = policy.ask(request.user, "change step", Step, pk)
    actions.reopen_step(found, by=request.user, at=timezone.now())
    messages.success(request, _("The step is open again."))
    return _back(found.partnership_id)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a step into the bin of all members."""
    found = policy.ask(request.user, "change step", Step, pk)
    bin.remove(found, by=request.user, at=timezone.now())
    undo = reverse("restore", args=["step", pk])
    messages.success(request, _("The step lies in the bin for 30 days, for all of you."), extra_tags=f"undo:{undo}")
    return _back(found.partnership_id)


def _page(request: HttpRequest, cycle: Cycle, form: StepForm, **more: Any) -> HttpResponse:
    theirs = more.get("theirs")
    context = {
        "cycle": cycle,
        "form": form,
        "step": None,
        "theirs": None,
        "company": Company(current_members(cycle.partnership), request.user),
        **more,
    }
    status = 409 if theirs else 422 if form.is_bound else 200
    return render(request, "cycles/step.html", context, status=status)


def _back(partnership_id: int) -> HttpResponse:
    return redirect(reverse("workspace", args=[partnership_id]) + "#plan")
