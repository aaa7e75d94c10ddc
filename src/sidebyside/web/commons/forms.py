"""What is asked of somebody who makes a published lesson her own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from sidebyside.lessons.actions.publishing import LONGEST_THANKS
from sidebyside.partnerships.models import Partnership
from sidebyside.web.cycles.people import Company

ALONE = "alone"


class AdoptForm(forms.Form):
    """Where the copy goes, and a line of thanks."""

    into = forms.ChoiceField(label=gettext_lazy("Where shall it go?"), widget=forms.RadioSelect, initial=ALONE)
    thanks = forms.CharField(
        label=gettext_lazy("A line of thanks to its makers"),
        help_text=gettext_lazy("They see your name with it. Without a line they see only that somebody adopted it."),
        max_length=LONGEST_THANKS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, partnerships: Sequence[Partnership], viewer: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.partnerships = {str(one.pk): one for one in partnerships if one.ended_at is None}
        choices: list[tuple[str, str]] = []
        for pk, one in self.partnerships.items():
            members = [member for member in one.members.all() if member.left_at is None]
            label = Markup(_("Into your work: %(who)s")) % {"who": Company(members, viewer).seen}
            choices.append((pk, label))
        self.fields["into"].choices = [(ALONE, _("For me alone")), *choices]

    @property
    def partnership(self) -> Partnership | None:
        """The partnership that was chosen; None for herself alone."""
        return self.partnerships.get(self.cleaned_data["into"])
