"""Forms about cover: away, substitutes, the proposal, the choice, rules and limits."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.cover.models import CoverOffer, CoverRules
from sidebyside.cover.queries import Choice
from sidebyside.people.models import Person
from sidebyside.web.date_fields import ClockField, DayField


def moments(on: date, last: date, begins: time | None, ends: time | None, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when to when, where the school is: without times all day, to the end of the last one."""
    begin = datetime.combine(on, begins or time(), zone)
    if ends is None:
        return begin, datetime.combine(last + timedelta(days=1), time(), zone)
    return begin, datetime.combine(last, ends, zone)


class PersonField(forms.CharField):
    """Somebody of the school, by her name as the list of suggestions writes it, or by what her name begins with."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Who"), max_length=310, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs
        )


class AwayForm(forms.Form):
    """Who is away: all day, or from and to a time. No field for a reason."""

    who = PersonField()
    begins = ClockField(label=gettext_lazy("From"), required=False)
    ends = ClockField(label=gettext_lazy("To"), required=False)
    last = DayField(label=gettext_lazy("Last day"), required=False)

    def __init__(self, *args: Any, people: dict[int, Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["who"].widget.attrs["list"] = "people-of-school"

    def clean_who(self) -> Person:
        """The one person of that name; of several, or of the beginning of a name, the only one."""
        wanted = " ".join(self.cleaned_data["who"].split()).casefold()
        named = [person for person in self.people.values() if person.name.casefold() == wanted]
        named = named or [person for person in self.people.values() if _begins(person, wanted)]
        if not named:
            raise forms.ValidationError(_("Nobody of this name works here."))
        if len(named) > 1:
            names = ", ".join(person.name for person in named[:6])
            raise forms.ValidationError(
                _("Several people have this name: %(names)s. Write it in full."), params={"names": names}
            )
        return named[0]


def _begins(person: Person, wanted: str) -> bool:
    words = (person.name, person.family_name, person.given_name)
    return any(word.casefold().startswith(wanted) for word in words)


class OwnAwayForm(forms.Form):
    """When she is away herself."""

    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: that day alone."))
    begins = ClockField(label=gettext_lazy("From"), required=False)
    ends = ClockField(label=gettext_lazy("To"), required=False, help_text=gettext_lazy("Empty: all day."))


class SubstituteForm(forms.Form):
    """Somebody from outside who comes on one day."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    begins = ClockField(label=gettext_lazy("From"))
    ends = ClockField(label=gettext_lazy("To"))


class ProposalForm(forms.Form):
    """How a day is to be planned."""

    substitutes_first = forms.BooleanField(label=gettext_lazy("Use substitutes first"), required=False)
    others_too = forms.BooleanField(
        label=gettext_lazy("Substitutes also take lessons under 20 or over 50 minutes, whole"), required=False
    )


class ChoiceForm(forms.Form):
    """Who takes a lesson."""

    who = forms.ChoiceField(label=gettext_lazy("Who takes it"), widget=forms.RadioSelect)
    swap = forms.BooleanField(label=gettext_lazy("As a swap between the two: it counts for neither"), required=False)
    beyond_limit = forms.BooleanField(label=gettext_lazy("Even beyond the limit"), required=False)

    def __init__(self, *args: Any, choice: Choice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = CoverOffer.Kind
        people = [(kinds.COLLEAGUE, choice.free), (kinds.ADMINISTRATOR, choice.leaders)]
        people += [(kinds.COLLEAGUE, choice.not_in), (kinds.TOGETHER, choice.teaching)]
        found = [(f"{kind.value}-{one.person.pk}", one.person.name) for kind, ones in people for one in ones]
        found += [(f"{kinds.SUBSTITUTE.value}-{one.pk}", one.name) for one in choice.substitutes]
        self.fields["who"].choices = found

    @property
    def kind(self) -> str:
        """What kind of cover was chosen."""
        kind = self.cleaned_data["who"].partition("-")[0]
        return CoverOffer.Kind.SWAP if self.cleaned_data["swap"] and kind != CoverOffer.Kind.SUBSTITUTE else kind

    @property
    def number(self) -> int:
        """The id of the person, or of the substitute's day."""
        return int(self.cleaned_data["who"].partition("-")[2])


class NotesForm(forms.Form):
    """What the one who takes the lesson needs to know."""

    text = forms.CharField(
        label=gettext_lazy("Notes for the lesson"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=gettext_lazy("What the class does meanwhile, and where the things lie."),
    )


class LimitsForm(forms.Form):
    """The most covers of one person; empty is any number."""

    most_a_day = forms.IntegerField(label=gettext_lazy("On one day"), min_value=0, max_value=1000, required=False)
    most_a_week = forms.IntegerField(label=gettext_lazy("In one week"), min_value=0, max_value=1000, required=False)
    most_a_term = forms.IntegerField(label=gettext_lazy("In one term"), min_value=0, max_value=1000, required=False)


class RulesForm(LimitsForm):
    """How a school arranges cover."""

    window = forms.ChoiceField(
        label=gettext_lazy("Count covers over"), choices=CoverRules.Window, widget=forms.RadioSelect
    )


class OwnLimitForm(LimitsForm):
    """Other limits for one person."""

    who = PersonField()
    field_order = ("who",)

    def __init__(self, *args: Any, people: dict[int, Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["who"].widget.attrs["list"] = "people-of-school"

    clean_who = AwayForm.clean_who
