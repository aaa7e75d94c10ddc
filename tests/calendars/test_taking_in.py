"""Taking a timetable in: what is refused, what is written, and what becomes of the one before."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.own_weeks import keep_free
from sidebyside.calendars.actions.special_days import set_special_day
from sidebyside.calendars.actions.timetable_uploads import (
    files_of,
    folder_of_uploads,
    keep_upload,
    put_old_uploads_away,
    put_upload_away,
)
from sidebyside.calendars.actions.timetables import (
    apply_import,
    bring_back,
    change_dates,
    match_teachers,
    put_away,
    set_bells,
)
from sidebyside.calendars.models import KeptFree, Period, SpecialDay, Timetable, TimetableImport, TimetableLesson
from sidebyside.calendars.queries import lessons_of
from sidebyside.calendars.timetables.plain import read_timetable
from tests.calendars.timetable_files import BEGIN, END, SHEET, bells, read, taken_in

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "timetables"
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"end": date(2023, 9, 3)}, "The last day is before the first."),
        ({"end": date(2029, 9, 6)}, "longer than two years"),
        ({"weekdays": [0]}, "Each day of the timetable needs its day of the week."),
        ({"weekdays": []}, "Say on which days of the week is taught."),
        ({"weekdays": [0, 7]}, "Say on which days of the week is taught."),
        ({"way": "rotating", "weekdays": [1, 1]}, "A day of the week is named twice."),
        ({"name": "  "}, "Please write something first."),
        ({"name": "x" * 81}, "81 characters long"),
        ({"bells": {(0, 1): (time(9), time(9))}}, "“1” ends before it begins."),
        ({"bells": {(0, 1): (time(9), None)}}, "“1” has only one of its two bell times."),
    ],
)
def test_what_cannot_be_is_refused_and_writes_nothing(world, changes, sentence) -> None:
    before = Event.objects.count()
    with pytest.raises(Refused, match=sentence):
        taken_in(world, **changes)
    assert not Timetable.objects.filter(name="Autumn").exists()
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", ["goran", "ines", "emre"])
def test_a_person_of_elsewhere_is_refused_by_name(world, name) -> None:
    person = getattr(world, name)
    with pytest.raises(Refused) as refusal:
        taken_in(world, teachers={"Okafor": person.pk})
    assert person.name in refusal.value.sentence


def test_nobody_is_refused_as_a_person(world) -> None:
    with pytest.raises(Refused, match="not known here"):
        taken_in(world, teachers={"Okafor": 10**6})


def test_what_is_in_the_file_is_in_the_rows(world) -> None:
    timetable = taken_in(world)
    periods = list(timetable.periods.values_list("day", "position", "name", "begins", "ends"))
    assert periods[1] == (0, 2, "2", time(9), time(9, 50))
    assert [row[:2] for row in periods] == [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2)]
    assert dict(timetable.teachers.values_list("name", "person")) == {
        "Ana Sousa": world.ana.pk, "Okafor": world.ben.pk, "T. Unknown": None, "陈静": None,
    }  # fmt: skip
    lesson = TimetableLesson.objects.get(period__timetable=timetable, event="Ch7")
    assert (lesson.subject, lesson.classes, lesson.rooms) == ("Chinese", ["7A"], ["R3"])
    assert {teacher.name for teacher in lesson.teachers.all()} == {"Ana Sousa", "陈静"}
    taught = lessons_of([world.ana.pk], begin=BEGIN, end=BEGIN + DAY)
    assert [(one.event, f"{one.span.begin:%a %H:%M}") for one in taught] == [
        ("Ma7", "Mon 07:00"), ("Ma8", "Mon 08:00"), ("Ch7", "Tue 07:00"),
    ]  # fmt: skip


def test_bells_that_are_said_count_and_what_they_leave_out_has_none(world) -> None:
    timetable = taken_in(world, bells={(0, 1): bells("07:30", "08:15")})
    assert list(timetable.periods.values_list("begins", flat=True)) == [time(7, 30), None, None, None, None]


def test_a_slot_that_only_begins_ends_with_the_next(world) -> None:
    text = SHEET.replace(",08:50", ",").replace(",09:50", ",").replace(",11:00", ",")
    monday = taken_in(world, text).periods.filter(day=0)
    assert list(monday.values_list("begins", "ends")) == [
        (time(8), time(9)), (time(9), time(10, 10)), (time(10, 10), time(11, 10)),
    ]  # fmt: skip


def test_slots_counted_through_the_week_begin_anew_each_day(world) -> None:
    text = "day,slot,event,teachers,classes,rooms\nMo,Mo_1,a,A,,\nMo,Mo_2,b,A,,\nTu,Tu_1,c,A,,\n"
    periods = taken_in(world, text, teachers={}).periods
    assert list(periods.values_list("day", "position", "name")) == [(0, 0, "Mo_1"), (0, 1, "Mo_2"), (1, 0, "Tu_1")]


def test_the_one_before_ends_the_day_before_and_goes_on_again_when_this_is_put_away(world) -> None:
    older = taken_in(world)
    february = date(2023, 10, 30)
    newer = taken_in(world, name="Winter", begin=february)
    older.refresh_from_db()
    assert (older.end, older.planned_end, older.put_away_at) == (february - DAY, END, None)
    assert older.periods.count() == 5
    assert put_away(newer, by=world.olu, at=world.at)
    older.refresh_from_db()
    assert (older.end, older.planned_end) == (END, None)
    assert not put_away(newer, by=world.olu, at=world.at)
    assert bring_back(newer, by=world.olu, at=world.at)
    older.refresh_from_db()
    assert (older.end, older.planned_end) == (february - DAY, END)


def test_the_same_dates_again_put_the_former_away_and_it_can_come_back(world) -> None:
    first = taken_in(world)
    second = taken_in(world, name="Put right")
    first.refresh_from_db()
    assert first.put_away_at is not None
    with pytest.raises(Refused, match="Another one holds from"):
        bring_back(first, by=world.olu, at=world.at)
    put_away(second, by=world.olu, at=world.at)
    assert bring_back(first, by=world.olu, at=world.at)
    assert not bring_back(first, by=world.olu, at=world.at)


def test_one_that_would_lose_its_beginning_is_left_alone(world) -> None:
    taken_in(world)
    with pytest.raises(Refused, match="Another one begins on"):
        taken_in(world, name="Summer", begin=BEGIN - 30 * DAY, end=BEGIN + DAY)
    assert Timetable.objects.get(school=world.linden, owner=None, put_away_at=None, begin=BEGIN).end == END


def test_another_school_keeps_its_own(world) -> None:
    taken_in(world)
    quay = taken_in(world, school=world.quay, teachers={}, by=world.fatima)
    assert Timetable.objects.get(name="Autumn", school=world.linden).end == END
    assert quay.end == END


def test_days_without_lessons_and_kept_periods_are_taken_along(world) -> None:
    older = taken_in(world)
    late = date(2023, 11, 6)
    set_special_day(older, on=late, kind="closed", by=world.olu, at=world.at)
    set_special_day(older, on=late + DAY, kind="bells", bells={1: bells("09:00", "09:30")}, by=world.olu, at=world.at)
    keep_free(world.ben, period=older.periods.get(day=0, position=1), by=world.ben, at=world.at)
    keep_free(world.ben, period=older.periods.get(day=1, position=1), by=world.ben, at=world.at)
    text = SHEET.replace("Monday,1,1,Ma7,Mathematics,Ana Sousa", "Monday,1,1,Ma7,Mathematics,Okafor")
    newer = taken_in(world, text, name="Winter", begin=date(2023, 10, 30))
    assert list(newer.special_days.values_list("on", "kind")) == [(late, SpecialDay.Kind.CLOSED)]
    # He teaches in the first period of Monday now.
    kept = KeptFree.objects.filter(period__timetable=newer).values_list("person", "period__day", "period__position")
    assert list(kept) == [(world.ben.pk, 1, 1)]


def test_as_many_queries_for_a_large_school_as_for_a_small_one(world) -> None:
    def queries(text: str, begin: date) -> int:
        with CaptureQueriesContext(connection) as caught:
            taken_in(world, text, begin=begin, end=begin + 10 * DAY)
        return len(caught)

    rows = "".join(f"Monday,1,1,X{n},,Teacher {n},C{n},R{n},,\n" for n in range(40))
    few = queries(SHEET, date(2022, 1, 3))
    assert queries(SHEET + rows, date(2022, 3, 7)) == few


# Put right afterwards


def test_bells_are_set_for_a_day_and_copied_to_others(world) -> None:
    timetable = taken_in(world)
    times = {1: bells("08:10", "09:00"), 3: (None, None)}
    set_bells(timetable, day=0, bells=times, also=[1], by=world.olu, at=world.at)
    found = {(one.day, one.position): (one.begins, one.ends) for one in timetable.periods.all()}
    assert found[0, 1] == found[1, 1] == bells("08:10", "09:00")
    assert found[0, 3] == (None, None)
    assert found[0, 2] == bells("09:00", "09:50")
    with pytest.raises(Refused, match="only one of its two"):
        set_bells(timetable, day=0, bells={1: (time(8), None)}, by=world.olu, at=world.at)
    with pytest.raises(Refused, match="no such day"):
        set_bells(timetable, day=9, bells=times, by=world.olu, at=world.at)
    assert Period.objects.get(timetable=timetable, day=0, position=1).begins == time(8, 10)


def test_names_are_matched_afterwards(world) -> None:
    timetable = taken_in(world)
    unknown = timetable.teachers.get(name="陈静")

    def match(person) -> int:
        whose = {unknown.pk: person.pk if person else None}
        number = match_teachers(timetable, people=whose, by=world.olu, at=world.at)
        unknown.refresh_from_db()
        return number

    with pytest.raises(Refused, match="Hana Nováková does not work at this school"):
        match(world.hana)
    assert (match(world.chen), unknown.person) == (1, world.chen)
    assert match(world.chen) == 0
    assert (match(None), unknown.person) == (1, None)


def test_who_is_matched_to_lessons_keeps_nothing_free_there(world) -> None:
    timetable = taken_in(world)
    keep_free(world.chen, period=timetable.periods.get(day=1, position=1), by=world.chen, at=world.at)
    name = timetable.teachers.get(name="陈静")
    match_teachers(timetable, people={name.pk: world.chen.pk}, by=world.olu, at=world.at)
    assert not KeptFree.objects.filter(person=world.chen).exists()


def test_dates_are_changed_and_what_is_put_away_is_not(world) -> None:
    timetable = taken_in(world)
    change_dates(timetable, name="Autumn term", begin=BEGIN, end=END - 7 * DAY, by=world.olu, at=world.at)
    timetable.refresh_from_db()
    assert (timetable.name, timetable.end) == ("Autumn term", END - 7 * DAY)
    with pytest.raises(Refused, match="before the first"):
        change_dates(timetable, name="A", begin=END, end=BEGIN, by=world.olu, at=world.at)
    put_away(timetable, by=world.olu, at=world.at)
    with pytest.raises(Refused, match="was put away"):
        change_dates(timetable, name="A", begin=BEGIN, end=END, by=world.olu, at=world.at)


# Uploads


def test_an_upload_is_kept_until_it_is_taken_in(world, django_capture_on_commit_callbacks) -> None:
    upload = keep_upload([("../week.csv", SHEET.encode())], school=world.linden, by=world.olu, at=world.at)
    folder = folder_of_uploads() / upload.stored_as
    assert folder.stat().st_mode & 0o077 == 0
    assert files_of(upload) == [("../week.csv", SHEET.encode())]
    with django_capture_on_commit_callbacks(execute=True):
        timetable = taken_in(world, upload=upload)
    assert not folder.exists()
    kept = TimetableImport.objects.get(pk=upload.pk)
    assert (kept.timetable, kept.stored_as) == (timetable, "")
    assert kept.numbers == {"lessons": 6, "teachers": 4, "classes": 2, "rooms": 4, "days": 2}
    with pytest.raises(Refused, match="taken in or put away already"):
        taken_in(world, name="Again", upload=upload)
    assert not Timetable.objects.filter(name="Again").exists()


def test_files_stay_when_taking_in_is_refused(world) -> None:
    upload = keep_upload([("week.csv", SHEET.encode())], school=world.linden, by=world.olu, at=world.at)
    with pytest.raises(Refused):
        taken_in(world, upload=upload, end=BEGIN - DAY)
    assert files_of(upload)
    assert put_upload_away(upload, at=world.at)
    assert not put_upload_away(upload, at=world.at)
    assert files_of(TimetableImport.objects.get(pk=upload.pk)) is None


def test_what_nobody_decides_about_goes_after_a_day(world) -> None:
    upload = keep_upload([("week.csv", b"x")], school=world.linden, by=world.olu, at=world.at)
    assert put_old_uploads_away(at=world.at + timedelta(hours=23)) == 0
    assert put_old_uploads_away(at=world.at + timedelta(hours=25)) == 1
    assert files_of(TimetableImport.objects.get(pk=upload.pk)) is None


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/timetables is not here")
@pytest.mark.parametrize("name", ["BR-SA-00", "DK-FG-12", "ES-SS-08", "FI-PB-98", "GR-PA-08"])
def test_real_schools_are_taken_in_whole(world, name) -> None:
    found = read_timetable(REAL / f"{name}.csv")
    weekdays = [number % 5 for number in range(len(found.days))]
    timetable = _apply(world, found, weekdays)
    lessons = TimetableLesson.objects.filter(period__timetable=timetable)
    assert lessons.count() == len(found.rows)
    assert timetable.teachers.count() == len(found.teachers)
    taught = {
        (lesson.period.day, lesson.period.name, lesson.event, frozenset(one.name for one in lesson.teachers.all()))
        for lesson in lessons.select_related("period").prefetch_related("teachers")
    }
    days = {day: number for number, day in enumerate(found.days)}
    assert taught == {(days[row.day], row.slot, row.event, frozenset(row.teachers)) for row in found.rows}


def _apply(world, found, weekdays) -> Timetable:
    return apply_import(
        found, school=world.linden, name="Real", begin=BEGIN, end=END, weekdays=weekdays, by=world.olu, at=world.at
    )


def test_read_and_taken_in_are_the_same_days(world) -> None:
    assert read().days == ("Monday", "Tuesday")
    assert taken_in(world).days == ["Monday", "Tuesday"]
