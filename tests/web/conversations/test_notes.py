"""Notes on their pages."""

import pytest
from django.test import Client
from django.urls import reverse

from sidebyside.base.vault import opened
from sidebyside.conversations.models import Note, ScratchNote
from tests.pairs import Pair

pytestmark = pytest.mark.django_db
QUIET = {"headers": {"X-Autosave": "1"}}


def write(client: Client, ours: Pair, text: str, **more: str):
    return client.post(reverse("notes", args=[ours.partnership.pk]), {"text": text, **more})


@pytest.mark.parametrize("text", ["", "x" * 100_001, "a\0b"])
def test_refuses_and_keeps_the_words_in_the_field(ours: Pair, ana: Client, text: str) -> None:
    answer = write(ana, ours, text)
    assert answer.status_code == 422
    assert f"{text}</textarea>" in answer.content.decode()
    assert not Note.objects.exists()


def test_a_note_sent_twice_is_one(ours: Pair, ana: Client) -> None:
    assert write(ana, ours, "words", once="m").status_code == write(ana, ours, "words", once="m").status_code == 302
    note = Note.objects.get()
    assert (note.cycle, note.stage, note.author) == (ours.cycle, "assess", ours.coach)


def test_a_refused_note_may_be_sent_again(ours: Pair, ana: Client) -> None:
    assert write(ana, ours, "", once="m").status_code == 422
    assert write(ana, ours, "words", once="m").status_code == 302
    assert Note.objects.count() == 1


def test_the_second_of_two_sees_both(ours: Pair, ana: Client, ben: Client) -> None:
    write(ana, ours, "first")
    page = reverse("note", args=[Note.objects.get().pk])
    assert ben.post(page, {"text": "Ben", "version": "1"}).status_code == 302
    answer = ana.post(page, {"text": "Ana", "version": "1"})
    assert answer.status_code == 409
    assert "Ben</p>" in answer.content.decode()
    assert "Ana</textarea>" in answer.content.decode()
    ana.post(page, {"text": "Ana", "version": "2", "keep": "both"})
    note = opened(Note.objects.all(), "text")[0]
    assert (note.text, bool(note.together_at)) == ("Ben\n\nAna", True)
    shown = ana.get(reverse("workspace", args=[ours.partnership.pk])).content.decode()
    assert "Ben\n\nAna" in shown


def test_is_removed_by_either_and_comes_back(ours: Pair, ana: Client, ben: Client) -> None:
    write(ana, ours, "MARK")
    note = Note.objects.get()
    workspace = reverse("workspace", args=[ours.partnership.pk])
    answer = ben.post(reverse("remove_note", args=[note.pk]), follow=True)
    assert f"/me/bin/note/{note.pk}/restoration/" in answer.content.decode()
    assert "MARK" not in ana.get(workspace).content.decode()
    ben.post(reverse("restore", args=["note", note.pk]))
    assert "MARK" in ana.get(workspace).content.decode()


def test_older_notes_are_a_page_away(ours: Pair, ana: Client) -> None:
    for number in range(23):
        write(ana, ours, f"note {number}")
    assert "Older notes" in ana.get(reverse("workspace", args=[ours.partnership.pk])).content.decode()
    page = reverse("notes", args=[ours.partnership.pk])
    assert ana.get(page + "?page=2").content.decode().count("<article") == 3


def test_scratch_is_kept_quietly_and_says_when_it_goes(ours: Pair, ana: Client) -> None:
    page = reverse("scratch", args=[ours.partnership.pk])
    first = ana.post(page, {"text": "ask about pairs", "version": "0"}, **QUIET)
    assert first.json()["version"] == 1
    assert ana.post(page, {"text": "other", "version": "0"}, **QUIET).status_code == 409
    shown = ana.get(page).content.decode()
    assert "30 days after its last change" in shown
    assert ana.post(page, {"text": "", "version": "1"}, **QUIET).json()["version"] == 0
    assert not ScratchNote.objects.exists()
