"""Forms about ratings: by what the lesson is rated as it stands, and which moment that is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from sidebyside.lessons.models import LessonVersion
from sidebyside.lessons.rating_queries import Offered

# What rating by each kind of material is like, for somebody who does not know its name.
WAYS = {
    "checklist": gettext_lazy("things to look for, area by area"),
    "chain": gettext_lazy("questions with yes or no that lead to a level"),
    "levels": gettext_lazy("names for how technology is used"),
}


class RateNowForm(forms.Form):
    """Rate the lesson as it stands: by what, and how its version is called if one is kept for it.

    `moment` is the kind of version that mostly follows what was kept last.
    """

    by = forms.ChoiceField(label=gettext_lazy("By what?"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=gettext_lazy("Which moment of the lesson is this?"),
        choices=LessonVersion.Kind.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, offers: Sequence[Offered], moment: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].initial = moment
        by = self.fields["by"]
        assert isinstance(by, forms.ChoiceField)
        by.choices = [(offer.slug, _described(offer)) for offer in offers]
        by.initial = offers[0].slug if offers else None


def _described(offer: Offered) -> Markup:
    """What can be rated by, and in a few words how. (The title may be a partnership's own.)"""
    return Markup("<strong><bdi>%s</bdi></strong>: %s") % (_(offer.scale.title), WAYS[offer.kind])
