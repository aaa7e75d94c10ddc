"""Two browsers and a real server: what is written arrives, what must not be written is not."""

import pytest
from django.utils import timezone

from sidebyside.base.live import documents
from sidebyside.lessons.actions import lessons as acts
from tests.web.lessons.sockets import Browser, serving, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


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


def text_of(lesson):
    """What is written down, in the words of the Yjs document."""
    found = Browser(0, lesson.pk, "")
    found.doc.apply_update(documents.state_of(lesson.document))
    return found.text()


def test_two_who_write_at_once_read_the_same(world, browser, lesson):
    ana, ben = browser(world.ana).is_in(), browser(world.ben).is_in()
    ana.type("Which half is larger?")
    ben.type("Fold the paper.")
    for each, others in ((ana, "Fold"), (ben, "Which half")):
        each.until(lambda each=each, others=others: others in each.text())
        each.is_safe()
    assert ana.text() == ben.text() == text_of(lesson)
