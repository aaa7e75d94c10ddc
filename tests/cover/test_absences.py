"""Away, and back after all."""

from datetime import timedelta

import pytest

from sidebyside.base.refusals import Refused
from sidebyside.calendars.models import TimetableTeacher
from sidebyside.cover import actions
from sidebyside.cover.models import Away, CoverOffer, CoverRequest
from tests.cover.conftest import AT, ON, Staff, moment

pytestmark = pytest.mark.django_db
Kind = CoverOffer.Kind
DAY = timedelta(days=1)


def mark(staff: Staff, name: str, begin: object = None, end: object = None) -> Away:
    return actions.mark_away(
        staff.people[name],
        school=staff.school,
        begin=begin or moment(0),
        end=end or moment(0) + DAY,
        by=staff.olu,
        at=AT,
    )


def open_of(staff: Staff, name: str) -> list[tuple[str, object, object]]:
    rows = CoverRequest.objects.filter(person=staff.people[name], cancelled_at=None).order_by("begin")
    return [(row.period, row.begin, row.end) for row in rows]


def test_each_of_her_lessons_needs_somebody_and_no_reason_is_kept(staff: Staff) -> None:
    absence = mark(staff, "ana")
    assert open_of(staff, "ana") == [("1", moment(8, 30), moment(9, 15)), ("2", moment(9, 25), moment(10, 10))]
    assert absence.requests.count() == 2
    assert {field.name for field in Away._meta.fields} == {
        "id", "person", "school", "begin", "end", "marked_at", "marked_by", "ended_at", "ended_by",
    }  # fmt: skip


def test_only_the_part_in_which_she_is_away(staff: Staff) -> None:
    mark(staff, "ana", moment(9), moment(9, 45))
    assert open_of(staff, "ana") == [("1", moment(9), moment(9, 15)), ("2", moment(9, 25), moment(9, 45))]


def test_what_is_over_needs_nobody(staff: Staff) -> None:
    actions.mark_away(
        staff.ana, school=staff.school, begin=moment(0), end=moment(0) + DAY, by=staff.ana, at=moment(9, 20)
    )
    assert open_of(staff, "ana") == [("2", moment(9, 25), moment(10, 10))]


def test_what_was_asked_before_stays_one_request(staff: Staff) -> None:
    before = staff.ask("ana", 0)
    mark(staff, "ana")
    assert CoverRequest.objects.filter(person=staff.ana, begin=before.begin).count() == 1
    assert len(open_of(staff, "ana")) == 2


def test_a_second_teacher_stays_with_the_class_unless_away_too(staff: Staff) -> None:
    lesson = staff.timetable.periods.get(day=3, position=0).lessons.get(event="ana0")
    lesson.teachers.add(TimetableTeacher.objects.get(name="lena"))
    absence = mark(staff, "ana")
    assert [period for period, *_rest in open_of(staff, "ana")] == ["2"]
    actions.end_away(absence, by=staff.ana, at=AT)
    mark(staff, "lena")
    assert [period for period, *_rest in open_of(staff, "lena")] == ["3"]
    mark(staff, "ana")
    assert [period for period, *_rest in open_of(staff, "ana")] == ["1", "2"]


def test_a_second_teacher_whom_nobody_knows_here_stays_as_well(staff: Staff) -> None:
    lesson = staff.timetable.periods.get(day=3, position=0).lessons.get(event="ana0")
    lesson.teachers.add(TimetableTeacher.objects.create(timetable=staff.timetable, name="A guest"))
    mark(staff, "ana")
    assert [period for period, *_rest in open_of(staff, "ana")] == ["2"]


def test_without_bell_times_there_is_nothing_to_ask(staff: Staff) -> None:
    staff.timetable.periods.update(begins=None, ends=None)
    mark(staff, "ana")
    assert open_of(staff, "ana") == []


def test_the_lessons_of_others_that_she_was_to_take_are_open_again(staff: Staff) -> None:
    offer = actions.choose(staff.ask("ben", 0), kind=Kind.COLLEAGUE, person=staff.lena, by=staff.olu, at=AT)
    actions.send(offer, by=staff.olu, at=AT, agreed=True)
    mark(staff, "lena")
    offer.refresh_from_db()
    assert offer.withdrawn_at == AT


def test_she_comes_after_all_and_nobody_is_needed(staff: Staff) -> None:
    absence = mark(staff, "ana")
    first = CoverRequest.objects.get(person=staff.ana, period="1")
    offer = actions.choose(first, kind=Kind.COLLEAGUE, person=staff.chen, by=staff.olu, at=AT)
    actions.send(offer, by=staff.olu, at=AT, agreed=True)
    actions.end_away(absence, by=staff.ana, at=AT)
    offer.refresh_from_db()
    assert offer.withdrawn_at == AT
    assert open_of(staff, "ana") == []
    with pytest.raises(Refused, match="ended already"):
        actions.end_away(absence, by=staff.ana, at=AT)
    # And she may be away again.
    assert mark(staff, "ana").requests.count() == 2


def test_who_comes_at_noon_leaves_what_is_over_as_it_was(staff: Staff) -> None:
    absence = mark(staff, "ana")
    actions.end_away(absence, by=staff.ana, at=moment(9, 20))
    assert [period for period, *_rest in open_of(staff, "ana")] == ["1"]


def test_times_that_make_no_sense_are_refused(staff: Staff) -> None:
    for begin, end, sentence in (
        (moment(9), moment(9), "end comes before"),
        (moment(6), moment(7), "over"),
        (moment(9), moment(9) + 61 * DAY, "60 days"),
    ):
        with pytest.raises(Refused, match=sentence):
            mark(staff, "ana", begin, end)
    mark(staff, "ana")
    with pytest.raises(Refused, match="away then already"):
        mark(staff, "ana", moment(9), moment(10))


def test_weeks_make_a_request_for_each_lesson_of_each_day(staff: Staff) -> None:
    mark(staff, "ana", moment(0), moment(0, on=ON + 5 * DAY))
    # Thursday, Friday and Monday.
    assert len(open_of(staff, "ana")) == 6
