"""What a facilitator sees: names, one word each, and one act."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sidebyside.cycles.models import Contact
from sidebyside.partnerships.models import Form, HelpOffer, Member, Part, Partnership
from sidebyside.summaries import questions_of_facilitators as questions

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("name", ["ana", "ben", "dara", "ines", "jonas", "kofi", "lena", "mai"])
def test_it_is_for_facilitators_alone(world, client, name):
    client.force_login(getattr(world, name))
    assert client.get(reverse("facilitator")).status_code == 403
    assert client.post(reverse("offer_help", args=[world.goran_and_hana.pk])).status_code in (403, 404)
    assert not HelpOffer.objects.filter(partnership=world.goran_and_hana).exists()


def test_each_partnership_has_one_word(world, client):
    client.force_login(world.emre)
    page = client.get(reverse("facilitator")).content.decode()
    for word in ("moving", "resting", "quiet"):
        assert f">{word}<" in page
    assert [word for word in ("Prepare", "Fractions", "30 min", "Waiting three") if word in page] == []


def test_a_facilitator_of_one_school_sees_that_school(world, client):
    client.force_login(world.fatima)
    page = client.get(reverse("facilitator")).content.decode()
    assert "Горан" in page
    assert "Ben Okafor" not in page
    assert client.post(reverse("offer_help", args=[world.ana_and_ben.pk])).status_code == 404


def test_she_offers_help_and_they_see_it(world, client):
    client.force_login(world.fatima)
    assert client.post(reverse("offer_help", args=[world.goran_and_hana.pk])).status_code == 302
    assert HelpOffer.objects.filter(partnership=world.goran_and_hana, by=world.fatima).count() == 1
    assert "help offered" in client.get(reverse("facilitator")).content.decode()


def test_she_sees_who_would_like_a_coach(world, client):
    client.force_login(world.emre)
    assert "Lena Fischer" in client.get(reverse("facilitator")).content.decode()


def test_it_takes_at_most_ten_queries(world, client, django_assert_max_num_queries):
    client.force_login(world.emre)
    with django_assert_max_num_queries(10):
        client.get(reverse("facilitator"))


def test_errands_and_what_is_to_come_are_no_contacts(world):
    at = world.at
    places = [world.harbour.pk]
    for _number in range(5):
        pair = Partnership.objects.create(form=Form.PAIR, formed_at=at)
        for person, part in ((world.ana, Part.COACH), (world.lena, Part.PARTNER)):
            Member.objects.create(partnership=pair, person=person, part=part, school=world.linden, joined_at=at)
        for kinds, began in (
            (["errand"], at - HOUR),
            (["errand", "co_planning"], at - HOUR),
            (["co_planning"], at + HOUR),
            (["co_planning"], at - 14 * 24 * HOUR),
        ):
            Contact.objects.create(
                partnership=pair, kinds=kinds, minutes=5, began_at=began, logged_at=at, logged_by=world.ana
            )
    others = Contact.objects.filter(
        partnership__in=[world.ana_and_ben, world.ana_and_chen], began_at__gt=at - 14 * 24 * HOUR
    )
    assert questions.counts(places, at=at).contacts == 5 + others.count()
    Contact.objects.filter(kinds=["errand", "co_planning"]).update(kinds=["errand"])
    assert questions.counts(places, at=at).contacts is None
