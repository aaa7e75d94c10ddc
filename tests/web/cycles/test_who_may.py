"""Pages and acts of a partnership are its members' alone."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sidebyside.base import bin
from sidebyside.conversations.actions import write_note
from sidebyside.cycles import actions
from sidebyside.cycles.models import Contact, Cycle, Goal, Sheet, Step
from sidebyside.journals.actions import write_entry
from sidebyside.partnerships.models import Member
from sidebyside.places.models import Role
from tests.pairs import NOW, Pair, pair

pytestmark = pytest.mark.django_db

PAGES = [
    ("workspace", "partnership"), ("history", "partnership"), ("cycles", "partnership"), ("cycle", "cycle"),
    ("stage", "cycle", "prepare"), ("sheet", "cycle", "focus"), ("goals", "cycle"), ("goal", "goal"),
    ("steps", "cycle"), ("step", "step"), ("contacts", "partnership"), ("contact", "contact"),
    ("notes", "partnership"), ("note", "note"), ("reflection", "cycle"),
]  # fmt: skip
ACTS = [
    *PAGES[2:3], *PAGES[4:], ("pause_cycle", "cycle"), ("resume_cycle", "cycle"), ("complete_cycle", "cycle"),
    ("stop_cycle", "cycle"), ("reopen_cycle", "cycle"), ("reach_goal", "goal"), ("unreach_goal", "goal"),
    ("remove_goal", "goal"), ("finish_step", "step"), ("reopen_step", "step"), ("remove_step", "step"),
    ("remove_contact", "contact"), ("join_contacts", "contact"), ("keep_contacts_apart", "contact"),
    ("remove_note", "note"), ("scratch", "partnership"), ("take_back_entry", "entry"),
    ("remove_entry", "entry"),
]  # fmt: skip


@pytest.fixture
def written(ours: Pair) -> dict[str, int]:
    """One of everything in the partnership, by what an address names."""
    by, cycle = {"by": ours.partner, "at": NOW}, ours.cycle
    goal = actions.add_goal(cycle, text="MARK goal", evidence="MARK", by_date=None, place_goal=None, **by)
    step = actions.add_step(cycle, text="MARK step", who=None, by_date=None, **by)
    contact = actions.log_contact(ours.partnership, kinds=["training"], minutes=5, began_at=NOW, **by)
    actions.write_sheet(cycle, kind="focus", text="MARK focus", version=0, **by)
    note = write_note(ours.partnership, text="MARK note", cycle=cycle, **by)
    entry = write_entry(cycle, text="MARK entry", version=0, **by)
    rows = {"partnership": ours.partnership, "cycle": cycle, "goal": goal, "step": step, "contact": contact}
    return {name: row.pk for name, row in (rows | {"note": note, "entry": entry}).items()}


def address(page: tuple[str, ...], written: dict[str, int]) -> str:
    name, kind, *rest = page
    return reverse(name, args=[written[kind], *rest])


def everything() -> list[list]:
    models = (Contact, Cycle, Goal, Sheet, Step)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page[0])
def test_an_outsider_finds_no_page(lena: Client, written: dict[str, int], page: tuple[str, ...]) -> None:
    answer = lena.get(address(page, written))
    assert answer.status_code == 404
    assert b"MARK" not in answer.content


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act[0])
def test_an_outsider_changes_nothing(lena: Client, written: dict[str, int], act: tuple[str, ...]) -> None:
    before = everything()
    sent = {"text": "hers", "version": "1", "kinds": "training", "minutes": "5", "other": "1", "template": "1"}
    assert lena.post(address(act, written), sent).status_code == 404
    assert everything() == before


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page[0])
def test_a_member_reads_each_page(ana: Client, written: dict[str, int], page: tuple[str, ...]) -> None:
    answer = ana.get(address(page, written))
    assert answer.status_code == 200
    assert b"MARK entry" not in answer.content


def test_who_left_opens_no_page(ours: Pair, ben: Client, written: dict[str, int]) -> None:
    Member.objects.filter(person=ours.partner).update(left_at=NOW)
    for page in PAGES:
        # What was written in her time she takes along (/me/work/), but she does nothing to it.
        expected = 403 if page[0] in ("note", "goal", "step", "contact") else 404
        assert ben.get(address(page, written)).status_code == expected, page


@pytest.mark.parametrize("kind", [Role.Kind.FACILITATOR, Role.Kind.LEADER])
def test_who_knows_of_it_may_not_come_in(ours: Pair, lena: Client, written: dict[str, int], kind: str) -> None:
    Role.objects.create(person=ours.outsider, kind=kind, place=ours.school, given_at=NOW)
    for name in ("workspace", "history", "cycles", "contacts", "notes"):
        answer = lena.get(reverse(name, args=[written["partnership"]]))
        assert answer.status_code == 403, name
        assert b"MARK" not in answer.content
    for page in PAGES[3:10]:
        if page[1] != "partnership":
            assert lena.get(address(page, written)).status_code == 404, page


def test_members_of_another_partnership_do_not_reach_over(ours: Pair, written: dict[str, int]) -> None:
    other = pair("Fell")
    client = Client()
    client.force_login(other.coach)
    for page in PAGES:
        assert client.get(address(page, written)).status_code == 404, page
    mine = actions.log_contact(other.partnership, kinds=["training"], minutes=5, began_at=NOW, by=other.coach, at=NOW)
    assert client.post(reverse("join_contacts", args=[mine.pk]), {"other": written["contact"]}).status_code == 404
    assert Contact.objects.filter(removed_at=None).count() == 2


def test_only_the_partner_reads_her_reflection_and_only_the_coach_has_scratch(
    ours: Pair, ana: Client, ben: Client, written: dict[str, int]
) -> None:
    assert b"MARK entry" in ben.get(reverse("workspace", args=[written["partnership"]])).content
    for page in PAGES:
        assert b"MARK entry" not in ana.get(address(page, written)).content
    assert ana.post(reverse("take_back_entry", args=[written["entry"]])).status_code == 404
    scratch = reverse("scratch", args=[written["partnership"]])
    assert ben.get(scratch).status_code == ben.post(scratch, {"text": "x"}).status_code == 403
    ana.post(scratch, {"text": "SCRATCH", "version": "0"})
    workspace = reverse("workspace", args=[written["partnership"]])
    assert b"SCRATCH" in ana.get(workspace).content
    assert b"SCRATCH" not in ben.get(workspace).content


def test_what_is_removed_is_in_the_bin_of_all_members(
    ours: Pair, ana: Client, ben: Client, lena: Client, written: dict[str, int]
) -> None:
    ana.post(reverse("remove_goal", args=[written["goal"]]))
    assert b"MARK goal" not in ben.get(reverse("workspace", args=[written["partnership"]])).content
    restore = reverse("restore", args=["goal", written["goal"]])
    assert b"MARK goal" not in lena.get(reverse("bin")).content
    assert lena.post(restore).status_code == 404
    assert b"MARK goal" in ana.get(reverse("bin")).content
    assert b"MARK goal" in ben.get(reverse("bin")).content
    assert ana.post(reverse("restore", args=["sheet", 1])).status_code == 404
    assert ben.post(restore).status_code == 302
    assert b"MARK goal" in ana.get(reverse("workspace", args=[written["partnership"]])).content
    assert ana.post(restore).status_code == 404


def test_the_bin_shows_thirty_days(ours: Pair, ana: Client, written: dict[str, int]) -> None:
    goal = Goal.objects.get()
    bin.remove(goal, by=ours.coach, at=timezone.now() - bin.KEPT_FOR)
    assert b"MARK" not in ana.get(reverse("bin")).content
