"""What is next, what waits and what is stuck, for everybody of the test world; and what must not be told."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.cycles import actions as cycles
from sidebyside.cycles.models import Cycle, Step
from sidebyside.journals import actions as journals
from sidebyside.notices.queries import home
from sidebyside.notices.waiting import ASKED, ORDER
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Member, Part, Proposal
from sidebyside.people import actions as people
from sidebyside.summaries import actions as summaries
from sidebyside.summaries.models import Answer, Summary
from sidebyside.visits import actions as visits

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nobody_asks_yet(world):
    """The world's own open question and its visits are taken back, so that each test asks and books its own."""
    for visit in world.visits.values():
        visits.cancel(visit, by=visit.observed, at=world.at)
    for proposal in Proposal.objects.filter(formed_at=None, closed_at=None):
        partnerships.withdraw(proposal, by=proposal.by, at=world.at)


def told(person, at):
    return home(person, policy.standing(person), at=at)


def kinds(person, at):
    return [item.kind for item in told(person, at).waiting]


def test_nobody_is_told_what_is_anothers(world):
    """Every item is about something that its reader may see, and names only people she may see."""
    for person in world.people.values():
        found = told(person, world.at)
        for work in found.partnerships:
            assert work.pk in policy.standing(person).partnerships
        for item in (*found.waiting, *found.asked):
            if item.partnership is not None:
                assert item.partnership in policy.standing(person).partnerships
            if item.who is not None and item.kind != "help_offer":
                assert policy.seen(person, type(person)).filter(pk=item.who.pk).exists(), (person, item)


def test_the_standing_of_somebody_else_is_refused(world):
    with pytest.raises(ValueError, match="somebody else"):
        home(world.lena, policy.standing(world.ana), at=world.at)


@pytest.mark.parametrize("name", ["lena", "mai", "jonas"])
def test_outsiders_are_told_nothing(world, name):
    found = told(getattr(world, name), world.at)
    assert (found.next, found.waiting, found.stuck, found.partnerships) == (None, (), (), ())


def test_next_is_her_own_step_with_the_nearest_date(world):
    found = told(world.ben, world.at).next
    assert (found.kind, found.work.step.text) == ("step", "Write six claims about fractions")
    assert found.work.step.by_date == (world.at + 2 * DAY).date()
    assert [who.name for who in found.work.others] == ["Ana Sousa"]
    assert found.work.stage == "Prepare"


def test_a_partners_step_is_not_hers(world):
    assert told(world.ana, world.at).next.work.step.text == "Find two examples from other schools"


def test_without_a_step_the_stage_is_next(world):
    Step.objects.all().delete()
    found = told(world.ben, world.at).next
    assert (found.kind, found.work.stage) == ("stage", "Prepare")


def test_without_a_cycle_there_is_one_to_begin(world):
    cycles.stop(world.ana_and_ben_cycle, by=world.ben, at=world.at)
    assert told(world.ben, world.at).next.kind == "begin"


def test_a_step_whose_key_was_destroyed_keeps_its_date_and_loses_its_words(world):
    vault.destroy([f"p{world.ana_and_ben.pk}"])
    found = told(world.ben, world.at).next
    assert (found.kind, found.work.step.text) == ("step", "")


def test_what_rests_or_is_paused_is_never_next(world):
    partnerships.rest(world.ana_and_ben, by=world.ben, at=world.at)
    assert told(world.ben, world.at).next is None
    assert told(world.goran, world.at).next is None


def test_quiet_partnerships_and_paused_cycles_are_stuck_and_resting_ones_are_not(world):
    stuck = told(world.ana, world.at).stuck
    assert [(each.kind, each.work.pk) for each in stuck] == [("quiet", world.ana_and_chen.pk)]
    assert stuck[0].since == world.at - 40 * DAY
    cycles.pause(world.ana_and_ben_cycle, by=world.ben, at=world.at)
    assert [(each.kind, each.since) for each in told(world.ben, world.at).stuck] == [("paused", world.at)]
    assert told(world.hana, world.at).stuck == ()


def test_a_new_partnership_is_not_stuck(world):
    pair = _together(world, world.mai, world.lena, at=world.at - DAY)
    assert told(world.lena, world.at).stuck == ()
    assert [each.work.pk for each in told(world.lena, world.at + 14 * DAY).stuck] == [pair.pk]


def test_an_errand_moves_nothing(world):
    log = {"kinds": ["errand"], "minutes": 5, "began_at": world.at - DAY, "by": world.ana, "at": world.at}
    cycles.log_contact(world.ana_and_chen, **log)
    assert [each.work.pk for each in told(world.ana, world.at).stuck] == [world.ana_and_chen.pk]


def test_a_question_waits_for_whoever_is_asked_until_she_answers(world):
    proposal = _ask(world.mai, world.lena, at=world.at)
    item = told(world.lena, world.at).waiting[0]
    assert (item.kind, item.about, item.who.name) == ("proposal", proposal.pk, world.mai.name)
    assert [item.kind for item in told(world.mai, world.at).asked] == ["asked"]
    partnerships.decline(proposal, by=world.lena, at=world.at)
    assert "proposal" not in kinds(world.lena, world.at)


def test_whoever_asked_reads_not_this_time_and_no_name(world):
    proposal = _ask(world.mai, world.lena, at=world.at)
    partnerships.decline(proposal, by=world.lena, at=world.at)
    [item] = told(world.mai, world.at).waiting
    assert (item.kind, item.about, item.who) == ("not_this_time", proposal.pk, None)
    partnerships.withdraw(proposal, by=world.mai, at=world.at)
    assert kinds(world.mai, world.at) == []
    assert not Proposal.objects.filter(pk=proposal.pk).exists()


def test_an_agreement_waits_for_her_name_and_only_the_latest(world):
    assert "signature" in kinds(world.chen, world.at)
    words = dict.fromkeys(("norms", "habits", "roles", "confidence"), "We ask first.")
    newer = partnerships.write_agreement(world.ana_and_chen, **words, by=world.ana, at=world.at)
    assert [i.about for i in told(world.chen, world.at).waiting if i.kind == "signature"] == [newer.pk]
    partnerships.sign(newer, by=world.chen, at=world.at)
    assert "signature" not in kinds(world.chen, world.at)


def test_a_summary_waits_for_the_yes_of_whoever_has_not_given_it(world):
    assert "summary_consent" in kinds(world.ana, world.at)
    assert "summary_consent" not in kinds(world.chen, world.at)
    summary = Summary.objects.get(partnership=world.ana_and_chen)
    summaries.agree(summary, version=summary.version, by=world.ana, at=world.at)
    assert "summary_consent" not in kinds(world.ana, world.at)


def test_a_released_plan_waits_for_its_leader_until_she_opens_it(world):
    assert "released_plan" in kinds(world.dara, world.at)
    plan = world.ana_and_ben_cycle.plans.latest("pk")
    summaries.open_released(plan, reader=world.dara, at=world.at)
    assert "released_plan" not in kinds(world.dara, world.at)


def test_a_release_that_was_taken_back_is_not_told(world):
    plan = world.ana_and_ben_cycle.plans.latest("pk")
    summaries.withdraw(plan.releases.get(), by=world.ben, at=world.at)
    assert "released_plan" not in kinds(world.dara, world.at)


def test_an_answer_is_told_for_two_weeks_to_the_members_alone(world):
    plan = world.ana_and_ben_cycle.plans.latest("pk")
    Answer.objects.all().delete()
    summaries.answer(plan, text="You can have the trolley.", by=world.dara, at=world.at)
    assert "answer" in kinds(world.ben, world.at)
    assert "answer" not in kinds(world.dara, world.at)
    assert "answer" not in kinds(world.ben, world.at + 15 * DAY)


def test_a_shared_reflection_is_told_to_the_partner_until_it_is_taken_back(world):
    cycle = world.ana_and_ben_cycle
    entry = journals.write_entry(cycle, text="I spoke too much.", version=0, by=world.ana, at=world.at)
    assert "reflection" not in kinds(world.ben, world.at)
    journals.share(entry, by=world.ana, at=world.at)
    assert "reflection" in kinds(world.ben, world.at)
    assert "reflection" not in kinds(world.ana, world.at)
    journals.take_back(entry, by=world.ana, at=world.at)
    assert "reflection" not in kinds(world.ben, world.at)


def test_two_entries_for_one_talk_are_told_once_to_both(world):
    began = world.at - DAY
    for by in (world.ana, world.ben):
        log = {"kinds": ["reflecting"], "minutes": 20, "began_at": began, "by": by, "at": world.at}
        cycles.log_contact(world.ana_and_ben, **log)
    assert kinds(world.ben, world.at).count("twins") == 1
    assert kinds(world.ana, world.at).count("twins") == 1


def test_who_left_a_partnership_is_told_nothing_of_it(world):
    began = world.at - DAY
    for by in (world.ana, world.ben):
        log = {"kinds": ["reflecting"], "minutes": 20, "began_at": began, "by": by, "at": world.at}
        cycles.log_contact(world.ana_and_ben, **log)
    partnerships.leave(world.ana_and_ben, by=world.ana, at=world.at)
    found = told(world.ana, world.at + DAY)
    assert world.ana_and_ben.pk not in {work.pk for work in found.partnerships}
    assert world.ana_and_ben.pk not in {item.partnership for item in found.waiting}
    assert found.next.work.pk != world.ana_and_ben.pk


def test_when_somebody_left_the_others_are_asked_and_she_is_not(world):
    [item] = [item for item in told(world.ana, world.at).waiting if item.kind == "how_to_go_on"]
    assert (item.partnership, item.who.name) == (world.ana_and_noor.pk, "Noor Rahman")
    assert "how_to_go_on" not in kinds(world.noor, world.at)


def test_open_wishes_are_told_to_facilitators_of_the_place_as_a_number(world):
    [item] = [item for item in told(world.emre, world.at).waiting if item.kind == "wishes"]
    assert (item.number, item.who) == (1, None)
    assert "wishes" not in kinds(world.fatima, world.at)
    assert "wishes" not in kinds(world.dara, world.at)
    assert [item.kind for item in told(world.lena, world.at).asked] == ["wish"]


def test_a_lonely_owner_is_asked_for_a_second(world):
    assert kinds(world.kofi, world.at) == ["second_owner"]
    people.make_owner(world.ines, by=world.kofi, at=world.at)
    assert kinds(world.kofi, world.at) == []


def test_who_joined_later_is_told_of_what_came_since(world):
    """Lena joins; the summary, agreement and reflections of before are not hers to be told of, but the agreement."""
    Member.objects.create(
        partnership=world.ana_and_chen, person=world.lena, part=Part.PARTNER, joined_at=world.at, sees_from=world.at
    )
    assert kinds(world.lena, world.at + DAY) == ["signature", "help_offer"]
    assert told(world.lena, world.at + DAY).partnerships[0].latest_contact is None


def test_every_kind_has_a_rank(world):
    for person in world.people.values():
        assert {item.kind for item in told(person, world.at).waiting} <= set(ORDER)
        assert {item.kind for item in told(person, world.at).asked} <= set(ASKED)


@pytest.mark.parametrize("number", [1, 3, 5])
def test_it_asks_as_often_for_one_partnership_as_for_five(world, number):
    for partner in [world.ana, world.ben, world.chen, world.goran, world.hana][:number]:
        pair = _together(world, world.mai, partner, at=world.at - DAY)
        words = dict.fromkeys(("norms", "habits", "roles", "confidence"), "We ask first.")
        partnerships.write_agreement(pair, **words, by=partner, at=world.at)
        cycle = cycles.begin(pair, template=world.ana_and_ben_cycle.template, by=partner, at=world.at)
        step = {"text": "A step", "who": world.mai, "by_date": world.at.date(), "by": partner, "at": world.at}
        cycles.add_step(cycle, **step)
    me = policy.standing(world.mai)
    home(world.mai, me, at=world.at)
    with CaptureQueriesContext(connections["default"]) as ours, CaptureQueriesContext(connections["keys"]) as keys:
        found = home(world.mai, me, at=world.at)
    assert len(found.partnerships) == number
    assert len(found.waiting) == number
    assert (len(ours), len(keys)) == (5, 1)


def _ask(by, whom, *, at):
    return partnerships.propose(by=by, form=Form.PEERS, seats=[(by, Part.PEER), (whom, Part.PEER)], at=at)


def _together(world, by, whom, *, at):
    pair = partnerships.accept(_ask(by, whom, at=at), by=whom, at=at)
    assert not Cycle.objects.filter(partnership=pair).exists()
    return pair
