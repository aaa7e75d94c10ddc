"""Those who are asked accept, or would rather not; who asked takes it back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.partnerships.actions.membership import (
    add_member,
    close_unnamed,
    fit_form,
    hold_open,
    key_of,
    members_of,
)
from sidebyside.partnerships.models import Partnership, Proposal, Seat, Wish
from sidebyside.partnerships.shapes import form_of
from sidebyside.people.models import Person

KEPT_FOR = timedelta(days=14)  # how long "not this time" stands, unless who asked puts it away before


@transaction.atomic
def accept(proposal: Proposal, *, by: Person, at: datetime) -> Partnership | None:
    """Say yes to a proposal. Returns the partnership when this was the last yes, else None.

    Where the same people came together by another proposal meanwhile, that partnership is returned. Raises Refused
    when the proposal is no longer open, `by` is not asked or has answered, or the partnership to join has ended or
    changed. The event names nobody: who accepted would tell who did not.
    """
    if proposal.joining is not None:
        hold_open(proposal.joining)
    else:
        _hold_all_about(proposal.people)
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
    close_unnamed(Proposal.objects.filter(pk=proposal.pk), at=at)
    proposal.closed_at, proposal.people = at, ""


def forget_closed(*, at: datetime) -> int:
    """Delete what was closed 14 days ago, put away or not: nobody shall count it. Returns how many."""
    closed = Proposal.objects.filter(closed_at__lte=at - KEPT_FOR)
    number = closed.count()
    closed.delete()
    return number


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


def _hold_all_about(people: str) -> None:
    """Take every open proposal about these people (by their key), the oldest first: whoever forms one closes all."""
    for pk in _open_about(people).order_by("pk").values_list("pk", flat=True):
        Proposal.objects.filter(pk=pk).update(at=F("at"))


def _open_about(people: str) -> QuerySet[Proposal]:
    return Proposal.objects.filter(people=people, joining=None, closed_at=None, formed_at=None)


def _form(proposal: Proposal, *, by: Person, at: datetime) -> Partnership | None:
    seats = list(proposal.seats.select_related("person").order_by("pk"))
    if any(seat.accepted_at is None for seat in seats):
        return None
    people = key_of(seat.person_id for seat in seats)
    try:
        with transaction.atomic():
            partnership = Partnership.objects.create(form=proposal.form, formed_at=at, people=people)
    except IntegrityError:
        # They came together by another way meanwhile: what was asked is so.
        _close_others(people, at=at)
        return Partnership.objects.get(people=people, ended_at=None)
    for seat in seats:
        add_member(partnership, seat.person, seat.part, at=at)
    _done(proposal, (seat.person_id for seat in seats), at=at)
    _close_others(people, at=at)
    record("partnership.formed", partnership, by=by, at=at, partnership=partnership.pk)
    return partnership


def _join(proposal: Proposal, partnership: Partnership, *, by: Person, at: datetime) -> Partnership | None:
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
    _hold_all_about(key_of([*inside, *(seat.person_id for seat in newcomers)]))
    members += [add_member(partnership, seat.person, seat.part, at=at, sees_from=at) for seat in newcomers]
    fit_form(partnership, members)
    _done(proposal, (seat.person_id for seat in newcomers), at=at)
    _close_others(partnership.people, at=at)
    record("partnership.joined", partnership, by=by, at=at, partnership=partnership.pk)
    return partnership


def _close_others(people: str, *, at: datetime) -> None:
    """These people (by their key) are together: what else asks them to be has come true, and vanishes silently."""
    for other in _open_about(people) if people else ():
        record("proposal.closed", other, by=None, at=at)
        other.delete()


def _done(proposal: Proposal, people: Iterable[int], *, at: datetime) -> None:
    """The proposal has done its work: so have the wishes of those who are now in a partnership."""
    Proposal.objects.filter(pk=proposal.pk).update(formed_at=at)
    proposal.formed_at = at
    Wish.objects.filter(person__in=people, closed_at=None).update(closed_at=at)
