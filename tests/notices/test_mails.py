"""Who gets a mail, when, and that it names nobody."""

from datetime import timedelta

import pytest
from django.core import mail

from sidebyside.notices.mails import send_asked
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Part
from sidebyside.people import actions as people
from sidebyside.people.models import Person


@pytest.fixture
def asks(world, django_capture_on_commit_callbacks):
    def ask(by, whom):
        with django_capture_on_commit_callbacks(execute=True):
            return partnerships.propose(by=by, form=Form.PEERS, seats=[(by, Part.PEER), (whom, Part.PEER)], at=world.at)

    return ask


def test_whoever_is_asked_gets_a_pointer(world, asks):
    asks(world.mai, world.lena)
    [sent] = mail.outbox
    assert sent.to == ["lena@example.org"]
    assert "Fell School" in sent.body


def test_a_mail_names_no_person_and_no_word_of_anybody(world, asks):
    asks(world.mai, world.lena)
    text = mail.outbox[0].subject + mail.outbox[0].body
    for person in world.people.values():
        assert person.given_name not in text
        assert person.family_name not in text
    assert "coach" not in text.lower()


def test_whoever_asks_gets_none(world, asks):
    asks(world.mai, world.lena)
    assert [sent.to for sent in mail.outbox] == [["lena@example.org"]]


def test_nothing_is_sent_before_it_is_certain(world):
    seats = [(world.mai, Part.PEER), (world.lena, Part.PEER)]
    partnerships.propose(by=world.mai, form=Form.PEERS, seats=seats, at=world.at)
    assert mail.outbox == []


@pytest.mark.parametrize(
    "change",
    [{"joined_at": None}, {"email": None}, {"email": ""}],
    ids=["never signed in", "no mailbox", "an empty address"],
)
def test_some_get_no_mail(world, asks, change):
    Person.objects.filter(pk=world.lena.pk).update(**change)
    asks(world.mai, world.lena)
    assert mail.outbox == []


def test_who_stopped_her_mails_gets_none_until_she_wants_them_again(world, asks):
    people.stop_mails(world.lena, by=world.lena, at=world.at)
    proposal = asks(world.mai, world.lena)
    assert mail.outbox == []
    people.want_mails(world.lena, by=world.lena, at=world.at)
    assert send_asked(person=world.lena.pk, place="Fell School", proposal=proposal.pk)


def test_a_question_that_has_gone_meanwhile_sends_none(world, asks):
    proposal = asks(world.mai, world.lena)
    partnerships.withdraw(proposal, by=world.mai, at=world.at + timedelta(minutes=1))
    assert not send_asked(person=world.lena.pk, place="Fell School", proposal=proposal.pk)


def test_it_is_in_her_language(world, asks):
    Person.objects.filter(pk=world.lena.pk).update(language="qps-plocm")
    asks(world.mai, world.lena)
    assert "Fell School" in mail.outbox[0].body
