"""Who is asked again: whoever an event may concern, at once; nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from sidebyside.base.live import following
from sidebyside.base.live.following import Following
from sidebyside.base.live.seats import FINE, GONE_AWAY, NOT_YOURS, SIGNED_OUT, Guest
from sidebyside.base.models import Event
from tests.web.lessons.sockets import signed_in

pytestmark = pytest.mark.django_db


class Chair:
    """As much of a seat as is followed."""

    def __init__(self, person, partnership, lesson, session="here"):
        self.asked, self.lost, self.asked_at, self.answer = 0, FINE, 0.0, FINE
        self.doubts = self.answered = 0
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
    Session.objects.create(pk="here", expire_date=timezone.now() + timedelta(days=1))
    return [Chair(1, 10, 100), Chair(2, 10, 100), Chair(3, 20, 200), Chair(4, None, 300)]


def asked(chairs):
    found = [chair.asked for chair in chairs]
    for chair in chairs:
        chair.asked = 0
    return found


@pytest.mark.django_db(transaction=True)  # (its connection is closed, and opened again)
def test_who_cannot_be_asked_goes_and_the_others_are_asked(chairs):
    def fail():
        raise ValueError

    chairs[1].guest = replace(chairs[1].guest, ask=fail)
    Following(lambda: chairs).look(chairs)
    assert [chair.lost for chair in chairs] == [FINE, GONE_AWAY, FINE, FINE]
    assert asked(chairs) == [1, 0, 1, 1]


def test_who_is_concerned(chairs):
    follow = Following(lambda: chairs)
    follow.look(chairs)
    assert asked(chairs) == [1, 1, 1, 1]  # nobody has looked before
    follow.look(chairs)
    assert asked(chairs) == [0, 0, 0, 0]
    happens("member.left", "partnership", 10, partnership=10)
    follow.look(chairs)
    assert asked(chairs) == [1, 1, 0, 0]
    happens("person.left", "person", 3)
    happens("removed", "lesson", 300)
    happens("lesson.begun", "lesson", 999, partnership=30)
    follow.look(chairs)
    assert asked(chairs) == [0, 0, 1, 1]
    happens("roster.applied", "rosterimport", 1)
    follow.look(chairs)
    assert asked(chairs) == [1, 1, 1, 1]
    follow.look(chairs)
    assert asked(chairs) == [0, 0, 0, 0]


def test_who_may_not_any_more_is_marked_and_not_asked_again(chairs):
    follow = Following(lambda: chairs)
    chairs[0].answer = NOT_YOURS
    follow.look(chairs)
    happens("member.left", "partnership", 10, partnership=10)
    follow.look(chairs)
    assert asked(chairs) == [1, 2, 1, 1]
    assert [chair.lost for chair in chairs] == [NOT_YOURS, FINE, FINE, FINE]


def test_an_event_that_is_written_down_late_is_seen(chairs):
    follow = Following(lambda: chairs)
    follow.look(chairs)
    happens("note.written", "note", 1, partnership=99)
    first = Event.objects.latest("id").pk
    Event.objects.filter(pk=first).update(id=first + 5)
    follow.look(chairs)
    asked(chairs)
    # One with a smaller number, of a transaction that took longer.
    Event.objects.create(
        pk=first + 2, kind="member.left", about="partnership", about_id=20, partnership_id=20, at=timezone.now()
    )
    follow.look(chairs)
    assert asked(chairs) == [0, 0, 1, 0]
    follow.look(chairs)
    assert asked(chairs) == [0, 0, 0, 0]


def test_when_too_much_has_happened_everybody_is_asked(chairs, monkeypatch):
    monkeypatch.setattr(following, "MOST_EVENTS", 3)
    following._since.cache_clear()
    follow = Following(lambda: chairs)
    follow.look(chairs)
    asked(chairs)
    for number in range(5):
        happens("note.written", "note", number, partnership=99)
    follow.look(chairs)
    assert asked(chairs) == [1, 1, 1, 1]
    following._since.cache_clear()


def test_a_session_that_is_gone(world):
    here, gone = Chair(1, 10, 100, signed_in(world.ana)), Chair(2, 10, 100, "never")
    Following(list).look([here, gone])
    assert (here.lost, gone.lost) == (FINE, SIGNED_OUT)


def test_who_writes_does_not_wait_until_all_others_were_asked(chairs):
    follow = Following(lambda: chairs)
    follow.look([])
    assert asked(chairs) == [0, 0, 0, 0]
    follow.look(chairs[:1])
    assert asked(chairs) == [1, 0, 0, 0]
    happens("member.left", "partnership", 10, partnership=10)
    follow.look(chairs[2:3])
    assert asked(chairs) == [0, 0, 1, 0]
    # Seen by then, and not forgotten: whoever was in doubt is asked before anything of hers is written.
    chairs[1].answer = NOT_YOURS
    follow.look(chairs[:2])
    assert asked(chairs) == [1, 1, 0, 0]
    assert chairs[1].lost == NOT_YOURS


def test_who_comes_in_after_the_beginning_is_not_in_doubt(chairs):
    happens("note.written", "note", 1, partnership=99)
    follow = Following(lambda: chairs)
    follow.begin()
    follow.look(chairs)
    assert asked(chairs) == [0, 0, 0, 0]
    follow.forget()
    follow.look(chairs)
    assert asked(chairs) == [1, 1, 1, 1]


def test_a_no_is_not_taken_back_by_a_yes_that_took_longer(chairs):
    chair = chairs[0]

    def slowly():
        # While she is asked, something happens, and another thread asks her as well.
        chair.doubts += 1
        chair.guest = replace(chair.guest, ask=lambda: NOT_YOURS)
        following.ask(chair)
        return FINE

    chair.guest = replace(chair.guest, ask=slowly)
    following.ask(chair)
    assert chair.lost == NOT_YOURS


def test_what_happened_while_she_was_asked_leaves_her_in_doubt(chairs):
    chair = chairs[0]
    follow = Following(lambda: chairs)
    follow.begin()

    def ask():
        happens("member.left", "partnership", 10, partnership=10)
        follow.look([])
        return FINE

    chair.guest = replace(chair.guest, ask=ask)
    following.ask(chair)
    chair.guest = replace(chair.guest, ask=lambda: NOT_YOURS)
    follow.look([chair])
    assert chair.lost == NOT_YOURS
