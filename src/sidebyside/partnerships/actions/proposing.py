"""Somebody proposes that a partnership be formed, or that somebody join one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sidebyside.base.events import record
from sidebyside.base.refusals import Refused
from sidebyside.partnerships.actions.membership import hold_open, key_of, members_of, must_be_member
from sidebyside.partnerships.models import Form, Part, Partnership, Proposal, Seat
from sidebyside.partnerships.shapes import form_of
from sidebyside.people.models import Person
from sidebyside.places.models import Post, Role

Seats = Sequence[tuple[Person, str]]


@transaction.atomic
def propose(*, by: Person, form: str, seats: Seats, at: datetime, joining: Partnership | None = None) -> Proposal:
    """Ask some people to form a partnership, each with a part; or, with `joining`, to join one.

    `seats` names everybody with a part, the proposer too where she takes part: her own seat is accepted at
    once. Who is not in it herself must be a facilitator of all she proposes. With `joining`, `seats` names the
    newcomers alone: today's members are asked as well, and `form` is what the partnership would then be.
    Raises Refused: nobody else is asked, the parts make no such form, somebody has left, leads a school or
    is no coach, the same people are together already, or she knows that they are asked already: by her, or
    herself among them. What others have asked of others she does not learn.
    """
    newcomers = list(seats)
    if joining is not None:
        hold_open(joining)
        must_be_member(joining, by)
        members = [(member.person, member.part) for member in members_of(joining)]
        _must_be_new(newcomers, members)
        seats = [*members, *newcomers]
    _must_ask_others(by, seats)
    _must_make(form, seats)
    _must_be_here(newcomers)
    _must_be_no_leaders(seats)
    _must_be_coaches(newcomers)
    if joining is None:
        _must_be_hers_to_propose(by, seats)
    people = key_of(person.pk for person, _part in seats)
    _must_not_be_twice(by, seats, people, joining)
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(by=by, form=form, joining=joining, at=at, people=people)
    except IntegrityError:
        raise _asked_already() from None
    Seat.objects.bulk_create(
        Seat(proposal=proposal, person=person, part=part, accepted_at=at if person.pk == by.pk else None)
        for person, part in seats
    )
    record("proposal.made", proposal, by=by, at=at, partnership=joining.pk if joining else None)
    return proposal


def _must_ask_others(by: Person, seats: Seats) -> None:
    people = [person.pk for person, _part in seats]
    if len(set(people)) < len(people):
        raise Refused(_("Somebody is named twice: each person has one part."))
    if set(people) <= {by.pk}:
        raise Refused(_("Choose a colleague: nobody forms a partnership alone."))


def _must_be_new(newcomers: Seats, members: Seats) -> None:
    if not newcomers:
        raise Refused(_("Choose whom you would like to ask."))
    inside = {person.pk for person, _part in members}
    for person, _part in newcomers:
        if person.pk in inside:
            raise Refused(_("%(name)s is in this partnership already.") % {"name": person.name})


def _must_make(form: str, seats: Seats) -> None:
    if form_of(part for _person, part in seats) == form:
        return
    raise Refused(
        {
            Form.PAIR.value: _("A pair is one coach and one learning partner."),
            Form.PEERS.value: _("Peers are two to five people who coach one another."),
            Form.TEAM.value: _("A team is one coach and two to four learning partners."),
        }.get(str(form), _("These parts make no partnership."))
    )


def _must_be_here(seats: Seats) -> None:
    for person, _part in seats:
        if person.left_at is not None:
            raise Refused(_("%(name)s no longer works at your places.") % {"name": person.name})


def _must_be_no_leaders(seats: Seats) -> None:
    """A teacher is never asked to work with a leader; leaders may coach one another."""
    leaders = set(
        Role.objects.filter(
            kind=Role.Kind.LEADER, ended_at=None, person__in=[person.pk for person, _part in seats]
        ).values_list("person", flat=True)
    )
    if len(leaders) in (0, len(seats)):
        return
    name = next(person.name for person, _part in seats if person.pk in leaders)
    raise Refused(
        _("%(name)s leads a school. A partnership is between colleagues of whom none leads the other.") % {"name": name}
    )


def _must_be_coaches(seats: Seats) -> None:
    """Who coaches has been made a coach; a facilitator may coach too."""
    kinds = (Role.Kind.COACH, Role.Kind.FACILITATOR)
    for person, part in seats:
        if part != Part.COACH:
            continue
        if not Role.objects.filter(person=person, kind__in=kinds, ended_at=None).exists():
            raise Refused(_("%(name)s is not a coach in the programme.") % {"name": person.name})


def _must_be_hers_to_propose(by: Person, seats: Seats) -> None:
    people = {person.pk for person, _part in seats}
    if by.pk in people:
        return
    places = Role.objects.filter(person=by, kind=Role.Kind.FACILITATOR, ended_at=None).values("place")
    working = Post.objects.filter(person__in=people, to_date=None, place__links_above__above__in=places)
    if set(working.values_list("person", flat=True)) != people:
        raise Refused(_("You can propose people of the places where you are a facilitator, and yourself."))


def _must_not_be_twice(by: Person, seats: Seats, people: str, joining: Partnership | None) -> None:
    """Refuse what is there already, as far as she knows it: others may have asked, and that is not told."""
    if joining is None and Partnership.objects.filter(people=people, ended_at=None).exists():
        others = [person.name for person, _part in seats if person.pk != by.pk]
        if len(others) == 1:
            raise Refused(_("You and %(name)s are in a partnership already.") % {"name": others[0]})
        raise Refused(_("These people are in a partnership already."))
    asked = Proposal.objects.filter(people=people, closed_at=None, formed_at=None)
    if asked.filter(by=by).exists():
        raise _asked_already()
    if asked.filter(seats__person=by).exists():
        raise Refused(_("You are asked about the same already. Answer that question under Partnerships."))


def _asked_already() -> Refused:
    return Refused(_("You have asked this already. It waits for an answer under Partnerships."))
