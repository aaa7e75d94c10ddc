"""Owners: the first one, the others, and that there is always one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.base.text import required
from sidebyside.base.tokens import digest, new_token
from sidebyside.people.actions.passes import take_back_passes
from sidebyside.people.models import EntryPass, FirstRun, Ownership, Person


@transaction.atomic
def open_first_run(*, at: datetime) -> str:
    """Make the secret that opens the first-run page; the one of an earlier start stops working.

    Raises Refused where the installation has, or ever had, an owner.
    """
    if Ownership.objects.exists():
        raise Refused(_("This installation has an owner already."))
    FirstRun.objects.all().delete()
    secret = new_token()
    FirstRun.objects.create(digest=digest(secret), made_at=at)
    return secret


@transaction.atomic
def use_first_run(secret: str, *, at: datetime) -> None:
    """Use the first-run link up. Raises Refused where it is wrong or used, or where there is an owner."""
    used = FirstRun.objects.filter(digest=digest(secret), used_at=None).update(used_at=at)
    if not used or Ownership.objects.exists():
        raise Refused(_("This link has been used: the installation has its first owner. Sign in as that person."))


@transaction.atomic
def begin_ownership(*, given_name: str, family_name: str, email: str, at: datetime) -> Person:
    """Make the first owner. Somebody a roster has brought before under that address becomes it."""
    person = _person_of(email=email, given_name=given_name, family_name=family_name)
    make_owner(person, by=None, at=at)
    return person


@transaction.atomic
def name_owner(*, email: str, given_name: str, family_name: str, by: Person, at: datetime) -> Ownership:
    """Make somebody an owner by her address, whether she is known here or not."""
    return make_owner(_person_of(email=email, given_name=given_name, family_name=family_name), by=by, at=at)


@transaction.atomic
def make_owner(person: Person, *, by: Person | None, at: datetime) -> Ownership:
    """Make somebody an owner. She may be one already: then nothing changes. Raises Refused for who has left."""
    if Person.objects.filter(pk=person.pk).exclude(left_at=None).exists():
        raise Refused(_("This person has left."))
    ownership, new = Ownership.objects.get_or_create(
        person=person, ended_at=None, defaults={"made_at": at, "made_by": by}
    )
    if new:
        # Whoever printed codes for her would be an owner with them.
        take_back_passes([person], kind=EntryPass.Kind.CODE, at=at)
        record("owner.made", ownership, by=by, at=at, person=person.pk)
    return ownership


@transaction.atomic
def end_ownership(ownership: Ownership, *, by: Person, at: datetime) -> None:
    """End somebody's ownership. Raises Refused for the last one: an installation always has an owner."""
    # Two owners may end each other's at the same moment: the rows are taken first.
    current = list(Ownership.objects.select_for_update().filter(ended_at=None).order_by("pk"))
    if ownership.pk not in {each.pk for each in current}:
        raise Refused(_("This person is no longer an owner."))
    if len(current) == 1:
        raise Refused(_("This is the last owner. Make another owner first."))
    Ownership.objects.filter(pk=ownership.pk, ended_at=None).update(ended_at=at, ended_by=by)
    ownership.ended_at, ownership.ended_by = at, by
    record("owner.ended", ownership, by=by, at=at, person=ownership.person_id)


@transaction.atomic
def print_recovery_sheet(ownership: Ownership, *, by: Person, at: datetime) -> None:
    """Write down that an owner printed the recovery sheet. The sheet itself is kept nowhere."""
    record("owner.printed_recovery_sheet", ownership, by=by, at=at)


def _person_of(*, email: str, given_name: str, family_name: str) -> Person:
    """The person with this address, made where there is none."""
    email = required(email, longest=254).lower()
    found = Person.objects.filter(email=email).first()
    if found is not None:
        return found
    return Person.objects.create(
        email=email, given_name=required(given_name, longest=150), family_name=family_name.strip()[:150]
    )
