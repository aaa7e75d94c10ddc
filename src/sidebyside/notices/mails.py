"""Who gets a mail, when, and in which words.

A mail is a pointer: it says where somebody asks, never who, and never a word of anybody's work. What it points to is
asked of the policy when it is shown. At present one thing is told by mail: that she is asked to form a partnership.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from sidebyside.base.later import later
from sidebyside.base.models import Event
from sidebyside.partnerships.models import Seat
from sidebyside.people.models import Person
from sidebyside.places.models import Link, Place


def tell_who_is_asked(event: Event) -> None:
    """Reader of "proposal.made": whoever is asked and has signed in before gets a mail, once it is certain.

    Who has never signed in gets an invitation from those who invite people, not from here.
    """
    waiting = Seat.objects.filter(proposal=event.about_id, accepted_at=None).exclude(person=event.by)
    asked = list(waiting.filter(person__joined_at__isnull=False).values_list("person_id", flat=True))
    if asked and event.by is not None:
        place, proposal = _school_of(event.by), event.about_id

        def send() -> None:
            for person in asked:
                later(send_asked, person=person, place=place, proposal=proposal)

        transaction.on_commit(send)


def send_asked(*, person: int, place: str, proposal: int) -> bool:
    """Tell somebody that somebody at `place` asks her something. Returns whether a mail went.

    None goes where the question has gone meanwhile, where she has left or stopped her mails, or has no mailbox.
    """
    to = Person.objects.filter(pk=person, left_at=None, mails_stopped_at=None, email__isnull=False).first()
    still = Seat.objects.filter(proposal=proposal, person=person, accepted_at=None, proposal__closed_at=None)
    if to is None or not to.email or not still.exists():
        return False
    with translation.override(language_of(to)):
        subject = _("Somebody asks you something in Side by Side")
        text = _("Somebody at %(place)s asks you something.") if place else _("Somebody asks you something.")
        lines = [
            text % {"place": place},
            _("Sign in to read it and to answer: %(address)s") % {"address": settings.SITE_URL},
            _("There is no hurry, and no reason is asked if you would rather not."),
            _("You get this mail because a colleague asked you. You can stop such mails on your page: %(address)s")
            % {"address": f"{settings.SITE_URL}/me/"},
        ]
        EmailMessage(subject, "\n\n".join(lines) + "\n", to=[to.email]).send()
    return True


def _school_of(person: int) -> str:
    """The name of the school where she works, else of the place; empty where she works nowhere."""
    rows = Link.objects.filter(place__posts__person=person, place__posts__to_date=None).order_by("depth")
    places = list(rows.values_list("above__name", "above__kind"))
    return next((name for name, kind in places if kind == Place.Kind.SCHOOL), places[0][0] if places else "")


def language_of(person: Person) -> str:
    """The language she chose, else that of the nearest place above her work, else the installation's."""
    if person.language:
        return person.language
    rows = Link.objects.filter(place__posts__person=person.pk, place__posts__to_date=None).exclude(above__language="")
    found = rows.order_by("depth").values_list("above__language", flat=True).first()
    return found if found in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
