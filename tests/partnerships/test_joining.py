"""Somebody joins a partnership that exists: all of them choose so."""

from datetime import timedelta

import pytest

from sidebyside.base.refusals import Refused
from sidebyside.partnerships import actions
from sidebyside.partnerships.models import Agreement, Form, Part, Partnership, Proposal
from sidebyside.partnerships.queries import latest_agreement, unsigned
from tests.partnerships.conftest import AT, School

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

LATER = AT + timedelta(days=20)


def ask_to_join(school: School, pair: Partnership, person=None, part=Part.PARTNER, form=Form.TEAM) -> Proposal:
    return actions.propose(by=school.coach, form=form, seats=[(person or school.lena, part)], at=LATER, joining=pair)


def test_all_members_and_the_newcomer_accept(school: School):
    pair = school.pair()
    proposal = ask_to_join(school, pair)
    assert proposal.seats.count() == 3
    assert actions.accept(proposal, by=school.lena, at=LATER) is None
    assert pair.members.count() == 2
    joined = actions.accept(proposal, by=school.ben, at=LATER)
    assert joined == pair
    pair.refresh_from_db()
    assert pair.form == Form.TEAM
    assert pair.members.get(person=school.lena).sees_from == LATER
    assert pair.members.get(person=school.ben).sees_from is None


def test_a_member_who_would_rather_not_keeps_the_pair(school: School):
    pair = school.pair()
    proposal = ask_to_join(school, pair)
    actions.accept(proposal, by=school.lena, at=LATER)
    actions.decline(proposal, by=school.ben, at=LATER)
    pair.refresh_from_db()
    assert (pair.form, pair.members.count()) == (Form.PAIR, 2)


def test_outsiders_ask_nobody_to_join(school: School):
    pair = school.pair()
    for outsider in (school.lena, school.facilitator, school.leader):
        with pytest.raises(Refused, match="in this partnership"):
            actions.propose(by=outsider, form=Form.TEAM, seats=[(school.lena, Part.PARTNER)], at=AT, joining=pair)


@pytest.mark.parametrize("part", [Part.COACH, Part.PEER])
def test_the_parts_must_make_a_team(school: School, part):
    with pytest.raises(Refused):
        ask_to_join(school, school.pair(), part=part)


def test_members_are_not_asked_to_join(school: School):
    with pytest.raises(Refused, match="Ben Okafor is in this partnership already"):
        ask_to_join(school, school.pair(), person=school.ben)


def test_a_leader_does_not_join(school: School):
    with pytest.raises(Refused, match="leads a school"):
        ask_to_join(school, school.pair(), person=school.leader)


def test_who_joined_meanwhile_is_asked_as_well(school: School):
    pair = school.pair()
    first, second = ask_to_join(school, pair), ask_to_join(school, pair, person=school.chen)
    for person in (school.ben, school.lena):
        actions.accept(first, by=person, at=LATER)
    for person in (school.ben, school.chen):
        assert actions.accept(second, by=person, at=LATER) is None
    assert pair.members.count() == 3
    assert actions.accept(second, by=school.lena, at=LATER) is not None
    assert pair.members.count() == 4


def test_nobody_joins_what_has_ended(school: School):
    pair = school.pair()
    proposal = ask_to_join(school, pair)
    actions.end(pair, by=school.ben, at=LATER)
    assert Proposal.objects.get(pk=proposal.pk).closed_at == LATER
    with pytest.raises(Refused, match="has ended"):
        actions.accept(proposal, by=school.lena, at=LATER)


def test_whoever_left_need_not_accept(school: School):
    team = school.team(school.ben, school.chen)
    proposal = ask_to_join(school, team)
    actions.leave(team, by=school.chen, at=LATER)
    actions.accept(proposal, by=school.lena, at=LATER)
    assert actions.accept(proposal, by=school.ben, at=LATER) is not None
    assert set(team.members.filter(left_at=None).values_list("person", flat=True)) == {
        school.coach.pk, school.ben.pk, school.lena.pk,
    }  # fmt: skip


def test_a_newcomer_has_not_signed(school: School):
    pair = school.pair()
    agreement = actions.write_agreement(
        pair, norms="We begin on time.", habits="", roles="", confidence="", by=school.ben, at=AT
    )
    for person in (school.coach, school.ben):
        actions.sign(agreement, by=person, at=AT)
    proposal = ask_to_join(school, pair)
    actions.accept(proposal, by=school.ben, at=LATER)
    actions.accept(proposal, by=school.lena, at=LATER)
    assert unsigned(Agreement.objects.all(), school.lena) == [agreement]
    assert unsigned(Agreement.objects.all(), school.ben) == []
    assert latest_agreement(Agreement.objects.all(), pair) == agreement
