"""Meetings of a partnership, once or repeating."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import current_members
from sidebyside.visits import actions
from sidebyside.web.cycles.people import Company
from sidebyside.web.templating import url
from sidebyside.web.visits.forms import MeetForm


def meet(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a meeting of all members into their calendars."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    form = MeetForm(request.POST or None, initial=MeetForm.preset())
    if request.method == "POST" and form.is_valid():
        span = form.span
        try:
            made = actions.meet(
                partnership, begin=span.begin, end=span.end, room=form.cleaned_data["room"], rule=form.rule,
                by=request.user, at=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            text = ngettext("The meeting is in your calendars.", "%(count)s meetings are in your calendars.", len(made))
            messages.success(request, text % {"count": len(made)})
            return redirect("visits", pk)
    company = Company(current_members(partnership), request.user)
    context = {"partnership": partnership, "company": company, "form": form, "back_at": url("workspace", pk)}
    return render(request, "visits/meet.html", context, status=422 if form.errors else 200)
