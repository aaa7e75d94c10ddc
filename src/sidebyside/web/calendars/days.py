"""What stands in somebody's calendar, day by day, as its pages show it: her lessons quietly, what she has agreed to
strongly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside import policy
from sidebyside.calendars.models import Appointment, Attendee, BusyTime
from sidebyside.calendars.queries import Taught, in_calendar, kept_free_of, periods_between, taught_between
from sidebyside.calendars.queries import timetables_for as timetables_of
from sidebyside.calendars.slots import Span
from sidebyside.cover.models import Away, CoverOffer
from sidebyside.notices.entries import cover_label, others_than

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Item:
    """Something in a calendar. `kind` is "lesson", "free", "taken" (a free period that something fills), "appointment",
    "own", "cover" or "busy"; `short` is the title where there is little room; `waits` where an
    answer is still wanted of the reader."""

    kind: str
    begin: datetime
    end: datetime
    title: str
    detail: str = ""
    short: str = ""
    names: tuple[str, ...] = ()
    href: str = ""
    answer: str = ""
    waits: bool = False
    elsewhere: tuple[str, str] | None = None  # the time, and the zone it was made in, where that is another

    @property
    def is_strong(self) -> bool:
        """Whether it stands out: what she agreed to, and when she is busy elsewhere."""
        return self.kind in ("appointment", "own", "cover", "busy")


@dataclass
class Day:
    """A date with what stands in it, in the order of time. `strip` are its periods: lessons and free ones."""

    on: date
    is_today: bool
    items: list[Item] = field(default_factory=list)
    strip: list[Item] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)  # lessons of periods without a time

    @property
    def main(self) -> list[Item]:
        """What stands out."""
        return [item for item in self.items if item.is_strong]

    @property
    def in_order(self) -> list[Item]:
        """Everything, in the order of time. What fills a free period stands there instead of it."""
        quiet = [item for item in self.strip if item.kind != "taken"]
        return sorted([*self.items, *quiet], key=lambda item: (item.begin, item.end))


def of_person(me: Any, begin: date, end: date) -> list[Day]:
    """The reader's own calendar from one date to another, both included. A fixed number of queries."""
    first, last = edges(begin, end)
    days = {on: Day(on, on == timezone.localdate()) for on in dates(begin, end)}
    mine = Attendee.Answer.NO
    attended = policy.seen(me, Attendee).filter(person=me).exclude(answer=mine).values("appointment")
    rows = in_calendar(policy.seen(me, Appointment).filter(pk__in=attended), begin=first, end=last)
    offers = policy.seen(me, CoverOffer).filter(person=me, no_at=None, withdrawn_at=None, request__cancelled_at=None)
    offers = offers.filter(begin__lt=last, end__gt=first).select_related("request")
    busy = policy.seen(me, BusyTime).filter(begin__lt=last, end__gt=first, calendar__ended_at=None)
    away = policy.seen(me, Away).filter(person=me, ended_at=None, begin__lt=last, end__gt=first)
    for item in [
        *(of_appointment(row, me) for row in rows),
        *(_of_offer(offer) for offer in offers),
        *_each_day(busy, first, last, _("Busy, by your other calendar")),
        *_each_day(away, first, last, _("You are away")),
    ]:
        if (day := days.get(timezone.localtime(max(item.begin, first)).date())) is not None:
            day.items.append(item)
    _add_periods(days, me.pk, begin, end)
    for day in days.values():
        day.items.sort(key=lambda item: (item.begin, item.end))
        day.strip = [_filled(item, day.main) for item in day.strip]
    return list(days.values())


def _filled(period: Item, main: Sequence[Item]) -> Item:
    """A free period, or what fills it."""
    meets = (item for item in main if item.begin < period.end and period.begin < item.end)
    found = next(meets, None) if period.kind == "free" else None
    return period if found is None else replace(period, kind="taken", title=found.title)


def _add_periods(days: dict[date, Day], person: int, begin: date, end: date) -> None:
    tables = timetables_of([person], begin=begin, end=end)
    if not tables:
        return
    # Of her day the hours count that lie between the first and the last bell: the free ones among them are shown.
    taught = taught_between(tables, begin=begin, end=end, people=[person])
    teaches: dict[tuple[int, date], list[Taught]] = {}
    for lesson in taught:
        teaches.setdefault((lesson.period.period, lesson.on), []).append(lesson)
    periods = periods_between(tables, begin=begin, end=end)
    kept = set(kept_free_of([person], periods).get(person, ()))
    for period in periods:
        day = days.get(period.on)
        lessons = teaches.get((period.period, period.on), [])
        if day is None:
            continue
        if period.span is None:
            day.nameless += [_("%(period)s: %(lesson)s") % {"period": period.name, "lesson": name(lessons[0])}] * bool(
                lessons
            )
        else:
            day.strip.append(_of_period(period.span, lessons, kept=period.span in kept))


def _of_period(span: Span, lessons: Sequence[Taught], *, kept: bool) -> Item:
    if not lessons:
        return Item("free", span.begin, span.end, _("kept free") if kept else _("free"))
    where = ", ".join(room for lesson in lessons for room in lesson.rooms)
    classes = ", ".join(each for lesson in lessons for each in lesson.classes)
    title = ", ".join(name(lesson) for lesson in lessons)
    return Item("lesson", span.begin, span.end, title, where, short=classes)


def name(lesson: Taught) -> str:
    """What a lesson is called: its subject and its classes, else what the timetable calls it."""
    called = [lesson.subject, ", ".join(lesson.classes)]
    return " ".join(word for word in called if word) or lesson.event


def of_appointment(row: Appointment, me: Any) -> Item:
    """An appointment as its reader sees it, who comes to it or not. (Attendees and persons were fetched.)"""
    mine = next((one.answer for one in row.attendees.all() if one.person_id == me.pk), "")
    own = row.kind == Appointment.Kind.OWN
    return Item(
        kind="own" if own else "appointment",
        begin=row.begin,
        end=row.end,
        title=str(row.get_kind_display()),
        detail=row.room,
        names=tuple(person.name for person in others_than(me.pk, row)),
        href=reverse("appointment", args=[row.pk]),
        answer=mine,
        waits=mine == Attendee.Answer.ASKED and row.end > timezone.now(),
        elsewhere=elsewhere(row),
    )


def elsewhere(row: Appointment) -> tuple[str, str] | None:
    """The time at which it begins in the zone it was made in, with the name of that zone, where the reader's clock
    shows another."""
    there, here = row.begin.astimezone(ZoneInfo(row.zone)), timezone.localtime(row.begin)
    if there.utcoffset() == here.utcoffset():
        return None
    return f"{there:%H:%M}", zone_name(row.zone)


def zone_name(zone: str) -> str:
    """A zone as people read it: "Europe/Lisbon" is Lisbon."""
    return zone.rpartition("/")[2].replace("_", " ")


def _of_offer(offer: CoverOffer) -> Item:
    return Item(
        kind="cover",
        begin=offer.begin,
        end=offer.end,
        title=cover_label(offer),
        detail=offer.request.subject,
        href=reverse("my_cover"),
        answer="yes" if offer.yes_at else "asked",
        waits=offer.yes_at is None,
    )


def _each_day(rows: Iterable[BusyTime | Away], first: datetime, last: datetime, title: str) -> Iterable[Item]:
    """When she is busy or away, one for each day that it touches."""
    for row in rows:
        begin, end = max(row.begin, first), min(row.end, last)
        while begin < end:
            midnight = edges(*[timezone.localtime(begin).date()] * 2)[1]
            yield Item("busy", begin, min(end, midnight), title)
            begin = midnight


def edges(begin: date, end: date) -> tuple[datetime, datetime]:
    """The moments at which the first of these dates begins and the last ends, where the reader lives."""
    zone = timezone.get_current_timezone()
    first = datetime.combine(begin, time(), zone).astimezone(UTC)
    return first, datetime.combine(end + ONE_DAY, time(), zone).astimezone(UTC)


def dates(begin: date, end: date) -> Iterable[date]:
    """These dates, both included."""
    return (begin + ONE_DAY * turn for turn in range((end - begin).days + 1))
