"""What opens without a sign-in, by a secret in the address: the feed that calendar programs read, and the page on
which somebody answers an invitation."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.actions.connections import touch_feed
from sidebyside.calendars.models import Attendee
from sidebyside.calendars.queries import feed_of, zone_of
from sidebyside.notices.answers import invited
from sidebyside.notices.entries import calendar_of
from sidebyside.notices.mails import language_of

ANSWERS = (Attendee.Answer.YES, Attendee.Answer.PERHAPS, Attendee.Answer.NO)
KEPT_FOR = 900  # seconds


@login_not_required
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """A person's calendar as a file. An address that never was and one that has ended look the same."""
    found = feed_of(secret)
    if found is None:
        return HttpResponse("Not found\n", content_type="text/plain; charset=utf-8", status=404)
    at = timezone.now()
    data = calendar_of(found.person, at=at)
    touch_feed(found, at=at)
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="side-by-side.ics"'
    response["ETag"] = tag
    response["Cache-Control"] = f"private, max-age={KEPT_FOR}"
    response["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=tag, response=response) or response


@login_not_required
@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Yes, no or perhaps to an invitation, by the link in its mail. Opening the page does nothing, as mail servers open
    links; only a button answers. It shows no more than the mail did."""
    attendee = invited(secret)
    if attendee is None:
        raise Http404
    with translation.override(language_of(attendee.person)), timezone.override(zone_of(attendee.person_id)):
        return _answered(request, attendee)


def _answered(request: Any, attendee: Attendee) -> HttpResponse:
    appointment, at, fault, done = attendee.appointment, timezone.now(), "", False
    said, all_times = request.POST.get("answer", ""), request.POST.get("times") == "all"
    if request.method == "POST" and said in ANSWERS:
        try:
            if all_times and appointment.series is not None:
                verbs.answer_series(appointment.series, answer=said, by=attendee.person, at=at)
            else:
                verbs.answer(attendee, answer=said, by=attendee.person, at=at)
            done = True
        except Refused as refused:
            fault = refused.sentence
        attendee.refresh_from_db()
        appointment.refresh_from_db()
    over = _("This appointment is over.") if appointment.end <= at else ""
    context = {
        "attendee": attendee,
        "appointment": appointment,
        "fault": fault,
        "done": done,
        "closed": _("This appointment was cancelled.") if appointment.cancelled_at else over,
        "answers": answers_of(attendee),
    }
    return render(request, "calendars/answer.html", context, status=422 if fault else 200)


def answers_of(attendee: Attendee) -> list[tuple[str, str, bool]]:
    """The buttons: what each says, in which words, and whether she has said so."""
    words = {"yes": _("Yes, I come"), "perhaps": _("Perhaps"), "no": _("No, I cannot")}
    return [(str(each), words[each], attendee.answer == each) for each in ANSWERS]
