"""The facilitator's page: her partnerships by name with one word each, and one act; all else as counts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.partnerships import actions
from sidebyside.partnerships.models import Partnership, Wish
from sidebyside.places.models import Role
from sidebyside.summaries import questions_of_facilitators as questions
from sidebyside.visits.planning_queries import schools_to_plan
from sidebyside.web.paging import number_of, page_with


def facilitator(request: HttpRequest) -> HttpResponse:
    """Her partnerships, the wishes for a coach, and what a coach's helper may know."""
    places = request.user.standing.at(Role.Kind.FACILITATOR)
    if not places:
        raise PermissionDenied
    now = timezone.now()
    number = number_of(request)
    page = page_with(questions.listed(places, reader=request.user, at=now, page=number), number)
    context = {
        "places": questions.names_of_places(places),
        "page": page,
        "mine": set(request.user.standing.partnerships),
        "wishes": policy.seen_often(request.user, Wish, questions.open_wishes),
        "schools": schools_to_plan(places),
        "counts": questions.counts(places, at=now),
    }
    return render(request, "facilitating/facilitator.html", context)


@require_POST
def offer_help(request: HttpRequest, pk: int) -> HttpResponse:
    """A facilitator offers help. The partnership decides what comes of it."""
    partnership = policy.ask(request.user, "offer help to", Partnership, pk)
    actions.offer_help(partnership, by=request.user, at=timezone.now())
    messages.success(request, _("They can see that you are there for them."))
    return redirect("facilitator")
