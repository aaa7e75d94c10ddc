"""What cannot be written keeps nobody else from writing, unless it is the database itself."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone

from sidebyside.base.live import documents
from sidebyside.base.live.following import Following
from sidebyside.base.live.models import LiveUpdate
from sidebyside.base.live.room import Room
from sidebyside.base.live.seats import FINE, NOT_YOURS, Guest, Seat
from sidebyside.base.live.writing import Change, Writer
from sidebyside.lessons.text import characters, kind_of_root
from tests.base.live import yjs

pytestmark = pytest.mark.django_db(transaction=True)

UPDATE = yjs.update([yjs.in_root(b"\x06", 7)])


@pytest.fixture
def batch(world):
    """A change in each of two documents, by the same person."""
    Session.objects.create(pk="here", expire_date=timezone.now() + timedelta(days=1))
    return [change_of(world, answer=FINE), change_of(world, answer=FINE)]


def change_of(world, *, answer):
    scope = world.ana_and_ben.vault_scope()
    document = documents.begin(scope, at=timezone.now())
    room = Room(document.pk, scope, characters, kind_of_root)
    guest = Guest(1, "", "here", ("lesson", 1), 1, document.pk, scope, ask=lambda: answer, say=lambda why: why)
    return Change(room, Seat(None, room, guest), 1, 1, UPDATE)


def written(batch):
    """Write them, each of those who write having been in doubt."""
    following = Following(lambda: [change.seat for change in batch])
    Writer(following, lambda done: None, timezone.now)._write(batch)
    return [change.id is not None for change in batch]


class Failing:
    """Fails whenever something of these documents was written."""

    def __init__(self, fault, *changes):
        self.fault, self.documents, self.times = fault, {change.room.document for change in changes}, 0

    def __enter__(self):
        documents.told.append(self.tell)
        return self

    def __exit__(self, *fault):
        documents.told.remove(self.tell)

    def tell(self, document, _ids):
        if document in self.documents:
            self.times += 1
            raise self.fault


def test_one_that_fails_is_left_out(batch):
    with Failing(ValueError(), batch[0]) as failing:
        assert written(batch) == [False, True]
    assert failing.times == 2
    assert [change.room.is_broken for change in batch] == [True, False]


def test_a_database_that_is_away_is_waited_for_twice_and_not_for_each(batch):
    with Failing(OperationalError(), *batch) as failing:
        assert written(batch) == [False, False]
    assert failing.times == 2
    assert all(change.room.is_broken for change in batch)


def test_what_somebody_wrote_who_may_not_is_left_out(world, batch):
    batch.append(change_of(world, answer=NOT_YOURS))
    assert written(batch) == [True, True, False]
    assert batch[2].seat.lost == NOT_YOURS
    rows = [LiveUpdate.objects.filter(document=change.room.document).count() for change in batch]
    assert rows == [1, 1, 0]
