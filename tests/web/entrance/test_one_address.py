"""A whole district behind one network address, and whose word about an address is believed."""

import pytest
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse

from sidebyside.base.refusals import Refused
from sidebyside.people import actions
from sidebyside.people.models import Attempt, EntryPass, Person
from sidebyside.web.entrance.entering import machine_of

CLIENT, FORGED, FIRST, SECOND = "203.0.113.9", "198.51.100.66", "192.0.2.1", "192.0.2.2"


def ask_for_link(email, **headers):
    return Client().post(reverse("sign_in"), {"email": email}, **headers)


def test_links_of_a_kick_off_are_given_back(world, django_capture_on_commit_callbacks):
    made = [Person(given_name=f"P{number}", email=f"p{number}@example.org") for number in range(40)]
    Person.objects.bulk_create(made)
    for person in made:
        with django_capture_on_commit_callbacks(execute=True):
            assert ask_for_link(person.email).status_code == 302
    assert len(mail.outbox) == EntryPass.objects.count() == 40
    # What is left are the counts of the forty mailboxes; the machine has none.
    assert Attempt.objects.count() == 40


def test_codes_of_a_kick_off_are_given_back(world):
    people = [Person.objects.create(given_name=f"P{number}") for number in range(12)]
    for _person, codes in actions.print_codes(people, by=world.ines, at=world.at):
        assert Client().post(reverse("sign_in_code"), {"code": codes[0]}).status_code == 302
    assert not Attempt.objects.exists()


def test_one_mailbox_gets_five_links_an_hour_from_anywhere(world):
    for number in range(5):
        assert ask_for_link("ana@example.org", REMOTE_ADDR=f"192.0.2.{number}").status_code == 302
    assert ask_for_link("ana@example.org", REMOTE_ADDR="192.0.2.77").status_code == 422


def test_unknown_addresses_count_against_the_machine(world):
    ask_for_link("nobody@example.org")
    assert Attempt.objects.count() == 2


@pytest.mark.parametrize(
    ("proxies", "header", "machine"),
    [
        (0, None, FIRST),
        (0, CLIENT, FIRST),
        (1, CLIENT, CLIENT),
        (1, f"{FORGED}, {CLIENT}", CLIENT),
        (1, f"{FORGED},{FORGED} , {CLIENT}", CLIENT),
        (2, f"{FORGED}, {CLIENT}, {SECOND}", CLIENT),
        (2, CLIENT, FIRST),
        (1, None, FIRST),
        (1, "", FIRST),
        (1, f"{FORGED}, ", FIRST),
        (3, f"{FORGED}, {CLIENT}", FIRST),
    ],
)
def test_whose_word_is_believed(settings, proxies, header, machine):
    settings.TRUSTED_PROXIES = proxies
    headers = {} if header is None else {"HTTP_X_FORWARDED_FOR": header}
    assert machine_of(RequestFactory().get("/", REMOTE_ADDR=FIRST, **headers)) == machine


def test_nobody_chooses_the_address_she_is_counted_by(world, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(300):
        machine = _seen(f"198.51.100.{number % 250}, {CLIENT}")
        actions.note_attempt(how="code", address="", machine=machine, at=world.at)
    with pytest.raises(Refused):
        actions.note_attempt(how="code", address="", machine=_seen(f"{FORGED}, {CLIENT}"), at=world.at)


def _seen(header):
    return machine_of(RequestFactory().get("/", REMOTE_ADDR=FIRST, HTTP_X_FORWARDED_FOR=header))
