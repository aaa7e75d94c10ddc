"""Somebody leaves a partnership, or her school: the others say how to go on."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.partnerships.actions.membership import (
    close_unnamed,
    fit_form,
    hold_open,
    members_of,
    must_be_member,
    must_be_open,
)
from sidebyside.partnerships.actions.resting import finish, go_on
from sidebyside.partnerships.models import Member, Partnership, Proposal, Seat, Wish
from sidebyside.partnerships.shapes import form_of
from sidebyside.people.models import Person


@transaction.atomic
def leave(partnership: Partnership, *, by: Person, at: datetime) -> None:
    """Leave a partnership; the others go on. Where too few remain it rests, and they are asked how to go on.

    Raises Refused when it has ended, or `by` is not in it.
    """
    hold_open(partnership)
    _part(partnership, by, at=at)
    record("member.left", partnership, by=by, at=at, partnership=partnership.pk)
    remaining = members_of(partnership)
    if not remaining:
        finish(partnership, by=by, at=at)
    elif not fit_form(partnership, remaining):
        _ask_how_to_go_on(partnership, at=at)


@transaction.atomic
def go_on_without(partnership: Partnership, *, member: Member, by: Person, at: datetime) -> None:
    """Go on without a member who has left her school.

    Raises Refused when she has not left (nobody is put out of a partnership), is not in it, when `by` is not in
    it, or when too few would remain.
    """
    hold_open(partnership)
    must_be_member(partnership, by)
    if member.partnership_id != partnership.pk or member.person_id == by.pk or member.person.left_at is None:
        raise Refused(_("A partnership goes on only without somebody who has left. Nobody is put out of it."))
    others = [other for other in members_of(partnership) if other.pk != member.pk]
    if form_of(other.part for other in others) is None:
        raise Refused(_("Too few of you would remain. You can let it rest, ask somebody to join, or end it."))
    _part(partnership, member.person, at=at)
    fit_form(partnership, others)
    record("member.left", partnership, by=by, at=at, partnership=partnership.pk)
    still_gone = any(other.person.left_at is not None for other in others)
    rests = Partnership.objects.filter(pk=partnership.pk, rested_at__isnull=False).exists()
    if rests and not still_gone:
        go_on(partnership, by=by, at=at)


@transaction.atomic
def keep_resting(partnership: Partnership, *, by: Person, at: datetime) -> None:
    """Answer the question how to go on: let it rest. Answered already: nothing happens.

    Raises Refused when it has ended, or `by` is not in it.
    """
    must_be_open(partnership)
    must_be_member(partnership, by)
    asking = Partnership.objects.filter(pk=partnership.pk, asks_how_to_go_on_at__isnull=False)
    if asking.update(asks_how_to_go_on_at=None):
        partnership.asks_how_to_go_on_at = None
        record("partnership.kept_resting", partnership, by=by, at=at, partnership=partnership.pk)


def rest_after_leaving(event: Event) -> None:
    """Reader of "person.left": her partnerships rest and the others are asked how to go on.

    What she had proposed, and her wish, go without a trace. Who asked her reads "not this time", as ever.
    """
    person, at = event.about_id, event.at
    if not _has_to_do_with_anything(person):
        return  # one query for most: a roster may let thousands leave at once
    # Partnerships first, then their proposals: the order in which every verb takes them.
    mine = Partnership.objects.filter(members__person=person, members__left_at=None, ended_at=None)
    for partnership in mine.order_by("pk"):
        _ask_how_to_go_on(partnership, at=at)
    Proposal.objects.filter(by=person, formed_at=None).delete()
    inside = Member.objects.filter(person=person, left_at=None).values("partnership")
    asked = Proposal.objects.filter(pk__in=Seat.objects.filter(person=person).values("proposal"))
    close_unnamed(asked.filter(Q(joining=None) | ~Q(joining__in=inside)), at=at)
    Wish.objects.filter(person=person, closed_at=None).update(closed_at=at)


def _part(partnership: Partnership, person: Person, *, at: datetime) -> None:
    """Write that she is no longer in it. Where she was asked about a newcomer, she is no longer asked."""
    if not Member.objects.filter(partnership=partnership, person=person, left_at=None).update(left_at=at):
        raise Refused(_("You are not in this partnership."))
    Seat.objects.filter(proposal__joining=partnership, proposal__formed_at=None, person=person).delete()
    Proposal.objects.filter(joining=partnership, by=person, formed_at=None).delete()


def _ask_how_to_go_on(partnership: Partnership, *, at: datetime) -> None:
    """Let it rest, by nobody, and ask the others how to go on. A rest that is there already keeps its day."""
    rests = Partnership.objects.filter(pk=partnership.pk, ended_at=None)
    rests.filter(rested_at=None).update(rested_at=at, rested_by=None)
    rests.update(asks_how_to_go_on_at=at)
    partnership.refresh_from_db(fields=["rested_at", "rested_by", "asks_how_to_go_on_at"])
    record("partnership.asked_how_to_go_on", partnership, by=None, at=at, partnership=partnership.pk)


def _has_to_do_with_anything(person: int) -> bool:
    rows = Member.objects.filter(person=person, left_at=None).order_by().values_list("person")
    others = [
        Seat.objects.filter(person=person).order_by().values_list("person"),
        Proposal.objects.filter(by=person).order_by().values_list("by"),
        Wish.objects.filter(person=person, closed_at=None).order_by().values_list("person"),
    ]
    return rows.union(*others).exists()


def stop_asking(event: Event) -> None:
    """Reader of "person.returned": her partnerships no longer ask how to go on; each rests until a member goes on."""
    asking = Partnership.objects.filter(
        members__person=event.about_id, members__left_at=None, asks_how_to_go_on_at__isnull=False
    )
    gone = Member.objects.filter(left_at=None, person__left_at__isnull=False).exclude(person=event.about_id)
    Partnership.objects.filter(pk__in=asking.exclude(members__in=gone).values("pk")).update(asks_how_to_go_on_at=None)
