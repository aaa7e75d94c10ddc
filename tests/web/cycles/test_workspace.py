"""The workspace itself: where the work is, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sidebyside.conversations.actions import write_note
from sidebyside.cycles import actions
from sidebyside.cycles.models import Cycle
from sidebyside.materials.queries import latest
from tests.pairs import NOW, Pair

pytestmark = pytest.mark.django_db


def text(client: Client, ours: Pair) -> str:
    return client.get(reverse("workspace", args=[ours.partnership.pk])).content.decode()


def fill(ours: Pair, goals: int, contacts: int, notes: int) -> None:
    by = {"by": ours.partner, "at": NOW}
    for number in range(goals):
        actions.add_goal(ours.cycle, text=f"goal {number}", evidence="seen", by_date=NOW.date(), place_goal=None, **by)
        actions.add_step(ours.cycle, text=f"step {number}", who=ours.partner, by_date=None, **by)
    for number in range(contacts):
        began = NOW - timedelta(days=number)
        actions.log_contact(ours.partnership, kinds=["informal"], minutes=5, began_at=began, by=ours.coach, at=NOW)
    for number in range(notes):
        write_note(ours.partnership, text=f"note {number} ".ljust(500, "x"), cycle=ours.cycle, **by)


def test_costs_at_most_twenty_queries(ours: Pair, ana: Client) -> None:
    fill(ours, goals=5, contacts=30, notes=20)
    for kind in ("needs", "focus", "next_step"):
        actions.write_sheet(ours.cycle, kind=kind, text=f"about {kind}", version=0, by=ours.coach, at=NOW)
    assert _queries(ana, ours) <= 20
    page = text(ana, ours)
    assert page.count('<article class="note') == 20
    assert page.count('<li class="goal') == 5


def test_one_row_and_three_cost_the_same(ours: Pair, ana: Client) -> None:
    fill(ours, goals=1, contacts=1, notes=1)
    counted = _queries(ana, ours)
    fill(ours, goals=2, contacts=2, notes=2)
    assert _queries(ana, ours) == counted


def _queries(client: Client, ours: Pair) -> int:
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        text(client, ours)
    return len(main) + len(keys)


def test_moves_both_ways_and_offers_undo(ours: Pair, ana: Client, ben: Client) -> None:
    for client, stage in ((ana, "reflect"), (ben, "set_goals")):
        assert client.post(reverse("stage", args=[ours.cycle.pk, stage])).status_code == 302
        assert Cycle.objects.get().stage == stage
    page = text(ben, ours)
    assert f'action="/cycles/{ours.cycle.pk}/stages/reflect/"' in page
    assert ana.post(reverse("stage", args=[ours.cycle.pk, "no-such"])).status_code == 409
    assert ana.get(reverse("stage", args=[ours.cycle.pk, "no-such"])).status_code == 404


def test_shows_signs_and_never_waits_for_them(ours: Pair, ana: Client) -> None:
    assert text(ana, ours).count("still open") == 2
    actions.write_sheet(ours.cycle, kind="focus", text="Fractions", version=0, by=ours.partner, at=NOW)
    assert text(ana, ours).count("still open") == 1
    assert "overdue" not in text(ana, ours).lower()


def test_rests_goes_on_ends_and_begins_anew(ours: Pair, ana: Client, ben: Client) -> None:
    cycle = ours.cycle.pk
    ana.post(reverse("pause_cycle", args=[cycle]))
    assert "Resting since" in text(ben, ours)
    ben.post(reverse("resume_cycle", args=[cycle]))
    ben.post(reverse("stop_cycle", args=[cycle]))
    ana.post(reverse("reopen_cycle", args=[cycle]))
    ana.post(reverse("complete_cycle", args=[cycle]))
    assert "Begin the next cycle together" in text(ben, ours)
    begin = reverse("cycles", args=[ours.partnership.pk])
    for nonsense in ("", "abc", "0", str(latest("norms", "pair").pk)):
        assert ben.post(begin, {"template": nonsense}).status_code == 422
    sent = {"template": latest("cycle", "short").pk, "once": "mark"}
    assert ben.post(begin, sent).status_code == ben.post(begin, sent).status_code == 302
    assert ana.post(begin, {"template": sent["template"]}).status_code == 422
    assert Cycle.objects.get(ended_at=None).number == 2
    earlier = ana.get(reverse("cycle", args=[cycle])).content.decode()
    assert "completed" in earlier
    assert "Take it up again" not in earlier


@pytest.mark.parametrize("verb", ["pause_cycle", "resume_cycle"])
def test_an_ended_cycle_says_so(ours: Pair, ana: Client, verb: str) -> None:
    ana.post(reverse("stop_cycle", args=[ours.cycle.pk]))
    answer = ana.post(reverse(verb, args=[ours.cycle.pk]))
    assert (answer.status_code, "has ended" in answer.content.decode()) == (409, True)


def test_acts_are_posts(ours: Pair, ana: Client) -> None:
    for name in ("pause_cycle", "complete_cycle", "stop_cycle", "reopen_cycle"):
        assert ana.get(reverse(name, args=[ours.cycle.pk])).status_code == 405


def test_an_ended_partnership_is_there_to_read(ours: Pair, ana: Client) -> None:
    actions.stop(ours.cycle, by=ours.coach, at=NOW)
    type(ours.partnership).objects.update(ended_at=NOW)
    page = text(ana, ours)
    assert "This work has ended" in page
    assert "Log it" not in page
    begin = reverse("cycles", args=[ours.partnership.pk])
    assert ana.post(begin, {"template": latest("cycle", "short").pk}).status_code == 422


def test_the_next_step_stands_large_and_the_rest_below(ours: Pair, ana: Client) -> None:
    actions.write_sheet(
        ours.cycle, kind="next_step", text="Thursday, room 12\nBen brings cards", version=0, by=ours.coach, at=NOW
    )
    page = text(ana, ours)
    assert 'dir="auto">Thursday, room 12</h2>' in page
    assert 'dir="auto">Ben brings cards</p>' in page


def test_names_the_unsigned_agreement(ours: Pair, ana: Client) -> None:
    assert "You have not written an agreement yet." in text(ana, ours)
