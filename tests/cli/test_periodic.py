"""What goes by and by goes, once, and nothing else with it."""

import json
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from sidebyside.base import bin
from sidebyside.base.models import SentForm
from sidebyside.base.sent_forms import first_time
from sidebyside.cli.hourly import Hourly
from sidebyside.conversations.models import Note, ScratchNote
from sidebyside.people import actions
from sidebyside.people.models import EntryPass, Person

DAY = timedelta(days=1)
PATIENCE = 30.0


def periodic() -> dict[str, int]:
    out = StringIO()
    call_command("periodic", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_bin_is_emptied_after_thirty_days_and_not_before(world):
    first, second = Note.objects.filter(partnership=world.ana_and_ben).order_by("pk")
    bin.remove(first, by=world.ben, at=timezone.now() - 31 * DAY)
    bin.remove(second, by=world.ana, at=timezone.now() - 29 * DAY)
    assert periodic()["removed"] == 1
    assert list(Note.objects.filter(partnership=world.ana_and_ben)) == [second]


def test_scratch_notes_go_thirty_days_after_their_last_change(world):
    assert periodic()["scratch_notes"] == 0
    ScratchNote.objects.update(changed_at=timezone.now() - 31 * DAY)
    assert periodic()["scratch_notes"] == 1


def test_marks_of_sent_forms_go_after_a_day(db):
    first_time("old", at=timezone.now() - 2 * DAY)
    first_time("new", at=timezone.now())
    assert periodic()["sent_forms"] == 1
    assert SentForm.objects.get().mark == "new"


def test_ways_in_of_a_leaver_end_with_her_days_and_nobody_elses(world):
    now = timezone.now()
    for person in (world.noor, world.ana):
        actions.give_link(person, kind=EntryPass.Kind.INVITATION, by=None, at=now)
    assert periodic()["leavers"] == 0
    Person.objects.filter(pk=world.noor.pk).update(left_at=now - 61 * DAY)
    assert periodic()["leavers"] == 1
    works = [entry.person for entry in EntryPass.objects.all() if entry.works(timezone.now())]
    assert works == [world.ana]


def test_a_second_time_there_is_nothing_left_to_do(world):
    ScratchNote.objects.update(changed_at=timezone.now() - 31 * DAY)
    periodic()
    assert set(periodic().values()) == {0}


def test_it_says_in_words_what_it_did(world):
    out = StringIO()
    call_command("periodic", stdout=out)
    assert "scratch notes" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_server_does_it_by_itself_and_stops_when_told(world):
    ScratchNote.objects.update(changed_at=timezone.now() - 31 * DAY)
    hourly = Hourly(first=0, then=60)
    hourly.start()
    end = time.monotonic() + PATIENCE
    while ScratchNote.objects.exists() and time.monotonic() < end:
        hourly.join(0.02)
    assert not ScratchNote.objects.exists()
    hourly.stop()
    hourly.join(PATIENCE)  # (it ends what is under way, for which `stop` does not wait for ever)
    assert not hourly.is_alive()
