"""Readers: what a decline, an illness, a changed timetable or the end of a partnership means for its visits.

Whatever takes a visit its time takes back all that was booked for it, so that nobody comes, or covers, for nothing.
The members then choose another lesson, and all parts are planned anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments
from sidebyside.calendars.models import Appointment, Attendee
from sidebyside.calendars.queries import zone_of
from sidebyside.calendars.slots import Span
from sidebyside.cover.models import Away
from sidebyside.partnerships.models import Member
from sidebyside.people.models import Person
from sidebyside.places.models import Post
from sidebyside.visits.actions.changing import call_off, take_back_parts
from sidebyside.visits.actions.parts import TALKS, end_covers, must_be_free
from sidebyside.visits.models import Meeting, Visit
from sidebyside.visits.queries import clashes_with, open_covers, open_parts

Kind = Appointment.Kind


def unsettle(visit: Visit, *, who: Person | None, by: Person | None, at: datetime) -> None:
    """The visit lost its time: its parts to come and its cover are taken back, and the members choose anew. `who`
    cannot come; nobody where the timetable changed."""
    there = open_parts(visit, at=at, hold=True)
    open_one = Visit.objects.filter(pk=visit.pk, cancelled_at=None, held_at=None)
    if open_one.update(unsettled_at=at, unsettled_by=who, changed_at=at):
        take_back_parts(visit, there, by=by, at=at)
        record("visit.unsettled", visit, by=by, at=at, partnership=visit.partnership_id)


def _lose_talk(visit: Visit, appointment: Appointment, *, who: Person | None, by: Person, at: datetime) -> None:
    """A talk alone lost its time; the visit stays."""
    there = open_parts(visit, at=at, hold=True).get(appointment.kind)
    Visit.objects.filter(pk=visit.pk, cancelled_at=None).update(unsettled_at=at, unsettled_by=who, changed_at=at)
    if there is not None:
        appointments.cancel(there, by=by, at=at, held=True)
    record("visit.unsettled", visit, by=by, at=at, partnership=visit.partnership_id, talk=appointment.kind)


def follow_answer(event: Event) -> None:
    """Reader of "appointment.answered": one of the two cannot come to a visit or one of its talks. Raises Refused where
    somebody comes after all who took a lesson meanwhile, is away or teaches."""
    if event.particulars.get("answer") != Attendee.Answer.NO:
        if event.particulars.get("before") == Attendee.Answer.NO:
            _must_be_free_again(event)
        return
    meeting = _part(event.about_id)
    if meeting is not None:
        who = Person.objects.get(pk=event.by or 0)
        _lose(meeting, who=who, by=who, at=event.at)


def _must_be_free_again(event: Event) -> None:
    found = Appointment.objects.exclude(kind__in=(Kind.OWN, Kind.VISIT)).filter(pk=event.about_id).first()
    who = _actor(event)
    if found is not None and who is not None:
        zone = ZoneInfo(found.zone)
        must_be_free([who], Span(found.begin, found.end), zone=zone, by=who, but=[found.pk])


def _actor(event: Event) -> Person | None:
    return Person.objects.filter(pk=event.by).first() if event.by is not None else None


def _part(appointment: int) -> Meeting | None:
    """The part of a visit that this appointment is."""
    found = Meeting.objects.filter(appointment=appointment, visit__isnull=False, visit__cancelled_at=None)
    return found.select_related("appointment", "visit").first()


def _lose(meeting: Meeting, *, who: Person, by: Person, at: datetime) -> None:
    visit = meeting.visit
    if visit is None:
        return
    if meeting.appointment.kind in TALKS:
        _lose_talk(visit, meeting.appointment, who=who, by=by, at=at)
    else:
        unsettle(visit, who=who, by=by, at=at)


def follow_move(event: Event) -> None:
    """Reader of "appointment.moved". A visit moves with all its parts alone: raises Refused where somebody would move
    its appointment by itself, or a talk to the wrong side of it."""
    meeting = _part(event.about_id)
    if meeting is None or meeting.visit is None:
        return
    moved, visit = meeting.appointment, meeting.visit
    if moved.kind == Kind.VISIT and (moved.begin, moved.end) != (visit.begin, visit.end):
        raise Refused(_("Choose another lesson on the page of the visit: its talks and its cover go along."))
    if moved.kind == Kind.TALK_BEFORE and moved.end > visit.begin:
        raise Refused(_("The talk before lies before the visit."))
    if moved.kind == Kind.TALK_AFTER and moved.begin < visit.end:
        raise Refused(_("The talk after lies after the visit."))


def follow_cancellation(event: Event) -> None:
    """Reader of "appointment.cancelled": somebody took the visit out of the calendar, and not on its own page."""
    meeting = _part(event.about_id)
    if meeting is None or meeting.visit is None or meeting.appointment.kind != Kind.VISIT:
        return
    visit = meeting.visit
    if visit.is_open and visit.unsettled_at is None and visit.way == Visit.Way.IN_PERSON:
        by = _actor(event)
        unsettle(visit, who=by, by=by, at=event.at)


def follow_absence(event: Event) -> None:
    """Reader of "away.marked": visits and talks of who is away then lose their time, and of plain meetings it is
    written that she cannot come. Why is nowhere to be found."""
    away = Away.objects.select_related("person").get(pk=event.about_id)
    by = _actor(event) or away.person
    in_it = Q(observed=away.person) | Q(observer=away.person, way=Visit.Way.IN_PERSON)
    lost = Visit.objects.filter(in_it, begin__lt=away.end, end__gt=max(away.begin, event.at), unsettled_at=None)
    for visit in lost.filter(cancelled_at=None, held_at=None).order_by("pk"):
        unsettle(visit, who=away.person, by=by, at=event.at)
    coming = Attendee.objects.filter(person=away.person, appointment__meeting__isnull=False)
    coming = coming.filter(appointment__cancelled_at=None, appointment__end__gt=max(away.begin, event.at))
    coming = coming.filter(appointment__begin__lt=away.end).exclude(answer=Attendee.Answer.NO)
    for attendee in coming.select_related("appointment__meeting__visit", "person").order_by("pk"):
        meeting = attendee.appointment.meeting
        if meeting.visit_id is None:
            appointments.answer(attendee, answer=Attendee.Answer.NO, by=attendee.person, at=event.at)
        else:
            _lose(meeting, who=away.person, by=by, at=event.at)


def follow_end(event: Event) -> None:
    """Reader of what ends a partnership or lets it rest: what it has in its calendar is called off."""
    by = _actor(event)
    _call_off(Visit.objects.filter(partnership=event.partnership_id), by=by, at=event.at)
    rest = Meeting.objects.filter(partnership=event.partnership_id)
    _cancel(rest, by=by, at=event.at)


def follow_leaving(event: Event) -> None:
    """Reader of "member.left": the visits of who is no longer in the partnership are called off, and she comes to no
    more meetings."""
    by = _actor(event)
    inside = Member.objects.filter(partnership=event.partnership_id, left_at=None).values("person")
    rows = Visit.objects.filter(partnership=event.partnership_id)
    _call_off(rows.filter(~Q(observed__in=inside) | ~Q(observer__in=inside)), by=by, at=event.at)
    meetings = Meeting.objects.filter(partnership=event.partnership_id)
    over = Visit.objects.filter(pk__in=rows.filter(~Q(observed__in=inside) | ~Q(observer__in=inside)).values("pk"))
    _cancel(meetings.filter(visit__in=over), by=by, at=event.at)
    to_come = meetings.filter(appointment__end__gt=event.at, appointment__cancelled_at=None, visit=None)
    # Not as somebody who declined: she is told of no other time, sees it no more, and the link in her mail has ended.
    gone = Attendee.objects.filter(appointment__in=to_come.values("appointment")).exclude(person__in=inside)
    attending = list(gone.select_related("appointment").order_by("appointment__begin", "pk"))
    # One mail about a whole series: its first time to come stands for it.
    firsts = {(one.person_id, one.appointment.series_id or one.appointment.uid): one for one in reversed(attending)}
    for first in firsts.values():
        record("appointment.left", first.appointment, by=by, at=event.at, attendee=first.pk)
    gone.delete()


def _call_off(visits: Iterable[Visit], *, by: Person | None, at: datetime) -> None:
    for visit in visits:
        if visit.is_open:
            call_off(visit, by=by, at=at)


def _cancel(meetings: Iterable[Meeting], *, by: Person | None, at: datetime) -> None:
    wanted = Appointment.objects.filter(meeting__in=meetings, cancelled_at=None, end__gt=at)
    for one in wanted.select_for_update(of=("self",)).order_by("pk"):
        appointments.cancel(one, by=by or one.made_by, at=at, held=True)


def follow_timetable(event: Event) -> None:
    """Reader of what changes the timetable of a school: its visits to come are looked at again."""
    school, at = event.particulars["school"], event.at
    working = Post.objects.filter(to_date=None, place__links_above__above=school).values("person")
    visits = _to_come(Q(observed__in=working) | Q(observer__in=working), at=at)
    recheck(visits, by=_actor(event), at=at)


def follow_putting_away(event: Event) -> None:
    """Reader of "timetable.put_away". Mostly another is being taken in for it, which is not there yet: it is looked
    once both are."""
    transaction.on_commit(lambda: follow_timetable(event))


def follow_week(event: Event) -> None:
    """Reader of "week.typed": somebody wrote down anew what she teaches."""
    by = _actor(event)
    if by is not None:
        recheck(_to_come(Q(observed=by) | Q(observer=by), at=event.at), by=by, at=event.at)


def _to_come(rule: Q, *, at: datetime) -> list[Visit]:
    """The visits to come that have their time. One of which a talk alone lost its time has it still."""
    stands = Q(meetings__appointment__kind=Kind.VISIT, meetings__appointment__cancelled_at=None)
    rows = Visit.objects.filter(rule, Q(unsettled_at=None) | stands, begin__gt=at, cancelled_at=None, held_at=None)
    return list(rows.select_related("observed", "observer").order_by("pk").distinct())


@transaction.atomic
def recheck(visits: Iterable[Visit], *, by: Person | None, at: datetime) -> None:
    """Look whether these visits still lie in a lesson of who is visited, now that a timetable changed, and whether who
    visits teaches then. Where that is another than it was, the visit loses its time; where cover is no longer needed,
    it is taken back."""
    for visit in visits:
        if not visit.is_open or visit.begin <= at:
            continue
        zone, span = zone_of(visit.observed_id), Span(visit.begin, visit.end)
        there = clashes_with(visit.observed, span, zone=zone)
        same = [one.lesson for one in there if one.lesson.span == span and list(one.lesson.classes) == visit.classes]
        by_hand = not visit.period
        if not by_hand and not same:
            unsettle(visit, who=None, by=by, at=at)
            continue
        if same and same[0].lesson != visit.lesson_id:
            Visit.objects.filter(pk=visit.pk).update(lesson=same[0].lesson)
        if visit.way == Visit.Way.IN_PERSON:
            _recheck_cover(visit, span, by=by, at=at)
        _recheck_talks(visit, by=by, at=at)


def _recheck_cover(visit: Visit, span: Span, *, by: Person | None, at: datetime) -> None:
    clashes = clashes_with(visit.observer, span, zone=zone_of(visit.observed_id), but=[visit.observed_id])
    needed = {one.span: one for one in clashes if not one.stays}
    covers = open_covers(visit)
    seen_to = {Span(one.request.begin, one.request.end): one for one in covers if one.request is not None}
    otherwise = [one for one in covers if one.request is None]
    end_covers([one for at_, one in seen_to.items() if at_ not in needed], at=at)
    if len(set(needed) - set(seen_to)) > len(otherwise):
        unsettle(visit, who=None, by=by, at=at)


def _recheck_talks(visit: Visit, *, by: Person | None, at: datetime) -> None:
    zone = zone_of(visit.observed_id)
    for kind, one in open_parts(visit, at=at).items():
        if kind in TALKS and any(
            clashes_with(person, Span(one.begin, one.end), zone=zone) for person in (visit.observed, visit.observer)
        ):
            _lose_talk(visit, one, who=None, by=by or one.made_by, at=at)
