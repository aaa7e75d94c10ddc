"""When somebody is busy, never with what; and when those of a partnership are free together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sidebyside import policy
from sidebyside.calendars.queries import lessons_of, periods_between, schools_of, timetables_for
from sidebyside.calendars.queries import school_timetables as timetables_at
from sidebyside.calendars.slots import Span
from sidebyside.cover.queries import engaged_with_cover
from sidebyside.people.models import Person
from sidebyside.web.calendars.days import SATURDAY, dates, edges

FORTNIGHT = timedelta(days=14)
MOST_SHOWN = 12


@dataclass(frozen=True)
class Part:
    """A period of a day or a stretch of time: its name, when, and whether somebody is busy in it."""

    name: str
    begin: datetime
    end: datetime
    busy: bool


@dataclass
class FreeDay:
    """A date with its parts, in the order of time."""

    on: date
    parts: list[Part] = field(default_factory=list)


@require_http_methods(["GET", "HEAD"])
def free_times(request: Any, pk: int) -> HttpResponse:
    """When a colleague is free in the next two weeks, period by period: busy or free, and nothing else."""
    person = policy.ask(request.user, "see when busy", Person, pk)
    today = timezone.localdate()
    found = of_person(person, today, today + FORTNIGHT - timedelta(days=1))
    return render(request, "calendars/free.html", {"person": person, "days": found, "is_me": pk == request.user.pk})


def of_person(person: Person, begin: date, end: date) -> list[FreeDay]:
    """For each date its periods, busy or not, and what keeps her busy outside of them. A fixed number of queries."""
    first, last = edges(begin, end)
    spans = _engaged([person], begin, end)[person.pk]
    days = {on: FreeDay(on) for on in dates(begin, end)}
    covered: dict[date, list[Span]] = {}
    for name, on, span in _bells([person], begin, end):
        if on in days:
            days[on].parts.append(Part(name, span.begin, span.end, any(_meet(span, one) for one in spans)))
            covered.setdefault(on, []).append(span)
    for span in _joined(spans):
        on = timezone.localtime(max(span.begin, first)).date()
        if span.begin < last and on in days and not any(_meet(span, bell) for bell in covered.get(on, ())):
            days[on].parts.append(Part("", span.begin, span.end, busy=True))
    for day in days.values():
        day.parts.sort(key=lambda part: (part.begin, part.end))
    return [day for day in days.values() if day.parts or day.on.weekday() < SATURDAY]


def both_free(people: Sequence[Person], *, begin: date, end: date, at: datetime) -> list[tuple[date, str, Span]]:
    """The next periods in which none of these persons teaches, is engaged, or covers: (date, name, span). Where their
    schools have different bells those of the first are taken."""
    if len(people) < 2:
        return []
    spans = [span for found in _engaged(people, begin, end).values() for span in found]
    return [
        (on, name, span)
        for name, on, span in _bells(people[:1], begin, end)
        if span.begin > at and not any(_meet(span, one) for one in spans)
    ][:MOST_SHOWN]


def _engaged(people: Sequence[Person], begin: date, end: date) -> dict[int, list[Span]]:
    """When these persons are engaged, their lessons among it."""
    ids = [person.pk for person in people]
    first, last = edges(begin, end)
    found = engaged_with_cover(ids, first, last)
    for lesson in lessons_of(ids, begin=begin, end=end):
        if lesson.span is not None:
            for person in lesson.people & set(ids):
                found[person].append(lesson.span)
    return found


def _bells(people: Sequence[Person], begin: date, end: date) -> Iterable[tuple[str, date, Span]]:
    """The periods of the timetables of these persons, else of their schools: name, date, when."""
    ids = [person.pk for person in people]
    tables = timetables_for(ids, begin=begin, end=end)
    tables = tables or list(timetables_at(set(schools_of(ids).values()), begin=begin, end=end))
    seen = set()
    for period in periods_between(tables, begin=begin, end=end):
        if period.span is not None and (period.on, period.span) not in seen:
            seen.add((period.on, period.span))
            yield period.name, period.on, period.span


def _meet(one: Span, other: Span) -> bool:
    return one.begin < other.end and other.begin < one.end


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few stretches as can be: two things one after the other are one busy time."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.begin, span.end)):
        if found and span.begin <= found[-1].end:
            found[-1] = Span(found[-1].begin, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found
