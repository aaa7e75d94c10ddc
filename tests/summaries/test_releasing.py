"""Releasing is an act of all members, to named people, and can be taken back."""

from datetime import timedelta

import pytest

from sidebyside import policy
from sidebyside.base import vault
from sidebyside.base.models import Event
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.conversations.models import Note
from sidebyside.cycles.models import Contact, Cycle, Goal, Sheet, Step
from sidebyside.journals.models import Entry
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Member, Opening, Part, Partnership
from sidebyside.summaries import actions, queries
from sidebyside.summaries.models import Answer, Consent, Plan, PlanRelease, Summary, SummaryRelease


@pytest.fixture
def summary(world) -> Summary:
    """The summary of Ana and Chen, to which Chen has agreed."""
    return Summary.objects.get(partnership=world.ana_and_chen)


def release_to_dara(world, summary) -> SummaryRelease:
    actions.agree(summary, version=summary.version, by=world.ana, at=world.at)
    return actions.release(summary, to=world.dara, by=world.ana, at=world.at)


def test_it_is_not_released_before_all_agree(world, summary):
    with pytest.raises(Refused, match="Ana Sousa"):
        actions.release(summary, to=world.dara, by=world.chen, at=world.at)
    assert not SummaryRelease.objects.filter(summary=summary).exists()


def test_it_is_released_when_all_agree(world, summary):
    assert not policy.sees(world.dara, summary)
    release_to_dara(world, summary)
    assert policy.sees(world.dara, summary)
    assert not policy.sees(world.emre, summary)


def test_it_is_not_released_twice_to_the_same_person(world, summary):
    release_to_dara(world, summary)
    with pytest.raises(Refused, match="can read it already"):
        actions.release(summary, to=world.dara, by=world.chen, at=world.at)


@pytest.mark.parametrize("outsider", ["lena", "mai", "fatima", "jonas", "kofi"])
def test_only_who_leads_or_facilitates_their_schools_receives_it(world, summary, outsider):
    actions.agree(summary, version=summary.version, by=world.ana, at=world.at)
    with pytest.raises(Refused, match="none of your schools"):
        actions.release(summary, to=getattr(world, outsider), by=world.ana, at=world.at)


def test_a_change_asks_everybody_again(world, summary):
    actions.change(summary, fields={"focus": "Wait"}, version=1, by=world.ana, at=world.at)
    assert set(queries.still_to_agree(summary)) == {world.ana, world.chen}


def test_agreeing_to_an_older_text_is_refused(world, summary):
    actions.change(summary, fields={"focus": "Wait"}, version=1, by=world.chen, at=world.at)
    with pytest.raises(Refused, match="changed since you read it"):
        actions.agree(summary, version=1, by=world.ana, at=world.at)


def test_what_others_read_does_not_change_under_their_eyes(world, summary):
    release_to_dara(world, summary)
    with pytest.raises(Refused, match="Take it back first"):
        actions.change(summary, fields={"focus": "Other"}, version=1, by=world.ana, at=world.at)


def test_the_second_of_two_who_save_sees_both(world, summary):
    actions.change(summary, fields={"focus": "Ana's"}, version=1, by=world.ana, at=world.at)
    with pytest.raises(Overtaken) as overtaken:
        actions.change(
            Summary.objects.get(pk=summary.pk), fields={"focus": "Chen's"}, version=1, by=world.chen, at=world.at
        )
    assert queries.body_of(overtaken.value.current) == {"focus": "Ana's"}


def test_taken_back_unread_it_leaves_no_trace(world, summary):
    before = set(Event.objects.values_list("pk", flat=True))
    actions.agree(summary, version=summary.version, by=world.ana, at=world.at)
    agreed = set(Event.objects.values_list("pk", flat=True))
    given = actions.release(summary, to=world.dara, by=world.ana, at=world.at)
    assert actions.withdraw(given, by=world.ana, at=world.at) is False
    assert not SummaryRelease.objects.filter(summary=summary).exists()
    assert set(Event.objects.values_list("pk", flat=True)) == agreed > before
    assert not policy.sees(world.dara, summary)
    assert not Opening.objects.filter(kind="summary").exists()


def test_taken_back_after_it_was_read_the_members_still_know(world, summary):
    given = release_to_dara(world, summary)
    actions.open_released(summary, reader=world.dara, at=world.at)
    given.refresh_from_db()
    assert given.opened_at == world.at
    assert actions.withdraw(given, by=world.chen, at=world.at + timedelta(hours=1)) is True
    assert not policy.sees(world.dara, summary)
    assert policy.seen(world.chen, SummaryRelease).get(summary=summary).withdrawn_at
    assert not policy.seen(world.dara, SummaryRelease).filter(summary=summary).exists()


def test_who_opened_it_is_logged_once_a_day(world, summary):
    release_to_dara(world, summary)
    for hours in (0, 1, 30):
        actions.open_released(summary, reader=world.dara, at=world.at + timedelta(hours=hours))
    opened = policy.seen(world.ana, Opening).filter(reader=world.dara, kind="summary", record_id=summary.pk)
    assert opened.count() in (2, 3)  # 30 hours later is another day, an hour later may be
    assert not policy.seen(world.dara, Opening).exists()


def test_members_leave_no_mark_when_they_read(world, summary):
    assert actions.open_released(summary, reader=world.ana, at=world.at) is False
    assert not Opening.objects.filter(kind="summary").exists()


def test_a_summary_begins_with_the_work_and_without_minutes(world):
    filled = queries.fill(world.ana_and_ben_cycle)
    assert filled["focus"] == "Fractions that pupils can argue about"
    assert filled["kinds_of_help"] == "co_planning,informal,reflecting,resources,training"
    assert filled["members"] == "Ana Sousa, Ben Okafor"
    assert not any("50" in text.replace("2050", "") for name, text in filled.items() if name == "kinds_of_help")


def test_no_reflection_flows_into_it(world):
    """A reflection is its author's own, also after she shared it: she may take it back, and a copy would stay."""
    filled = queries.fill(world.ana_and_chen_cycle)
    assert not any("Three seconds are long" in text or "filled her silence" in text for text in filled.values())


@pytest.fixture
def joined(world):
    """Lena joins Ana and Ben in the middle of a cycle."""
    seats = [(world.lena, Part.PARTNER)]
    proposal = partnerships.propose(by=world.ana, form=Form.TEAM, seats=seats, at=world.at, joining=world.ana_and_ben)
    for person in (world.ben, world.lena):
        partnerships.accept(proposal, by=person, at=world.at)
    for person in world.people.values():
        person.standing = None
    return world


def test_who_joins_later_sees_nothing_that_was_written_before(joined):
    old = joined.ana_and_ben_cycle
    anew = Cycle.objects.get(partnership=joined.ana_and_ben, ended_at=None)
    assert (anew.template, anew.stage, anew.number) == (old.template, "prepare", 2)
    late = actions.draw_up(old, fields=queries.fill(old), by=joined.ana, at=joined.at)
    assert policy.sees(joined.ben, late)
    for model in (Summary, Plan, PlanRelease, Consent, Answer, Goal, Step, Sheet, Note, Contact, Entry):
        assert not policy.seen(joined.lena, model).exists(), model
    assert list(policy.seen(joined.lena, Cycle)) == [anew]


def test_who_joined_later_is_not_asked_about_what_was_before(joined):
    old = actions.draw_up(joined.ana_and_ben_cycle, fields={"focus": "x"}, by=joined.ana, at=joined.at)
    assert queries.still_to_agree(old) == [joined.ana, joined.ben]
    anew = Cycle.objects.get(partnership=joined.ana_and_ben, ended_at=None)
    new = actions.draw_up(anew, fields={"focus": "x"}, by=joined.lena, at=joined.at)
    assert queries.still_to_agree(new) == [joined.ana, joined.ben, joined.lena]


def test_what_nobody_could_take_back_goes_with_the_last_member(world, summary):
    given = release_to_dara(world, summary)
    partnerships.leave(world.ana_and_chen, by=world.chen, at=world.at)
    if not Partnership.objects.get(pk=world.ana_and_chen.pk).ended_at:
        partnerships.leave(world.ana_and_chen, by=world.ana, at=world.at)
    given.refresh_from_db()
    members = Member.objects.filter(partnership=world.ana_and_chen, left_at=None)
    assert (given.withdrawn_at is None) == members.exists()


def test_a_reader_is_told_when_it_was_just_taken_back(world, summary):
    given = release_to_dara(world, summary)
    actions.withdraw(given, by=world.ana, at=world.at)
    assert actions.open_released(summary, reader=world.dara, at=world.at) is False
    assert not Opening.objects.filter(reader=world.dara, kind="summary").exists()


def test_no_plan_is_made_after_the_end(world):
    partnerships.end(world.ana_and_ben, by=world.ben, at=world.at)
    world.ana_and_ben_cycle.refresh_from_db()
    with pytest.raises(Refused, match="has ended"):
        actions.draw_up_plan(world.ana_and_ben_cycle, ask="", line="", by=world.ben, at=world.at)


@pytest.mark.parametrize(
    ("ask", "line", "why"),
    [
        (Plan.Ask.TIME, "one\ntwo", "line breaks"),
        ("", "a room", "Choose what"),
        (Plan.Ask.ROOM, "x" * 301, "at most 300"),
    ],
)
def test_a_plan_asks_in_one_line_or_not_at_all(world, ask, line, why):
    with pytest.raises(Refused, match=why):
        actions.draw_up_plan(world.ana_and_ben_cycle, ask=ask, line=line, by=world.ben, at=world.at)


def test_a_plan_shows_goals_and_steps_as_they_were(world):
    plan = Plan.objects.filter(partnership=world.ana_and_ben).first()
    vault.opened([plan], "body", "line")
    body = queries.body_of(plan)
    assert [step["who"] for step in body["steps"]] == ["Ben Okafor", "Ana Sousa"]
    assert body["goals"][0]["place_goal"] == "Every pupil explains her thinking"
    assert plan.line == "The tablet trolley on three Tuesdays."
