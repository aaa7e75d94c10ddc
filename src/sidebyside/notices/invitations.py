"""Invitations by mail: what is new, changed or cancelled goes to those who come, as iCalendar.

A mail is sent after its change is certain, and once an hour what was missed. What was told is written down after the
mail server took it: should the program end in between, a mail goes twice, which a calendar program takes for one.
Who made a change gets the mail too, so that it stands in her calendar as well, unless a program already reads it there
from her feed. One's own time is told to nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from sidebyside.base.later import later
from sidebyside.base.models import Event
from sidebyside.calendars.models import Appointment, Attendee, Feed
from sidebyside.notices.invitation_mails import gone, single, whole_series
from sidebyside.notices.sending import Letter, send_all

PAST = timedelta(days=1)
FEED_IS_READ = timedelta(days=2)
MEANWHILE = timedelta(minutes=5)  # what is newer is on its way already
MOST_AT_ONCE = 2_000

REACHED = Q(person__left_at=None, person__mails_stopped_at=None, person__email__isnull=False)

_one_at_a_time = threading.Lock()


# Readers of events


def tell(event: Event) -> None:
    """Reader of what is made, moved and cancelled: mails go once it is certain."""
    if event.about == "series":
        _pass_over_maker(Attendee.objects.filter(appointment__series=event.about_id, person=event.by), event.at)
        transaction.on_commit(lambda: later(send_untold, at=event.at, series=event.about_id))
    else:
        _pass_over_maker(Attendee.objects.filter(appointment=event.about_id, person=event.by), event.at)
        transaction.on_commit(lambda: later(send_untold, at=event.at, appointment=event.about_id))


def tell_who_left(event: Event) -> None:
    """Reader of "appointment.left": somebody comes to an appointment, or a series, no more. Where a mail had told her,
    one takes it out of her calendar. It is written now, as her row goes, and sent once that is certain."""
    told = Attendee.objects.filter(REACHED, pk=event.particulars["attendee"], told_cancelled_at=None)
    told = told.exclude(person__email="").exclude(told_sequence=None)
    attendee = told.select_related("person", "appointment__series").first()
    if attendee is not None:
        mail = gone(attendee.person, attendee, at=event.at)
        letter = Letter(is_due=lambda: True, mail=lambda: mail, sent=lambda: None)
        transaction.on_commit(lambda: later(send_all, letters=[letter]))


def _pass_over_maker(hers: QuerySet[Attendee], at: datetime) -> None:
    """Who made the change knows it, and her calendar does where a program reads her feed."""
    feeds = Feed.objects.filter(person__in=hers.values("person"), ended_at=None, read_at__gte=at - FEED_IS_READ)
    if feeds.exists():
        sequence = Appointment.objects.filter(pk=OuterRef("appointment")).values("sequence")[:1]
        hers.update(told_sequence=Subquery(sequence), told_at=at)
        hers.exclude(appointment__cancelled_at=None).update(told_cancelled_at=at)


# Sending


def untold(*, at: datetime) -> QuerySet[Attendee]:
    """Those whom no mail has told of an appointment as it stands, and who get mails. Nobody is told of what has been
    over for a day, nor of a change to what she declined, nor that something is cancelled of which she never heard."""
    behind = Q(told_sequence=None) | Q(told_sequence__lt=F("appointment__sequence"))
    stands = Q(appointment__cancelled_at=None) & behind & ~Q(answer=Attendee.Answer.NO)
    fallen = Q(appointment__cancelled_at__isnull=False, told_sequence__isnull=False, told_cancelled_at=None)
    rows = Attendee.objects.filter(stands | fallen, REACHED, appointment__end__gt=at - PAST).exclude(person__email="")
    return rows.exclude(appointment__kind=Appointment.Kind.OWN)


def send_untold(*, at: datetime, appointment: int | None = None, series: int | None = None) -> int:
    """Send the mails about one appointment, one series, or all that were missed (of what changed more than five
    minutes ago). Returns how many went. What the mail server does not take is tried again in an hour."""
    with _one_at_a_time:
        rows = untold(at=at)
        if appointment is not None:
            rows = rows.filter(appointment=appointment)
        elif series is not None:
            rows = rows.filter(appointment__series=series)
        else:
            rows = rows.filter(appointment__changed_at__lte=at - MEANWHILE)
        rows = rows.select_related("person", "appointment__series")
        waiting = list(rows.order_by("appointment__series", "person", "appointment__begin", "pk")[:MOST_AT_ONCE])
        return send_all(letters(waiting, at=at)) if waiting else 0


def _note(attendee: Attendee, at: datetime) -> None:
    """Write down of which state she was told: that which was read, though it may have changed meanwhile."""
    appointment = attendee.appointment
    cancelled = at if appointment.cancelled_at is not None else None
    Attendee.objects.filter(pk=attendee.pk).update(
        told_sequence=appointment.sequence, told_at=at, told_cancelled_at=cancelled
    )


def letters(waiting: Iterable[Attendee], *, at: datetime) -> Iterator[Letter]:
    """Which mails are to go. `waiting` is in the order of series and person. Of a series she is told in one mail when
    it is new to her, and when more than one of its times has changed; of a single changed time by itself."""
    for (series, _person), group in groupby(waiting, lambda row: (row.appointment.series_id, row.person_id)):
        rows = tuple(group)
        if series is None:
            yield from (_letter((row,), at=at, together=False) for row in rows)
            continue
        knows = Attendee.objects.filter(appointment__series=series, person=rows[0].person, told_sequence__isnull=False)
        yield _letter(rows, at=at, together=len(rows) > 1 or not knows.exists())


def _letter(rows: tuple[Attendee, ...], *, at: datetime, together: bool) -> Letter:
    """One mail to one person, in her language and zone: about these rows of hers, together where they are of one
    series."""
    to = rows[0].person

    def sent() -> None:
        for row in rows:
            _note(row, at)

    return Letter(
        is_due=untold(at=at).filter(pk__in=[row.pk for row in rows]).exists,
        mail=(lambda: whole_series(to, rows)) if together else (lambda: single(to, rows[0])),
        sent=sent,
    )
