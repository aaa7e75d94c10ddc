"""Home as everybody meets it: welcoming, short, few queries, and no word of others."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sidebyside.cycles import actions as cycles
from sidebyside.notices.waiting import ORDER
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Part, Partnership
from sidebyside.people.models import Person
from sidebyside.visits import actions as visits
from sidebyside.web.home.addresses import PAGES, WORDS

DAY = timedelta(days=1)
SEALED = (
    "The quick ones finish",
    "You want every pupil",
    "Wait longer after a question",
    "Fractions that pupils",
    "Three seconds are long",
    "I filled her silence",
    "More pupils speak",
    "The tablet trolley",
    "You can have the trolley",
    "We begin with the Year 9",
    "Try the sorting task",
)
EVERYBODY = [
    "ana", "ben", "chen", "dara", "emre", "fatima", "goran",
    "hana", "ines", "jonas", "kofi", "lena", "mai", "noor",
]  # fmt: skip


def page_of(client, person):
    client.force_login(person)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", EVERYBODY)
def test_home_answers_everybody_with_an_act_and_without_a_sealed_word(world, client, name):
    page = page_of(client, getattr(world, name))
    assert page.count("<h1>") == 1
    assert [words for words in SEALED if words in page] == []


def test_signed_out_it_says_what_this_is_and_offers_to_sign_in(client, db):
    answer = client.get("/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'href="{reverse("sign_in")}"' in page
    assert "stays between the two of you" in page


def test_her_own_step_stands_on_her_page_and_on_no_other(world, client):
    for visit in world.visits.values():  # nearer than the step
        visits.cancel(visit, by=world.ana, at=world.at)
    assert "Write six claims about fractions" in page_of(client, world.ben)
    for name in EVERYBODY:
        if name != "ben":
            assert "Write six claims about fractions" not in page_of(client, getattr(world, name))


@pytest.mark.parametrize(("name", "address"), [
    ("lena", "coaches"), ("mai", "new_partnership"), ("emre", "facilitator"), ("dara", "leader"),
    ("ines", "rosters"), ("kofi", "owners"),
])  # fmt: skip
def test_whoever_has_no_partnership_finds_one_act(world, client, name, address):
    assert f'href="{reverse(address)}"' in page_of(client, getattr(world, name))


def test_somebody_with_neither_work_nor_role_is_told_so(world, client):
    stranger = Person.objects.create(given_name="Sam", email="sam@example.org", joined_at=world.at)
    assert "Nothing waits for you" in page_of(client, stranger)


def test_every_kind_that_waits_has_a_sentence_and_a_page():
    assert set(ORDER) == set(PAGES) == set(WORDS)


def test_nothing_is_late_or_red(world, client):
    cycles.pause(world.ana_and_ben_cycle, by=world.ben, at=world.at - 90 * DAY)
    page = page_of(client, world.ana).lower()
    assert [word for word in ("late", "overdue", "problem", "wrong") if f">{word}" in page or f" {word} " in page] == []


def test_a_quiet_partnership_may_be_put_to_rest_from_here(world, client):
    page = page_of(client, world.ana)
    address = reverse("partnership_rest", args=[world.ana_and_chen.pk])
    assert f'action="{address}"' in page
    client.post(address)
    assert Partnership.objects.get(pk=world.ana_and_chen.pk).is_resting


def test_names_keep_their_direction(world, client):
    assert "<bdi>静 陈</bdi>" in page_of(client, world.ana)
    assert "<bdi>Горан Петровић</bdi>" in page_of(client, world.hana)


def test_a_name_is_never_markup(world, client):
    Person.objects.filter(pk=world.ben.pk).update(given_name="<script>alert(1)</script>%(who)s")
    page = page_of(client, world.ana)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;%(who)s" in page


def test_the_first_steps_are_put_away_and_brought_back(world, client):
    Person.objects.filter(pk=world.lena.pk).update(joined_at=world.at - DAY)
    world.lena.refresh_from_db()
    assert "First steps" in page_of(client, world.lena)
    client.post(reverse("arrival_putting_away"))
    assert "First steps" not in client.get("/").content.decode()
    assert "Show the first steps again" in client.get("/").content.decode()
    client.post(reverse("arrival_return"))
    assert "First steps" in client.get("/").content.decode()


def test_old_hands_are_not_shown_first_steps(world, client):
    page = page_of(client, world.ben)
    assert "First steps" not in page
    assert "Show the first steps again" not in page


@pytest.mark.parametrize("name", ["arrival_putting_away", "arrival_return"])
def test_first_steps_are_put_away_by_a_post_of_somebody_signed_in(world, client, name):
    assert client.post(reverse(name)).status_code == 302
    client.force_login(world.lena)
    assert client.get(reverse(name)).status_code == 405


def queries_of_home(client):
    client.get("/")
    with CaptureQueriesContext(connections["default"]) as ours, CaptureQueriesContext(connections["keys"]) as keys:
        client.get("/")
    return len(ours) + len(keys)


@pytest.mark.parametrize("name", EVERYBODY)
def test_it_takes_at_most_ten_queries(world, client, name):
    client.force_login(getattr(world, name))
    assert queries_of_home(client) <= 10


def test_it_takes_as_many_queries_with_one_with_three_and_with_twelve_things_that_wait(world, client):
    asking = [person for name, person in world.people.items() if name not in ("lena", "dara", "fatima", "noor")]
    asking += [
        Person.objects.create(given_name=f"P{number}", email=f"p{number}@example.org", joined_at=world.at)
        for number in range(4)
    ]
    client.force_login(world.lena)
    seen = []
    for number, by in enumerate(asking[:12], 1):
        seats = [(by, Part.PEER), (world.lena, Part.PEER)]
        partnerships.propose(by=by, form=Form.PEERS, seats=seats, at=world.at)
        if number in (1, 3, 12):
            seen.append(queries_of_home(client))
    assert len(set(seen)) == 1
    assert client.get("/").content.decode().count("asks you something") >= 12
