"""Rest, go on, end, leave; and what happens when somebody leaves her school."""

from datetime import timedelta

import pytest

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.partnerships import actions
from sidebyside.partnerships.models import Form, Part, Partnership, Proposal, Wish
from sidebyside.people.models import Person
from sidebyside.places.actions import end_post, give_post
from tests.partnerships.conftest import AT, School

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

LATER = AT + timedelta(days=3)


def leaves_school(person: Person) -> None:
    end_post(person.posts.get(to_date=None), on=LATER.date(), at=LATER)
    person.refresh_from_db()


def test_outsiders_rest_and_end_nothing(school: School):
    pair = school.pair()
    for outsider in (school.lena, school.facilitator, school.leader):
        for verb in (actions.rest, actions.resume, actions.end, actions.leave):
            with pytest.raises(Refused):
                verb(pair, by=outsider, at=LATER)
    pair.refresh_from_db()
    assert (pair.rested_at, pair.ended_at) == (None, None)


def test_who_left_the_partnership_does_nothing_more_in_it(school: School):
    team = school.team(school.ben, school.chen)
    actions.leave(team, by=school.chen, at=LATER)
    for verb in (actions.rest, actions.end, actions.leave):
        with pytest.raises(Refused):
            verb(team, by=school.chen, at=LATER)


def test_resting_twice_and_going_on_twice(school: School):
    pair = school.pair()
    stale = Partnership.objects.get(pk=pair.pk)
    actions.rest(pair, by=school.ben, at=LATER)
    with pytest.raises(Refused, match="already"):
        actions.rest(stale, by=school.coach, at=LATER)
    actions.resume(pair, by=school.coach, at=LATER)
    with pytest.raises(Refused, match="does not rest"):
        actions.resume(stale, by=school.ben, at=LATER)
    pair.refresh_from_db()
    assert pair.rested_at is None


def test_ending_twice(school: School):
    pair = school.pair()
    stale = Partnership.objects.get(pk=pair.pk)
    actions.end(pair, by=school.ben, at=LATER)
    for verb in (actions.end, actions.rest, actions.resume, actions.leave):
        with pytest.raises(Refused, match="has ended"):
            verb(stale, by=school.coach, at=LATER)
    assert Event.objects.filter(kind="partnership.ended").count() == 1


def test_no_word_of_blame_in_what_is_refused(school: School):
    pair = school.pair()
    actions.end(pair, by=school.ben, at=LATER)
    with pytest.raises(Refused) as refusal:
        actions.rest(pair, by=school.coach, at=LATER)
    assert not any(word in refusal.value.sentence.lower() for word in ("late", "fail", "overdue", "abandon", "error"))


def test_leaving_a_team_lets_the_others_go_on(school: School):
    team = school.team(school.ben, school.chen)
    actions.leave(team, by=school.chen, at=LATER)
    team.refresh_from_db()
    assert (team.form, team.rested_at, team.ended_at) == (Form.PAIR, None, None)


def test_leaving_a_pair_lets_it_rest_and_asks(school: School):
    pair = school.pair()
    actions.leave(pair, by=school.ben, at=LATER)
    pair.refresh_from_db()
    assert pair.rested_at == LATER
    assert pair.rested_by is None
    assert pair.asks_how_to_go_on_at == LATER
    with pytest.raises(Refused, match="at least two"):
        actions.resume(pair, by=school.coach, at=LATER)


def test_after_leaving_the_same_two_may_begin_anew(school: School):
    pair = school.pair()
    actions.leave(pair, by=school.ben, at=LATER)
    assert school.pair(at=LATER).pk != pair.pk


def test_the_last_to_leave_ends_it(school: School):
    pair = school.pair()
    actions.leave(pair, by=school.ben, at=LATER)
    actions.leave(pair, by=school.coach, at=LATER)
    pair.refresh_from_db()
    assert pair.ended_at == LATER


def test_a_new_partner_joins_who_remained(school: School):
    pair = school.pair()
    actions.leave(pair, by=school.ben, at=LATER)
    proposal = actions.propose(
        by=school.coach, form=Form.PAIR, seats=[(school.lena, Part.PARTNER)], at=LATER, joining=pair
    )
    assert actions.accept(proposal, by=school.lena, at=LATER) == pair
    actions.resume(pair, by=school.lena, at=LATER)
    pair.refresh_from_db()
    assert (pair.form, pair.rested_at, pair.asks_how_to_go_on_at) == (Form.PAIR, None, None)


def test_a_leaver_lets_her_partnerships_rest(school: School):
    pair, team = school.pair(school.lena), school.team(school.lena, school.chen)
    other = school.pair(school.chen)
    leaves_school(school.lena)
    for partnership in (pair, team):
        partnership.refresh_from_db()
        assert partnership.asks_how_to_go_on_at == LATER
        assert partnership.is_resting
        assert partnership.members.filter(person=school.lena, left_at=None).exists()
    other.refresh_from_db()
    assert not other.is_resting


def test_the_others_go_on_without_who_left(school: School):
    team = school.team(school.lena, school.chen)
    member = team.members.get(person=school.lena)
    leaves_school(school.lena)
    with pytest.raises(Refused, match="how you would like to go on"):
        actions.resume(team, by=school.chen, at=LATER)
    member.refresh_from_db()
    actions.go_on_without(team, member=member, by=school.chen, at=LATER)
    team.refresh_from_db()
    assert (team.form, team.is_resting, team.asks_how_to_go_on_at) == (Form.PAIR, False, None)
    assert not team.members.filter(person=school.lena, left_at=None).exists()


def test_too_few_remain_to_go_on(school: School):
    pair = school.pair(school.lena)
    leaves_school(school.lena)
    member = pair.members.select_related("person").get(person=school.lena)
    with pytest.raises(Refused, match="Too few"):
        actions.go_on_without(pair, member=member, by=school.coach, at=LATER)


def test_nobody_is_put_out_of_a_partnership(school: School):
    team = school.team(school.ben, school.chen)
    member = team.members.select_related("person").get(person=school.ben)
    with pytest.raises(Refused, match="put out"):
        actions.go_on_without(team, member=member, by=school.coach, at=LATER)


def test_a_member_of_another_partnership_is_no_way_in(school: School):
    team, other = school.team(school.ben, school.chen), school.pair(school.lena)
    leaves_school(school.lena)
    member = other.members.select_related("person").get(person=school.lena)
    with pytest.raises(Refused, match="put out"):
        actions.go_on_without(team, member=member, by=school.coach, at=LATER)


def test_a_leaver_takes_her_open_questions_with_her(school: School):
    actions.propose(
        by=school.coach, form=Form.PAIR, seats=[(school.coach, Part.COACH), (school.lena, Part.PARTNER)], at=AT
    )
    actions.propose(by=school.lena, form=Form.PEERS, seats=[(school.lena, Part.PEER), (school.ben, Part.PEER)], at=AT)
    kept = actions.propose(
        by=school.coach, form=Form.PAIR, seats=[(school.coach, Part.COACH), (school.ben, Part.PARTNER)], at=AT
    )
    actions.wish_for_coach(by=school.lena, place=school.school, at=AT)
    leaves_school(school.lena)
    assert list(Proposal.objects.filter(closed_at=None)) == [kept]
    assert Proposal.objects.count() == 2  # who had asked her reads "not this time"
    assert not Wish.objects.filter(closed_at=None).exists()


def test_who_comes_back_is_no_longer_asked_about(school: School):
    pair = school.pair(school.lena)
    leaves_school(school.lena)
    give_post(school.lena, place=school.school, title="teacher", from_date=LATER.date(), at=LATER)
    pair.refresh_from_db()
    assert pair.is_resting
    assert pair.asks_how_to_go_on_at is None
    actions.resume(pair, by=school.lena, at=LATER)


def test_somebody_without_partnerships_leaves_with_one_query(school: School, django_assert_num_queries):
    event = Event(kind="person.left", about="person", about_id=school.lena.pk, at=LATER)
    with django_assert_num_queries(1):
        actions.rest_after_leaving(event)
