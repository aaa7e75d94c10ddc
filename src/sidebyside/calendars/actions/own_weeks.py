"""The week that somebody types for herself, and the periods she keeps free."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted
from sidebyside.calendars.actions.taking_over import beside, check_dates, make_room
from sidebyside.calendars.actions.timetables import check_bells, check_days
from sidebyside.calendars.models import KeptFree, Period, Timetable, TimetableLesson, TimetableTeacher
from sidebyside.calendars.periods import PlannedPeriod
from sidebyside.people.models import Person
from sidebyside.places.models import Place, Post
from sidebyside.places.queries import ids_below

MOST_PERIODS = 400
LONGEST_WORD = 60

Key = tuple[int, int]


@transaction.atomic
def type_week(
    person: Person,
    *,
    school: Place,
    begin: date,
    end: date,
    days: Sequence[str],
    weekdays: Sequence[int],
    periods: Sequence[PlannedPeriod],
    taught: Collection[Key],
    by: Person,
    at: datetime,
    way: str = Timetable.Way.WEEKDAYS,
) -> Timetable:
    """Write down which periods of her week somebody teaches, from `begin` to `end`, both included.

    `taught` are keys (day, position) of `periods`. A week of hers that begins on the same day is changed in place, so
    that what was said of a lesson stays with it; another one that reaches into these days ends the day before.
    Raises Refused: wrong dates, periods without sound times, keys that are no period, somebody who does not work at
    that school.
    """
    check_dates(begin, end)
    check_days(way, days, weekdays)
    keys = {one.key for one in periods}
    if not periods or len(periods) > MOST_PERIODS or len(keys) < len(periods):
        raise Refused(_("This week needs at least one period, each of them once."))
    if not set(taught) <= keys:
        raise Refused(_("There is no such period in this week."))
    for one in periods:
        check_bells(one.slot, one.begins, one.ends)
    if not Post.objects.filter(person=person, to_date=None, place__in=ids_below([school.pk])).exists():
        raise Refused(_("%(name)s does not work at this school.") % {"name": person.name})
    Person.objects.select_for_update().get(pk=person.pk)
    week = Timetable.objects.filter(owner=person, begin=begin, put_away_at=None).first()
    if week is None:
        week = Timetable(owner=person, begin=begin, made_at=at, made_by=by)
    week.school, week.end, week.planned_end, week.way = school, end, None, way
    week.name, week.days, week.weekdays = _("A week of her own"), list(days), list(weekdays)
    make_room(week, by=by, at=at)
    week.save()
    _write_periods(week, periods)
    _write_lessons(week, person, set(taught))
    record("week.typed", week, by=by, at=at)
    return week


def _write_periods(week: Timetable, periods: Sequence[PlannedPeriod]) -> None:
    """Make the periods of a week these: change those that are there, add what is missing, remove the rest."""
    held = {(one.day, one.position): one for one in week.periods.all()}
    planned = {one.key: one for one in periods}
    week.periods.filter(pk__in=[period.pk for key, period in held.items() if key not in planned]).delete()
    changed = [period for key, period in held.items() if key in planned]
    for period in changed:
        one = planned[period.day, period.position]
        period.name, period.begins, period.ends = one.slot, one.begins, one.ends
    Period.objects.bulk_update(changed, ["name", "begins", "ends"])
    Period.objects.bulk_create(
        Period(timetable=week, day=one.day, position=one.position, name=one.slot, begins=one.begins, ends=one.ends)
        for key, one in planned.items()
        if key not in held
    )


def _write_lessons(week: Timetable, person: Person, taught: set[Key]) -> None:
    """Let her teach in these periods of her week and in no other."""
    teacher, _new = TimetableTeacher.objects.get_or_create(timetable=week, name=person.name, person=person)
    lessons = TimetableLesson.objects.filter(period__timetable=week).select_related("period")
    held = {(lesson.period.day, lesson.period.position): lesson.pk for lesson in lessons}
    TimetableLesson.objects.filter(pk__in=[pk for key, pk in held.items() if key not in taught]).delete()
    periods = {(one.day, one.position): one for one in week.periods.all()}
    new = TimetableLesson.objects.bulk_create(
        TimetableLesson(period=periods[key], event=_("Lesson")) for key in sorted(taught - held.keys())
    )
    taught_by = TimetableLesson.teachers.through
    taught_by.objects.bulk_create(
        taught_by(timetablelesson_id=lesson.pk, timetableteacher_id=teacher.pk) for lesson in new
    )
    KeptFree.objects.filter(period__timetable=week, period__in=[periods[key] for key in taught]).delete()


@transaction.atomic
def name_lessons(week: Timetable, *, words: Mapping[int, tuple[str, str]], by: Person, at: datetime) -> None:
    """Say of lessons of one's own week, by id, what is taught and in which room; both may be empty. Raises Refused."""
    if week.owner_id is None:
        raise Refused(_("The lessons of a school's timetable come from its files."))
    lessons = list(TimetableLesson.objects.filter(period__timetable=week, pk__in=list(words)))
    for lesson in lessons:
        what, room = (accepted(" ".join(text.split()), longest=LONGEST_WORD) for text in words[lesson.pk])
        lesson.subject, lesson.rooms = what, [room] if room else []
    TimetableLesson.objects.bulk_update(lessons, ["subject", "rooms"])
    record("week.typed", week, by=by, at=at)


@transaction.atomic
def copy_week(week: Timetable, *, begin: date, end: date, by: Person, at: datetime) -> Timetable:
    """Let the week of an earlier term hold from `begin` to `end` again, with what is taught and what is kept free.
    Raises Refused for wrong dates, or where another week of hers holds then."""
    check_dates(begin, end)
    if week.owner_id is None:
        raise Refused(_("Only a week of one's own can be copied."))
    copied = Timetable(
        school=week.school, owner=week.owner, name=week.name, begin=begin, end=end, way=week.way, days=week.days,
        weekdays=week.weekdays, made_at=at, made_by=by,
    )  # fmt: skip
    if beside(copied).filter(begin__lte=end, end__gte=begin).exists():
        raise Refused(_("There is a week for some of these days already. Change that one instead."))
    copied.save()
    periods = list(week.periods.all())
    new = Period.objects.bulk_create(
        Period(
            timetable=copied, day=one.day, position=one.position, name=one.name, begins=one.begins, ends=one.ends
        )
        for one in periods
    )  # fmt: skip
    now = {old.pk: period for old, period in zip(periods, new, strict=True)}
    teacher = TimetableTeacher.objects.create(timetable=copied, name=_name_in(week), person=week.owner)
    lessons = TimetableLesson.objects.bulk_create(
        TimetableLesson(
            period=now[lesson.period_id], event=lesson.event, subject=lesson.subject, classes=lesson.classes,
            rooms=lesson.rooms,
        )
        for lesson in TimetableLesson.objects.filter(period__timetable=week)
    )  # fmt: skip
    taught_by = TimetableLesson.teachers.through
    taught_by.objects.bulk_create(
        taught_by(timetablelesson_id=lesson.pk, timetableteacher_id=teacher.pk) for lesson in lessons
    )
    kept = KeptFree.objects.filter(period__timetable=week, person=week.owner).values_list("period", flat=True)
    KeptFree.objects.bulk_create(KeptFree(person=week.owner, period=now[pk]) for pk in kept)
    record("week.typed", copied, by=by, at=at)
    return copied


def _name_in(week: Timetable) -> str:
    return week.teachers.values_list("name", flat=True).first() or "-"


# What she keeps for herself


@transaction.atomic
def keep_free(person: Person, *, period: Period, by: Person, at: datetime) -> None:
    """Keep a free period for oneself. Raises Refused where she teaches then, or where it is not of her week."""
    _check_free(person, period.timetable, {period.pk})
    _kept, new = KeptFree.objects.get_or_create(person=person, period=period)
    if new:
        record("week.kept_free", person, by=by, at=at)


@transaction.atomic
def keep_these_free(
    person: Person, *, timetable: Timetable, periods: Collection[int], by: Person, at: datetime
) -> int:  # fmt: skip
    """Keep these periods (ids) of a timetable for oneself, and no others of it; returns how many. Raises Refused as
    `keep_free`."""
    wanted = set(periods)
    _check_free(person, timetable, wanted)
    held = KeptFree.objects.filter(person=person, period__timetable=timetable)
    before = set(held.values_list("period", flat=True))
    held.exclude(period__in=wanted).delete()
    KeptFree.objects.bulk_create(KeptFree(person=person, period_id=pk) for pk in sorted(wanted - before))
    if wanted != before:
        record("week.kept_free", person, by=by, at=at)
    return len(wanted)


def _check_free(person: Person, timetable: Timetable, periods: set[int]) -> None:
    """Refuse periods that are not of this timetable, a timetable that is not hers, and periods in which she teaches."""
    if set(timetable.periods.filter(pk__in=periods).values_list("pk", flat=True)) != periods:
        raise Refused(_("There is no such period in this week."))
    posts = Post.objects.filter(person=person, to_date=None, place__in=ids_below([timetable.school_id]))
    hers = timetable.owner_id == person.pk or (timetable.owner_id is None and posts.exists())
    if not hers:
        raise Refused(_("This timetable is not that of your school."))
    taught = TimetableLesson.objects.filter(period__in=periods, teachers__person=person).select_related("period")
    if lesson := taught.first():
        raise Refused(_("You teach in “%(period)s”, so it is not free.") % {"period": lesson.period.name})
