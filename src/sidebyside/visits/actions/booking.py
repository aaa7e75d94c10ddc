"""Book a visit in one act: the talk before, the visit, the talk after and the cover; and book all of it anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.calendars.models import Appointment
from sidebyside.calendars.queries import zone_of
from sidebyside.calendars.slots import Span
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person
from sidebyside.visits.actions.parts import (
    Wanted,
    check_talks,
    cover_for,
    must_be_free,
    must_both_be_in,
    must_go_on,
    put,
    running_cycle,
    take_all,
    what_is_wanted,
)
from sidebyside.visits.models import Visit
from sidebyside.visits.queries import open_parts

Kind = Appointment.Kind


@transaction.atomic
def book(
    partnership: Partnership,
    *,
    observed: Person,
    observer: Person,
    lesson: str | Span,
    talk_before: Span | None = None,
    talk_after: Span | None = None,
    covers: Mapping[str, str] | None = None,
    notes: str = "",
    room: str = "",
    way: str = Visit.Way.IN_PERSON,
    by: Person,
    at: datetime,
) -> Visit:
    """Book a visit of `observer` to a lesson of `observed`, all parts of it or none.

    `lesson` is the key of a lesson (`Taught.key`), or a time by hand. `covers` says for each lesson of the observer
    in that time, by its key, what is done about it (`VisitCover.Answer`; the cover desk is asked where nothing is
    said), with `notes` for who takes it. By video nobody comes: no appointment is made for the visit, no cover is
    asked for, and the talk after waits until the film was seen.

    Raises Refused when the partnership rests or has ended, `by` or one of the two is not in it or has left, for a
    lesson of somebody else, a time that is over, and where one of the two is not free for a part of it.
    """
    must_go_on(partnership, by)
    must_both_be_in(partnership, observed, observer)
    zone = zone_of(observed.pk)
    wanted = what_is_wanted(observed, observer, lesson, room=room, way=way, zone=zone, at=at)
    spans = _spans(wanted, talk_before, talk_after)
    take_all([observed, observer], [wanted.span, *spans.values()], zone)
    twice = Visit.objects.filter(partnership=partnership, observed=observed, observer=observer, begin=wanted.span.begin)
    if twice.filter(cancelled_at=None).exists():
        raise Refused(_("You have booked this lesson already."))
    _check_free(wanted, spans, observed, observer, by=by)
    visit = Visit.objects.create(
        partnership=partnership, cycle=running_cycle(partnership), observed=observed, observer=observer, booked_at=at,
        booked_by=by, changed_at=at, **wanted.fields,
    )  # fmt: skip
    put(visit, spans, {}, room=wanted.room, zone=zone, by=by, at=at)
    cover_for(visit, wanted, covers or {}, notes, by=by, at=at)
    record("visit.booked", visit, by=by, at=at, partnership=partnership.pk)
    return visit


@transaction.atomic
def rebook(
    visit: Visit,
    *,
    lesson: str | Span,
    talk_before: Span | None = None,
    talk_after: Span | None = None,
    covers: Mapping[str, str] | None = None,
    notes: str = "",
    room: str = "",
    way: str = Visit.Way.IN_PERSON,
    by: Person,
    at: datetime,
) -> None:
    """Choose another lesson, or other times: every part is planned anew, in one act. What stays as it was is not
    touched, and nobody is told of it. A talk that took place stays. Arguments and refusals as of `book`; also Refused
    where the visit took place or was cancelled."""
    must_go_on(visit.partnership, by)
    observed, observer = visit.observed, visit.observer
    must_both_be_in(visit.partnership, observed, observer)
    zone = zone_of(observed.pk)
    wanted = what_is_wanted(observed, observer, lesson, room=room, way=way, zone=zone, at=at)
    spans = _spans(wanted, talk_before, talk_after)
    take_all([observed, observer], [Span(visit.begin, visit.end), wanted.span, *spans.values()], zone)
    old = open_parts(visit, at=at, hold=True)
    _check_free(wanted, spans, observed, observer, by=by, but=[one.pk for one in old.values()])
    # The visit first: who follows what happens to its appointments compares them with it.
    fields = {**wanted.fields, "changed_at": at, "unsettled_at": None, "unsettled_by": None}
    if not Visit.objects.filter(pk=visit.pk, cancelled_at=None, held_at=None).update(**fields):
        raise Refused(_("This visit is no longer to come."))
    visit.refresh_from_db(fields=[*fields])
    put(visit, spans, old, room=wanted.room, zone=zone, by=by, at=at)
    cover_for(visit, wanted, covers or {}, notes, by=by, at=at)
    record("visit.rebooked", visit, by=by, at=at, partnership=visit.partnership_id)


def _spans(wanted: Wanted, before: Span | None, after: Span | None) -> dict[str, Span | None]:
    spans = {
        Kind.TALK_BEFORE.value: before,
        Kind.VISIT.value: wanted.span if wanted.in_person else None,
        Kind.TALK_AFTER.value: after,
    }
    check_talks(wanted, spans)
    return spans


def _check_free(
    wanted: Wanted, spans: Mapping[str, Span | None], observed: Person, observer: Person, *, by: Person,
    but: list[int] | None = None,
) -> None:  # fmt: skip
    for kind, span in spans.items():
        if span is not None:
            teaching = kind != Kind.VISIT  # she teaches the lesson that is visited
            people = [observed, observer]
            must_be_free(people, span, zone=wanted.zone, by=by, but=but or [], teaching=teaching)
