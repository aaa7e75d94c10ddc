"""Forms about the tree and about roles."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sidebyside.people.models import Person
from sidebyside.places.models import Place, Post, Role
from sidebyside.web.own_words import OwnWords


def sent(request: HttpRequest) -> Any:
    """What was sent with a form, or nothing where its page is only shown."""
    return request.POST if request.method == "POST" else None


def _languages() -> list[tuple[str, str]]:
    return [("", _("As the place above")), *settings.LANGUAGES]


class PlaceForm(forms.Form):
    """A place's name, language and time zone."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=_languages, required=False)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("Such as Europe/Lisbon. Empty: as the place above."),
    )


class NewPlaceForm(PlaceForm):
    """As above, with its kind."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), widget=forms.RadioSelect, choices=Place.Kind.choices)
    field_order = ("name", "kind", "language", "time_zone")


class MoveForm(forms.Form):
    """Where a place goes: one of the places that were found."""

    parent = forms.ChoiceField(label=gettext_lazy("Move it below"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, found: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [(str(place.pk), _where(place)) for place in found]


def _where(place: Place) -> SafeString:
    return _names([place.name, *([place.parent.name] if place.parent else [])])


def _names(names: list[str]) -> SafeString:
    """Names in one line, each in the direction of its own letters."""
    return format_html_join(" · ", "<bdi>{}</bdi>", ((name,) for name in names))


class RoleForm(forms.Form):
    """Which role somebody is given; `found` are the persons to choose from."""

    person = forms.ChoiceField(label=gettext_lazy("Who"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    room_for = forms.IntegerField(
        label=gettext_lazy("Room for"),
        initial=2,
        min_value=0,
        max_value=20,
        required=False,
        help_text=gettext_lazy("With how many people a coach can work at a time. It counts for coaches only."),
    )

    def __init__(
        self,
        *args: Any,
        found: list[Person],
        posts: dict[int, list[Post]],
        kinds: list[str],
        words: OwnWords,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [
            (str(person.pk), _names([person.name, *(post.place.name for post in posts.get(person.pk, []))]))
            for person in found
        ]
        self.fields["kind"].choices = [(kind, words.role(kind)) for kind in kinds]
        if len(kinds) == 1:
            self.fields["kind"].initial = kinds[0]
        if Role.Kind.COACH not in kinds:
            del self.fields["room_for"]
