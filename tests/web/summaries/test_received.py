"""What was released stays to be read: for facilitators and programme leads as for leaders, until it is taken back."""

import pytest
from django.urls import reverse

from sidebyside.summaries import actions
from sidebyside.summaries.models import PlanRelease, SummaryRelease

PAGE = reverse("received")


def released_to(world, person):
    """A plan of Ana and Ben, and the summary of Goran and Hana, shown to this person and opened once."""
    plan, summary = world.ana_and_ben.plans.order_by("pk").first(), world.goran_and_hana.summaries.get()
    given = [PlanRelease.objects.create(plan=plan, to=person, by=world.ben, at=world.at)]
    given.append(SummaryRelease.objects.create(summary=summary, to=person, by=world.hana, at=world.at))
    actions.open_released(plan, reader=person, at=world.at)
    actions.open_released(summary, reader=person, at=world.at)
    return plan, summary, given


@pytest.mark.parametrize(("name", "role_page"), [("emre", "facilitator"), ("ines", "programme")])
def test_it_is_found_again_after_it_was_opened(world, client, name, role_page):
    reader = getattr(world, name)
    plan, summary, given = released_to(world, reader)
    client.force_login(reader)
    for page in (role_page, "me"):
        assert f'href="{PAGE}"' in client.get(reverse(page)).content.decode(), page
    page = client.get(PAGE).content.decode()
    for url in (reverse("read_plan", args=[plan.pk]), reverse("read_summary", args=[summary.pk])):
        assert url in page
        assert client.get(url).status_code == 200
    assert "Ben Okafor" in page
    assert "Горан" in page
    for release, by in zip(given, (world.ben, world.hana), strict=True):
        actions.withdraw(release, by=by, at=world.at)
    page = client.get(PAGE).content.decode()
    assert "Ben Okafor" not in page
    assert "Горан" not in page


def test_the_latest_comes_first_and_texts_stay_sealed(world, client):
    client.force_login(world.dara)
    page = client.get(PAGE).content.decode()
    late, early = (
        reverse("read_plan", args=[plan.pk])
        for plan in world.ana_and_ben.plans.filter(releases__to=world.dara).order_by("-pk")
    )
    assert page.index(late) < page.index(early)
    for text in ("trolley", "free period", "Fractions", "Pupils speak"):
        assert text not in page
    assert "asks for a device" in client.get(reverse("leader")).content.decode()


@pytest.mark.parametrize("name", ["ana", "ben", "jonas", "kofi", "lena", "mai", "fatima"])
def test_others_find_nothing_of_it(world, client, name):
    released_to(world, world.emre)
    client.force_login(getattr(world, name))
    page = client.get(PAGE).content.decode()
    assert reverse("read_plan", args=[world.ana_and_ben.plans.order_by("pk").first().pk]) not in page
    assert "Ben Okafor" not in page.split("<main")[1] or name == "ben"


def test_many_cost_as_much_as_few(world, client, django_assert_num_queries, django_assert_max_num_queries):
    client.force_login(world.emre)
    released_to(world, world.emre)
    client.get(PAGE)
    with django_assert_max_num_queries(14) as few:
        client.get(PAGE)
    for plan in world.ana_and_ben.plans.all()[1:]:
        PlanRelease.objects.create(plan=plan, to=world.emre, by=world.ben, at=world.at)
    with django_assert_num_queries(len(few)):
        client.get(PAGE)
