"""A cycle begins, moves, rests, ends; its stages; and what earlier cycles hold."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.refusals import Refused
from sidebyside.cycles import actions
from sidebyside.cycles.models import Contact, Cycle
from sidebyside.cycles.queries import template_of
from sidebyside.materials.queries import content
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import current_members
from sidebyside.web.cycles.forms import kind_choices
from sidebyside.web.cycles.people import Company
from sidebyside.web.cycles.workspace import gathered, offered, texts_of
from sidebyside.web.paging import page_of


def cycles(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the first or the next cycle: choose one of the templates, each with a sentence."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    company = Company(current_members(partnership), request.user)
    choices = offered(company)
    context = {"partnership": partnership, "company": company, "offered": choices, "refused": ""}
    if request.method == "GET":
        return render(request, "cycles/begin.html", context)
    allowed = {str(version.pk): version for version, _template in choices}
    chosen = allowed.get(request.POST.get("template", ""))
    try:
        if chosen is None:
            raise Refused(_("Please choose one of these."))
        actions.begin(partnership, template=chosen, by=request.user, at=timezone.now())
    except Refused as refused:
        return render(request, "cycles/begin.html", context | {"refused": refused.sentence}, status=422)
    return redirect("workspace", pk)


def stage(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One stage of a cycle: what it is for, questions to think with, signs that it is done. A POST moves there."""
    if request.method == "POST":
        return _move(request, pk, slug)
    cycle = policy.find(request.user, Cycle, pk, "template", "partnership")
    stages = template_of(cycle).stages
    found = next((one for one in stages if one.slug == slug), None)
    if found is None:
        raise Http404
    bank = content("bank")
    suited = bank.suited(found.kind)
    questions = [(kind, [one for one in suited if one.type == kind.code]) for kind in bank.types]
    context = {
        "cycle": cycle,
        "stage": found,
        "stages": stages,
        "at": next(at for at, one in enumerate(stages) if one.slug == cycle.stage),
        "is_here": cycle.stage == slug,
        "questions": [(kind, found_ones) for kind, found_ones in questions if found_ones],
        "paraphrases": content("paraphrases"),
    }
    return render(request, "cycles/stage.html", context)


def _move(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    cycle = policy.ask(request.user, "work on", Cycle, pk, "template")
    before = cycle.stage
    actions.move_to(cycle, stage=slug, by=request.user, at=timezone.now())
    title = next(one.title for one in template_of(cycle).stages if one.slug == slug)
    undo = reverse("stage", args=[pk, before])
    messages.success(request, _("You are at “%(stage)s” now.") % {"stage": _(title)}, extra_tags=f"undo:{undo}")
    return redirect("workspace", cycle.partnership_id)


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the cycle rest where it is."""
    cycle = policy.ask(request.user, "work on", Cycle, pk)
    actions.pause(cycle, by=request.user, at=timezone.now())
    undo = reverse("resume_cycle", args=[pk])
    messages.success(request, _("The cycle rests. Everything stays where it is."), extra_tags=f"undo:{undo}")
    return redirect("workspace", cycle.partnership_id)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on where it was paused."""
    cycle = policy.ask(request.user, "work on", Cycle, pk)
    actions.resume(cycle, by=request.user, at=timezone.now())
    messages.success(request, _("Welcome back. The cycle goes on where it was."))
    return redirect("workspace", cycle.partnership_id)


@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """The cycle did what it was for."""
    cycle = policy.ask(request.user, "work on", Cycle, pk)
    actions.complete(cycle, by=request.user, at=timezone.now())
    undo = reverse("reopen_cycle", args=[pk])
    messages.success(request, _("The cycle is complete. All of it stays here to read."), extra_tags=f"undo:{undo}")
    return redirect("workspace", cycle.partnership_id)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """The cycle ends early, which is nobody's fault."""
    cycle = policy.ask(request.user, "work on", Cycle, pk)
    actions.stop(cycle, by=request.user, at=timezone.now())
    undo = reverse("reopen_cycle", args=[pk])
    messages.success(request, _("The cycle has ended here. All of it stays to read."), extra_tags=f"undo:{undo}")
    return redirect("workspace", cycle.partnership_id)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an ended cycle up again."""
    cycle = policy.ask(request.user, "work on", Cycle, pk, "partnership")
    actions.reopen(cycle, by=request.user, at=timezone.now())
    messages.success(request, _("The cycle goes on where it was."))
    return redirect("workspace", cycle.partnership_id)


@require_GET
def cycle(request: HttpRequest, pk: int) -> HttpResponse:
    """An earlier cycle to read, or the running one: all that was written in it."""
    found = policy.find(request.user, Cycle, pk, "template", "partnership")
    company = Company(current_members(found.partnership), request.user)
    work = gathered(request.user, found)
    vault.open_texts(texts_of(work))
    is_open = policy.seen(request.user, Cycle).filter(partnership=found.partnership, ended_at=None).exists()
    context = {"work": work, "cycle": found, "company": company, "may_reopen": not is_open}
    return render(request, "cycles/cycle.html", context)


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """All cycles of a partnership, and the whole log, page by page."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    contacts = policy.seen(request.user, Contact).filter(partnership=partnership, removed_at=None)
    rounds = policy.seen(request.user, Cycle).filter(partnership=partnership).select_related("template")
    context = {
        "partnership": partnership,
        "company": Company(current_members(partnership), request.user),
        "cycles": [(one, template_of(one)) for one in rounds.order_by("-number")],
        "contacts": page_of(request, contacts.order_by("-began_at", "-pk")),
        "kinds": dict(kind_choices()),
    }
    return render(request, "cycles/history.html", context)
