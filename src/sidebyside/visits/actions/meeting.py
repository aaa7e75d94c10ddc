"""Plain meetings of a partnership, once or repeating."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sidebyside.base.events import record
from sidebyside.calendars.actions import appointments
from sidebyside.calendars.models import Appointment
from sidebyside.calendars.queries import zone_of
from sidebyside.partnerships.actions.membership import members_of
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person
from sidebyside.visits.actions.parts import must_go_on, running_cycle
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

    Raises Refused when the partnership rests or has ended, `by` is not in it, somebody is not free, or for a time that
    is over.
    """
    must_go_on(partnership, by)
    people = [member.person for member in members_of(partnership) if member.person.left_at is None]
    zone, kind = zone_of(by.pk).key, Appointment.Kind.MEETING
    if rule:
        series = appointments.make_series(
            kind=kind, begin=begin, end=end, zone=zone, people=people, rule=rule, by=by, at=at, room=room,
            pass_over_busy=True,
        )  # fmt: skip
        made = list(series.appointments.order_by("begin"))
    else:
        made = [appointments.make(kind=kind, begin=begin, end=end, zone=zone, people=people, by=by, at=at, room=room)]
    cycle = running_cycle(partnership)
    rows = [Meeting(appointment=one, partnership=partnership, cycle=cycle) for one in made]
    Meeting.objects.bulk_create(rows)
    record("meeting.made", partnership, by=by, at=at, partnership=partnership.pk, meetings=len(rows))
    return rows
