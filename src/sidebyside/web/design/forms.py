"""A form with one field of every kind, for the page of all components."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Everything(forms.Form):
    """One field of every kind that pages use."""

    kinds = forms.MultipleChoiceField(
        label=_("What was it?"),
        choices=[
            ("talk", _("Talk")),
            ("plan", _("Co-planning")),
            ("visit", _("Visit")),
            ("corridor", _("In the corridor")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    minutes = forms.ChoiceField(
        label=_("How long?"),
        choices=[("5", "5"), ("15", "15"), ("30", "30"), ("50", "50")],
        widget=forms.RadioSelect,
    )
    focus = forms.CharField(label=_("Focus in your own words"), help_text=_("One sentence is enough."))
    evidence = forms.CharField(label=_("What would show it?"), widget=forms.Textarea, required=False)
    day = forms.DateField(label=_("By when?"), widget=forms.DateInput(attrs={"type": "date"}))
    goal = forms.ChoiceField(
        label=_("Goal of the school"),
        choices=[("", _("None of them")), ("aloud", _("Pupils reason aloud"))],
        required=False,
    )
    where = forms.ChoiceField(
        label=_("Where shall we meet?"),
        choices=[("room", _("In my classroom")), ("staff", _("In the staff room"))],
        widget=forms.RadioSelect,
        help_text=_("Either is fine."),
    )
    picture = forms.FileField(label=_("A picture of the board"), required=False)
    agreed = forms.BooleanField(label=_("I keep to myself what is said between us"))
