"""A draft on somebody's device goes when the server has the words, and at no other time."""

import pytest

from sidebyside.people.models import Person

SENT, KEEPING = "/design/keeping/sent/", "/design/keeping/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(Person.objects.create(given_name="Ana", email="ana@example.org"))
    return client


def test_a_form_that_was_taken_names_its_draft(signed_in):
    answer = signed_in.post(SENT, {"text": "yes", "draft": "note-7"})
    assert answer.cookies["sent_drafts"].value == "note-7"


def test_a_made_up_draft_brings_nothing_into_the_headers(signed_in):
    answer = signed_in.post(SENT, {"text": "yes", "draft": "note-7; path=/\r\nX: y"})
    assert "sent_drafts" not in answer.cookies


def test_a_form_with_something_to_put_right_does_not(signed_in):
    answer = signed_in.post(SENT, {"text": "no", "draft": "note-7"})
    assert (answer.status_code, "sent_drafts" in answer.cookies) == (422, False)


def test_a_form_sent_after_the_session_ended_does_not(client):
    answer = client.post(SENT, {"text": "yes", "draft": "note-7"})
    assert "sent_drafts" not in answer.cookies


def test_what_is_saved_while_one_types_needs_no_cookie(signed_in):
    answer = signed_in.post(KEEPING, {"text": "x", "version": "1", "draft": "goal-1"}, headers={"X-Autosave": "1"})
    assert answer.json()["version"] == 2
    assert "sent_drafts" not in answer.cookies


def test_a_form_without_a_draft_says_nothing(signed_in):
    assert "sent_drafts" not in signed_in.post(SENT, {"text": "yes"}).cookies
