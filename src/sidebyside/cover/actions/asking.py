"""Ask that somebody takes a lesson, take that back, and write down what she needs to know."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted
from sidebyside.calendars.queries import Taught
from sidebyside.cover.actions.holding import alive_offer, hold_open, hold_requests, take_back
from sidebyside.cover.models import Away, CoverRequest
from sidebyside.people.models import Person
from sidebyside.places.models import Place

LONGEST_NOTES = 5_000  # characters


@transaction.atomic
def ask(
    *,
    school: Place | int,
    person: Person,
    taught: Taught,
    begin: datetime,
    end: datetime,
    notes: str,
    by: Person,
    at: datetime,
) -> CoverRequest:
    """Ask that somebody takes this lesson of `person`, or the part of it from `begin` to `end`.

    What the timetable says of it is copied. `notes` (may be empty) are for who takes it; they are sealed under the
    key of `person`. Raises Refused for a lesson that is not hers, that has no bell times or is over, for times
    outside of it, where cover was asked for it already, and for notes that cannot be kept.
    """
    if person.pk not in taught.people:
        raise Refused(_("This is not a lesson of %(name)s.") % {"name": person.name})
    if taught.span is None:
        raise Refused(_("The timetable does not say when this lesson begins. Cover needs to know."))
    if not taught.span.begin <= begin < end <= taught.span.end:
        raise Refused(_("These times are not within the lesson."))
    if end <= at:
        raise Refused(_("This lesson is over."))
    open_then = CoverRequest.objects.filter(person=person, cancelled_at=None, begin__lt=end, end__gt=begin)
    if open_then.exists():
        raise Refused(_("Cover was asked for this lesson already."))
    return enter(school=school, person=person, taught=taught, begin=begin, end=end, notes=notes, by=by, at=at)


def enter(
    *,
    school: Place | int,
    person: Person,
    taught: Taught,
    begin: datetime,
    end: datetime,
    notes: str = "",
    away: Away | None = None,
    by: Person | None,
    at: datetime,
) -> CoverRequest:
    """Write down that this lesson needs somebody; whoever calls it has looked whether it does."""
    request = CoverRequest.objects.create(
        school_id=school if isinstance(school, int) else school.pk,
        person=person, lesson_id=taught.lesson, on=taught.on, begin=begin, end=end,
        period=taught.period.name, subject=taught.subject, classes=list(taught.classes), rooms=list(taught.rooms),
        notes=accepted(notes, longest=LONGEST_NOTES) or None, away=away, asked_at=at, asked_by=by,
    )  # fmt: skip
    record("cover.asked", request, by=by, at=at, person=person.pk)
    return request


@transaction.atomic
def cancel(request: CoverRequest, *, by: Person | None, at: datetime) -> None:
    """Take a request back: nobody has to take the lesson. Who was asked or said yes is told. What was taken back
    already stays so."""
    held = hold_requests([request.pk])
    if not held or held[0].cancelled_at is not None:
        return
    current = held[0]
    current.cancelled_at, current.cancelled_by = at, by
    current.save(update_fields=["cancelled_at", "cancelled_by"])
    offer = alive_offer(current)
    if offer is not None:
        take_back(offer, by=by, at=at)
    record("cover.cancelled", current, by=by, at=at, person=current.person_id)
    request.cancelled_at, request.cancelled_by = at, by


@transaction.atomic
def change_notes(request: CoverRequest, *, text: str, by: Person, at: datetime) -> None:
    """Write what the one who takes the lesson needs to know; an empty text leaves nothing.

    Raises Refused where the lesson needs no cover any more, or is over, and for a text that cannot be kept.
    """
    current = hold_open(request, at=at)
    current.notes = accepted(text, longest=LONGEST_NOTES) or None
    current.save(update_fields=["notes"])
    record("cover.notes_changed", current, by=by, at=at)
