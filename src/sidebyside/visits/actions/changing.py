"""What becomes of a visit: a talk moves, the cover is arranged in another way, it takes place, it is cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments
from sidebyside.calendars.models import Appointment, Attendee
from sidebyside.calendars.queries import zone_of
from sidebyside.calendars.slots import Span
from sidebyside.partnerships.actions.membership import must_be_member
from sidebyside.people.models import Person
from sidebyside.visits.actions.parts import (
    TALKS,
    add,
    end_covers,
    must_be_free,
    must_both_be_in,
    must_go_on,
    take_all,
)
from sidebyside.visits.models import Visit, VisitCover
from sidebyside.visits.queries import has_lost_its_time, open_covers, open_parts

Kind = Appointment.Kind


@transaction.atomic
def set_talk(visit: Visit, *, kind: str, span: Span | None, by: Person, at: datetime) -> None:
    """Give one talk of a visit another time, or none. The visit and the other talk stay.

    Raises Refused where the visit was cancelled, the talk would lie on the wrong side of it, and where one of the two
    is not free or teaches then.
    """
    if kind not in TALKS:
        raise ValueError("There is a talk before and a talk after.")
    must_go_on(visit.partnership, by)
    must_both_be_in(visit.partnership, visit.observed, visit.observer)
    zone, people = zone_of(visit.observed_id), [visit.observed, visit.observer]
    take_all(people, [span, Span(visit.begin, visit.end)], zone)
    visit.refresh_from_db()
    if visit.cancelled_at is not None:
        raise Refused(_("This visit was cancelled."))
    if span is not None and kind == Kind.TALK_BEFORE and span.end > visit.begin:
        raise Refused(_("The talk before lies before the visit."))
    if span is not None and kind == Kind.TALK_AFTER and span.begin < visit.end:
        raise Refused(_("The talk after lies after the visit."))
    there = open_parts(visit, at=at, hold=True)
    old = there.get(kind)
    if span is not None:
        must_be_free(people, span, zone=zone, by=by, but=[old.pk] if old else [])
    if old is not None and span is not None:
        appointments.move(old, begin=span.begin, end=span.end, by=by, at=at)
    elif old is not None:
        appointments.cancel(old, by=by, at=at)
    elif span is not None:
        add(visit, kind, span, people=people, room="", zone=zone, by=by, at=at)
    if visit.way == Visit.Way.VIDEO or visit.held_at is not None or Kind.VISIT in there:
        # Only a talk had lost its time; where the visit itself did, it is still to be chosen anew.
        Visit.objects.filter(pk=visit.pk).update(unsettled_at=None, unsettled_by=None, changed_at=at)
    record("visit.talk_set", visit, by=by, at=at, partnership=visit.partnership_id, talk=kind)


@transaction.atomic
def answer_otherwise(one: VisitCover, *, answer: str, by: Person, at: datetime) -> None:
    """See to a lesson of who visits without the cover desk: swap, a second teacher, her own time. What was asked for is
    taken back. Raises Refused where it ended meanwhile, or `by` is not in the partnership."""
    if answer not in (VisitCover.Answer.SWAP, VisitCover.Answer.TOGETHER, VisitCover.Answer.OWN_TIME):
        raise Refused(_("Please choose one of these."))
    must_be_member(one.visit.partnership, by)
    if not VisitCover.objects.filter(pk=one.pk, ended_at=None).update(ended_at=at):
        raise Refused(_("This was changed meanwhile. Please look again."))
    end_covers([one], at=at)
    VisitCover.objects.create(visit=one.visit, lesson_id=one.lesson_id, answer=answer)
    record("visit.covered_otherwise", one.visit, by=by, at=at, partnership=one.visit.partnership_id, answer=answer)


@transaction.atomic
def cancel(visit: Visit, *, by: Person, at: datetime) -> None:
    """Cancel a visit: its talks to come and its cover go along. Cancelled already: nothing happens.

    Raises Refused where it took place, or `by` is not in the partnership.
    """
    must_be_member(visit.partnership, by)
    if Visit.objects.filter(pk=visit.pk, held_at__isnull=False).exists():
        raise Refused(_("This visit took place."))
    call_off(visit, by=by, at=at)


def call_off(visit: Visit, *, by: Person | None, at: datetime) -> None:
    """Write that a visit is cancelled, and take back all that was booked for it. The guards are the caller's."""
    there = open_parts(visit, at=at, hold=True)
    open_one = Visit.objects.filter(pk=visit.pk, cancelled_at=None, held_at=None)
    if open_one.update(cancelled_at=at, cancelled_by=by, unsettled_at=None, unsettled_by=None, changed_at=at):
        visit.refresh_from_db(fields=["cancelled_at", "cancelled_by", "unsettled_at", "unsettled_by", "changed_at"])
        take_back_parts(visit, there, by=by, at=at)
        record("visit.cancelled", visit, by=by, at=at, partnership=visit.partnership_id)


def take_back_parts(visit: Visit, there: Mapping[str, Appointment], *, by: Person | None, at: datetime) -> None:
    """Cancel these appointments of a visit, which the caller holds, and its cover. Rows are taken in one order
    everywhere: days of people, appointments, the visit, requests for cover."""
    for one in there.values():
        appointments.cancel(one, by=by or one.made_by, at=at, held=True)
    end_covers(open_covers(visit), at=at)


@transaction.atomic
def say(visit: Visit, *, comes: bool, by: Person, at: datetime) -> None:
    """Answer all invitations to the parts of a visit at once: yes to each part to come, or no to the visit, which
    takes its talks along. Raises Refused where nothing of it is to come, and as `appointments.answer`."""
    there = open_parts(visit, at=at)
    hers = Attendee.objects.filter(appointment__in=[one.pk for one in there.values()], person=by)
    attending = {one.appointment.kind: one for one in hers.select_related("appointment").order_by("appointment")}
    if not attending:
        raise Refused(_("There is nothing to answer any more."))
    if comes:
        for attendee in attending.values():
            appointments.answer(attendee, answer=Attendee.Answer.YES, by=by, at=at)
    else:
        first = attending.get(Kind.VISIT) or next(iter(attending.values()))
        appointments.answer(first, answer=Attendee.Answer.NO, by=by, at=at)


@transaction.atomic
def hold(visit: Visit, *, by: Person, at: datetime) -> None:
    """It took place (by video: the film was seen). Said already: nothing happens.

    Raises Refused where it is still to come, was cancelled, lost its time and was given no other, or `by` is not in
    the partnership.
    """
    must_be_member(visit.partnership, by)
    visit.refresh_from_db()
    if visit.begin > at:
        raise Refused(_("This is still to come. Say so when it has happened."))
    if visit.cancelled_at is not None:
        raise Refused(_("This visit was cancelled."))
    if visit.held_at is None and has_lost_its_time(visit):
        raise Refused(_("This visit lost its time. Choose another lesson first."))
    if Visit.objects.filter(pk=visit.pk, held_at=None, cancelled_at=None).update(
        held_at=at, held_by=by, unsettled_at=None, unsettled_by=None, changed_at=at
    ):
        visit.held_at, visit.held_by = at, by
        record("visit.held", visit, by=by, at=at, partnership=visit.partnership_id)
