"""The summary form (its fields come from the materials), the plan's one line, and to whom."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from sidebyside.materials.content_shapes import SummaryForm as Shape
from sidebyside.places.models import Role
from sidebyside.summaries.models import Plan


def summary_form(shape: Shape, *args: Any, texts: Mapping[str, str] | None = None, version: int = 1) -> forms.Form:
    """A form with the fields of the shipped or forked summary form."""
    form = forms.Form(*args, initial={**(texts or {}), "version": version})
    form.all_optional = True  # said once, above the form
    form.fields["version"] = forms.IntegerField(label=_("Version"), widget=forms.HiddenInput, min_value=1)
    for field in shape.fields:
        widget = (
            forms.Textarea(attrs={"rows": 4, "dir": "auto"}) if field.long else forms.TextInput(attrs={"dir": "auto"})
        )
        form.fields[field.slug] = forms.CharField(
            label=_(field.label), help_text=_(field.help), required=False, widget=widget, strip=False
        )
    return form


ASKS = {
    Plan.Ask.NOTHING: gettext_lazy("Nothing: we only show the plan"),
    Plan.Ask.TIME: gettext_lazy("Time"),
    Plan.Ask.ROOM: gettext_lazy("A room"),
    Plan.Ask.DEVICE: gettext_lazy("A device"),
    Plan.Ask.TRAINING: gettext_lazy("Training"),
}


class PlanForm(forms.Form):
    ask = forms.ChoiceField(
        label=gettext_lazy("What do you ask for?"), choices=list(ASKS.items()), required=False, widget=forms.RadioSelect
    )
    line = forms.CharField(
        label=gettext_lazy("In one line"),
        help_text=gettext_lazy("For example: the laptop trolley on three Tuesdays in March."),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


def _bdi(name: str) -> Markup:
    return Markup("<bdi>%s</bdi>") % name


class ReleaseForm(forms.Form):
    to = forms.ChoiceField(label=gettext_lazy("Who may read it?"), widget=forms.RadioSelect)

    def __init__(self, roles: list[Role], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = {
            Role.Kind.LEADER: _("school leader"),
            Role.Kind.FACILITATOR: _("facilitator"),
            Role.Kind.LEAD: _("programme lead"),
        }
        self.people = {role.person_id: role.person for role in roles}
        self.fields["to"].choices = [
            (
                role.person_id,
                Markup(_("%(name)s, %(role)s, %(place)s"))
                % {"name": _bdi(role.person.name), "role": kinds[role.kind], "place": _bdi(role.place.name)},
            )
            for role in roles
        ]

    @property
    def person(self):
        return self.people[int(self.cleaned_data["to"])]


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy(
            "What you can give, or when you can talk about it. You are not asked to approve the plan."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
