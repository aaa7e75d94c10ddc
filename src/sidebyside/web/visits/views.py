"""The visits and meetings of a partnership, and one visit with all its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sidebyside import policy
from sidebyside.calendars.models import Appointment, Attendee
from sidebyside.cover.models import CoverOffer
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import current_members
from sidebyside.visits.models import Meeting, Visit, VisitCover
from sidebyside.visits.queries import lessons_to_visit, open_covers, parts, states_of_cover, upcoming
from sidebyside.web.cycles.people import Company
from sidebyside.web.lessons.paths import lessons_for, taught_in
from sidebyside.web.paging import page_of
from sidebyside.web.visits import words
from sidebyside.web.visits.acts import is_logged, minutes_of
from sidebyside.web.visits.choosing import Booking, row_of

PROPOSED = 3
MOST_TO_COME = 60
DAY, AHEAD = timedelta(days=1), timedelta(days=13)
Kind = Appointment.Kind


@require_safe
def visits(request: Any, pk: int) -> HttpResponse:
    """What is to come in a partnership, visits and meetings, and the visits that took place."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    at = timezone.now()
    rows = policy.seen(request.user, Visit).filter(partnership=partnership).select_related("observed", "observer")
    to_come = list(rows.filter(cancelled_at=None, held_at=None).order_by("begin", "pk")[:MOST_TO_COME])
    plain = upcoming(policy.seen(request.user, Meeting).filter(partnership=partnership, visit=None), at=at)
    lines = [(one.begin, one, None) for one in to_come]
    lines += [(one.appointment.begin, None, one.appointment) for one in plain[:MOST_TO_COME]]
    context = {
        "partnership": partnership,
        "company": Company(current_members(partnership), request.user),
        "lines": [(visit, meeting) for _begin, visit, meeting in sorted(lines, key=lambda line: line[0])],
        "held": page_of(request, rows.filter(held_at__isnull=False).order_by("-begin", "-pk")),
        "title_of": lambda one: words.title(one, request.user),
        "lesson_of": lambda one: words.lesson_name(one.subject, one.classes),
        "where_of": lambda one: words.where(one.period, one.rooms),
        "span_of": words.span_name,
        "day_of": words.day_name,
        "now": at,
    }
    return render(request, "visits/visits.html", context)


@dataclass(frozen=True)
class Coming:
    """A part of a visit as its page shows it."""

    appointment: Appointment
    coming: Sequence[Attendee]
    is_over: bool


@dataclass(frozen=True)
class Covering:
    """What becomes of a lesson of who visits: what it is, what is done, how far that is, who takes it where the viewer
    may know, and whether time runs short."""

    cover: VisitCover
    lesson: str
    hours: str
    state: str
    taken_by: str
    is_urgent: bool


@require_safe
def visit(request: Any, pk: int) -> HttpResponse:
    """One visit: all its parts with their times, who comes, what becomes of the lesson of who visits."""
    me, at = request.user, timezone.now()
    found = policy.find(me, Visit, pk, "partnership", "observed", "observer", "cycle", "unsettled_by", "cancelled_by")
    company = Company(current_members(found.partnership), me)
    there = parts(policy.seen(me, Meeting), found)
    coming = [Coming(one, list(one.attendees.all()), one.end <= at) for one in there]
    kinds = {one.appointment.kind for one in coming}
    is_member = policy.may(me, "change visit", found)
    lost_time = found.is_open and found.way == Visit.Way.IN_PERSON and Kind.VISIT not in kinds
    context = {
        "visit": found,
        "company": company,
        "title": words.title(found, me),
        "lesson": words.lesson_name(found.subject, found.classes),
        "where": words.where(found.period, found.rooms),
        "when": words.span_name(found),
        "hours": words.hours,
        "day_of": words.day_name,
        "parts": coming,
        "kinds": kinds,
        "covers": _covers(me, found, at),
        "other_answers": words.answers_about_cover(found.observer, me, has_desk=False),
        "changes": is_member and found.is_open,
        "is_member": is_member,
        "asked": _is_asked(me, coming),
        "comes": any(one.person_id == me.pk for part in coming if not part.is_over for one in part.coming),
        "lost_time": lost_time,
        "proposed": _proposed(me, found, company, at) if lost_time and is_member else [],
        "could_be_held": found.is_open and found.begin <= at and not lost_time,
        "minutes": minutes_of(found),
        "logs": is_member and found.held_at is not None and not is_logged(request, found),
        "taught": taught_in(me, found),
        "lessons": lessons_for(me, found) if _may_choose(found, is_member) else [],
        "may_choose": _may_choose(found, is_member),
        "talk_after": is_member and found.cancelled_at is None and found.partnership.ended_at is None,
    }
    return render(request, "visits/visit.html", context)


def _may_choose(found: Visit, is_member: bool) -> bool:
    """Whether the page offers to say which lesson is taught."""
    return is_member and found.cancelled_at is None and found.partnership.ended_at is None


def _is_asked(me: Any, coming: Sequence[Coming]) -> bool:
    """Whether an answer of hers is still wanted."""
    hers = [one for part in coming if not part.is_over for one in part.coming if one.person_id == me.pk]
    return any(one.answer == Attendee.Answer.ASKED for one in hers)


def _covers(me: Any, found: Visit, at: Any) -> list[Covering]:
    covers = open_covers(found)
    states = states_of_cover(covers)
    wanted = [one.request_id for one in covers if one.request_id]
    seen = policy.seen(me, CoverOffer).filter(request__in=wanted, yes_at__isnull=False, withdrawn_at=None)
    names = {
        offer.request_id: offer.person.name if offer.person else offer.substitute.name if offer.substitute else ""
        for offer in seen.select_related("person", "substitute")
    }
    made = []
    for one in covers:
        state = states.get(one.pk, "")
        made.append(
            Covering(
                cover=one,
                lesson=_lesson_of(one),
                hours=words.hours(one.request) if one.request else "",
                state=state,
                taken_by=names.get(one.request_id or 0, "") if state == "taken" else "",
                is_urgent=state in ("open", "asked", "withdrawn") and found.is_open and found.begin - at < DAY,
            )
        )
    return made


def _lesson_of(one: VisitCover) -> str:
    taught = one.request or one.lesson
    return words.lesson_name(taught.subject, taught.classes) if taught else ""


def _proposed(me: Any, found: Visit, company: Company, at: Any) -> list[words.Row]:
    """The best other lessons, for a visit that lost its time."""
    booking = Booking(found.partnership, company, me, found.observed, found.observer, visit=found)
    today = timezone.localdate()
    choices = lessons_to_visit(
        observed=found.observed, observer=found.observer, begin=today, end=today + AHEAD, at=at
    ).found  # fmt: skip
    offered = [one for one in choices if not one.wished_free or found.observer_id == me.pk][:PROPOSED]
    names = words.names_of(me, offered)
    return [row_of(booking, one, names) for one in offered]
