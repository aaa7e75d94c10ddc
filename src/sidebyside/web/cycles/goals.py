"""Goals: added, changed, reached, removed."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
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
from sidebyside.cycles.models import Cycle, Goal
from sidebyside.materials.models import PlaceGoal
from sidebyside.partnerships.queries import current_members
from sidebyside.web.cycles.forms import GoalForm
from sidebyside.web.cycles.people import Company
from sidebyside.web.two_texts import version_of


def goals(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a goal of a cycle."""
    cycle = policy.ask(request.user, "work on", Cycle, pk, "partnership")
    form = GoalForm(request.POST or None, place_goals=_place_goals(request))
    if request.method == "POST" and form.is_valid():
        try:
            goal = actions.add_goal(cycle, **form.values, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error("text", refused.sentence)
        else:
            undo = reverse("remove_goal", args=[goal.pk])
            messages.success(request, _("The goal is written."), extra_tags=f"undo:{undo}")
            return _back(cycle.partnership_id)
    return _page(request, cycle, form, title=_("A new goal"))


def goal(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a goal."""
    found = policy.ask(request.user, "change goal", Goal, pk, "cycle__partnership", "place_goal")
    vault.opened([found], "text", "evidence")
    place_goals = _place_goals(request)
    if request.method != "POST":
        names = ("text", "evidence", "by_date", "place_goal", "version")
        form = GoalForm(initial={name: getattr(found, name) for name in names}, place_goals=place_goals)
        return _page(request, found.cycle, form, title=_("Goal"), goal=found)
    form = GoalForm(request.POST, place_goals=place_goals)
    theirs = None
    if form.is_valid():
        values = form.values
        if found.place_goal and found.place_goal not in place_goals:
            values["place_goal"] = found.place_goal  # the place gave that goal up; the link stays
        if request.POST.get("keep") == "both" and version_of(request) == found.version:
            values |= {name: f"{getattr(found, name)}\n\n{values[name]}" for name in ("text", "evidence")}
        try:
            actions.change_goal(found, **values, version=version_of(request), by=request.user, at=timezone.now())
        except Overtaken as overtaken:
            theirs = overtaken.current
            form.data = form.data.copy()
            form.data["version"] = str(theirs.version)
        except Refused as refused:
            form.add_error("text", refused.sentence)
        else:
            messages.success(request, _("The goal is saved."))
            return _back(found.partnership_id)
    return _page(request, found.cycle, form, title=_("Goal"), goal=found, theirs=theirs)


@require_POST
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a goal is reached."""
    found = policy.ask(request.user, "change goal", Goal, pk)
    actions.reach(found, by=request.user, at=timezone.now())
    undo = reverse("unreach_goal", args=[pk])
    messages.success(request, _("The goal is reached."), extra_tags=f"undo:{undo}")
    return _back(found.partnership_id)


@require_POST
def unreach(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a goal is open again."""
    found = policy.ask(request.user, "change goal", Goal, pk)
    actions.unreach(found, by=request.user, at=timezone.now())
    messages.success(request, _("The goal is open again."))
    return _back(found.partnership_id)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a goal into the bin of all members."""
    found = policy.ask(request.user, "change goal", Goal, pk)
    bin.remove(found, by=request.user, at=timezone.now())
    undo = reverse("restore", args=["goal", pk])
    messages.success(request, _("The goal lies in the bin for 30 days, for all of you."), extra_tags=f"undo:{undo}")
    return _back(found.partnership_id)


def _place_goals(request: HttpRequest) -> QuerySet[PlaceGoal]:
    """The goals of her places, to which she may link."""
    return policy.seen(request.user, PlaceGoal).order_by("place", "made_at", "pk")


def _page(request: HttpRequest, cycle: Cycle, form: GoalForm, **more: Any) -> HttpResponse:
    theirs = more.get("theirs")
    context = {
        "cycle": cycle,
        "form": form,
        "goal": None,
        "theirs": None,
        "company": Company(current_members(cycle.partnership), request.user),
        **more,
    }
    status = 409 if theirs else 422 if form.is_bound else 200
    return render(request, "cycles/goal.html", context, status=status)


def _back(partnership_id: int) -> HttpResponse:
    return redirect(reverse("workspace", args=[partnership_id]) + "#goals")
