"""No secret of an address comes into a log, whatever fails."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from sidebyside.config.urls import handler404, handler500
from sidebyside.config.urls import urlpatterns as all_addresses

SECRET = "Zk3vQ9-secret_0123456789"


@login_not_required
def fail(_request: HttpRequest, secret: str) -> HttpResponse:
    raise RuntimeError("A fault of ours.")


def secret_addresses(patterns: list[URLPattern | URLResolver]) -> list[str]:
    found = []
    for one in patterns:
        if isinstance(one, URLResolver):
            found += secret_addresses(one.url_patterns)
        elif "secret" in one.pattern.converters:
            found.append(one.name)
    return found


NAMES = secret_addresses(get_resolver("sidebyside.config.urls").url_patterns)


class FailingAddresses:
    """The addresses of an installation; those with a secret fail."""

    handler404, handler500 = handler404, handler500  # of the installation
    urlpatterns = [
        *(path(reverse(name, "sidebyside.config.urls", args=["0"])[1:].replace("0", "<str:secret>"), fail)
          for name in NAMES),
        *all_addresses,
    ]  # fmt: skip


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    [handler] = [one for one in logging.getLogger("django").handlers if type(one) is logging.StreamHandler]
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def test_there_are_addresses_with_secrets():
    assert {"enter", "first_run", "feed", "answer", "cover_answer"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_writes_no_secret_to_the_log(name, settings, log, db):
    settings.ROOT_URLCONF = FailingAddresses
    address = reverse(name, "sidebyside.config.urls", args=[SECRET])
    assert Client(raise_request_exception=False).get(address).status_code == 500
    text = log.getvalue()
    assert "RuntimeError" in text
    assert "Internal Server Error: " + address.partition(SECRET)[0] in text
    assert SECRET not in text


def test_what_is_put_into_a_message_is_blanked_too(log):
    address = reverse("enter", args=[SECRET])
    logger = logging.getLogger("django")
    logger.error("Failed: %(address)s after %(seconds).1f s", {"address": address, "seconds": 2})
    logger.error("Failed: " + address)
    logger.error("%d of %s", 3, ValueError(address))
    assert SECRET not in log.getvalue()
    assert re.findall(r"after 2\.0 s|3 of /enter/", log.getvalue()) == ["after 2.0 s", "3 of /enter/"]
