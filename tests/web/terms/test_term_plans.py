"""The facilitator's page of a term: numbers, never who with whom."""

import pytest
from django.utils import timezone

from sidebyside.visits.models import PlannedVisit, TermPlan
from sidebyside.web.terms.plans import _put_together, _told
from tests.page import Page

pytestmark = pytest.mark.django_db


def there(world):
    return f"/places/{world.linden.pk}/terms/plans/"


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return Page(response.content.decode()).text


def asked(days):
    return {"term": "other", "begin": days["begin"].isoformat(), "end": days["end"].isoformat()}


def test_outsiders(world, client, proposed, days):
    plan = TermPlan.objects.get()
    for who in (world.ana, world.ben, world.dara, world.olu, world.fatima, world.ines, world.kofi, world.jonas):
        client.force_login(who)
        assert client.get(there(world)).status_code in (403, 404)
        assert client.post(f"{there(world)}new/", asked(days)).status_code in (403, 404)
        assert client.post(f"/term-plans/{plan.pk}/removal/").status_code == 404
    assert TermPlan.objects.get().put_away_at is None
    client.force_login(world.emre)
    assert client.get(f"/places/{world.fell.pk}/terms/plans/").status_code == 403
    assert client.get(f"{there(world)}new/").status_code == 405


def test_one_button_proposes_and_the_result_is_told(world, client, days):
    TermPlan.objects.all().delete()
    client.force_login(world.emre)
    page = text(client.post(f"{there(world)}new/", asked(days), follow=True))
    assert "2 partnerships have their calendar." in page
    assert "no numbers are told" in page
    assert PlannedVisit.objects.exists()
    page = text(client.post(f"/term-plans/{TermPlan.objects.get().pk}/removal/", follow=True))
    assert "have their calendar" not in page
    assert not PlannedVisit.objects.exists()


def test_nobody_is_named_and_no_lesson(world, client, proposed):
    client.force_login(world.emre)
    # What is written, without the random marks of its forms.
    page = " ".join(Page(client.get(there(world)).content.decode()).texts)
    assert "have their calendar" in page
    for name in ("Ana", "Ben", "Okafor", "Sousa", "静", "Science", "7A", "Lab"):
        assert name not in page
    for one in proposed:
        assert f"{one.begin:%H:%M}" not in page


def test_wrong_days_are_said_in_place(world, client):
    client.force_login(world.emre)
    TermPlan.objects.all().delete()
    for wrong, sentence in (
        ({"term": "other", "begin": "2026-13-40", "end": "x"}, "Something to put right"),
        ({"term": "other", "begin": "2020-01-01", "end": "2020-02-01"}, "These days are over."),
        ({"term": "other", "begin": "2030-01-01", "end": "2029-01-01"}, "after the first"),
        ({}, "Please choose a day."),
    ):
        assert sentence in text(client.post(f"{there(world)}new/", wrong), 422)
    assert not TermPlan.objects.exists()


def test_a_school_without_partnerships_or_timetable_is_told_why(world, client, days):
    client.force_login(world.emre)
    page = text(client.post(f"/places/{world.quay.pk}/terms/plans/new/", asked(days), follow=True))
    assert "No partnership of this school waits for a calendar." in page
    assert TermPlan.objects.get(school=world.quay).numbers["state"] == "refused"


def test_being_planned_and_lost_on_the_way(world, client, days):
    TermPlan.objects.all().delete()
    # (the world may have been made a while ago)
    plan = TermPlan.objects.create(school=world.linden, made_at=timezone.now(), made_by=world.emre, **days)
    client.force_login(world.emre)
    response = client.get(there(world))
    assert "It is being planned" in text(response)
    assert "hx-trigger" in response.content.decode()
    TermPlan.objects.filter(pk=plan.pk).update(made_at=world.at - 2 * (days["end"] - days["begin"]))
    response = client.get(there(world))
    assert "did not come to an end" in text(response)
    assert "hx-trigger" not in response.content.decode()


NUMBERS = {
    "state": "made", "partnerships": 6, "visits": 17, "wanted": 24, "covers": 12, "minutes": 540, "open": {},
    "cover_desk": True, "best": True, "proved": True, "per_cent": 0,
    "weeks": [
        ["2026-11-30", 5, 5], ["2026-12-07", 3, 1], ["2026-12-14", 4, 6], ["2026-12-21", 4, 0], ["2026-12-28", 1, 0],
    ],
}  # fmt: skip


def told(world, taken=0, **changed):
    days = {"begin": world.at.date(), "end": world.at.date()}
    plan = TermPlan(school=world.linden, made_at=world.at, numbers={**NUMBERS, **changed}, **days)
    return _told(plan, taken, now=world.at)


def test_small_numbers_are_held_back(world):
    found = told(world, taken=4, open={"no_cover": 4, "no_talk": 3})
    assert found.visits == 17
    assert found.taken is None
    assert not found.reasons
    assert [row[1] for row in found.table] == ["5", "7", "5"]
    assert [row[2] for row in found.table] == ["not told", "7", "not told"]
    assert told(world, open={"no_cover": 4, "no_talk": 3}).still_open == 7
    assert told(world, open={"no_cover": 9}).reasons[0][0] == 9
    assert told(world, open={"no_cover": 2}).still_open is None


@pytest.mark.parametrize("few", [{"partnerships": 4}, {"visits": 4}])
def test_of_few_nothing_is_told(world, few):
    found = told(world, taken=9, **few)
    assert (found.visits, found.covers, found.taken, found.table) == (None, None, None, ())


def test_no_sum_gives_a_hidden_number_away(world):
    found = told(world)
    hidden = [row for row in found.table if row[2] == "not told"]
    assert len(hidden) != 1 or found.covers is None


@pytest.mark.parametrize("weeks", [[], [(1, 4, 0)], [(1, 0, 0), (2, 6, 2), (3, 1, 0)], [(1, 9, 0), (2, 9, 9)]])
def test_weeks_are_put_together_and_none_is_lost(weeks):
    lines = _put_together(weeks)
    assert all(visits >= 5 for _first, _last, visits, _covers in lines)
    if lines:
        assert sum(line[2] for line in lines) == sum(week[1] for week in weeks)
        assert (lines[0][0], lines[-1][1]) == (weeks[0][0], weeks[-1][0])


def test_the_facilitators_page_leads_there(world, client):
    client.force_login(world.emre)
    assert f'href="{there(world)}"' in client.get("/facilitator/").content.decode()
