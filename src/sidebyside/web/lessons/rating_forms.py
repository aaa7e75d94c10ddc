"""Forms about ratings: by what the lesson is rated as it stands, and which moment that is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.lessons.models import LessonVersion
from sidebyside.lessons.rating_queries import Offered


class RateNowForm(forms.Form):
    """Rate the lesson as it stands: by what, and how its version is called if one is kept for it."""

    by = forms.ChoiceField(label=gettext_lazy("By what?"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=gettext_lazy("Which moment of the lesson is this?"),
        choices=LessonVersion.Kind.choices,
        initial=LessonVersion.Kind.TAUGHT,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, offers: Sequence[Offered], **more: Any) -> None:
        super().__init__(*args, **more)
        by = self.fields["by"]
        assert isinstance(by, forms.ChoiceField)
        by.choices = [(offer.slug, _(offer.scale.title)) for offer in offers]
        by.initial = offers[0].slug if offers else None
