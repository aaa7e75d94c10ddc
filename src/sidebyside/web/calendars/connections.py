"""Calendars taken along and brought along: the secret address of one's own, and addresses of calendars elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.later import at_leisure
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import connections as verbs
from sidebyside.calendars.models import Feed, OutsideCalendar


class AddressForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Address of the calendar"),
        help_text=gettext_lazy(
            "It begins with https:// or webcal:// and mostly ends in .ics. It is kept sealed and never shown again."
        ),
        max_length=4096,
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )


@dataclass(frozen=True)
class Shown:
    """A calendar brought along, as its owner sees it: where it is from, when it was read, what is the matter."""

    pk: int
    host: str
    added_at: datetime
    read_at: datetime | None
    fault: str
    failed: bool


@never_cache
@require_http_methods(["GET", "HEAD"])
def connections(request: HttpRequest) -> HttpResponse:
    """Which calendars she takes along and brings along."""
    return _page(request, AddressForm())


@sensitive_variables("secret")
def _page(request: HttpRequest, form: forms.Form, *, secret: str = "", status: int = 200) -> HttpResponse:
    me = request.user
    rows = policy.seen(me, OutsideCalendar).filter(ended_at=None).order_by("pk")
    context = {
        "feed": policy.seen(me, Feed).filter(ended_at=None).first(),
        "address": settings.SITE_URL + reverse("feed", args=[secret]) if secret else "",
        "calendars": [_shown(row) for row in vault.opened(rows, "address")],
        "most": verbs.MOST_CALENDARS,
        "form": form,
    }
    return render(request, "calendars/connections.html", context, status=status)


def _shown(row: OutsideCalendar) -> Shown:
    try:
        host = urlsplit(str(row.address)).hostname or ""
    except ValueError:
        host = ""
    fault = _(row.fault) % row.fault_values if row.fault else ""
    return Shown(row.pk, host, row.added_at, row.read_at, fault, row.failed_at is not None)


@never_cache
@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make a new address, end the old one, and show it: this once."""
    return _page(request, AddressForm(), secret=verbs.make_feed(request.user, by=request.user, at=timezone.now()))


@require_POST
def end_feed(request: HttpRequest) -> HttpResponse:
    """End the address."""
    verbs.end_feed(request.user, by=request.user, at=timezone.now())
    messages.success(request, _("The address has ended. Programs that read it find nothing from now on."))
    return redirect("connections")


@sensitive_post_parameters("address")
@require_POST
def add_calendar(request: HttpRequest) -> HttpResponse:
    """Bring a calendar along; it is read at once."""
    form, at = AddressForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            made = verbs.add_calendar(request.user, address=form.cleaned_data["address"], by=request.user, at=at)
        except Refused as refused:
            form.add_error("address", refused.sentence)
        else:
            at_leisure(verbs.read_calendar, calendar=made.pk, at=at)
            messages.success(request, _("Your calendar is being read. Look here again in a moment."))
            return redirect("connections")
    return _page(request, form, status=422)


@require_POST
def read_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a calendar now."""
    found = policy.find(request.user, OutsideCalendar, pk)
    at_leisure(verbs.read_again, calendar=found.pk, at=timezone.now())
    messages.success(request, _("Your calendar is being read. Look here again in a moment."))
    return redirect("connections")


@require_POST
def stop_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a calendar no more."""
    verbs.stop_calendar(policy.find(request.user, OutsideCalendar, pk), by=request.user, at=timezone.now())
    messages.success(request, _("This calendar is read no more, and what was read from it is gone."))
    return redirect("connections")
