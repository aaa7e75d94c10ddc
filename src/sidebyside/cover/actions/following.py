"""Readers: what a changed timetable, or somebody who leaves, means for cover."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from sidebyside.base.models import Event
from sidebyside.calendars.actions.booking_days import days_touched, take_days
from sidebyside.calendars.queries import Taught, zone_at
from sidebyside.cover.actions.absences import ask_for_lessons, lessons_without_teacher
from sidebyside.cover.actions.asking import cancel
from sidebyside.cover.actions.holding import hold_requests, take_back
from sidebyside.cover.models import Away, CoverOffer, CoverRequest

IN_ONE_GO = 500


def follow_timetable(event: Event) -> None:
    """Reader of what changes the timetable of a school: the lessons of who is away are looked at again."""
    _look_again(Away.objects.filter(school=event.particulars["school"]), at=event.at)


def follow_putting_away(event: Event) -> None:
    """Reader of "timetable.put_away". Mostly another is being taken in for it, which is not there yet: it is looked
    once both are."""
    transaction.on_commit(lambda: follow_timetable(event))


def follow_week(event: Event) -> None:
    """Reader of "week.typed": somebody wrote down anew what she teaches."""
    _look_again(Away.objects.filter(person=event.by), at=event.at)


@transaction.atomic
def _look_again(absences: QuerySet[Away], *, at: datetime) -> None:
    """Take back what is asked for lessons that are not taught any more, and ask for those that are taught now."""
    ahead = absences.filter(ended_at=None, end__gt=at)
    for absence in ahead.select_related("person", "school").order_by("person", "begin", "pk"):
        zone = str(zone_at(absence.school_id))
        take_days((absence.person_id, on) for on in days_touched(absence.begin, absence.end, zone))
        taught = {(span.begin, span.end): one for one, span in lessons_without_teacher(absence, at=at)}
        for request in absence.requests.filter(cancelled_at=None, end__gt=at).order_by("pk"):
            one = taught.get((request.begin, request.end))
            if one is not None:
                _write_where(request, one)
            elif request.asked_at >= absence.marked_at:  # else a part of a lesson, which somebody asked for before
                cancel(request, by=None, at=at)
        ask_for_lessons(absence, by=None, at=at)


def _write_where(request: CoverRequest, one: Taught) -> None:
    """What the timetable says now: another room, say."""
    now = {
        "lesson_id": one.lesson, "period": one.period.name, "subject": one.subject, "classes": list(one.classes),
        "rooms": list(one.rooms),
    }  # fmt: skip
    if any(getattr(request, name) != value for name, value in now.items()):
        CoverRequest.objects.filter(pk=request.pk).update(**now)


def follow_leaving(event: Event) -> None:
    """Reader of "person.left": the lessons of others that she was to take are open again, and nobody covers for her
    professional learning. A lesson that needs somebody because she is away needs somebody still."""
    _let_go([event.about_id], at=event.at)


def follow_roster(event: Event) -> None:
    """Reader of "roster.applied", which names everybody who left with one import."""
    left = list(event.particulars.get("left", ()))
    for start in range(0, len(left), IN_ONE_GO):
        _let_go(left[start : start + IN_ONE_GO], at=event.at)


def _let_go(people: Collection[int], *, at: datetime) -> None:
    """Two queries where none of these persons has to do with cover."""
    duties = CoverOffer.objects.filter(person__in=people, no_at=None, withdrawn_at=None, end__gt=at)
    hold_requests(duties.values_list("request", flat=True))
    for offer in duties.order_by("request"):
        take_back(offer, by=None, at=at, told=True)
    hers = CoverRequest.objects.filter(person__in=people, away=None, cancelled_at=None, end__gt=at)
    for request in hers.order_by("pk"):
        cancel(request, by=None, at=at)
