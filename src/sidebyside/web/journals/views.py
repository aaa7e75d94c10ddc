"""Reflections: one's own first, shared when its author says, and taken back when she says."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.cycles.models import Cycle
from sidebyside.cycles.queries import template_of
from sidebyside.journals import actions
from sidebyside.journals.models import Entry
from sidebyside.journals.queries import own_entry
from sidebyside.partnerships.queries import current_members
from sidebyside.web import two_texts
from sidebyside.web.cycles.people import Company


def reflection(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one's own reflection on a cycle. Sent with `share`, it is shared as well."""
    cycle = policy.ask(request.user, "work on", Cycle, pk, "template", "partnership")
    found = own_entry(policy.seen(request.user, Entry), cycle, request.user)
    vault.opened([found] if found else [], "text")
    company = Company(current_members(cycle.partnership), request.user)
    last = template_of(cycle).stages[-1]
    is_shared = bool(found and found.shared_at)
    shares = "share" in request.POST and "X-Autosave" not in request.headers
    writing = two_texts.Writing(
        title=_("Your reflection"),
        label=_("What happened, what do you keep, what comes next?"),
        hint="" if is_shared else _("It is yours alone until you share it."),
        saved=_("Your reflection is shared.") if shares else _("Your reflection is saved."),
        key=f"reflection-{pk}",
        action=reverse("reflection", args=[pk]),
        back=reverse("workspace", args=[cycle.partnership_id]) + "#reflection",
        seen=company.seen if is_shared else _("Only you"),
        text=found.text if found else "",
        version=found.version if found else 0,
        prompts=last.prompts,
        questions_at=reverse("stage", args=[pk, last.slug]),
        removal=reverse("remove_entry", args=[found.pk]) if found else "",
    )
    if request.method != "POST":
        return two_texts.page(request, writing)

    def save(text: str, version: int) -> Entry:
        now = timezone.now()
        entry = actions.write_entry(cycle, text=text, version=version, by=request.user, at=now)
        if shares:
            actions.share(entry, by=request.user, at=now)
        return entry

    return two_texts.write(request, writing, save)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a reflection one's own again."""
    found = policy.ask(request.user, "change entry", Entry, pk)
    actions.take_back(found, by=request.user, at=timezone.now())
    messages.success(request, _("Your reflection is yours alone again. The others may have read it."))
    return _back(found)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a reflection into its author's bin."""
    found = policy.ask(request.user, "change entry", Entry, pk)
    actions.remove(found, by=request.user, at=timezone.now())
    undo = reverse("restore", args=["entry", pk])
    messages.success(request, _("Your reflection lies in your bin for 30 days."), extra_tags=f"undo:{undo}")
    return _back(found)


def _back(entry: Entry) -> HttpResponse:
    return redirect(reverse("workspace", args=[entry.partnership_id]) + "#reflection")
