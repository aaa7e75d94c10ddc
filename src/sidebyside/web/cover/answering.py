"""Yes or no from a mail, without signing in. Looking at the page does nothing: mail scanners open links too."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sidebyside.base.refusals import Refused
from sidebyside.cover import actions, queries
from sidebyside.cover.models import CoverOffer
from sidebyside.notices.mails import language_of


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """What the mail said, one button for yes and one for no. Only a post acts."""
    offer = queries.offer_behind(secret)
    if offer is None or offer.person is None or offer.person.left_at is not None:
        raise Http404
    with translation.override(language_of(offer.person)), timezone.override(queries.zone_at(offer.request.school_id)):
        return _answered(request, offer, secret)


def _answered(request: HttpRequest, offer: CoverOffer, secret: str) -> HttpResponse:
    at, fault = timezone.now(), ""
    act = request.POST.get("answer")
    if request.method == "POST" and act in ("yes", "no"):
        verb: Any = actions.say_yes if act == "yes" else actions.say_no
        try:
            verb(offer, by=offer.person, at=at)
        except Refused as refused:
            fault = refused.sentence
        offer = queries.offer_behind(secret) or offer
    context = {
        "offer": offer,
        "lesson": offer.request,
        "state": _state(offer, at),
        "secret": secret,
        "fault": fault,
    }
    return render(request, "cover/cover_answer.html", context, status=422 if fault else 200)


def _state(offer: CoverOffer, at: Any) -> str:
    """Where the question stands: "asked", "yes", "no", "withdrawn" or "over"."""
    if offer.no_at:
        return "no"
    if offer.withdrawn_at:
        return "withdrawn"
    if offer.end <= at:
        return "over"
    return "yes" if offer.yes_at else "asked"
