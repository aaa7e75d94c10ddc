"""The vault: whoever holds the database reads nothing, and a destroyed key is gone."""

import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings

from sidebyside.base import vault
from sidebyside.base.keys.models import DataKey
from sidebyside.conversations.models import Note, ScratchNote

TEXT = "Only you and I, ليلى 静 🙂"


@pytest.fixture
def note(world) -> Note:
    return Note.objects.create(
        partnership=world.ana_and_ben,
        author=world.ana,
        text=TEXT,
        written_at=world.at,
        changed_at=world.at,
        changed_by=world.ana,
    )


@pytest.fixture
def master_key_file():
    """The file of the master key; it is put back as it was after the test."""
    vault.master_key()
    path = Path(settings.SIDEBYSIDE_KEYS) / "master.key"
    before = path.read_text()
    yield path
    path.write_text(before)
    vault.forget_master_key()


def kept(note: Note) -> bytes:
    return bytes(Note.objects.values_list("text", flat=True).get(pk=note.pk))


def test_the_database_holds_no_word_of_it(note):
    assert b"Only" not in kept(note)
    assert len(kept(note)) == len(TEXT.encode()) + 12 + 16


def test_it_opens_for_whoever_asks_the_vault(note):
    [again] = vault.opened(Note.objects.filter(pk=note.pk), "text")
    assert again.text == TEXT


def test_a_sealed_text_never_prints_itself(note):
    sealed = Note.objects.get(pk=note.pk).text
    with pytest.raises(TypeError, match="open it"):
        str(sealed)
    with pytest.raises(TypeError, match="open it"):
        f"{sealed}"
    assert "Only" not in repr(sealed)


def test_a_plain_text_is_never_written_by_update(note):
    with pytest.raises(TypeError, match="never with update"):
        Note.objects.filter(pk=note.pk).update(text="plain")


def test_the_same_text_is_sealed_differently_each_time(note):
    before = kept(note)
    [again] = vault.opened(Note.objects.filter(pk=note.pk), "text")
    again.save()
    assert kept(note) != before


def test_a_text_that_was_moved_does_not_open(note, world):
    """Sealed text put into another partnership, or another field, is refused."""
    other = ScratchNote.objects.get(partnership=world.ana_and_ben, author=world.ana)
    ScratchNote.objects.filter(pk=other.pk).update(text=vault.Sealed(kept(note)))
    with pytest.raises(InvalidTag):
        vault.opened(ScratchNote.objects.filter(pk=other.pk), "text")
    Note.objects.filter(pk=note.pk).update(partnership=world.ana_and_chen)
    with pytest.raises(InvalidTag):
        vault.opened(Note.objects.filter(pk=note.pk), "text")


def test_a_text_that_was_changed_does_not_open(note):
    bad = bytearray(kept(note))
    bad[20] ^= 1
    Note.objects.filter(pk=note.pk).update(text=vault.Sealed(bytes(bad)))
    with pytest.raises(InvalidTag):
        vault.opened(Note.objects.filter(pk=note.pk), "text")


def test_one_author_erases_hers_and_the_other_keeps_his(note, world):
    his = Note.objects.filter(partnership=world.ana_and_ben, author=world.ben).first()
    assert vault.destroy([note.vault_scope()]) == 1
    mine, theirs = vault.opened([Note.objects.get(pk=note.pk), Note.objects.get(pk=his.pk)], "text")
    assert mine.text is vault.ERASED
    assert mine.text == ""
    assert theirs.text.startswith("The quick ones")


def test_everything_of_one_person_goes_at_once(note, world):
    gone = vault.destroy_all_of(world.ana.pk)
    assert gone >= 2
    assert not DataKey.objects.filter(scope__endswith=f"/a{world.ana.pk}").exists()
    assert DataKey.objects.filter(scope__endswith=f"/a{world.ben.pk}").exists()


def test_an_erased_text_is_not_saved_over(note):
    vault.destroy([note.vault_scope()])
    [erased] = vault.opened(Note.objects.filter(pk=note.pk), "text")
    with pytest.raises(TypeError, match="erased"):
        erased.save()


def test_one_query_opens_a_page_full(world, django_assert_num_queries):
    rows = [note for _again in range(5) for note in Note.objects.filter(partnership=world.ana_and_ben)]
    with django_assert_num_queries(1, using="keys"):
        vault.opened(rows, "text")


def test_the_master_key_is_its_owners_alone():
    path = Path(settings.SIDEBYSIDE_KEYS) / "master.key"
    vault.master_key()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.django_db(transaction=True)
def test_texts_open_after_the_master_key_was_rotated(note, master_key_file):
    path = master_key_file
    before = path.read_text()
    assert vault.rotate_master_key() == DataKey.objects.count()
    assert path.read_text() != before
    assert path.with_suffix(".key.old").read_text() == before
    [again] = vault.opened(Note.objects.filter(pk=note.pk), "text")
    assert again.text == TEXT


@pytest.mark.django_db(transaction=True)
def test_rotating_changes_nothing_when_a_key_is_not_ours(note, master_key_file):
    path = master_key_file
    before = path.read_text()
    DataKey.objects.create(scope="p0/a0", wrapped=b"x" * 40)
    with pytest.raises(vault.InvalidUnwrap):
        vault.rotate_master_key()
    assert path.read_text() == before
