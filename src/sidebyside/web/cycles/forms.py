"""Forms of the log, the goals and the plan."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.base.text import LONGEST
from sidebyside.materials.queries import kinds_of_help
from sidebyside.partnerships.models import Member
from sidebyside.people.models import Person

LENGTHS = (5, 15, 30, 45, 60, 90)
MOST_MINUTES = 600
DAY = timedelta(days=1)


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of help with their labels in the reader's language."""
    return [(kind.code, _(kind.label)) for kind in kinds_of_help()]


def _minutes(**options: Any) -> forms.IntegerField:
    sentence = gettext_lazy("A contact lasts from 1 to 600 minutes.")
    errors = {"invalid": sentence, "min_value": sentence, "max_value": sentence}
    return forms.IntegerField(min_value=1, max_value=MOST_MINUTES, error_messages=errors, **options)


def _kinds() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("What kind of help was it?"),
        choices=kind_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one kind of help."),
            "invalid_choice": gettext_lazy("One of these kinds of help is not known here. Please choose again."),
        },
    )


class ContactForm(forms.Form):
    """A contact of today or yesterday in three taps; another length or day where that is so."""

    kinds = _kinds()
    minutes = _minutes(label=gettext_lazy("How long?"), required=False)
    other_minutes = _minutes(label=gettext_lazy("Another length, in minutes"), required=False)
    day = forms.ChoiceField(
        label=gettext_lazy("When?"),
        choices=[("today", gettext_lazy("Today")), ("yesterday", gettext_lazy("Yesterday"))],
        required=False,
        widget=forms.RadioSelect,
    )
    other_day = forms.DateField(label=gettext_lazy("Another day"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not self.length:
            self.add_error("minutes", _("Say how long it was."))
        return values

    @property
    def length(self) -> int | None:
        return self.cleaned_data.get("other_minutes") or self.cleaned_data.get("minutes")

    def began_at(self, now: datetime) -> datetime:
        """When it began: today's contact has just ended; another day's was at this time of that day."""
        here = timezone.localtime(now)
        if other := self.cleaned_data["other_day"]:
            if other == here.date():
                return now - timedelta(minutes=self.length or 0)
            return datetime.combine(other, here.timetz())
        if self.cleaned_data["day"] == "yesterday":
            return here - DAY
        return now - timedelta(minutes=self.length or 0)


class CorrectionForm(forms.Form):
    """An entry of the log, put right."""

    kinds = _kinds()
    minutes = _minutes(
        label=gettext_lazy("How long, in minutes?"),
        widget=forms.NumberInput(attrs={"min": 1, "max": MOST_MINUTES, "inputmode": "numeric"}),
    )
    began_at = forms.DateTimeField(
        label=gettext_lazy("When did it begin?"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


def _long(**options: Any) -> forms.CharField:
    rows = options.pop("rows", 3)
    # The verb counts the characters and says so in words; the text is never cut by the browser.
    return forms.CharField(strip=False, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **options)


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class _Written(forms.Select):
    """Options that people wrote: each in the direction of its own letters."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if option["value"]:
            option["attrs"]["dir"] = "auto"
        return option


class GoalForm(forms.Form):
    """What the partner wants for her students, how she would know, and by when."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = _long(
        label=gettext_lazy("What do you want for your students?"),
        error_messages={"required": gettext_lazy("Please write something first.")},
    )
    evidence = _long(label=gettext_lazy("What will you see or hear when it is reached?"), required=False)
    by_date = _day(label=gettext_lazy("By when would you like to know?"))
    place_goal: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Does it belong to a goal of your place?"), queryset=None, required=False, widget=_Written,
        empty_label=gettext_lazy("No, it stands alone"),
    )  # fmt: skip

    def __init__(self, *args: Any, place_goals: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # (the stubs know a field of a form by its base class alone)
        self.fields["place_goal"].queryset = place_goals  # type: ignore[attr-defined]
        if not place_goals:
            del self.fields["place_goal"]

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        names = ("text", "evidence", "by_date", "place_goal")
        return {name: self.cleaned_data.get(name) for name in names}


class StepForm(forms.Form):
    """One line of the plan: what, who, by when."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = _long(
        label=gettext_lazy("What is to be done?"),
        rows=2,
        error_messages={"required": gettext_lazy("Please write something first.")},
    )
    who = forms.ChoiceField(label=gettext_lazy("Who does it?"), required=False, widget=forms.RadioSelect)
    by_date = _day(label=gettext_lazy("By when?"))

    def __init__(self, *args: Any, members: Sequence[Member], also: Iterable[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = {member.person_id: member.person for member in members} | {one.pk: one for one in also}
        self.people = {str(pk): person for pk, person in people.items()}
        together = [("", _("All of us together"))]
        named = [(pk, format_html("<bdi>{}</bdi>", one.name)) for pk, one in self.people.items()]
        # (the stubs know a field of a form by its base class alone)
        self.fields["who"].choices = together + named  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        by_date: date | None = self.cleaned_data["by_date"]
        return {"text": self.cleaned_data["text"], "by_date": by_date, "who": self.people.get(self.cleaned_data["who"])}


__all__ = ["LENGTHS", "LONGEST", "ContactForm", "CorrectionForm", "GoalForm", "StepForm", "kind_choices"]
