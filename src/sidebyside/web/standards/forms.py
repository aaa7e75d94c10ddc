"""What is asked about a list of standards: the file of a package, or a list as it is typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.materials.standards_actions import LONGEST_TITLE
from sidebyside.materials.standards_shapes import LARGEST


class PackageForm(forms.Form):
    """The file of a package."""

    file = forms.FileField(
        label=gettext_lazy("The package"),
        help_text=gettext_lazy(
            "A CASE package as your board or ministry gives it out: a JSON file, or a zip that holds one. "
            "Nothing changes before you have seen what it says."
        ),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.zip"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB, which no list of standards needs.") % {"limit": LARGEST >> 20}
            )
        return file


class ListForm(forms.Form):
    """A place's own list."""

    title = forms.CharField(label=gettext_lazy("What it is called"), max_length=LONGEST_TITLE)
    text = forms.CharField(
        label=gettext_lazy("The statements, one on each line"),
        help_text=gettext_lazy(
            "Set a line in with spaces where it belongs below the one above it. A code may stand before a statement, "
            "parted by a tab or by “ | ”."
        ),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true", "dir": "auto"}),
    )
