"""Bringing a timetable through the pages: whose they are, what they refuse, what they show, what they do."""

import html
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sidebyside.calendars.actions.timetable_uploads import folder_of_uploads, keep_upload
from sidebyside.calendars.models import Timetable, TimetableImport, TimetableLesson
from sidebyside.calendars.timetables.reading import read
from sidebyside.places.actions import give_role
from sidebyside.web.timetables import forms, taking_in
from tests.calendars.timetable_files import SHEET
from tests.calendars.timetables import fet_program
from tests.calendars.timetables.fet_files import activity, fet, solution
from tests.calendars.timetables.test_real_fet import ARGENTINA
from tests.web.timetables.desk import Desk, said

REAL = Path(__file__).parents[3].parent / "shared" / "data" / "timetables"
WEEK = ("week.csv", SHEET.encode())
OTHERS = ["ana", "ben", "emre", "goran", "hana", "jonas", "kofi", "mai", "olu"]


@pytest.fixture
def desk(client, world) -> Desk:
    return Desk(client, world)


@pytest.mark.parametrize("name", OTHERS)
def test_it_is_for_those_who_keep_the_timetable_alone(name, desk, client) -> None:
    upload = desk.bring(WEEK)
    sent = desk.form(upload)
    client.force_login(getattr(desk.world, name))
    for address in ("timetable_import", "timetable_import_removal"):
        where = reverse(address, args=[upload.pk])
        assert client.post(where, sent).status_code == 404
        if address == "timetable_import":
            assert client.get(where).status_code == 404
    where = reverse("new_timetable", args=[desk.school.pk])
    assert client.get(where).status_code == 403
    assert client.post(where, {"sheets": SimpleUploadedFile(*WEEK)}).status_code == 403
    assert TimetableImport.objects.filter(school=desk.school).count() == 1
    assert not Timetable.objects.filter(school=desk.school).exists()


def test_an_evaluator_s_role_opens_nothing(desk, client) -> None:
    give_role(desk.world.kofi, kind="evaluator", place=desk.school, by=desk.world.kofi, at=desk.world.at)
    client.force_login(desk.world.kofi)
    assert client.get(desk.address("timetable")).status_code == 404
    assert client.get(desk.address("new_timetable")).status_code == 403


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "This field is required."),
        ([("a.csv", b"day,slot\n")], "a.csv, line 1: The column “event” is missing."),
        ([("a.csv", b"")], "The column “day” is missing."),
        ([("a.csv", SHEET.encode() + b"Mon,,,x,,,,,,\n")], "a.csv, line 8: The cell “slot” is empty."),
        ([("a.xlsx", b"PK\3\4")], "This is an archive or a spreadsheet."),
        ([("a.csv", "é".encode("latin-1"))], "The text is not in UTF-8"),
        ([("a.fet", b"<fet><x></fet>")], "This is not sound XML from here on."),
        ([WEEK, WEEK], "Hand in one CSV sheet alone"),
        ([(f"{n}.csv", b"x") for n in range(11)], "more than 10 files"),
        ([("<b>.csv", b"x")], "&lt;b&gt;.csv"),
    ],
)
def test_what_cannot_be_read_is_said_by_file_and_line_and_nothing_is_kept(desk, files, sentence) -> None:
    answer = desk.send(*files)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert not TimetableImport.objects.exists()


def test_files_that_are_too_large_are_refused_with_a_sentence(desk, monkeypatch) -> None:
    monkeypatch.setattr(forms, "LARGEST_UPLOAD", 100)
    answer = desk.send(("a.csv", b"x" * 60), ("b.csv", b"x" * 60))
    assert answer.status_code == 422
    assert "MB together, which no timetable needs" in said(answer)


def test_the_preview_changes_nothing_and_shows_what_the_files_say(desk) -> None:
    text = SHEET.replace("8B,Studio", "8B|7A,R3") + "Monday,3,3,X,,Okafor|T. Unknown,7A,,,\n"
    upload = desk.bring(("week.csv", text.encode()))
    shown = said(desk.client.get(desk.address("timetable_import", upload.pk)))
    assert "7 lessons 4 teachers 2 classes 3 rooms 2 days" in shown
    assert "2 times. It may be meant so" in shown
    assert "Teacher T. Unknown, Monday, 3: Ar8 (line 5), X (line 8)" in shown
    assert "The names of its days are those of a week." in shown
    assert "4 names belong to nobody yet." in shown
    sent = desk.form(upload)
    assert (sent["weekday-0"], sent["weekday-1"], sent["way"]) == ("0", "1", "weekdays")
    assert (sent["bell-0-1-begins"], sent["bell-0-1-ends"]) == ("08:00", "08:50")
    assert not Timetable.objects.filter(school=desk.school).exists()


def test_names_are_proposed_by_how_they_are_written(desk) -> None:
    text = SHEET.replace("Ana Sousa", "NOVAKOVA Hana").replace("Okafor", "Петровић").replace("T. Unknown", "Hana N.")
    upload = desk.bring(("week.csv", text.encode()))
    sent = desk.form(upload)
    assert sorted(value for key, value in sent.items() if key.startswith("teacher-")) == [
        "", "", "Hana Nováková", "Горан Петровић",
    ]  # fmt: skip
    timetable = desk.taken_in(upload)
    assert dict(timetable.teachers.filter(person__isnull=False).values_list("name", "person")) == {
        "NOVAKOVA Hana": desk.world.hana.pk, "Петровић": desk.world.goran.pk,
    }  # fmt: skip
    # The next one remembers, whoever is called how.
    timetable.teachers.filter(name="T. Unknown").update(person=desk.world.hana)
    timetable.teachers.filter(name="陈静").update(person=desk.world.fatima)
    again = desk.bring(("week.csv", text.encode()))
    page = said(desk.client.get(desk.address("timetable_import", again.pk)))
    assert page.count("as before") == 3


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"end": "2020-01-01"}, "The last day is before the first."),
        ({"begin": ""}, "This field is required."),
        ({"name": ""}, "This field is required."),
        ({"bell-0-1-ends": ""}, "One of the two times is missing."),
        ({"bell-0-1-ends": "07:00"}, "It ends before it begins."),
        ({"bell-0-1-ends": "25:00"}, "Enter a valid time."),
        ({"teacher-0": "Ben Okafor"}, "Nobody of this name works at this school."),
        ({"way": "rotating", "taught_on": []}, "Say on which days of the week is taught."),
        ({"weekday-0": "9"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_on_the_same_page(desk, changes, sentence) -> None:
    upload = desk.bring(WEEK)
    answer = desk.take_in(upload, **{"end": "2099-01-01" if "begin" in changes else "2027-06-01", **changes})
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert not Timetable.objects.filter(school=desk.school).exists()


def test_taking_it_in_and_undoing_that(desk) -> None:
    upload = desk.bring(WEEK)
    timetable = desk.taken_in(upload, name="Autumn", **{"bell-0-2-begins": "", "bell-0-2-ends": ""})
    assert timetable.name == "Autumn"
    assert TimetableLesson.objects.filter(period__timetable=timetable).count() == 6
    assert timetable.periods.get(day=1, position=2).begins is None
    page = desk.client.get(desk.address("timetable") + f"?of={timetable.pk}")
    assert "The timetable is taken in." in said(page)
    assert f'action="{reverse("timetable_removal", args=[timetable.pk])}"' in page.content.decode()
    assert "2 periods have no bell times" in said(page)
    # What was decided about is not decided again.
    assert desk.client.get(desk.address("timetable_import", upload.pk)).status_code == 302
    desk.client.post(reverse("timetable_removal", args=[timetable.pk]))
    assert "No timetable yet" in said(desk.client.get(desk.address("timetable")))
    desk.client.post(reverse("timetable_return", args=[timetable.pk]))
    timetable.refresh_from_db()
    assert timetable.put_away_at is None


def test_bell_times_that_follow_one_another_are_filled_in(desk) -> None:
    plain = "day,slot,event,teachers,classes,rooms\nMo,1,a,A,,\nMo,2,b,A,,\nTu,1,c,A,,\n"
    upload = desk.bring(("week.csv", plain.encode()))
    assert "do not say when its periods begin" in said(desk.client.get(desk.address("timetable_import", upload.pk)))
    given = {"act": "fill", "fill_begins": "08:10", "fill_minutes": "50", "fill_between": "5", "name": "Mine"}
    answer = desk.take_in(upload, **given)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert all(f'value="{at}"' in page for at in ("08:10", "09:00", "09:05", "09:55", "Mine"))
    assert not Timetable.objects.filter(school=desk.school).exists()
    assert desk.take_in(upload, act="fill", fill_minutes="x").status_code == 200


def test_a_rotation_of_six_days_is_proposed_as_one(desk) -> None:
    rows = "".join(f"Day {n},1,a,A,,\n" for n in "ABCDEF")
    upload = desk.bring(("week.csv", f"day,slot,event,teachers,classes,rooms\n{rows}".encode()))
    assert desk.form(upload)["way"] == "rotating"
    timetable = desk.taken_in(upload)
    assert (timetable.way, timetable.weekdays) == ("rotating", [0, 1, 2, 3, 4])


def test_the_two_files_of_fet_in_any_order(desk) -> None:
    school = ("school.fet", fet(activity(1) + activity(2, hours=2)))
    solved = ("school_activities.xml", solution((1, "Mon", "1", "Hall"), (2, "Tue", "2", "")))
    for alone, sentence in ((school, "school.fet"), (solved, "Hand in the school's file of FET too")):
        answer = desk.send(alone)
        assert answer.status_code == 422
        assert sentence in html.unescape(said(answer))
    timetable = desk.taken_in(desk.bring(solved, school), **{"teacher-0": "hana novakova"})
    lessons = TimetableLesson.objects.filter(period__timetable=timetable)
    assert sorted(lessons.values_list("period__day", "period__name")) == [(0, "1"), (1, "2"), (1, "3")]
    assert timetable.teachers.get().person == desk.world.hana


@pytest.mark.skipif(not fet_program.found(), reason="fet-cl and its schools are not here")
def test_a_real_school_solved_by_fet_is_brought(desk, tmp_path) -> None:
    school = fet_program.EXAMPLES / ARGENTINA
    folder = fet_program.solve(school, tmp_path, seconds=60)
    solved = next(folder.glob("*_activities.xml"))
    upload = desk.bring((school.name, school.read_bytes()), (solved.name, solved.read_bytes()))
    timetable = desk.taken_in(upload)
    imported = read([(school.name, school.read_bytes()), (solved.name, solved.read_bytes())])
    assert TimetableLesson.objects.filter(period__timetable=timetable).count() == len(imported.rows) > 100
    assert not timetable.periods.filter(begins=None).exists()
    assert desk.client.get(desk.address("timetable")).status_code == 200


def test_putting_files_away(desk) -> None:
    upload = desk.bring(WEEK)
    folder = folder_of_uploads() / upload.stored_as
    assert folder.is_dir()
    assert "week.csv" in said(desk.client.get(desk.address("new_timetable")))
    desk.client.post(desk.address("timetable_import_removal", upload.pk))
    assert not folder.exists()
    assert "week.csv" not in said(desk.client.get(desk.address("new_timetable")))
    assert desk.client.get(desk.address("timetable_import", upload.pk)).status_code == 302


def test_files_that_an_older_version_could_read_are_refused_in_words(desk) -> None:
    upload = keep_upload([("old.csv", b"x")], school=desk.school, by=desk.world.fatima, at=desk.world.at)
    answer = desk.client.get(desk.address("timetable_import", upload.pk))
    assert answer.status_code == 200
    assert "old.csv, line 1:" in said(answer)


def test_a_timetable_that_is_too_large_for_one_page_is_taken_in_as_its_files_say(desk, monkeypatch) -> None:
    monkeypatch.setattr(taking_in, "MOST_NAMES", 1)
    monkeypatch.setattr(forms, "MOST_BELLS", 2)
    text = SHEET.replace("Okafor", "Hana Nováková").replace("Sousa,7A,R3,08:00", "Sousa,7A,R3,08:10")
    upload = desk.bring(("week.csv", text.encode()))
    sent = desk.form(upload)
    assert [key for key in sent if key.startswith(("bell-", "teacher-"))] == ["teacher-0"]
    timetable = desk.taken_in(upload)
    assert f"{timetable.periods.get(day=1, position=1).begins:%H:%M}" == "08:10"
    assert timetable.teachers.get(name="Hana Nováková").person == desk.world.hana


def test_as_many_queries_for_three_teachers_as_for_forty(desk) -> None:
    def queries(text: str) -> int:
        upload = desk.bring(("week.csv", text.encode()))
        with CaptureQueriesContext(connection) as caught:
            desk.client.get(desk.address("timetable_import", upload.pk))
        return len(caught)

    rows = "".join(f"Monday,1,1,X{n},,Teacher {n},C{n},R{n},,\n" for n in range(40))
    assert queries(SHEET) == queries(SHEET + rows) <= 14


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/timetables is not here")
@pytest.mark.parametrize(("name", "lessons"), [("DK-FG-12", 1077), ("FI-PB-98", 854), ("GR-PA-08", 262)])
def test_a_real_school_is_brought_within_two_seconds(desk, name, lessons) -> None:
    begun = time.process_time()
    upload = desk.bring((f"{name}.csv", (REAL / f"{name}.csv").read_bytes()))
    timetable = desk.taken_in(upload)
    page = desk.client.get(desk.address("timetable"))
    took = time.process_time() - begun
    assert page.status_code == 200
    assert TimetableLesson.objects.filter(period__timetable=timetable).count() == lessons
    assert took < 4, took  # on a machine that does something else as well
    assert timetable.end - timetable.begin < timedelta(days=90)
