"""Forms of visits and meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.calendars.repeating import MOST_TIMES, rule_of
from sidebyside.calendars.slots import Span
from sidebyside.visits.models import Visit
from sidebyside.visits.talks import TalkTime
from sidebyside.web.date_fields import ClockField, DayField
from sidebyside.web.visits.words import span_name, talk_name

MOST_TALKS = 8
SATURDAY = 5
NONE, HAND = "", "by-hand"


def _room() -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Where?"), max_length=60, required=False)


class HandForm(forms.Form):
    """A time by hand: a date, from when to when, by the clock of who writes it."""

    on = DayField(label=gettext_lazy("On which day?"))
    begin = ClockField(label=gettext_lazy("From when?"))
    end = ClockField(label=gettext_lazy("Until when?"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and values["end"] <= values["begin"]:
            self.add_error("end", _("The end must come after the beginning."))
        return values

    @property
    def span(self) -> Span:
        """The time, in UTC."""
        values = self.cleaned_data
        return Span(*(_moment(values["on"], values[name]) for name in ("begin", "end")))

    @classmethod
    def values_of(cls, span: Span) -> dict[str, Any]:
        """What the form shows for a time."""
        first, last = (timezone.localtime(moment) for moment in (span.begin, span.end))
        return {"on": first.date(), "begin": first.time(), "end": last.time()}


def _moment(on: date, at: time) -> datetime:
    return datetime.combine(on, at, timezone.get_current_timezone()).astimezone(UTC)


def code_of(span: Span) -> str:
    """A time as an option of a form."""
    return f"{int(span.begin.timestamp())}-{int(span.end.timestamp())}"


def span_of(code: str) -> Span | None:
    """The time that an option stands for."""
    if not code:
        return None
    first, last = (datetime.fromtimestamp(int(part), UTC) for part in code.split("-"))
    return Span(first, last)


def talk_choices(times: Sequence[TalkTime], none: str, *, now: Span | None = None) -> list[tuple[str, str]]:
    """The options for a talk: the time it has now, where it has one, the best others, and none."""
    kept = [(code_of(now), _("%(time)s (as it is)") % {"time": span_name(now)})] if now else []
    taken = {code for code, _label in kept}
    found = [(code_of(one.span), talk_name(one)) for one in times[:MOST_TALKS]]
    return [*kept, *((code, label) for code, label in found if code not in taken), (NONE, none)]


class _Named(forms.Select):
    """Options with names in them that a school gave: each in the direction of its own letters."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if option["value"]:
            option["attrs"]["dir"] = "auto"
        return option


class ConfirmForm(forms.Form):
    """The one confirmation: both talks, what is done about each lesson to cover, what a colleague should know."""

    all_optional = True  # every field has an answer already

    talk_before = forms.ChoiceField(label=gettext_lazy("The talk before, 20 minutes"), required=False, widget=_Named)
    talk_after = forms.ChoiceField(label=gettext_lazy("The talk after, 20 minutes"), required=False, widget=_Named)
    way = forms.ChoiceField(
        label=gettext_lazy("How?"), choices=Visit.Way.choices, widget=forms.RadioSelect, initial=Visit.Way.IN_PERSON
    )
    notes = forms.CharField(
        label=gettext_lazy("For the colleague who takes the class"),
        help_text=gettext_lazy("What the class does meanwhile, and where the things lie."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    room = _room()

    def __init__(
        self, *args: Any, before: list[tuple[str, str]], after: list[tuple[str, str]],
        covers: Mapping[str, tuple[str, list[tuple[str, str]], str]], by_hand: bool, **kwargs: Any,
    ) -> None:  # fmt: skip
        """`covers`: for the key of each lesson to cover its label, its options, and which of them is chosen."""
        super().__init__(*args, **kwargs)
        gone = _("This time is no longer free. Please choose again.")
        for name, options in (("talk_before", before), ("talk_after", after)):
            field = self.fields[name]
            # (the stubs know a field of a form by its base class alone)
            field.choices = options  # type: ignore[attr-defined]
            field.initial = self.initial.get(name, options[0][0])
            field.error_messages["invalid_choice"] = gone
        self.cover_names = {key: f"cover-{key}" for key in covers}
        for key, (label, options, chosen) in covers.items():
            self.fields[self.cover_names[key]] = forms.ChoiceField(
                label=label, choices=options, widget=forms.RadioSelect, initial=chosen
            )
        if not covers:
            del self.fields["notes"]
        if not by_hand:
            del self.fields["room"]

    @property
    def cover_fields(self) -> list[Any]:
        """The fields about lessons to cover."""
        return [self[name] for name in self.cover_names.values()]

    @property
    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        given = self.cleaned_data
        by_video = given["way"] == Visit.Way.VIDEO
        return {
            "talk_before": span_of(given["talk_before"]),
            # The talk after a film waits until it was seen.
            "talk_after": None if by_video else span_of(given["talk_after"]),
            "covers": {key: given[name] for key, name in self.cover_names.items()},
            "notes": given.get("notes", ""),
            "room": given.get("room", ""),
            "way": given["way"],
        }


class TalkForm(forms.Form):
    """Another time for one talk: one that is proposed, or by hand."""

    all_optional = True  # a time is chosen already

    time = forms.ChoiceField(label=gettext_lazy("When?"), widget=_Named, required=False)
    on = DayField(label=gettext_lazy("Another day"), required=False)
    begin = ClockField(label=gettext_lazy("From when?"), required=False)
    end = ClockField(label=gettext_lazy("Until when?"), required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["time"]
        # (the stubs know a field of a form by its base class alone)
        field.choices = [*choices, (HAND, _("Another time, as written below"))]  # type: ignore[attr-defined]
        field.initial = choices[0][0]
        field.error_messages["invalid_choice"] = _("This time is no longer free. Please choose again.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors or not self._by_hand(values):
            return values
        if not all(values.get(name) for name in ("on", "begin", "end")):
            self.add_error("on", _("Say the day, the beginning and the end."))
        elif values["end"] <= values["begin"]:
            self.add_error("end", _("The end must come after the beginning."))
        return values

    @staticmethod
    def _by_hand(values: Mapping[str, Any]) -> bool:
        # Whoever writes down hours means them, whatever is chosen above.
        return values.get("time") == HAND or bool(values.get("begin") or values.get("end"))

    @property
    def span(self) -> Span | None:
        """The time by hand, where one is given; else the one chosen; None for no talk."""
        values = self.cleaned_data
        if self._by_hand(values):
            return Span(*(_moment(values["on"], values[name]) for name in ("begin", "end")))
        return span_of(values["time"])


class MeetForm(HandForm):
    """A meeting, once or every so many weeks."""

    room = _room()
    weeks = forms.TypedChoiceField(
        label=gettext_lazy("How often?"),
        choices=[
            (0, gettext_lazy("Once")),
            (1, gettext_lazy("Every week")),
            (2, gettext_lazy("Every second week")),
            (4, gettext_lazy("Every fourth week")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        initial=0,
    )
    times = forms.IntegerField(
        label=gettext_lazy("How many times, if it repeats?"),
        min_value=2,
        max_value=MOST_TIMES,
        required=False,
        initial=6,
        widget=forms.NumberInput(attrs={"min": 2, "max": MOST_TIMES, "inputmode": "numeric"}),
    )

    @classmethod
    def preset(cls) -> dict[str, Any]:
        """What it shows at first: half an hour in the afternoon of the next school day."""
        on = timezone.localdate() + timedelta(days=1)
        while on.weekday() >= SATURDAY:
            on += timedelta(days=1)
        return {"on": on, "begin": time(15, 30), "end": time(16)}

    @property
    def rule(self) -> str:
        """How it repeats; nothing where it does not."""
        weeks = self.cleaned_data["weeks"]
        return rule_of(weeks=weeks, times=self.cleaned_data["times"] or 6) if weeks else ""
