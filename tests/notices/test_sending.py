"""Many mails to a real server: one that is not taken stops no other, and nothing is sent that need not be."""

import logging
import socket

import pytest
from django.core.mail import EmailMessage

from sidebyside.notices.sending import Letter, send_all
from tests.notices.mailbox import mailbox


@pytest.fixture
def box(settings):
    with mailbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        yield box


def letter(told, number, is_due=True):
    mail = EmailMessage("Hello", "Hello", "from@example.org", [f"p{number}@example.org"])
    return Letter(is_due=lambda: is_due, mail=lambda: mail, sent=lambda: told.append(number))


def test_what_was_told_meanwhile_is_not_told_again(box):
    told = []
    assert send_all([letter(told, 1), letter(told, 2, is_due=False), letter(told, 3)]) == 2
    assert told == [1, 3]
    assert [mail["To"] for mail in box.take()] == ["p1@example.org", "p3@example.org"]


def test_many_mails_that_are_not_taken_stop_no_other(box, caplog):
    told = []
    box.refuse = {f"p{number}@example.org" for number in range(10)}
    with caplog.at_level(logging.ERROR):
        assert send_all(letter(told, number) for number in range(12)) == 2
    assert told == [10, 11]
    assert "p1@" not in caplog.text


def test_a_server_that_is_away_is_not_asked_for_each(settings, caplog):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    told = []
    with caplog.at_level(logging.ERROR):
        assert send_all(letter(told, number) for number in range(50)) == 0
    assert (told, len(caplog.records)) == ([], 3)
