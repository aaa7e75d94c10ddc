"""What a school leader sees, and what her page never shows."""

import pytest
from django.urls import reverse

from sidebyside.materials.models import Programme
from sidebyside.partnerships.models import Form, Member, Part, Partnership

NEVER = ["prepare", "Prepare", "Fractions", "30 min", "The quick ones", "argue", "Sciences of", "moving", "quiet"]


@pytest.mark.parametrize("name", ["ana", "ben", "emre", "ines", "jonas", "kofi", "lena", "mai"])
def test_it_is_for_leaders_alone(world, client, name):
    client.force_login(getattr(world, name))
    assert client.get(reverse("leader")).status_code == 403


def test_she_sees_that_partnerships_exist_and_what_was_released(world, client):
    client.force_login(world.dara)
    page = client.get(reverse("leader")).content.decode()
    assert "Ben Okafor" in page
    assert "asks for time" in page
    assert "Горан" not in page
    assert [word for word in NEVER if word in page] == []


def test_small_numbers_are_not_told(world, client):
    client.force_login(world.dara)
    assert "no number: it would be about fewer than five partnerships" in client.get(reverse("leader")).content.decode()


def test_the_programme_may_keep_the_names_to_itself(world, client):
    Programme.objects.update(leaders_see_partnerships=False)
    client.force_login(world.dara)
    page = client.get(reverse("leader")).content.decode()
    assert "静" not in page
    assert "keeps to itself" in page


def test_ten_partnerships_cost_no_more_queries_than_three(world, client, django_assert_max_num_queries):
    client.force_login(world.dara)
    client.get(reverse("leader"))
    with django_assert_max_num_queries(20) as three:
        client.get(reverse("leader"))
    for _number in range(7):
        pair = Partnership.objects.create(form=Form.PAIR, formed_at=world.at)
        for person, part in ((world.ana, Part.COACH), (world.lena, Part.PARTNER)):
            Member.objects.create(partnership=pair, person=person, part=part, school=world.linden, joined_at=world.at)
    with django_assert_max_num_queries(20) as ten:
        page = client.get(reverse("leader")).content.decode()
    assert len(ten) == len(three)
    assert "<dd>10</dd>" in page
