"""One day of a school as its cover desk needs it: who is there, who teaches when, who is free."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils import timezone

from sidebyside.base.marking import N_
from sidebyside.calendars.models import Timetable
from sidebyside.calendars.queries import (
    PeriodOfDay,
    Taught,
    engaged,
    kept_free_of,
    periods_between,
    school_timetables,
    taught_between,
    timetables_for,
    zone_at,
)
from sidebyside.calendars.slots import Span
from sidebyside.cover.models import CoverOffer
from sidebyside.cover.queries.engagements import away_between
from sidebyside.people.models import Person
from sidebyside.places.models import Post

FARTHEST = timedelta(days=120)  # how far a desk looks for the next day with lessons


class State(StrEnum):
    """What somebody does at a time, as far as the desk is told."""

    FREE = "free"
    TEACHES = "teaches"
    COVERS = "covers"
    ASKED = "asked"
    AWAY = "away"
    NOT_FREE = "not_free"
    NOT_IN = "not_in"


STATES = {
    State.FREE: N_("free"),
    State.TEACHES: N_("teaches"),
    State.COVERS: N_("covers"),
    State.ASKED: N_("asked to cover"),
    State.AWAY: N_("away"),
    State.NOT_FREE: N_("not free"),
    State.NOT_IN: N_("has no lessons that day"),
}


@dataclass(frozen=True)
class SchoolDay:
    """A day of a school: its people, and everything by which one of them may not be free."""

    school: int
    on: date
    zone: ZoneInfo
    people: dict[int, Person]
    timetables: list[Timetable]
    periods: list[PeriodOfDay]
    taught: list[Taught]
    away: dict[int, list[Span]]
    busy: dict[int, list[Span]]
    offers: dict[int, list[CoverOffer]]
    lessons: dict[int, list[Taught]] = field(default_factory=dict)

    @property
    def begin(self) -> datetime:
        """The first moment of the day, where the school is."""
        return datetime.combine(self.on, time(), self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after the day."""
        return datetime.combine(self.on + timedelta(days=1), time(), self.zone)

    def is_in(self, person: int) -> bool:
        """Whether somebody teaches on that day by the timetable."""
        return bool(self.lessons.get(person))

    def teaches(self, person: int, span: Span) -> bool:
        """Whether somebody teaches then by the timetable."""
        return any(one.span is not None and one.span.overlaps(span) for one in self.lessons.get(person, ()))

    def covers(self, person: int, span: Span, *, but: Collection[int] = ()) -> CoverOffer | None:
        """The lesson of another she has then: taken, asked for or kept for her; never a mere proposal. Requests of
        the ids in `but` are left out."""
        for offer in self.offers.get(person, ()):
            stands = offer.yes_at or offer.asked_at or offer.locked_at
            if stands and offer.request_id not in but and Span(offer.begin, offer.end).overlaps(span):
                return offer
        return None

    def state(self, person: int, span: Span, *, but: Collection[int] = ()) -> State:
        """What somebody does then. What she does when she is not free is nobody's business here."""
        if _any(self.away.get(person, ()), span):
            return State.AWAY
        if self.teaches(person, span):
            return State.TEACHES
        offer = self.covers(person, span, but=but)
        if offer is not None:
            return State.COVERS if offer.yes_at else State.ASKED
        if _any(self.busy.get(person, ()), span):
            return State.NOT_FREE
        return State.FREE if self.is_in(person) else State.NOT_IN

    def slots(self) -> list[tuple[str, Span]]:
        """The times of the day that have a name and bell times, each once, in their order."""
        found: dict[Span, str] = {}
        for period in self.periods:
            if period.span is not None:
                found.setdefault(period.span, period.name)
        return sorted(((name, span) for span, name in found.items()), key=lambda one: (one[1].begin, one[1].end))

    def strip(self, person: int, *, but: Collection[int] = ()) -> list[tuple[str, Span, State]]:
        """What somebody does in each slot of the day."""
        return [(name, span, self.state(person, span, but=but)) for name, span in self.slots()]


def _any(spans: Collection[Span], span: Span) -> bool:
    return any(one.overlaps(span) for one in spans)


def people_at_school(school: int) -> dict[int, Person]:
    """Who works at a school today, by id, in the order of their names. One query."""
    posts = Post.objects.filter(to_date=None, place__links_above__above=school)
    rows = Person.objects.filter(pk__in=posts.values("person"), left_at=None)
    return {person.pk: person for person in rows.order_by("family_name", "given_name", "pk")}


def school_day(school: int, on: date, *, people: dict[int, Person] | None = None) -> SchoolDay:
    """A day of a school, with everybody who works there (or with these people). The number of queries does not
    depend on the number of people, lessons or offers."""
    people = people_at_school(school) if people is None else people
    zone = zone_at(school)
    begin, end = (datetime.combine(day, time(), zone) for day in (on, on + timedelta(days=1)))
    timetables = timetables_for(list(people), begin=on, end=on)
    taught = taught_between(timetables, begin=on, end=on)
    periods = periods_between(timetables, begin=on, end=on)
    away: dict[int, list[Span]] = {}
    for person, *times in away_between(people, begin=begin, end=end).values_list("person", "begin", "end"):
        away.setdefault(person, []).append(Span(*times))
    busy = engaged(people, begin=begin, end=end)
    for person, spans in kept_free_of(people, periods).items():
        busy[person] = busy[person] + spans
    offers: dict[int, list[CoverOffer]] = {}
    alive = CoverOffer.objects.filter(person__in=people, no_at=None, withdrawn_at=None)
    alive = alive.filter(begin__lt=end, end__gt=begin).select_related("request")
    for offer in alive.order_by("begin", "pk"):
        offers.setdefault(offer.person_id or 0, []).append(offer)
    lessons: dict[int, list[Taught]] = {}
    for one in taught:
        for person in one.people:
            lessons.setdefault(person, []).append(one)
    of_school = [timetable.pk for timetable in timetables if timetable.owner_id is None]
    shown = [period for period in periods if period.timetable in of_school] or periods
    return SchoolDay(school, on, zone, people, timetables, shown, taught, away, busy, offers, lessons)


def next_school_day(school: int, on: date, *, back: bool = False) -> date | None:
    """The next date after `on` (or before it) on which a timetable of the school has lessons; None if there is none
    near. A few queries."""
    step = -1 if back else 1
    near, far = on + timedelta(days=step), on + step * FARTHEST
    begin, end = min(near, far), max(near, far)
    periods = periods_between(school_timetables([school], begin=begin, end=end), begin=begin, end=end)
    days = {period.on for period in periods}
    return (max(days) if back else min(days)) if days else None


def today_at(school: int, *, at: datetime) -> date:
    """The date at a school at a moment."""
    return timezone.localtime(at, zone_at(school)).date()
