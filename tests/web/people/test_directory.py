"""The directory and a person's page: only whom one may see, at the same cost for three as for one."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sidebyside.people.models import Person
from sidebyside.places.actions import give_post

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_an_outsider_is_not_found(client, world):
    client.force_login(world.mai)
    for other in (world.ana, world.lena, world.chen):
        assert client.get(f"/people/{other.pk}/").status_code == 404
    page = text(client.get("/people/?q=a"))
    assert "Ana" not in page
    assert client.get(f"/people/{10**30}/").status_code == 404


@pytest.mark.parametrize("asked", ["x" * 100_000, "\0", "%", "_", "' or 1=1 --", "<b>", "\u202e"])
def test_odd_searches_find_nobody(client, world, asked):
    client.force_login(world.lena)
    page = text(client.get("/people/", {"q": "zz" + asked}))
    assert "Nobody of this name" in page
    assert "<b>" not in page.split("<main")[1].replace("&lt;b&gt;", "")


@pytest.mark.parametrize("place", ["x", "-1", "1e3", "9" * 40, "²"])
def test_a_place_that_is_none_is_left_out(client, world, place):
    client.force_login(world.lena)
    assert "Ben Okafor" in text(client.get("/people/", {"place": place}))


@pytest.mark.parametrize("asked", ["okafor", "Ben", "OKA be", "陈", "静"])
def test_a_name_is_found_by_how_its_parts_begin(client, world, asked):
    client.force_login(world.lena)
    page = text(client.get("/people/", {"q": asked}))
    assert ("Ben Okafor" in page) == (asked not in "陈静")


def test_letters_beyond_english_are_found_in_either_case(client, world):
    client.force_login(world.fatima)
    for asked in ("горан", "ПЕТР", "Петр"):
        assert "Горан" in text(client.get("/people/", {"q": asked}))


def test_the_directory_of_a_place_has_who_works_below_it(client, world):
    client.force_login(world.emre)
    page = text(client.get("/people/", {"place": world.quay.pk}))
    assert "Hana" in page
    assert "Ben Okafor" not in page


def test_who_has_left_is_not_in_the_directory_but_has_a_page_for_her_partner(client, world):
    client.force_login(world.ana)
    assert "Noor" not in text(client.get("/people/"))
    page = text(client.get(f"/people/{world.noor.pk}/"))
    assert "No longer here" in page
    assert "/partnerships/new/" not in page


def test_what_she_says_of_herself_is_text(client, world):
    Person.objects.filter(pk=world.ben.pk).update(about="<img src=x onerror=alert(1)>")
    client.force_login(world.lena)
    page = text(client.get(f"/people/{world.ben.pk}/"))
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_coach_can_be_asked_and_a_colleague_proposed_to(client, world):
    client.force_login(world.lena)
    assert "Ask for coaching" in text(client.get(f"/people/{world.ana.pk}/"))
    assert f"/partnerships/new/?with={world.ben.pk}" in text(client.get(f"/people/{world.ben.pk}/"))
    assert "/partnerships/new/" not in text(client.get(f"/people/{world.lena.pk}/"))


def test_only_a_lead_is_offered_to_give_a_role(client, world):
    address = f"/people/{world.ben.pk}/"
    client.force_login(world.ines)
    assert f"/roles/new/?with={world.ben.pk}" in text(client.get(address))
    client.force_login(world.dara)
    assert "/roles/new/" not in text(client.get(address))


def test_a_page_of_one_costs_as_much_as_a_page_of_three(client, world):
    client.force_login(world.ines)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            text(client.get("/people/?q=zed"))
        return len(seen)

    def one_more(number):
        person = Person.objects.create(given_name=f"Zed {number}", family_name="Test")
        give_post(person, place=world.fell, from_date=AT.date())

    one_more(0)
    once = queries()
    one_more(1)
    one_more(2)
    assert queries() == once <= 12
