"""Forms about a programme: settings, own words, goals, which cycles are offered."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.materials.content_shapes import CycleTemplate
from sidebyside.materials.models import Programme
from sidebyside.materials.words import WORDS

PEOPLE = (
    "learning_partner",
    "coach",
    "peer",
    "facilitator",
    "school_leader",
    "programme_lead",
    "cover_desk",
    "evaluator",
    "owner",
)


class NameForm(forms.Form):
    """The name of a new programme."""

    name = forms.CharField(label=gettext_lazy("Name of the programme"), max_length=120)


class SettingsForm(forms.Form):
    """A programme's name and settings."""

    name = forms.CharField(label=gettext_lazy("Name of the programme"), max_length=120)
    leaders_see_partnerships = forms.BooleanField(
        label=gettext_lazy("School leaders see which partnerships exist"),
        required=False,
        help_text=gettext_lazy("Only who works with whom. Never what is said, when or how often."),
    )
    days_for_leavers = forms.IntegerField(
        label=gettext_lazy("Days for who leaves"),
        min_value=0,
        max_value=730,
        help_text=gettext_lazy("So long somebody who left can still sign in to take her or his work along."),
    )

    @classmethod
    def of(cls, programme: Programme, sent: Any) -> "SettingsForm":
        names = ("name", "leaders_see_partnerships", "days_for_leavers")
        return cls(sent, initial={name: getattr(programme, name) for name in names}, prefix="settings")


class GoalForm(forms.Form):
    """One goal of a place."""

    text = forms.CharField(label=gettext_lazy("A goal of this place"), max_length=300)


class TemplatesForm(forms.Form):
    """Which cycles are offered."""

    slugs = forms.MultipleChoiceField(
        label=gettext_lazy("Offered when a cycle begins"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Offer at least one kind of cycle.")},
    )

    def __init__(self, *args: Any, templates: list[CycleTemplate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slugs"].choices = [(template.slug, _(template.title)) for template in templates]


class WordsForm(forms.Form):
    """Two fields for each word that may be renamed: for one and for several."""

    def __init__(self, *args: Any, own: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, word in WORDS.items():
            named = own.get(key) or ("", "")
            for form, label, shipped, written in (
                ("one", _("“%(word)s”, one"), word.singular, named[0]),
                ("many", _("“%(word)s”, several"), word.plural, named[1]),
            ):
                self.fields[f"{key}_{form}"] = forms.CharField(
                    label=label % {"word": _(shipped)}, required=False, max_length=40, initial=written
                )

    def words(self) -> dict[str, tuple[str, str]]:
        """What was written: key to (one, several)."""
        return {key: (self.cleaned_data[f"{key}_one"], self.cleaned_data[f"{key}_many"]) for key in WORDS}

    def of_people(self) -> list[tuple[str, Any, Any]]:
        """For each word that people are called by: the word, and its two fields."""
        return self._pairs(PEOPLE)

    def of_work(self) -> list[tuple[str, Any, Any]]:
        """For each other word: the word, and its two fields."""
        return self._pairs([key for key in WORDS if key not in PEOPLE])

    def _pairs(self, keys: Iterable[str]) -> list[tuple[str, Any, Any]]:
        return [(_(WORDS[key].singular), self[f"{key}_one"], self[f"{key}_many"]) for key in keys]
