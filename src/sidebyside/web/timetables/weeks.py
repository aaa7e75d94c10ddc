"""The shape of a week before anybody has typed anything into it, and the form in which it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.calendars import timetable_queries as queries
from sidebyside.calendars.models import Timetable
from sidebyside.calendars.periods import PlannedPeriod, are_alike, evenly
from sidebyside.web.date_fields import DayField
from sidebyside.web.timetables.forms import Clock

USUAL_PERIODS, MOST_PERIODS = 6, 10
USUAL_BEGINS, USUAL_MINUTES, USUAL_BETWEEN = time(8), 45, 10
USUAL_WEEKS = 20

Key = tuple[int, int]


@dataclass(frozen=True)
class Shape:
    """The days and periods of a week. `given`: they are those of the school's timetable, and not hers to change."""

    days: list[str]
    weekdays: list[int]
    way: str
    periods: list[PlannedPeriod]
    given: bool = False

    @property
    def positions(self) -> list[int]:
        """The places of a day, in their order."""
        return sorted({one.position for one in self.periods})

    @property
    def text(self) -> str:
        """Its days and times in a field of a form, as `0,1|08:00-08:45,09:00-09:45`; nothing where they are given."""
        if self.given:
            return ""
        times = {at: f"{begins:%H:%M}-{ends:%H:%M}" for at, (begins, ends) in self.times.items() if begins and ends}
        days = ",".join(str(day) for day in self.weekdays)
        return f"{days}|{','.join(times.get(number, '') for number in range(max(times, default=0) + 1))}"

    @property
    def times(self) -> dict[int, tuple[time | None, time | None]]:
        """For each place the times of the first day that has it."""
        found: dict[int, tuple[time | None, time | None]] = {}
        for one in self.periods:
            found.setdefault(one.position, (one.begins, one.ends))
        return found


def usual_shape() -> Shape:
    """Five days of six periods, for who has nothing else to begin with."""
    times = evenly(range(USUAL_PERIODS), begins=USUAL_BEGINS, minutes=USUAL_MINUTES, between=USUAL_BETWEEN)
    return shape_from(range(5), times)


def shape_from(weekdays: Any, times: Mapping[int, tuple[time, time]]) -> Shape:
    """A week of these days, each with the same periods."""
    weekdays = sorted(weekdays)
    periods = [
        PlannedPeriod(day, position, str(number), *times[position])
        for day in range(len(weekdays))
        for number, position in enumerate(sorted(times), start=1)
    ]
    return Shape([str(WEEKDAYS[day]) for day in weekdays], weekdays, Timetable.Way.WEEKDAYS, periods)


def shape_of(timetable: Timetable) -> Shape:
    """The days and periods of a timetable; they stay as they are where it is a school's."""
    periods = [
        PlannedPeriod(one.day, one.position, one.name, one.begins, one.ends)
        for day in range(len(timetable.days))
        for one in queries.periods_of_day(timetable, day)
    ]
    turning = timetable.way == Timetable.Way.ROTATING or len(set(timetable.weekdays)) < len(timetable.weekdays)
    given = timetable.owner_id is None or turning or not are_alike(periods)
    return Shape(list(timetable.days), list(timetable.weekdays), timetable.way, periods, given)


def shape_from_text(text: str) -> Shape | None:
    """The shape that `Shape.text` was made of, or None where it is none."""
    try:
        days, _bar, times = text.partition("|")
        weekdays = sorted({int(day) for day in days.split(",")} & set(range(7)))
        found = {}
        for number, one in enumerate(times.split(",")[:MOST_PERIODS]):
            if one:
                begins, _dash, ends = one.partition("-")
                found[number] = (time.fromisoformat(begins), time.fromisoformat(ends))
    except ValueError:
        return None
    return shape_from(weekdays, found) if weekdays and found else None


class WeekForm(forms.Form):
    """A box for each period in which she may teach; days, times and dates beside them."""

    begin = DayField(label=gettext_lazy("From"))
    end = DayField(label=gettext_lazy("Until"))
    all_optional = True

    def __init__(self, *args: Any, shape: Shape, taught: Any = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.shape = shape
        for one in shape.periods:
            self.fields[self.name_of(one.key)] = forms.BooleanField(required=False, initial=one.key in set(taught))
        if shape.given:
            return
        self.fields["on"] = forms.TypedMultipleChoiceField(
            label=_("Days"),
            coerce=int,
            choices=list(WEEKDAYS.items()),
            initial=shape.weekdays,
            widget=forms.CheckboxSelectMultiple,
        )
        times = shape.times
        for number in range(MOST_PERIODS):
            begins, ends = times.get(number, (None, None))
            for what, at in (("begins", begins), ("ends", ends)):
                self.fields[f"{what}-{number}"] = forms.TimeField(
                    label=_("Period %(number)s") % {"number": number + 1},
                    required=False,
                    initial=at,
                    widget=Clock(f"time-{number} {what}"),
                )

    @staticmethod
    def name_of(key: Key) -> str:
        """What the box of a period is called."""
        return f"t-{key[0]}-{key[1]}"

    @property
    def rows(self) -> list[tuple[int, str, tuple[time | None, time | None], list[Any]]]:
        """For each place of a day its number, its name, its times, and a box for each day (None: no such period)."""
        keys = {one.key: one for one in self.shape.periods}
        found = []
        for number, position in enumerate(self.shape.positions, start=1):
            boxes = [
                self[self.name_of((day, position))] if (day, position) in keys else None
                for day in range(len(self.shape.days))
            ]
            found.append((number, str(number), self.shape.times[position], boxes))
        return found

    @property
    def time_rows(self) -> list[tuple[int, Any, Any]]:
        """The fields of the bell times: number, beginning, end."""
        if self.shape.given:
            return []
        return [(number, self[f"begins-{number}"], self[f"ends-{number}"]) for number in range(MOST_PERIODS)]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        for number in range(0 if self.shape.given else MOST_PERIODS):
            begins, ends = said.get(f"begins-{number}"), said.get(f"ends-{number}")
            if bool(begins) != bool(ends):
                self.add_error(f"{'ends' if begins else 'begins'}-{number}", _("One of the two times is missing."))
            elif begins and ends and ends <= begins:
                self.add_error(f"ends-{number}", _("It ends before it begins."))
        return said

    @property
    def asked_shape(self) -> Shape:
        """The shape with the days and times that were said."""
        if self.shape.given:
            return self.shape
        said = self.cleaned_data
        times = {
            number: (said[f"begins-{number}"], said[f"ends-{number}"])
            for number in range(MOST_PERIODS)
            if said.get(f"begins-{number}") and said.get(f"ends-{number}")
        }
        return shape_from(said.get("on") or self.shape.weekdays, times)

    def taught_in(self, shape: Shape) -> set[Key]:
        """The periods of another shape whose boxes were ticked in this one, by their day of the week."""
        if self.shape.given:
            return {one.key for one in self.shape.periods if self.cleaned_data.get(self.name_of(one.key))}
        days = {weekday: number for number, weekday in enumerate(shape.weekdays)}
        ticked = {
            (days.get(self.shape.weekdays[one.day]), one.position)
            for one in self.shape.periods
            if self.cleaned_data.get(self.name_of(one.key))
        }
        return {one.key for one in shape.periods} & ticked


def dates_for(terms: Sequence[Any], today: date) -> dict[str, date]:
    """From when to when a week holds where nothing else is said: from this Monday to the end of the term."""
    monday = today - timedelta(days=today.weekday())
    ends = [term.end for term in terms if term.end > today]
    return {"begin": monday, "end": ends[0] if ends else monday + timedelta(weeks=USUAL_WEEKS, days=-1)}


def day_names(days: Sequence[str], weekdays: Sequence[int], way: str) -> list[tuple[str, str]]:
    """What the days are called at the heads of columns, in full and in short: as days of the week in the reader's
    language where they are some and each comes once, else as the timetable calls them."""
    if way == Timetable.Way.ROTATING or len(set(weekdays)) < len(weekdays):
        return [(name, name) for name in days]
    return [(str(WEEKDAYS[day]), str(WEEKDAYS_ABBR[day])) for day in weekdays]
