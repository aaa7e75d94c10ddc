"""The summary and plan pages: for members, for those who received them, and closed to all others."""

import pytest
from django.urls import reverse

from sidebyside.summaries.models import Answer, Plan, PlanRelease, Summary, SummaryRelease

OUTSIDERS = ["ben", "dara", "emre", "fatima", "ines", "jonas", "kofi", "lena", "mai", "noor"]


@pytest.fixture
def summary(world) -> Summary:
    return Summary.objects.get(partnership=world.ana_and_chen)


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_else_opens_the_summary_of_a_partnership(world, client, summary, name):
    client.force_login(getattr(world, name))
    assert client.get(reverse("summary", args=[summary.cycle_id])).status_code == 404
    assert client.get(reverse("read_summary", args=[summary.pk])).status_code == 404
    assert client.post(reverse("release_summary", args=[summary.pk]), {"to": world.dara.pk}).status_code == 404
    assert not SummaryRelease.objects.filter(summary=summary).exists()


def test_members_write_agree_release_and_take_back(world, client, summary):
    client.force_login(world.ana)
    page = reverse("summary", args=[summary.cycle_id])
    assert "Waiting three seconds" in client.get(page).content.decode()
    fields = {"version": 1, "focus": "Waiting", "growth": "More pupils speak."}
    assert client.post(page, fields).status_code == 302
    client.post(reverse("consent_summary", args=[summary.pk]), {"version": 2})
    refused = client.post(reverse("release_summary", args=[summary.pk]), {"to": world.dara.pk})
    assert refused.status_code == 409
    assert "Not everybody has agreed" in refused.content.decode()
    client.force_login(world.chen)
    client.post(reverse("consent_summary", args=[summary.pk]), {"version": 2})
    assert client.post(reverse("release_summary", args=[summary.pk]), {"to": world.dara.pk}).status_code == 302
    given = SummaryRelease.objects.get(summary=summary)
    assert client.post(reverse("withdraw_summary", args=[given.pk])).status_code == 302
    assert not SummaryRelease.objects.filter(summary=summary).exists()


def test_two_who_save_both_see_both_texts(world, client, summary):
    page = reverse("summary", args=[summary.cycle_id])
    client.force_login(world.chen)
    client.post(page, {"version": 1, "focus": "What Chen wrote"})
    client.force_login(world.ana)
    both = client.post(page, {"version": 1, "focus": "What Ana wrote"})
    assert both.status_code == 422
    assert "What Chen wrote" in both.content.decode()
    assert "What Ana wrote" in both.content.decode()
    assert 'name="version" value="2"' in both.content.decode()


def test_a_text_that_is_too_long_comes_back_whole(world, client, summary):
    client.force_login(world.ana)
    long = "x" * 100_001
    answer = client.post(reverse("summary", args=[summary.cycle_id]), {"version": 1, "growth": long})
    assert answer.status_code == 422
    assert long in answer.content.decode()


def test_who_received_it_reads_it_and_is_seen_to(world, client, summary):
    SummaryRelease.objects.create(summary=summary, to=world.dara, by=world.ana, at=world.at)
    client.force_login(world.dara)
    page = client.get(reverse("read_summary", args=[summary.pk])).content.decode()
    assert "More pupils speak when we wait." in page
    assert SummaryRelease.objects.get(summary=summary).opened_at
    assert client.post(reverse("consent_summary", args=[summary.pk]), {"version": 1}).status_code == 403


def test_a_leader_answers_a_plan_and_approves_nothing(world, client):
    given = PlanRelease.objects.filter(to=world.dara, opened_at=None).get()
    client.force_login(world.dara)
    page = client.get(reverse("read_plan", args=[given.plan_id])).content.decode()
    assert "One free period on Thursday." in page
    assert "Approve" not in page
    client.post(reverse("answer_plan", args=[given.plan_id]), {"text": "Take the third period."})
    assert Answer.objects.filter(plan=given.plan_id, by=world.dara).count() == 1
    client.force_login(world.ben)
    assert "Take the third period." in client.get(reverse("read_plan", args=[given.plan_id])).content.decode()


def test_a_form_sent_twice_makes_one_plan(world, client):
    client.force_login(world.ben)
    before = Plan.objects.count()
    page = reverse("plan", args=[world.ana_and_ben_cycle.pk])
    first = client.post(page, {"ask": "", "line": "", "once": "mark"})
    second = client.post(page, {"ask": "", "line": "", "once": "mark"})
    assert first["Location"] == second["Location"]
    assert Plan.objects.count() == before + 1


def test_nobody_answers_a_plan_that_was_taken_back(world, client):
    given = PlanRelease.objects.filter(to=world.dara, opened_at=None).get()
    client.force_login(world.ana)
    client.post(reverse("withdraw_plan", args=[given.pk]))
    client.force_login(world.dara)
    assert client.get(reverse("read_plan", args=[given.plan_id])).status_code == 404
    assert client.post(reverse("answer_plan", args=[given.plan_id]), {"text": "No"}).status_code == 404
