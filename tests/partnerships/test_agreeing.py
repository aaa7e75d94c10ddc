"""Norm cards, the agreement, its signatures; offers of help and openings."""

from datetime import timedelta

import pytest
from django.db import connection

from sidebyside.base import vault
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.partnerships import actions
from sidebyside.partnerships.models import Agreement, HelpOffer, NormCard, Opening, Signature
from sidebyside.partnerships.queries import cards_for, is_signed_by_all, latest_agreement
from tests.partnerships.conftest import AT, School

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

LATER = AT + timedelta(hours=1)
TEXTS = {"norms": "We begin on time.", "habits": "", "roles": "", "confidence": "It stays between us."}
MARK = "zebra-lantern"


@pytest.mark.parametrize(
    ("text", "says"),
    [("x" * 501, "at most 500"), ("a\0b", "NUL"), ("a\ud800b", "half a character"), (" \n ", "something first")],
)
def test_cards_that_cannot_be_kept(school: School, text, says):
    with pytest.raises(Refused, match=says):
        actions.write_card(school.pair(), text=text, by=school.ben, at=AT)
    assert not NormCard.objects.exists()


def test_five_cards_each(school: School):
    pair = school.pair()
    cards = [actions.write_card(pair, text=f"wish {n}", by=school.ben, at=AT) for n in range(5)]
    with pytest.raises(Refused, match="five cards"):
        actions.write_card(pair, text="a sixth", by=school.ben, at=AT)
    actions.write_card(pair, text="the other's first", by=school.coach, at=AT)
    NormCard.objects.filter(pk=cards[0].pk).update(removed_at=AT, removed_by=school.ben)
    actions.write_card(pair, text="in its place", by=school.ben, at=AT)


def test_outsiders_write_turn_and_sign_nothing(school: School):
    pair = school.pair()
    agreement = actions.write_agreement(pair, **TEXTS, by=school.ben, at=AT)
    for outsider in (school.lena, school.facilitator, school.leader):
        with pytest.raises(Refused):
            actions.write_card(pair, text="me too", by=outsider, at=AT)
        with pytest.raises(Refused):
            actions.turn_cards(pair, by=outsider, at=AT)
        with pytest.raises(Refused):
            actions.write_agreement(pair, **TEXTS, by=outsider, at=AT)
        with pytest.raises(Refused):
            actions.sign(agreement, by=outsider, at=AT)


def test_turning_shows_one_s_own_cards_alone(school: School):
    pair = school.pair()
    actions.write_card(pair, text="mine", by=school.ben, at=AT)
    actions.write_card(pair, text="hers", by=school.coach, at=AT)
    assert actions.turn_cards(pair, by=school.ben, at=LATER) == 1
    with pytest.raises(Refused):
        actions.turn_cards(pair, by=school.ben, at=LATER)
    cards = cards_for(NormCard.objects.all(), pair, school.ben)
    assert [card.author_id for card in cards.on_the_table] == [school.ben.pk]
    assert cards.in_hand == []


def test_cards_of_a_former_agreement_are_off_the_table(school: School):
    pair = school.pair()
    actions.write_card(pair, text="mine", by=school.ben, at=AT)
    actions.turn_cards(pair, by=school.ben, at=AT)
    actions.write_agreement(pair, **TEXTS, by=school.ben, at=LATER)
    cards = cards_for(NormCard.objects.all(), pair, school.ben)
    assert (len(cards.on_the_table), len(cards.earlier)) == (0, 1)


def test_a_new_version_is_signed_again(school: School):
    pair = school.pair()
    first = actions.write_agreement(pair, **TEXTS, by=school.ben, at=AT, after=0)
    for person in (school.ben, school.coach):
        actions.sign(first, by=person, at=AT)
    agreement = latest_agreement(Agreement.objects.all(), pair)
    assert is_signed_by_all(pair, agreement)
    second = actions.write_agreement(pair, **{**TEXTS, "norms": "We ask first."}, by=school.coach, at=LATER, after=1)
    assert second.number == 2
    assert not is_signed_by_all(pair, latest_agreement(Agreement.objects.all(), pair))
    with pytest.raises(Refused, match="newer version"):
        actions.sign(first, by=school.ben, at=LATER)


def test_signing_twice_is_signing_once(school: School):
    agreement = actions.write_agreement(school.pair(), **TEXTS, by=school.ben, at=AT)
    first = actions.sign(agreement, by=school.ben, at=AT)
    assert actions.sign(agreement, by=school.ben, at=LATER) == first
    assert Signature.objects.get().at == AT


def test_of_two_new_versions_neither_is_lost(school: School):
    pair = school.pair()
    actions.write_agreement(pair, **TEXTS, by=school.ben, at=AT, after=0)
    with pytest.raises(Overtaken) as overtaken:
        actions.write_agreement(pair, **{**TEXTS, "norms": "Mine."}, by=school.coach, at=LATER, after=0)
    assert vault.opened([overtaken.value.current], "norms")[0].norms == "We begin on time."
    assert Agreement.objects.count() == 1


def test_an_agreement_has_norms_and_may_be_long(school: School):
    pair = school.pair()
    with pytest.raises(Refused, match="something first"):
        actions.write_agreement(pair, **{**TEXTS, "norms": " "}, by=school.ben, at=AT)
    with pytest.raises(Refused, match="100,001"):
        actions.write_agreement(pair, **{**TEXTS, "habits": "x" * 100_001}, by=school.ben, at=AT)
    long = "\u202eعشرة 🎈 " * 10_000
    agreement = actions.write_agreement(pair, **{**TEXTS, "norms": long}, by=school.ben, at=AT)
    kept = vault.opened(Agreement.objects.filter(pk=agreement.pk), "norms")[0].norms
    assert kept == long.strip()


def test_what_is_agreed_lies_sealed(school: School):
    pair = school.pair()
    actions.write_card(pair, text=MARK, by=school.ben, at=AT)
    actions.write_agreement(pair, norms=MARK, habits=MARK, roles=MARK, confidence=MARK, by=school.ben, at=AT)
    with connection.cursor() as cursor:
        for table in (NormCard._meta.db_table, Agreement._meta.db_table, "base_event"):
            cursor.execute(f"SELECT * FROM {table}")  # table names of our own models
            for row in cursor.fetchall():
                assert MARK.encode() not in b"|".join(
                    bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row
                )


def test_nothing_is_agreed_in_what_has_ended(school: School):
    pair = school.pair()
    agreement = actions.write_agreement(pair, **TEXTS, by=school.ben, at=AT)
    actions.end(pair, by=school.ben, at=AT)
    with pytest.raises(Refused, match="has ended"):
        actions.sign(agreement, by=school.ben, at=LATER)
    with pytest.raises(Refused, match="has ended"):
        actions.write_card(pair, text="late thought", by=school.ben, at=LATER)


def test_only_a_facilitator_of_theirs_offers_help(school: School):
    pair = school.pair()
    for other in (school.leader, school.lena, school.stranger, school.coach):
        with pytest.raises(Refused):
            actions.offer_help(pair, by=other, at=AT)
    offer = actions.offer_help(pair, by=school.facilitator, at=AT)
    with pytest.raises(Refused, match="already"):
        actions.offer_help(pair, by=school.facilitator, at=AT)
    with pytest.raises(Refused):
        actions.put_away(offer, by=school.facilitator, at=AT)
    actions.put_away(offer, by=school.ben, at=AT)
    assert HelpOffer.objects.get().put_away_at == AT


def test_a_facilitator_in_the_partnership_offers_herself_nothing(school: School):
    peers = school.peers(school.facilitator, school.ben)
    with pytest.raises(Refused):
        actions.offer_help(peers, by=school.facilitator, at=AT)


def test_an_opening_is_noted_once_a_day_and_never_for_members(school: School):
    pair = school.pair()
    record = actions.write_agreement(pair, **TEXTS, by=school.ben, at=AT)
    actions.note_opening(pair, reader=school.ben, record=record, at=AT)
    assert not Opening.objects.exists()
    for at in (AT, LATER, AT + timedelta(days=1)):
        actions.note_opening(pair, reader=school.leader, record=record, at=at)
    assert Opening.objects.count() == 2
