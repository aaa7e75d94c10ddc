"""The vault: whoever holds the database reads nothing, and a destroyed key is gone."""

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import connections, transaction

from sidebyside.base import vault
from sidebyside.base.keys.models import DataKey
from sidebyside.base.versions import overwrite
from sidebyside.config import environment
from sidebyside.conversations.models import Note, ScratchNote

TEXT = "Only you and I, ليلى 静 🙂"


def write(world, text: str) -> Note:
    return Note.objects.create(
        partnership=world.ana_and_ben,
        author=world.ana,
        text=text,
        written_at=world.at,
        changed_at=world.at,
        changed_by=world.ana,
    )


@pytest.fixture
def note(world) -> Note:
    return write(world, TEXT)


def kept(note: Note) -> bytes:
    return bytes(Note.objects.values_list("text", flat=True).get(pk=note.pk))


def test_the_database_holds_no_word_of_it(note):
    assert b"Only" not in kept(note)
    assert len(kept(note)) == 1 + 16 + 12 + len(TEXT.encode()) + 16


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
    bad[40] ^= 1
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


# Erased, and written again


def read(*notes: Note) -> list[str]:
    return [vault.opened(Note.objects.filter(pk=note.pk), "text")[0].text for note in notes]


def test_after_erasing_the_next_word_does_not_bring_back_nor_break_the_old(note, world):
    vault.destroy([note.vault_scope()])
    later = write(world, "A new beginning")
    assert read(note, later) == ["", "A new beginning"]
    assert vault.opened([Note.objects.get(pk=note.pk)], "text")[0].text is vault.ERASED
    vault.destroy_all_of(world.ana.pk)
    last = write(world, "And another")
    assert read(note, later, last) == ["", "", "And another"]


def test_the_workspace_shows_both_after_erasing(note, world, client):
    cycle = world.ana_and_ben_cycle
    Note.objects.filter(pk=note.pk).update(cycle=cycle, stage=cycle.stage)
    vault.destroy_all_of(world.ana.pk)
    Note.objects.filter(pk=write(world, "A new beginning").pk).update(cycle=cycle, stage=cycle.stage)
    client.force_login(world.ben)
    page = client.get(f"/partnerships/{world.ana_and_ben.pk}/")
    assert page.status_code == 200
    assert "A new beginning" in page.content.decode()
    assert "ليلى" not in page.content.decode()


def test_a_database_from_before_the_erasure_stays_erased(note, world):
    """Restored rows were sealed by a key that is gone, also when the scope has another key by now."""
    before = kept(note)
    vault.destroy([note.vault_scope()])
    later = write(world, "A new beginning")
    Note.objects.filter(pk=note.pk).delete()
    Note.objects.bulk_create([note])
    Note.objects.filter(pk=note.pk).update(text=vault.Sealed(before))
    assert read(note, later) == ["", "A new beginning"]


def test_an_erased_text_can_be_written_over_as_one_that_is_kept_together(note, world):
    vault.destroy([note.vault_scope()])
    [erased] = vault.opened(Note.objects.filter(pk=note.pk), "text")
    overwrite(erased, version=erased.version, at=world.at, by=world.ana, text="Again")
    assert read(note) == ["Again"]


def test_older_keys_of_a_scope_open_what_they_sealed_and_the_newest_seals(note, world):
    scope = note.vault_scope()
    old = DataKey.objects.filter(scope=scope).latest("pk")
    vault._new_key(scope)
    later = write(world, "Under the next key")
    assert kept(later)[1:17].hex() == DataKey.objects.filter(scope=scope).latest("pk").mark != old.mark
    assert read(note, later) == [TEXT, "Under the next key"]
    assert vault.destroy([scope]) == 2
    assert read(note, later) == ["", ""]


def test_a_text_under_another_key_of_ours_does_not_open(note, world):
    """Who can write into the database cannot pass one key's text off as another's."""
    his = Note.objects.filter(partnership=world.ana_and_ben, author=world.ben).first()
    mixed = kept(note)[:1] + kept(his)[1:17] + kept(note)[17:]
    Note.objects.filter(pk=note.pk).update(text=vault.Sealed(mixed))
    with pytest.raises(InvalidTag):
        read(note)


@pytest.mark.parametrize("bad", [b"", b"\x01", b"\x01" + b"x" * 27, b"\x02" + b"x" * 60])
def test_what_was_never_sealed_does_not_open(note, bad):
    Note.objects.filter(pk=note.pk).update(text=vault.Sealed(bad))
    with pytest.raises(InvalidTag):
        read(note)


@pytest.mark.django_db(transaction=True)
def test_a_destroyed_key_is_in_no_file_any_more(note):
    if connections["keys"].vendor != "sqlite":
        pytest.skip("PostgreSQL's own files are its own matter")
    key = DataKey.objects.filter(scope=note.vault_scope()).latest("pk")
    path = Path(connections["keys"].settings_dict["NAME"])
    files = [path, path.with_name(f"{path.name}-wal")]
    assert any(bytes(key.wrapped) in file.read_bytes() for file in files)
    vault.destroy([note.vault_scope()])
    assert not any(bytes(key.wrapped) in file.read_bytes() for file in files)


def test_a_key_is_kept_before_its_text_and_whatever_becomes_of_the_text():
    made = environment.database("", Path("k"), synchronous="FULL")["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in made
    given = environment.database("sqlite:///k", Path("k"), synchronous="FULL")["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in given
    assert "synchronous=NORMAL" in environment.database("", Path("m"))["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in settings.DATABASES["keys"]["OPTIONS"].get("init_command", "synchronous=FULL")


@pytest.mark.django_db(transaction=True)
def test_a_text_that_was_rolled_back_leaves_an_unused_key_and_no_harm(world):
    DataKey.objects.all().delete()
    with transaction.atomic():
        write(world, "Never mind")
        transaction.set_rollback(True)
    assert DataKey.objects.count() == 1
    assert read(write(world, "Now")) == ["Now"]
    assert DataKey.objects.count() == 1
