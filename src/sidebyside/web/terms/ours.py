"""What is proposed to a partnership for a term: look, take, pass over, plan anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from markupsafe import Markup

from sidebyside import policy
from sidebyside.base.refusals import Refused
from sidebyside.calendars.models import Appointment
from sidebyside.calendars.queries import schools_of
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import current_members
from sidebyside.visits import planning_queries as questions
from sidebyside.visits.actions import planning, taking
from sidebyside.visits.models import PlannedVisit, TermPlan, Visit
from sidebyside.visits.term_plan import Reason
from sidebyside.visits.term_plan.plan import SENTENCES
from sidebyside.web.cycles.people import Company
from sidebyside.web.terms.forms import WeeksForm
from sidebyside.web.visits.words import day_name, hours, lesson_name, where, who_visits

DAY = timedelta(days=1)
Kind = Appointment.Kind


@dataclass(frozen=True)
class Stop:
    """One of the three parts of a visit: a talk, the visit, a talk."""

    name: str
    begin: datetime
    end: datetime
    main: bool = False

    @property
    def day(self) -> str:
        return day_name(self.begin)

    @property
    def hours(self) -> str:
        return hours(self)


@dataclass(frozen=True)
class Line:
    """A visit in the list, proposed (`planned`) or booked (`visit`)."""

    who: Markup
    lesson: str
    where: Markup
    stops: list[Stop]
    begin: datetime
    minutes: int = 0
    planned: PlannedVisit | None = None
    visit: Visit | None = None
    said: str = ""
    another: str = ""


@dataclass(frozen=True)
class Week:
    """The visits of a week, and its Monday."""

    monday: date
    lines: list[Line]


def our_term(
    request: HttpRequest,
    pk: int,
    *,
    form: WeeksForm | None = None,
    said: Mapping[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """What is proposed to a partnership, week by week, beside what it has booked. `said`: why what was to be taken is
    still there, by the proposal's id."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    now = timezone.now()
    company = Company(current_members(partnership), request.user)
    planned = questions.open_proposals(policy.seen(request.user, PlannedVisit), partnership, at=now)
    booked = questions.booked_visits(policy.seen(request.user, Visit), partnership, begin=now)
    lines = [_proposed(one, request.user, (said or {}).get(one.pk, "")) for one in planned]
    lines += [_booked(one, request.user) for one in booked]
    context = {
        "partnership": partnership,
        "company": company,
        "back_at": reverse("workspace", args=[partnership.pk]),
        "others": company.others,
        "planned": planned,
        "lost": [sentence for pk, sentence in (said or {}).items() if pk not in {one.pk for one in planned}],
        "weeks": _by_week(lines),
        "own": questions.own_plan(policy.seen(request.user, TermPlan), partnership),
        "going": partnership.ended_at is None and not partnership.is_resting,
        "form": form or _form(request),
    }
    return render(request, "terms/our_term.html", context, status=status)


def _form(request: HttpRequest, *data: Any) -> WeeksForm:
    person: Any = request.user
    school = schools_of([person.pk]).get(person.pk)
    terms = questions.terms_to_plan(school, at=timezone.now()) if school else []
    return WeeksForm(terms, *data, today=timezone.localdate())


def _by_week(lines: Sequence[Line]) -> list[Week]:
    weeks: dict[date, list[Line]] = {}
    for line in sorted(lines, key=lambda one: one.begin):
        weeks.setdefault(_monday(line.begin), []).append(line)
    return [Week(monday, found) for monday, found in sorted(weeks.items())]


def _monday(moment: datetime) -> date:
    on = timezone.localtime(moment).date()
    return on - on.weekday() * DAY


def _proposed(one: PlannedVisit, viewer: Any, said: str) -> Line:
    lesson, talk = one.lesson, timedelta(minutes=one.talk_minutes)
    talks = ((one.talk_before, _("Talk before")), (one.talk_after, _("Talk after")))
    stops = [Stop(name, begin, begin + talk) for begin, name in talks if begin is not None]
    stops.append(Stop(_("Visit"), one.begin, one.end, main=True))
    another = reverse("book_visit", args=[one.partnership_id])
    return Line(
        who_visits(one.observed, one.observer, viewer),
        lesson_name(lesson.subject, lesson.classes, lesson.event),
        where(lesson.period.name, lesson.rooms),
        sorted(stops, key=lambda stop: stop.begin),
        one.begin,
        one.minutes_to_cover,
        planned=one,
        said=said,
        another=f"{another}?observed={one.observed_id}&observer={one.observer_id}&from={_monday(one.begin)}",
    )


def _booked(visit: Visit, viewer: Any) -> Line:
    names = {Kind.TALK_BEFORE: _("Talk before"), Kind.TALK_AFTER: _("Talk after")}
    parts = [meeting.appointment for meeting in visit.meetings.all() if meeting.appointment.cancelled_at is None]
    stops = [Stop(names[Kind(one.kind)], one.begin, one.end) for one in parts if one.kind in names]
    stops.append(Stop(_("Visit"), visit.begin, visit.end, main=True))
    return Line(
        who_visits(visit.observed, visit.observer, viewer),
        lesson_name(visit.subject, visit.classes),
        where(visit.period, visit.rooms),
        sorted(stops, key=lambda stop: stop.begin),
        visit.begin,
        visit=visit,
    )


# Acts

_WITH = ("partnership", "observed", "observer", "lesson__period__timetable")


@require_POST
def plan_ours(request: HttpRequest, pk: int) -> HttpResponse:
    """A member has a calendar proposed to her partnership."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    form = _form(request, request.POST)
    if form.is_valid():
        days = {name: value for name, value in form.chosen.items() if name != "term"}
        try:
            plan = planning.plan_ours(partnership, **days, by=request.user, at=timezone.now())
            _say_what_was_found(request, plan)
            return redirect("our_term", partnership.pk)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return our_term(request, pk, form=form, status=422)


def _say_what_was_found(request: HttpRequest, plan: TermPlan) -> None:
    visits, wanted = plan.numbers["visits"], plan.numbers["wanted"]
    if visits:
        text = ngettext("%(visits)s visit is proposed.", "%(visits)s visits are proposed.", visits)
        messages.success(request, text % {"visits": visits})
    if visits < wanted:
        messages.info(request, _("Not every visit found a time: %(why)s") % {"why": _why_open(plan)})


def _why_open(plan: TermPlan) -> str:
    if "no_cover" in plan.numbers["open"] and not plan.numbers["cover_desk"]:
        return _("each would need cover, and nobody arranges cover for you.")
    return " ".join(_(SENTENCES[Reason(reason)]) for reason in plan.numbers["open"])


@require_POST
def take_planned(request: HttpRequest, pk: int) -> HttpResponse:
    """A member takes one proposed visit: it is booked with its talks and its cover."""
    planned = policy.ask(request.user, "change plannedvisit", PlannedVisit, pk, *_WITH)
    try:
        taking.take(planned, by=request.user, at=timezone.now())
    except Refused as refused:
        return our_term(request, planned.partnership_id, said={planned.pk: refused.sentence}, status=422)
    messages.success(request, _("It is booked, with its talks."))
    return redirect("our_term", planned.partnership_id)


@require_POST
def take_all_planned(request: HttpRequest, pk: int) -> HttpResponse:
    """A member takes everything that is proposed to her partnership; what is not free any more stays, and says why."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    now = timezone.now()
    rows = policy.seen(request.user, PlannedVisit).select_related(*_WITH)
    planned = questions.open_proposals(rows, partnership, at=now)
    booked, left = taking.take_all(planned, by=request.user, at=now)
    if booked:
        number = len(booked)
        text = ngettext(
            "%(number)s visit is booked, with its talks.", "%(number)s visits are booked, with their talks.", number
        )
        messages.success(request, text % {"number": number})
    if left:
        return our_term(request, pk, said={one.pk: sentence for one, sentence in left}, status=422)
    return redirect("our_term", pk)


@require_POST
def pass_over_planned(request: HttpRequest, pk: int) -> HttpResponse:
    """Rather not: a member passes a proposed visit over."""
    planned = policy.ask(request.user, "change plannedvisit", PlannedVisit, pk, *_WITH)
    try:
        taking.pass_over(planned, by=request.user, at=timezone.now())
    except Refused as refused:
        return our_term(request, planned.partnership_id, said={planned.pk: refused.sentence}, status=422)
    undo = "undo:" + reverse("bring_back_planned", args=[planned.pk])
    messages.success(request, _("Not proposed any more. A later calendar keeps away from this time."), extra_tags=undo)
    return redirect("our_term", planned.partnership_id)


@require_POST
def bring_back_planned(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo: it is proposed again."""
    planned = policy.ask(request.user, "change plannedvisit", PlannedVisit, pk, *_WITH)
    try:
        taking.bring_back(planned, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("our_term", planned.partnership_id)
