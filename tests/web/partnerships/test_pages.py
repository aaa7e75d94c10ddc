"""The pages of a partnership: who may open them, what they say, how many queries they take."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sidebyside.partnerships import actions
from sidebyside.partnerships.models import Agreement, Form, NormCard, Opening, Part, Partnership, Proposal

PAGES = ("members", "newcomers", "agreement", "agreement_words", "norm_cards", "seen_by_others", "openings")
POSTS = (
    "partnership_rest",
    "partnership_resumption",
    "partnership_rest_keeping",
    "partnership_end",
    "partnership_leaving",
    "norm_cards_turning",
)
MARK = "zebra-lantern"


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(("name", "status"), [("lena", 404), ("mai", 404), ("kofi", 404), ("emre", 403), ("dara", 403)])
def test_outsiders_open_and_change_nothing(world, client, name, status):
    pair = world.ana_and_ben
    client.force_login(getattr(world, name))
    for page in PAGES:
        assert client.get(reverse(page, args=[pair.pk])).status_code == status, page
    for noun in POSTS:
        assert client.post(reverse(noun, args=[pair.pk])).status_code == status, noun
    pair.refresh_from_db()
    assert (pair.rested_at, pair.ended_at) == (None, None)


def test_who_left_a_partnership_opens_it_no_more(world, client):
    actions.leave(world.ana_and_ben, by=world.ben, at=timezone.now())
    client.force_login(world.ben)
    for page in PAGES:
        assert client.get(reverse(page, args=[world.ana_and_ben.pk])).status_code == 404


def test_members_open_everything(world, client):
    for name in ("ana", "ben"):
        client.force_login(getattr(world, name))
        for page in PAGES:
            assert client.get(reverse(page, args=[world.ana_and_ben.pk])).status_code == 200, page


def test_an_ended_partnership_is_read_and_changed_no_more(world, client):
    pair = world.ana_and_ben
    client.force_login(world.ben)
    assert client.post(reverse("partnership_end", args=[pair.pk])).status_code == 302
    assert client.post(reverse("partnership_end", args=[pair.pk])).status_code == 409
    for page in ("members", "agreement", "seen_by_others", "openings"):
        assert client.get(reverse(page, args=[pair.pk])).status_code == 200
    assert "ended" in client.get(reverse("partnerships")).content.decode()


def test_rest_and_undo(world, client):
    pair = world.ana_and_ben
    client.force_login(world.ben)
    page = client.post(reverse("partnership_rest", args=[pair.pk]), follow=True).content.decode()
    assert f'action="{reverse("partnership_resumption", args=[pair.pk])}"' in page
    client.post(reverse("partnership_resumption", args=[pair.pk]))
    pair.refresh_from_db()
    assert pair.rested_at is None


def test_after_somebody_left_the_others_are_asked(world, client):
    pair = world.ana_and_noor
    client.force_login(world.ana)
    page = client.get(reverse("members", args=[pair.pk])).content.decode()
    assert "How would you like to go on?" in page
    assert "Go on without" not in page
    member = pair.members.get(person=world.noor)
    assert client.post(reverse("member_parting", args=[member.pk])).status_code == 409
    client.post(reverse("partnership_rest_keeping", args=[pair.pk]))
    pair.refresh_from_db()
    assert pair.asks_how_to_go_on_at is None


def test_nobody_is_put_out_through_the_address(world, client):
    member = world.ana_and_ben.members.get(person=world.ben)
    client.force_login(world.ana)
    assert client.post(reverse("member_parting", args=[member.pk])).status_code == 409
    client.force_login(world.emre)
    assert client.post(reverse("member_parting", args=[member.pk])).status_code == 403
    client.force_login(world.lena)
    assert client.post(reverse("member_parting", args=[member.pk])).status_code == 404


def test_a_card_is_its_author_s_own_until_it_is_turned(world, client):
    pair = world.ana_and_ben
    address = reverse("norm_cards", args=[pair.pk])
    client.force_login(world.ben)
    assert client.post(address, {"text": MARK}).status_code == 302
    assert MARK in client.get(address).content.decode()
    card = NormCard.objects.latest("pk")
    client.force_login(world.ana)
    assert MARK not in client.get(address).content.decode()
    assert client.post(reverse("norm_card_removal", args=[card.pk])).status_code == 404
    client.force_login(world.ben)
    assert client.post(reverse("norm_cards_turning", args=[pair.pk])).status_code == 302
    client.force_login(world.ana)
    page = client.get(address).content.decode()
    assert MARK in page
    assert client.post(reverse("norm_card_removal", args=[card.pk])).status_code == 403


@pytest.mark.parametrize("text", ["", "  ", "x" * 501, "x" * 100_001, "a\x00b"])
def test_a_card_that_cannot_be_kept_says_why(world, client, text):
    client.force_login(world.ben)
    answer = client.post(reverse("norm_cards", args=[world.ana_and_ben.pk]), {"text": text})
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()


def test_a_card_taken_back_comes_again(world, client):
    card = actions.write_card(world.ana_and_ben, text=MARK, by=world.ben, at=timezone.now())
    client.force_login(world.ben)
    client.post(reverse("norm_card_removal", args=[card.pk]))
    address = reverse("norm_cards", args=[world.ana_and_ben.pk])
    assert MARK not in client.get(address).content.decode()
    client.post(reverse("norm_card_restoration", args=[card.pk]))
    assert MARK in client.get(address).content.decode()


def words(client, pair, **changed):
    data = {"after": 1, "norms": "We ask.", "habits": "", "roles": "", "confidence": ""}
    return client.post(reverse("agreement_words", args=[pair.pk]), {**data, **changed})


def test_what_is_ticked_is_added_and_a_habit_replaced(world, client):
    pair = world.ana_and_ben
    client.force_login(world.ben)
    assert words(client, pair, topic_time=["0"], habit_how_often="weekly").status_code == 302
    client.get(reverse("agreement", args=[pair.pk]))
    assert (
        words(client, pair, after=2, habits="How often do we meet? Every week", habit_how_often="monthly").status_code
        == 302
    )
    page = client.get(reverse("agreement", args=[pair.pk])).content.decode()
    assert "Once a month" in page
    assert "Every week" not in page


def test_of_two_versions_both_are_shown(world, client):
    pair = world.ana_and_ben
    client.force_login(world.ana)
    assert words(client, pair, norms="Of Ana.").status_code == 302
    client.force_login(world.ben)
    answer = words(client, pair, norms="Of Ben.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Of Ana." in page
    assert "Of Ben." in page
    assert 'name="after" value="2"' in page
    assert words(client, pair, norms="Of both.", after=2).status_code == 302


@pytest.mark.parametrize("changed", [{"norms": ""}, {"norms": "x" * 100_001}, {"habits": "a\x00b"}, {"after": "x"}])
def test_an_agreement_that_cannot_be_kept_says_why(world, client, changed):
    client.force_login(world.ben)
    answer = words(client, world.ana_and_ben, **changed)
    assert answer.status_code == 422
    assert "errors__title" in answer.content.decode()
    assert Agreement.objects.filter(partnership=world.ana_and_ben).count() == 1


def test_unsigned_is_shown_and_signing_is_one_button(world, client):
    pair = world.ana_and_chen
    client.force_login(world.chen)
    assert "not signed by you yet" in client.get(reverse("partnerships")).content.decode()
    page = client.get(reverse("agreement", args=[pair.pk])).content.decode()
    assert "not signed by all yet" in page
    agreement = Agreement.objects.get(partnership=pair)
    assert client.post(reverse("agreement_signature", args=[agreement.pk])).status_code == 302
    assert "signed by all" in client.get(reverse("agreement", args=[pair.pk])).content.decode()
    client.force_login(world.emre)
    assert client.post(reverse("agreement_signature", args=[agreement.pk])).status_code == 404


def test_what_others_see_names_them(world, client):
    client.force_login(world.ben)
    page = client.get(reverse("seen_by_others", args=[world.ana_and_ben.pk])).content.decode()
    assert "Emre Yılmaz" in page
    assert "Dara Diaz" in page
    assert "moving" in page
    client.force_login(world.goran)
    page = client.get(reverse("seen_by_others", args=[world.goran_and_hana.pk])).content.decode()
    assert page.count("<strong><bdi>فاطمة") == 2
    assert "Dara Diaz" not in page


def test_of_what_has_ended_nobody_sees_anything_but_what_was_released(world, client):
    actions.end(world.ana_and_ben, by=world.ben, at=world.at)
    client.force_login(world.ben)
    page = client.get(reverse("seen_by_others", args=[world.ana_and_ben.pk])).content.decode()
    assert "Nobody sees it any more" in page
    assert "Emre Yılmaz" not in page
    assert "They can offer help" not in page
    assert "<bdi>Dara Diaz</bdi>" in page  # to whom plans were released, and still are
    client.force_login(world.emre)
    assert "Ben Okafor" not in client.get(reverse("facilitator")).content.decode()


def test_an_offer_of_help_is_put_away_by_members(world, client):
    offer = world.ana_and_chen.help_offers.get()
    client.force_login(world.emre)
    assert client.post(reverse("help_offer_closure", args=[offer.pk])).status_code == 404
    client.force_login(world.chen)
    assert "offers help" in client.get(reverse("partnerships")).content.decode()
    assert client.post(reverse("help_offer_closure", args=[offer.pk])).status_code == 302


def test_my_list_takes_the_same_queries_for_one_and_three(world, client):
    now = timezone.now()
    Proposal.objects.filter(formed_at=None).delete()
    for name in ("ben", "ana"):
        for other in (world.lena, world.hana) if name == "ana" else (world.lena,):
            me = getattr(world, name)
            actions.propose(by=other, form=Form.PEERS, seats=[(other, Part.PEER), (me, Part.PEER)], at=now)
            third = world.chen if other == world.lena else world.goran
            seats = [(me, Part.PEER), (other, Part.PEER), (third, Part.PEER)]
            actions.propose(by=me, form=Form.PEERS, seats=seats, at=now)
    client.force_login(world.ben)
    one = queries_of(client, reverse("partnerships"))
    client.force_login(world.ana)
    assert Partnership.objects.filter(members__person=world.ana).count() == 3
    assert queries_of(client, reverse("partnerships")) == one


def test_openings_take_the_same_queries_for_one_and_three(world, client):
    today = timezone.now().date()

    def opened(record: int, reader) -> None:
        Opening.objects.create(
            partnership=world.ana_and_ben, reader=reader, kind="plan", record_id=record, on_date=today
        )

    opened(1001, world.dara)
    client.force_login(world.ben)
    address = reverse("openings", args=[world.ana_and_ben.pk])
    one = queries_of(client, address)
    opened(1002, world.emre)
    opened(1003, world.dara)
    assert queries_of(client, address) == one
    assert "opened your plan" in client.get(address).content.decode().replace("</bdi>", "")


def test_cards_take_the_same_queries_for_one_and_three(world, client):
    pair, now = world.ana_and_ben, timezone.now()
    actions.write_card(pair, text="first", by=world.ben, at=now)
    actions.write_card(pair, text="hers", by=world.ana, at=now)
    actions.turn_cards(pair, by=world.ana, at=now)
    client.force_login(world.ben)
    address = reverse("norm_cards", args=[pair.pk])
    one = queries_of(client, address)
    for text in ("second", "third"):
        actions.write_card(pair, text=text, by=world.ben, at=now)
        actions.write_card(pair, text=text, by=world.ana, at=now)
    actions.turn_cards(pair, by=world.ana, at=now)
    assert queries_of(client, address) == one
