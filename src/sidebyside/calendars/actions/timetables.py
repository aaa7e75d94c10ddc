"""A school's timetable: taken in from files, put right afterwards, put away and brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import required
from sidebyside.calendars.actions.taking_over import (
    beside,
    check_dates,
    give_back,
    make_room,
    take_special_days_along,
)
from sidebyside.calendars.actions.timetable_uploads import forget_files
from sidebyside.calendars.models import (
    KeptFree,
    Period,
    Timetable,
    TimetableImport,
    TimetableLesson,
    TimetableTeacher,
)
from sidebyside.calendars.periods import Bells, PlannedPeriod, periods_of
from sidebyside.calendars.timetables import records
from sidebyside.people.models import Person
from sidebyside.places.models import Place, Post
from sidebyside.places.queries import ids_below

LONGEST_NAME = 80
MOST_PERIODS = 4_000
MOST_LESSONS = 50_000
WEEK = 7

Times = tuple[time | None, time | None]


@transaction.atomic
def apply_import(
    imported: records.Timetable,
    *,
    school: Place,
    name: str,
    begin: date,
    end: date,
    weekdays: Sequence[int],
    by: Person | None,
    at: datetime,
    way: str = Timetable.Way.WEEKDAYS,
    bells: Bells | None = None,
    teachers: Mapping[str, int] | None = None,
    upload: TimetableImport | None = None,
) -> Timetable:
    """Take a timetable that was read into the school; it holds from `begin` to `end`, both included.

    `weekdays` are, for each of its days, the day of the week (0 is Monday), or, where its `way` is rotating, the days
    on which is taught. `bells` are bell times by (day, position) as `periods_of` numbers them; what they leave out
    has none. Without them those of the file hold. `teachers` says whose a name is, by the id of a person who works
    at the school; other names stay names. An `upload` is marked as taken in, and its files go.

    A timetable that holds until later ends the day before this one begins, and one that lies within is put away; days
    without lessons, and periods that people keep for themselves, are taken along. Raises Refused with a sentence, and
    then nothing is written.
    """
    name = required(" ".join(name.split()), longest=LONGEST_NAME)
    check_dates(begin, end)
    check_days(way, imported.days, weekdays)
    planned = periods_of(imported)
    if len(planned) > MOST_PERIODS or len(imported.rows) > MOST_LESSONS:
        raise Refused(_("This is larger than any school's timetable. Hand in one school alone."))
    times = {one.key: (one.begins, one.ends) for one in planned}
    if bells is not None:
        times = {key: bells.get(key, (None, None)) for key in times}
    for one in planned:
        check_bells(one.slot, *times[one.key])
    matched = dict(teachers or {})
    _check_people(school, set(matched.values()))
    # Two who take one in at the same time come one after the other.
    Place.objects.select_for_update().get(pk=school.pk)
    if upload is not None:
        _decide(upload, imported, at=at)
    found = Timetable(
        school=school, name=name, begin=begin, end=end, way=way, days=list(imported.days), weekdays=list(weekdays),
        made_at=at, made_by=by,
    )  # fmt: skip
    before = make_room(found, by=by, at=at)
    found.save()
    _write(found, imported, planned, times, matched)
    take_special_days_along(found, before, at=at)
    _take_kept_free_along(found, before)
    if upload is not None:
        TimetableImport.objects.filter(pk=upload.pk).update(timetable=found)
        transaction.on_commit(lambda: forget_files(upload))
    record("timetable.taken_in", found, by=by, at=at, school=school.pk)
    return found


def _decide(upload: TimetableImport, imported: records.Timetable, *, at: datetime) -> None:
    numbers = numbers_of(imported)
    waiting = TimetableImport.objects.filter(pk=upload.pk, applied_at=None, put_away_at=None)
    if not waiting.update(applied_at=at, stored_as="", numbers=numbers):
        raise Refused(_("These files were taken in or put away already."))


def numbers_of(imported: records.Timetable) -> dict[str, int]:
    """How much there is in a timetable: lessons, teachers, classes, rooms, days."""
    return {
        "lessons": len(imported.rows),
        "teachers": len(imported.teachers),
        "classes": len({name for row in imported.rows for name in row.classes}),
        "rooms": len({name for row in imported.rows for name in row.rooms}),
        "days": len(imported.days),
    }


def check_days(way: str, days: Sequence[str], weekdays: Sequence[int]) -> None:
    """Refuse days that lie on no date."""
    if not days:
        raise Refused(_("There is no day in this timetable."))
    if not weekdays or any(not 0 <= day < WEEK for day in weekdays):
        raise Refused(_("Say on which days of the week is taught."))
    if way == Timetable.Way.ROTATING and len(set(weekdays)) < len(weekdays):
        raise Refused(_("A day of the week is named twice."))
    if way == Timetable.Way.WEEKDAYS and len(weekdays) != len(days):
        raise Refused(_("Each day of the timetable needs its day of the week."))


def check_bells(name: str, begins: time | None, ends: time | None) -> None:
    """Refuse bell times of a period that are none."""
    if (begins is None) != (ends is None):
        raise Refused(_("“%(period)s” has only one of its two bell times.") % {"period": name})
    if begins is not None and ends is not None and ends <= begins:
        raise Refused(_("“%(period)s” ends before it begins.") % {"period": name})


def _check_people(school: Place, people: set[int]) -> None:
    """Refuse persons who do not work at the school today."""
    here = Post.objects.filter(person__in=people, to_date=None, place__in=ids_below([school.pk]))
    others = people - set(here.values_list("person", flat=True))
    if others:
        known = Person.objects.filter(pk__in=others).order_by("pk").first()
        raise Refused(
            _("%(name)s does not work at this school.") % {"name": known.name}
            if known
            else _("Somebody of this list is not known here.")
        )


def _write(
    timetable: Timetable,
    imported: records.Timetable,
    planned: Sequence[PlannedPeriod],
    times: Mapping[tuple[int, int], Times],
    matched: Mapping[str, int],
) -> None:
    """The rows of a new timetable, in four writes."""
    periods = Period.objects.bulk_create(
        Period(timetable=timetable, day=one.day, position=one.position, name=one.slot, begins=begins, ends=ends)
        for one in planned
        for begins, ends in [times[one.key]]
    )
    teachers = TimetableTeacher.objects.bulk_create(
        TimetableTeacher(timetable=timetable, name=name, person_id=matched.get(name))
        for name in sorted(imported.teachers)
    )
    by_name = {teacher.name: teacher for teacher in teachers}
    days = imported.days
    by_slot = {(days[one.day], one.slot): period for one, period in zip(planned, periods, strict=True)}
    lessons = TimetableLesson.objects.bulk_create(
        TimetableLesson(
            period=by_slot[row.day, row.slot],
            event=row.event,
            subject=row.subject,
            classes=list(row.classes),
            rooms=list(row.rooms),
        )
        for row in imported.rows
    )
    taught_by = TimetableLesson.teachers.through
    taught_by.objects.bulk_create(
        taught_by(timetablelesson_id=lesson.pk, timetableteacher_id=by_name[name].pk)
        for lesson, row in zip(lessons, imported.rows, strict=True)
        for name in dict.fromkeys(row.teachers)
    )


def _take_kept_free_along(timetable: Timetable, before: Sequence[Timetable]) -> None:
    """Who kept a period of a day for herself keeps the same one, where the days are the same and she is free then."""
    alike = [older.pk for older in before if older.days == timetable.days]
    kept = KeptFree.objects.filter(period__timetable__in=alike).values_list("person", "period__day", "period__position")
    here = {(day, position): pk for pk, day, position in timetable.periods.values_list("pk", "day", "position")}
    wanted = {(person, here[day, position]) for person, day, position in kept if (day, position) in here}
    teaching = TimetableLesson.objects.filter(period__timetable=timetable, teachers__person__isnull=False)
    busy = set(teaching.values_list("teachers__person", "period"))
    KeptFree.objects.bulk_create(KeptFree(person_id=person, period_id=pk) for person, pk in sorted(wanted - busy))


# Afterwards


@transaction.atomic
def change_dates(timetable: Timetable, *, name: str, begin: date, end: date, by: Person | None, at: datetime) -> None:
    """Give a timetable another name or other days; others make room for it as for a new one. Raises Refused."""
    name = required(" ".join(name.split()), longest=LONGEST_NAME)
    check_dates(begin, end)
    timetable = as_it_stands(timetable)
    given = (name, begin, end)
    if given == (timetable.name, timetable.begin, timetable.end):
        return
    timetable.name, timetable.begin, timetable.end = given
    make_room(timetable, by=by, at=at)
    timetable.planned_end = None
    timetable.save(update_fields=["name", "begin", "end", "planned_end"])
    record("timetable.changed", timetable, by=by, at=at, school=timetable.school_id)


@transaction.atomic
def set_bells(
    timetable: Timetable, *, day: int, bells: Mapping[int, Times], by: Person | None, at: datetime,
    also: Sequence[int] = (),
) -> None:  # fmt: skip
    """Set the bell times of a day by position, (None, None) for a period without any; `also` are other days to which
    they are copied, where these have the same positions. Raises Refused for times that are none."""
    timetable = as_it_stands(timetable)
    periods = list(timetable.periods.filter(day__in=[day, *also], position__in=list(bells)))
    if not periods:
        raise Refused(_("This timetable has no such day."))
    for period in periods:
        period.begins, period.ends = bells[period.position]
        check_bells(period.name, period.begins, period.ends)
    Period.objects.bulk_update(periods, ["begins", "ends"])
    record("timetable.changed", timetable, by=by, at=at, school=timetable.school_id)


@transaction.atomic
def match_teachers(
    timetable: Timetable, *, people: Mapping[int, int | None], by: Person | None, at: datetime
) -> int:  # fmt: skip
    """Say whose the names of a timetable are: for ids of TimetableTeacher the id of a person who works at the school,
    or None where it stays a name. Returns how many changed. Raises Refused."""
    timetable = as_it_stands(timetable)
    changed = [
        teacher for teacher in timetable.teachers.filter(pk__in=list(people)) if teacher.person_id != people[teacher.pk]
    ]
    _check_people(timetable.school, {pk for teacher in changed if (pk := people[teacher.pk]) is not None})
    for teacher in changed:
        teacher.person_id = people[teacher.pk]
    TimetableTeacher.objects.bulk_update(changed, ["person"])
    give_up_where_taught(timetable)
    if changed:
        record("timetable.changed", timetable, by=by, at=at, school=timetable.school_id)
    return len(changed)


def give_up_where_taught(timetable: Timetable) -> None:
    """Nobody keeps a period for herself in which she teaches."""
    kept = KeptFree.objects.filter(period__timetable=timetable)
    taught = TimetableLesson.objects.filter(period__timetable=timetable, teachers__person__isnull=False)
    busy = set(taught.values_list("teachers__person", "period"))
    over = [pk for pk, person, period in kept.values_list("pk", "person", "period") if (person, period) in busy]
    KeptFree.objects.filter(pk__in=over).delete()


@transaction.atomic
def put_away(timetable: Timetable, *, by: Person | None, at: datetime) -> bool:
    """Put a timetable away; the one it had ended goes on again. It can be brought back. Returns whether it stood."""
    stood = Timetable.objects.filter(pk=timetable.pk, put_away_at=None)
    if not stood.update(put_away_at=at, put_away_by=by):
        return False
    timetable.refresh_from_db()
    give_back(timetable)
    record("timetable.put_away", timetable, by=by, at=at, school=timetable.school_id)
    return True


@transaction.atomic
def bring_back(timetable: Timetable, *, by: Person | None, at: datetime) -> bool:
    """Bring back a timetable that was put away. One that began before it ends for it again. Raises Refused where
    another begins within it."""
    timetable = Timetable.objects.select_for_update().get(pk=timetable.pk)
    if timetable.put_away_at is None:
        return False
    timetable.end = timetable.planned_end or timetable.end
    timetable.planned_end = None
    other = beside(timetable).filter(begin__range=(timetable.begin, timetable.end)).first()
    if other is not None:
        raise Refused(
            _("Another one holds from %(begin)s to %(end)s. Put that one away first.")
            % {"begin": date_format(other.begin), "end": date_format(other.end)}
        )
    make_room(timetable, by=by, at=at)
    timetable.put_away_at = timetable.put_away_by = None
    timetable.save()
    record("timetable.brought_back", timetable, by=by, at=at, school=timetable.school_id)
    return True


def as_it_stands(timetable: Timetable) -> Timetable:
    """The timetable as it stands at this moment, taken for this transaction. Raises Refused where it was put away."""
    found = Timetable.objects.select_for_update().get(pk=timetable.pk)
    if found.put_away_at is not None:
        raise Refused(_("This timetable was put away. Bring it back before you change it."))
    return found
