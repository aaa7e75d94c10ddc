"""The master key fits both databases, or a sentence says why not; whatever cuts its rotation off, the texts open."""

import os
import shutil
import stat
from pathlib import Path

import pytest
from django.conf import settings as real
from django.core.management import CommandError, call_command

from sidebyside.base import key_files, vault
from sidebyside.base.keys.models import DataKey, KeyStore
from sidebyside.base.master_key import WrongKeys, forget_master_key, master_key, rotate_master_key
from sidebyside.base.models import Installation
from sidebyside.cli.management.commands.serve import make_ready
from sidebyside.conversations.models import Note

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, settings):
    """A keys folder of our own with the master key of these tests, so that nobody else's is touched."""
    key = key_files.read(Path(real.SIDEBYSIDE_KEYS) / "master.key")
    forget_master_key()
    settings.SIDEBYSIDE_KEYS = tmp_path / "keys"
    settings.SIDEBYSIDE_KEYS.mkdir()
    if key:
        key_files.write(settings.SIDEBYSIDE_KEYS / "master.key", key)
    yield settings.SIDEBYSIDE_KEYS
    forget_master_key()


@pytest.fixture
def nothing(folder):
    """Two new databases and an empty keys folder."""
    shutil.rmtree(folder)
    for model in (DataKey, KeyStore, Installation):
        model.objects.all().delete()
    return folder


def texts() -> list[str]:
    return sorted(note.text for note in vault.opened(Note.objects.all(), "text"))


def again() -> bytes:
    """The master key as the next process finds it."""
    forget_master_key()
    return master_key()


# Made once


def test_it_is_made_in_a_new_installation_for_its_owner_alone(nothing):
    key = master_key()
    assert again() == key
    path = nothing / "master.key"
    assert path.read_text() == key.hex() + "\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(nothing.stat().st_mode) == 0o700
    assert Installation.objects.get().mark == KeyStore.objects.get().mark


def test_nothing_is_made_when_the_keys_folder_is_lost(world, folder):
    for path in folder.iterdir():
        path.unlink()
    for model in (DataKey, KeyStore):
        model.objects.all().delete()
    with pytest.raises(WrongKeys, match="key store of this installation is missing"):
        again()
    assert not (folder / "master.key").exists()
    assert not KeyStore.objects.exists()
    with pytest.raises(WrongKeys):
        vault.seal("A word", scope="p1/a1", field="x")


def test_nothing_is_made_when_only_the_file_is_lost(world, folder):
    """So does a second machine begin that shares the key store."""
    (folder / "master.key").unlink()
    with pytest.raises(WrongKeys, match=r"Copy the file master\.key there from another machine"):
        again()
    with pytest.raises(WrongKeys):
        texts()
    assert not (folder / "master.key").exists()


def test_another_master_key_is_refused_before_it_wraps_anything(world, folder):
    key_files.write(folder / "master.key", key_files.new_key())
    with pytest.raises(WrongKeys, match="is not the one of this key store"):
        again()
    with pytest.raises(WrongKeys):
        vault.seal("A word", scope="p1/a1", field="x")


@pytest.mark.parametrize("written", ["", "00", "z" * 64, "0" * 66])
def test_a_spoilt_file_is_said_without_showing_it(world, folder, written):
    (folder / "master.key").write_text(written)
    with pytest.raises(WrongKeys, match="does not hold a master key") as refusal:
        again()
    assert "zz" not in str(refusal.value)


def test_the_key_store_of_another_installation_is_refused(world, folder):
    Installation.objects.update(mark="0" * 32)
    with pytest.raises(WrongKeys, match="belongs to another database"):
        again()


@pytest.mark.django_db(transaction=True)
def test_a_new_database_beside_an_old_key_store_is_refused(world, folder, settings):
    again()
    Installation.objects.all().delete()
    with pytest.raises(WrongKeys, match="The database is new"):
        again()
    settings.DEMONSTRATION = True  # whose folder is deleted to begin again
    again()
    assert Installation.objects.get().mark == KeyStore.objects.get().mark


def test_keys_of_an_unknown_installation_are_refused(nothing):
    DataKey.objects.create(mark="1" * 32, scope="p1", wrapped=b"x" * 40)
    with pytest.raises(WrongKeys, match="does not say of which"):
        again()


@pytest.mark.parametrize("left", [["master.key"], ["master.key", "key store"]])
def test_a_beginning_that_was_cut_off_goes_on(nothing, left):
    """File, key store, main database: in this order they are written."""
    key = master_key()
    Installation.objects.all().delete()
    if "key store" not in left:
        KeyStore.objects.all().delete()
    assert again() == key
    assert Installation.objects.get().mark == KeyStore.objects.get().mark


def test_serving_does_not_start_without_the_keys(world, folder):
    (folder / "master.key").unlink()
    forget_master_key()
    Path(real.STATIC_ROOT, "staticfiles.json").touch()
    with pytest.raises(CommandError, match="The master key is missing"):
        make_ready()


# Rotated


@pytest.mark.django_db(transaction=True)
def test_texts_open_after_the_master_key_was_rotated(world, folder):
    before, first, words = (folder / "master.key").read_text(), master_key(), texts()
    assert rotate_master_key() == DataKey.objects.count() > 0
    assert (folder / "master.key").read_text() != before
    assert (folder / "master.key.old").read_text() == before
    assert not (folder / "master.key.new").exists()
    assert master_key() != first
    assert texts() == words
    assert not any("part" in path.name for path in folder.iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.django_db(transaction=True)
def test_rotating_changes_nothing_when_a_key_is_not_ours(world, folder):
    before = (folder / "master.key").read_text()
    DataKey.objects.create(mark="1" * 32, scope="p0/a0", wrapped=b"x" * 40)
    with pytest.raises(WrongKeys, match="Nothing was changed"):
        rotate_master_key()
    assert (folder / "master.key").read_text() == before
    assert not (folder / "master.key.new").exists()
    assert texts()


class Cut(BaseException):
    """The power went."""


def cut(monkeypatch, name: str, at: int) -> None:
    """Cut the program off at the n-th call of a function of the system."""
    whole, calls = getattr(os, name), []

    def counted(*arguments):
        calls.append(arguments)
        if len(calls) == at:
            raise Cut
        return whole(*arguments)

    monkeypatch.setattr(os, name, counted)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "at"), [*(("replace", at) for at in range(1, 5)), *(("fsync", at) for at in range(1, 7))]
)
def test_a_rotation_that_is_cut_off_anywhere_leaves_texts_that_open(world, folder, monkeypatch, name, at):
    words, done = texts(), False
    with monkeypatch.context() as patch:
        cut(patch, name, at)
        try:
            rotate_master_key()
            done = True
        except Cut:
            forget_master_key()
    assert texts() == words, "after the cut"
    assert done == (at > {"replace": 3, "fsync": 5}[name])
    rotate_master_key()
    assert texts() == words, "after another rotation"


@pytest.mark.django_db(transaction=True)
def test_a_rotation_whose_last_step_was_lost_is_finished_at_the_next_start(world, folder, caplog):
    words, old = texts(), (folder / "master.key").read_text()
    rotate_master_key()
    new = (folder / "master.key").read_text()
    for name, text in (("master.key", old), ("master.key.new", new)):
        (folder / name).write_text(text)
    (folder / "master.key.old").unlink()
    assert again().hex() == new.strip()
    assert texts() == words
    assert (folder / "master.key.old").read_text() == old
    assert not (folder / "master.key.new").exists()
    assert "finished now" in caplog.text
    assert not {old.strip(), new.strip()} & set(caplog.text.split())


@pytest.mark.django_db(transaction=True)
def test_a_key_store_from_before_the_rotation_says_which_key_opens_it(world, folder):
    before = (list(DataKey.objects.all()), KeyStore.objects.get())
    rotate_master_key()
    DataKey.objects.bulk_update(before[0], ["wrapped"])
    before[1].save()
    with pytest.raises(WrongKeys, match=r"master\.key\.old"):
        again()


@pytest.mark.django_db(transaction=True)
def test_rotating_is_refused_while_another_process_uses_the_key(world, folder):
    pytest.importorskip("fcntl")
    before = (folder / "master.key").read_text()
    server = key_files.Hold(folder)
    server.share()
    with pytest.raises(CommandError, match="Stop it first"):
        call_command("rotate_master_key")
    assert (folder / "master.key").read_text() == before
    assert texts()
    server.let_go()
    call_command("rotate_master_key")
    assert (folder / "master.key").read_text() != before


def test_two_processes_may_use_the_key_at_once(world, folder):
    other = key_files.Hold(folder)
    other.share()
    assert len(again()) == 32
    other.let_go()


def test_no_key_stands_in_a_refusal_or_in_a_log(world, folder, caplog):
    caplog.set_level("DEBUG")
    keys = {bytes(key.wrapped) for key in DataKey.objects.all()} | {master_key()}
    said = [str(key) + repr(key) for key in [*DataKey.objects.all(), KeyStore.objects.get()]]
    vault.seal("A word", scope="p1/a1", field="x")
    key_files.write(folder / "master.key", key_files.new_key())
    keys.add(key_files.read(folder / "master.key"))
    with pytest.raises(WrongKeys) as refusal:
        again()
    everything = "\n".join([*said, str(refusal.value), caplog.text])
    assert not [key for key in keys if key.hex() in everything or str(key) in everything]
