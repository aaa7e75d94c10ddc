"""Two who join, leave, end or answer in the very same moment, on two connections: one comes after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from sidebyside.base.refusals import Refused
from sidebyside.partnerships import actions
from sidebyside.partnerships.actions.membership import key_of
from sidebyside.partnerships.models import Form, Member, Part, Partnership, Proposal
from sidebyside.partnerships.shapes import form_of
from sidebyside.people.models import Person
from tests.partnerships.conftest import AT, School

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What becomes of these acts done together: what each returned, or why it could not be."""
    start = Barrier(len(acts))

    def attempt(act: Callable[[], object]) -> object:
        try:
            start.wait(timeout=20)
            return act()
        except (Refused, Proposal.DoesNotExist) as refused:  # a door answers what is gone with "not found"
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(attempt, acts))


def must_fit(partnership: Partnership) -> set[int]:
    """Form and key are those of today's members, of whom there are five at most. Returns who they are."""
    partnership = Partnership.objects.get(pk=partnership.pk)
    members = list(Member.objects.filter(partnership=partnership, left_at=None))
    assert len(members) <= 5
    form = form_of(member.part for member in members)
    if form is not None and partnership.ended_at is None:
        assert partnership.form == form
        assert partnership.people == key_of(member.person_id for member in members)
    return {member.person_id for member in members}


def joining(partnership: Partnership, newcomer: Person, part: str, form: str, *, by: Person) -> Proposal:
    """A question to join that waits for the newcomer alone."""
    proposal = actions.propose(by=by, form=form, seats=[(newcomer, part)], at=AT, joining=partnership)
    for member in partnership.members.filter(left_at=None).exclude(person=by).select_related("person"):
        actions.accept(proposal, by=member.person, at=AT)
    return proposal


def again(proposal: Proposal) -> Proposal:
    """The proposal as another request reads it."""
    return Proposal.objects.select_related("joining").get(pk=proposal.pk)


def test_one_joins_while_another_leaves(school: School) -> None:
    pair = school.pair()
    proposal = joining(pair, school.lena, Part.PARTNER, Form.TEAM, by=school.coach)
    at_once(
        lambda: actions.accept(again(proposal), by=school.lena, at=AT),
        lambda: actions.leave(Partnership.objects.get(pk=pair.pk), by=school.ben, at=AT),
    )
    assert must_fit(pair) >= {school.coach.pk}
    assert school.ben.pk not in must_fit(pair)


def test_two_join_four(school: School) -> None:
    peers = school.peers(school.coach, school.ben, school.chen)
    third = joining(peers, school.lena, Part.PEER, Form.PEERS, by=school.coach)
    actions.accept(third, by=school.lena, at=AT)
    facilitator = joining(peers, school.facilitator, Part.PEER, Form.PEERS, by=school.coach)
    stranger = joining(peers, school.stranger, Part.PEER, Form.PEERS, by=school.ben)
    at_once(
        lambda: actions.accept(again(facilitator), by=school.facilitator, at=AT),
        lambda: actions.accept(again(stranger), by=school.stranger, at=AT),
    )
    assert len(must_fit(peers)) == 5


def test_nobody_joins_what_ends_in_that_moment(school: School) -> None:
    pair = school.pair()
    proposal = joining(pair, school.lena, Part.PARTNER, Form.TEAM, by=school.coach)
    joined, ended = at_once(
        lambda: actions.accept(again(proposal), by=school.lena, at=AT),
        lambda: actions.end(Partnership.objects.get(pk=pair.pk), by=school.ben, at=AT),
    )
    assert ended is None
    assert (school.lena.pk in must_fit(pair)) == (not isinstance(joined, Refused))
    assert not Proposal.objects.filter(closed_at=None, formed_at=None).exists()


def test_two_questions_about_the_same_people_form_one_partnership(school: School) -> None:
    seats = [(school.coach, Part.COACH), (school.ben, Part.PARTNER)]
    hers = actions.propose(by=school.coach, form=Form.PAIR, seats=seats, at=AT)
    theirs = actions.propose(by=school.facilitator, form=Form.PAIR, seats=seats, at=AT)
    actions.accept(theirs, by=school.ben, at=AT)
    # Both pages were open before either answered.
    first, second = again(hers), again(theirs)
    at_once(
        lambda: actions.accept(first, by=school.ben, at=AT),
        lambda: actions.accept(second, by=school.coach, at=AT),
    )
    assert Partnership.objects.count() == 1
    assert Member.objects.count() == 2
    assert not Proposal.objects.filter(closed_at=None, formed_at=None).exists()
