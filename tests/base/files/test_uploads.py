"""Files while they are sent: as readable as any, and nothing of them in the clear on the disk."""

import errno
import io
import os
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from sidebyside.base.files import kinds, storing
from sidebyside.base.files.uploads import SealedFile
from sidebyside.base.refusals import Refused
from tests.base.files import samples

WORD = b"PERIWINKLE "


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000
    return tmp_path


def sent(*contents: bytes):
    files = [SimpleUploadedFile(f"{number}.txt", content) for number, content in enumerate(contents)]
    return RequestFactory().post("/", {"files": files}).FILES.getlist("files")


def test_what_is_written_is_read_from_anywhere(folder):
    content = os.urandom(10_007)
    file = SealedFile(folder)
    for begin in range(0, len(content), 1_000):
        file.write(content[begin : begin + 1_000])
    file.seek(0)
    assert file.read() == content
    for place, size in ((0, 5), (15, 2), (16, 16), (17, 40), (9_999, 100), (10_007, 5)):
        assert file.seek(place) == place
        assert file.read(size) == content[place : place + size]
        assert file.tell() == min(place + size, len(content))
    assert file.seek(-7, io.SEEK_END) == 10_000
    assert file.read() == content[-7:]
    file.close()


def test_the_disk_holds_nothing_in_the_clear(folder):
    file = SealedFile(folder)
    file.write(WORD * 10_000)
    file.flush()
    os.lseek(file._file.fileno(), 0, os.SEEK_SET)
    assert WORD not in os.read(file._file.fileno(), 200_000)
    assert list(folder.iterdir()) == [], "it has no name"
    file.close()


def test_two_files_of_the_same_words_are_not_the_same(folder):
    found = []
    for _time in range(2):
        file = SealedFile(folder)
        file.write(WORD)
        file.flush()
        os.lseek(file._file.fileno(), 0, os.SEEK_SET)
        found.append(os.read(file._file.fileno(), 100))
        file.close()
    assert found[0] != found[1]


def test_a_form_with_large_files_brings_them_whole(folder):
    archive = samples.zipped({f"part-{number}.txt": os.urandom(50_000) for number in range(4)})
    one, two = sent(WORD * 100_000, archive)
    assert (one.size, two.size) == (1_100_000, len(archive))
    assert one.read() == WORD * 100_000
    assert b"".join(two.chunks()) == archive
    assert len(zipfile.ZipFile(two).namelist()) == 4
    assert list(folder.iterdir()) == []
    one.close()
    two.close()


def test_small_files_stay_in_memory():
    (one,) = sent(b"few")
    assert one.read() == b"few"
    assert one.__class__.__name__ == "InMemoryUploadedFile"


def test_what_is_too_large_says_so_and_is_not_kept(settings):
    settings.FILE_UPLOAD_LARGEST = 100_000
    (one,) = sent(b"x" * 1_000_000)
    assert one.size == 1_000_000
    assert one.file._file.seek(0, os.SEEK_END) <= 100_000
    one.close()


def test_many_that_are_too_large_together_are_cut_and_say_so(settings):
    settings.FILE_UPLOAD_LARGEST = 1_000_000
    files = sent(*[b"x" * 600_000] * 3)
    assert files[0].size == 600_000
    assert [one.size > 1_000_000 for one in files] == [False, True, True]
    assert sum(one.file._file.seek(0, os.SEEK_END) for one in files) <= 1_000_000
    for one in files:
        one.close()


def refusal(upload) -> str:
    with pytest.raises(Refused) as refused:
        storing.examine(upload)
    return refused.value.sentence


def test_each_is_told_why_it_is_not_kept(settings):
    settings.FILE_UPLOAD_LARGEST = 1_000_000
    one, two = sent(b"x" * 600_000, b"x" * 600_000)
    assert storing.examine(one).kind is kinds.TEXT
    assert "by itself" in refusal(two)
    one.close()
    two.close()
    (one,) = sent(b"x" * (kinds.LIMITS.largest + 1))
    assert "larger than 25 MB" in refusal(one)
    one.close()


def test_a_disk_without_room_is_said_of_each_file_that_it_concerns(settings, monkeypatch, caplog):
    write = SealedFile.write

    def full(self, block):
        if len(block) > 10:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(self, block)

    with monkeypatch.context() as patched:
        patched.setattr(SealedFile, "write", full)
        small, large = sent(b"few", b"x" * 600_000)
    assert storing.examine(small).content == b"few"
    assert "no room" in refusal(large)
    assert large.size > settings.FILE_UPLOAD_LARGEST, "other doors refuse it by its size"
    assert "cannot be written down" in caplog.text
    small.close()
    large.close()


def test_what_is_written_in_part_is_written_on(folder, monkeypatch):
    file = SealedFile(folder)
    raw = file._file

    class Slow:
        def write(self, block) -> int:
            return raw.write(block[:7])

    file._file = Slow()
    assert file.write(WORD * 3) == len(WORD * 3)
    file._file = raw
    file.seek(0)
    assert file.read() == WORD * 3
    file.close()
