"""The log of contacts: logged in three taps, put right by any member, two entries for one talk made one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base import bin
from sidebyside.base.refusals import Refused
from sidebyside.cycles import actions
from sidebyside.cycles.models import Contact
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import current_members
from sidebyside.web.cycles.forms import LENGTHS, ContactForm, CorrectionForm, kind_choices
from sidebyside.web.cycles.people import Company
from sidebyside.web.cycles.workspace import log_of


def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """Log a contact."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    company = Company(current_members(partnership), request.user)
    if request.method != "POST":
        latest = policy.seen(request.user, Contact).filter(partnership=partnership, removed_at=None)
        preset = log_of(request, list(latest.order_by("-began_at", "-pk")[:10]), company)
        return _log_page(request, partnership, company, preset, None)
    form = ContactForm(request.POST)
    now = timezone.now()
    if form.is_valid():
        try:
            contact = actions.log_contact(
                partnership, kinds=form.cleaned_data["kinds"], minutes=form.length or 0, began_at=form.began_at(now),
                by=request.user, at=now,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            undo = reverse("remove_contact", args=[contact.pk])
            messages.success(request, _("Logged."), extra_tags=f"undo:{undo}")
            return _back(pk)
    return _log_page(request, partnership, company, _as_sent(request), form)


def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an entry right."""
    found = policy.ask(request.user, "change contact", Contact, pk, "partnership")
    initial = {"kinds": found.kinds, "minutes": found.minutes, "began_at": timezone.localtime(found.began_at)}
    form = CorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        if values["began_at"] == found.began_at.replace(second=0, microsecond=0):
            values["began_at"] = found.began_at  # the field has no seconds; the moment did not change
        try:
            actions.correct(found, **values, by=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("The entry is put right."))
            return _back(found.partnership_id)
    company = Company(current_members(found.partnership), request.user)
    context = {"contact": found, "form": form, "company": company}
    return render(request, "cycles/contact.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an entry into the bin of all members."""
    found = policy.ask(request.user, "change contact", Contact, pk)
    bin.remove(found, by=request.user, at=timezone.now())
    undo = reverse("restore", args=["contact", pk])
    messages.success(request, _("The entry lies in the bin for 30 days, for all of you."), extra_tags=f"undo:{undo}")
    return _back(found.partnership_id)


@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one entry of two for the same talk."""
    found = policy.ask(request.user, "change contact", Contact, pk)
    other = policy.ask(request.user, "change contact", Contact, _number(request.POST.get("other", "")))
    actions.join(found, other, by=request.user, at=timezone.now())
    undo = reverse("restore", args=["contact", other.pk])
    messages.success(request, _("The two entries are one now."), extra_tags=f"undo:{undo}")
    return _back(found.partnership_id)


@require_POST
def keep_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that this entry is another talk than the one beside it."""
    found = policy.ask(request.user, "change contact", Contact, pk)
    actions.keep_apart(found, by=request.user, at=timezone.now())
    return _back(found.partnership_id)


def _log_page(
    request: HttpRequest, partnership: Partnership, company: Company, log: dict[str, Any], form: ContactForm | None
) -> HttpResponse:
    context = {"partnership": partnership, "company": company, "log": log, "form": form, "kinds": dict(kind_choices())}
    return render(request, "cycles/log.html", context, status=422 if form else 200)


def _as_sent(request: HttpRequest) -> dict[str, Any]:
    """The form as she sent it, to be shown once more."""
    sent = request.POST
    minutes = sent.get("minutes", "")
    chosen = int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 4 else 0
    lengths = sorted({*LENGTHS, chosen} - {0})
    return {
        "kinds": sent.getlist("kinds"), "minutes": chosen, "lengths": lengths, "day": sent.get("day", "today"),
        "other_minutes": sent.get("other_minutes", ""), "other_day": sent.get("other_day", ""),
    }  # fmt: skip


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 18):
        raise Http404
    return int(written)


def _back(partnership_id: int) -> HttpResponse:
    return redirect(reverse("workspace", args=[partnership_id]) + "#log")
