"""The programme of a place: its name and settings, its own words, its short list of goals, the cycles it offers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.materials import actions, queries
from sidebyside.materials.models import PlaceGoal, Programme
from sidebyside.materials.words import word
from sidebyside.places.models import Place, Role
from sidebyside.places.queries import children_of
from sidebyside.web.places.forms import sent
from sidebyside.web.programme.forms import GoalForm, NameForm, SettingsForm, TemplatesForm, WordsForm

MANY = 50
# What a place's words look like in sentences; the keys in braces are words of the programme.
SAMPLES: tuple[Promise, ...] = (
    gettext_lazy("You are the {coach}, Ben is your {learning_partner}. Your {partnership} has an {agreement}."),
    gettext_lazy("This {cycle} has five {stages}. You have written a {focus} and two {goals}."),
    gettext_lazy("Three {contacts} since Monday. Your {next_step}: write a {reflection} and agree on the {summary}."),
    gettext_lazy("Ask a {facilitator}, or look who the {coaches} of this {place} are."),
)


def programme(request: HttpRequest) -> HttpResponse:
    """The programme a lead leads: the one in force at her place, and others at or below her places."""
    me = request.user
    places = me.standing.at(Role.Kind.LEAD)
    if not places and not me.standing.is_owner:
        raise PermissionDenied
    found = queries.programme_for(places) if places else None
    if found is None:
        roots = children_of(policy.seen(me, Place), None)[:MANY]
        return render(request, "programme/no_programme.html", {"roots": roots, "is_lead": bool(places)})
    return _page(request, found)


def programme_of(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme: its lead changes it, everybody else reads it."""
    return _page(request, policy.find(request.user, Programme, pk, "place"))


def _page(request: HttpRequest, found: Programme, status: int = 200, **forms: Any) -> HttpResponse:
    me = request.user
    offered = {version.material.slug for version in queries.templates_for(found.place)}
    templates = [queries.template(version) for version in queries.templates_there(found.place)]
    context = {
        "programme": found,
        "leads": policy.may(me, "change the programme of", found.place),
        "goals": queries.goals_of(found.place),
        "templates": templates,
        "offered": offered,
        "settings_form": SettingsForm.of(found, None),
        "goal_form": GoalForm(prefix="goal"),
        "templates_form": TemplatesForm(templates=templates, initial={"slugs": sorted(offered)}, prefix="templates"),
        "others": _others(request, found),
        **forms,
    }
    return render(request, "programme/programme.html", context, status=status)


def _others(request: HttpRequest, found: Programme) -> list[Programme]:
    """The other programmes at or below the reader's places, and below this one's."""
    places = {*request.user.standing.at(Role.Kind.LEAD), found.place_id}
    return list(queries.programmes_below(places).exclude(pk=found.pk)[:MANY])


@require_POST
def change_settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name and settings."""
    found = _mine(request, pk)
    form = SettingsForm.of(found, request.POST)
    if form.is_valid():
        try:
            actions.change_settings(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return _saved(request, pk)
    return _page(request, found, 422, settings_form=form)


@require_POST
def offer_templates(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose which cycles are offered."""
    found = _mine(request, pk)
    templates = [queries.template(version) for version in queries.templates_there(found.place)]
    form = TemplatesForm(request.POST, templates=templates, prefix="templates")
    if form.is_valid():
        try:
            actions.offer_templates(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return _saved(request, pk)
    return _page(request, found, 422, templates_form=form)


def words(request: HttpRequest, pk: int) -> HttpResponse:
    """The place's own words, with sentences that show them."""
    found = _mine(request, pk)
    form = WordsForm(sent(request), own=found.words)
    own = {key: tuple(forms) for key, forms in found.words.items()}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            own = form.words()
            if request.POST.get("act") == "look":
                status = 200
            else:
                try:
                    actions.rename_words(found, words=own, by=request.user, at=timezone.now())
                    return _saved(request, pk)
                except Refused as refused:
                    form.add_error(None, refused.sentence)
    context = {"programme": found, "form": form, "samples": _samples(own)}
    return render(request, "programme/words.html", context, status=status)


def _samples(own: dict[str, Any]) -> list[str]:
    def said(key: str, count: int = 1) -> str:
        return word(key, count=count, own=own, translate=gettext)

    names = {
        **{key: said(key) for key in ("coach", "learning_partner", "partnership", "agreement", "cycle", "focus")},
        **{key: said(key) for key in ("next_step", "reflection", "summary", "facilitator", "place")},
        "stages": said("stage", 5),
        "goals": said("goal", 2),
        "contacts": said("contact", 3),
        "coaches": said("coach", 2),
    }
    return [str(sample).format(**names) for sample in SAMPLES]


@require_POST
def add_goal(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a goal on the list of the place that owns this programme."""
    found = _mine(request, pk)
    form = GoalForm(request.POST, prefix="goal")
    if form.is_valid():
        try:
            actions.add_goal(found.place, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return _saved(request, pk)
    return _page(request, found, 422, goal_form=form)


@require_POST
def remove_goal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a goal off the list; it can be put back."""
    goal = _goal(request, pk)
    actions.remove_goal(goal, by=request.user, at=timezone.now())
    messages.success(
        request, _("The goal is removed."), extra_tags=f"undo:{reverse('place_goal_restoration', args=[pk])}"
    )
    return _back(goal)


@require_POST
def restore_goal(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a removed goal back on the list."""
    goal = _goal(request, pk)
    actions.restore_goal(goal, by=request.user, at=timezone.now())
    messages.success(request, _("The goal is back."))
    return _back(goal)


def _goal(request: HttpRequest, pk: int) -> PlaceGoal:
    goal = policy.find(request.user, PlaceGoal, pk)
    policy.ask(request.user, "change the programme of", Place, goal.place_id)
    return goal


def _back(goal: PlaceGoal) -> HttpResponse:
    found = queries.programme_for([goal.place_id])
    return redirect(f"{reverse('programme_of', args=[found.pk])}#goals") if found else redirect("programme")


def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a place own its programme from now on."""
    place = policy.ask(request.user, "change the programme of", Place, pk)
    form = NameForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.begin_programme(place, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("This place has its own programme now. It begins as the one above stands."))
            return redirect("programme_of", made.pk)
    context = {"place": place, "form": form, "now": queries.programme_for([pk])}
    return render(request, "programme/begin.html", context, status=422 if form.is_bound else 200)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the programme of a place up; the one above is in force there again."""
    found = _mine(request, pk)
    actions.end_programme(found, by=request.user, at=timezone.now())
    messages.success(request, _("The programme of the place above is in force here again."))
    return redirect("place", found.place_id)


def _mine(request: HttpRequest, pk: int) -> Programme:
    found = policy.find(request.user, Programme, pk, "place")
    policy.ask(request.user, "change the programme of", Place, found.place_id)
    return found


def _saved(request: HttpRequest, pk: int) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("programme_of", pk)
