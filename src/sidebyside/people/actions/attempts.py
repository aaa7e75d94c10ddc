"""Attempts to get in: counted for an hour, so that nobody can try thousands of passwords or flood a mailbox.

A whole district may sit behind one network address on the day it begins, so what succeeds is given back to the
machine (`clear_attempts`, `give_back`): only what fails counts against it.

What is kept is a keyed digest of the address or of the machine's network address, never either of them.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from sidebyside.base.refusals import Refused
from sidebyside.people.models import Attempt

KEPT_FOR = timedelta(hours=1)
# How many attempts an hour: of one address, and of one machine. Links asked for in vain take nothing from those who
# type a code or a password there.
OF_ADDRESS = {"link": 5, "password": 10}
OF_MACHINE = {"link": 1_000, "password": 300, "code": 300}


@transaction.atomic
def note_attempt(*, how: str, address: str, machine: str, at: datetime) -> None:
    """Count one attempt. `how` is "link", "password" or "code" (a code names nobody, so only the machine counts).

    Raises Refused when this address or this machine has had its attempts for the hour: the same words whether or
    not the address belongs to anybody.
    """
    forget_attempts(at=at)
    limits = {_machine(how, machine): OF_MACHINE[how]}
    if how in OF_ADDRESS:
        limits[_mark(how, address)] = OF_ADDRESS[how]
    for mark, limit in limits.items():
        if Attempt.objects.filter(mark=mark, at__gt=at - KEPT_FOR).count() >= limit:
            raise Refused(_("That was tried many times in the last hour. Please wait a while, then try again."))
    Attempt.objects.bulk_create([Attempt(mark=mark, at=at) for mark in limits])


@transaction.atomic
def clear_attempts(*, how: str, address: str, machine: str) -> None:
    """Forget the attempts of an address, and this one of the machine: it has just succeeded."""
    Attempt.objects.filter(mark=_mark(how, address)).delete()
    give_back(how=how, machine=machine)


@transaction.atomic
def give_back(*, how: str, machine: str) -> None:
    """Forget one attempt of the machine: it was no guess. A mailbox stays as full as it is."""
    last = Attempt.objects.filter(mark=_machine(how, machine)).order_by("-pk").values_list("pk", flat=True)[:1]
    Attempt.objects.filter(pk__in=list(last)).delete()


def forget_attempts(*, at: datetime) -> int:
    """Forget attempts older than an hour. Returns how many."""
    return Attempt.objects.filter(at__lte=at - KEPT_FOR).delete()[0]


def _machine(how: str, machine: str) -> str:
    return _mark("machine for links" if how == "link" else "machine", machine)


def _mark(how: str, of_what: str) -> str:
    return salted_hmac("sidebyside.people.attempts", f"{how}:{of_what.strip().lower()}", algorithm="sha256").hexdigest()
