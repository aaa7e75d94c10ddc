"""A partnership rests, goes on, and ends. No reason is asked for, and nobody is at fault."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.partnerships.actions.membership import close_unnamed, members_of, must_be_member, must_be_open
from sidebyside.partnerships.models import Partnership, Proposal
from sidebyside.partnerships.shapes import form_of
from sidebyside.people.models import Person


@transaction.atomic
def rest(partnership: Partnership, *, by: Person, at: datetime) -> None:
    """Let a partnership rest. Raises Refused when it rests or has ended already, or `by` is not in it."""
    must_be_open(partnership)
    must_be_member(partnership, by)
    resting = Partnership.objects.filter(pk=partnership.pk, ended_at=None, rested_at=None)
    if not resting.update(rested_at=at, rested_by=by):
        raise Refused(_("This partnership rests already."))
    partnership.rested_at, partnership.rested_by = at, by
    record("partnership.rested", partnership, by=by, at=at, partnership=partnership.pk)


@transaction.atomic
def resume(partnership: Partnership, *, by: Person, at: datetime) -> None:
    """Go on after a rest, where it was left.

    Raises Refused when it does not rest, when somebody in it has left her school (the others say first how
    to go on), or when too few remain.
    """
    must_be_open(partnership)
    must_be_member(partnership, by)
    members = members_of(partnership)
    gone = next((member.person for member in members if member.person.left_at is not None), None)
    if gone is not None:
        raise Refused(_("%(name)s has left. Say first how you would like to go on.") % {"name": gone.name})
    if form_of(member.part for member in members) is None:
        raise Refused(_("A partnership needs at least two of you. Ask somebody to join first."))
    go_on(partnership, by=by, at=at)


def go_on(partnership: Partnership, *, by: Person, at: datetime) -> None:
    """End the rest. Raises Refused when there is none. The guards are the caller's."""
    resting = Partnership.objects.filter(pk=partnership.pk, ended_at=None, rested_at__isnull=False)
    if not resting.update(rested_at=None, rested_by=None, asks_how_to_go_on_at=None):
        raise Refused(_("This partnership does not rest: you can go on at any time."))
    partnership.rested_at = partnership.rested_by = partnership.asks_how_to_go_on_at = None
    record("partnership.resumed", partnership, by=by, at=at, partnership=partnership.pk)


@transaction.atomic
def end(partnership: Partnership, *, by: Person, at: datetime) -> None:
    """End a partnership for all. What was written stays with its members.

    Raises Refused when it has ended already or `by` is not in it.
    """
    must_be_open(partnership)
    must_be_member(partnership, by)
    finish(partnership, by=by, at=at)


def finish(partnership: Partnership, *, by: Person, at: datetime) -> None:
    """Write that it ended; whoever was asked to join is no longer asked. The guards are the caller's."""
    if not Partnership.objects.filter(pk=partnership.pk, ended_at=None).update(
        ended_at=at, ended_by=by, asks_how_to_go_on_at=None
    ):
        raise Refused(_("This partnership has ended already."))
    partnership.ended_at, partnership.ended_by, partnership.asks_how_to_go_on_at = at, by, None
    close_unnamed(Proposal.objects.filter(joining=partnership), at=at)
    record("partnership.ended", partnership, by=by, at=at, partnership=partnership.pk)
