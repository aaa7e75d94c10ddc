"""Somebody is away, or comes after all. Why is asked nowhere."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.booking_days import days_touched, take_days
from sidebyside.calendars.models import Appointment
from sidebyside.calendars.queries import Taught, taught_between, timetables_for, zone_at
from sidebyside.calendars.slots import Span
from sidebyside.cover.actions.asking import cancel, enter
from sidebyside.cover.actions.holding import hold_requests, take_back
from sidebyside.cover.models import Away, CoverOffer, CoverRequest
from sidebyside.cover.queries import away_between
from sidebyside.people.models import Person
from sidebyside.places.models import Place

LONGEST = timedelta(days=60)


@transaction.atomic
def mark_away(person: Person, *, school: Place, begin: datetime, end: datetime, by: Person, at: datetime) -> Away:
    """Write down that somebody is away from `begin` to `end`.

    Each of her lessons in that time that has bell times, is not over and has no other teacher who stays becomes a
    request, unless there is one already. Lessons of others that she would take then are open again. Raises Refused
    for times that are over, the wrong way round or longer than 60 days, and where she is away then already.
    """
    if end <= begin:
        raise Refused(_("The end comes before the beginning."))
    if end <= at:
        raise Refused(_("This time is over."))
    if end - begin > LONGEST:
        raise Refused(
            _("That is longer than 60 days. Change the timetable instead, so that her lessons have a teacher.")
        )
    take_days(_days(person, begin, end, str(zone_at(school.pk))))
    already = away_between([person.pk], begin=begin, end=end).filter(school=school)
    if already.filter(begin__lte=begin, end__gte=end).exists():
        raise Refused(_("%(name)s is marked away then already.") % {"name": person.name})
    absence = Away.objects.create(person=person, school=school, begin=begin, end=end, marked_at=at, marked_by=by)
    for offer in _duties_to_give_back(person, max(begin, at), end):
        take_back(offer, by=by, at=at, told=True)
    ask_for_lessons(absence, by=by, at=at)
    record("away.marked", absence, by=by, at=at, person=person.pk)
    return absence


def _days(person: Person, begin: datetime, end: datetime, zone: str) -> set[tuple[int, date]]:
    """Her days in that time, and those of who is to meet her then: what becomes of their appointments is decided in
    this transaction as well, and days are taken all at once."""
    found = {(person.pk, on) for on in days_touched(begin, end, zone)}
    meeting = Appointment.objects.filter(attendees__person=person, cancelled_at=None, begin__lt=end, end__gt=begin)
    for one in meeting.prefetch_related("attendees"):
        dates = days_touched(one.begin, one.end, one.zone)
        found |= {(attendee.person_id, on) for attendee in one.attendees.all() for on in dates}
    return found


def ask_for_lessons(absence: Away, *, by: Person | None, at: datetime) -> None:
    """Ask for somebody for each lesson that needs it while she is away, unless that was asked for before. What somebody
    took back by hand is not asked for again."""
    settled = Q(cancelled_at=None) | Q(away=absence, cancelled_by__isnull=False)
    rows = CoverRequest.objects.filter(settled, person=absence.person_id, begin__lt=absence.end, end__gt=absence.begin)
    asked = [Span(*times) for times in rows.values_list("begin", "end")]
    for one, span in lessons_without_teacher(absence, at=at):
        if not any(span.overlaps(before) for before in asked):
            asked.append(span)
            enter(
                school=absence.school_id, person=absence.person, taught=one, begin=span.begin, end=span.end,
                away=absence, by=by, at=at,
            )  # fmt: skip


def lessons_without_teacher(absence: Away, *, at: datetime) -> list[tuple[Taught, Span]]:
    """Her lessons while she is away that are not over and have no other teacher who stays, each with the part of it
    that she misses."""
    zone, person = zone_at(absence.school_id), absence.person_id
    dates = absence.begin.astimezone(zone).date(), absence.end.astimezone(zone).date()
    parts = list(_parts(person, absence.school_id, dates, Span(absence.begin, absence.end), at))
    absent = _absent_colleagues([one for one, _span in parts], person, absence.begin, absence.end)
    return [
        (one, span)
        for one, span in parts
        if not one.names
        and all(any(away.overlaps(span) for away in absent.get(other, ())) for other in one.people - {person})
    ]


def _parts(
    person: int, school: int, dates: tuple[date, date], away: Span, at: datetime
) -> Iterator[tuple[Taught, Span]]:
    """Her lessons at that school while she is away that are not over, each with the part of it that she misses."""
    first, last = dates
    timetables = [one for one in timetables_for([person], begin=first, end=last) if one.school_id == school]
    for one in taught_between(timetables, begin=first, end=last, people=[person]):
        if one.span is not None and one.span.overlaps(away) and one.span.end > at:
            yield one, Span(max(one.span.begin, away.begin), min(one.span.end, away.end))


def _absent_colleagues(
    taught: Collection[Taught], person: int, begin: datetime, end: datetime
) -> dict[int, list[Span]]:
    """When those who teach together with her are away as well. One query, where there are any."""
    others = {other for one in taught for other in one.people} - {person}
    found: dict[int, list[Span]] = {}
    rows = away_between(others, begin=begin, end=end).values_list("person", "begin", "end") if others else ()
    for other, *times in rows:
        found.setdefault(other, []).append(Span(*times))
    return found


def _duties_to_give_back(person: Person, begin: datetime, end: datetime) -> list[CoverOffer]:
    """The lessons of others that she was to take in that time, with their requests taken for this transaction. What is
    over by `begin` she took."""
    alive = CoverOffer.objects.filter(
        person=person, no_at=None, withdrawn_at=None, begin__lt=end, end__gt=begin
    ).order_by("request")
    hold_requests(alive.values_list("request", flat=True))
    return list(alive)


@transaction.atomic
def end_away(absence: Away, *, by: Person, at: datetime) -> None:
    """She comes after all: her lessons that were not over need nobody any more, and who said yes is told. What is
    over stays as it was, and what she misses because she is away by another absence. Raises Refused where she came
    back already."""
    current = Away.objects.select_for_update().get(pk=absence.pk)
    if current.ended_at is not None:
        raise Refused(_("This was ended already."))
    if current.end <= at:
        raise Refused(_("This time is over."))
    current.ended_at, current.ended_by = at, by
    current.save(update_fields=["ended_at", "ended_by"])
    for request in current.requests.filter(cancelled_at=None, end__gt=at).order_by("pk"):
        other = away_between([current.person_id], begin=request.begin, end=request.end).order_by("pk").first()
        if other is None:
            cancel(request, by=by, at=at)
        else:
            CoverRequest.objects.filter(pk=request.pk).update(away=other)
    record("away.ended", current, by=by, at=at, person=current.person_id)
    absence.ended_at, absence.ended_by = at, by
