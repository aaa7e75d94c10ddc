"""Questions about visits: which lessons could be visited, when two could talk, what a visit is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from sidebyside.calendars.models import Appointment, Timetable
from sidebyside.calendars.queries import (
    Taught,
    kept_free_of,
    lessons_of,
    periods_between,
    schools_of,
    taught_between,
    timetables_for,
)
from sidebyside.calendars.slots import Lesson, Slot, Span, rank, slots
from sidebyside.cover.models import CoverOffer
from sidebyside.cover.queries import engaged_with_cover
from sidebyside.people.models import Person
from sidebyside.places.models import Role
from sidebyside.places.queries import ids_above
from sidebyside.visits.models import Meeting, Visit, VisitCover
from sidebyside.visits.talks import MINUTES, SchoolDay, TalkTime, times_after, times_before

DAY = timedelta(days=1)
# Talks are looked for so far around a visit: enough for the school days of `talks` with a week of holidays between.
AROUND = timedelta(days=12)
BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class Clash:
    """A lesson of who visits that lies in the time of the visit: which part of it, and whether a second teacher stays
    with the class. `by` are the ids of colleagues who could take it."""

    lesson: Taught
    span: Span
    stays: bool
    by: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from other lessons: the lesson's key."""
        return self.lesson.key


@dataclass(frozen=True, slots=True)
class Choice:
    """A lesson that could be visited. `clashes` are the lessons of who visits in that time; `wished_free`: she keeps
    this period for herself. `lesson` is None where the time was given by hand."""

    lesson: Taught | None
    span: Span
    clashes: tuple[Clash, ...] = ()
    wished_free: bool = False

    @property
    def to_cover(self) -> tuple[Clash, ...]:
        """The lessons that need cover."""
        return tuple(one for one in self.clashes if not one.stays)

    @property
    def minutes(self) -> int:
        """The minutes that need cover."""
        return sum(one.span.minutes for one in self.to_cover)

    @property
    def coverable(self) -> bool:
        """Whether somebody is free for each lesson that needs cover."""
        return all(one.by for one in self.to_cover)


@dataclass(frozen=True, slots=True)
class Choices:
    """The lessons that could be visited, best first; whether there is a timetable for who is visited, and whether it
    says when its periods begin and end."""

    found: tuple[Choice, ...]
    has_timetable: bool
    knows_times: bool


def lessons_to_visit(
    *, observed: Person, observer: Person, begin: date, end: date, at: datetime, but: Collection[int] = ()
) -> Choices:
    """The lessons of `observed` from `begin` to `end` (both included) that `observer` could visit, from `at` on: where
    nobody needs to cover first, then the least cover (the order of `calendars.slots.rank`).

    Each of the two is free by the timetable of her own school. Who could cover comes from the timetable that names
    `observer`, and teaches on that day. `but` are the ids of appointments that will be moved: they do not count.
    """
    timetables = timetables_for([observed.pk, observer.pk], begin=begin, end=end)
    both = taught_between(timetables, begin=begin, end=end, people=[observed.pk, observer.pk])
    hers = [one for one in both if observed.pk in one.people]
    timed = [one for one in hers if one.span is not None and one.span.begin > at]
    found = _ranked(timed, both, timetables, observed=observed.pk, observer=observer.pk, but=but)
    return Choices(tuple(found), bool(hers), not hers or any(one.span for one in hers))


def choice_of(
    *,
    observed: Person,
    observer: Person,
    span: Span,
    lesson: Taught | None,
    zone: ZoneInfo,
    but: Collection[int] = (),
) -> Choice | None:
    """One lesson, or one time by hand, as `lessons_to_visit` gives it; None where one of the two is engaged then."""
    begin, end = _dates(span, zone)
    timetables = timetables_for([observed.pk, observer.pk], begin=begin, end=end)
    both = taught_between(timetables, begin=begin, end=end, people=[observed.pk, observer.pk])
    hand = Lesson(BY_HAND, frozenset({str(observed.pk)}), span) if lesson is None else None
    wanted = [lesson] if lesson is not None else []
    found = _ranked(wanted, both, timetables, observed=observed.pk, observer=observer.pk, hand=hand, but=but)
    return found[0] if found else None


def lesson_of(person: Person, key: str) -> Taught | None:
    """The lesson of a person that has this key (`Taught.key`), if the timetable still has it on that date."""
    number, _dash, digits = key.partition("-")
    if not (number.isascii() and number.isdigit() and digits.isascii() and digits.isdigit() and len(digits) == 8):
        return None
    try:
        on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return next((one for one in lessons_of([person.pk], begin=on, end=on) if one.key == key), None)


def clashes_with(person: Person, span: Span, *, zone: ZoneInfo, but: Collection[int] = ()) -> list[Clash]:
    """The lessons that a person teaches in some time, each with the part that lies in it. A second teacher stays with
    the class, unless she is among `but`. `by` is empty: see `lessons_to_visit`."""
    begin, end = _dates(span, zone)
    return _clashes(lessons_of([person.pk], begin=begin, end=end), person.pk, span, but)


def keeps(person: Person, span: Span, *, zone: ZoneInfo) -> bool:
    """Whether a person keeps some of this time for herself."""
    begin, end = _dates(span, zone)
    periods = periods_between(timetables_for([person.pk], begin=begin, end=end), begin=begin, end=end)
    return any(span.overlaps(one) for one in kept_free_of([person.pk], periods).get(person.pk, ()))


def _dates(span: Span, zone: ZoneInfo) -> tuple[date, date]:
    # A day more on either side: another school may keep another date at the same moment.
    return span.begin.astimezone(zone).date() - DAY, span.end.astimezone(zone).date() + DAY


def _clashes(lessons: Iterable[Taught], person: int, span: Span, but: Collection[int]) -> list[Clash]:
    found = []
    for one in lessons:
        if person in one.people and one.span is not None and one.span.overlaps(span):
            part = Span(max(one.span.begin, span.begin), min(one.span.end, span.end))
            found.append(Clash(one, part, bool(one.names or one.people - {person, *but})))
    return found


def _ranked(
    wanted: Sequence[Taught],
    both: Sequence[Taught],
    timetables: Sequence[Timetable],
    *,
    observed: int,
    observer: int,
    hand: Lesson | None = None,
    but: Collection[int] = (),
) -> list[Choice]:
    """The choices among some lessons of `observed`, best first; `hand` is one more, beside the timetable."""
    own = [one for one in both if observer in one.people and one.span is not None]
    spans = [one.span for one in wanted if one.span is not None] + ([hand.span] if hand else [])
    if not spans:
        return []
    # Only on dates with a clash is it asked who could cover.
    clashing = {one.on for one in own if one.span and any(one.span.overlaps(span) for span in spans)}
    school = _whole_school(timetables, own, clashing)
    by_day: dict[date, set[int]] = {}
    for one in school:
        by_day.setdefault(one.on, set()).update(one.people)
    colleagues = _still_here({pk for found in by_day.values() for pk in found} - {observed, observer})
    people = {observed, observer, *colleagues}
    begin, end = min(span.begin for span in spans), max(span.end for span in spans)
    busy = engaged_with_cover(people, begin - DAY, end + DAY, but=but)
    periods = periods_between(timetables, begin=begin.date() - DAY, end=end.date() + DAY)
    kept = kept_free_of(people, periods)
    lessons = {one.key: one for one in [*own, *school, *wanted]}
    of_day: dict[date, list[Lesson]] = {}
    for one in lessons.values():
        if one.span is not None:
            of_day.setdefault(one.on, []).append(_lesson(one, one.span))
    turns = [(of_day.get(on, []), by_day.get(on, set())) for on in sorted({one.on for one in wanted})]
    if hand is not None:
        turns.append(([hand, *(one for found in of_day.values() for one in found)], colleagues))
    wanted_keys = {one.key for one in wanted} | {BY_HAND}
    found: list[tuple[Slot, Choice]] = []
    for of_turn, at_school in turns:
        for slot in slots(
            of_turn,
            observed=str(observed),
            observer=str(observer),
            busy={str(pk): taken for pk, taken in busy.items()},
            kept_free={str(pk): free for pk, free in kept.items()},
            # Whoever teaches on that day is at school.
            colleagues=[str(pk) for pk in at_school & colleagues],
        ):
            if slot.lesson.key in wanted_keys:
                found.append((slot, _choice(slot, lessons, own, observed, observer)))
    return [choice for _slot, choice in sorted(found, key=lambda pair: rank(pair[0]))]


def _choice(slot: Slot, lessons: Mapping[str, Taught], own: Sequence[Taught], observed: int, observer: int) -> Choice:
    by = {need.lesson.key: tuple(int(one) for one in need.by) for need in slot.needs}
    clashes = [
        Clash(one.lesson, one.span, one.key not in by, by.get(one.key, ()))
        for one in _clashes(own, observer, slot.lesson.span, [observed])
    ]
    return Choice(lessons.get(slot.lesson.key), slot.lesson.span, tuple(clashes), slot.wished_free)


def _lesson(one: Taught, span: Span) -> Lesson:
    # A teacher whom nobody here has stays with the class as well as one who is known.
    teachers = {str(pk) for pk in one.people} | {f"name:{name}" for name in one.names}
    return Lesson(one.key, frozenset(teachers), span, one.period.name)


def _whole_school(timetables: Sequence[Timetable], own: Sequence[Taught], dates: Collection[date]) -> list[Taught]:
    """All lessons on these dates in the school's timetables that name who visits: in them stands who is free."""
    named = {one.period.timetable for one in own}
    hers = [one for one in timetables if one.owner_id is None and one.pk in named]
    if not hers or not dates:
        return []
    every = taught_between(hers, begin=min(dates), end=max(dates))
    return [one for one in every if one.on in dates]


def _still_here(people: Collection[int]) -> set[int]:
    return set(Person.objects.filter(pk__in=people, left_at=None).values_list("pk", flat=True)) if people else set()


# Talks


def talk_times(
    *,
    observed: Person,
    observer: Person,
    span: Span,
    zone: ZoneInfo,
    at: datetime,
    but: Collection[int] = (),
    minutes: int = MINUTES,
) -> tuple[list[TalkTime], list[TalkTime]]:
    """When the two could talk before and after a visit at this time, nearest first (see `visits.talks`). `but` are
    the ids of appointments that will be moved: they do not stand in the way."""
    begin, end = (span.begin - AROUND).astimezone(zone).date(), (span.end + AROUND).astimezone(zone).date()
    people = [observed.pk, observer.pk]
    timetables = timetables_for(people, begin=begin, end=end)
    lessons = taught_between(timetables, begin=begin, end=end, people=people)
    periods = periods_between(timetables, begin=begin, end=end)
    theirs = {one.period.timetable for one in lessons if observed.pk in one.people}
    days: dict[date, list[tuple[str, Span]]] = {}
    for period in periods:
        if period.span is not None and (period.timetable in theirs or not theirs):
            days.setdefault(period.on, []).append((period.name, period.span))
    taken = engaged_with_cover(people, span.begin - AROUND, span.end + AROUND, but=but)
    busy = [one.span for one in lessons if one.span is not None]
    busy += [one for found in (*taken.values(), *kept_free_of(people, periods).values()) for one in found]
    school_days = [SchoolDay(on, tuple(found)) for on, found in days.items()]
    before = times_before(span, days=school_days, busy=busy, since=at, minutes=minutes)
    after = times_after(span, days=school_days, busy=busy, since=at, minutes=minutes)
    return before, after


# What a visit is made of


def open_parts(visit: Visit, *, at: datetime, hold: bool = False) -> dict[str, Appointment]:
    """The appointments of a visit that are to come, by kind; with `hold` taken for this transaction."""
    found = Appointment.objects.filter(meeting__visit=visit, cancelled_at=None, end__gt=at).order_by("pk")
    found = found.select_for_update(of=("self",)) if hold else found
    return {one.kind: one for one in found}


def has_lost_its_time(visit: Visit) -> bool:
    """Whether nobody comes to a visit any more, and no other time was chosen: not where a talk alone was lost. One
    query at most."""
    if visit.unsettled_at is None or visit.way != Visit.Way.IN_PERSON:
        return False
    there = Appointment.objects.filter(meeting__visit=visit, kind=Appointment.Kind.VISIT, cancelled_at=None)
    return not there.exists()


def parts(rows: QuerySet[Meeting], visit: Visit) -> list[Appointment]:
    """The appointments of a visit that were not cancelled, in the order of time, with who comes."""
    wanted = Appointment.objects.filter(meeting__in=rows.filter(visit=visit), cancelled_at=None)
    return list(wanted.prefetch_related("attendees__person").order_by("begin"))


def open_covers(visit: Visit) -> list[VisitCover]:
    """What is done with the lessons of who visits, as it stands, each with its request."""
    return list(visit.covers.filter(ended_at=None).select_related("request").order_by("pk"))


def states_of_cover(covers: Iterable[VisitCover]) -> dict[int, str]:
    """For each of these that asks the cover desk, by its id: "taken", "asked" (somebody was), "open" (nobody yet), or
    "withdrawn" (it is not asked for any more). Never who: see the policy's rule for offers. One query."""
    wanted = {one.request_id: one for one in covers if one.request_id is not None}
    found = {one.pk: "withdrawn" if one.request.cancelled_at else "open" for one in wanted.values() if one.request}
    alive = CoverOffer.objects.filter(request__in=wanted, no_at=None, withdrawn_at=None)
    for request, asked, yes in alive.values_list("request", "asked_at", "yes_at"):
        if found.get(wanted[request].pk) == "open" and (asked or yes):
            found[wanted[request].pk] = "taken" if yes else "asked"
    return found


def has_cover_desk(person: Person) -> bool:
    """Whether somebody arranges cover at the school of this person. Two queries."""
    school = schools_of([person.pk]).get(person.pk)
    desk = Role.objects.filter(kind=Role.Kind.COVER_DESK, ended_at=None, place__in=ids_above([school or 0]))
    return school is not None and desk.exists()


def upcoming(meetings: QuerySet[Meeting], *, at: datetime) -> QuerySet[Meeting]:
    """Of these, what is to come or under way, in the order of time, each with its appointment and visit."""
    there = meetings.filter(appointment__cancelled_at=None, appointment__end__gt=at)
    return there.select_related("appointment", "visit").order_by("appointment__begin", "pk")
