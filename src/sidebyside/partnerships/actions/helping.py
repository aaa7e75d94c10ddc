"""A facilitator offers help: the one act she has. And who opened what, for the members to see."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from sidebyside.base.events import record as record_event
from sidebyside.base.refusals import Refused
from sidebyside.partnerships.actions.membership import must_be_member, must_be_open
from sidebyside.partnerships.models import HelpOffer, Member, Opening, Partnership
from sidebyside.people.models import Person
from sidebyside.places.models import Role


@transaction.atomic
def offer_help(partnership: Partnership, *, by: Person, at: datetime) -> HelpOffer:
    """Tell a partnership that its facilitator is there if they want her.

    Raises Refused when it has ended, when `by` is in it or is no facilitator of a member's school, and when an
    offer of hers lies there already.
    """
    must_be_open(partnership)
    members = Member.objects.filter(partnership=partnership, left_at=None)
    places = Role.objects.filter(person=by, kind=Role.Kind.FACILITATOR, ended_at=None).values("place")
    theirs = members.filter(school__links_above__above__in=places).exists()
    if not theirs or members.filter(person=by).exists():
        raise Refused(_("Help is offered by a facilitator of their schools who is not in the partnership."))
    # Takes the row, so that of two offers at the same moment the second sees the first.
    Partnership.objects.filter(pk=partnership.pk).update(form=F("form"))
    if HelpOffer.objects.filter(partnership=partnership, by=by, put_away_at=None).exists():
        raise Refused(_("Your offer lies there already. They will come to you if they like."))
    offer = HelpOffer.objects.create(partnership=partnership, by=by, at=at)
    record_event("help.offered", offer, by=by, at=at, partnership=partnership.pk)
    return offer


@transaction.atomic
def put_away(offer: HelpOffer, *, by: Person, at: datetime) -> None:
    """Put an offer of help away, as a member. Away already: nothing happens. Raises Refused for others."""
    must_be_member(offer.partnership, by)
    if HelpOffer.objects.filter(pk=offer.pk, put_away_at=None).update(put_away_at=at):
        offer.put_away_at = at
        record_event("help.put_away", offer, by=by, at=at, partnership=offer.partnership_id)


def note_opening(partnership: Partnership, *, reader: Person, record: Model, at: datetime) -> None:
    """Write down that somebody who is no member opened a confidential record: once a day for each record.

    A member opening what is hers leaves nothing.
    """
    if Member.objects.filter(partnership=partnership, person=reader, left_at=None).exists():
        return
    kind = record._meta.model_name or ""
    opening = Opening(
        partnership=partnership, reader=reader, kind=kind, record_id=record.pk, on_date=timezone.localdate(at)
    )
    Opening.objects.bulk_create([opening], ignore_conflicts=True)
