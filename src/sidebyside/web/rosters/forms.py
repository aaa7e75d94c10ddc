"""What is asked about a roster: the file and whose it is, and what must be said before it is applied."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

MEBIBYTE = 1 << 20
# Larger archives take longer to read than a browser waits; the command line takes four times as much.
LARGEST_UPLOAD = 64 * MEBIBYTE


class UploadForm(forms.Form):
    """A roster and its source."""

    place: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("For which place"),
        help_text=_("New places of the roster are put below this one."),
        queryset=None,
        empty_label=None,
    )
    source = forms.CharField(
        label=_("Where it comes from"),
        help_text=_(
            "A name for its source, such as the system that wrote it. Use the same name each time: "
            "a full roster says who has left, and only people of its own source can leave by it."
        ),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("The roster"),
        help_text=_("A OneRoster archive (zip), or one table (CSV). Nothing changes before you have seen what would."),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,.csv,.txt"}),
    )

    def __init__(self, *args: Any, places: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        place = cast(forms.ModelChoiceField, self.fields["place"])
        place.queryset = places
        if len(places) == 1:
            place.widget = forms.HiddenInput()
            self.initial["place"] = places[0].pk

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD:
            raise forms.ValidationError(
                _("This file is larger than %(limit)s MB. Bring it in on the server, with import_roster."),
                params={"limit": LARGEST_UPLOAD // MEBIBYTE},
            )
        return file


class ApplyForm(forms.Form):
    """The answers without which a roster is not applied, each asked only where there is something to answer."""

    after = forms.CharField(required=False, widget=forms.HiddenInput())
    leaving = forms.IntegerField(min_value=0, required=False)
    refused_accepted = forms.BooleanField(required=False)

    def __init__(self, *args: Any, question: int | None, refused: int, **options: Any) -> None:
        super().__init__(*args, **options)
        if question is None:
            del self.fields["leaving"]
        else:
            self.fields["leaving"].label = _("Write the number of people who leave: %(number)s") % {"number": question}
            self.fields["leaving"].required = True
        if not refused:
            del self.fields["refused_accepted"]
        else:
            self.fields["refused_accepted"].label = _("The refused rows may stay out")
            self.fields["refused_accepted"].required = True
