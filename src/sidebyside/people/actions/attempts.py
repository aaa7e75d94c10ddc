"""Attempts to get in: counted for an hour, so that nobody can try thousands of passwords or flood a mailbox.

What is kept is a keyed digest of the address or of the machine's network address, never either of them.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from sidebyside.base.refusals import Refused
from sidebyside.people.models import Attempt

KEPT_FOR = timedelta(hours=1)
# How many attempts an hour. A whole school may sit behind one network address, so that limit is wide.
LIMITS = {"link": 5, "password": 10, "machine": 300}


@transaction.atomic
def note_attempt(*, how: str, address: str, machine: str, at: datetime) -> None:
    """Count one attempt. `how` is "link", "password" or "code" (a code names nobody, so only the machine counts).

    Raises Refused when this address or this machine has had its attempts for the hour: the same words whether or
    not the address belongs to anybody.
    """
    forget_attempts(at=at)
    marks = [_mark("machine", machine)] + ([_mark(how, address)] if how in LIMITS else [])
    limits = [LIMITS["machine"]] + ([LIMITS[how]] if how in LIMITS else [])
    for mark, limit in zip(marks, limits, strict=True):
        if Attempt.objects.filter(mark=mark, at__gt=at - KEPT_FOR).count() >= limit:
            raise Refused(_("That was tried many times in the last hour. Please wait a while, then try again."))
    Attempt.objects.bulk_create([Attempt(mark=mark, at=at) for mark in marks])


@transaction.atomic
def clear_attempts(*, how: str, address: str, machine: str) -> None:
    """Forget the attempts of an address, and this one of the machine: it has just succeeded."""
    Attempt.objects.filter(mark=_mark(how, address)).delete()
    last = Attempt.objects.filter(mark=_mark("machine", machine)).order_by("-pk").values("pk")[:1]
    Attempt.objects.filter(pk__in=list(last.values_list("pk", flat=True))).delete()


def forget_attempts(*, at: datetime) -> int:
    """Forget attempts older than an hour. Returns how many."""
    return Attempt.objects.filter(at__lte=at - KEPT_FOR).delete()[0]


def _mark(how: str, of_what: str) -> str:
    return salted_hmac("sidebyside.people.attempts", f"{how}:{of_what.strip().lower()}", algorithm="sha256").hexdigest()
