"""Secrets of mails: one record, one purpose, and nothing else opens with them."""

import pytest

from sidebyside.base.signed import signed, unsigned


def test_it_stands_for_its_number():
    assert unsigned("answer", signed("answer", 57)) == 57


def test_a_mail_server_may_write_it_in_capitals():
    assert unsigned("answer", signed("answer", 57).upper()) == 57


@pytest.mark.parametrize(
    "secret",
    ["", "57", "57-", "-", "x-y", "57-" + "0" * 20, "٥٧-" + "0" * 20, "9" * 5000 + "-a", "57-é", "-57-" + "0" * 20],
)
def test_anything_else_stands_for_nothing(secret):
    assert unsigned("answer", secret) is None


def test_another_purpose_or_number_does_not_open():
    secret = signed("answer", 57)
    assert unsigned("cover", secret) is None
    assert unsigned("answer", "58" + secret[2:]) is None
