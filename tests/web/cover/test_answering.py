"""Yes or no from a mail, without signing in."""

import pytest
from django.urls import reverse
from django.utils import timezone

from sidebyside.base.signed import signed
from sidebyside.cover import actions
from sidebyside.cover.models import CoverOffer
from sidebyside.cover.queries import ANSWER_PURPOSE
from tests.web.cover.conftest import Desk

pytestmark = pytest.mark.django_db


def address(offer: CoverOffer) -> str:
    return reverse("cover_answer", args=[signed(ANSWER_PURPOSE, offer.pk)])


@pytest.fixture
def offer(desk: Desk) -> CoverOffer:
    return desk.choose(desk.ask("ana", 0, notes="The key is in the desk."), "chen")


def test_looking_does_nothing(client, offer: CoverOffer) -> None:
    for _turn in range(3):
        assert client.get(address(offer)).status_code == 200
        assert client.head(address(offer)).status_code == 200
    offer.refresh_from_db()
    assert (offer.yes_at, offer.no_at) == (None, None)


def test_it_shows_what_the_mail_said_and_no_more(client, offer: CoverOffer) -> None:
    page = client.get(address(offer)).content.decode()
    for told in ("08:30", "7a", "Maths", "12", "Ana Sousa"):
        assert told in page
    for hidden in ("The key is", "professional", "chen@", "Chen Sousa", "Olu", "Linden"):
        assert hidden not in page


@pytest.mark.parametrize("secret", ["1-0", "x", "0", "99999-00000000000000000000", "-", "1-" + "a" * 20])
def test_a_wrong_secret_is_no_page(client, offer: CoverOffer, secret: str) -> None:
    assert client.get(reverse("cover_answer", args=[secret])).status_code == 404
    assert client.post(reverse("cover_answer", args=[secret]), {"answer": "yes"}).status_code == 404


def test_the_secret_of_another_purpose_is_none(client, offer: CoverOffer) -> None:
    assert client.get(reverse("cover_answer", args=[signed("attendee", offer.pk)])).status_code == 404


def test_who_was_only_proposed_has_no_page(client, desk: Desk) -> None:
    kept = desk.choose(desk.ask("ben", 0), "lena", send=False)
    assert client.get(address(kept)).status_code == 404


def test_one_press_is_a_yes_and_the_second_changes_nothing(client, offer: CoverOffer) -> None:
    page = client.post(address(offer), {"answer": "yes"}).content.decode()
    assert "you take this lesson" in page
    offer.refresh_from_db()
    first = offer.yes_at
    assert first is not None
    assert client.post(address(offer), {"answer": "yes"}).status_code == 200
    offer.refresh_from_db()
    assert offer.yes_at == first


def test_a_no_is_fine_also_after_a_yes_and_then_it_is_over(client, offer: CoverOffer) -> None:
    client.post(address(offer), {"answer": "yes"})
    assert "That is fine" in client.post(address(offer), {"answer": "no"}).content.decode().replace(
        "that is", "That is"
    )
    offer.refresh_from_db()
    assert offer.no_at is not None
    page = client.post(address(offer), {"answer": "yes"})
    assert page.status_code == 422
    assert "You said no" in page.content.decode()
    offer.refresh_from_db()
    assert offer.no_at is not None


@pytest.mark.parametrize("answer", ["", "maybe", "yes "])
def test_other_answers_are_none(client, offer: CoverOffer, answer: str) -> None:
    assert client.post(address(offer), {"answer": answer}).status_code == 200
    offer.refresh_from_db()
    assert (offer.yes_at, offer.no_at) == (None, None)


def test_after_a_withdrawal_it_says_so_and_shows_nothing_of_the_lesson(client, desk: Desk, offer: CoverOffer) -> None:
    actions.withdraw(offer, by=desk.olu, at=timezone.now())
    page = client.get(address(offer)).content.decode()
    assert "need not take this lesson any more" in page
    assert "Ana Sousa" not in page
    answer = client.post(address(offer), {"answer": "yes"})
    assert answer.status_code == 422
    offer.refresh_from_db()
    assert offer.yes_at is None


def test_after_she_left_there_is_no_page(client, desk: Desk, offer: CoverOffer) -> None:
    desk.chen.left_at = timezone.now()
    desk.chen.save()
    assert client.get(address(offer)).status_code == 404
