"""Notes of a partnership, and a coach's own scratch notes."""

from datetime import timedelta

import pytest

from sidebyside.base import bin, vault
from sidebyside.base.keys.models import DataKey
from sidebyside.base.refusals import Overtaken, Refused
from sidebyside.conversations import actions
from sidebyside.conversations.models import Note, ScratchNote
from tests.pairs import NOW, Pair

pytestmark = pytest.mark.django_db


def write(ours: Pair, text: str = "words", by=None) -> Note:
    return actions.write_note(ours.partnership, text=text, by=by or ours.partner, at=NOW)


def kept() -> Note:
    return vault.opened(Note.objects.all(), "text")[0]


@pytest.mark.parametrize("text", ["", " ", "x" * 100_001, "a\0", "\udfff"])
def test_refuses_what_cannot_be_kept(ours: Pair, text: str) -> None:
    with pytest.raises(Refused):
        write(ours, text)
    assert not Note.objects.exists()


def test_the_second_of_two_sees_both(ours: Pair) -> None:
    write(ours)
    mine, theirs = Note.objects.get(), Note.objects.get()
    actions.change_note(mine, text="Ben's", version=1, by=ours.partner, at=NOW)
    with pytest.raises(Overtaken) as caught:
        actions.change_note(theirs, text="Ana's", version=1, by=ours.coach, at=NOW)
    assert caught.value.current.text == "Ben's"
    assert (kept().text, kept().together_at) == ("Ben's", None)


def test_becomes_theirs_together_when_another_writes_in_it(ours: Pair) -> None:
    note = write(ours)
    assert note.vault_scope().endswith(f"/a{ours.partner.pk}")
    actions.change_note(note, text="words, and more", version=1, by=ours.coach, at=NOW)
    assert (kept().text, kept().together_at, kept().author) == ("words, and more", NOW, ours.partner)
    vault.destroy_all_of(ours.partner.pk)
    assert kept().text == "words, and more"
    assert DataKey.objects.filter(scope=f"p{ours.partnership.pk}").exists()


def test_what_one_wrote_alone_goes_with_her_key(ours: Pair) -> None:
    write(ours)
    vault.destroy_all_of(ours.partner.pk)
    assert isinstance(kept().text, vault.Erased)


def test_a_removed_note_is_not_changed(ours: Pair) -> None:
    note = write(ours)
    bin.remove(Note.objects.get(), by=ours.coach, at=NOW)
    with pytest.raises(Refused, match="removed"):
        actions.change_note(note, text="new", version=1, by=ours.coach, at=NOW)
    assert note.together_at is None


def scratch(ours: Pair, text: str, version: int = 0, at=NOW) -> ScratchNote:
    return actions.keep_scratch(ours.partnership, text=text, version=version, by=ours.coach, at=at)


def test_scratch_notes_go_after_thirty_days(ours: Pair) -> None:
    scratch(ours, "ask about pairs")
    month = timedelta(days=30)
    assert actions.forget_scratch(NOW + month - timedelta(seconds=1)) == 0
    scratch(ours, "ask again", 1, NOW + timedelta(days=10))
    assert actions.forget_scratch(NOW + month) == 0
    assert actions.forget_scratch(NOW + timedelta(days=40)) == 1
    assert not ScratchNote.objects.exists()


def test_an_emptied_scratch_note_is_gone(ours: Pair) -> None:
    scratch(ours, "words")
    assert scratch(ours, "", 1).version == 0
    assert not ScratchNote.objects.exists()
    assert scratch(ours, "").version == 0
    assert not ScratchNote.objects.exists()
    assert scratch(ours, "again").version == 1


def test_a_scratch_note_in_two_windows_loses_nothing(ours: Pair) -> None:
    scratch(ours, "here")
    with pytest.raises(Overtaken):
        scratch(ours, "there")
    with pytest.raises(Overtaken):
        scratch(ours, "")
    assert vault.opened(ScratchNote.objects.all(), "text")[0].text == "here"
