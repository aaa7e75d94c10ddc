"""What is to come in her partnerships: visits, their talks and meetings; and visits that need another time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from sidebyside.base.compiled import Compiled, Marks, asked_often, compiled
from sidebyside.calendars.models import Attendee
from sidebyside.notices.arms import NO_ID
from sidebyside.notices.shapes import Coming
from sidebyside.policy import SIGHTS, Shape, Standing, of_my_partnerships, standing_values
from sidebyside.visits.models import Meeting, Visit

MOST = 12
TEXT = CharField()


def coming_to(me: Standing, *, at: datetime) -> list[Coming]:
    """What she is to come to next, in the order of time: what she declined is not among it. One query."""
    if not me.partnerships:
        return []
    return _in_order(_question(Shape.of(me), False).rows(standing_values(me, now=at)))


def coming_in(me: Standing, partnership: int, *, at: datetime) -> list[Coming]:
    """What is to come next in one of her partnerships, whoever comes; and its visits that need another time, or whose
    lesson is to be filmed. In the order of time; one query."""
    return _in_order(_question(Shape.of(me), True).rows(standing_values(me, now=at, partnership=partnership)))


def _in_order(rows: list[tuple[Any, ...]]) -> list[Coming]:
    return sorted((Coming(*row) for row in rows), key=lambda one: (one.begin, one.pk))


@asked_often
def _question(shape: Shape, of_one: bool) -> Compiled:
    marks = Marks()
    me, now = shape.marked(marks), marks.moment("now")
    if of_one:
        first, *others = _of_one(me, marks.number("partnership"), now)
        return compiled(first.union(*others, all=True), marks)
    hers = Attendee.objects.filter(appointment=OuterRef("appointment"), person=me.person_id)
    return compiled(_meetings(me, now).filter(Exists(hers.exclude(answer=Attendee.Answer.NO)))[:MOST], marks)


def _of_one(me: Standing, partnership: int, now: datetime) -> Iterator[QuerySet]:
    # (no slices: SQLite takes none within a union; a partnership has few appointments to come)
    yield _meetings(me, now).filter(partnership=partnership, appointment__series=None).order_by()
    earlier = Meeting.objects.filter(
        appointment__series=OuterRef("appointment__series"), appointment__begin__lt=OuterRef("appointment__begin"),
        appointment__cancelled_at=None, appointment__end__gt=now,
    )  # fmt: skip
    of_series = _meetings(me, now).filter(partnership=partnership, appointment__series__isnull=False)
    yield of_series.filter(~Exists(earlier)).order_by()
    open_ones = Visit.objects.filter(SIGHTS[Visit](me, False), partnership=partnership, cancelled_at=None, held_at=None)
    lost, films = open_ones.filter(unsettled_at__isnull=False), open_ones.filter(unsettled_at=None, way=Visit.Way.VIDEO)
    for rows, is_lost in ((lost, True), (films, False)):
        yield rows.order_by().values_list(
            "pk", "partnership_id", F("pk"), Value("visit", TEXT), "begin", "end", Value("", TEXT), "subject",
            "observed_id", "observer_id", Value(is_lost, BooleanField()),
        )  # fmt: skip


def _meetings(me: Standing, now: datetime) -> QuerySet:
    rows = Meeting.objects.filter(SIGHTS[Meeting](me, False) & of_my_partnerships(me), partnership__ended_at=None)
    rows = rows.filter(appointment__cancelled_at=None, appointment__end__gt=now)
    return rows.order_by("appointment__begin", "pk").values_list(
        "appointment_id", "partnership_id", Coalesce("visit_id", NO_ID), "appointment__kind", "appointment__begin",
        "appointment__end", "appointment__room", Coalesce("visit__subject", Value("", TEXT)), "visit__observed_id",
        "visit__observer_id", Value(False, BooleanField()),
    )  # fmt: skip
