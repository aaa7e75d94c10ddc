"""Plain meetings of a partnership, once or repeating."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments
from sidebyside.calendars.models import Appointment
from sidebyside.calendars.queries import ONE_DAY, lessons_of, zone_of
from sidebyside.calendars.slots import Span
from sidebyside.cover.queries import engaged_with_cover
from sidebyside.partnerships.actions.membership import members_of
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person
from sidebyside.visits.actions.parts import must_be_free, must_go_on, must_not_teach, running_cycle, take_all
from sidebyside.visits.models import Meeting


@transaction.atomic
def meet(
    partnership: Partnership,
    *,
    begin: datetime,
    end: datetime,
    room: str = "",
    rule: str = "",
    by: Person,
    at: datetime,
) -> list[Meeting]:
    """Put a meeting of all members into their calendars; with a `rule` (`calendars.repeating.rule_of`) it repeats, and
    times at which somebody is not free are passed over. Returns the meetings in the order of time.

    Raises Refused when the partnership rests or has ended, `by` is not in it, somebody is not free or teaches, or for
    a time that is over, and where somebody teaches at the first of a repeating one.
    """
    must_go_on(partnership, by)
    people = [member.person for member in members_of(partnership) if member.person.left_at is None]
    zone, kind = zone_of(by.pk).key, Appointment.Kind.MEETING
    if end > begin and not rule:
        take_all(people, [Span(begin, end)], ZoneInfo(zone))
        must_be_free(people, Span(begin, end), zone=ZoneInfo(zone), by=by)
    elif end > begin:
        must_not_teach(people, Span(begin, end), zone=ZoneInfo(zone))
    if rule:
        series = appointments.make_series(
            kind=kind, begin=begin, end=end, zone=zone, people=people, rule=rule, by=by, at=at, room=room,
            pass_over_busy=True, busy=_busy,
        )  # fmt: skip
        made = list(series.appointments.order_by("begin"))
    else:
        made = [appointments.make(kind=kind, begin=begin, end=end, zone=zone, people=people, by=by, at=at, room=room)]
    cycle = running_cycle(partnership)
    rows = [Meeting(appointment=one, partnership=partnership, cycle=cycle) for one in made]
    Meeting.objects.bulk_create(rows)
    record("meeting.made", partnership, by=by, at=at, partnership=partnership.pk, meetings=len(rows))
    return rows


def _busy(people: Collection[int], /, *, begin: datetime, end: datetime) -> dict[int, list[Span]]:
    """When these persons have something else: appointments, cover, absences, lessons."""
    found = engaged_with_cover(people, begin, end)
    # (a day more on either side: a school may keep another date at the same moment)
    for one in lessons_of(people, begin=begin.date() - ONE_DAY, end=end.date() + ONE_DAY):
        for person in one.people & found.keys():
            found[person] += [one.span] if one.span is not None else []
    return found


@transaction.atomic
def move_meeting(meeting: Meeting, *, begin: datetime, end: datetime, room: str, by: Person, at: datetime) -> None:
    """Give a plain meeting another time or place.

    Raises Refused as `meet`, where somebody teaches, covers or is away then, and for a part of a visit, which moves
    with its visit.
    """
    must_go_on(meeting.partnership, by)
    if meeting.visit_id is not None:
        raise Refused(_("This belongs to a visit and moves with it."))
    appointment, span = meeting.appointment, Span(begin, end)
    if (begin, end) != (appointment.begin, appointment.end):
        coming = appointment.attendees.filter(person__left_at=None).select_related("person")
        people, zone = [one.person for one in coming], ZoneInfo(appointment.zone)
        take_all(people, [Span(appointment.begin, appointment.end), span], zone)
        must_be_free(people, span, zone=zone, by=by, but=[appointment.pk])
    appointments.move(appointment, begin=begin, end=end, room=room, by=by, at=at)
