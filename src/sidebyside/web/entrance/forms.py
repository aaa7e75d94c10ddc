"""What is asked of somebody who wants in."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from sidebyside.people.models import Person
from sidebyside.places.models import Place

LONGEST_PASSWORD = 1_000
HERE = {"autocapitalize": "none", "spellcheck": "false"}


def offered_languages() -> list[tuple[str, str]]:
    """The languages to choose from. The made one is for those who build and try the program."""
    shows_made = settings.DEBUG or settings.SHOWS_DESIGN or settings.DEMONSTRATION
    return [(code, name) for code, name in settings.LANGUAGES if shows_made or code != settings.PSEUDO_LANGUAGE]


def zones() -> list[str]:
    """The names of the time zones of places, in order, and UTC. (Others are signs for hours, not for places.)"""
    of_places = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return sorted(["UTC", *of_places])


def password_field(*, new: bool, **options: Any) -> forms.CharField:
    """A field for a password: as it is typed, white space and all."""
    known = "new-password" if new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": known})
    return forms.CharField(max_length=LONGEST_PASSWORD, strip=False, widget=widget, **options)


class LinkForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one your school knows. We send a link there; no password is needed."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", **HERE}),
    )


class SharedForm(forms.Form):
    shared = forms.BooleanField(
        label=_("This is a shared computer: sign me out when the browser is closed"), required=False
    )


class CodeForm(SharedForm):
    code = forms.CharField(
        label=_("A code from your sheet"),
        help_text=_("Twelve letters and digits. Small letters and spaces do not matter."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", **HERE}),
    )
    field_order = ["code", "shared"]


class PasswordForm(SharedForm):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", **HERE}),
    )
    password = password_field(new=False, label=_("Your password"))
    field_order = ["email", "password", "shared"]


class FirstRunForm(forms.Form):
    given_name = forms.CharField(
        label=_("Your given name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Your family name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("Links to sign in go there."),
        widget=forms.EmailInput(attrs={"autocomplete": "username", **HERE}),
    )
    password = password_field(
        new=True,
        label=_("A password"),
        required=False,
        help_text=_("At least 12 characters. It helps while this server cannot send mail yet."),
    )
    kind = forms.ChoiceField(label=_("What kind of place is it for?"), widget=forms.RadioSelect)
    place = forms.CharField(label=_("Its name"), max_length=200, help_text=_("Such as the name of the district."))
    language = forms.ChoiceField(label=_("Language"))
    time_zone = forms.ChoiceField(label=_("Time zone"))
    programme = forms.CharField(
        label=_("Name of the programme"), max_length=120, help_text=_("What people here will call it.")
    )
    leads = forms.BooleanField(
        label=_("I am programme lead there too: I bring the roster, give roles and settle the words"),
        required=False,
        help_text=_("An owner alone sets the installation up and names the first programme lead."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        kinds = {
            Place.Kind.COUNTRY: _("A country"),
            Place.Kind.REGION: _("A region or county"),
            Place.Kind.DISTRICT: _("A district"),
            Place.Kind.SCHOOL: _("A single school"),
        }
        self.fields["kind"].choices = list(kinds.items())
        self.fields["kind"].initial = Place.Kind.DISTRICT
        self.fields["language"].choices = offered_languages()
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones()]
        self.fields["time_zone"].initial = settings.TIME_ZONE

    def clean(self) -> dict[str, Any]:
        """A password, where there is one, is held to the rules of every password."""
        found = super().clean() or {}
        if found.get("password"):
            about = Person(given_name=found.get("given_name", ""), email=found.get("email"))
            try:
                password_validation.validate_password(found["password"], about)
            except forms.ValidationError as fault:
                self.add_error("password", fault)
        return found


class OwnerForm(forms.Form):
    email = forms.EmailField(
        label=_("Their e-mail address"),
        max_length=254,
        help_text=_("A link to sign in goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", **HERE}),
    )
    given_name = forms.CharField(
        label=_("Given name"), max_length=150, help_text=_("Used only where the address is not known here yet.")
    )
    family_name = forms.CharField(label=_("Family name"), max_length=150, required=False)
