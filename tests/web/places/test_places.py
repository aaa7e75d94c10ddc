"""The tree on pages: hostile input and outsiders first, then what a programme lead does."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, close_place, give_post, give_role
from sidebyside.places.models import Place, Role

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
SCRIPT = '<script>alert("x")</script>'


def text(response):
    return response.content.decode()


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


LEADS_PAGES = ["places/new", "name", "parent", "roles/new"]
DEEDS = ["closure", "reopening"]


@pytest.mark.parametrize("who", ["ana", "dara", "emre", "jonas", "fatima"])
@pytest.mark.parametrize("page", LEADS_PAGES)
def test_who_leads_nothing_is_told_that_it_is_not_hers_to_do(client, world, who, page):
    client.force_login(getattr(world, who))
    address = f"/places/{world.linden.pk}/{page}/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"name": "Mine", "kind": "faculty"}).status_code == 403


@pytest.mark.parametrize("deed", DEEDS)
def test_closing_takes_a_post_by_a_lead(client, world, deed):
    address = f"/places/{world.linden.pk}/{deed}/"
    client.force_login(world.ana)
    assert client.post(address).status_code == 403
    client.force_login(world.ines)
    assert client.get(address).status_code == 405


def test_without_a_sign_in_there_is_no_tree(client, world):
    for address in ("/places/", f"/places/{world.linden.pk}/", "/people/"):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("number", [10**8, 10**30])
def test_an_unknown_place_is_not_found(client, world, number):
    client.force_login(world.ines)
    assert client.get(f"/places/{number}/").status_code == 404
    assert client.post(f"/places/{number}/closure/").status_code == 404


@pytest.mark.parametrize("name", ["", "   ", "a\0b", "x" * 100_000])
def test_a_name_that_cannot_be_kept_is_said_in_place(client, world, name):
    client.force_login(world.ines)
    response = client.post(f"/places/{world.harbour.pk}/places/new/", {"name": name, "kind": "school"})
    assert response.status_code == 422
    assert "Something to put right" in text(response)


def test_a_form_without_anything_is_put_right(client, world):
    client.force_login(world.ines)
    for page in LEADS_PAGES:
        assert client.post(f"/places/{world.harbour.pk}/{page}/", {}).status_code == 422


def test_script_in_a_name_is_text(client, world):
    client.force_login(world.ines)
    client.post(f"/places/{world.harbour.pk}/places/new/", {"name": SCRIPT, "kind": "school"})
    place = Place.objects.get(name=SCRIPT)
    for address in (
        f"/places/{place.pk}/",
        f"/places/{world.harbour.pk}/",
        "/places/?q=script",
        "/places/?q=%3Cscript",
    ):
        page = text(client.get(address))
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page


def test_a_form_sent_twice_acts_once(client, world):
    client.force_login(world.ines)
    sent = {"name": "North School", "kind": "school", "once": "mark-1"}
    first = client.post(f"/places/{world.harbour.pk}/places/new/", sent)
    second = client.post(f"/places/{world.harbour.pk}/places/new/", sent)
    assert first["Location"] == second["Location"]
    assert Place.objects.filter(name="North School").count() == 1


def test_a_circle_is_refused_with_a_sentence(client, world):
    client.force_login(world.ines)
    address = f"/places/{world.harbour.pk}/parent/?q=Linden"
    response = client.post(address, {"parent": world.linden.pk})
    assert response.status_code == 422
    assert "cannot lie below itself" in text(response)


def test_a_place_moves_with_all_below_it(client, world):
    client.force_login(world.ines)
    response = client.post(f"/places/{world.linden.pk}/parent/?q=upland", {"parent": world.upland.pk})
    assert response.status_code == 302
    assert "Upland" in text(client.get(f"/places/{world.linden_science.pk}/"))


def test_a_lead_of_one_district_does_not_move_places_into_another(client, world):
    give_role(world.lena, kind="lead", place=world.harbour, by=world.ines, at=AT)
    client.force_login(world.lena)
    response = client.post(f"/places/{world.linden.pk}/parent/?q=upland", {"parent": world.upland.pk})
    assert response.status_code == 403


def test_a_place_with_people_closes_and_keeps_them(client, world):
    client.force_login(world.ines)
    page = client.post(f"/places/{world.linden.pk}/closure/", follow=True)
    assert "Closed since today" in text(page)
    assert "Undo" in text(page)
    assert "Ben Okafor" in text(page)
    client.post(f"/places/{world.linden.pk}/reopening/")
    assert not Place.objects.exclude(closed_at=None).filter(links_above__above=world.linden).exists()


def test_a_closed_place_offers_no_new_things(client, world):
    close_place(world.linden, by=None, at=AT)
    client.force_login(world.ines)
    page = text(client.get(f"/places/{world.linden.pk}/"))
    assert f"/places/{world.linden.pk}/roles/new/" not in page
    assert "Open it again" in page


def test_own_places_come_first_then_the_roots(client, world):
    client.force_login(world.ana)
    page = text(client.get("/places/"))
    assert page.index("Mathematics") < page.index("Northshore")
    assert "Fell School" not in page


def test_places_are_found_by_name_whatever_the_case(client, world):
    add_place(kind="school", name="Ñandú École", parent=world.harbour, by=None, at=AT)
    client.force_login(world.ana)
    for asked in ("linden", "LINDEN", "school linden", "linden \0school"):
        assert "Linden School" in text(client.get("/places/", {"q": asked}))
    for asked in ("ñandú", "école"):
        assert "Ñandú" in text(client.get("/places/", {"q": asked}))
    assert "No place of this name" in text(client.get("/places/", {"q": "x" * 100_000}))
    assert client.get("/places/?page=99999999999999999999").status_code == 200


def test_a_place_shows_people_to_colleagues_and_none_to_outsiders(client, world):
    client.force_login(world.lena)
    assert "Ben Okafor" in text(client.get(f"/places/{world.linden.pk}/"))
    client.force_login(world.mai)
    page = text(client.get(f"/places/{world.linden.pk}/"))
    for name in ("Ben Okafor", "Dara Diaz", "Ana Sousa"):
        assert name not in page


# Roles


def test_a_role_for_an_outsider_is_not_hers_to_give(client, world):
    give_role(world.lena, kind="lead", place=world.linden, by=world.ines, at=AT)
    client.force_login(world.lena)
    address = f"/places/{world.linden.pk}/roles/new/?with={world.mai.pk}"
    assert "Nguyễn" not in text(client.get(address))
    assert client.post(address, {"person": world.mai.pk, "kind": "coach", "room_for": 2}).status_code == 422
    assert not Role.objects.filter(person=world.mai, place=world.linden).exists()


def test_a_lead_gives_a_role_to_who_is_found(client, world):
    client.force_login(world.ines)
    address = f"/places/{world.linden.pk}/roles/new/?q=fisch"
    assert "Lena Fischer" in text(client.get(address))
    assert client.post(address, {"person": world.lena.pk, "kind": "coach", "room_for": 3}).status_code == 302
    assert Role.objects.get(person=world.lena).room_for == 3


def test_a_role_is_ended_by_a_lead_alone(client, world):
    role = Role.objects.get(person=world.dara, kind="leader")
    client.force_login(world.ana)
    assert client.post(f"/roles/{role.pk}/ending/").status_code == 403
    client.force_login(world.mai)
    assert client.post(f"/roles/{role.pk}/ending/").status_code == 404
    client.force_login(world.ines)
    assert client.post(f"/roles/{role.pk}/ending/").status_code == 302
    role.refresh_from_db()
    assert role.ended_by == world.ines


def test_an_owner_names_a_lead_and_gives_or_ends_no_other_role(client, world):
    client.force_login(world.kofi)
    address = f"/places/{world.fell.pk}/roles/new/?q=mai"
    assert "Nguyễn" in text(client.get(address))
    assert client.post(address, {"person": world.mai.pk, "kind": "facilitator"}).status_code == 422
    assert client.post(address, {"person": world.mai.pk, "kind": "lead"}).status_code == 302
    given = Role.objects.get(person=world.mai, kind="lead")
    coaching = Role.objects.get(person=world.mai, kind="coach")
    assert client.post(f"/roles/{coaching.pk}/ending/").status_code == 403
    page = text(client.get(f"/places/{world.fell.pk}/roles/"))
    assert f"/roles/{given.pk}/ending/" in page
    assert f"/roles/{coaching.pk}/ending/" not in page
    assert client.post(f"/roles/{given.pk}/ending/").status_code == 302


# The same number of queries for one row and for three


def test_lists_of_places_and_roles_ask_as_much_for_one_as_for_three(client, world):
    client.force_login(world.ines)
    addresses = ["/places/", "/places/?q=north", f"/places/{world.upland.pk}/", f"/places/{world.fell.pk}/roles/"]
    once = [queries(client, address) for address in addresses]
    for number in range(3):
        person = Person.objects.create(given_name=f"P{number}", family_name="Test")
        place = add_place(kind="school", name=f"Northern {number}", parent=world.upland, by=None, at=AT)
        give_post(person, place=place, from_date=AT.date())
        for where in (world.fell, world.upland):
            give_role(person, kind="coach", place=where, by=None, at=AT)
    assert [queries(client, address) for address in addresses] == once
    assert max(once) <= 20
