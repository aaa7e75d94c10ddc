"""What several verbs of cover do first: take what they are about, so that two who act at once come in turn.

The order is the same everywhere: days of people (calendars.actions.booking_days), then requests. Whoever takes them
in another order may wait for ever.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.cover.models import CoverOffer, CoverRequest
from sidebyside.people.models import Person


def hold_requests(pks: Iterable[int]) -> list[CoverRequest]:
    """Take these requests for this transaction, as they stand now, in the order of their ids."""
    wanted = CoverRequest.objects.select_for_update(of=("self",)).filter(pk__in=list(pks))
    return list(wanted.select_related("person").order_by("pk"))


def hold_open(request: CoverRequest, *, at: datetime) -> CoverRequest:
    """Take a request for this transaction and return it as it stands now.

    Raises Refused where it was taken back or its lesson is over.
    """
    held = hold_requests([request.pk])
    if not held or held[0].cancelled_at is not None:
        raise Refused(_("This lesson needs no cover any more."))
    if held[0].end <= at:
        raise Refused(_("This lesson is over."))
    return held[0]


def alive_offer(request: CoverRequest) -> CoverOffer | None:
    """The offer of this request that is neither declined nor withdrawn. One query."""
    return CoverOffer.objects.filter(request=request.pk, no_at=None, withdrawn_at=None).first()


def take_back(offer: CoverOffer, *, by: Person | None, at: datetime, told: bool = False) -> None:
    """Withdraw an offer that is alive. With `told` she knows of it already, and no mail tells her."""
    offer.withdrawn_at, offer.withdrawn_by = at, by
    offer.told_withdrawn_at = at if told else None
    offer.save(update_fields=["withdrawn_at", "withdrawn_by", "told_withdrawn_at"])
    record("cover.withdrawn", offer, by=by, at=at, request=offer.request_id, person=offer.person_id)
