"""A cycle begins, moves, rests and ends."""

from datetime import timedelta

import pytest

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.cycles import actions
from sidebyside.cycles.models import Cycle
from sidebyside.cycles.queries import template_of
from sidebyside.materials.models import MaterialVersion
from sidebyside.materials.queries import latest
from sidebyside.partnerships import actions as partnerships
from tests.pairs import NOW, Pair, cycle_template

pytestmark = pytest.mark.django_db


def test_refuses_a_second_cycle_while_one_runs(ours: Pair) -> None:
    with pytest.raises(Refused, match="running already"):
        actions.begin(ours.partnership, template=cycle_template("short"), by=ours.partner, at=NOW)
    assert Cycle.objects.count() == 1


def test_refuses_a_material_that_is_no_cycle(ours: Pair) -> None:
    actions.stop(ours.cycle, by=ours.partner, at=NOW)
    with pytest.raises(Refused, match="not a cycle"):
        actions.begin(ours.partnership, template=latest("norms", "pair"), by=ours.coach, at=NOW)


def test_refuses_to_begin_in_an_ended_partnership(ours: Pair) -> None:
    actions.complete(ours.cycle, by=ours.partner, at=NOW)
    ours.partnership.ended_at = NOW
    with pytest.raises(Refused, match="has ended"):
        actions.begin(ours.partnership, template=cycle_template(), by=ours.coach, at=NOW)


@pytest.mark.parametrize("stage", ["", "plan_together", "no-such", "assess ", "ASSESS", "../assess"])
def test_refuses_a_stage_its_template_lacks(ours: Pair, stage: str) -> None:
    with pytest.raises(Refused, match="no such stage"):
        actions.move_to(ours.cycle, stage=stage, by=ours.coach, at=NOW)


def test_moves_freely_both_ways(ours: Pair) -> None:
    for stage in ("reflect", "assess", "implement"):
        actions.move_to(ours.cycle, stage=stage, by=ours.partner, at=NOW)
        ours.cycle.refresh_from_db()
        assert (ours.cycle.stage, ours.cycle.stage_since) == (stage, NOW)
    assert Event.objects.filter(kind="cycle.moved").count() == 3


def test_moving_to_where_it_is_changes_nothing(ours: Pair) -> None:
    began = ours.cycle.stage_since
    actions.move_to(ours.cycle, stage="assess", by=ours.partner, at=NOW)
    ours.cycle.refresh_from_db()
    assert ours.cycle.stage_since == began
    assert not Event.objects.filter(kind="cycle.moved").exists()


def test_pauses_and_goes_on_where_it_was(ours: Pair) -> None:
    actions.move_to(ours.cycle, stage="prepare", by=ours.coach, at=NOW)
    for _twice in range(2):
        actions.pause(ours.cycle, by=ours.partner, at=NOW)
    ours.cycle.refresh_from_db()
    assert ours.cycle.paused_by == ours.partner
    assert not ours.cycle.is_running
    actions.resume(ours.cycle, by=ours.coach, at=NOW)
    ours.cycle.refresh_from_db()
    assert (ours.cycle.stage, ours.cycle.is_running) == ("prepare", True)
    assert Event.objects.filter(kind="cycle.paused").count() == 1


def test_ends_once_and_keeps_its_first_word(ours: Pair) -> None:
    actions.complete(ours.cycle, by=ours.coach, at=NOW)
    actions.stop(Cycle.objects.get(), by=ours.partner, at=NOW + timedelta(minutes=1))
    ended = Cycle.objects.get()
    assert (ended.ending, ended.ended_by, ended.ended_at) == ("completed", ours.coach, NOW)


@pytest.mark.parametrize("verb", [actions.pause, actions.resume])
def test_an_ended_cycle_neither_pauses_nor_goes_on(ours: Pair, verb) -> None:
    actions.stop(ours.cycle, by=ours.coach, at=NOW)
    with pytest.raises(Refused, match="has ended"):
        verb(ours.cycle, by=ours.coach, at=NOW)


def test_an_ended_cycle_does_not_move(ours: Pair) -> None:
    actions.stop(ours.cycle, by=ours.coach, at=NOW)
    with pytest.raises(Refused, match="has ended"):
        actions.move_to(ours.cycle, stage="reflect", by=ours.coach, at=NOW)


def test_is_taken_up_again_unless_another_runs(ours: Pair) -> None:
    actions.stop(ours.cycle, by=ours.coach, at=NOW)
    actions.reopen(ours.cycle, by=ours.partner, at=NOW)
    assert Cycle.objects.get().is_running
    actions.complete(ours.cycle, by=ours.coach, at=NOW)
    second = actions.begin(ours.partnership, template=cycle_template("short"), by=ours.partner, at=NOW)
    assert second.number == 2
    with pytest.raises(Refused, match="Another cycle"):
        actions.reopen(ours.cycle, by=ours.partner, at=NOW)


def test_keeps_the_template_version_it_began_with(ours: Pair) -> None:
    old = cycle_template()
    body = {**old.body, "version": 2, "stages": old.body["stages"][1:]}
    MaterialVersion.objects.create(material=old.material, number=2, body=body, made_at=NOW)
    assert [stage.slug for stage in template_of(Cycle.objects.get()).stages][0] == "assess"
    actions.stop(ours.cycle, by=ours.coach, at=NOW)
    newer = actions.begin(ours.partnership, template=cycle_template(), by=ours.coach, at=NOW)
    assert newer.stage == "set_goals"


def test_a_cycle_ends_with_its_partnership(world):
    partnerships.end(world.ana_and_ben, by=world.ben, at=world.at)
    cycle = Cycle.objects.get(pk=world.ana_and_ben_cycle.pk)
    assert (cycle.ended_at, cycle.ended_by, cycle.ending) == (world.at, world.ben, Cycle.Ending.STOPPED)
