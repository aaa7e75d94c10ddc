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


def test_hers_alone_is_removed_by_nobody_else(ours: Pair, ana: Client, ben: Client) -> None:
    write(ben, ours, "MARK")
    note = Note.objects.get()
    workspace = reverse("workspace", args=[ours.partnership.pk])
    removal = reverse("remove_note", args=[note.pk])
    assert ana.post(removal).status_code == 403
    assert removal not in ana.get(reverse("note", args=[note.pk])).content.decode()
    assert "MARK" in ben.get(workspace).content.decode()
    answer = ben.post(removal, follow=True)
    restoration = f"/me/bin/note/{note.pk}/restoration/"
    assert restoration in answer.content.decode()
    assert "MARK" not in ana.get(workspace).content.decode()
    assert "MARK" not in ana.get(reverse("bin")).content.decode()
    assert ana.post(restoration).status_code == 404
    ben.post(restoration)
    assert "MARK" in ana.get(workspace).content.decode()


def test_what_is_theirs_together_comes_back_by_either(ours: Pair, ana: Client, ben: Client) -> None:
    write(ben, ours, "Ben")
    note = Note.objects.get()
    ana.post(reverse("note", args=[note.pk]), {"text": "Ben MARK", "version": "1"})
    ana.post(reverse("remove_note", args=[note.pk]))
    workspace, bin_page = reverse("workspace", args=[ours.partnership.pk]), reverse("bin")
    shown = ben.get(bin_page).content.decode()
    assert "Ben MARK" in shown
    assert "removed by <bdi>Ana</bdi>" in shown
    assert "removed by you" in ana.get(bin_page).content.decode()
    assert "Ben MARK" not in ben.get(workspace).content.decode()
    assert ben.post(reverse("restore", args=["note", note.pk])).status_code == 302
    assert "Ben MARK" in ana.get(workspace).content.decode()


def test_the_words_of_who_left_stay_as_they_are(ours: Pair, ana: Client, ben: Client) -> None:
    write(ben, ours, "MARK")
    note = Note.objects.get()
    ben.post(reverse("partnership_leaving", args=[ours.partnership.pk]))
    page = reverse("note", args=[note.pk])
    assert ana.post(page, {"text": "mine", "version": "1"}).status_code == ana.get(page).status_code == 403
    assert ana.post(reverse("remove_note", args=[note.pk])).status_code == 403
    shown = ana.get(reverse("notes", args=[ours.partnership.pk])).content.decode()
    assert "MARK" in shown
    assert page not in shown
    assert opened(Note.objects.all(), "text")[0].text == "MARK"


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
