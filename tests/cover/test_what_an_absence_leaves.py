"""What an absence does not touch: what took place, other schools, other absences; and what leaving takes along."""

from datetime import time, timedelta

import pytest

from sidebyside.calendars.actions.special_days import set_special_day
from sidebyside.calendars.models import Period, Timetable, TimetableLesson, TimetableTeacher
from sidebyside.cover import actions
from sidebyside.cover.models import Away, CoverOffer, CoverRequest
from sidebyside.people.models import Person
from sidebyside.places.actions import add_place, end_post, give_post
from sidebyside.places.models import Place
from sidebyside.policy import seen
from tests.cover.conftest import AT, ON, Staff, moment

pytestmark = pytest.mark.django_db
Kind = CoverOffer.Kind
DAY = timedelta(days=1)


def takes(staff: Staff, who: str, request: CoverRequest) -> CoverOffer:
    offer = actions.choose(request, kind=Kind.COLLEAGUE, person=staff.people[who], by=staff.olu, at=AT)
    actions.send(offer, by=staff.olu, at=AT, agreed=True)
    offer.refresh_from_db()
    return offer


def away(staff: Staff, name: str, begin=None, end=None, at=AT) -> Away:
    begin, end = begin or moment(0), end or moment(0) + DAY
    return actions.mark_away(staff.people[name], school=staff.school, begin=begin, end=end, by=staff.olu, at=at)


def open_lessons(person: Person) -> list[object]:
    return list(CoverRequest.objects.filter(person=person, cancelled_at=None).order_by("begin").values_list("begin"))


def test_a_lesson_she_took_in_the_morning_stays_hers(staff: Staff) -> None:
    offer = takes(staff, "ben", staff.ask("ana", 1))
    away(staff, "ben", at=moment(12))
    offer.refresh_from_db()
    assert offer.is_alive
    actions.thank(offer, by=staff.ana, at=moment(13))


def test_she_is_away_from_both_her_schools(staff: Staff) -> None:
    """The desk of one cannot know of the other, so one absence must not stand in the way of the other."""
    other = add_place(kind=Place.Kind.SCHOOL, name="Fell", parent=staff.school.parent, by=None, at=AT - 90 * DAY)
    give_post(staff.ana, place=other, title="teacher", from_date=ON - 60 * DAY, at=AT)
    made = Timetable.objects.create(
        school=other, name="Fell", begin=ON - 9 * DAY, end=ON + 9 * DAY, days=["Thu"], weekdays=[3], made_at=AT
    )
    period = Period.objects.create(timetable=made, day=0, position=0, name="1", begins=time(14), ends=time(15))
    lesson = TimetableLesson.objects.create(period=period, event="choir", subject="Choir")
    lesson.teachers.add(TimetableTeacher.objects.create(timetable=made, name="Ana", person=staff.ana))
    away(staff, "ana")
    actions.mark_away(staff.ana, school=other, begin=moment(0), end=moment(0) + DAY, by=staff.ana, at=AT)
    assert open_lessons(staff.ana) == [(moment(8, 30),), (moment(9, 25),), (moment(14),)]


def test_who_comes_after_all_may_be_away_by_another_absence(staff: Staff) -> None:
    first = away(staff, "ana", moment(8), moment(9, 20))
    away(staff, "ana", moment(8), moment(12))
    actions.end_away(first, by=staff.olu, at=AT)
    assert open_lessons(staff.ana) == [(moment(8, 30),), (moment(9, 25),)]
    actions.end_away(Away.objects.get(ended_at=None), by=staff.olu, at=AT)
    assert open_lessons(staff.ana) == []


def test_who_declines_after_a_yes_is_known_to_the_desk_alone(staff: Staff) -> None:
    offer = takes(staff, "ben", staff.ask("ana", 1))
    assert list(seen(staff.ana, CoverOffer)) == [offer]
    actions.say_no(offer, by=staff.ben, at=AT)
    assert list(seen(staff.ana, CoverOffer)) == []
    assert list(seen(staff.olu, CoverOffer)) == [offer]


def test_who_leaves_takes_no_lessons_any_more_and_needs_nobody(staff: Staff) -> None:
    offer = takes(staff, "ben", staff.ask("ana", 1))
    staff.ask("ben", 0, on=ON + 7 * DAY)
    end_post(staff.ben.posts.get(to_date=None), on=ON, at=AT)
    offer.refresh_from_db()
    assert not offer.is_alive
    assert open_lessons(staff.ana) == [(moment(9, 25),)]
    assert open_lessons(staff.ben) == []


def test_nobody_covers_on_a_day_without_lessons(staff: Staff) -> None:
    away(staff, "ana")
    offer = takes(staff, "ben", CoverRequest.objects.get(person=staff.ana, begin=moment(9, 25)))
    set_special_day(staff.timetable, on=ON, kind="closed", by=staff.olu, at=AT)
    assert open_lessons(staff.ana) == []
    offer.refresh_from_db()
    assert not offer.is_alive
