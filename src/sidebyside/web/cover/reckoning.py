"""How cover adds up, what limits hold, and the sheet of the day for the staff room's door."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.cover import actions, queries
from sidebyside.cover.models import CoverLimit, CoverOffer, CoverRequest
from sidebyside.places.models import Place
from sidebyside.web.cover.desk import on_of
from sidebyside.web.cover.forms import OwnLimitForm, RulesForm
from sidebyside.web.places.forms import sent


def ledger(request: HttpRequest, school: int) -> HttpResponse:
    """Who gave and received how much in the time that the school looks at; in the order of names, not of numbers."""
    place = policy.ask(request.user, "arrange cover at", Place, school)
    at = timezone.now()
    rules_there = queries.rules_of(school)
    begin, end = queries.window_of(rules_there, on=queries.today_at(school, at=at))
    people = queries.people_at_school(school)
    lines = queries.ledger(school, begin=begin, end=end, at=at, people=people)
    context = {
        "school": place,
        "rules": rules_there,
        "begin": begin,
        "end": end,
        "lines": [(person, lines[pk]) for pk, person in people.items()],
    }
    return render(request, "cover/cover_ledger.html", context)


def rules(request: HttpRequest, school: int) -> HttpResponse:
    """The limits of the school and of single persons, and over which time covers are counted."""
    place = policy.ask(request.user, "arrange cover at", Place, school)
    there = queries.rules_of(school)
    initial = {name: getattr(there, name) for name in RulesForm.base_fields}
    form = RulesForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_rules(place, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved. The next proposal keeps to it."))
            return redirect("cover_rules", school)
    return _rules_page(request, place, form=form)


def _rules_page(request: HttpRequest, place: Place, **forms: Any) -> HttpResponse:
    people = queries.people_at_school(place.pk)
    form = forms.get("form") or RulesForm(
        initial={name: getattr(queries.rules_of(place.pk), name) for name in RulesForm.base_fields}
    )
    own = forms.get("limit_form") or OwnLimitForm(people=people, prefix="limit")
    context = {
        "school": place,
        "form": form,
        "limit_form": own,
        "limits": queries.limits_at(policy.seen(request.user, CoverLimit), place.pk),
        "people": people,
    }
    status = 422 if form.errors or own.errors else 200
    return render(request, "cover/cover_rules.html", context, status=status)


@require_POST
def limit(request: HttpRequest, school: int) -> HttpResponse:
    """Other limits for one person; all empty ends them."""
    place = policy.ask(request.user, "arrange cover at", Place, school)
    form = OwnLimitForm(request.POST, people=queries.people_at_school(school), prefix="limit")
    if form.is_valid():
        numbers = {name: form.cleaned_data[name] for name in ("most_a_day", "most_a_week", "most_a_term")}
        person = form.cleaned_data["who"]
        try:
            kept = actions.set_limit(person, school=place, by=request.user, at=timezone.now(), **numbers)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            text = _("Other limits hold for %(name)s.") if kept else _("The school's limits hold for %(name)s.")
            messages.success(request, text % {"name": person.name})
            return redirect("cover_rules", school)
    return _rules_page(request, place, limit_form=form)


def sheet(request: HttpRequest, school: int) -> HttpResponse:
    """The day on paper: by time, and by who takes what. No notes, and no word of why."""
    place = policy.ask(request.user, "arrange cover at", Place, school)
    at = timezone.now()
    on = on_of(request, school, at=at)
    requests = queries.requests_on(policy.seen(request.user, CoverRequest), school, on)
    rows = queries.rows_of(requests, policy.seen(request.user, CoverOffer))
    takers: dict[str, list[queries.Row]] = {}
    for row in rows:
        if row.offer is not None and row.state in ("taken", "asked"):
            takers.setdefault((row.offer.person or row.offer.substitute).name, []).append(row)
    context = {"school": place, "on": on, "rows": rows, "takers": sorted(takers.items()), "at": at}
    with timezone.override(queries.zone_at(school)):
        return render(request, "cover/cover_sheet.html", context)
