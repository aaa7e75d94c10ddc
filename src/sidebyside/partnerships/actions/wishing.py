"""A teacher asks the facilitators of her places for a coach."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.partnerships.models import Wish
from sidebyside.people.models import Person
from sidebyside.places.models import Place, Post, Role


@transaction.atomic
def wish_for_coach(*, by: Person, place: Place, at: datetime) -> Wish:
    """Ask the facilitators of `place` for a coach. No leader sees it.

    Raises Refused when she does not work at or below that place, or has asked already.
    """
    if not Post.objects.filter(person=by, to_date=None, place__links_above__above=place).exists():
        raise Refused(_("You can ask at the places where you work."))
    try:
        with transaction.atomic():
            wish = Wish.objects.create(person=by, place=place, at=at)
    except IntegrityError:
        raise Refused(_("You have asked already. Your facilitators see it.")) from None
    record("wish.made", wish, by=by, at=at)
    return wish


@transaction.atomic
def close_wish(wish: Wish, *, by: Person, at: datetime) -> None:
    """Take one's wish back, or, as a facilitator of its place, lay it aside. Closed already: nothing happens.

    Raises Refused for anybody else.
    """
    if wish.person_id != by.pk and not _facilitates(by, wish.place_id):
        raise Refused(_("Only who asked, or a facilitator of her place, can close this."))
    if Wish.objects.filter(pk=wish.pk, closed_at=None).update(closed_at=at):
        wish.closed_at = at
        record("wish.closed", wish, by=by, at=at)


def _facilitates(person: Person, place_id: int) -> bool:
    roles = Role.objects.filter(person=person, kind=Role.Kind.FACILITATOR, ended_at=None)
    return roles.filter(place__links_below__place=place_id).exists()
