"""Days and times of day as forms and addresses take them. A year beyond 2000 to 2099 is a slip of the keys, and beyond
what some clocks of the world can count."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
NO_DAY = gettext_lazy("This is no day that a calendar goes to.")


class DayInput(forms.DateInput):
    """A date, chosen in the way of the browser."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class ClockInput(forms.TimeInput):
    """A time of day, chosen in the way of the browser."""

    input_type = "time"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", **options)


class DayField(forms.DateField):
    """A day of these hundred years."""

    widget = DayInput
    default_validators = [MinValueValidator(FIRST, NO_DAY), MaxValueValidator(LAST, NO_DAY)]


class ClockField(forms.TimeField):
    """A time of day."""

    widget = ClockInput


def asked_day(text: str | None) -> date | None:
    """The day that an address or a hidden field names; None where it names none of these hundred years."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None
