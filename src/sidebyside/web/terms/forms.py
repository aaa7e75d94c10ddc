"""Which weeks a calendar is for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.calendars.models import Term
from sidebyside.web.date_fields import DayField
from sidebyside.web.dates import date_of

OTHER = "other"
WORTH_IT = timedelta(days=14)  # a term that ends sooner is not chosen for you
WEEKS = timedelta(weeks=10)


class WeeksForm(forms.Form):
    """A term of the school, or two dates. `chosen` is what is meant once it is valid."""

    all_optional = True  # which of them counts is said by the first
    term = forms.ChoiceField(label=gettext_lazy("For which weeks?"), widget=forms.RadioSelect, required=False)
    begin = DayField(label=gettext_lazy("First day"), required=False)
    end = DayField(label=gettext_lazy("Last day"), required=False)

    def __init__(self, terms: Sequence[Term], *args: Any, today: date) -> None:
        usual = next((term for term in terms if term.end - today >= WORTH_IT), None)
        initial = {
            "term": str(usual.pk) if usual else OTHER,
            "begin": today + timedelta(days=1),
            "end": today + WEEKS,
        }
        super().__init__(*args, initial=initial)
        self.terms = {str(term.pk): term for term in terms}
        if terms:
            named = [(key, _named(term)) for key, term in self.terms.items()]
            # (the stubs know a field of a form by its base class alone)
            self.fields["term"].choices = [*named, (OTHER, _("Other dates"))]  # type: ignore[attr-defined]
        else:
            del self.fields["term"]

    def clean(self) -> dict[str, Any]:
        """Other dates are both given."""
        found = super().clean() or {}
        if self.terms.get(found.get("term", "")) is None:
            for name in ("begin", "end"):
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, _("Please choose a day."))
        return found

    @property
    def chosen(self) -> dict[str, Any]:
        """First day, last day and the term, as the verbs take them."""
        term = self.terms.get(self.cleaned_data.get("term", ""))
        if term is not None:
            return {"begin": term.begin, "end": term.end, "term": term}
        return {"begin": self.cleaned_data["begin"], "end": self.cleaned_data["end"], "term": None}


def _named(term: Term) -> str:
    days = _("%(begin)s to %(end)s") % {"begin": date_of(term.begin), "end": date_of(term.end)}
    return format_html("<bdi>{}</bdi>, {}", term.name, days)
