"""A lesson on a real server, and browsers that open it: fixtures of the tests of its socket."""

import time

import pytest
from django.utils import timezone

from sidebyside.base.live import documents, rooms
from sidebyside.lessons.actions import lessons as acts
from tests.web.lessons.sockets import Browser, serving, signed_in


@pytest.fixture(scope="module")
def port(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), serving() as port:
        yield port


@pytest.fixture
def lesson(world):
    return acts.begin(
        partnership=world.ana_and_ben, teacher=world.ben, title="Fractions", about="", by=world.ana, at=timezone.now()
    )


@pytest.fixture
def browser(port, lesson):
    """Opens the lesson as somebody."""
    opened = []

    def come(person, session=None, **particulars):
        opened.append(Browser(port, lesson.pk, session or signed_in(person), **particulars).open())
        return opened[-1]

    yield come
    for each in opened:
        each.close()
    # The tables are emptied next: PostgreSQL finds two at odds when a document is still being put away.
    until = time.monotonic() + 20
    while not all(one.is_quiet for one in rooms.running) and time.monotonic() < until:
        time.sleep(0.01)


def text_of(lesson):
    """What is written down, in the words of the Yjs document."""
    found = Browser(0, lesson.pk, "")
    found.doc.apply_update(documents.state_of(lesson.document))
    return found.text()


def hears(browser, words):
    browser.until(lambda: words in browser.text())
