"""Questions about time: which lessons a date has, who is engaged when, what stands in a calendar."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from sidebyside.base.tokens import digest
from sidebyside.calendars.days import Pattern, dates
from sidebyside.calendars.models import (
    Appointment,
    Attendee,
    BusyTime,
    Feed,
    KeptFree,
    Period,
    SpecialDay,
    Term,
    Timetable,
    TimetableLesson,
)
from sidebyside.calendars.slots import Span
from sidebyside.places.models import Link, Place

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PeriodOfDay:
    """A period on a date. `span` is None where the timetable does not say when it begins and ends."""

    period: int
    timetable: int
    on: date
    position: int
    name: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Taught:
    """A lesson on a date: who teach it (ids; `names` are those nobody here has), when and where."""

    lesson: int
    period: PeriodOfDay
    people: frozenset[int]
    names: tuple[str, ...]
    event: str
    subject: str
    classes: tuple[str, ...]
    rooms: tuple[str, ...]

    @property
    def on(self) -> date:
        """The date on which it is taught."""
        return self.period.on

    @property
    def span(self) -> Span | None:
        """When it is taught, where the timetable says so."""
        return self.period.span

    @property
    def key(self) -> str:
        """What tells it from every other lesson on every other date: it may stand in an address."""
        return f"{self.lesson}-{self.on:%Y%m%d}"


def zone_at(place: int) -> ZoneInfo:
    """The time zone in which a place lives: its own, or that of the nearest place above it."""
    zones = Link.objects.filter(place=place).exclude(above__time_zone="").order_by("depth")
    return ZoneInfo(zones.values_list("above__time_zone", flat=True).first() or settings.TIME_ZONE)


def zones_of(people: Collection[int]) -> dict[int, ZoneInfo]:
    """The time zone in which each of these persons lives: that of the nearest place above her work. One query."""
    links = Link.objects.filter(place__posts__person__in=people, place__posts__to_date=None)
    rows = links.exclude(above__time_zone="").order_by("-depth").values_list("place__posts__person", "above__time_zone")
    names = dict(rows)
    return {person: ZoneInfo(names.get(person) or settings.TIME_ZONE) for person in people}


def zone_of(person: int) -> ZoneInfo:
    """The time zone in which a person lives. One query."""
    return zones_of([person])[person]


def terms_at(place: int, *, begin: date, end: date) -> list[Term]:
    """The terms that touch these dates (both included) at a place: of the nearest place at or above it with any."""
    links = Link.objects.filter(place=place).order_by("depth").values_list("above_id", flat=True)
    found: dict[int, list[Term]] = {}
    for term in Term.objects.filter(place__in=list(links), begin__lte=end, end__gte=begin).order_by("begin"):
        found.setdefault(term.place_id, []).append(term)
    return next((found[above] for above in links if above in found), [])


# The timetable


def school_timetables(schools: Collection[int], *, begin: date, end: date) -> QuerySet[Timetable]:
    """The timetables of these schools that are in force on any of these dates, both included."""
    return Timetable.objects.filter(school__in=schools, owner=None, put_away_at=None, begin__lte=end, end__gte=begin)


def own_weeks(people: Collection[int], *, begin: date, end: date) -> QuerySet[Timetable]:
    """The weeks that these persons typed for themselves and that hold on any of these dates, both included."""
    return Timetable.objects.filter(owner__in=people, put_away_at=None, begin__lte=end, end__gte=begin)


def timetables_for(people: Collection[int], *, begin: date, end: date) -> list[Timetable]:
    """The timetables that say what these persons teach on these dates, both included: those of schools that name
    them, and their own weeks for whom no timetable of a school names in that time. Two queries."""
    named = Timetable.objects.filter(
        owner=None, put_away_at=None, begin__lte=end, end__gte=begin, teachers__person__in=people
    )
    pairs = list(named.values_list("pk", "teachers__person"))
    covered = {person for _pk, person in pairs if person in set(people)}
    rest = [person for person in people if person not in covered]
    rule = Q(pk__in={pk for pk, _person in pairs})
    if rest:
        rule |= Q(pk__in=own_weeks(rest, begin=begin, end=end).values("pk"))
    return list(Timetable.objects.filter(rule).select_related("school"))


def pattern_of(timetable: Timetable, special: Iterable[SpecialDay]) -> Pattern:
    """The days of a timetable as `calendars.days` reads them; `special` are its special days."""
    kinds = {day.on: day for day in special}
    return Pattern(
        begin=timetable.begin,
        end=timetable.end,
        days=tuple(timetable.days),
        rotating=timetable.way == Timetable.Way.ROTATING,
        weekdays=tuple(timetable.weekdays),
        closed=frozenset(on for on, day in kinds.items() if day.kind == SpecialDay.Kind.CLOSED),
        follows={on: day.follows for on, day in kinds.items() if day.follows is not None},
    )


def periods_between(timetables: Iterable[Timetable], *, begin: date, end: date) -> list[PeriodOfDay]:
    """Every period of these timetables on these dates (both included), in the order of time. Two queries and one for
    each school's zone. Where two timetables of a school overlap, each gives its own."""
    by_id = {timetable.pk: timetable for timetable in timetables}
    special: dict[int, list[SpecialDay]] = {}
    for day in SpecialDay.objects.filter(timetable__in=by_id, on__range=(begin, end)):
        special.setdefault(day.timetable_id, []).append(day)
    # A rotation counts from its beginning, so that closed days before these dates count as well.
    turning = [pk for pk, timetable in by_id.items() if timetable.way == Timetable.Way.ROTATING]
    for day in SpecialDay.objects.filter(timetable__in=turning, on__lt=begin) if turning else ():
        special.setdefault(day.timetable_id, []).append(day)
    of_day: dict[tuple[int, int], list[Period]] = {}
    for period in Period.objects.filter(timetable__in=by_id):
        of_day.setdefault((period.timetable_id, period.day), []).append(period)
    zones: dict[int, ZoneInfo] = {}
    found = []
    for pk, timetable in by_id.items():
        zone = zones.get(timetable.school_id) or zones.setdefault(timetable.school_id, zone_at(timetable.school_id))
        bells = {day.on: day.bells for day in special.get(pk, ()) if day.kind == SpecialDay.Kind.BELLS}
        for on, number in dates(pattern_of(timetable, special.get(pk, ())), begin, end):
            for period in of_day.get((pk, number), ()):
                if on in bells and str(period.position) not in bells[on]:
                    continue
                span = _span(on, period, bells.get(on), zone)
                found.append(PeriodOfDay(period.pk, pk, on, period.position, period.name, span))
    return sorted(found, key=lambda one: (one.on, one.position, one.timetable))


def _span(on: date, period: Period, bells: dict[str, list[str]] | None, zone: ZoneInfo) -> Span | None:
    begins, ends = period.begins, period.ends
    if bells is not None:
        begins, ends = (time.fromisoformat(text) for text in bells[str(period.position)])
    if begins is None or ends is None:
        return None
    # In UTC, so that spans of several schools and the days of a change of the clock compare as they should.
    begin, end = (datetime.combine(on, at, zone).astimezone(UTC) for at in (begins, ends))
    return Span(begin, end)


def taught_between(
    timetables: Iterable[Timetable], *, begin: date, end: date, people: Collection[int] | None = None
) -> list[Taught]:
    """The lessons of these timetables on these dates (both included), in the order of time; with `people` only
    those that one of these persons teaches. Two queries beside those of `periods_between`."""
    periods = periods_between(timetables, begin=begin, end=end)
    lessons = TimetableLesson.objects.filter(period__in={period.period for period in periods})
    if people is not None:
        lessons = lessons.filter(teachers__person__in=people).distinct()
    of_period: dict[int, list[TimetableLesson]] = {}
    for lesson in lessons.prefetch_related("teachers"):
        of_period.setdefault(lesson.period_id, []).append(lesson)
    return [
        Taught(
            lesson=lesson.pk,
            period=period,
            people=frozenset(one.person_id for one in lesson.teachers.all() if one.person_id is not None),
            names=tuple(sorted(one.name for one in lesson.teachers.all() if one.person_id is None)),
            event=lesson.event,
            subject=lesson.subject,
            classes=tuple(lesson.classes),
            rooms=tuple(lesson.rooms),
        )
        for period in periods
        for lesson in sorted(of_period.get(period.period, ()), key=lambda one: one.pk)
    ]


def lessons_of(people: Collection[int], *, begin: date, end: date) -> list[Taught]:
    """What these persons teach on these dates (both included), in the order of time."""
    return taught_between(timetables_for(people, begin=begin, end=end), begin=begin, end=end, people=people)


def kept_free_of(people: Collection[int], periods: Iterable[PeriodOfDay]) -> dict[int, list[Span]]:
    """When, in these periods, these persons want to be left free. One query."""
    spans: dict[int, list[Span]] = {}
    for period in periods:
        if period.span is not None:
            spans.setdefault(period.period, []).append(period.span)
    found: dict[int, list[Span]] = {}
    for person, kept in KeptFree.objects.filter(person__in=people, period__in=spans).values_list("person", "period"):
        found.setdefault(person, []).extend(spans[kept])
    return found


# Who is engaged when


def engaged(
    people: Collection[int], *, begin: datetime, end: datetime, but: Collection[int] = ()
) -> dict[int, list[Span]]:
    """When these persons are engaged between two moments beside their lessons: appointments they have not declined
    (without those of the ids in `but`) and busy times of calendars they brought along. Two queries. Cover is not
    among them: see `cover.queries`."""
    found: dict[int, list[Span]] = {person: [] for person in people}
    coming = Attendee.objects.filter(
        person__in=people, appointment__cancelled_at=None, appointment__begin__lt=end, appointment__end__gt=begin
    ).exclude(answer=Attendee.Answer.NO)
    coming = coming.exclude(appointment__in=but) if but else coming
    for person, *times in coming.values_list("person", "appointment__begin", "appointment__end"):
        found[person].append(Span(*times))
    busy = BusyTime.objects.filter(person__in=people, begin__lt=end, end__gt=begin, calendar__ended_at=None)
    for person, *times in busy.values_list("person", "begin", "end"):
        found[person].append(Span(*times))
    return {person: sorted(spans, key=lambda span: (span.begin, span.end)) for person, spans in found.items()}


def in_calendar(appointments: QuerySet[Appointment], *, begin: datetime, end: datetime) -> QuerySet[Appointment]:
    """Of these, the appointments between two moments that are not cancelled, in the order of time, with who comes."""
    between = appointments.filter(begin__lt=end, end__gt=begin, cancelled_at=None)
    return between.prefetch_related("attendees__person").order_by("begin", "end", "pk")


def schools_of(people: Collection[int]) -> dict[int, int]:
    """The school where each of these persons works today, by id; of several the one of the latest post."""
    links = Link.objects.filter(
        place__posts__person__in=people, place__posts__to_date=None, above__kind=Place.Kind.SCHOOL
    )
    rows = links.order_by("place__posts__from_date", "place__posts__pk").values_list("place__posts__person", "above_id")
    return dict(rows)


def feed_of(secret: str) -> Feed | None:
    """The feed whose address holds this secret, with its person; None where it has ended, she has left, or there is
    none. One query."""
    feeds = Feed.objects.filter(digest=digest(secret), ended_at=None, person__left_at=None)
    return feeds.select_related("person").first()
