"""Those who are asked accept, or would rather not; who asked takes it back."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.partnerships.actions.membership import add_member, fit_form, key_of, members_of, must_be_open
from sidebyside.partnerships.models import Partnership, Proposal, Seat, Wish
from sidebyside.partnerships.shapes import form_of
from sidebyside.people.models import Person


@transaction.atomic
def accept(proposal: Proposal, *, by: Person, at: datetime) -> Partnership | None:
    """Say yes to a proposal. Returns the partnership when this was the last yes, else None.

    Raises Refused when the proposal is no longer open, or `by` is not asked or has answered. The event names
    nobody: who accepted would tell who did not.
    """
    _hold(proposal)
    mine = Seat.objects.filter(proposal=proposal, person=by)
    if not mine.filter(accepted_at=None).update(accepted_at=at):
        raise Refused(_("You have answered this already.") if mine.exists() else _("This does not ask you."))
    record("proposal.accepted", proposal, by=None, at=at, partnership=proposal.joining_id)
    if proposal.joining is not None:
        return _join(proposal, proposal.joining, by=by, at=at)
    return _form(proposal, by=by, at=at)


@transaction.atomic
def decline(proposal: Proposal, *, by: Person, at: datetime) -> None:
    """Not this time. The proposal closes and its seats go, so that nobody can list, count or name who declined.

    The event names nobody, and is the same as for a proposal that was taken back. Raises Refused when the
    proposal is no longer open or does not ask `by`.
    """
    _hold(proposal)
    if not Seat.objects.filter(proposal=proposal, person=by).exists():
        raise Refused(_("This does not ask you."))
    Seat.objects.filter(proposal=proposal).delete()
    Proposal.objects.filter(pk=proposal.pk).update(closed_at=at, people="")
    proposal.closed_at, proposal.people = at, ""
    record("proposal.closed", proposal, by=None, at=at, partnership=proposal.joining_id)


@transaction.atomic
def withdraw(proposal: Proposal, *, by: Person, at: datetime) -> None:
    """Take a proposal back, or put a closed one away. It vanishes without a trace for those it asked.

    Raises Refused when somebody else made it, or when the partnership is formed already.
    """
    if proposal.by_id != by.pk:
        raise Refused(_("Only who asked can take it back."))
    if not Proposal.objects.filter(pk=proposal.pk, closed_at=None, formed_at=None).update(at=F("at")):
        if not Proposal.objects.filter(pk=proposal.pk, formed_at=None).exists():
            raise Refused(_("Everybody has accepted: the partnership is formed."))
    else:
        record("proposal.closed", proposal, by=None, at=at, partnership=proposal.joining_id)
    Proposal.objects.filter(pk=proposal.pk, formed_at=None).delete()


def _hold(proposal: Proposal) -> None:
    """Take the proposal for this transaction, so that two answers at the same moment come one after the other."""
    if not Proposal.objects.filter(pk=proposal.pk, closed_at=None, formed_at=None).update(at=F("at")):
        raise Refused(_("This proposal is no longer open. There is nothing to answer."))


def _form(proposal: Proposal, *, by: Person, at: datetime) -> Partnership | None:
    seats = list(proposal.seats.select_related("person").order_by("pk"))
    if any(seat.accepted_at is None for seat in seats):
        return None
    people = key_of(seat.person_id for seat in seats)
    try:
        with transaction.atomic():
            partnership = Partnership.objects.create(form=proposal.form, formed_at=at, people=people)
    except IntegrityError:
        raise Refused(_("The same people are in a partnership already.")) from None
    for seat in seats:
        add_member(partnership, seat.person, seat.part, at=at)
    _done(proposal, [seat.person_id for seat in seats], at=at)
    record("partnership.formed", partnership, by=by, at=at, partnership=partnership.pk)
    return partnership


def _join(proposal: Proposal, partnership: Partnership, *, by: Person, at: datetime) -> Partnership | None:
    must_be_open(partnership)
    members = members_of(partnership)
    inside = {member.person_id for member in members}
    seats = list(proposal.seats.select_related("person").order_by("pk"))
    # Somebody may have joined since this was asked: she is asked as well.
    missing = [member for member in members if member.person_id not in {seat.person_id for seat in seats}]
    Seat.objects.bulk_create(Seat(proposal=proposal, person=member.person, part=member.part) for member in missing)
    if missing or any(seat.accepted_at is None for seat in seats):
        return None
    newcomers = [seat for seat in seats if seat.person_id not in inside]
    if form_of([*(member.part for member in members), *(seat.part for seat in newcomers)]) is None:
        raise Refused(_("The partnership has changed since this was asked. Ask again with everybody's part as it is."))
    members += [add_member(partnership, seat.person, seat.part, at=at, sees_from=at) for seat in newcomers]
    fit_form(partnership, members)
    _done(proposal, [seat.person_id for seat in newcomers], at=at)
    record("partnership.joined", partnership, by=by, at=at, partnership=partnership.pk)
    return partnership


def _done(proposal: Proposal, people: list[int], *, at: datetime) -> None:
    """The proposal has done its work: so have the wishes of those who are now in a partnership."""
    Proposal.objects.filter(pk=proposal.pk).update(formed_at=at)
    proposal.formed_at = at
    Wish.objects.filter(person__in=people, closed_at=None).update(closed_at=at)
