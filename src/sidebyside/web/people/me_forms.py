"""What a person settles about herself."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.people.models import Person
from sidebyside.web.entrance.forms import offered_languages, password_field


class ProfileForm(forms.Form):
    given_name = forms.CharField(
        label=gettext_lazy("Given name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=gettext_lazy("Family name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    about = forms.CharField(
        label=gettext_lazy("A line about you"),
        help_text=gettext_lazy("Subjects, interests, what you would like to try. Colleagues of your school see it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    theme = forms.ChoiceField(label=gettext_lazy("Colours"), widget=forms.RadioSelect)

    def __init__(self, *arguments: Any, person: Person, **options: Any) -> None:
        names = ("given_name", "family_name", "about", "language", "theme")
        super().__init__(*arguments, initial={name: getattr(person, name) for name in names}, **options)
        self.fields["language"].choices = [("", _("As my browser says")), *offered_languages()]
        themes = {Person.Theme.SYSTEM: _("As my device"), Person.Theme.LIGHT: _("Light"), Person.Theme.DARK: _("Dark")}
        self.fields["theme"].choices = list(themes.items())
        for name in ("given_name", "family_name", "about"):
            self.fields[name].widget.attrs["dir"] = "auto"


class NewPasswordForm(forms.Form):
    present = password_field(new=False, label=gettext_lazy("Your password until now"))
    new = password_field(
        new=True,
        label=gettext_lazy("New password"),
        help_text=gettext_lazy("At least 12 characters. Four words in a row are easy to keep and hard to guess."),
    )

    def __init__(self, *arguments: Any, person: Person, asks_for_present: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.person = person
        if not asks_for_present:
            del self.fields["present"]

    def clean_new(self) -> str:
        """Held to the rules of every password."""
        new = self.cleaned_data["new"]
        password_validation.validate_password(new, self.person)
        return new
