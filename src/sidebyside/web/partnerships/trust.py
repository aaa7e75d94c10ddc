"""What others see of us, and who opened what."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sidebyside import policy
from sidebyside.materials.showing import shown_to_leaders
from sidebyside.partnerships import queries
from sidebyside.partnerships.models import Opening, Partnership
from sidebyside.summaries import questions_of_facilitators, questions_of_leaders
from sidebyside.summaries.models import PlanRelease, SummaryRelease
from sidebyside.visits.models import CalendarRelease
from sidebyside.web.paging import page_of


@require_safe
def seen_by_others(request: Any, pk: int) -> HttpResponse:
    """Shows the members exactly what their facilitators and leaders see, asked by the same questions.

    Of a partnership that has ended they see nothing: only what was released and not taken back is still shown.
    """
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    watchers = queries.watchers(partnership) if partnership.ended_at is None else queries.Watchers([], [])
    word = questions_of_facilitators.words_for([partnership], at=timezone.now()).get(partnership.pk, "")
    leaders = [
        (watcher, questions_of_leaders.counts(watcher.places, named=shown_to_leaders(watcher.places)))
        for watcher in watchers.leaders
    ]
    summaries = policy.seen(request.user, SummaryRelease).filter(summary__partnership=partnership, withdrawn_at=None)
    plans = policy.seen(request.user, PlanRelease).filter(plan__partnership=partnership, withdrawn_at=None)
    calendars = policy.seen(request.user, CalendarRelease).filter(partnership=partnership, withdrawn_at=None)
    calendars = calendars.exclude(in_force_at=None).select_related("to").order_by("-at", "-pk")
    return render(
        request,
        "partnerships/seen_by_others.html",
        {
            "partnership": partnership,
            "members": queries.current_members(partnership),
            "others": queries.others_of(partnership, request.user),
            "facilitators": watchers.facilitators,
            "leaders": leaders,
            "word": {"moving": _("moving"), "resting": _("resting"), "quiet": _("quiet")}.get(word, ""),
            "released": [
                *((release, _("your summary")) for release in summaries.select_related("to").order_by("-at", "-pk")),
                *((release, _("your plan")) for release in plans.select_related("to").order_by("-at", "-pk")),
                *(
                    (release, _("when you meet"))
                    for release in calendars.exclude(in_force_at=None).select_related("to")
                ),
            ],
        },
    )


@require_safe
def openings(request: Any, pk: int) -> HttpResponse:
    """Who, of those who are no members, opened what, and on which day."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    rows = queries.openings_of(policy.seen(request.user, Opening), partnership)
    return render(
        request,
        "partnerships/openings.html",
        {
            "partnership": partnership,
            "page": page_of(request, rows),
            "kinds": opened_words(),
            "others": queries.others_of(partnership, request.user),
        },
    )


def opened_words() -> dict[str, str]:
    """What was opened, in words, by the kind of its record."""
    return {
        "summary": _("your summary"),
        "plan": _("your plan"),
        "agreement": _("your agreement"),
        "note": _("a note of yours"),
        "entry": _("a reflection"),
        "cycle": _("a cycle of yours"),
        "calendarrelease": _("when you meet"),
    }
