"""Inviting the people of a place, and sheets of codes for those without a mailbox."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sidebyside.people.models import EntryPass, Person
from sidebyside.places.actions import give_post

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def newcomers(world):
    """Five at Linden who have never signed in, one of them without a mailbox; and one elsewhere."""
    made = []
    for number, place in enumerate([world.linden] * 4 + [world.linden_science, world.fell]):
        email = f"n{number}@example.org" if number else None
        person = Person.objects.create(given_name=f"N{number}", family_name="<b>Neu</b>", email=email)
        give_post(person, place=place, title="", from_date=world.at.date(), at=world.at)
        made.append(person)
    return made


@pytest.fixture
def address(world, client):
    client.force_login(world.emre)
    return f"/places/{world.linden.pk}/"


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("dara", 403), ("kofi", 403), ("fatima", 403), ("mai", 403)])
def test_only_leads_and_facilitators_above_invite(client, world, newcomers, who, status):
    client.force_login(getattr(world, who))
    place = f"/places/{world.linden.pk}/"
    assert client.get(f"{place}invitations/").status_code == status
    for page in ("invitations/sent/", "codes/"):
        assert client.post(place + page, {"all": "1"}).status_code == status
    assert not mail.outbox
    assert not EntryPass.objects.exists()


def test_a_place_that_is_none_is_not_found(client, world):
    client.force_login(world.ines)
    for pk in (10**6, 10**30):
        assert client.get(f"/places/{pk}/invitations/").status_code == 404


def test_all_who_have_an_address_are_invited_once(client, world, newcomers, address):
    page = client.get(f"{address}invitations/").content.decode()
    assert "4 people are not invited yet" in page
    assert "&lt;b&gt;Neu" in page
    client.post(f"{address}invitations/sent/", {"all": "1"})
    assert sorted(message.to[0] for message in mail.outbox) == [f"n{number}@example.org" for number in range(1, 5)]
    client.post(f"{address}invitations/sent/", {"all": "1"})
    assert len(mail.outbox) == 4


def test_an_invitation_brings_somebody_in(client, world, newcomers, address):
    client.post(f"{address}invitations/sent/", {"people": [newcomers[2].pk]})
    assert mail.outbox[0].to == ["n2@example.org"]
    assert "Emre" in mail.outbox[0].body
    fresh = Client()
    page = fresh.get(re.search(r"/enter/\S+", mail.outbox[0].body)[0]).content.decode()
    assert "Welcome" in page
    fresh.post("/enter/", {"secret": re.search(r'name="secret" value="([^"]+)"', page)[1]})
    assert fresh.get("/me/").status_code == 200
    assert Person.objects.get(pk=newcomers[2].pk).joined_at


def test_nobody_elsewhere_and_nobody_who_is_here_is_invited(client, world, newcomers, address):
    people = [newcomers[5].pk, world.ana.pk, world.mai.pk, newcomers[0].pk, "x", "-1", "9" * 40, "²", "\0"]
    client.post(f"{address}invitations/sent/", {"people": people})
    assert not mail.outbox
    assert not EntryPass.objects.exists()


def test_a_failing_mail_server_loses_nobody(client, world, newcomers, address, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = client.post(f"{address}invitations/sent/", {"all": "1"}, follow=True).content.decode()
    assert "4 invitations could not be sent" in page
    assert "4 people are not invited yet" in page


def test_a_sheet_has_slips_for_those_without_a_mailbox(client, world, newcomers, address):
    answer = client.post(f"{address}codes/", {"all": "1"})
    page = answer.content.decode()
    codes = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page)
    assert len(codes) == 4
    assert "N0" in page
    assert "N1 " not in page
    assert "no-store" in answer["Cache-Control"]
    assert Client().post("/sign-in/code/", {"code": codes[2]}).status_code == 302


def test_a_sheet_printed_again_voids_the_last(client, world, newcomers, address):
    def printed():
        page = client.post(f"{address}codes/", {"people": [newcomers[0].pk, newcomers[5].pk]}).content.decode()
        return re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page)

    first, second = printed(), printed()
    assert len(first) == len(second) == 4
    assert Client().post("/sign-in/code/", {"code": first[0]}).status_code == 422
    assert Client().post("/sign-in/code/", {"code": second[0]}).status_code == 302


def test_looking_prints_nothing(client, world, newcomers, address):
    assert client.get(f"{address}codes/").status_code == 302
    assert client.get(f"{address}invitations/sent/").status_code == 405
    assert not EntryPass.objects.exists()


def test_when_everybody_is_here_the_page_says_so(client, world):
    client.force_login(world.ines)
    page = client.get(f"/places/{world.quay.pk}/invitations/").content.decode()
    assert "Everybody is here" in page


def test_the_page_costs_the_same_for_one_and_for_many(client, world, newcomers, address):
    client.get(f"{address}invitations/")
    with CaptureQueriesContext(connection) as many:
        client.get(f"{address}invitations/")
    Person.objects.filter(pk__in=[each.pk for each in newcomers[1:]]).update(joined_at=timezone.now())
    with CaptureQueriesContext(connection) as one:
        client.get(f"{address}invitations/")
    assert len(one) == len(many)
