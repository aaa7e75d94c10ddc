"""Terms, and the days on which a timetable is another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import required
from sidebyside.calendars.actions.taking_over import check_dates
from sidebyside.calendars.actions.timetables import as_it_stands, check_bells
from sidebyside.calendars.models import SpecialDay, Term, Timetable
from sidebyside.people.models import Person
from sidebyside.places.models import Place

MOST_AT_ONCE = 100  # days; holidays are shorter
LONGEST_NAME = 60


@transaction.atomic
def set_special_day(
    timetable: Timetable,
    *,
    on: date,
    kind: str,
    by: Person | None,
    at: datetime,
    until: date | None = None,
    follows: int | None = None,
    bells: Mapping[int, tuple[time, time]] | None = None,
) -> int:
    """Say that the timetable is another on a date, or on every date until another one; returns on how many.

    `kind` says how: closed; as the day of that number (`follows`); or with other bell times, by position (a position
    left out does not take place). What was said of these dates before is replaced. Raises Refused.
    """
    # Two who say something of the same date at once come one after the other.
    timetable = as_it_stands(timetable)
    last = until or on
    if last < on:
        raise Refused(_("The last day is before the first."))
    if (last - on).days >= MOST_AT_ONCE:
        raise Refused(_("These are more than %(limit)s days at once.") % {"limit": MOST_AT_ONCE})
    if on < timetable.begin or last > timetable.end:
        raise Refused(
            _("This timetable holds from %(begin)s to %(end)s.")
            % {"begin": date_format(timetable.begin), "end": date_format(timetable.end)}
        )
    if kind not in SpecialDay.Kind.values:
        raise Refused(_("Say what is different on this day."))
    number = follows if kind == SpecialDay.Kind.FOLLOWS else None
    if kind == SpecialDay.Kind.FOLLOWS and (number is None or not 0 <= number < len(timetable.days)):
        raise Refused(_("Say which day of the timetable this day follows."))
    times = _written(timetable, bells or {}) if kind == SpecialDay.Kind.BELLS else {}
    days = [on + timedelta(days=after) for after in range((last - on).days + 1)]
    SpecialDay.objects.filter(timetable=timetable, on__in=days).delete()
    SpecialDay.objects.bulk_create(
        SpecialDay(timetable=timetable, on=each, kind=kind, follows=number, bells=times, made_at=at, made_by=by)
        for each in days
    )
    record("timetable.changed", timetable, by=by, at=at, school=timetable.school_id)
    return len(days)


def _written(timetable: Timetable, bells: Mapping[int, tuple[time, time]]) -> dict[str, list[str]]:
    """Bell times as they are kept. Raises Refused where none are given, or for a period that does not exist."""
    names = dict(timetable.periods.values_list("position", "name"))
    if not bells:
        raise Refused(_("Say when at least one period begins and ends, or that there are no lessons."))
    for position, (begins, ends) in bells.items():
        if position not in names:
            raise Refused(_("This timetable has no such period."))
        check_bells(names[position], begins, ends)
    return {
        str(position): [f"{begins:%H:%M}", f"{ends:%H:%M}"] for position, (begins, ends) in sorted(bells.items())
    }  # fmt: skip


@transaction.atomic
def remove_special_day(day: SpecialDay, *, by: Person | None, at: datetime) -> None:
    """Let a date be as any other again."""
    timetable = day.timetable
    if SpecialDay.objects.filter(pk=day.pk).delete()[0]:
        record("timetable.changed", timetable, by=by, at=at, school=timetable.school_id)


@transaction.atomic
def add_term(place: Place, *, name: str, begin: date, end: date, by: Person | None, at: datetime) -> Term:
    """Add a term of a place; terms of one place do not overlap. Raises Refused."""
    name = required(" ".join(name.split()), longest=LONGEST_NAME)
    check_dates(begin, end)
    if begin == end:
        raise Refused(_("A term is longer than a day."))
    Place.objects.select_for_update().get(pk=place.pk)
    other = Term.objects.filter(Q(begin__lte=end, end__gte=begin), place=place).first()
    if other is not None:
        raise Refused(
            _("It overlaps with the term from %(begin)s to %(end)s.")
            % {"begin": date_format(other.begin), "end": date_format(other.end)}
        )
    term = Term.objects.create(place=place, name=name, begin=begin, end=end)
    record("term.added", term, by=by, at=at, place=place.pk)
    return term


@transaction.atomic
def remove_term(term: Term, *, by: Person | None, at: datetime) -> None:
    """Remove a term. What happened in it stays."""
    place, pk = term.place_id, term.pk
    if Term.objects.filter(pk=pk).delete()[0]:
        term.pk = pk
        record("term.removed", term, by=by, at=at, place=place)
