"""What a partnership agrees: cards each writes alone, the agreement they word together, and the signatures."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.base.text import accepted, required
from sidebyside.partnerships.actions.membership import must_be_member, must_be_open
from sidebyside.partnerships.models import Agreement, NormCard, Partnership, Signature
from sidebyside.people.models import Person

CARDS_EACH = 5
LONGEST_CARD = 500


@transaction.atomic
def write_card(partnership: Partnership, *, text: str, by: Person, at: datetime) -> NormCard:
    """Write one wish on a card. It is its author's own until she turns her cards over.

    Raises Refused for an empty or too long text, and for a sixth card in her hand.
    """
    must_be_open(partnership)
    must_be_member(partnership, by)
    text = required(text, longest=LONGEST_CARD)
    in_hand = NormCard.objects.filter(partnership=partnership, author=by, turned_at=None, removed_at=None)
    if in_hand.count() >= CARDS_EACH:
        raise Refused(_("You have five cards, the most one has. Turn them over, or take one back first."))
    card = NormCard.objects.create(partnership=partnership, author=by, text=text, written_at=at)
    record("card.written", card, by=by, at=at, partnership=partnership.pk)
    return card


@transaction.atomic
def turn_cards(partnership: Partnership, *, by: Person, at: datetime) -> int:
    """Turn one's own cards over, so that all members see them. Returns how many. Raises Refused for none."""
    must_be_open(partnership)
    must_be_member(partnership, by)
    in_hand = NormCard.objects.filter(partnership=partnership, author=by, turned_at=None, removed_at=None)
    turned = in_hand.update(turned_at=at)
    if not turned:
        raise Refused(_("You have no cards to turn over. Write one first."))
    record("cards.turned", partnership, by=by, at=at, partnership=partnership.pk)
    return turned


@transaction.atomic
def write_agreement(
    partnership: Partnership,
    *,
    norms: str,
    habits: str,
    roles: str,
    confidence: str,
    by: Person,
    at: datetime,
    after: int | None = None,
) -> Agreement:
    """Write the next version of the agreement. It is signed again by all; nothing waits for that.

    `after` is the number of the version it was written from (0: there was none). Raises Overtaken, with the
    version that stands, when somebody else wrote one meanwhile; Refused for an agreement without norms, or a
    text that cannot be kept.
    """
    must_be_open(partnership)
    must_be_member(partnership, by)
    texts = {
        "norms": required(norms),
        "habits": accepted(habits),
        "roles": accepted(roles),
        "confidence": accepted(confidence),
    }
    latest = Agreement.objects.filter(partnership=partnership).order_by("-number").first()
    standing = latest.number if latest else 0
    if after is not None and after != standing:
        raise _overtaken(partnership)
    try:
        with transaction.atomic():
            agreement = Agreement.objects.create(
                partnership=partnership, number=standing + 1, written_at=at, written_by=by, **texts
            )
    except IntegrityError:
        raise _overtaken(partnership) from None
    record("agreement.written", agreement, by=by, at=at, partnership=partnership.pk)
    return agreement


@transaction.atomic
def sign(agreement: Agreement, *, by: Person, at: datetime) -> Signature:
    """Stand by this version of the agreement. Signed already: the first signature stays.

    Raises Refused when `by` is not in the partnership, or a newer version has been written.
    """
    must_be_open(agreement.partnership)
    must_be_member(agreement.partnership, by)
    if Agreement.objects.filter(partnership=agreement.partnership_id, number__gt=agreement.number).exists():
        raise Refused(_("There is a newer version of your agreement. Read that one before you sign."))
    signature, first = Signature.objects.get_or_create(agreement=agreement, person=by, defaults={"at": at})
    if first:
        record("agreement.signed", agreement, by=by, at=at, partnership=agreement.partnership_id)
    return signature


def _overtaken(partnership: Partnership) -> Overtaken:
    current = Agreement.objects.filter(partnership=partnership).order_by("-number").first()
    return Overtaken(
        _("Somebody else has written a new version meanwhile. Here are both texts: nothing is lost."), current=current
    )
