"""Who is asked again: whoever an event may concern, at once; nobody else."""

from dataclasses import replace

import pytest
from django.utils import timezone

from sidebyside.base.live import following
from sidebyside.base.live.following import Following
from sidebyside.base.live.seats import FINE, GONE_AWAY, NOT_YOURS, SIGNED_OUT, Guest
from sidebyside.base.models import Event
from tests.web.lessons.sockets import signed_in

pytestmark = pytest.mark.django_db


class Chair:
    """As much of a seat as is followed."""

    def __init__(self, person, partnership, lesson, session=""):
        self.asked, self.lost, self.asked_at, self.answer = 0, FINE, 0.0, FINE
        self.guest = Guest(
            person, "", session, ("lesson", lesson), partnership, 1, "p1", ask=self.ask, say=lambda why: why
        )

    def ask(self):
        self.asked += 1
        return self.answer


def happens(kind, about, about_id, partnership=None):
    Event.objects.create(kind=kind, about=about, about_id=about_id, partnership_id=partnership, at=timezone.now())


@pytest.fixture
def chairs():
    return [Chair(1, 10, 100), Chair(2, 10, 100), Chair(3, 20, 200), Chair(4, None, 300)]


def asked(chairs):
    found = [chair.asked for chair in chairs]
    for chair in chairs:
        chair.asked = 0
    return found


def test_who_cannot_be_asked_goes_and_the_others_are_asked(chairs):
    def fail():
        raise ValueError

    chairs[1].guest = replace(chairs[1].guest, ask=fail)
    Following().look(chairs, [])
    assert [chair.lost for chair in chairs] == [FINE, GONE_AWAY, FINE, FINE]
    assert asked(chairs) == [1, 0, 1, 1]


def test_who_is_concerned(chairs):
    follow = Following()
    follow.look(chairs, [])
    assert asked(chairs) == [1, 1, 1, 1]  # nobody has looked before
    follow.look(chairs, [])
    assert asked(chairs) == [0, 0, 0, 0]
    happens("member.left", "partnership", 10, partnership=10)
    follow.look(chairs, [])
    assert asked(chairs) == [1, 1, 0, 0]
    happens("person.left", "person", 3)
    happens("removed", "lesson", 300)
    happens("lesson.begun", "lesson", 999, partnership=30)
    follow.look(chairs, [])
    assert asked(chairs) == [0, 0, 1, 1]
    happens("roster.applied", "rosterimport", 1)
    follow.look(chairs, [])
    assert asked(chairs) == [1, 1, 1, 1]
    follow.look(chairs, [])
    assert asked(chairs) == [0, 0, 0, 0]


def test_who_may_not_any_more_is_marked_and_not_asked_again(chairs):
    follow = Following()
    chairs[0].answer = NOT_YOURS
    follow.look(chairs, [])
    happens("member.left", "partnership", 10, partnership=10)
    follow.look(chairs, [])
    assert asked(chairs) == [1, 2, 1, 1]
    assert [chair.lost for chair in chairs] == [NOT_YOURS, FINE, FINE, FINE]


def test_an_event_that_is_written_down_late_is_seen(chairs):
    follow = Following()
    follow.look(chairs, [])
    happens("note.written", "note", 1, partnership=99)
    first = Event.objects.latest("id").pk
    Event.objects.filter(pk=first).update(id=first + 5)
    follow.look(chairs, [])
    asked(chairs)
    # One with a smaller number, of a transaction that took longer.
    Event.objects.create(
        pk=first + 2, kind="member.left", about="partnership", about_id=20, partnership_id=20, at=timezone.now()
    )
    follow.look(chairs, [])
    assert asked(chairs) == [0, 0, 1, 0]
    follow.look(chairs, [])
    assert asked(chairs) == [0, 0, 0, 0]


def test_when_too_much_has_happened_everybody_is_asked(chairs, monkeypatch):
    monkeypatch.setattr(following, "MOST_EVENTS", 3)
    following._since.cache_clear()
    follow = Following()
    follow.look(chairs, [])
    asked(chairs)
    for number in range(5):
        happens("note.written", "note", number, partnership=99)
    follow.look(chairs, [])
    assert asked(chairs) == [1, 1, 1, 1]
    following._since.cache_clear()


def test_a_session_that_is_gone(world):
    here, gone = Chair(1, 10, 100, signed_in(world.ana)), Chair(2, 10, 100, "never")
    follow = Following()
    follow.look([], [here, gone])
    assert (here.lost, gone.lost) == (FINE, SIGNED_OUT)
