"""Making, moving, cancelling and answering: nobody is in two places, and a clock that changes moves no meeting."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.actions.booking_days import days_touched
from sidebyside.calendars.models import Appointment, Attendee, BookedDay, BusyTime, OutsideCalendar, Series
from sidebyside.calendars.queries import engaged
from sidebyside.calendars.repeating import NoRule, beginnings, rule_of

LISBON = "Europe/Lisbon"
HALF = timedelta(minutes=30)
MEETING, OWN = Appointment.Kind.MEETING, Appointment.Kind.OWN


@pytest.fixture
def nine(world):
    """Nine o'clock in Lisbon, two days from now."""
    return (world.at.astimezone(ZoneInfo(LISBON)) + timedelta(days=2)).replace(
        hour=9, minute=0, second=0, microsecond=0
    )


@pytest.fixture
def meet(world, nine):
    def make(*people, begin=nine, lasting=HALF, by=None, kind=MEETING, room=""):
        people = people or (world.ana, world.ben)
        by = by or people[0]
        return verbs.make(
            kind=kind, begin=begin, end=begin + lasting, zone=LISBON, people=people, by=by, at=world.at, room=room
        )

    return make


def answers(appointment):
    return dict(appointment.attendees.values_list("person__given_name", "answer"))


# Nobody is in two places


def test_who_has_another_appointment_is_named_with_the_time_and_without_the_thing(world, meet, nine):
    meet(world.ben, world.lena, room="Cellar")
    with pytest.raises(Refused) as refused:
        meet(world.ana, world.ben, begin=nine + timedelta(minutes=29))
    assert refused.value.sentence.startswith("Ben is not free on ")
    assert refused.value.sentence.endswith("from 09:29 to 09:59.")
    assert "Cellar" not in refused.value.sentence
    assert "Lena" not in refused.value.sentence
    assert Appointment.objects.count() == 1


def test_she_is_told_of_herself_first(world, meet):
    meet(world.ana, world.ben)
    with pytest.raises(Refused, match="^You are not free on "):
        meet(world.ben, world.ana)


def test_one_after_the_other_is_no_overlap(world, meet, nine):
    meet(world.ana, world.ben)
    assert meet(world.ana, world.lena, begin=nine + HALF).pk
    assert meet(world.ana, world.lena, begin=nine - HALF).pk


def test_a_busy_time_from_outside_counts_until_its_calendar_is_stopped(world, meet, nine):
    outside = OutsideCalendar.objects.create(person=world.ben, address="https://example.org/x.ics", added_at=world.at)
    BusyTime.objects.create(calendar=outside, person=world.ben, begin=nine - HALF, end=nine + timedelta(minutes=1))
    with pytest.raises(Refused, match="Ben is not free"):
        meet()
    outside.ended_at = world.at
    outside.save(update_fields=["ended_at"])
    assert meet().pk


def test_who_declined_is_free(world, meet):
    first = meet(world.ana, world.ben)
    verbs.answer(first.attendees.get(person=world.ben), answer="no", by=world.ben, at=world.at)
    assert meet(world.ben, world.lena).pk


def test_her_own_time_may_lie_anywhere_and_then_keeps_her_free_of_others(world, meet, nine):
    meet(world.ana, world.ben)
    meet(world.ben, kind=OWN, lasting=timedelta(hours=3))
    with pytest.raises(Refused, match="Ben is not free"):
        meet(world.lena, world.ben, begin=nine + timedelta(hours=2))


def test_who_comes_after_all_must_be_free_still(world, meet):
    first = meet(world.ana, world.ben)
    attendee = first.attendees.get(person=world.ben)
    verbs.answer(attendee, answer="no", by=world.ben, at=world.at)
    meet(world.ben, world.lena)
    with pytest.raises(Refused, match="You are not free"):
        verbs.answer(attendee, answer="yes", by=world.ben, at=world.at)
    attendee.refresh_from_db()
    assert attendee.answer == "no"


def test_moving_onto_something_else_is_refused_and_onto_itself_is_not(world, meet, nine):
    first = meet()
    meet(world.ben, world.lena, begin=nine + timedelta(hours=1))
    with pytest.raises(Refused, match="Ben is not free"):
        verbs.move(first, begin=nine + HALF, end=nine + 3 * HALF, by=world.ana, at=world.at)
    verbs.move(first, begin=nine + timedelta(minutes=10), end=nine + timedelta(minutes=50), by=world.ana, at=world.at)
    first.refresh_from_db()
    assert first.begin == nine + timedelta(minutes=10)


def test_the_days_of_all_are_taken_before_anybody_is_asked(world, meet, nine):
    meet()
    taken = set(BookedDay.objects.values_list("person", "on"))
    assert taken == {(person.pk, nine.date()) for person in (world.ana, world.ben)}


def test_the_same_time_in_two_zones_has_a_date_in_common():
    begin = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    for zone in ("Pacific/Auckland", "America/Los_Angeles", "UTC"):
        assert date(2026, 11, 26) in days_touched(begin, begin + HALF, zone)


@pytest.mark.parametrize(
    ("begin", "lasting"), [(0, -30), (0, 0), (0, 25 * 60), (-9 * 24 * 60, 30)], ids=["back", "none", "long", "over"]
)
def test_times_that_are_none_are_refused(world, meet, nine, begin, lasting):
    with pytest.raises(Refused):
        meet(begin=nine + timedelta(minutes=begin), lasting=timedelta(minutes=lasting))
    assert not Appointment.objects.exists()


# Answers


def test_who_makes_it_comes_and_the_others_are_asked(world, meet):
    assert answers(meet()) == {"Ana": "yes", "Ben": "asked"}


def test_a_cover_desk_that_makes_it_does_not_come(world, meet):
    assert answers(meet(world.ana, world.ben, by=world.olu)) == {"Ana": "asked", "Ben": "asked"}


def test_at_another_time_the_others_are_asked_anew(world, meet, nine):
    made = meet(world.ana, world.ben, world.lena)
    for person in (world.ben, world.lena):
        verbs.answer(made.attendees.get(person=person), answer="yes", by=person, at=world.at)
    verbs.move(made, begin=nine + HALF, end=nine + 2 * HALF, by=world.ben, at=world.at)
    assert answers(made) == {"Ana": "asked", "Ben": "yes", "Lena": "asked"}
    assert made.sequence == 1


def test_in_another_room_nobody_is_asked_again(world, meet, nine):
    made = meet()
    verbs.answer(made.attendees.get(person=world.ben), answer="perhaps", by=world.ben, at=world.at)
    verbs.move(made, begin=made.begin, end=made.end, room=" Room  12 ", by=world.ana, at=world.at)
    assert (made.room, made.sequence, answers(made)) == ("Room 12", 1, {"Ana": "yes", "Ben": "perhaps"})


def test_what_changes_nothing_is_no_change(world, meet):
    made = meet(room="12")
    verbs.move(made, begin=made.begin, end=made.end, room="12", by=world.ana, at=world.at)
    assert made.sequence == 0
    assert not Event.objects.filter(kind="appointment.moved").exists()


def test_nobody_answers_for_another(world, meet):
    made = meet()
    with pytest.raises(Refused):
        verbs.answer(made.attendees.get(person=world.ben), answer="yes", by=world.ana, at=world.at)
    assert answers(made)["Ben"] == "asked"


def test_what_was_cancelled_is_neither_moved_nor_answered_nor_cancelled_twice(world, meet, nine):
    made = meet()
    verbs.cancel(made, by=world.ben, at=world.at)
    verbs.cancel(made, by=world.ben, at=world.at)
    assert made.sequence == 1
    with pytest.raises(Refused, match="cancelled"):
        verbs.move(made, begin=nine + HALF, end=nine + 2 * HALF, by=world.ana, at=world.at)
    with pytest.raises(Refused, match="cancelled"):
        verbs.answer(made.attendees.get(person=world.ben), answer="yes", by=world.ben, at=world.at)
    assert Event.objects.filter(kind="appointment.cancelled").count() == 1
    assert engaged([world.ana.pk], begin=nine, end=nine + HALF) == {world.ana.pk: []}


def test_what_is_over_stays_as_it_was(world, meet, nine):
    made, later = meet(), nine + timedelta(days=1)
    with pytest.raises(Refused, match="over"):
        verbs.cancel(made, by=world.ana, at=later)
    with pytest.raises(Refused, match="over"):
        verbs.answer(made.attendees.get(person=world.ben), answer="yes", by=world.ben, at=later)
    with pytest.raises(Refused, match="over"):
        verbs.move(made, begin=later + HALF, end=later + 2 * HALF, by=world.ana, at=later)


def test_a_change_that_another_made_meanwhile_is_seen(world, meet, nine):
    made = meet()
    stale = Appointment.objects.get(pk=made.pk)
    verbs.cancel(made, by=world.ana, at=world.at)
    with pytest.raises(Refused, match="cancelled"):
        verbs.move(stale, begin=nine + HALF, end=nine + 2 * HALF, by=world.ben, at=world.at)


# Series


def series(world, begin, rule="FREQ=WEEKLY;INTERVAL=1;COUNT=4", people=(), **more):
    people = people or (world.ana, world.ben)
    return verbs.make_series(
        kind=MEETING,
        begin=begin,
        end=begin + HALF,
        zone=LISBON,
        people=people,
        rule=rule,
        by=people[0],
        at=min(world.at, begin),
        **more,
    )


def test_each_time_is_an_appointment_of_its_own(world, nine):
    made = series(world, nine, rule="FREQ=WEEKLY;INTERVAL=2;COUNT=3")
    rows = list(made.appointments.order_by("begin"))
    there = [row.begin.astimezone(ZoneInfo(LISBON)).replace(tzinfo=None) for row in rows]
    assert [moment - there[0] for moment in there] == [timedelta(0), timedelta(days=14), timedelta(days=28)]
    assert {row.uid for row in rows} == {made.uid}
    assert [row.first_begin for row in rows] == [row.begin for row in rows]
    assert Attendee.objects.filter(appointment__series=made).count() == 6


def test_one_time_moved_keeps_its_name_in_the_series(world, nine):
    made = series(world, nine)
    second = made.appointments.order_by("begin")[1]
    verbs.move(second, begin=second.begin + HALF, end=second.end + HALF, by=world.ben, at=world.at)
    second.refresh_from_db()
    assert second.begin - second.first_begin == HALF
    assert sorted(made.appointments.values_list("sequence", flat=True)) == [0, 0, 0, 1]


def test_a_taken_time_refuses_the_series_or_is_passed_over(world, meet, nine):
    there = (nine + timedelta(days=7)).replace(tzinfo=None).replace(tzinfo=ZoneInfo(LISBON))
    meet(world.ben, world.lena, begin=there)
    with pytest.raises(Refused, match="Ben is not free"):
        series(world, nine)
    assert not Series.objects.exists()
    made = series(world, nine, pass_over_busy=True)
    assert made.appointments.count() == 3
    assert not made.appointments.filter(begin=there).exists()


def test_ending_a_series_keeps_what_took_place(world, nine):
    made = series(world, nine)
    after = nine + timedelta(days=8)
    assert verbs.end_series(made, by=world.ben, at=after) == 2
    assert made.appointments.filter(cancelled_at=None).count() == 2
    assert made.rule == f"FREQ=WEEKLY;INTERVAL=1;UNTIL={nine + timedelta(days=7):%Y%m%d}"
    assert made.sequence == 1
    assert verbs.end_series(made, by=world.ben, at=after) == 0


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY;COUNT=3", "FREQ=WEEKLY", "FREQ=WEEKLY;COUNT=0", "FREQ=WEEKLY;UNTIL=20261399", "RRULE:", ""],
)
def test_rules_that_are_not_ours_are_refused(world, nine, rule):
    with pytest.raises(Refused):
        series(world, nine, rule=rule)


def test_more_than_sixty_times_are_refused(world, nine):
    with pytest.raises(Refused, match="60"):
        series(world, nine, rule="FREQ=WEEKLY;COUNT=61")
    with pytest.raises(Refused, match="60"):
        series(world, nine, rule="FREQ=WEEKLY;UNTIL=20991231")


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/New_York"])
def test_a_series_stays_at_its_hour_when_the_clocks_change(zone):
    begin = datetime(2026, 10, 15, 10, 40, tzinfo=ZoneInfo(zone))
    moments = beginnings(rule_of(weeks=1, times=6), begin, zone)
    assert {f"{moment.astimezone(ZoneInfo(zone)):%a %H:%M}" for moment in moments} == {"Thu 10:40"}
    assert len({moment.utcoffset() for moment in (m.astimezone(ZoneInfo(zone)) for m in moments)}) == 2


def test_a_series_up_to_a_day_has_that_day():
    begin = datetime(2026, 11, 26, 23, 30, tzinfo=ZoneInfo(LISBON))
    assert len(beginnings(rule_of(weeks=1, until=date(2026, 12, 10)), begin, LISBON)) == 3
    assert len(beginnings(rule_of(weeks=1, until=date(2026, 12, 9)), begin, LISBON)) == 2
    with pytest.raises(NoRule):
        rule_of(weeks=1)
