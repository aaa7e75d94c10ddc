"""What is asked about a time: the day, from when to when, and where."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.calendars.actions.appointments import LONGEST_ROOM
from sidebyside.calendars.repeating import rule_of
from sidebyside.web.date_fields import ClockField, DayField


class TimeForm(forms.Form):
    """A day and two times by the reader's clock; `span` is what they mean once it is valid."""

    on = DayField(label=gettext_lazy("Day"))
    begins = ClockField(label=gettext_lazy("From"))
    ends = ClockField(label=gettext_lazy("To"))

    def clean(self) -> dict[str, Any]:
        """The end comes after the beginning on the same day."""
        found = super().clean() or {}
        begins, ends = found.get("begins"), found.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The end must come after the beginning."))
        return found

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Begin and end, in the reader's zone."""
        return self._moment("begins"), self._moment("ends")

    def _moment(self, name: str) -> datetime:
        on: date = self.cleaned_data["on"]
        at: time = self.cleaned_data[name]
        return datetime.combine(on, at, timezone.get_current_timezone())

    @staticmethod
    def values_of(begin: datetime, end: datetime) -> dict[str, Any]:
        """What the fields hold for these times."""
        first, last = timezone.localtime(begin), timezone.localtime(end)
        return {"on": first.date(), "begins": first.time(), "ends": last.time()}


class MoveForm(TimeForm):
    room = forms.CharField(
        label=gettext_lazy("Where"),
        help_text=gettext_lazy("A room or a place. It goes into the calendars and mails of those who come."),
        required=False,
        max_length=LONGEST_ROOM,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class OwnTimeForm(TimeForm):
    ONCE, WEEKLY, FORTNIGHTLY = "once", "weekly", "fortnightly"
    repeat = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=[
            (ONCE, gettext_lazy("Once")),
            (WEEKLY, gettext_lazy("Every week")),
            (FORTNIGHTLY, gettext_lazy("Every two weeks")),
        ],
        initial=ONCE,
        widget=forms.RadioSelect,
    )
    until = DayField(
        label=gettext_lazy("Until"), help_text=gettext_lazy("The last day, where it repeats."), required=False
    )

    def clean(self) -> dict[str, Any]:
        """What repeats has an end, and not too far away."""
        found = super().clean()
        if found.get("repeat") in (self.WEEKLY, self.FORTNIGHTLY) and "until" not in self.errors:
            if not found.get("until"):
                self.add_error("until", _("Say until when it repeats."))
            elif found.get("on") and found["until"] < found["on"]:
                self.add_error("until", _("The last day must not come before the first."))
        return found

    @property
    def rule(self) -> str:
        """How it repeats, as a series has it; nothing where it does not."""
        if self.cleaned_data["repeat"] == self.ONCE:
            return ""
        weeks = 1 if self.cleaned_data["repeat"] == self.WEEKLY else 2
        return rule_of(weeks=weeks, until=self.cleaned_data["until"])
