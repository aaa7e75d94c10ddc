"""Who may ask whom, what must hold, and when everybody has said yes."""

import pytest

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.partnerships import actions
from sidebyside.partnerships.models import Form, Member, Part, Partnership, Proposal, Seat
from tests.partnerships.conftest import AT, School

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

PAIR, PEERS, TEAM = Form.PAIR, Form.PEERS, Form.TEAM
COACH, PARTNER, PEER = Part.COACH, Part.PARTNER, Part.PEER


def refused(**particulars) -> str:
    with pytest.raises(Refused) as refusal:
        actions.propose(at=AT, **particulars)
    assert not Proposal.objects.exists()
    assert not Seat.objects.exists()
    return refusal.value.sentence


def test_nobody_invites_herself(school: School):
    assert "alone" in refused(by=school.coach, form=PEERS, seats=[(school.coach, PEER)])
    assert "twice" in refused(by=school.coach, form=PAIR, seats=[(school.coach, COACH), (school.coach, PARTNER)])
    assert "alone" in refused(by=school.coach, form=PAIR, seats=[])


def test_a_leader_is_never_asked(school: School):
    for form, seats in (
        (PEERS, [(school.lena, PEER), (school.leader, PEER)]),
        (PAIR, [(school.leader, COACH), (school.lena, PARTNER)]),
    ):
        assert "Dara Diaz leads a school" in refused(by=school.lena, form=form, seats=seats)
    seats = [(school.coach, COACH), (school.leader, PARTNER)]
    assert "Dara Diaz leads a school" in refused(by=school.coach, form=PAIR, seats=seats)


def test_a_leader_asks_no_teacher(school: School):
    seats = [(school.leader, PEER), (school.lena, PEER)]
    assert "Dara Diaz leads a school" in refused(by=school.leader, form=PEERS, seats=seats)


def test_peers_are_two_to_five(school: School):
    six = [school.ben, school.chen, school.lena, school.coach, school.stranger, school.facilitator]
    assert "two to five" in refused(by=school.ben, form=PEERS, seats=[(person, PEER) for person in six])
    assert school.peers(*six[:5]).members.count() == 5


@pytest.mark.parametrize(
    ("form", "parts", "says"),
    [
        (PAIR, (COACH, COACH), "one coach and one learning partner"),
        (PAIR, (PEER, PEER), "one coach and one learning partner"),
        (PEERS, (COACH, PARTNER), "coach one another"),
        (TEAM, (COACH, PARTNER), "two to four learning partners"),
        ("crowd", (PEER, PEER), "no partnership"),
    ],
)
def test_parts_must_make_the_form(school: School, form, parts, says):
    seats = list(zip((school.coach, school.ben), parts, strict=True))
    assert says in refused(by=school.coach, form=form, seats=seats)


def test_who_coaches_is_a_coach(school: School):
    seats = [(school.lena, COACH), (school.ben, PARTNER)]
    assert "Lena Fischer is not a coach" in refused(by=school.lena, form=PAIR, seats=seats)


def test_outsiders_do_not_propose_others(school: School):
    seats = [(school.coach, COACH), (school.ben, PARTNER)]
    for outsider in (school.lena, school.leader, school.stranger):
        assert "where you are a facilitator" in refused(by=outsider, form=PAIR, seats=seats)


def test_a_facilitator_proposes_only_people_of_her_places(school: School):
    seats = [(school.stranger, COACH), (school.ben, PARTNER)]
    assert "where you are a facilitator" in refused(by=school.facilitator, form=PAIR, seats=seats)


def test_somebody_who_left_is_not_asked(school: School):
    school.ben.left_at = AT
    school.ben.save(update_fields=["left_at"])
    seats = [(school.coach, COACH), (school.ben, PARTNER)]
    assert "no longer works" in refused(by=school.coach, form=PAIR, seats=seats)


def test_a_coach_invites_and_the_partner_accepts(school: School):
    proposal = actions.propose(by=school.coach, form=PAIR, seats=[(school.coach, COACH), (school.ben, PARTNER)], at=AT)
    assert list(proposal.seats.filter(accepted_at=None).values_list("person", flat=True)) == [school.ben.pk]
    assert not Partnership.objects.exists()
    formed = actions.accept(proposal, by=school.ben, at=AT)
    assert formed is not None
    assert formed.form == PAIR
    assert set(formed.members.values_list("person", "part")) == {(school.coach.pk, COACH), (school.ben.pk, PARTNER)}


def test_members_keep_school_and_faculty_of_their_day(school: School):
    members = {member.person_id: member for member in school.team(school.ben, school.chen).members.all()}
    assert (members[school.coach.pk].school, members[school.coach.pk].faculty) == (school.school, school.maths)
    assert (members[school.ben.pk].school, members[school.ben.pk].faculty) == (school.school, school.science)
    assert (members[school.chen.pk].school, members[school.chen.pk].faculty) == (school.school, None)


def test_a_teacher_asks_a_named_coach(school: School):
    proposal = actions.propose(by=school.lena, form=PAIR, seats=[(school.coach, COACH), (school.lena, PARTNER)], at=AT)
    formed = actions.accept(proposal, by=school.coach, at=AT)
    assert formed is not None
    assert formed.members.get(person=school.lena).part == PARTNER


def test_a_facilitator_proposes_and_both_accept(school: School):
    seats = [(school.coach, COACH), (school.lena, PARTNER)]
    proposal = actions.propose(by=school.facilitator, form=PAIR, seats=seats, at=AT)
    assert actions.accept(proposal, by=school.lena, at=AT) is None
    formed = actions.accept(proposal, by=school.coach, at=AT)
    assert formed is not None
    assert not formed.members.filter(person=school.facilitator).exists()


def test_accepting_twice_forms_one(school: School):
    proposal = actions.propose(by=school.coach, form=PAIR, seats=[(school.coach, COACH), (school.ben, PARTNER)], at=AT)
    stale = Proposal.objects.get(pk=proposal.pk)
    actions.accept(proposal, by=school.ben, at=AT)
    with pytest.raises(Refused):
        actions.accept(stale, by=school.ben, at=AT)
    assert Partnership.objects.count() == 1
    assert Member.objects.count() == 2


def test_a_second_yes_before_the_others_answer_changes_nothing(school: School):
    proposal = actions.propose(
        by=school.ben, form=PEERS, seats=[(p, PEER) for p in (school.ben, school.chen, school.lena)], at=AT
    )
    actions.accept(proposal, by=school.chen, at=AT)
    with pytest.raises(Refused, match="already"):
        actions.accept(proposal, by=school.chen, at=AT)
    assert not Partnership.objects.exists()


def test_nobody_accepts_for_others(school: School):
    proposal = actions.propose(by=school.coach, form=PAIR, seats=[(school.coach, COACH), (school.ben, PARTNER)], at=AT)
    for outsider in (school.lena, school.leader, school.facilitator):
        with pytest.raises(Refused):
            actions.accept(proposal, by=outsider, at=AT)
        with pytest.raises(Refused):
            actions.decline(proposal, by=outsider, at=AT)
    assert Seat.objects.count() == 2


def test_one_open_partnership_for_the_same_people(school: School):
    pair = school.pair()
    for form, parts in ((PAIR, (COACH, PARTNER)), (PEERS, (PEER, PEER))):
        with pytest.raises(Refused, match="You and Ben Okafor"):
            actions.propose(
                by=school.coach, form=form, seats=list(zip((school.coach, school.ben), parts, strict=True)), at=AT
            )
    actions.end(pair, by=school.ben, at=AT)
    assert school.pair().pk != pair.pk


def test_the_same_people_are_asked_once_at_a_time(school: School):
    actions.propose(by=school.coach, form=PAIR, seats=[(school.coach, COACH), (school.ben, PARTNER)], at=AT)
    seats = [(school.coach, COACH), (school.ben, PARTNER)]
    with pytest.raises(Refused, match="have asked this already"):
        actions.propose(by=school.coach, form=PAIR, seats=seats, at=AT)
    with pytest.raises(Refused, match="Answer that question"):
        actions.propose(by=school.ben, form=PAIR, seats=seats, at=AT)
    assert Proposal.objects.count() == 1


def test_a_facilitator_learns_nothing_of_what_others_ask(school: School):
    """Neither that a question is open between two people, nor when it ends."""
    seats = [(school.coach, COACH), (school.ben, PARTNER)]
    hers = actions.propose(by=school.coach, form=PAIR, seats=seats, at=AT)
    assert actions.propose(by=school.facilitator, form=PAIR, seats=seats, at=AT).is_open
    actions.decline(hers, by=school.ben, at=AT)
    with pytest.raises(Refused, match="have asked this already"):
        actions.propose(by=school.facilitator, form=PAIR, seats=seats, at=AT)


def test_what_two_asked_forms_once_and_the_other_question_vanishes(school: School):
    seats = [(school.coach, COACH), (school.ben, PARTNER)]
    hers = actions.propose(by=school.coach, form=PAIR, seats=seats, at=AT)
    theirs = actions.propose(by=school.facilitator, form=PAIR, seats=seats, at=AT)
    actions.accept(theirs, by=school.coach, at=AT)
    formed = actions.accept(hers, by=school.ben, at=AT)
    assert not Proposal.objects.filter(pk=theirs.pk).exists()
    with pytest.raises(Refused, match="no longer open"):
        actions.accept(theirs, by=school.ben, at=AT)
    assert list(Partnership.objects.all()) == [formed]


def test_a_yes_to_what_is_so_already_leads_there(school: School):
    """The other question came while the partnership was being formed."""
    seats = [(school.coach, COACH), (school.ben, PARTNER)]
    theirs = actions.propose(by=school.facilitator, form=PAIR, seats=seats, at=AT)
    actions.accept(theirs, by=school.coach, at=AT)
    kept = Proposal.objects.get(pk=theirs.pk)
    rows = list(Seat.objects.filter(proposal=theirs))
    formed = actions.accept(theirs, by=school.ben, at=AT)
    kept.pk = None
    kept.save()
    for seat in rows:
        Seat.objects.create(proposal=kept, person=seat.person, part=seat.part, accepted_at=seat.accepted_at)
    assert actions.accept(kept, by=school.ben, at=AT) == formed
    assert Partnership.objects.count() == 1
    assert not Proposal.objects.filter(closed_at=None, formed_at=None).exists()


def test_two_of_a_team_may_also_be_a_pair(school: School):
    school.team(school.ben, school.chen)
    assert school.pair(school.ben).form == PAIR


def test_room_is_advice_and_no_lock(school: School):
    for partner in (school.ben, school.chen, school.lena):
        assert school.pair(partner).pk


def test_a_withdrawn_proposal_vanishes(school: School):
    proposal = actions.propose(by=school.coach, form=PAIR, seats=[(school.coach, COACH), (school.ben, PARTNER)], at=AT)
    with pytest.raises(Refused):
        actions.withdraw(proposal, by=school.ben, at=AT)
    actions.withdraw(proposal, by=school.coach, at=AT)
    assert not Proposal.objects.exists()
    assert not Seat.objects.exists()


def test_a_formed_proposal_cannot_be_withdrawn(school: School):
    proposal = actions.propose(by=school.coach, form=PAIR, seats=[(school.coach, COACH), (school.ben, PARTNER)], at=AT)
    actions.accept(proposal, by=school.ben, at=AT)
    with pytest.raises(Refused, match="formed"):
        actions.withdraw(proposal, by=school.coach, at=AT)


def test_a_wish_ends_when_a_partnership_begins(school: School):
    wish = actions.wish_for_coach(by=school.ben, place=school.school, at=AT)
    school.pair()
    wish.refresh_from_db()
    assert wish.closed_at is not None


def test_a_wish_is_made_once_and_where_one_works(school: School):
    with pytest.raises(Refused, match="where you work"):
        actions.wish_for_coach(by=school.ben, place=school.elsewhere, at=AT)
    wish = actions.wish_for_coach(by=school.ben, place=school.school, at=AT)
    with pytest.raises(Refused, match="already"):
        actions.wish_for_coach(by=school.ben, place=school.district, at=AT)
    for outsider in (school.leader, school.lena, school.coach):
        with pytest.raises(Refused):
            actions.close_wish(wish, by=outsider, at=AT)
    actions.close_wish(wish, by=school.facilitator, at=AT)
    actions.close_wish(wish, by=school.ben, at=AT)
    assert Event.objects.filter(kind="wish.closed").count() == 1
