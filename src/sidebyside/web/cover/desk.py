"""The cover desk: it opens on today. Who is away, which lessons need somebody, who is free, who comes from outside."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.calendars.slots import Span
from sidebyside.cover import actions, queries
from sidebyside.cover.models import Away, CoverOffer, CoverRequest, SubstituteDay
from sidebyside.people.models import Person
from sidebyside.places.models import Place, Role
from sidebyside.places.queries import ids_below
from sidebyside.web.cover.forms import AwayForm, ProposalForm, SubstituteForm, moments
from sidebyside.web.cover.wording import stretch
from sidebyside.web.date_fields import asked_day

MOST_SCHOOLS = 200
MOST_SENTENCES = 5


def start(request: HttpRequest) -> HttpResponse:
    """To the desk of her only school, or to a choice of schools."""
    places = request.user.standing.at(Role.Kind.COVER_DESK)
    if not places:
        raise PermissionDenied
    rows = policy.seen(request.user, Place).filter(kind=Place.Kind.SCHOOL, pk__in=ids_below(places), closed_at=None)
    schools = list(rows.order_by("name", "pk")[:MOST_SCHOOLS])
    if len(schools) == 1:
        return redirect("cover", schools[0].pk)
    return render(request, "cover/cover_start.html", {"schools": schools})


def on_of(request: HttpRequest, school: int, *, at: datetime) -> date:
    """The date that the address or the form names; where it names none, today where the school is.

    Raises Http404 for a form that names nonsense: nothing is done on a day that nobody meant.
    """
    found = asked_day(request.POST.get("on") or request.GET.get("on"))
    if found is None and request.POST.get("on"):
        raise Http404
    return found or queries.today_at(school, at=at)


def day_address(school: int, on: date, *, at: datetime, anchor: str = "") -> str:
    """The page of a day; today needs no date."""
    query = "" if on == queries.today_at(school, at=at) else f"?on={on.isoformat()}"
    return reverse("cover", args=[school]) + query + anchor


def cover(request: HttpRequest, school: int) -> HttpResponse:
    """A day of the desk."""
    place = policy.ask(request.user, "arrange cover at", Place, school)
    at = timezone.now()
    return _page(request, place, on_of(request, school, at=at), at=at)


def _page(
    request: HttpRequest, place: Place, on: date, *, at: datetime, status: int = 200, **forms: Any
) -> HttpResponse:
    me = request.user
    day = queries.school_day(place.pk, on)
    requests = queries.requests_on(policy.seen(me, CoverRequest), place.pk, on)
    rows = queries.rows_of(requests, policy.seen(me, CoverOffer))
    waiting = [row for row in rows if row.request.end > at]
    states = Counter(row.state for row in waiting)
    substitutes = queries.substitutes_on(policy.seen(me, SubstituteDay), place.pk, on)
    slots = queries.free_by_slot(day)
    context = {
        "school": place,
        "day_of": day,
        "on": on,
        "today": queries.today_at(place.pk, at=at),
        "before": queries.next_school_day(place.pk, on, back=True),
        "after": queries.next_school_day(place.pk, on),
        "at": at,
        "stretch": stretch,
        "rows": rows,
        "states": states,
        "open": states["open"] + states["proposed"],
        "to_send": states["proposed"] + states["kept"],
        "away": queries.away_on(policy.seen(me, Away), day),
        "slots": slots,
        "now": next((span for _name, span, _free in slots if span.end > at), None),
        "substitutes": substitutes,
        "without_bells": any(period.span is None for period in day.periods),
        "people": day.people,
        "away_form": AwayForm(people=day.people, prefix="away"),
        "proposal_form": ProposalForm(prefix="how"),
        "substitute_form": SubstituteForm(initial=_usual_hours(slots, day.zone), prefix="substitute"),
        **forms,
    }
    with timezone.override(day.zone):
        return render(request, "cover/cover.html", context, status=status)


def _usual_hours(slots: list[tuple[str, Span, Any]], zone: ZoneInfo) -> dict[str, Any]:
    if not slots:
        return {}
    return {
        "begins": slots[0][1].begin.astimezone(zone).time(),
        "ends": max(span.end for _name, span, _free in slots).astimezone(zone).time(),
    }


@require_POST
def mark_away(request: HttpRequest, school: int) -> HttpResponse:
    """Somebody is away. Her lessons then need somebody."""
    place = policy.ask(request.user, "arrange cover at", Place, school)
    at = timezone.now()
    on = on_of(request, school, at=at)
    form = AwayForm(request.POST, people=queries.people_at_school(school), prefix="away")
    if form.is_valid():
        sent = form.cleaned_data
        begin, end = moments(on, sent["last"] or on, sent["begins"], sent["ends"], queries.zone_at(school))
        person = policy.ask(request.user, "mark away", Person, sent["who"].pk)
        try:
            absence = actions.mark_away(person, school=place, begin=begin, end=end, by=request.user, at=at)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _made(person.name, absence.requests.count()))
            return redirect(day_address(school, on, at=at, anchor="#lessons"))
    return _page(request, place, on, at=at, status=422, away_form=form)


def _made(name: str, number: int) -> str:
    if not number:
        return _("%(name)s is marked away. No lesson needs somebody.") % {"name": name}
    text = ngettext(
        "%(name)s is marked away. %(number)s lesson needs somebody.",
        "%(name)s is marked away. %(number)s lessons need somebody.",
        number,
    )
    return text % {"name": name, "number": number}


@require_POST
def propose(request: HttpRequest, school: int) -> HttpResponse:
    """Propose somebody for every open lesson of the day. Nobody is asked yet."""
    place = policy.ask(request.user, "arrange cover at", Place, school)
    at = timezone.now()
    on = on_of(request, school, at=at)
    form = ProposalForm(request.POST, prefix="how")
    if form.is_valid():
        try:
            found = actions.propose(place, on=on, by=request.user, at=at, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _proposed(found))
            return redirect(day_address(school, on, at=at, anchor="#lessons"))
    return _page(request, place, on, at=at, status=422, proposal_form=form)


def _proposed(found: actions.Proposal) -> str:
    if not found.found and not found.open:
        return _("Nothing is open on this day.")
    parts = [
        ngettext("%(number)s lesson has a proposal.", "%(number)s lessons have a proposal.", found.found)
        % {"number": found.found}
    ]
    if found.open:
        parts.append(
            ngettext("%(number)s stays open: see why below.", "%(number)s stay open: see why below.", found.open)
            % {"number": found.open}
        )
    if found.found:
        parts.append(_("Nobody has been asked yet."))
    if not found.proved:
        parts.append(_("There may be a better plan: this is the best that was found in the time."))
    return " ".join(parts)


@require_POST
def send_out(request: HttpRequest, school: int) -> HttpResponse:
    """Ask everybody who was proposed or kept and not asked yet."""
    place = policy.ask(request.user, "arrange cover at", Place, school)
    at = timezone.now()
    on = on_of(request, school, at=at)
    number, faults = actions.send_out(place, on=on, by=request.user, at=at)
    if number or not faults:
        text = ngettext("%(number)s colleague was asked.", "%(number)s colleagues were asked.", number)
        messages.success(request, text % {"number": number} if number else _("Nobody is left to ask."))
    for sentence in faults[:MOST_SENTENCES]:
        messages.warning(request, _("%(sentence)s The lesson is open again.") % {"sentence": sentence})
    return redirect(day_address(school, on, at=at, anchor="#lessons"))


@require_POST
def add_substitute(request: HttpRequest, school: int) -> HttpResponse:
    """Somebody comes from outside on this day."""
    place = policy.ask(request.user, "arrange cover at", Place, school)
    at = timezone.now()
    on = on_of(request, school, at=at)
    form = SubstituteForm(request.POST, prefix="substitute")
    if form.is_valid():
        sent = form.cleaned_data
        begin, end = moments(on, on, sent["begins"], sent["ends"], queries.zone_at(school))
        try:
            made = actions.add_substitute_day(place, name=sent["name"], begin=begin, end=end, by=request.user, at=at)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("%(name)s comes on this day.") % {"name": made.name})
            return redirect(day_address(school, on, at=at, anchor="#substitutes"))
    return _page(request, place, on, at=at, status=422, substitute_form=form)


@require_POST
def end_substitute(request: HttpRequest, pk: int) -> HttpResponse:
    """A substitute does not come."""
    made = policy.ask(request.user, "end substituteday", SubstituteDay, pk)
    at = timezone.now()
    actions.end_substitute_day(made, by=request.user, at=at)
    messages.success(request, _("%(name)s does not come. What was to be taken is open again.") % {"name": made.name})
    return redirect(day_address(made.school_id, made.on, at=at, anchor="#substitutes"))
