"""Appointments: making, moving, cancelling and answering them.

They know people and time, and no partnership: a layer above says what an appointment is for. Who books several in one
transaction takes all their days first (`booking_days.take_days`): then two who book at once never wait for each other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Value, When
from django.utils import formats
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.booking_days import days_touched, take_days
from sidebyside.calendars.models import Appointment, Attendee, Series
from sidebyside.calendars.queries import engaged
from sidebyside.calendars.repeating import MOST_TIMES, NoRule, beginnings, rule_of
from sidebyside.calendars.slots import Span
from sidebyside.people.models import Person


class Busy(Protocol):
    """A question when persons are not free between two moments, such as `calendars.queries.engaged`."""

    def __call__(self, people: Collection[int], /, *, begin: datetime, end: datetime) -> Mapping[int, Collection[Span]]:
        """For each of these persons (ids) when she is not free."""
        ...


LONGEST = timedelta(days=1)
LONGEST_ROOM = Appointment._meta.get_field("room").max_length or 0


@transaction.atomic
def make(
    *,
    kind: str,
    begin: datetime,
    end: datetime,
    zone: str,
    people: Iterable[Person],
    by: Person,
    at: datetime,
    room: str = "",
) -> Appointment:
    """Put an appointment into the calendars of these persons. `by` comes, where she is one of them; the others are
    asked. `begin` and `end` are aware, `zone` is the IANA name of the zone it is written in.

    Raises Refused when somebody has another appointment or a busy time then (the sentence says who and when, never
    what), and for times that are none. Lessons and cover are the caller's matter: a visit lies in a lesson. One's own
    time may lie anywhere.
    """
    coming = _coming(people)
    _check(begin, end, zone, at)
    take_days((person.pk, on) for person in coming for on in days_touched(begin, end, zone))
    if kind != Appointment.Kind.OWN:
        _check_free(coming, begin, end, zone, by=by)
    appointment = Appointment.objects.create(
        kind=kind,
        uid=new_uid(),
        first_begin=begin,
        begin=begin,
        end=end,
        zone=zone,
        room=_room(room),
        made_at=at,
        made_by=by,
        changed_at=at,
    )
    ask_people([appointment], coming, by=by, at=at)
    record("appointment.made", appointment, by=by, at=at, what=kind)
    return appointment


@transaction.atomic
def move(
    appointment: Appointment, *, begin: datetime, end: datetime, by: Person, at: datetime, room: str | None = None
) -> Appointment:
    """Move an appointment, or one occurrence of a series, to another time or room (None: the room stays). At another
    time everybody but `by` is asked anew. Nothing happens where nothing changes.

    Raises Refused as `make`, and where it was cancelled or is over.
    """
    _check(begin, end, appointment.zone, at)
    lock(appointment, (begin, end))
    if appointment.cancelled_at is not None:
        raise Refused(_("This appointment was cancelled."))
    if appointment.end <= at:
        raise Refused(_("This appointment is over."))
    place = appointment.room if room is None else _room(room)
    retimed = (begin, end) != (appointment.begin, appointment.end)
    if not retimed and place == appointment.room:
        return appointment
    attendees = list(appointment.attendees.select_related("person").order_by("pk"))
    if retimed and appointment.kind != Appointment.Kind.OWN:
        coming = [one.person for one in attendees]
        _check_free(coming, begin, end, appointment.zone, by=by, but=[appointment.pk])
    before = appointment.begin
    appointment.begin, appointment.end, appointment.room = begin, end, place
    appointment.sequence += 1
    appointment.changed_at = at
    appointment.save(update_fields=["begin", "end", "room", "sequence", "changed_at"])
    if retimed:
        appointment.attendees.update(
            answer=Case(When(person=by, then=Value(Attendee.Answer.YES)), default=Value(Attendee.Answer.ASKED)),
            answered_at=Case(When(person=by, then=Value(at)), default=None, output_field=DateTimeField()),
            proposed_begin=None,
            proposed_end=None,
            reminded_at=None,
        )
    record("appointment.moved", appointment, by=by, at=at, retimed=retimed, began=before.isoformat())
    return appointment


@transaction.atomic
def cancel(appointment: Appointment, *, by: Person, at: datetime, held: bool = False) -> None:
    """Cancel an appointment, or one occurrence of a series. Nothing happens where it was cancelled before. With
    `held` the caller holds its row already (`select_for_update`): it frees days and need not take them.

    Raises Refused where it is over: what took place is not taken back.
    """
    if not held:
        lock(appointment)
    if appointment.cancelled_at is not None:
        return
    if appointment.end <= at:
        raise Refused(_("This appointment is over."))
    appointment.cancelled_at, appointment.cancelled_by, appointment.changed_at = at, by, at
    appointment.sequence += 1
    appointment.save(update_fields=["cancelled_at", "cancelled_by", "changed_at", "sequence"])
    record("appointment.cancelled", appointment, by=by, at=at)


@transaction.atomic
def answer(
    attendee: Attendee, *, answer: str, by: Person, at: datetime, proposed: tuple[datetime, datetime] | None = None
) -> None:
    """Somebody says whether she comes. `answer` is one of `Attendee.Answer` but ASKED. `proposed` is another time she
    would rather have: it is shown with her answer, and moves nothing.

    Raises Refused where the appointment was cancelled or is over, where `by` is somebody else, and where she declined
    it before and has something else then.
    """
    if answer not in (Attendee.Answer.YES, Attendee.Answer.NO, Attendee.Answer.PERHAPS):
        raise ValueError("An answer is yes, no or perhaps.")
    appointment = attendee.appointment
    lock(appointment)
    attendee.refresh_from_db(fields=["answer", "answered_at", "proposed_begin", "proposed_end"])
    if by.pk != attendee.person_id:
        raise Refused(_("Only who is invited answers."))
    if appointment.cancelled_at is not None:
        raise Refused(_("This appointment was cancelled."))
    if appointment.end <= at:
        raise Refused(_("This appointment is over."))
    begin, end = proposed or (None, None)
    if (answer, begin, end) == (attendee.answer, attendee.proposed_begin, attendee.proposed_end):
        return
    if attendee.answer == Attendee.Answer.NO:
        _check_free([by], appointment.begin, appointment.end, appointment.zone, by=by, but=[appointment.pk])
    before, attendee.answer, attendee.answered_at = attendee.answer, answer, at
    attendee.proposed_begin, attendee.proposed_end = begin, end
    attendee.save(update_fields=["answer", "answered_at", "proposed_begin", "proposed_end"])
    record("appointment.answered", appointment, by=by, at=at, attendee=attendee.pk, answer=answer, before=before)


_answer = answer


@transaction.atomic
def answer_series(series: Series, *, answer: str, by: Person, at: datetime) -> int:
    """Somebody answers for all times of a series that are not over and not cancelled. Those at which she has something
    else are left as they are. Returns how many were answered; raises Refused, as for one, where it was none."""
    hers = Attendee.objects.filter(person=by, appointment__series=series, appointment__cancelled_at=None)
    answered, why = 0, Refused(_("This appointment is over."))
    rows = hers.filter(appointment__end__gt=at).select_related("appointment").order_by("appointment__begin")
    # All days at once: who takes them one time after the other may wait for somebody who waits for her.
    there = {one.appointment_id: one.appointment for one in rows}
    coming = Attendee.objects.filter(appointment__in=there).values_list("appointment", "person")
    times = [(person, there[pk]) for pk, person in coming]
    take_days((person, on) for person, one in times for on in days_touched(one.begin, one.end, one.zone))
    for attendee in rows.all():
        try:
            _answer(attendee, answer=answer, by=by, at=at)
            answered += 1
        except Refused as refused:
            why = refused
    if not answered:
        raise why
    return answered


# Series


@transaction.atomic
def make_series(
    *,
    kind: str,
    begin: datetime,
    end: datetime,
    zone: str,
    people: Iterable[Person],
    rule: str,
    by: Person,
    at: datetime,
    room: str = "",
    pass_over_busy: bool = False,
    busy: Busy = engaged,
) -> Series:
    """Put appointments that repeat by `rule` (see `calendars.repeating`) into calendars: each is an appointment of
    its own, moved and cancelled alone by `move` and `cancel`. `begin` and `end` are those of the first.

    With `pass_over_busy` the times at which somebody is not free are left out; else the first of them is refused.
    `busy` says when these persons (ids) are not free between two moments, where the caller knows more than calendars.
    Raises Refused as `make`, for more than 60 times, and where no time is left.
    """
    coming = _coming(people)
    _check(begin, end, zone, at)
    try:
        moments = beginnings(rule, begin, zone)
    except NoRule:
        raise Refused(_("This cannot be repeated in that way.")) from None
    if len(moments) > MOST_TIMES:
        raise Refused(_("A series has at most %(most)s times.") % {"most": MOST_TIMES})
    spans = [(moment, moment + (end - begin)) for moment in moments]
    take_days((person.pk, on) for person in coming for span in spans for on in days_touched(*span, zone))
    if kind != Appointment.Kind.OWN:
        spans = _free_of(spans, coming, zone, busy, by=by, pass_over=pass_over_busy)
    minutes = int((end - begin) / timedelta(minutes=1))
    series = Series.objects.create(uid=new_uid(), rule=rule, begin=begin, minutes=minutes, zone=zone, made_at=at)
    made = [
        Appointment(
            kind=kind,
            uid=series.uid,
            series=series,
            first_begin=first,
            begin=first,
            end=last,
            zone=zone,
            room=_room(room),
            made_at=at,
            made_by=by,
            changed_at=at,
        )
        for first, last in spans
    ]
    Appointment.objects.bulk_create(made)
    ask_people(made, coming, by=by, at=at)
    record("series.made", series, by=by, at=at, what=kind)
    return series


@transaction.atomic
def end_series(series: Series, *, by: Person, at: datetime, since: datetime | None = None) -> int:
    """Cancel every time of a series that begins at `since` or later (now, where it is not said). What took place
    stays. Returns how many were cancelled."""
    since = max(since or at, at)
    rows = series.appointments.filter(begin__gte=since, cancelled_at=None).prefetch_related("attendees")
    found = list(rows)
    take_days(
        (one.person_id, on)
        for row in found
        for one in row.attendees.all()
        for on in days_touched(row.begin, row.end, row.zone)
    )
    ended = [row.pk for row in rows.all()]
    if not ended:
        return 0
    Appointment.objects.filter(pk__in=ended).update(
        cancelled_at=at, cancelled_by=by, changed_at=at, sequence=F("sequence") + 1
    )
    kept = series.appointments.filter(cancelled_at=None).order_by("first_begin").last()
    if kept is not None:
        weeks = WEEKS.search(series.rule)
        until = kept.first_begin.astimezone(ZoneInfo(series.zone)).date()
        series.rule = rule_of(weeks=int(weeks[1]) if weeks else 1, until=until)
    series.sequence += 1
    series.save(update_fields=["rule", "sequence"])
    record("series.ended", series, by=by, at=at, count=len(ended))
    return len(ended)


WEEKS = re.compile(r"INTERVAL=(\d)")
Times = list[tuple[datetime, datetime]]


def _free_of(
    spans: Times, people: Collection[Person], zone: str, busy: Busy, *, by: Person, pass_over: bool
) -> Times:  # fmt: skip
    """The times at which all of them are free. Raises Refused."""
    taken = busy([person.pk for person in people], begin=spans[0][0], end=spans[-1][1])
    free = []
    for begin, end in spans:
        others = [p for p in people if any(span.begin < end and span.end > begin for span in taken[p.pk])]
        if others and not pass_over:
            raise Refused(not_free(next((p for p in others if p.pk == by.pk), others[0]), begin, end, zone, by=by))
        if not others:
            free.append((begin, end))
    if not free:
        raise Refused(_("There is no time at which all are free."))
    return free


# What the verbs use


def new_uid() -> str:
    """A name for an appointment that no other on earth has. It says nothing of whose it is."""
    return f"{uuid4()}@sidebyside"


def ask_people(appointments: Iterable[Appointment], people: Collection[Person], *, by: Person, at: datetime) -> None:
    """Write who is to come; `by` comes."""
    Attendee.objects.bulk_create(
        Attendee(
            appointment=appointment,
            person=person,
            answer=Attendee.Answer.YES if person.pk == by.pk else Attendee.Answer.ASKED,
            answered_at=at if person.pk == by.pk else None,
        )
        for appointment in appointments
        for person in people
    )


def lock(appointment: Appointment, *others: tuple[datetime, datetime]) -> None:
    """Take the days on which the appointment lies, and those of other begins and ends, for everybody in it; then read
    it anew, as whoever had these days before may have changed it."""
    dates = set()
    for begin, end in ((appointment.begin, appointment.end), *others):
        dates |= days_touched(begin, end, appointment.zone)
    people = list(appointment.attendees.values_list("person_id", flat=True))
    take_days((person, on) for person in people for on in dates)
    appointment.refresh_from_db()


def _coming(people: Iterable[Person]) -> list[Person]:
    coming = list({person.pk: person for person in people}.values())
    if not coming:
        raise ValueError("An appointment is somebody's.")
    return coming


def _room(room: str) -> str:
    room = " ".join(room.split())
    if len(room) > LONGEST_ROOM:
        raise Refused(_("The place has at most %(most)s characters.") % {"most": LONGEST_ROOM})
    return room


def _check(begin: datetime, end: datetime, zone: str, at: datetime) -> None:
    if begin.tzinfo is None or end.tzinfo is None:
        raise ValueError("Times of an appointment are aware.")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("This is not the name of a time zone.") from None
    if end <= begin:
        raise Refused(_("The end must come after the beginning."))
    if end - begin > LONGEST:
        raise Refused(_("An appointment lasts a day at most."))
    if end <= at:
        raise Refused(_("This time is over."))


def _check_free(
    people: Collection[Person], begin: datetime, end: datetime, zone: str, *, by: Person, but: Collection[int] = ()
) -> None:
    found = engaged([person.pk for person in people], begin=begin, end=end, but=but)
    taken = [person for person in people if found[person.pk]]
    if taken:
        # Of herself she is told first: that she can put right.
        who = next((person for person in taken if person.pk == by.pk), taken[0])
        raise Refused(not_free(who, begin, end, zone, by=by))


def not_free(person: Person, begin: datetime, end: datetime, zone: str, *, by: Person) -> str:
    """The sentence that somebody is not free then: who and when, in the zone of the appointment, and never what."""
    first, last = (moment.astimezone(ZoneInfo(zone)) for moment in (begin, end))
    values = {
        "name": person.short_name,
        "day": formats.date_format(first, "l j F"),
        "begin": f"{first:%H:%M}",
        "end": f"{last:%H:%M}",
    }
    if person.pk == by.pk:
        return _("You are not free on %(day)s from %(begin)s to %(end)s.") % values
    return _("%(name)s is not free on %(day)s from %(begin)s to %(end)s.") % values
