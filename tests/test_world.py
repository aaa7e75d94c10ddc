"""The test world holds what other tests take for granted."""

import pytest

from sidebyside.base import vault
from sidebyside.conversations.models import Note
from sidebyside.people.models import Person


def test_everybody_is_there_by_name(world):
    assert Person.objects.count() == len(world.people)
    assert Person.objects.get(pk=world.ana.pk).name == "Ana Sousa"


def test_sealed_texts_open(world):
    notes = vault.opened(Note.objects.filter(partnership=world.ana_and_ben).order_by("pk"), "text")
    assert [note.text[:10] for note in notes] == ["The quick ", "You want e"]


@pytest.mark.django_db
def test_without_it_nobody_is_there():
    assert not Person.objects.exists()
