"""Forms of a lesson: to begin one, to name it, to say what a part is called, to say something about it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from sidebyside.lessons.actions.lessons import LONGEST_ABOUT, LONGEST_TITLE
from sidebyside.partnerships.models import Member, Part
from sidebyside.people.models import Person


def _title(**more: Any) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("What is the lesson called?"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        **more,
    )


def _about() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Class and subject"),
        max_length=LONGEST_ABOUT,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


class TitleForm(forms.Form):
    """Title and description of a lesson."""

    title = _title()
    about = _about()


class BeginForm(TitleForm):
    """Begin a lesson; where several members could be its teacher, one of them is chosen."""

    def __init__(self, *args: Any, members: Sequence[Member] = (), viewer: Person | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = {str(member.person_id): member.person for member in members}
        if len(self.people) > 1:
            partners = [member.person_id for member in members if member.part == Part.PARTNER]
            mine = viewer is not None and (viewer.pk in partners or not partners)
            self.fields["teacher"] = forms.ChoiceField(
                label=gettext_lazy("Whose lesson is it?"),
                choices=[(pk, Markup("<bdi>%s</bdi>") % person.short_name) for pk, person in self.people.items()],
                widget=forms.RadioSelect,
                initial=viewer.pk if mine and viewer else partners[0],
            )

    def teacher(self, otherwise: Person) -> Person:
        """Whose lesson it is."""
        return self.people.get(self.cleaned_data.get("teacher", ""), otherwise)


class FactsForm(forms.Form):
    """What a part is called, and how long it takes."""

    title = forms.CharField(
        label=gettext_lazy("Another name for this part"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=0, max_value=1000, required=False)
