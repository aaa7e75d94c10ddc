"""A facilitator has a term planned for a school: she sees how it adds up, and never who with whom.

Numbers that would be about few are held back: weeks are put together until five visits lie in each line, and a plan
for fewer than five partnerships tells none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base.later import at_leisure
from sidebyside.base.refusals import Refused
from sidebyside.places.models import Place
from sidebyside.summaries.small_numbers import FEWEST, shown
from sidebyside.visits import planning_queries as questions
from sidebyside.visits.actions import planning
from sidebyside.visits.models import TermPlan
from sidebyside.visits.term_plan import Reason
from sidebyside.visits.term_plan.plan import SENTENCES
from sidebyside.web.dates import date_of
from sidebyside.web.terms.forms import WeeksForm

PATIENCE = timedelta(minutes=5)  # what takes longer was lost on the way
WEEK = timedelta(days=7)
FRIDAY = timedelta(days=4)


@dataclass(frozen=True)
class Told:
    """A plan as a facilitator is told of it. `state`: "under_way", "lost", "refused" or "made"; the numbers are None
    where they would be about few."""

    plan: TermPlan
    state: str
    why: str = ""
    partnerships: int = 0
    visits: int | None = None
    covers: int | None = None
    taken: int | None = None
    table: tuple[list[str], ...] = ()
    reasons: tuple[tuple[int, str], ...] = ()
    still_open: int | None = None


def term_plans(request: HttpRequest, pk: int, *, form: WeeksForm | None = None, status: int = 200) -> HttpResponse:
    """What was proposed for the terms of a school, in numbers, and the form for another proposal."""
    school = policy.ask(request.user, "plan a term at", Place, pk)
    now = timezone.now()
    plans = questions.plans_of_school(policy.seen(request.user, TermPlan), school)
    taken = questions.taken_numbers(plans)
    told = [_told(plan, taken.get(plan.pk, 0), now=now) for plan in plans]
    context = {
        "school": school,
        "told": told,
        "under_way": any(one.state == "under_way" for one in told),
        "form": form or _form(school),
    }
    return render(request, "terms/term_plans.html", context, status=status)


@require_POST
def propose_term(request: HttpRequest, pk: int) -> HttpResponse:
    """A facilitator has a calendar proposed. It is made after the page, so that nobody waits for it."""
    school = policy.ask(request.user, "plan a term at", Place, pk)
    form = _form(school, request.POST)
    if form.is_valid():
        try:
            now = timezone.now()
            plan = planning.ask_for_plan(school, **form.chosen, by=request.user, at=now)
            at_leisure(planning.carry_out_asked, plan=plan.pk, at=now)
            return redirect("term_plans", school.pk)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return term_plans(request, pk, form=form, status=422)


@require_POST
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose plan it is puts it away: what was not taken goes."""
    plan = policy.ask(request.user, "put away termplan", TermPlan, pk)
    planning.put_away(plan, by=request.user, at=timezone.now())
    messages.success(request, _("Put away. What is booked stays."))
    if plan.partnership_id is None:
        return redirect("term_plans", plan.school_id)
    return redirect("our_term", plan.partnership_id)


def _form(school: Place, *data: Any) -> WeeksForm:
    return WeeksForm(questions.terms_to_plan(school.pk, at=timezone.now()), *data, today=timezone.localdate())


def _told(plan: TermPlan, taken: int, *, now: datetime) -> Told:
    numbers = plan.numbers
    if not numbers:
        return Told(plan, "lost" if now - plan.made_at > PATIENCE else "under_way")
    if numbers["state"] == "refused":
        return Told(plan, "refused", why=_(numbers["why"]))
    found = Told(plan, "made", partnerships=numbers["partnerships"])
    if numbers["partnerships"] < FEWEST or numbers["visits"] < FEWEST:
        return found
    weeks = _put_together([(date.fromisoformat(on), visits, covers) for on, visits, covers in numbers["weeks"]])
    covers, of_all = shown({at: covers for at, (_first, _last, _visits, covers) in enumerate(weeks)})
    table = tuple(
        [_between(first, last), str(visits), _said(covers[at])]
        for at, (first, last, visits, _covers) in enumerate(weeks)
    )
    reasons, still_open = shown(dict(enumerate(numbers["open"].values())))
    sentences = [
        (number, _(SENTENCES[Reason(reason)]))
        for reason, number in zip(numbers["open"], reasons.values(), strict=True)
        if number is not None
    ]
    return Told(
        plan,
        "made",
        partnerships=numbers["partnerships"],
        visits=numbers["visits"],
        covers=of_all,
        taken=taken if taken >= FEWEST else None,
        table=table,
        reasons=tuple(sentences),
        still_open=still_open,
    )


def _put_together(weeks: Sequence[tuple[date, int, int]]) -> list[tuple[date, date, int, int]]:
    """Weeks that follow one another (Monday, visits, covers) as lines of five visits or more: first Monday, last
    Monday, visits, covers. What is left at the end goes to the line before."""
    lines: list[tuple[date, date, int, int]] = []
    waiting: tuple[date, date, int, int] | None = None
    for on, visits, covers in weeks:
        waiting = (waiting[0], on, waiting[2] + visits, waiting[3] + covers) if waiting else (on, on, visits, covers)
        if waiting[2] >= FEWEST:
            lines.append(waiting)
            waiting = None
    if waiting and lines:
        first, _last, visits, covers = lines.pop()
        lines.append((first, waiting[1], visits + waiting[2], covers + waiting[3]))
    return lines


def _between(first: date, last: date) -> str:
    return _("%(begin)s to %(end)s") % {"begin": date_of(first), "end": date_of(last + FRIDAY)}


def _said(number: int | None) -> str:
    return _("not told") if number is None else str(number)
