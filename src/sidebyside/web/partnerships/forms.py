"""What is asked on the pages of partnerships."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.materials.content_shapes import NormsActivity
from sidebyside.partnerships.actions.agreeing import LONGEST_CARD
from sidebyside.partnerships.models import Part


class SearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Name of a colleague"),
        required=True,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto", "autocomplete": "off"}),
    )


class PartForm(forms.Form):
    part = forms.ChoiceField(label=gettext_lazy("Your part"), widget=forms.RadioSelect)

    def __init__(self, *arguments: Any, parts: list[str], words: dict[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["part"].choices = [(part, words[part]) for part in parts]


class CardForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("One wish for our work together"),
        help_text=gettext_lazy("In a few words. Nobody sees it before you turn your cards over."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Please write something first.")},
        strip=False,
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # The browser counts along; what is too long or holds a NUL is refused by the verb, with its own sentence.
        self.fields["text"].widget.attrs["maxlength"] = LONGEST_CARD
        self.fields["text"].validators = []


class AskedText(forms.CharField):
    """A text that is asked for and may still come from elsewhere: the verb says when it is missing."""

    def validate(self, value: Any) -> None:
        """Nothing: see the verb."""


def _long_text(label: Any, rows: int, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    field = AskedText(
        label=label,
        help_text=help_text,
        required=required,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )
    # Django's own check of NULs has no sentence for a person; the verb has.
    field.validators = []
    return field


class AgreementForm(forms.Form):
    """The four texts of an agreement, with chips beside them whose choice is added on saving."""

    use_required_attribute = False
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
    norms = _long_text(
        gettext_lazy("Our norms"),
        6,
        gettext_lazy("One to a line; few enough to remember, in your own words."),
        required=True,
    )
    habits = _long_text(gettext_lazy("How we meet, in our own words"), 4)
    confidence = _long_text(
        gettext_lazy("What stays between us"), 6, gettext_lazy("A clause to begin with. Change it as you need.")
    )
    roles = _long_text(
        gettext_lazy("What each of us takes on"), 8, gettext_lazy("Lines to begin with. Change them as you need.")
    )

    def __init__(self, *arguments: Any, activity: NormsActivity, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.activity = activity
        for topic in activity.topics:
            self.fields[f"topic_{topic.slug}"] = forms.MultipleChoiceField(
                label=_(topic.title),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(str(number), _(norm)) for number, norm in enumerate(topic.norms)],
            )
        for habit in activity.habits:
            self.fields[f"habit_{habit.slug}"] = forms.ChoiceField(
                label=_(habit.question),
                required=False,
                widget=forms.RadioSelect,
                choices=[(choice.slug, _(choice.label)) for choice in habit.choices],
            )

    @property
    def topics(self) -> list[Any]:
        return [self[f"topic_{topic.slug}"] for topic in self.activity.topics]

    @property
    def habit_questions(self) -> list[Any]:
        return [self[f"habit_{habit.slug}"] for habit in self.activity.habits]

    def texts(self) -> dict[str, str]:
        """The four texts with what was ticked added to them. For a form that is valid."""
        cleaned = self.cleaned_data
        norms = [cleaned["norms"].rstrip()]
        for topic in self.activity.topics:
            norms += [_(topic.norms[int(number)]) for number in cleaned[f"topic_{topic.slug}"]]
        return {
            "norms": _lines(norms),
            "habits": self._habits(cleaned["habits"].rstrip()),
            "roles": cleaned["roles"],
            "confidence": cleaned["confidence"],
        }

    def _habits(self, text: str) -> str:
        """A new answer takes the place of the line that held the old one."""
        lines = text.splitlines()
        for habit in self.activity.habits:
            chosen = self.cleaned_data[f"habit_{habit.slug}"]
            if not chosen:
                continue
            question = _(habit.question)
            label = next(_(choice.label) for choice in habit.choices if choice.slug == chosen)
            lines = [line for line in lines if not line.startswith(question)] + [f"{question} {label}"]
        return _lines(lines)


def _lines(lines: list[str]) -> str:
    return "\n".join(line for line in lines if line.strip())


def beginning(activity: NormsActivity, parts: list[str], cards: list[str]) -> dict[str, str]:
    """The texts with which a first agreement begins: the cards as norms, the shipped clause, the parts' lines."""
    codes = {Part.COACH.value: "coach", Part.PARTNER.value: "learning_partner", Part.PEER.value: "peer"}
    wanted = {codes[part] for part in parts}
    roles = [clause for clause in activity.roles if clause.code in wanted]
    return {
        "norms": _lines(cards),
        "habits": "",
        "confidence": _lines([_(line) for line in activity.confidentiality.lines]),
        "roles": "\n\n".join(_lines([_(clause.title), *(_(line) for line in clause.lines)]) for clause in roles),
    }


__all__ = ["AgreementForm", "CardForm", "PartForm", "SearchForm", "beginning"]
