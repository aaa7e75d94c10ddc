"""Asking and answering in the browser: strangers first."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from sidebyside.base.models import Event
from sidebyside.partnerships import actions
from sidebyside.partnerships.models import Form, Part, Partnership, Proposal, Seat, Wish
from sidebyside.places.actions import give_role
from sidebyside.places.models import Role


def ask(world, by, form, *seats, joining=None):
    return actions.propose(by=by, form=form, seats=list(seats), at=timezone.now(), joining=joining)


def coach_asks_lena(world) -> Proposal:
    return ask(world, world.ana, Form.PAIR, (world.ana, Part.COACH), (world.lena, Part.PARTNER))


@pytest.mark.parametrize("name", ["ben", "dara", "emre", "fatima", "mai", "kofi", "ines"])
def test_nobody_else_finds_or_answers_a_proposal(world, client, name):
    proposal = coach_asks_lena(world)
    client.force_login(getattr(world, name))
    assert client.get(reverse("proposal", args=[proposal.pk])).status_code == 404
    for noun in ("proposal_acceptance", "proposal_closure", "proposal_withdrawal"):
        assert client.post(reverse(noun, args=[proposal.pk])).status_code == 404
    assert Seat.objects.filter(proposal=proposal).count() == 2


def test_who_is_asked_cannot_take_back_and_who_asks_cannot_answer(world, client):
    proposal = coach_asks_lena(world)
    client.force_login(world.lena)
    assert client.post(reverse("proposal_withdrawal", args=[proposal.pk])).status_code == 403
    client.force_login(world.ana)
    assert client.post(reverse("proposal_acceptance", args=[proposal.pk])).status_code == 403


def test_a_teacher_asks_a_coach_from_the_list(world, client):
    world.lena.wishes.all().delete()
    client.force_login(world.lena)
    page = client.get(reverse("coaches")).content.decode()
    assert "Ana Sousa" in page
    assert "Dara Diaz" not in page
    href = re.search(r'href="(/partnerships/new/[^"]*with=[^"]*)"', page)[1].replace("&amp;", "&")
    form = client.get(href).content.decode()
    assert "Send the question" in form
    hidden = re.findall(r'name="(form|part|with|once)" value="([^"]*)"', form)
    answer = client.post(reverse("new_partnership"), dict(hidden))
    assert answer.status_code == 302
    proposal = Proposal.objects.get(by=world.lena)
    assert set(proposal.seats.values_list("person", "part")) == {
        (world.ana.pk, Part.COACH), (world.lena.pk, Part.PARTNER),
    }  # fmt: skip


def test_room_is_told_in_words_and_never_as_a_number(world, client):
    client.force_login(world.lena)
    page = client.get(reverse("coaches")).content.decode()
    line = page[page.index("Ana Sousa") :].split("</li>")[0]
    assert "hands full" in line
    assert not re.search(r"\d", re.sub(r'href="[^"]*"', "", line))


def test_a_form_sent_twice_asks_once(world, client):
    client.force_login(world.ana)
    data = {"form": "pair", "part": "coach", "with": world.lena.pk, "once": "abc"}
    first, second = (client.post(reverse("new_partnership"), data) for _turn in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Proposal.objects.filter(by=world.ana, formed_at=None).count() == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"form": "pair", "part": "coach", "with": "mai"}, 404),
        ({"form": "pair", "part": "coach", "with": "ana"}, 422),
        ({"form": "pair", "part": "coach"}, 422),
        ({"form": "peers", "with": "dara"}, 422),
        ({"form": "pair", "part": "coach", "with": "dara"}, 422),
        ({"form": "pair", "part": "coach", "with": "ben"}, 422),
        ({"form": "nonsense", "with": "\x00"}, 404),
        ({"form": "pair", "with": "9" * 400}, 404),
        ({"coach": "ben", "partner": "lena"}, 422),
    ],
)
def test_what_cannot_be_asked(world, client, data, status):
    client.force_login(world.ana)
    before = Proposal.objects.count()
    named = {key: world.people[value].pk if value in world.people else value for key, value in data.items()}
    assert client.post(reverse("new_partnership"), named).status_code == status
    assert Proposal.objects.count() == before


def test_a_facilitator_proposes_two_and_a_teacher_does_not(world, client):
    address = f"{reverse('new_partnership')}?coach={world.ana.pk}&partner={world.lena.pk}"
    client.force_login(world.emre)
    assert "Send the question" in client.get(address).content.decode()
    answer = client.post(reverse("new_partnership"), {"coach": world.ana.pk, "partner": world.lena.pk})
    assert answer.status_code == 302
    assert Proposal.objects.filter(by=world.emre).exists()
    client.force_login(world.ben)
    assert "Propose two people" not in client.get(reverse("new_partnership")).content.decode()


def test_nobody_is_laid_out_as_a_list(world, client):
    client.force_login(world.ana)
    page = client.get(f"{reverse('new_partnership')}?form=peers").content.decode()
    assert "Lena Fischer" not in page
    assert "Lena Fischer" in client.get(f"{reverse('new_partnership')}?form=peers&q=len").content.decode()
    assert "Dara Diaz" not in client.get(f"{reverse('new_partnership')}?form=peers&q=dara").content.decode()


def test_accepting_leads_to_the_place_of_work(world, client):
    proposal = coach_asks_lena(world)
    client.force_login(world.lena)
    page = client.get(reverse("proposal", args=[proposal.pk])).content.decode()
    assert page.count('<button class="button">') == 2
    answer = client.post(reverse("proposal_acceptance", args=[proposal.pk]))
    formed = Partnership.objects.latest("pk")
    assert answer["Location"] == reverse("workspace", args=[formed.pk])
    assert client.post(reverse("proposal_acceptance", args=[proposal.pk])).status_code in (403, 404)


def test_the_inviter_reads_not_this_time_and_nothing_more(world, client):
    Proposal.objects.filter(formed_at=None).delete()
    seats = [(person, Part.PEER) for person in (world.ben, world.lena, world.chen)]
    proposal = actions.propose(by=world.ben, form=Form.PEERS, seats=seats, at=timezone.now())
    client.force_login(world.lena)
    assert client.post(reverse("proposal_closure", args=[proposal.pk])).status_code == 302
    client.force_login(world.ben)
    page = client.get(reverse("partnerships")).content.decode()
    assert "Not this time" in page
    assert "Lena" not in page
    assert "静" not in page
    own = client.get(reverse("proposal", args=[proposal.pk])).content.decode()
    assert "Not this time" in own
    assert "Lena" not in own
    assert client.post(reverse("proposal_withdrawal", args=[proposal.pk])).status_code == 302
    assert "Not this time" not in client.get(reverse("partnerships")).content.decode()


def test_nobody_sees_a_decline(world, client):
    proposal = coach_asks_lena(world)
    client.force_login(world.lena)
    client.post(reverse("proposal_closure", args=[proposal.pk]))
    assert not Event.objects.filter(by=world.lena.pk, about="proposal").exists()
    for person in world.people.values():
        if person == world.ana:
            continue
        client.force_login(person)
        assert "Not this time" not in client.get(reverse("partnerships")).content.decode()
        assert client.get(reverse("proposal", args=[proposal.pk])).status_code == 404


def test_a_wish_reaches_facilitators_and_no_leader(world, client):
    Wish.objects.all().delete()
    client.force_login(world.lena)
    assert client.post(reverse("wishes"), {"place": world.linden.pk}).status_code == 302
    assert client.post(reverse("wishes"), {"place": world.linden.pk}).status_code == 409
    assert client.post(reverse("wishes"), {"place": world.quay.pk}).status_code == 409
    assert client.post(reverse("wishes"), {"place": "9" * 40}).status_code == 404
    wish = Wish.objects.get()
    for stranger in (world.dara, world.ana, world.fatima, world.ines):
        client.force_login(stranger)
        assert client.post(reverse("wish_closure", args=[wish.pk])).status_code == 404
    client.force_login(world.emre)
    assert client.post(reverse("wish_closure", args=[wish.pk])).status_code == 302


def test_who_facilitates_and_leads_does_not_see_the_wish_of_those_she_leads(world, client):
    """Fatima facilitates and leads at Quay: Goran's wish goes past her, and the page names exactly who sees it."""
    client.force_login(world.goran)
    for page in ("coaches", "new_partnership"):
        shown = client.get(reverse(page)).content.decode()
        assert "<bdi>Emre Yılmaz</bdi> can look for a coach" in shown
        assert world.fatima.name not in shown.split("<main", 1)[1]
    chosen = {"place": world.quay.pk, "to": world.fatima.pk}
    assert client.post(reverse("wishes"), chosen).status_code == 409
    assert client.post(reverse("wishes"), {**chosen, "to": ""}).status_code == 302
    assert "<bdi>Emre Yılmaz</bdi> can see it, and nobody else." in client.get(reverse("partnerships")).content.decode()
    wish = Wish.objects.get(person=world.goran)
    client.force_login(world.fatima)
    assert world.goran.name not in client.get(reverse("facilitator")).content.decode().split("Partnerships</h2>")[0]
    assert client.post(reverse("wish_closure", args=[wish.pk])).status_code == 404
    client.force_login(world.emre)
    assert f"?partner={world.goran.pk}" in client.get(reverse("facilitator")).content.decode()


@pytest.mark.parametrize(
    ("form", "names", "parts"),
    [
        ("others_peers", ("with", "with"), ("peer", "peer")),
        ("others_peers", ("with",) * 5, ("peer",) * 5),
        ("others_team", ("coach", "with", "with"), ("coach", "partner", "partner")),
    ],
)
def test_a_facilitator_proposes_peers_and_teams(world, client, form, names, parts):
    client.force_login(world.emre)
    people = (world.ana, world.lena, world.goran, world.hana, world.chen)[: len(names)]
    sent = {"form": form, "with": [person.pk for name, person in zip(names, people, strict=True) if name == "with"]}
    sent |= {name: person.pk for name, person in zip(names, people, strict=True) if name == "coach"}
    page = client.get(reverse("new_partnership"), sent).content.decode()
    assert "Send the question" in page
    assert ('type="search"' in page) == (len(names) < 5)
    assert client.post(reverse("new_partnership"), sent).status_code == 302
    proposal = Proposal.objects.get(by=world.emre)
    assert tuple(proposal.seats.order_by("pk").values_list("part", flat=True)) == parts
    assert not proposal.seats.filter(person=world.emre).exists()
    assert not proposal.seats.exclude(accepted_at=None).exists()


def test_each_step_of_a_team_for_others_is_a_link(world, client):
    client.force_login(world.emre)
    address = reverse("new_partnership")
    found = client.get(address, {"form": "others_team", "q": "Ana"}).content.decode()
    assert "Who coaches?" in found
    assert f"?form=others_team&amp;coach={world.ana.pk}" in found
    found = client.get(address, {"form": "others_team", "coach": world.ana.pk, "q": "Lena"}).content.decode()
    assert f"coach={world.ana.pk}&amp;with={world.lena.pk}" in found
    one = {"form": "others_team", "coach": world.ana.pk, "with": world.lena.pk}
    assert "Send the question" not in client.get(address, one).content.decode()


@pytest.mark.parametrize("form", ["others", "others_peers", "others_team"])
def test_who_is_no_facilitator_proposes_nothing_to_others(world, client, form):
    client.force_login(world.ben)
    sent = {"form": form, "coach": world.ana.pk, "with": [world.lena.pk, world.chen.pk]}
    assert "others" not in re.findall(r"form=(\w+)", client.get(reverse("new_partnership")).content.decode())
    before = Proposal.objects.count()
    client.post(reverse("new_partnership"), sent)
    made = Proposal.objects.filter(by=world.ben).order_by("-pk").first()
    assert Proposal.objects.count() == before or made.seats.filter(person=world.ben).exists()


def test_a_facilitator_proposes_nobody_of_other_places(world, client):
    client.force_login(world.fatima)
    sent = {"form": "others_peers", "with": [world.goran.pk, world.hana.pk, world.emre.pk]}
    answer = client.post(reverse("new_partnership"), sent)
    assert answer.status_code == 422
    assert "of the places where you are a facilitator" in answer.content.decode()


def test_a_wish_to_one_is_seen_by_that_one(world, client):
    Wish.objects.all().delete()
    give_role(world.ines, kind=Role.Kind.FACILITATOR, place=world.northshore, by=world.kofi, at=world.at)
    client.force_login(world.lena)
    assert "Ask only <bdi>Inês Rocha</bdi>" in client.get(reverse("coaches")).content.decode()
    assert client.post(reverse("wishes"), {"place": world.linden.pk, "to": world.dara.pk}).status_code == 409
    assert client.post(reverse("wishes"), {"place": world.linden.pk, "to": world.ines.pk}).status_code == 302
    wish = Wish.objects.get()
    client.force_login(world.emre)
    assert world.lena.name not in client.get(reverse("facilitator")).content.decode()
    assert client.post(reverse("wish_closure", args=[wish.pk])).status_code == 404
    client.force_login(world.ines)
    assert "asks you alone" in client.get(reverse("facilitator")).content.decode()


def test_where_nobody_could_see_a_wish_coaches_are_offered(world, client):
    Wish.objects.all().delete()
    give_role(world.emre, kind=Role.Kind.LEADER, place=world.harbour, by=world.kofi, at=world.at)
    client.force_login(world.lena)
    shown = client.get(reverse("new_partnership")).content.decode()
    assert "Nobody at your places could see a wish" in shown
    assert f'action="{reverse("wishes")}"' not in shown
    assert client.post(reverse("wishes"), {"place": world.linden.pk}).status_code == 409
    assert not Wish.objects.exists()


def test_asking_somebody_to_join_asks_all(world, client):
    pair = world.ana_and_ben
    client.force_login(world.lena)
    assert client.post(reverse("newcomers", args=[pair.pk]), {"with": world.lena.pk}).status_code == 404
    client.force_login(world.dara)
    assert client.get(reverse("newcomers", args=[pair.pk])).status_code == 403
    client.force_login(world.ben)
    assert "In a team all see all" in client.get(reverse("newcomers", args=[pair.pk])).content.decode().replace(
        "in a team all see all", "In a team all see all"
    )
    assert client.post(reverse("newcomers", args=[pair.pk]), {"with": world.dara.pk}).status_code == 422
    assert client.post(reverse("newcomers", args=[pair.pk]), {"with": world.lena.pk}).status_code == 302
    proposal = Proposal.objects.get(joining=pair)
    client.force_login(world.lena)
    assert "from then on" in client.get(reverse("proposal", args=[proposal.pk])).content.decode()
    assert client.post(reverse("proposal_acceptance", args=[proposal.pk])).status_code == 302
    assert pair.members.count() == 2
    client.force_login(world.ana)
    client.post(reverse("proposal_acceptance", args=[proposal.pk]))
    assert pair.members.count() == 3
