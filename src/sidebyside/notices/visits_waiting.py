"""What waits about visits and meetings: arms of the one question of `waiting`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from sidebyside.calendars.models import Attendee
from sidebyside.cover.models import CoverOffer
from sidebyside.notices.arms import arm
from sidebyside.policy import SIGHTS, Standing, of_my_partnerships
from sidebyside.visits.models import Meeting, Visit, VisitCover

Answer = Attendee.Answer


def visits_waiting(me: Standing, *, lately: datetime, now: datetime, soon: datetime) -> Iterator[QuerySet]:
    """Parts that lost their time, cover that stays open, invitations to answer, and visits that lie behind."""
    if not me.partnerships:
        return

    def seen(model: Any) -> QuerySet:
        going = Q(partnership__ended_at=None)
        return model.objects.filter(SIGHTS[model](me, False) & of_my_partnerships(me) & going)

    visits = seen(Visit).filter(cancelled_at=None)
    lost = visits.filter(unsettled_at__isnull=False, begin__gte=lately)
    where = {"partnership": "partnership_id", "at": "begin"}
    others = lost.filter(Q(unsettled_by=None) | ~Q(unsettled_by=me.person_id))
    yield arm("visit_lost", others, **where, who="unsettled_by")
    yield arm("visit_lost", lost.filter(unsettled_by=me.person_id), **where)
    yield arm("visit_cover_open", _without_cover(visits, now, soon), **where)
    to_come = Q(appointment__cancelled_at=None, appointment__end__gt=now)
    asked = Attendee.objects.filter(to_come, person=me.person_id, answer=Answer.ASKED)
    of_visits = asked.filter(appointment__meeting__visit=OuterRef("pk"))
    yield arm("visit_invitation", visits.filter(Exists(of_visits)), **where, who="booked_by")
    meetings = seen(Meeting).filter(to_come, visit=None)
    earlier = asked.filter(
        appointment__series=OuterRef("appointment__series"), appointment__begin__lt=OuterRef("appointment__begin")
    )
    # Of a series the next one that asks stands for all.
    asking = meetings.filter(Exists(asked.filter(appointment=OuterRef("appointment"))), ~Exists(earlier))
    of_meeting = {"about": "appointment_id", "partnership": "partnership_id", "at": "appointment__begin"}
    yield arm("meeting_invitation", asking, **of_meeting, who="appointment__made_by")
    declined = Attendee.objects.filter(
        appointment__meeting__in=meetings.values("pk"), appointment__made_by=me.person_id, answer=Answer.NO
    ).exclude(person=me.person_id)
    yield arm(
        "meeting_declined", declined, about="appointment_id", partnership="appointment__meeting__partnership_id",
        who="person", at="appointment__begin",
    )  # fmt: skip
    over = visits.filter(held_at=None, unsettled_at=None, end__lte=now, end__gt=lately)
    yield arm("visit_over", over, **where)


def _without_cover(visits: QuerySet, now: datetime, soon: datetime) -> QuerySet:
    taken = CoverOffer.objects.filter(request=OuterRef("request"), yes_at__isnull=False, no_at=None, withdrawn_at=None)
    waiting = VisitCover.objects.filter(
        ~Exists(taken), visit=OuterRef("pk"), answer=VisitCover.Answer.REQUEST, ended_at=None
    )
    return visits.filter(Exists(waiting), held_at=None, begin__gt=now, begin__lte=soon)
