"""Files as they are kept: sealed, bound to their place, and gone when nothing needs them."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from sidebyside.base import vault
from sidebyside.base.files import kinds, storing
from sidebyside.base.files.models import StoredFile
from sidebyside.base.refusals import Refused
from tests.base.files import samples

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime.now(UTC) + timedelta(days=2)
WORD = b"PERIWINKLE"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def upload(content: bytes = b"Some words: PERIWINKLE\n", name: str = "periwinkle.txt") -> SimpleUploadedFile:
    # (what a browser says it is counts for nothing)
    return SimpleUploadedFile(name, content, content_type="text/html")


def stored(**how) -> StoredFile:
    return storing.store(upload(**how), scope="p7", by=3, at=AT)


def lying(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_is_stored_comes_back():
    file = StoredFile.objects.get(pk=stored().pk)
    assert (file.kind, file.size, file.by, file.at, file.width) == ("text/plain", 23, 3, AT, None)
    assert storing.content(file) == b"Some words: PERIWINKLE\n"
    assert vault.opened([file], "name")[0].name == "periwinkle.txt"


def test_neither_name_nor_words_lie_in_the_clear(folder):
    file = stored()
    (path,) = lying(folder)
    assert path.relative_to(folder).as_posix() == f"{file.mark[:2]}/{file.mark}"
    assert WORD.lower() not in path.read_bytes().lower()
    row = StoredFile.objects.filter(pk=file.pk).values_list()[0]
    assert WORD.lower() not in b"".join(bytes(each) for each in row if isinstance(each, (bytes, memoryview))).lower()
    assert "periwinkle" not in str(row).lower()


def test_the_folder_is_the_programs_alone(folder):
    stored()
    (path,) = lying(folder)
    assert path.stat().st_mode & 0o777 == 0o600
    assert {each.stat().st_mode & 0o777 for each in (folder, path.parent)} == {0o700}


def test_a_file_put_in_the_place_of_another_does_not_open(folder, caplog):
    one, two = stored(), stored(content=b"other words")
    Path(default_storage.path(storing.path_of(one.mark))).replace(default_storage.path(storing.path_of(two.mark)))
    with pytest.raises(storing.Gone, match="damaged"):
        storing.content(two)
    assert "is not the one that was kept" in caplog.text


def test_a_file_of_another_scope_does_not_open():
    file = stored()
    file.scope = "p8"
    with pytest.raises(storing.Gone, match="damaged"):
        storing.content(file)


@pytest.mark.parametrize("left", [0, 10, 60])
def test_a_file_that_was_cut_off_says_so(folder, left):
    file = stored()
    (path,) = lying(folder)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(storing.Gone, match="damaged"):
        storing.content(file)


def test_a_full_disk_is_said_and_leaves_neither_file_nor_record(folder, monkeypatch, caplog):
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    stored()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="no room"):
        stored(content=b"other words")
    assert StoredFile.objects.count() == len(lying(folder)) == 1
    assert "cannot be written down" in caplog.text


def test_an_erased_file_says_so():
    file = stored()
    vault.destroy(["p7"])
    with pytest.raises(storing.Gone, match="erased"):
        storing.content(file)


def test_a_lost_file_says_so(folder):
    file = stored()
    lying(folder)[0].unlink()
    with pytest.raises(storing.Gone, match="no longer here"):
        storing.content(file)
    assert storing.tidy(at=AT) == 0, "a folder that is away this hour takes no record with it"


def test_a_picture_is_kept_without_where_it_was_taken():
    file = stored(content=samples.from_a_phone(), name="IMG_0001.HEIC")
    assert (file.kind, file.width, file.height) == ("image/jpeg", 40, 80)
    assert file.is_picture
    found = storing.content(file)
    assert b"SECRETPLACE" not in found
    assert len(found) == file.size
    assert str(file.name) == "IMG_0001.jpg"


@pytest.mark.parametrize(
    ("given", "kind", "kept"),
    [
        ("plan.txt", kinds.TEXT, "plan.txt"),
        ("plan.MD", kinds.TEXT, "plan.md"),
        ("run.js", kinds.TEXT, "run.js.txt"),
        ("setup.exe", kinds.PDF, "setup.exe.pdf"),
        ("photo.png", kinds.JPEG, "photo.jpg"),
        ("page.html", kinds.PNG, "page.html.png"),
        ("../../etc/passwd", kinds.TEXT, "passwd.txt"),
        ("C:\\Users\\ana\\plan.docx", kinds.DOCX, "plan.docx"),
        ("a\r\nSet-Cookie: b=c.pdf", kinds.PDF, "aSet-Cookie b=c.pdf"),
        ("evil\u202efdp.exe", kinds.PDF, "evilfdp.exe.pdf"),
        ('quote".pdf', kinds.PDF, "quote.pdf"),
        ("", kinds.PDF, "File.pdf"),
        (".pdf", kinds.PDF, "pdf.pdf"),
        ("...", kinds.TEXT, "File.txt"),
        (None, kinds.PNG, "File.png"),
        ("Brüche 分数 كسور.pdf", kinds.PDF, "Brüche 分数 كسور.pdf"),
        ("x" * 300 + ".pdf", kinds.PDF, "x" * 116 + ".pdf"),
    ],
)
def test_a_name_fits_what_the_file_is_and_leads_nowhere(given, kind, kept):
    assert storing.fitting_name(given, kind) == kept


@pytest.mark.parametrize("content", [b"<svg onload='alert(1)'/>", b"MZ\x90\x00\x03" + bytes(300)])
def test_what_is_not_taken_is_refused_and_what_is_taken_is_named(content, folder):
    with pytest.raises(Refused, match="Taken are pictures"):
        stored(content=content, name="lesson.pdf")
    assert not StoredFile.objects.exists()
    assert lying(folder) == []


def test_what_is_taken_is_refused_where_it_is_broken():
    with pytest.raises(Refused, match="broken") as refused:
        stored(content=samples.picture("PNG")[:60])
    assert "Taken are" not in refused.value.sentence
    with pytest.raises(Refused, match="This file is empty"):
        stored(content=b"")


def test_what_is_too_large_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(kinds, "LIMITS", kinds.Limits(picture=500, document=1_000))
    large = upload(b"a" * 2_000_000)
    with pytest.raises(Refused, match="larger than"):
        storing.examine(large)
    assert large.tell() == 0
    with pytest.raises(Refused, match="larger than"):
        storing.examine(upload(samples.picture("PNG", (9, 9), colour=(1, 2, 3)) + bytes(500)))
    assert storing.examine(upload(b"a" * 900)).kind is kinds.TEXT


def test_a_copy_is_sealed_for_its_own_scope():
    first = stored()
    second = storing.copy(first, scope="p9", at=LATER)
    vault.destroy(["p7"])
    assert storing.content(second) == b"Some words: PERIWINKLE\n"
    assert vault.opened([StoredFile.objects.get(pk=second.pk)], "name")[0].name == "periwinkle.txt"
    assert (second.mark, second.scope) != (first.mark, first.scope)
    assert second.at == LATER


def test_a_deleted_file_goes_once_it_is_written_down(folder, django_capture_on_commit_callbacks):
    file = stored()
    with django_capture_on_commit_callbacks() as then:
        storing.delete(file)
        assert len(lying(folder)) == 1
    assert not StoredFile.objects.exists()
    then[0]()
    assert lying(folder) == []


# The hourly work


def test_what_belongs_to_nothing_goes_after_an_hour(folder, django_capture_on_commit_callbacks):
    stored()
    with django_capture_on_commit_callbacks(execute=True):
        assert storing.tidy(at=AT + timedelta(minutes=59)) == 0
        assert storing.tidy(at=AT + timedelta(minutes=61)) == 1
    assert not StoredFile.objects.exists()
    assert lying(folder) == []


def test_a_file_without_a_record_goes_after_an_hour(folder):
    with transaction.atomic():
        stored()
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()
    assert len(lying(folder)) == 1
    (folder / "ab").mkdir(exist_ok=True)
    (folder / "ab" / f"{'ab' * 16}.part").write_bytes(b"half")
    (folder / "ab" / "README").write_bytes(b"somebody else's")
    (folder / "lost+found").mkdir()
    assert storing.tidy(at=datetime.now(UTC)) == 0
    assert storing.tidy(at=LATER) == 2
    assert [path.name for path in lying(folder)] == ["README"]


def test_tidying_before_the_first_file_finds_nothing():
    assert storing.tidy(at=LATER) == 0


def test_nothing_half_is_left_where_the_disk_fails(folder):
    class Failing(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        default_storage.save("ab/" + "ab" * 16, Failing(b""))
    assert lying(folder) == []


def test_a_file_of_records_stays_when_the_folder_is_tidied(folder):
    file = stored()
    StoredFile.objects.filter(pk=file.pk).update(at=LATER)
    assert storing.tidy(at=LATER) == 0
    assert len(lying(folder)) == 1
