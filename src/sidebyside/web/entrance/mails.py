"""The mails that let people in: a few plain words and a link, nothing else."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sidebyside.people import actions, queries
from sidebyside.people.models import EntryPass, Person
from sidebyside.places.models import Place

FAULTS = (OSError, ValueError)  # SMTPException is an OSError


def send_link(*, email: str, next_page: str, machine: str, at: datetime) -> None:
    """Send a link to sign in, if the address is known. Called after the page has answered, so nobody can tell.

    What a known address asks for does not count against the `machine` it was asked from.
    """
    person = queries.to_sign_in(email)
    if person is None:
        return
    actions.give_back(how="link", machine=machine)
    secret = actions.give_link(person, kind=EntryPass.Kind.LINK, by=None, at=at)
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject = _("Your link to Side by Side")
        text = _(
            "Hello %(name)s,\n\nhere is your link to sign in:\n\n%(link)s\n\n"
            "It works once, for one hour. If you did not ask for it, you need not do anything."
        ) % {"name": person.short_name, "link": link_to(secret, next_page)}
        _mail(person, subject, text).send()


def send_to_owner(person: Person, *, by: Person, at: datetime) -> bool:
    """Send a new owner who has never signed in her way in. Returns whether the mail server took it."""
    if not person.email:
        return False
    secret = actions.give_link(person, kind=EntryPass.Kind.INVITATION, by=by, at=at)
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject = _("You are an owner of Side by Side")
        text = _(
            "Hello %(name)s,\n\n%(by)s has made you an owner of the installation at %(site)s. "
            "With this link you sign in for the first time:\n\n%(link)s\n\nIt works once, for 30 days."
        ) % {"name": person.short_name, "by": by.name, "site": settings.SITE_URL, "link": link_to(secret, "")}
        try:
            _mail(person, subject, text).send()
        except FAULTS:
            return False
    return True


def send_invitations(people: Iterable[Person], *, place: Place, by: Person, at: datetime) -> tuple[int, list[Person]]:
    """Send each of these an invitation over one connection. Returns how many went, and whose did not.

    An invitation that could not be sent is taken back, so that its person stays on the list of who is not invited.
    """
    sent, lost = 0, []
    connection = get_connection()
    down = not _opens(connection)
    for person in people:
        if down or not person.email:
            lost.append(person)
            continue
        if _invite(person, place=place, by=by, at=at, connection=connection):
            sent += 1
        else:
            lost.append(person)
            # One refused address is one refused address; a line that is cut is all of them.
            down = not _opens(connection)
    connection.close()
    return sent, lost


def _invite(person: Person, *, place: Place, by: Person, at: datetime, connection: BaseEmailBackend) -> bool:
    secret = actions.give_link(person, kind=EntryPass.Kind.INVITATION, by=by, at=at)
    with translation.override(person.language or place.language or settings.LANGUAGE_CODE):
        subject = _("An invitation to Side by Side")
        text = _(
            "Hello %(name)s,\n\n%(by)s invites you to Side by Side, where teachers of %(place)s coach each other. "
            "What you write there stays between you and your partner.\n\n"
            "With this link you sign in for the first time:\n\n%(link)s\n\n"
            "It works once, for 30 days. Later you get a new one whenever you want, at %(site)s."
        ) % {
            "name": person.short_name,
            "by": by.name,
            "place": place.name,
            "link": link_to(secret, ""),
            "site": settings.SITE_URL + reverse("sign_in"),
        }
        try:
            _mail(person, subject, text, connection).send()
        except FAULTS:
            actions.take_back_passes([person], kind=EntryPass.Kind.INVITATION, at=at)
            return False
    return True


def link_to(secret: str, next_page: str) -> str:
    """The address of the page with the one button. Never drawn from the request: its host may be forged."""
    return (
        settings.SITE_URL
        + reverse("enter", args=[secret])
        + (f"?{urlencode({'next': next_page})}" if next_page else "")
    )


def _mail(person: Person, subject: str, text: str, connection: BaseEmailBackend | None = None) -> EmailMessage:
    return EmailMessage(subject, text + "\n", to=[str(person.email)], connection=connection)


def _opens(connection: BaseEmailBackend) -> bool:
    try:
        connection.open()
    except FAULTS:
        return False
    return True
