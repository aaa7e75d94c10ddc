"""Cover as a teacher sees it: what she takes, what is taken for her, when she is away, and how it adds up."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.refusals import Refused
from sidebyside.cover import actions, queries
from sidebyside.cover.models import Away, CoverOffer, CoverRequest, CoverRules
from sidebyside.people.models import Person
from sidebyside.places.models import Place
from sidebyside.web.cover.desk import day_address, on_of
from sidebyside.web.cover.forms import OwnAwayForm, moments
from sidebyside.web.cover.wording import stretch


def my_cover(request: HttpRequest) -> HttpResponse:
    """Her page."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    me, at = request.user, timezone.now()
    offers = queries.to_take(policy.seen(me, CoverOffer), me.pk, at=at)
    vault.opened([offer.request for offer in offers], "notes")
    needed = queries.needed_by(policy.seen(me, CoverRequest), me.pk, at=at)
    schools = me.standing.schools
    day = queries.school_day(schools[0], queries.today_at(schools[0], at=at)) if schools else None
    context = {
        "at": at,
        "stretch": stretch,
        "asked": [offer for offer in offers if not offer.yes_at],
        "taken": [offer for offer in offers if offer.yes_at],
        "rows": queries.rows_of(needed, policy.seen(me, CoverOffer)),
        "thanks": queries.thanked(policy.seen(me, CoverOffer), me.pk, at=at),
        "away": queries.absences_of(policy.seen(me, Away), me.pk, at=at),
        "share": queries.share_of(me.pk, day, at=at) if day else None,
        "window_words": dict(CoverRules.Window.choices),
        "has_school": bool(schools),
        "away_form": OwnAwayForm(initial={"first": day.on if day else None}, prefix="away"),
        **forms,
    }
    with timezone.override(day.zone if day else timezone.get_current_timezone()):
        return render(request, "cover/my_cover.html", context, status=status)


@require_POST
def mark_away(request: HttpRequest) -> HttpResponse:
    """She is away herself, from each school she works at."""
    me, at = request.user, timezone.now()
    policy.ask(me, "mark away", Person, me.pk)
    form = OwnAwayForm(request.POST, prefix="away")
    if form.is_valid():
        sent = form.cleaned_data
        try:
            number = 0
            for school in policy.seen(me, Place).filter(pk__in=me.standing.schools):
                zone = queries.zone_at(school.pk)
                last = sent["last"] or sent["first"]
                begin, end = moments(sent["first"], last, sent["begins"], sent["ends"], zone)
                absence = actions.mark_away(me, school=school, begin=begin, end=end, by=me, at=at)
                number += absence.requests.count()
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _sentence(number))
            return redirect("my_cover")
    return _page(request, 422, away_form=form)


def _sentence(number: int) -> str:
    if number:
        return _("You are marked away. The cover desk looks for somebody. Write notes for your lessons if you can.")
    return _("You are marked away. None of your lessons needs somebody.")


@require_POST
def end_away(request: HttpRequest, pk: int) -> HttpResponse:
    """She comes after all."""
    absence = policy.ask(request.user, "end away", Away, pk)
    at = timezone.now()
    try:
        actions.end_away(absence, by=request.user, at=at)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("No longer away. Who had said yes to a lesson is told."))
    if absence.person_id == request.user.pk:
        return redirect("my_cover")
    return redirect(day_address(absence.school_id, on_of(request, absence.school_id, at=at), at=at))
