"""What is asked about a timetable: its files, its dates, its days, its bells, whose its names are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.calendars.models import SpecialDay, Timetable
from sidebyside.calendars.periods import PlannedPeriod, are_alike
from sidebyside.calendars.teachers import plain
from sidebyside.people.models import Person
from sidebyside.web.date_fields import ClockInput, DayField

MEBIBYTE = 1 << 20
LARGEST_UPLOAD = 32 * MEBIBYTE  # all files together
MOST_FILES = 10
MOST_NAMES = 800  # on one page; the rest is taken as proposed, and can be changed afterwards
MOST_BELLS = 400  # periods on one page

Key = tuple[int, int]


class Clock(ClockInput):
    """A time of day; `named` are the ids of the headings that name it."""

    def __init__(self, named: str = "") -> None:
        super().__init__(attrs={"aria-labelledby": named} if named else {})


class SeveralFiles(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files, at most so many and so large together."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files. Raises ValidationError."""
        found = data if isinstance(data, list | tuple) else [data] if data else []
        if not found:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(found) > MOST_FILES:
            raise forms.ValidationError(
                _("These are more than %(limit)s files. Choose those of the timetable alone.") % {"limit": MOST_FILES}
            )
        if sum(file.size for file in found) > LARGEST_UPLOAD:
            raise forms.ValidationError(
                _("These files are larger than %(limit)s MB together, which no timetable needs.")
                % {"limit": LARGEST_UPLOAD // MEBIBYTE}
            )
        return [super(FilesField, self).clean(file, initial) for file in found]


class UploadForm(forms.Form):
    """The files of a timetable."""

    sheets = FilesField(
        label=gettext_lazy("The files of the timetable"),
        help_text=gettext_lazy(
            "One table (CSV). Or from FET the file ending in .fet, together with the one ending in _activities.xml. "
            "Nothing changes before you have seen what it says."
        ),
        allow_empty_file=True,
        widget=SeveralFiles(attrs={"accept": ".csv,.txt,.fet,.xml,.tsv"}),
    )


class DatesForm(forms.Form):
    """What a timetable is called, and from when to when it holds."""

    name = forms.CharField(label=gettext_lazy("What it is called"), max_length=80)
    begin = DayField(label=gettext_lazy("First day"))
    end = DayField(label=gettext_lazy("Last day"))


class TermForm(DatesForm):
    """A term."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)


class DaysForm(forms.Form):
    """How the days of a timetable lie on dates. Without its days they need not be said yet."""

    way = forms.ChoiceField(
        label=gettext_lazy("How its days follow one another"), widget=forms.RadioSelect, choices=Timetable.Way.choices
    )
    taught_on = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Taught on"),
        help_text=gettext_lazy("For days that follow one another: the days of the week on which there is school."),
        required=False,
        coerce=int,
        choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def _add_days(self, days: Sequence[str], weekdays: Sequence[int]) -> None:
        self.day_names = list(days)
        for number, name in enumerate(days):
            self.fields[f"weekday-{number}"] = forms.TypedChoiceField(
                label=format_html("<bdi>{}</bdi>", name),
                coerce=int,
                choices=list(WEEKDAYS.items()),
                initial=weekdays[number] if number < len(weekdays) else number % 5,
            )

    @property
    def weekday_fields(self) -> list[Any]:
        """A field for the day of the week of each day."""
        return [self[f"weekday-{number}"] for number in range(len(self.day_names))]

    @property
    def weekdays(self) -> list[int]:
        """What was said of days of the week, as the verb takes it."""
        said = self.cleaned_data
        if said["way"] == Timetable.Way.ROTATING:
            return sorted(said["taught_on"])
        return [said[f"weekday-{number}"] for number in range(len(self.day_names))]


@dataclass(frozen=True)
class BellRow:
    """A line of a table of bell times: what it is called, and its two fields."""

    key: str
    called: str
    begins: Any
    ends: Any


class BellsForm(forms.Form):
    """Bell times: one table for all days where they are alike, else one for each day."""

    def _add_bells(self, days: Sequence[str], periods: Sequence[PlannedPeriod]) -> None:
        self.periods = list(periods)
        self.alike = are_alike(periods)
        self.tables: list[tuple[str, list[BellRow]]]
        if not self.alike and len(self.periods) > MOST_BELLS:
            self.tables = []  # too many for one page: those of the files hold, and each day can be changed afterwards
            return
        # Each table: the day's name (none where one table is for all days), and its rows.
        self.tables = []
        for number, name in enumerate(days[:1] if self.alike else days):
            of_day = self.periods if self.alike else [one for one in self.periods if one.day == number]
            slots: dict[int, list[PlannedPeriod]] = {}
            for one in of_day:
                slots.setdefault(one.position, []).append(one)
            rows = [self._add_row(number, at, position, slots[position]) for at, position in enumerate(sorted(slots))]
            self.tables.append(("" if self.alike and len(days) > 1 else name, rows))

    def _add_row(self, day: int, at: int, position: int, periods: Sequence[PlannedPeriod]) -> BellRow:
        """Two fields for the periods at one position, which have the same times."""
        key = f"bell-{day}-{position}"
        slots = {one.slot for one in periods}
        # Where each day calls it otherwise ("Mo_1", "Tu_1") it is called by its number.
        called = slots.pop() if len(slots) == 1 else str(at + 1)
        for what, time_of_day in (("begins", periods[0].begins), ("ends", periods[0].ends)):
            self.fields[f"{key}-{what}"] = forms.TimeField(
                label=format_html("<bdi>{}</bdi>", called),
                required=False,
                initial=time_of_day,
                widget=Clock(f"day-{day} {key} {what}-{day}"),
            )
        return BellRow(key, called, self[f"{key}-begins"], self[f"{key}-ends"])

    @property
    def bells(self) -> dict[Key, tuple[time, time]]:
        """What was said of bell times by (day, position); a period of which nothing was said is left out."""
        found: dict[Key, tuple[time, time]] = {}
        for one in self.periods:
            key = f"bell-{0 if self.alike else one.day}-{one.position}"
            begins, ends = self.cleaned_data.get(f"{key}-begins"), self.cleaned_data.get(f"{key}-ends")
            if begins and ends:
                found[one.key] = (begins, ends)
        return found

    def _check_bells(self) -> None:
        """Say at their fields which bell times are none."""
        for _title, rows in self.tables:
            for key in (row.key for row in rows):
                begins, ends = (self.cleaned_data.get(f"{key}-{what}") for what in ("begins", "ends"))
                missing = "ends" if begins and not ends else "begins" if ends and not begins else ""
                if missing and f"{key}-{missing}" not in self.errors:
                    self.add_error(f"{key}-{missing}", _("One of the two times is missing."))
                elif begins and ends and ends <= begins:
                    self.add_error(f"{key}-ends", _("It ends before it begins."))


class NamesForm(forms.Form):
    """Whose the names of a timetable are: each name has a field for the name of a colleague."""

    def _add_names(self, names: Mapping[str, tuple[str, int | None]], colleagues: Sequence[Person]) -> None:
        """`names` says for each key of a field the name in the timetable, and whose it is proposed to be."""
        self.labels = labels_of(colleagues)
        by_id = {pk: label for label, pk in self.labels.items()}
        self.names = dict(names)
        for key, (name, person) in names.items():
            self.fields[f"teacher-{key}"] = forms.CharField(
                label=format_html("<bdi>{}</bdi>", name),
                required=False,
                max_length=320,
                initial=by_id.get(person, "") if person else "",
                widget=forms.TextInput(
                    attrs={"list": "colleagues", "autocomplete": "off", "aria-labelledby": f"name-{key} whose"}
                ),
            )

    def _check_names(self) -> None:
        """Find the persons who were named; a name that is nobody's is said at its field."""
        loosely: dict[str, set[int]] = {}
        for label, pk in self.labels.items():
            loosely.setdefault(plain(label), set()).add(pk)
        self.people: dict[str, int | None] = {}
        for key in self.names:
            said = " ".join((self.cleaned_data.get(f"teacher-{key}") or "").split())
            found = {self.labels[said]} if said in self.labels else loosely.get(plain(said), set())
            self.people[key] = next(iter(found)) if len(found) == 1 else None
            if said and len(found) != 1:
                self.add_error(
                    f"teacher-{key}",
                    _("Nobody of this name works at this school. Choose from the list, or leave it empty."),
                )


def labels_of(colleagues: Sequence[Person]) -> dict[str, int]:
    """A label for each colleague by which she alone is meant, and her id."""
    found: dict[str, int] = {}
    for person in colleagues:
        label, number = person.name, 1
        while label in found:
            number += 1
            label = f"{person.name} ({number})"
        found[label] = person.pk
    return found


class TakeInForm(DatesForm, DaysForm, BellsForm, NamesForm):
    """Everything that is said before a timetable is taken in, with what its files say filled in."""

    all_optional = True  # it says itself what may stay empty

    fill_begins = forms.TimeField(label=gettext_lazy("The first begins"), required=False, widget=Clock())
    fill_minutes = forms.IntegerField(
        label=gettext_lazy("Each lasts (minutes)"), min_value=5, max_value=240, required=False
    )
    fill_between = forms.IntegerField(
        label=gettext_lazy("Minutes in between"), min_value=0, max_value=120, required=False
    )

    def __init__(
        self,
        *args: Any,
        days: Sequence[str],
        weekdays: Sequence[int],
        periods: Sequence[PlannedPeriod],
        names: Mapping[str, tuple[str, int | None]],
        colleagues: Sequence[Person],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._add_days(days, weekdays)
        self._add_bells(days, periods)
        self._add_names(names, colleagues)

    def clean(self) -> dict[str, Any]:
        self._check_bells()
        self._check_names()
        return self.cleaned_data


class DayBellsForm(BellsForm):
    """The bell times of one day, and to which others they are copied."""

    def __init__(self, *args: Any, day: int, days: Sequence[str], periods: Sequence[PlannedPeriod], **o: Any) -> None:
        super().__init__(*args, **o)
        self._add_bells(
            [days[day]], [PlannedPeriod(0, one.position, one.slot, one.begins, one.ends) for one in periods]
        )
        others = [(number, format_html("<bdi>{}</bdi>", name)) for number, name in enumerate(days) if number != day]
        self.fields["also"] = forms.TypedMultipleChoiceField(
            label=_("The same on these days too"),
            required=False,
            coerce=int,
            choices=others,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean(self) -> dict[str, Any]:
        self._check_bells()
        return self.cleaned_data

    @property
    def times(self) -> dict[int, tuple[time | None, time | None]]:
        """What was said, by position."""
        return {one.position: self.bells.get(one.key, (None, None)) for one in self.periods}


class SpecialBellsForm(BellsForm):
    """The bell times of one date. A period without any does not take place."""

    def __init__(self, *args: Any, name: str, periods: Sequence[PlannedPeriod], **options: Any) -> None:
        super().__init__(*args, **options)
        self._add_bells([name], periods)

    def clean(self) -> dict[str, Any]:
        self._check_bells()
        return self.cleaned_data


class TeachersForm(NamesForm):
    """Whose the names of a timetable are, afterwards."""

    def __init__(
        self, *args: Any, names: Mapping[str, tuple[str, int | None]], colleagues: Sequence[Person], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._add_names(names, colleagues)

    def clean(self) -> dict[str, Any]:
        self._check_names()
        return self.cleaned_data


class SpecialDayForm(forms.Form):
    """A day on which the timetable is another."""

    all_optional = True  # it says itself what may stay empty
    begin = DayField(label=gettext_lazy("Day"))
    until = DayField(label=gettext_lazy("Until, for several days"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is different"), widget=forms.RadioSelect, choices=SpecialDay.Kind.choices
    )
    follows = forms.TypedChoiceField(
        label=gettext_lazy("Which day it is then"),
        required=False,
        coerce=int,
        empty_value=None,
    )

    def __init__(self, *args: Any, days: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["follows"].choices = [("", "–"), *enumerate(days)]
        self.fields["follows"].widget.attrs["dir"] = "auto"
