"""The week somebody types for herself, and what she keeps free."""

from datetime import date, time, timedelta

import pytest

from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.own_weeks import (
    copy_week,
    keep_free,
    keep_these_free,
    name_lessons,
    type_week,
)
from sidebyside.calendars.actions.timetables import put_away
from sidebyside.calendars.models import KeptFree, Timetable, TimetableLesson
from sidebyside.calendars.periods import PlannedPeriod, evenly
from sidebyside.calendars.queries import kept_free_of, lessons_of, periods_between
from tests.calendars.timetable_files import BEGIN, END, bells, taken_in

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
PERIODS = [
    PlannedPeriod(day, position, str(position + 1), *times)
    for day in range(5)
    for position, times in evenly(range(6), begins=time(8), minutes=45, between=5).items()
]
DAY = timedelta(days=1)


def typed(world, taught=((0, 0), (2, 3)), who="lena", **changes) -> Timetable:
    person = getattr(world, who)
    given = {
        "school": world.linden, "begin": BEGIN, "end": END, "days": DAYS, "weekdays": range(5), "periods": PERIODS,
        "taught": set(taught), "by": person, "at": world.at,
    }  # fmt: skip
    return type_week(person, **{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"end": BEGIN - DAY}, "The last day is before the first."),
        ({"periods": []}, "at least one period"),
        ({"periods": [*PERIODS, PERIODS[0]]}, "each of them once"),
        ({"taught": {(0, 9)}}, "no such period"),
        ({"taught": {(5, 0)}}, "no such period"),
        ({"weekdays": [0, 1]}, "needs its day of the week"),
        ({"days": [], "weekdays": []}, "no day"),
        ({"periods": [PlannedPeriod(0, 0, "1", time(9), time(8))]}, "ends before it begins"),
        ({"periods": [PlannedPeriod(0, 0, "1", time(9))]}, "only one of its two"),
    ],
)
def test_what_cannot_be_is_refused(world, changes, sentence) -> None:
    with pytest.raises(Refused, match=sentence):
        typed(world, **{"taught": (), **changes})
    assert not Timetable.objects.filter(owner=world.lena).exists()


def test_only_at_a_school_where_she_works(world) -> None:
    with pytest.raises(Refused, match="Lena Fischer does not work at this school"):
        typed(world, school=world.quay)


def test_a_typed_week_says_what_she_teaches(world) -> None:
    typed(world)
    found = lessons_of([world.lena.pk], begin=BEGIN, end=BEGIN + 13 * DAY)
    assert [(one.on, one.period.position) for one in found] == [
        (date(2023, 9, 4), 0), (date(2023, 9, 6), 3), (date(2023, 9, 11), 0), (date(2023, 9, 13), 3),
    ]  # fmt: skip
    assert found[0].people == {world.lena.pk}


def test_the_school_s_timetable_counts_once_it_names_her(world) -> None:
    typed(world, who="ben")
    assert len(lessons_of([world.ben.pk], begin=BEGIN, end=BEGIN + 4 * DAY)) == 2
    taken_in(world)
    found = lessons_of([world.ben.pk], begin=BEGIN, end=BEGIN + 4 * DAY)
    assert {one.event for one in found} == {"Sc7", "Sc8"}


def test_typing_again_keeps_what_was_said_of_a_lesson(world) -> None:
    week = typed(world)
    lesson = TimetableLesson.objects.get(period__timetable=week, period__day=0)
    name_lessons(week, words={lesson.pk: (" Year 7  maths ", "12")}, by=world.lena, at=world.at)
    again = typed(world, taught=[(0, 0), (4, 5)], end=END - DAY)
    assert again.pk == week.pk
    lessons = TimetableLesson.objects.filter(period__timetable=week).order_by("period__day")
    assert [(one.pk == lesson.pk, one.subject, one.rooms) for one in lessons] == [
        (True, "Year 7 maths", ["12"]), (False, "", []),
    ]  # fmt: skip
    assert Timetable.objects.get(pk=week.pk).end == END - DAY


def test_fewer_periods_take_their_lessons_along(world) -> None:
    week = typed(world)
    typed(world, taught=[(0, 0)], periods=[one for one in PERIODS if one.position < 3])
    assert week.periods.count() == 15
    assert TimetableLesson.objects.filter(period__timetable=week).count() == 1


def test_a_later_week_ends_the_one_before(world) -> None:
    week = typed(world)
    later = typed(world, begin=BEGIN + 28 * DAY)
    week.refresh_from_db()
    assert week.end == later.begin - DAY
    put_away(later, by=world.lena, at=world.at)
    week.refresh_from_db()
    assert week.end == END


def test_weeks_of_others_stay(world) -> None:
    week = typed(world, who="ben")
    typed(world)
    week.refresh_from_db()
    assert (week.end, week.put_away_at) == (END, None)


def test_words_that_are_too_long_are_refused(world) -> None:
    week = typed(world)
    lesson = TimetableLesson.objects.filter(period__timetable=week).first()
    with pytest.raises(Refused, match="61 characters"):
        name_lessons(week, words={lesson.pk: ("x" * 61, "")}, by=world.lena, at=world.at)
    other = TimetableLesson.objects.filter(period__timetable=taken_in(world)).first()
    name_lessons(week, words={other.pk: ("mine", "")}, by=world.lena, at=world.at)
    other.refresh_from_db()
    assert other.subject == "Mathematics"


def test_the_week_of_last_term_again(world) -> None:
    week = typed(world)
    lesson = TimetableLesson.objects.get(period__timetable=week, period__day=0)
    name_lessons(week, words={lesson.pk: ("Maths", "12")}, by=world.lena, at=world.at)
    keep_free(world.lena, period=week.periods.get(day=1, position=1), by=world.lena, at=world.at)
    with pytest.raises(Refused, match="Change that one instead"):
        copy_week(week, begin=END, end=END + 90 * DAY, by=world.lena, at=world.at)
    copied = copy_week(week, begin=END + 3 * DAY, end=END + 90 * DAY, by=world.lena, at=world.at)
    found = lessons_of([world.lena.pk], begin=copied.begin, end=copied.begin + 4 * DAY)
    assert [(one.subject, one.period.position) for one in found] == [("Maths", 0), ("", 3)]
    assert KeptFree.objects.filter(person=world.lena, period__timetable=copied).count() == 1
    with pytest.raises(Refused, match="one's own"):
        copy_week(taken_in(world), begin=END, end=END, by=world.lena, at=world.at)


# Kept free


def test_nobody_keeps_a_period_in_which_she_teaches_or_of_another_school(world) -> None:
    timetable = taken_in(world)
    monday = timetable.periods.get(day=0, position=1)
    with pytest.raises(Refused, match="You teach in “1”"):
        keep_free(world.ana, period=monday, by=world.ana, at=world.at)
    with pytest.raises(Refused, match="not that of your school"):
        keep_free(world.mai, period=monday, by=world.mai, at=world.at)
    with pytest.raises(Refused, match="not that of your school"):
        keep_free(world.ben, period=typed(world).periods.first(), by=world.ben, at=world.at)
    with pytest.raises(Refused, match="no such period"):
        keep_these_free(world.ben, timetable=timetable, periods=[10**6], by=world.ben, at=world.at)
    assert not KeptFree.objects.exists()


def test_what_is_kept_is_found_on_its_dates_and_given_up(world) -> None:
    timetable = taken_in(world)
    monday = timetable.periods.get(day=0, position=1)
    keep_free(world.ben, period=monday, by=world.ben, at=world.at)
    keep_free(world.ben, period=monday, by=world.ben, at=world.at)
    spans = kept_free_of([world.ben.pk], periods_between([timetable], begin=BEGIN, end=BEGIN + 7 * DAY))
    assert [f"{span.begin:%d %H:%M}" for span in spans[world.ben.pk]] == ["04 07:00", "11 07:00"]
    assert keep_these_free(world.ben, timetable=timetable, periods=[], by=world.ben, at=world.at) == 0
    assert not KeptFree.objects.exists()


def test_what_is_kept_is_these_periods_and_no_others(world) -> None:
    timetable = taken_in(world)
    one, other = timetable.periods.filter(position=1)
    assert keep_these_free(world.ben, timetable=timetable, periods=[one.pk], by=world.ben, at=world.at) == 1
    assert keep_these_free(world.ben, timetable=timetable, periods=[other.pk], by=world.ben, at=world.at) == 1
    assert list(KeptFree.objects.values_list("period", flat=True)) == [other.pk]


def test_bell_times_follow_one_another() -> None:
    assert evenly([3, 1], begins=time(8), minutes=50, between=10) == {
        1: bells("08:00", "08:50"), 3: bells("09:00", "09:50"),
    }  # fmt: skip
    assert evenly([0, 1], begins=time(23), minutes=45, between=5) == {0: bells("23:00", "23:45")}
