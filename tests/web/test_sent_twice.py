"""A form sent twice acts once; one that was refused may be sent again."""

import threading

import pytest
from django.db import connections
from django.test import Client

from sidebyside.conversations.models import Note

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_copies_at_the_same_moment_act_once_and_lead_to_the_same_page(world):
    first = Client()
    first.force_login(world.ben)
    second = Client()
    second.cookies = first.cookies
    before = Note.objects.count()
    answers, ready = [], threading.Barrier(2)

    def send(client):
        ready.wait(5)
        form = {"text": "Sent twice", "once": "mark"}
        answers.append(client.post(f"/partnerships/{world.ana_and_ben.pk}/notes/", form))
        connections.close_all()

    threads = [threading.Thread(target=send, args=(client,)) for client in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Note.objects.count() == before + 1


def test_a_form_that_was_refused_is_judged_again(world, client):
    client.force_login(world.ben)
    address = f"/partnerships/{world.ana_and_ben.pk}/notes/"
    assert client.post(address, {"text": "", "once": "mark"}).status_code == 422
    assert client.post(address, {"text": "Now with words", "once": "mark"}).status_code == 302


def test_the_mark_of_one_session_says_nothing_to_another(world):
    address = f"/partnerships/{world.ana_and_ben.pk}/notes/"
    before = Note.objects.count()
    for person in (world.ana, world.ben):
        client = Client()
        client.force_login(person)
        assert client.post(address, {"text": "Mine", "once": "mark"}).status_code == 302
    assert Note.objects.count() == before + 2
