"""The pages on which a partnership shows a leader when it meets."""

import pytest

from sidebyside.visits.models import CalendarRelease, CalendarRemark

# (fixtures: pytest finds them by name, so to name one as an argument is to use it, not to define it anew)
from tests.visits.test_releasing import meeting, shown  # noqa: F401

pytestmark = pytest.mark.django_db


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_members_agree_one_after_the_other(world, client, meeting):  # noqa: F811  (a fixture)
    there = f"/partnerships/{world.ana_and_ben.pk}/calendar/showing/"
    client.force_login(world.ana)
    assert "Dara Diaz" in text(client.get(there))
    asked = client.post(f"/partnerships/{world.ana_and_ben.pk}/calendar/releases/", {"to": world.dara.pk})
    assert asked.status_code == 302
    release = CalendarRelease.objects.get()
    assert release.in_force_at is None
    client.force_login(world.dara)
    assert client.get(f"/calendar-releases/{release.pk}/").status_code == 404
    client.force_login(world.ben)
    assert "Sees nothing yet" in text(client.get(there))
    assert client.post(f"/calendar-releases/{release.pk}/consent/").status_code == 302
    client.force_login(world.dara)
    assert "Ana Sousa" in text(client.get("/received/"))
    page = text(client.get(f"/calendar-releases/{release.pk}/"))
    assert "Meeting" in page
    sent = client.post(f"/calendar-releases/{release.pk}/remarks/", {"kind": "offer", "text": "The hall is free."})
    assert sent.status_code == 302
    client.force_login(world.ben)
    page = text(client.get(there))
    assert "The hall is free." in page
    assert "Opened it" in page
    assert CalendarRemark.objects.get().read_at is not None
    assert client.post(f"/calendar-releases/{release.pk}/withdrawal/").status_code == 302
    client.force_login(world.dara)
    assert client.get(f"/calendar-releases/{release.pk}/").status_code == 404


def test_outsiders(world, client, shown):  # noqa: F811  (a fixture)
    for person in (world.chen, world.fatima, world.olu, world.emre):
        client.force_login(person)
        assert client.get(f"/partnerships/{world.ana_and_ben.pk}/calendar/showing/").status_code in (403, 404)
        assert client.get(f"/calendar-releases/{shown.pk}/").status_code == 404
        assert client.post(f"/calendar-releases/{shown.pk}/remarks/", {"kind": "ask"}).status_code == 404
        assert client.post(f"/calendar-releases/{shown.pk}/withdrawal/").status_code == 404


def test_a_wrong_choice_is_said_in_place(world, client, meeting):  # noqa: F811  (a fixture)
    client.force_login(world.ana)
    asked = client.post(f"/partnerships/{world.ana_and_ben.pk}/calendar/releases/", {"to": world.lena.pk})
    assert asked.status_code == 422
    assert not CalendarRelease.objects.exists()


def test_an_empty_remark_is_said_in_place(world, client, shown):  # noqa: F811  (a fixture)
    client.force_login(world.dara)
    sent = client.post(f"/calendar-releases/{shown.pk}/remarks/", {"kind": "ask", "text": ""})
    assert sent.status_code == 422


def test_who_has_left_the_school_is_told_no_names_of_it(world, client):
    client.force_login(world.noor)
    there = f"/partnerships/{world.ana_and_noor.pk}/calendar/"
    assert "Diaz" not in text(client.get(f"{there}showing/"))
    assert client.post(f"{there}releases/", {"to": world.dara.pk}).status_code == 422
    client.force_login(world.ana)
    assert "Diaz" in text(client.get(f"{there}showing/"))
