"""Dates at both ends of what a computer can count: every page that takes one says no, or shows another day."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
ENDS = ["0001-01-01", "9999-12-31"]


@pytest.fixture
def desk(world, client):
    client.force_login(world.olu)
    return client


@pytest.mark.parametrize("on", ENDS)
def test_the_cover_desk_opens(world, desk, on):
    for name in ("cover", "cover_sheet"):
        assert desk.get(reverse(name, args=[world.linden.pk]), {"on": on}).status_code in (200, 404)


@pytest.mark.parametrize("on", ENDS)
def test_the_timetable_opens(world, desk, on):
    assert desk.get(reverse("timetable", args=[world.linden.pk]), {"on": on}).status_code == 200


@pytest.mark.parametrize("on", ENDS)
def test_nobody_is_away_at_the_end_of_time(world, client, on):
    client.force_login(world.ana)
    sent = {"away-first": on, "away-last": "", "away-begins": "", "away-ends": ""}
    assert client.post(reverse("my_away"), sent).status_code == 422
    sent |= {"away-first": "2026-11-23", "away-last": on}
    assert client.post(reverse("my_away"), sent).status_code == 422


@pytest.mark.parametrize("on", ENDS)
def test_nobody_is_marked_away_then(world, desk, on):
    sent = {"on": on, "away-who": world.ana.name, "away-begins": "", "away-ends": "", "away-last": ""}
    assert desk.post(reverse("cover_away", args=[world.linden.pk]), sent).status_code in (404, 422)


@pytest.mark.parametrize("on", ENDS)
@pytest.mark.parametrize("hours", [("00:10", "00:40"), ("23:10", "23:50")])
def test_no_visit_and_no_meeting_lies_there(world, client, on, hours):
    client.force_login(world.ana)
    sent = {"on": on, "begin": hours[0], "end": hours[1]}
    for name in ("book_visit", "meet"):
        address = reverse(name, args=[world.ana_and_ben.pk])
        assert client.get(address, sent).status_code in (200, 422)
        assert client.post(address, sent | {"weeks": "0", "way": "in_person"}).status_code == 422


@pytest.mark.parametrize("on", ENDS)
def test_no_talk_lies_there(world, client, on):
    client.force_login(world.ana)
    visit = world.ana_visits_ben
    sent = {"time": "by-hand", "on": on, "begin": "00:10", "end": "00:30"}
    for name in ("visit_talk_before", "visit_talk_after"):
        assert client.post(reverse(name, args=[visit.pk]), sent).status_code == 422


@pytest.mark.parametrize("on", ENDS)
def test_no_term_is_planned_there(world, client, on):
    client.force_login(world.ana)
    sent = {"term": "", "weeks": "", "begin": on, "end": on}
    assert client.post(reverse("plan_ours", args=[world.ana_and_ben.pk]), sent).status_code == 422


@pytest.mark.parametrize("on", ENDS)
def test_no_week_of_ones_own_is_typed_there(world, client, on):
    client.force_login(world.dara)
    for name in ("own_week_lessons", "own_week_copy"):
        assert client.post(reverse(name), {"begin": on, "end": on, "shape": ""}).status_code in (302, 422)
