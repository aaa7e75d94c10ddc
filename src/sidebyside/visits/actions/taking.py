"""A partnership takes what a plan proposes, or passes it over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.queries import kept_free_of, periods_between, timetables_for, zone_at
from sidebyside.calendars.slots import Span
from sidebyside.partnerships.actions.membership import must_be_member
from sidebyside.partnerships.models import Member
from sidebyside.people.models import Person
from sidebyside.visits.actions.booking import book
from sidebyside.visits.models import PlannedVisit, TermPlan, Visit
from sidebyside.visits.queries import clashes_with, has_cover_desk, lesson_of

DAY = timedelta(days=1)


@transaction.atomic
def take(planned: PlannedVisit, *, by: Person, at: datetime) -> Visit:
    """Book a proposed visit with its talks; where the observer teaches then, the cover desk is asked.

    Raises Refused, and leaves the proposal as it is, where somebody took it or passed it over meanwhile, the
    timetable changed, or one of the two is not free any more; see also `booking.book`.
    """
    must_be_member(planned.partnership, by)
    # Two who take it at once come one after the other: the later one finds nothing.
    if not _proposed(planned).filter(passed_over_at=None).update(taken_at=at):
        raise Refused(_("This was answered or replaced meanwhile. Please look again."))
    talks = [_talk(planned, begin) for begin in (planned.talk_before, planned.talk_after)]
    _must_be_as_proposed(planned, [talk for talk in talks if talk])
    visit = book(
        planned.partnership,
        observed=planned.observed,
        observer=planned.observer,
        lesson=lesson_key(planned),
        talk_before=talks[0],
        talk_after=talks[1],
        by=by,
        at=at,
    )
    PlannedVisit.objects.filter(pk=planned.pk).update(visit=visit)
    planned.taken_at, planned.visit = at, visit
    record("planned_visit.taken", planned, by=by, at=at, partnership=planned.partnership_id)
    return visit


def take_all(
    planned: Iterable[PlannedVisit], *, by: Person, at: datetime
) -> tuple[list[Visit], list[tuple[PlannedVisit, str]]]:
    """Take several, each by itself: what is booked, and what stays proposed with the sentence that says why."""
    booked, left = [], []
    for one in planned:
        try:
            booked.append(take(one, by=by, at=at))
        except Refused as refused:
            left.append((one, refused.sentence))
    return booked, left


@transaction.atomic
def pass_over(planned: PlannedVisit, *, by: Person, at: datetime) -> None:
    """Rather not: it is proposed no longer, and a later plan keeps away from this time. Raises Refused where it was
    taken or replaced meanwhile, or `by` is not in the partnership."""
    must_be_member(planned.partnership, by)
    if not _proposed(planned).update(passed_over_at=at):
        raise Refused(_("This was answered or replaced meanwhile. Please look again."))
    record("planned_visit.passed_over", planned, by=by, at=at, partnership=planned.partnership_id)


@transaction.atomic
def bring_back(planned: PlannedVisit, *, by: Person, at: datetime) -> None:
    """Undo `pass_over`. Raises Refused where the plan was put away meanwhile, or `by` is not in the partnership."""
    must_be_member(planned.partnership, by)
    if not _proposed(planned).update(passed_over_at=None):
        raise Refused(_("This was answered or replaced meanwhile. Please look again."))
    record("planned_visit.brought_back", planned, by=by, at=at, partnership=planned.partnership_id)


def drop_proposals(event: Event) -> None:
    """Reader of "member.left" and "partnership.ended": what was proposed to somebody who is no longer there goes."""
    inside = Member.objects.filter(partnership=event.partnership_id, left_at=None, partnership__ended_at=None)
    open_ones = PlannedVisit.objects.filter(partnership=event.partnership_id, taken_at=None)
    stay = open_ones.filter(observed__in=inside.values("person"), observer__in=inside.values("person"))
    open_ones.exclude(pk__in=list(stay.values_list("pk", flat=True))).delete()


def replace_by_booked(event: Event) -> None:
    """Reader of "visit.booked": a visit that the members chose themselves takes the place of the nearest proposal of
    the same two, so that they do not end with more visits than they wanted."""
    visit = Visit.objects.filter(pk=event.about_id).first()
    if visit is None:
        return
    same = PlannedVisit.objects.filter(
        partnership=visit.partnership_id, observed=visit.observed_id, observer=visit.observer_id
    )
    # Of the term in which it lies: a visit of this term says nothing of the next.
    on = visit.begin.date()
    same = same.filter(plan__begin__lte=on, plan__end__gte=on, plan__put_away_at=None)
    open_ones = same.filter(taken_at=None, passed_over_at=None, begin__gt=event.at)
    if same.filter(taken_at=event.at, visit=None, begin=visit.begin).exists():
        return  # it is a proposal that is being taken
    nearest = min(open_ones, key=lambda one: abs(one.begin - visit.begin), default=None)
    if nearest is not None:
        nearest.delete()


def _proposed(planned: PlannedVisit) -> QuerySet[PlannedVisit]:
    # No join: what is asked of the row itself is asked again when another's change of it was awaited.
    going = TermPlan.objects.filter(put_away_at=None)
    return PlannedVisit.objects.filter(pk=planned.pk, taken_at=None, plan__in=going)


def lesson_key(planned: PlannedVisit) -> str:
    """The key of the lesson that a proposal is about (`Taught.key`)."""
    zone = zone_at(planned.lesson.period.timetable.school_id)
    return f"{planned.lesson_id}-{planned.begin.astimezone(zone):%Y%m%d}"


def _must_be_as_proposed(planned: PlannedVisit, talks: Collection[Span]) -> None:
    """Raises Refused where the lesson is no longer what was proposed, where more has to be covered than was said, or
    where one of the two keeps a time of it free by now. (Who is engaged, booking asks.)"""
    span, observer = Span(planned.begin, planned.end), planned.observer
    changed = Refused(_("The timetable has changed since. Please choose another time."))
    taught = lesson_of(planned.observed, lesson_key(planned))
    if taught is None or taught.span != span:
        raise changed
    zone = zone_at(planned.lesson.period.timetable.school_id)
    clashes = clashes_with(observer, span, zone=zone, but=[planned.observed_id])
    minutes = sum(one.span.minutes for one in clashes if not one.stays)
    if minutes > planned.minutes_to_cover:
        raise changed
    if minutes and not has_cover_desk(observer):
        raise Refused(_("Nobody arranges cover for you any more. Please choose another time."))
    times = [span, *talks]
    days = {"begin": min(one.begin for one in times).date() - DAY, "end": max(one.end for one in times).date() + DAY}
    people = [planned.observed_id, planned.observer_id]
    kept = kept_free_of(people, periods_between(timetables_for(people, **days), **days))
    hers = talks if clashes else times
    for person, spans in ((planned.observed_id, talks), (planned.observer_id, hers)):
        if any(free.overlaps(one) for free in kept.get(person, ()) for one in spans):
            # Nobody is told that somebody keeps a time for herself.
            raise Refused(_("This time does not suit both of you any more. Please choose another."))


def _talk(planned: PlannedVisit, begin: datetime | None) -> Span | None:
    return Span(begin, begin + timedelta(minutes=planned.talk_minutes)) if begin else None
