"""A teacher asks the facilitators of her places for a coach."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.partnerships.models import Wish
from sidebyside.partnerships.queries import who_reads_a_wish
from sidebyside.people.models import Person
from sidebyside.places.models import Place, Post, Role


@transaction.atomic
def wish_for_coach(*, by: Person, place: Place, at: datetime, to: Person | None = None) -> Wish:
    """Ask the facilitators of `place` for a coach, or one of them (`to`). Nobody who leads her sees it.

    Raises Refused when she does not work at or below that place, when nobody there could see it (or `to` could not),
    or when she has asked already.
    """
    if not Post.objects.filter(person=by, to_date=None, place__links_above__above=place).exists():
        raise Refused(_("You can ask at the places where you work."))
    if not who_reads_a_wish(by, place, Role.objects.all(), to=to):
        raise Refused(_("A facilitator who does not lead you is needed for this. You can ask a coach yourself."))
    try:
        with transaction.atomic():
            wish = Wish.objects.create(person=by, place=place, at=at, to=to)
    except IntegrityError:
        raise Refused(_("You have asked already. Your facilitators see it.")) from None
    record("wish.made", wish, by=by, at=at)
    return wish


@transaction.atomic
def close_wish(wish: Wish, *, by: Person, at: datetime) -> None:
    """Take one's wish back, or, as a facilitator who sees it, lay it aside. Closed already: nothing happens.

    Raises Refused for anybody else.
    """
    if by.pk != wish.person_id and by not in who_reads_a_wish(wish.person, wish.place, Role.objects.all(), to=wish.to):
        raise Refused(_("Only who asked, or a facilitator of her place, can close this."))
    if Wish.objects.filter(pk=wish.pk, closed_at=None).update(closed_at=at):
        wish.closed_at = at
        record("wish.closed", wish, by=by, at=at)
