"""Which lessons a date has, and who is engaged when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sidebyside.calendars.actions.booking_days import take_days
from sidebyside.calendars.models import (
    Appointment,
    Attendee,
    BookedDay,
    BusyTime,
    KeptFree,
    OutsideCalendar,
    Period,
    SpecialDay,
    Term,
    Timetable,
)
from sidebyside.calendars.queries import (
    engaged,
    kept_free_of,
    lessons_of,
    periods_between,
    schools_of,
    terms_at,
    zone_at,
)
from sidebyside.calendars.slots import Span
from tests.calendars.school import AT, MONDAY, teaches, timetable

FRIDAY = MONDAY + timedelta(days=4)


def at(hour, minute, day=MONDAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.fixture
def school(world):
    """A timetable of Quay: Goran teaches on Monday in the first and third, Hana on Monday in the second."""
    made = timetable(world.quay)
    teaches(made, world.goran, (0, 0), (0, 2))
    teaches(made, world.hana, (0, 1), subject="Science")
    return made


def test_a_week_has_its_lessons_at_their_times(world, school):
    taught = lessons_of([world.goran.pk, world.hana.pk], begin=MONDAY, end=FRIDAY)
    assert [(one.on, one.period.name, one.subject) for one in taught] == [
        (MONDAY, "1", "Mathematics"),
        (MONDAY, "2", "Science"),
        (MONDAY, "3", "Mathematics"),
    ]
    assert taught[0].span == Span(at(8, 30), at(9, 15))
    assert taught[0].people == {world.goran.pk}
    assert taught[1].rooms == ("12",)


def test_times_follow_the_clock_of_the_school(world, school):
    """Lisbon is an hour ahead of UTC in summer."""
    summer = date(2027, 4, 5)
    (first, *_rest) = lessons_of([world.goran.pk], begin=summer, end=summer)
    assert first.span.begin == datetime(2027, 4, 5, 7, 30, tzinfo=UTC)


def test_only_in_force(world, school):
    assert lessons_of([world.goran.pk], begin=date(2026, 8, 24), end=date(2026, 8, 31)) == []
    Timetable.objects.update(put_away_at=AT)
    assert lessons_of([world.goran.pk], begin=MONDAY, end=FRIDAY) == []


def test_special_days(world, school):
    SpecialDay.objects.create(timetable=school, on=MONDAY, kind=SpecialDay.Kind.CLOSED, made_at=AT)
    tuesday = MONDAY + timedelta(days=1)
    SpecialDay.objects.create(timetable=school, on=tuesday, kind=SpecialDay.Kind.FOLLOWS, follows=0, made_at=AT)
    next_monday = MONDAY + timedelta(days=7)
    bells = {"0": ["10:00", "10:20"]}
    SpecialDay.objects.create(timetable=school, on=next_monday, kind=SpecialDay.Kind.BELLS, bells=bells, made_at=AT)
    taught = lessons_of([world.goran.pk], begin=MONDAY, end=next_monday)
    assert [(one.on, one.span.minutes) for one in taught] == [(tuesday, 45), (tuesday, 45), (next_monday, 20)]


def test_a_rotation_counts_the_closed_days_before_too(world):
    made = timetable(world.quay, days=("A", "B"), way=Timetable.Way.ROTATING, begin=MONDAY)
    teaches(made, world.goran, (0, 0))
    assert [one.on for one in lessons_of([world.goran.pk], begin=FRIDAY, end=FRIDAY)] == [FRIDAY]
    SpecialDay.objects.create(timetable=made, on=MONDAY, kind=SpecialDay.Kind.CLOSED, made_at=AT)
    assert lessons_of([world.goran.pk], begin=FRIDAY, end=FRIDAY) == []


def test_a_week_of_her_own_counts_while_no_timetable_names_her(world, school):
    own = timetable(world.quay, owner=world.goran)
    teaches(own, world.goran, (4, 0))
    other = timetable(world.quay, owner=world.emre)
    teaches(other, world.emre, (4, 1))
    taught = lessons_of([world.goran.pk, world.emre.pk], begin=MONDAY, end=FRIDAY)
    assert [(one.on, one.people) for one in taught] == [
        (MONDAY, {world.goran.pk}),
        (MONDAY, {world.goran.pk}),
        (FRIDAY, {world.emre.pk}),
    ]


def test_kept_periods_are_spans(world, school):
    period = Period.objects.get(timetable=school, day=0, position=1)
    KeptFree.objects.create(person=world.goran, period=period)
    periods = periods_between([school], begin=MONDAY, end=FRIDAY)
    assert len(periods) == 20
    assert kept_free_of([world.goran.pk, world.hana.pk], periods) == {world.goran.pk: [Span(at(9, 20), at(10, 5))]}


def test_engaged_is_what_she_has_not_declined(world):
    made = Appointment.objects.create(
        kind=Appointment.Kind.MEETING, uid="a", first_begin=at(12, 0), begin=at(12, 0), end=at(12, 30),
        zone="UTC", made_at=AT, made_by=world.goran, changed_at=AT,
    )  # fmt: skip
    for person, answer in ((world.goran, Attendee.Answer.YES), (world.hana, Attendee.Answer.NO)):
        Attendee.objects.create(appointment=made, person=person, answer=answer)
    calendar = OutsideCalendar.objects.create(person=world.hana, address="https://example.org/b.ics", added_at=AT)
    BusyTime.objects.create(calendar=calendar, person=world.hana, begin=at(9, 0), end=at(9, 30))
    people = [world.goran.pk, world.hana.pk, world.emre.pk]
    found = engaged(people, begin=at(0, 0), end=at(23, 0))
    assert found == {
        world.goran.pk: [Span(at(12, 0), at(12, 30))],
        world.hana.pk: [Span(at(9, 0), at(9, 30))],
        world.emre.pk: [],
    }
    assert engaged(people, begin=at(0, 0), end=at(23, 0), but=[made.pk])[world.goran.pk] == []
    Appointment.objects.update(cancelled_at=AT)
    OutsideCalendar.objects.update(ended_at=AT)
    assert engaged(people, begin=at(0, 0), end=at(23, 0)) == {person: [] for person in people}


def test_terms_of_the_nearest_place_hold(world):
    Term.objects.all().delete()
    Term.objects.create(place=world.harbour, name="Autumn", begin=date(2026, 9, 1), end=date(2026, 12, 18))
    assert [term.name for term in terms_at(world.quay.pk, begin=MONDAY, end=MONDAY)] == ["Autumn"]
    Term.objects.create(place=world.quay, name="Ours", begin=date(2026, 9, 7), end=date(2026, 12, 11))
    assert [term.name for term in terms_at(world.quay.pk, begin=MONDAY, end=MONDAY)] == ["Ours"]
    assert terms_at(world.fell.pk, begin=MONDAY, end=MONDAY) == []


def test_zone_and_school(world):
    assert zone_at(world.quay_arts.pk).key == "Europe/Lisbon"
    assert schools_of([world.goran.pk, world.emre.pk]) == {world.goran.pk: world.quay.pk}


@pytest.mark.parametrize("people", [1, 3])
def test_queries_do_not_grow_with_people(world, school, django_assert_num_queries, people):
    teaches(school, world.fatima, (0, 3))
    some = [person.pk for person in (world.goran, world.hana, world.fatima)][:people]
    with django_assert_num_queries(7):
        lessons_of(some, begin=MONDAY, end=FRIDAY)


def test_days_are_taken_in_a_transaction_alone(world):
    take_days([(world.goran.pk, MONDAY), (world.goran.pk, MONDAY)])
    take_days([(world.goran.pk, MONDAY)])
    assert BookedDay.objects.get(person=world.goran, on=MONDAY).version == 2


@pytest.mark.django_db(transaction=True)
def test_days_are_not_taken_outside_of_a_transaction(world):
    with pytest.raises(RuntimeError):
        take_days([(world.goran.pk, MONDAY)])
