"""The log of contacts: when, how long, what kinds of help. No text."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base import bin
from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.cycles.models import Contact, Cycle
from sidebyside.cycles.twins import LONGEST, are_twins
from sidebyside.materials.queries import kinds_of_help
from sidebyside.partnerships.models import Partnership
from sidebyside.people.models import Person


@transaction.atomic
def log_contact(
    partnership: Partnership, *, kinds: Iterable[str], minutes: int, began_at: datetime, by: Person, at: datetime
) -> Contact:
    """Log one contact, in the running cycle and its stage where there is one.

    `kinds` are codes of kinds of help, at least one; an errand never counts as coaching. `minutes`: 1 to 600.
    Raises Refused for an unknown kind, another length, a moment still to come, and when the partnership has ended.
    """
    if partnership.ended_at is not None:
        raise Refused(_("This partnership has ended. What you wrote stays here to read."))
    running = Cycle.objects.filter(partnership=partnership, ended_at=None).first()
    contact = Contact.objects.create(
        partnership=partnership, cycle=running, stage=running.stage if running else "",
        kinds=_known(kinds), minutes=_possible(minutes), began_at=_past(began_at, at), logged_at=at, logged_by=by,
    )  # fmt: skip
    record("contact.logged", contact, by=by, at=at, partnership=partnership.pk)
    return contact


@transaction.atomic
def correct(
    contact: Contact, *, kinds: Iterable[str], minutes: int, began_at: datetime, by: Person, at: datetime
) -> None:
    """Put an entry right; any member may, and the entry says who did. No change: nothing happens.

    Raises Refused as `log_contact` does, and when the entry was removed meanwhile.
    """
    values = {"kinds": _known(kinds), "minutes": _possible(minutes), "began_at": _past(began_at, at)}
    if all(getattr(contact, name) == value for name, value in values.items()):
        return
    values |= {"corrected_at": at, "corrected_by": by}
    if not Contact.objects.filter(pk=contact.pk, removed_at=None).update(**values):
        raise Refused(_("This entry was removed meanwhile."))
    for name, value in values.items():
        setattr(contact, name, value)
    record("contact.corrected", contact, by=by, at=at, partnership=contact.partnership_id)


@transaction.atomic
def join(contact: Contact, other: Contact, *, by: Person, at: datetime) -> None:
    """Make one entry of two for the same talk: `contact` stays, with the kinds of both, the earlier beginning and
    the longer length; `other` goes to the bin.

    Raises Refused for entries of the same member, of different partnerships, of other times, or removed ones.
    """
    pair = Contact.objects.filter(pk__in=[contact.pk, other.pk], partnership=contact.partnership_id, removed_at=None)
    if pair.count() != 2 or not are_twins(contact, other):
        raise Refused(_("These two entries are not about the same half hour any more."))
    union = sorted({*contact.kinds, *other.kinds})
    minutes, began_at = max(contact.minutes, other.minutes), min(contact.began_at, other.began_at)
    correct(contact, kinds=union, minutes=minutes, began_at=began_at, by=by, at=at)
    bin.remove(other, by=by, at=at)
    record("contacts.joined", contact, by=by, at=at, partnership=contact.partnership_id, other=other.pk)


@transaction.atomic
def keep_apart(contact: Contact, *, by: Person, at: datetime) -> None:
    """Say that this entry is another talk than the one beside it. Said already: nothing happens."""
    if Contact.objects.filter(pk=contact.pk, kept_apart_at=None).update(kept_apart_at=at):
        contact.kept_apart_at = at
        record("contact.kept_apart", contact, by=by, at=at, partnership=contact.partnership_id)


def _known(kinds: Iterable[str]) -> list[str]:
    chosen = set(kinds)
    if not chosen:
        raise Refused(_("Choose at least one kind of help."))
    if chosen - {kind.code for kind in kinds_of_help()}:
        raise Refused(_("One of these kinds of help is not known here. Please choose again."))
    return sorted(chosen)


def _possible(minutes: int) -> int:
    if not 1 <= minutes <= LONGEST:
        raise Refused(_("A contact lasts from 1 to %(most)s minutes.") % {"most": LONGEST})
    return minutes


def _past(began_at: datetime, at: datetime) -> datetime:
    if began_at > at:
        raise Refused(_("This is still to come. Log it when it has happened."))
    return began_at
