"""What is done after the page has answered."""

import logging
import threading
from queue import Queue

from sidebyside.base.later import at_leisure, finish, later


def test_it_is_done_in_order_by_another_thread(settings):
    settings.WORKS_LATER = True
    done, here = [], threading.get_ident()

    def act(number):
        done.append((number, threading.get_ident() == here))

    for number in range(5):
        later(act, number=number)
    finish()
    assert done == [(number, False) for number in range(5)]


def test_a_fault_stops_nothing_and_is_logged_without_its_words(settings, caplog):
    settings.WORKS_LATER = True
    done = []

    def fails(address):
        raise ValueError(f"no such mailbox: {address}")

    with caplog.at_level(logging.ERROR):
        later(fails, address="ana@example.org")
        later(done.append)
        later(lambda: done.append("after"))
        finish()
    assert done == ["after"]
    assert "fails failed: ValueError." in caplog.text
    assert "ana@" not in caplog.text


def test_in_tests_it_is_done_at_once():
    done = []
    later(lambda: done.append(1))
    assert done == [1]


def test_what_takes_long_holds_no_mail_up(settings):
    settings.WORKS_LATER = True
    sent, goes_on = Queue(), threading.Event()
    at_leisure(goes_on.wait, timeout=10)
    later(sent.put, item="a mail")
    assert sent.get(timeout=5) == "a mail"
    goes_on.set()
    finish()
