"""Files of a lesson on their pages: attached, shown, handed out safely, taken off and brought back."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from sidebyside.base import bin, vault
from sidebyside.base.files import storing
from sidebyside.base.files.models import StoredFile
from sidebyside.base.refusals import Refused
from sidebyside.lessons.actions import files as actions
from sidebyside.lessons.actions.lessons import begin
from sidebyside.lessons.file_queries import opened
from sidebyside.lessons.models import Attachment, Lesson
from sidebyside.lessons.queries import text_of
from tests.base.files import samples
from tests.pairs import Pair
from tests.searching import Log, where_is

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def given(content: bytes = b"Four jugs", name: str = "jugs.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def photo(name: str = "board.jpg") -> SimpleUploadedFile:
    return given(samples.from_a_phone(), name)


def attach(lesson: Lesson, upload=None, **how) -> Attachment:
    return actions.attach(lesson, upload or given(), by=lesson.teacher, at=timezone.now(), **how)


def send(client: Client, lesson: Lesson, *uploads, **more):
    return client.post(reverse("lesson_files", args=[lesson.pk]), {"files": list(uploads), **more})


def fetch(client: Client, attachment: Attachment, **how):
    return client.get(reverse("lesson_file", args=[attachment.pk]), **how)


# To attach


def test_a_picture_of_a_part_stands_with_it(ben, ana, lesson):
    part = text_of(lesson).parts[1].id
    chosen = ben.get(reverse("lesson_files", args=[lesson.pk]), {"part": part}).content.decode()
    assert f'<option value="{part}" dir="auto" selected>' in chosen
    board, sheet, gone = attach(lesson, photo(), part=part), attach(lesson), attach(lesson, given(name="old.txt"))
    Attachment.objects.filter(pk=gone.pk).update(part="gone1234")  # its part was taken out since
    page = ana.get(reverse("lesson", args=[lesson.pk])).content.decode()
    there = {one: page.index(f'id="file-{one.pk}"') for one in (board, sheet, gone)}
    assert page.index(f'id="files-of-{part}"') < there[board] < page.index(f'id="said-{part}"')
    assert all(page.index('id="files"') < there[one] for one in (sheet, gone))
    assert len(re.findall(r'id="file-\d+"', page)) == 3


def test_what_was_attached_to_a_part_is_seen_with_it(ben, lesson):
    part, page = text_of(lesson).parts[1].id, reverse("lesson_files", args=[lesson.pk])
    assert send(ben, lesson, photo(), part=part)["Location"] == page  # what it shows is still to be said
    said = send(ben, lesson, photo(), part=part, caption="The board")
    assert said["Location"] == reverse("lesson", args=[lesson.pk]) + f"#files-of-{part}"
    assert send(ben, lesson, photo(), caption="The board")["Location"] == page


def test_several_at_once_are_attached_and_shown(ben, ana, lesson):
    answer = send(ben, lesson, given(), photo(), given(samples.pdf(), "sheet.pdf"))
    assert answer.status_code == 302
    page = ana.get(answer["Location"]).content.decode()
    assert [row.file.kind for row in Attachment.objects.select_related("file").order_by("pk")] == [
        "text/plain", "image/jpeg", "application/pdf",
    ]  # fmt: skip
    assert "jugs.txt" in page
    assert "sheet.pdf" in page
    picture = Attachment.objects.get(file__kind="image/jpeg")
    assert f'src="{reverse("lesson_file", args=[picture.pk])}"' in page
    assert "What does this picture show, for somebody who cannot see it?" in page


def test_each_that_can_be_taken_is_taken_and_the_others_say_why(ben, lesson):
    answer = send(ben, lesson, given(), given(SVG, "x<b>.svg"), given(b"", "empty.pdf"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert Attachment.objects.count() == 1
    assert "1 file was attached, but not this:" in page
    assert "x&lt;b&gt;.svg" in page
    assert "Taken are pictures" in page
    assert "<b>" not in page


def test_which_kinds_are_taken_is_said_once(ben, lesson):
    page = send(ben, lesson, given(SVG, "a.svg"), given(b"", "b.txt"), given(SVG, "c.svg")).content.decode()
    assert page.count("drawings in SVG") == 2
    assert page.count("Taken are pictures") == 1
    assert page.index("c.svg") < page.index("Taken are pictures")


def test_one_file_brings_its_words_and_its_part(ben, lesson):
    part = "task"
    send(ben, lesson, photo(), caption="  Four jugs\n on a desk ", part=part)
    (row,) = Attachment.objects.select_related("file")
    opened([row])
    assert (row.caption, row.part, row.file.name) == ("Four jugs on a desk", part, "board.jpg")
    assert (row.added_by, row.partnership, row.file.by) == (lesson.teacher, lesson.partnership, lesson.teacher_id)
    page = ben.get(reverse("lesson_files", args=[lesson.pk])).content.decode()
    assert 'alt="Four jugs on a desk"' in page


@pytest.mark.parametrize("sent", [{}, {"files": "a word"}, {"files": ""}])
def test_nothing_chosen_is_said(ben, lesson, sent):
    answer = ben.post(reverse("lesson_files", args=[lesson.pk]), sent)
    assert answer.status_code == 422
    assert "Choose a file first." in answer.content.decode()


def test_too_many_at_once_are_refused_whole(ben, lesson):
    answer = send(ben, lesson, *(given(name=f"{number}.txt") for number in range(21)))
    assert answer.status_code == 422
    assert not Attachment.objects.exists()


def test_what_was_typed_stays_when_a_file_is_refused(ben, lesson):
    page = send(ben, lesson, given(SVG), caption='A "drawing"', part="task").content.decode()
    assert "A &#34;drawing&#34;" in page
    assert '<option value="task" dir="auto" selected>' in page


def test_a_caption_that_is_too_long_and_a_part_that_is_none_are_refused(ben, lesson):
    assert send(ben, lesson, given(), caption="x" * 301).status_code == 422
    assert send(ben, lesson, given(), part="../../x").status_code == 422
    assert not StoredFile.objects.exists()


def test_a_lesson_holds_only_so_much(ben, lesson, monkeypatch):
    monkeypatch.setattr(actions, "MOST_BYTES", 20)
    assert send(ben, lesson, given()).status_code == 302
    assert send(ben, lesson, given(), given()).status_code == 422
    assert Attachment.objects.count() == 2
    monkeypatch.setattr(actions, "MOST_FILES", 2)
    assert "at most 2 files" in send(ben, lesson, given()).content.decode()


def test_who_removes_a_file_has_room_for_another(ben, lesson, monkeypatch):
    monkeypatch.setattr(actions, "MOST_FILES", 1)
    first = attach(lesson)
    assert "Remove one first" in send(ben, lesson, given()).content.decode()
    ben.post(reverse("lesson_file_removal", args=[first.pk]))
    assert send(ben, lesson, given()).status_code == 302


def test_a_lesson_that_is_removed_while_its_file_is_looked_at_gets_none(ben, lesson, settings):
    class Slow(SimpleUploadedFile):
        def read(self, size: int = -1) -> bytes:
            Lesson.objects.filter(pk=lesson.pk).update(removed_at=timezone.now())
            return super().read(size)

    with pytest.raises(Refused, match="was removed"):
        attach(lesson, Slow("jugs.txt", b"Four jugs"))
    assert not Attachment.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_both_attach(request, who, lesson):
    assert send(request.getfixturevalue(who), lesson, given()).status_code == 302


def test_an_outsider_finds_nothing(lena, lesson):
    attachment = attach(lesson)
    assert send(lena, lesson, given()).status_code == 404
    assert lena.get(reverse("lesson_files", args=[lesson.pk])).status_code == 404
    assert fetch(lena, attachment).status_code == 404
    deeds = [reverse(deed, args=[attachment.pk]) for deed in ("lesson_file_caption", "lesson_file_removal")]
    for deed in (*deeds, reverse("restore", args=["attachment", attachment.pk])):
        assert lena.post(deed, {"caption": "mine"}).status_code == 404
    assert Attachment.objects.count() == 1


def test_a_stranger_is_asked_to_sign_in(lesson):
    answer = fetch(Client(), attach(lesson))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_in_a_partnership_that_has_ended_files_are_there_to_read(ben, ours: Pair, lesson):
    attachment = attach(lesson)
    ours.partnership.ended_at = timezone.now()
    ours.partnership.save()
    assert send(ben, lesson, given()).status_code == 422
    assert ben.post(reverse("lesson_file_removal", args=[attachment.pk])).status_code == 422
    page = ben.get(reverse("lesson_files", args=[lesson.pk])).content.decode()
    assert "jugs.txt" in page
    assert "Attach files" not in page
    assert fetch(ben, attachment).status_code == 200


# To hand out


def test_a_picture_is_shown_without_where_it_was_taken(ana, lesson):
    answer = fetch(ana, attach(lesson, photo('"board"\r\nX: y.heic')))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline; filename")
    assert b"SECRETPLACE" not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (40, 80)


@pytest.mark.parametrize(
    ("content", "name", "media", "saved_as"),
    [
        (b"alert(1)", "run.js", "text/plain; charset=utf-8", 'attachment; filename="run.js.txt"'),
        (samples.pdf(), "a.html", "application/pdf", 'attachment; filename="a.html.pdf"'),
        (samples.pdf(), "Brüche.pdf", "application/pdf", "attachment; filename*=utf-8''Br%C3%BCche.pdf"),
        (
            samples.office("docx"), "plan.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            'attachment; filename="plan.docx"',
        ),
    ],
)  # fmt: skip
def test_everything_else_is_saved_under_a_name_that_fits(ben, lesson, content, name, media, saved_as):
    answer = fetch(ben, attach(lesson, given(content, name)))
    assert answer["Content-Type"] == media
    assert answer["Content-Disposition"] == saved_as
    assert answer.content == content


@pytest.mark.parametrize("upload", [given, photo])
def test_whatever_it_is_nothing_of_it_is_run_or_kept(ben, lesson, upload):
    answer = fetch(ben, attach(lesson, upload()), headers={"Accept-Encoding": "gzip"})
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer
    assert "Content-Encoding" not in answer or answer["Content-Type"].startswith("text/")


@pytest.mark.parametrize("asked", ["bytes=0-3", "bytes=-1", "bytes=99999-", "bytes=x", "lines=1"])
def test_who_asks_for_a_piece_gets_the_whole(ben, lesson, asked):
    answer = fetch(ben, attach(lesson), headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, b"Four jugs")
    assert answer["Accept-Ranges"] == "none"


def test_who_asks_for_the_head_gets_no_body(ben, lesson):
    answer = ben.head(reverse("lesson_file", args=[attach(lesson).pk]))
    assert (answer.status_code, answer.content, answer["Content-Length"]) == (200, b"", "9")


def test_only_who_sees_it_now_gets_it(ana, ours: Pair, lesson):
    attachment = attach(lesson)
    assert fetch(ana, attachment).status_code == 200
    own = begin(
        partnership=None, teacher=ours.partner, title="Alone", about="", by=ours.partner, at=timezone.now()
    )  # fmt: skip
    assert fetch(ana, attach(own)).status_code == 404


def test_a_file_that_was_erased_or_lost_is_not_there(ben, lesson, settings):
    attachment = attach(lesson)
    (path,) = (path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1])
    assert fetch(ben, attachment).status_code == 404
    path.unlink()
    assert fetch(ben, attachment).status_code == 404
    other = attach(lesson, photo())
    vault.destroy([lesson.vault_scope()])
    assert fetch(ben, other).status_code == 404
    page = ben.get(reverse("lesson_files", args=[lesson.pk]))
    assert page.status_code == 200
    assert "A file that was erased" in page.content.decode()


def test_a_number_that_is_none_finds_nothing(ben, lesson):
    assert ben.get("/lessons/files/99999999999999999999/").status_code == 404
    assert ben.post(reverse("lesson_file", args=[attach(lesson).pk])).status_code == 405


# To describe, to take off


def test_what_a_picture_shows_is_said_afterwards(ana, lesson):
    attachment = attach(lesson, photo())
    answer = ana.post(reverse("lesson_file_caption", args=[attachment.pk]), {"caption": "Jugs <b>&"}, follow=True)
    page = answer.content.decode()
    assert "It is described." in page
    assert 'alt="Jugs &lt;b&gt;&amp;"' in page
    long = ana.post(reverse("lesson_file_caption", args=[attachment.pk]), {"caption": "x" * 301})
    assert long.status_code == 422


def test_what_is_removed_lies_in_the_bin_of_both_and_comes_back(ana, ben, lesson):
    attachment = attach(lesson)
    page = ben.post(reverse("lesson_file_removal", args=[attachment.pk]), follow=True).content.decode()
    assert "The file lies in the bin for 30 days." in page
    undo = re.search(r'action="([^"]+/restoration/)"', page)
    assert undo is not None
    assert "jugs.txt" not in page
    assert fetch(ana, attachment).status_code == 200, "it lies in her bin too"
    assert "jugs.txt" in ana.get(reverse("bin")).content.decode()
    page = ana.post(undo[1], follow=True).content.decode()
    assert "jugs.txt" in page
    assert ana.post(undo[1]).status_code == 404


def test_after_thirty_days_a_removed_file_is_gone(
    ben, lesson, settings, django_capture_on_commit_callbacks
):  # fmt: skip
    attachment = attach(lesson)
    kept = attach(lesson, photo())
    ben.post(reverse("lesson_file_removal", args=[attachment.pk]))
    later = timezone.now() + bin.KEPT_FOR
    bin.empty(at=later)
    with django_capture_on_commit_callbacks(execute=True):
        storing.tidy(at=later)
    assert [row.pk for row in StoredFile.objects.all()] == [kept.file_id]
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 1


# What is left of it elsewhere


def test_nothing_of_it_stands_anywhere_in_the_clear(ben, lesson):
    with Log() as log:
        send(ben, lesson, given(b"Four PERIWINKLEs", "periwinkle.txt"), caption="A periwinkle")
        fetch(ben, Attachment.objects.get())
        send(ben, lesson, given(SVG + b"periwinkle", "periwinkle.svg"))
        found = where_is("periwinkle", log)
    assert found == []


def test_the_list_costs_the_same_with_one_and_with_three(
    ben, lesson, django_assert_num_queries, django_assert_max_num_queries
):  # fmt: skip
    attach(lesson)
    address = reverse("lesson_files", args=[lesson.pk])
    ben.get(address)
    with django_assert_max_num_queries(25) as first:
        ben.get(address)
    attach(lesson)
    attach(lesson, photo())
    with django_assert_num_queries(len(first)):
        ben.get(address)
