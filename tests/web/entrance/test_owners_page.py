"""Owners and the recovery sheet: for owners alone."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from sidebyside.base.master_key import master_key
from sidebyside.base.models import Event
from sidebyside.people import actions
from sidebyside.people.models import Ownership, Person

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
NEW = {"email": "new@example.org", "given_name": "New", "family_name": "Owner"}


@pytest.fixture
def as_kofi(client, world):
    client.force_login(world.kofi)
    return client


@pytest.mark.parametrize("address", ["/owners/", "/me/recovery-sheet/"])
@pytest.mark.parametrize("who", ["ana", "ines", "emre", "fatima"])
def test_nobody_else_finds_these_pages(client, world, who, address):
    client.force_login(getattr(world, who))
    assert client.get(address).status_code == 404
    assert client.post(address, NEW).status_code == 404
    mine = Ownership.objects.get()
    assert client.post(f"/owners/{mine.pk}/end/").status_code == 404
    assert Ownership.objects.get().ended_at is None


def test_without_a_sign_in_they_ask_for_one(client, world):
    for address in ("/owners/", "/me/recovery-sheet/"):
        assert client.get(address)["Location"].startswith("/sign-in/")
        assert client.post(address).status_code == 302


def test_the_last_owner_stays(as_kofi, world):
    answer = as_kofi.post(f"/owners/{Ownership.objects.get().pk}/end/")
    assert answer.status_code == 409
    assert "last owner" in answer.content.decode()
    page = as_kofi.get("/owners/").content.decode()
    assert "A second owner is wanted" in page
    assert "/end/" not in page


def test_a_new_owner_gets_a_link_by_mail(as_kofi, world):
    assert as_kofi.post("/owners/", NEW).status_code == 302
    made = Person.objects.get(email="new@example.org")
    assert mail.outbox[0].to == ["new@example.org"]
    as_kofi.logout()
    page = as_kofi.get(re.search(r"/enter/\S+", mail.outbox[0].body)[0]).content.decode()
    as_kofi.post("/enter/", {"secret": re.search(r'name="secret" value="([^"]+)"', page)[1]})
    answer = as_kofi.get("/owners/")
    assert answer.status_code == 200
    assert "A second owner is wanted" not in answer.content.decode()
    assert as_kofi.post(f"/owners/{Ownership.objects.get(person=made).pk}/end/")["Location"] == "/me/"
    assert as_kofi.get("/owners/").status_code == 404


def test_somebody_who_has_joined_gets_no_mail(as_kofi, world):
    as_kofi.post("/owners/", {**NEW, "email": "ana@example.org"})
    assert Ownership.objects.filter(person=world.ana, ended_at=None).exists()
    assert Person.objects.get(pk=world.ana.pk).given_name == "Ana"
    assert not mail.outbox


def test_a_failing_mail_server_is_said_and_the_owner_stays(as_kofi, world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = as_kofi.post("/owners/", NEW, follow=True).content.decode()
    assert "did not take the mail" in page
    assert Ownership.objects.filter(person__email="new@example.org").exists()


@pytest.mark.parametrize("field", ["email", "given_name", "family_name"])
@pytest.mark.parametrize("typed", ["\0", "x" * 100_000])
def test_anything_may_be_typed(as_kofi, field, typed):
    assert as_kofi.post("/owners/", {**NEW, field: typed}).status_code == 422
    assert Ownership.objects.count() == 1


def test_a_form_sent_twice_makes_one_owner(as_kofi):
    for _time in range(2):
        assert as_kofi.post("/owners/", {**NEW, "once": "mark"}).status_code == 302
    assert Ownership.objects.count() == 2
    assert len(mail.outbox) == 1


def test_the_sheet_shows_the_key_after_the_button_only(as_kofi, world, caplog):
    key = master_key().hex()
    shown = re.compile("|".join(key[start : start + 4] + "</code>" for start in range(0, 64, 4)))
    assert not shown.search(as_kofi.get("/me/recovery-sheet/").content.decode())
    answer = as_kofi.post("/me/recovery-sheet/")
    groups = re.findall(r"<code[^>]*>([0-9a-f]{4})</code>", answer.content.decode())
    assert "".join(groups) == key
    assert "no-store" in answer["Cache-Control"]
    assert key[:4] not in caplog.text
    assert key not in str(list(Event.objects.values()))
    assert Event.objects.get(kind="owner.printed_recovery_sheet").by == world.kofi.pk


def test_a_former_owner_prints_nothing(as_kofi, world):
    actions.make_owner(world.ana, by=world.kofi, at=timezone.now())
    actions.end_ownership(Ownership.objects.get(person=world.kofi), by=world.ana, at=timezone.now())
    assert as_kofi.post("/me/recovery-sheet/").status_code == 404
