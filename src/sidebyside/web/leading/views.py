"""The school leader's page: that partnerships exist, how many, what was released. Never minutes, stages or dates."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sidebyside import policy
from sidebyside.materials.queries import content
from sidebyside.places.models import Place, Role
from sidebyside.summaries import questions_of_leaders
from sidebyside.summaries.models import PlanRelease, SummaryRelease
from sidebyside.visits import release_queries
from sidebyside.visits.models import CalendarRelease
from sidebyside.web.paging import page_of


def leader(request: HttpRequest) -> HttpResponse:
    """What a leader can see, with one sentence on what this page will never show."""
    standing = request.user.standing
    places = standing.at(Role.Kind.LEADER)
    if not places:
        raise PermissionDenied
    named = standing.shown_as_leader
    context = {
        "schools": policy.seen(request.user, Place).filter(pk__in=places).order_by("name"),
        "counts": questions_of_leaders.counts(places, named=named),
        "shows_names": named.anywhere,
        "partnerships": page_of(request, questions_of_leaders.named_partnerships(named)),
        "plans": questions_of_leaders.received(policy.seen(request.user, PlanRelease), request.user, "plan"),
        "summaries": questions_of_leaders.received(policy.seen(request.user, SummaryRelease), request.user, "summary"),
        "calendars": release_queries.shown_to(policy.seen(request.user, CalendarRelease), request.user),
        "leader_words": content("leader_words"),
    }
    return render(request, "leading/leader.html", context)
