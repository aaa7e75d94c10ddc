"""What a person settles about herself."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import accepted, required
from sidebyside.people.models import Person


@transaction.atomic
def change_profile(
    person: Person,
    *,
    given_name: str,
    family_name: str,
    language: str,
    theme: str,
    about: str,
    by: Person,
    at: datetime,
) -> Person:
    """Change a person's name, language, theme and the line about her. Empty language: as her place or her browser.

    Raises Refused for a name or a line that cannot be kept, and for a language or theme that is none.
    """
    if language and language not in dict(settings.LANGUAGES):
        raise Refused(_("This language is not there yet."))
    if theme not in Person.Theme.values:
        raise Refused(_("Choose one of the three themes."))
    person.given_name = _line(required(given_name, longest=150))
    person.family_name = _line(accepted(family_name, longest=150))
    person.language, person.theme, person.about = language, theme, accepted(about, longest=500)
    person.save(update_fields=["given_name", "family_name", "language", "theme", "about"])
    record("person.profile_changed", person, by=by, at=at)
    return person


@transaction.atomic
def set_password(person: Person, *, new: str, by: Person, at: datetime) -> None:
    """Set a password (checked by the form); all her sessions but the one that follows from it are over."""
    person.set_password(new)
    person.save(update_fields=["password"])
    record("person.password_set", person, by=by, at=at)


@transaction.atomic
def sign_out_everywhere(person: Person, *, by: Person, at: datetime) -> None:
    """End every session of a person. The door keeps the present one by renewing what it carries."""
    Person.objects.filter(pk=person.pk).update(signed_out_everywhere_at=at)
    person.signed_out_everywhere_at = at
    record("person.signed_out_everywhere", person, by=by, at=at)


def _line(text: str) -> str:
    return " ".join(text.split())
