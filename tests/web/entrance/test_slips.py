"""Slips of codes for who has no mailbox: new ones at any time, for nobody through whom more could be had."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from sidebyside import policy
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.people import actions
from sidebyside.people.models import EntryPass, Person
from sidebyside.places.actions import give_post, give_role
from sidebyside.places.models import Role

CODE = r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}"


@pytest.fixture
def ola(world):
    """Ola works at Linden, has no mailbox and has been here before."""
    ola = Person.objects.create(given_name="Ola", family_name="Berg")
    give_post(ola, place=world.linden_science, title="teacher", from_date=world.at.date(), at=world.at)
    actions.admit(ola, at=world.at)
    return ola


def printed(client, place, *people, all_of_them=False):
    """The codes on the sheet that is printed for these."""
    fields = {"all": "1"} if all_of_them else {"people": [person.pk for person in people]}
    return re.findall(CODE, client.post(reverse("codes", args=[place.pk]), fields).content.decode())


def signed_in_page(code):
    fresh = Client()
    assert fresh.post(reverse("sign_in_code"), {"code": code}).status_code == 302
    return fresh.get(reverse("me")).content.decode()


@pytest.mark.parametrize("by", ["ines", "emre"])
def test_who_used_all_her_codes_gets_new_ones(world, client, ola, by):
    client.force_login(getattr(world, by))
    for _round in range(3):
        page = client.get(reverse("invitations", args=[world.linden.pk])).content.decode()
        assert f'id="slip-{ola.pk}"' in page
        codes = printed(client, world.linden, ola)
        assert len(codes) == 4
        for code in codes:
            signed_in_page(code)
    assert Event.objects.filter(kind="person.codes_printed").count() == 3


def test_she_is_told_who_printed_even_if_somebody_came_before_her(world, client, ola):
    client.force_login(world.emre)
    codes = printed(client, world.linden, ola)
    for code in codes[:3]:
        page = signed_in_page(code)
        assert "A new code sheet was printed for you" in page
        assert world.emre.name in page


def test_a_first_sign_in_is_told_nothing_of_slips(world, client):
    new = Person.objects.create(given_name="New")
    give_post(new, place=world.linden, title="", from_date=world.at.date(), at=world.at)
    client.force_login(world.emre)
    assert "code sheet" not in signed_in_page(printed(client, world.linden, new)[0])


@pytest.mark.parametrize("name", ["ana", "ben", "lena", "dara"])
def test_nobody_with_a_mailbox_who_is_here_gets_codes(world, client, name):
    client.force_login(world.ines)
    assert printed(client, world.linden, getattr(world, name)) == []
    with pytest.raises(Refused):
        actions.print_codes([getattr(world, name)], by=world.ines, at=world.at)
    assert not EntryPass.objects.exists()


def test_nobody_prints_for_an_owner(world, client, ola):
    actions.make_owner(ola, by=world.kofi, at=world.at)
    for who in (world.ines, world.emre):
        client.force_login(who)
        assert printed(client, world.linden, ola) == []
    with pytest.raises(Refused):
        actions.print_codes([ola], by=world.ines, at=world.at)


@pytest.mark.parametrize(
    ("kind", "place", "printers"),
    [
        ("coach", "linden", {"ines", "emre"}),
        ("leader", "harbour", {"ines", "emre"}),
        ("lead", "linden", {"ines"}),
        ("facilitator", "upland", {"ines"}),
        ("lead", "northshore", {"ines"}),
        ("evaluator", "northshore", {"ines"}),
    ],
)
@pytest.mark.parametrize("joined", [True, False])
def test_whoever_prints_wins_no_right(world, client, ola, kind, place, printers, joined):
    if not joined:
        Person.objects.filter(pk=ola.pk).update(joined_at=None)
    give_role(ola, kind=kind, place=getattr(world, place), by=world.kofi, at=world.at)
    for name in ("ines", "emre", "fatima", "dara", "mai", "kofi"):
        client.force_login(getattr(world, name))
        assert bool(printed(client, world.linden, ola)) == (name in printers), name
        assert bool(printed(client, world.linden, all_of_them=True)) == (name in printers and not joined), name
        assert policy.may(getattr(world, name), "print codes for", ola) == (name in printers), name


@pytest.mark.parametrize("what", ["owner", "lead", "facilitator", "leader"])
def test_a_slip_of_before_gives_nobody_what_came_after(world, client, ola, what):
    client.force_login(world.emre)
    codes = printed(client, world.linden, ola)
    if what == "owner":
        actions.make_owner(ola, by=world.kofi, at=world.at)
    else:
        give_role(ola, kind=what, place=world.harbour, by=world.ines, at=world.at)
    assert Client().post(reverse("sign_in_code"), {"code": codes[0]}).status_code == 422


def test_becoming_a_coach_voids_no_slip(world, client, ola):
    client.force_login(world.emre)
    codes = printed(client, world.linden, ola)
    give_role(ola, kind=Role.Kind.COACH, place=world.linden, by=world.ines, at=world.at)
    signed_in_page(codes[0])


def test_who_comes_by_her_mailbox_needs_no_slip_any_more(world, client):
    new = Person.objects.create(given_name="New", email="new@example.org")
    give_post(new, place=world.linden, title="", from_date=world.at.date(), at=world.at)
    client.force_login(world.emre)
    codes = printed(client, world.linden, new)
    secret = actions.give_link(new, kind="invitation", by=world.emre, at=world.at)
    assert Client().post(reverse("entry"), {"secret": secret}).status_code == 302
    assert Client().post(reverse("sign_in_code"), {"code": codes[0]}).status_code == 422


def test_who_has_left_gets_none(world, client, ola):
    Person.objects.filter(pk=ola.pk).update(left_at=world.at)
    client.force_login(world.ines)
    assert printed(client, world.linden, ola) == []
