"""Goals and the action plan."""

from datetime import date

import pytest

from sidebyside.base import bin
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.base.vault import opened
from sidebyside.cycles import actions
from sidebyside.cycles.models import Cycle, Goal, Step
from tests.pairs import NOW, Pair

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 11)


def add_goal(ours: Pair, text: str = "All argue", **others) -> Goal:
    values = {"evidence": "Every pair has a claim", "by_date": DAY, "place_goal": None, **others}
    return actions.add_goal(ours.cycle, text=text, by=ours.partner, at=NOW, **values)


def change_goal(goal: Goal, by, text: str, version: int) -> None:
    actions.change_goal(goal, text=text, evidence="", by_date=None, place_goal=None, version=version, by=by, at=NOW)


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 100_001, "\0"])
def test_refuses_a_goal_without_words(ours: Pair, text: str) -> None:
    with pytest.raises(Refused):
        add_goal(ours, text)
    assert not Goal.objects.exists()


def test_two_who_change_a_goal_lose_nothing(ours: Pair) -> None:
    goal = add_goal(ours)
    mine, theirs = Goal.objects.get(), Goal.objects.get()
    change_goal(mine, ours.coach, "Ana's", 1)
    with pytest.raises(Overtaken) as caught:
        change_goal(theirs, ours.partner, "Ben's", 1)
    assert (caught.value.current.text, caught.value.current.version) == ("Ana's", 2)
    goal.refresh_from_db()
    assert opened([goal], "text")[0].text == "Ana's"


def test_a_goal_removed_meanwhile_is_not_changed(ours: Pair) -> None:
    goal = add_goal(ours)
    bin.remove(Goal.objects.get(), by=ours.coach, at=NOW)
    with pytest.raises(Refused, match="removed meanwhile"):
        change_goal(goal, ours.partner, "new", 1)


def test_is_reached_and_open_again_once_each(ours: Pair) -> None:
    goal = add_goal(ours)
    actions.reach(goal, by=ours.partner, at=NOW)
    actions.reach(Goal.objects.get(), by=ours.coach, at=NOW)
    assert Goal.objects.get().reached_by == ours.partner
    actions.unreach(goal, by=ours.coach, at=NOW)
    assert Goal.objects.get().reached_at is None


def test_a_goal_of_an_ended_cycle_stays(ours: Pair) -> None:
    add_goal(ours)
    actions.stop(ours.cycle, by=ours.coach, at=NOW)
    with pytest.raises(Refused):
        change_goal(Goal.objects.get(), ours.coach, "new", 1)
    with pytest.raises(Refused):
        actions.add_goal(
            Cycle.objects.get(), text="new", evidence="", by_date=None, place_goal=None, by=ours.coach, at=NOW
        )


def test_a_step_belongs_to_a_member(ours: Pair) -> None:
    with pytest.raises(Refused, match="one of you"):
        actions.add_step(ours.cycle, text="Copy cards", who=ours.outsider, by_date=None, by=ours.coach, at=NOW)
    assert not Step.objects.exists()


def test_a_step_is_changed_done_and_open_again(ours: Pair) -> None:
    step = actions.add_step(ours.cycle, text="Copy cards", who=ours.partner, by_date=DAY, by=ours.coach, at=NOW)
    actions.change_step(step, text="Cut cards", who=None, by_date=None, version=1, by=ours.partner, at=NOW)
    actions.finish(step, by=ours.coach, at=NOW)
    actions.finish(step, by=ours.partner, at=NOW)
    found = opened(Step.objects.all(), "text")[0]
    assert (found.text, found.who, found.version, found.done_by) == ("Cut cards", None, 2, ours.coach)
    actions.reopen_step(step, by=ours.partner, at=NOW)
    assert Step.objects.get().done_at is None
    with pytest.raises(Overtaken):
        actions.change_step(step, text="Other", who=None, by_date=None, version=1, by=ours.coach, at=NOW)
