"""What is asked before a lesson is given to all, and the words that are looked over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from markupsafe import Markup

from sidebyside.lessons import publishing
from sidebyside.lessons.actions.publishing import LONGEST_CREDIT, LONGEST_LABEL
from sidebyside.lessons.capitals import Found
from sidebyside.lessons.models import Attachment
from sidebyside.web.commons.licences import SENTENCES, label_of, languages

MOST_MORE = 5_000  # characters of words that somebody adds by hand


class PublicationForm(forms.Form):
    """Licence, credit, what helps to find it, and what is said of each file."""

    licence = forms.ChoiceField(label=gettext_lazy("What may others do with it?"), widget=forms.RadioSelect)
    credit = forms.CharField(
        label=gettext_lazy("Who is named as its makers?"),
        help_text=gettext_lazy("Everybody reads this line: your names, your school, or nothing at all."),
        max_length=LONGEST_CREDIT,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=LONGEST_LABEL,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    level = forms.CharField(
        label=gettext_lazy("Level"),
        help_text=gettext_lazy("Such as an age or a year. Not the name of your class."),
        max_length=LONGEST_LABEL,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language it is written in"))

    def __init__(
        self, *arguments: Any, allowed: Iterable[str], files: Sequence[Attachment], draft: publishing.Draft | None,
        licence: str = "", **options: Any,
    ) -> None:  # fmt: skip
        here = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
        initial: dict[str, Any] = {"language": here, "licence": licence}
        if draft is not None and draft.language:
            initial |= {name: getattr(draft, name) for name in ("credit", "subject", "level", "language")}
            initial |= {f"file_{pk}": said for pk, said in draft.pictures.items()}
        super().__init__(*arguments, initial=initial, **options)
        self.fields["licence"].choices = [
            (code, Markup('<strong translate="no">%s</strong>: %s') % (label_of(code), SENTENCES[code]))
            for code in allowed
        ]
        self.fields["language"].choices = languages([here])
        self.files_asked = files
        for one in files:
            self.fields[f"file_{one.pk}"] = forms.ChoiceField(
                label=_("Who can be recognised in it?"), choices=_said_of(one), widget=forms.RadioSelect
            )

    @property
    def pictures(self) -> dict[int, str]:
        """What was said of each file."""
        return {one.pk: self.cleaned_data.get(f"file_{one.pk}", "") for one in self.files_asked}

    def asked_of(self, one: Attachment) -> forms.BoundField:
        """The question about one file."""
        return self[f"file_{one.pk}"]


def _said_of(one: Attachment) -> list[tuple[str, str]]:
    nobody = _("Nobody can be recognised") if one.file.is_picture else _("It names nobody, and shows nobody")
    return [
        (publishing.NOBODY, nobody),
        (publishing.AGREED, _("Everybody shown or named agreed, and for children their guardians")),
        (publishing.LEFT_OUT, _("Leave it out")),
    ]


# The words


@dataclass(frozen=True)
class Row:
    """A word of the list, whether it is taken out, and what stands in its place."""

    word: str
    count: int
    where: list[str]
    before: str
    after: str
    out: bool
    instead: str


@dataclass(frozen=True)
class LookOver:
    """All capitalised words of a lesson in four groups, those that are taken out first."""

    taken: list[Row]
    names: list[Row]
    words: list[Row]
    starts: list[Row]

    @property
    def count(self) -> int:
        return len(self.names) + len(self.words) + len(self.starts)


def look_over(found: Iterable[Found], replaced: Mapping[str, str], part_names: Mapping[str, str]) -> LookOver:
    """The words to look over: `replaced` are those taken out, also words that somebody added by hand."""
    groups: dict[str, list[Row]] = {"taken": [], "name": [], "word": [], "start": []}
    known = {}
    for one in found:
        where = [part_names[at] for at in one.where if part_names.get(at)]
        known[one.word] = one
        row = Row(one.word, one.count, where, one.before, one.after, one.word in replaced, replaced.get(one.word, ""))
        kind = "start" if one.only_begins else "name" if one.kind == "name" else "word"
        groups["taken" if row.out else kind].append(row)
    for word, instead in replaced.items():
        if word not in known:
            groups["taken"].append(Row(word, 0, [], "", "", True, instead))
    return LookOver(groups["taken"], groups["name"], groups["word"], groups["start"])


def replaced_in(data: Any) -> dict[str, str]:
    """The words to take out of a posted form (a QueryDict), each with what stands in its place."""
    usual = data.get("instead", "").strip()[:LONGEST_LABEL] or str(_(publishing.ANYBODY))
    own = dict(zip(data.getlist("of"), data.getlist("as"), strict=False))
    more = [line.strip() for line in data.get("more", "")[:MOST_MORE].splitlines()]
    return {word: own.get(word, usual) for word in [*data.getlist("out"), *more] if word.strip()}
