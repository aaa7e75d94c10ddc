"""The calendar of a person, and that of a partnership."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sidebyside import policy
from sidebyside.calendars.models import Appointment
from sidebyside.calendars.queries import in_calendar
from sidebyside.calendars.slots import Span
from sidebyside.partnerships.models import Partnership
from sidebyside.partnerships.queries import current_members
from sidebyside.visits.models import Meeting
from sidebyside.web.calendars import days
from sidebyside.web.calendars.free import both_free
from sidebyside.web.cycles.people import Company
from sidebyside.web.date_fields import asked_day

WEEK, FORTNIGHT = timedelta(days=7), timedelta(days=14)
MOST_AHEAD = timedelta(days=400)


@require_http_methods(["GET", "HEAD"])
def calendar(request: Any) -> HttpResponse:
    """My calendar: two weeks as a list, or one week side by side (`?view=week`), from the day `?from=` says."""
    view = "week" if request.GET.get("view") == "week" else "list"
    today = timezone.localdate()
    asked = asked_day(request.GET.get("from", ""))
    begin = asked or today
    if view == "week":
        if asked is None and begin.weekday() >= days.SATURDAY:
            begin += days.ONE_DAY * 2  # at the weekend one looks at the week to come
        begin -= timedelta(days=begin.weekday())
    step = WEEK if view == "week" else FORTNIGHT
    found = days.of_person(request.user, begin, begin + step - days.ONE_DAY)
    context = {
        "view": view,
        "days": [day for day in found if day.on.weekday() < days.SATURDAY or day.items or day.strip],
        "begin": begin,
        "end": begin + step - days.ONE_DAY,
        "before": begin - step,
        "after": begin + step,
        "is_now": asked is None or asked == today,
        "waiting": [item for day in found for item in day.items if item.waits],
        "zone": days.zone_name(timezone.get_current_timezone_name()),
    }
    return render(request, "calendars/calendar.html", context)


@require_http_methods(["GET", "HEAD"])
def partnership_calendar(request: Any, pk: int) -> HttpResponse:
    """When a partnership meets, and when all its members are free in the next two weeks. Members only: who else may
    know that there is a partnership finds nothing here."""
    partnership = policy.ask(request.user, "work in", Partnership, pk)
    at, today = timezone.now(), timezone.localdate()
    company = Company(current_members(partnership), request.user)
    ours = policy.seen(request.user, Meeting).filter(partnership=partnership).values("appointment")
    mine = policy.seen(request.user, Appointment).filter(pk__in=ours)
    coming = in_calendar(mine, begin=at, end=at + MOST_AHEAD)[:100]
    past = in_calendar(mine, begin=at - 26 * WEEK, end=at).filter(end__lte=at).order_by("-begin")[:20]
    people = [member.person for member in company.members if member.person.left_at is None]
    goes_on = partnership.ended_at is None and partnership.rested_at is None
    context = {
        "partnership": partnership,
        "company": company,
        "coming": _each_day(days.of_appointment(row, request.user) for row in coming),
        "past": _each_day(days.of_appointment(row, request.user) for row in past),
        "goes_on": goes_on,
        "free": _by_day(both_free(people, begin=today, end=today + FORTNIGHT, at=at)) if goes_on else [],
        "people": [person for person in people if person.pk != request.user.pk],
        "visits_at": reverse("visits", args=[pk]) if goes_on else "",
    }
    return render(request, "calendars/partnership.html", context)


def _by_day(found: list[tuple[date, str, Span]]) -> list[tuple[date, list[tuple[str, Span]]]]:
    return [(on, [(name, span) for _on, name, span in group]) for on, group in groupby(found, lambda one: one[0])]


def _each_day(items: Iterable[days.Item]) -> list[tuple[date, list[days.Item]]]:
    return [(on, list(group)) for on, group in groupby(items, lambda item: timezone.localtime(item.begin).date())]
