"""When one timetable takes over from another, and what it takes along. The timetables of a school hold one after the
other; so do the weeks that one person types for herself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.calendars.models import SpecialDay, Timetable
from sidebyside.people.models import Person

ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=730)


def beside(timetable: Timetable) -> QuerySet[Timetable]:
    """The other timetables that hold in turn with this one: those of its school, or the weeks of its owner."""
    same = Timetable.objects.filter(put_away_at=None, owner=timetable.owner_id)
    if timetable.owner_id is None:
        same = same.filter(school=timetable.school_id)
    return same.exclude(pk=timetable.pk) if timetable.pk else same


def check_dates(begin: date, end: date) -> None:
    """Refuse dates that cannot be those of a timetable or a term."""
    if end < begin:
        raise Refused(_("The last day is before the first."))
    if end - begin > LONGEST:
        raise Refused(_("This is longer than two years. Look at the years of both dates."))


def make_room(timetable: Timetable, *, by: Person | None, at: datetime) -> list[Timetable]:
    """End or put away what stands where this timetable, which need not be kept yet, is to hold; gives those.

    One that began before ends the day before. One that lies within is put away. Nothing of either is lost: see
    `give_back`. Raises Refused where one would lose its beginning only.
    """
    found = list(beside(timetable).filter(begin__lte=timetable.end, end__gte=timetable.begin).order_by("begin"))
    for older in found:
        if older.begin >= timetable.begin and older.end > timetable.end:
            raise Refused(
                _("Another one begins on %(begin)s. Let this one end before that day, or put that one away first.")
                % {"begin": date_format(older.begin)}
            )
    for older in found:
        if older.begin < timetable.begin:
            older.planned_end = older.planned_end or older.end
            older.end = timetable.begin - ONE_DAY
            older.save(update_fields=["end", "planned_end"])
        else:
            older.put_away_at, older.put_away_by = at, by
            older.save(update_fields=["put_away_at", "put_away_by"])
            record("timetable.put_away", older, by=by, at=at, school=older.school_id)
    return found


def give_back(timetable: Timetable) -> None:
    """Let the timetable that ended for this one go on again, as far as no other stands in its way."""
    older = beside(timetable).filter(end=timetable.begin - ONE_DAY, planned_end__gt=F("end")).first()
    if older is None:
        return
    planned = older.planned_end or older.end
    after = beside(older).filter(begin__gt=older.end, begin__lte=planned).order_by("begin").first()
    older.end = after.begin - ONE_DAY if after else planned
    older.planned_end = planned if after else None
    older.save(update_fields=["end", "planned_end"])


def take_special_days_along(timetable: Timetable, sources: list[Timetable], *, at: datetime) -> None:
    """Days without lessons that stood in the timetables before hold in this one too; so do dates that follow another
    day, where both have the same days."""
    found: dict[date, SpecialDay] = {}
    for day in SpecialDay.objects.filter(timetable__in=sources, on__range=(timetable.begin, timetable.end)):
        alike = next(source for source in sources if source.pk == day.timetable_id).days == timetable.days
        if day.kind == SpecialDay.Kind.CLOSED or (alike and day.kind == SpecialDay.Kind.FOLLOWS):
            found[day.on] = SpecialDay(
                timetable=timetable,
                on=day.on,
                kind=day.kind,
                follows=day.follows,
                made_at=at,
                made_by_id=day.made_by_id,
            )
    SpecialDay.objects.bulk_create(found.values())
