"""The first-run page: opened by its link alone, once, on an empty installation."""

import pytest
from django.test import Client
from django.utils import timezone

from sidebyside.materials.models import MaterialVersion, Programme
from sidebyside.people import actions
from sidebyside.people.models import Ownership, Person
from sidebyside.places.models import Place, Role
from sidebyside.web.entrance.forms import zones

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
GIVEN = {
    "given_name": "Kofi",
    "family_name": "Mensah",
    "email": "Kofi@example.org",
    "password": "",
    "kind": "district",
    "place": "Harbour",
    "language": "en",
    "time_zone": "Europe/Lisbon",
    "programme": "Peer coaching",
}


@pytest.fixture
def address():
    return f"/first-run/{actions.open_first_run(at=timezone.now())}/"


def test_without_the_link_there_is_no_such_page(client, address):
    for other in ("/first-run/", "/first-run/x/", "/first-run/%00/", address[:-2] + "/", address + "x/"):
        assert client.get(other).status_code == 404
        assert client.post(other, GIVEN).status_code == 404
    assert not Person.objects.exists()


def test_it_makes_owner_place_and_programme(client, address):
    assert client.get(address).status_code == 200
    answer = client.post(address, GIVEN)
    assert (answer.status_code, answer["Location"]) == (302, "/owners/")
    owner, place = Person.objects.get(), Place.objects.get()
    assert (owner.name, owner.email, place.name, place.time_zone) == (
        "Kofi Mensah",
        "kofi@example.org",
        "Harbour",
        "Europe/Lisbon",
    )
    assert Programme.objects.get().place == place
    assert Ownership.objects.get().person == owner
    assert not Role.objects.exists()
    assert MaterialVersion.objects.exists()
    page = client.get("/owners/").content.decode()
    assert "A second owner is wanted" in page


def test_she_leads_only_if_she_says_so(client, address):
    client.post(address, {**GIVEN, "leads": "on"})
    role = Role.objects.get()
    assert (role.kind, role.person.email) == ("lead", "kofi@example.org")


def test_afterwards_the_link_is_dead(client, address):
    client.post(address, GIVEN)
    for visitor in (client, Client()):
        assert visitor.get(address).status_code == 404
        assert visitor.post(address, {**GIVEN, "email": "eve@example.org"}).status_code == 404
    assert Person.objects.count() == 1


def test_a_password_may_be_set_and_is_held_to_the_rules(client, address):
    refused = client.post(address, {**GIVEN, "password": "password"})
    assert refused.status_code == 422
    assert client.get(address).status_code == 200
    client.post(address, {**GIVEN, "password": "four words in a row"})
    assert Person.objects.get().check_password("four words in a row")
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("field", list(GIVEN))
@pytest.mark.parametrize("typed", ["\0", "x" * 100_000])
def test_anything_may_be_typed(client, address, field, typed):
    assert client.post(address, {**GIVEN, field: typed}).status_code == 422
    assert not Person.objects.exists()
    assert not Place.objects.exists()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("field", ["given_name", "email", "place", "programme", "kind", "time_zone"])
def test_what_is_missing_is_asked_for(client, address, field):
    assert client.post(address, {**GIVEN, field: " "}).status_code == 422
    assert not Person.objects.exists()


def test_a_person_of_an_earlier_roster_becomes_the_owner(client, address):
    known = Person.objects.create(given_name="K.", email="kofi@example.org")
    client.post(address, GIVEN)
    assert Ownership.objects.get().person == known
    assert Person.objects.count() == 1


def test_time_zones_are_those_of_places():
    found = zones()
    assert {"UTC", "Europe/Lisbon", "America/Argentina/Buenos_Aires"} <= set(found)
    assert not {"Factory", "localtime", "EST5EDT", "Etc/GMT+3"} & set(found)
