"""Making, moving, cancelling and answering: nobody is in two places, and a clock that changes moves no meeting."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments as verbs
from sidebyside.calendars.actions.booking_days import days_touched
from sidebyside.calendars.models import Appointment, Attendee, BookedDay, BusyTime, OutsideCalendar, Series
from sidebyside.calendars.queries import engaged
from sidebyside.calendars.repeating import NoRule, beginnings, rule_of
from tests.pairs import pair
from tests.pairs import person as somebody

pytestmark = pytest.mark.django_db
LISBON = "Europe/Lisbon"
HALF = timedelta(minutes=30)
MEETING, OWN = Appointment.Kind.MEETING, Appointment.Kind.OWN


@pytest.fixture
def us(db) -> SimpleNamespace:
    """Four of one school, and a moment in November."""
    found = pair()
    at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    return SimpleNamespace(
        ana=found.coach, ben=found.partner, lena=found.outsider, olu=somebody("Olu", school=found.school), at=at
    )


@pytest.fixture
def nine(us):
    """Nine o'clock in Lisbon, two days from now."""
    return (us.at.astimezone(ZoneInfo(LISBON)) + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)


@pytest.fixture
def meet(us, nine):
    def make(*people, begin=nine, lasting=HALF, by=None, kind=MEETING, room=""):
        people = people or (us.ana, us.ben)
        by = by or people[0]
        return verbs.make(
            kind=kind, begin=begin, end=begin + lasting, zone=LISBON, people=people, by=by, at=us.at, room=room
        )

    return make


def answers(appointment):
    return dict(appointment.attendees.values_list("person__given_name", "answer"))


# Nobody is in two places


def test_who_has_another_appointment_is_named_with_the_time_and_without_the_thing(us, meet, nine):
    meet(us.ben, us.lena, room="Cellar")
    with pytest.raises(Refused) as refused:
        meet(us.ana, us.ben, begin=nine + timedelta(minutes=29))
    assert refused.value.sentence.startswith("Ben is not free on ")
    assert refused.value.sentence.endswith("from 09:29 to 09:59.")
    assert "Cellar" not in refused.value.sentence
    assert "Lena" not in refused.value.sentence
    assert Appointment.objects.count() == 1


def test_she_is_told_of_herself_first(us, meet):
    meet(us.ana, us.ben)
    with pytest.raises(Refused, match="^You are not free on "):
        meet(us.ben, us.ana)


def test_one_after_the_other_is_no_overlap(us, meet, nine):
    meet(us.ana, us.ben)
    assert meet(us.ana, us.lena, begin=nine + HALF).pk
    assert meet(us.ana, us.lena, begin=nine - HALF).pk


def test_a_busy_time_from_outside_counts_until_its_calendar_is_stopped(us, meet, nine):
    outside = OutsideCalendar.objects.create(person=us.ben, address="https://example.org/x.ics", added_at=us.at)
    BusyTime.objects.create(calendar=outside, person=us.ben, begin=nine - HALF, end=nine + timedelta(minutes=1))
    with pytest.raises(Refused, match="Ben is not free"):
        meet()
    outside.ended_at = us.at
    outside.save(update_fields=["ended_at"])
    assert meet().pk


def test_who_declined_is_free(us, meet):
    first = meet(us.ana, us.ben)
    verbs.answer(first.attendees.get(person=us.ben), answer="no", by=us.ben, at=us.at)
    assert meet(us.ben, us.lena).pk


def test_her_own_time_may_lie_anywhere_and_then_keeps_her_free_of_others(us, meet, nine):
    meet(us.ana, us.ben)
    meet(us.ben, kind=OWN, lasting=timedelta(hours=3))
    with pytest.raises(Refused, match="Ben is not free"):
        meet(us.lena, us.ben, begin=nine + timedelta(hours=2))


def test_who_comes_after_all_must_be_free_still(us, meet):
    first = meet(us.ana, us.ben)
    attendee = first.attendees.get(person=us.ben)
    verbs.answer(attendee, answer="no", by=us.ben, at=us.at)
    meet(us.ben, us.lena)
    with pytest.raises(Refused, match="You are not free"):
        verbs.answer(attendee, answer="yes", by=us.ben, at=us.at)
    attendee.refresh_from_db()
    assert attendee.answer == "no"


def test_moving_onto_something_else_is_refused_and_onto_itself_is_not(us, meet, nine):
    first = meet()
    meet(us.ben, us.lena, begin=nine + timedelta(hours=1))
    with pytest.raises(Refused, match="Ben is not free"):
        verbs.move(first, begin=nine + HALF, end=nine + 3 * HALF, by=us.ana, at=us.at)
    verbs.move(first, begin=nine + timedelta(minutes=10), end=nine + timedelta(minutes=50), by=us.ana, at=us.at)
    first.refresh_from_db()
    assert first.begin == nine + timedelta(minutes=10)


def test_the_days_of_all_are_taken_before_anybody_is_asked(us, meet, nine):
    meet()
    taken = set(BookedDay.objects.values_list("person", "on"))
    assert taken == {(person.pk, nine.date()) for person in (us.ana, us.ben)}


def test_the_same_time_in_two_zones_has_a_date_in_common():
    begin = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    for zone in ("Pacific/Auckland", "America/Los_Angeles", "UTC"):
        assert date(2026, 11, 26) in days_touched(begin, begin + HALF, zone)


@pytest.mark.parametrize(
    ("begin", "lasting"), [(0, -30), (0, 0), (0, 25 * 60), (-9 * 24 * 60, 30)], ids=["back", "none", "long", "over"]
)
def test_times_that_are_none_are_refused(us, meet, nine, begin, lasting):
    with pytest.raises(Refused):
        meet(begin=nine + timedelta(minutes=begin), lasting=timedelta(minutes=lasting))
    assert not Appointment.objects.exists()


# Answers


def test_who_makes_it_comes_and_the_others_are_asked(us, meet):
    assert answers(meet()) == {"Ana": "yes", "Ben": "asked"}


def test_a_cover_desk_that_makes_it_does_not_come(us, meet):
    assert answers(meet(us.ana, us.ben, by=us.olu)) == {"Ana": "asked", "Ben": "asked"}


def test_at_another_time_the_others_are_asked_anew(us, meet, nine):
    made = meet(us.ana, us.ben, us.lena)
    for person in (us.ben, us.lena):
        verbs.answer(made.attendees.get(person=person), answer="yes", by=person, at=us.at)
    verbs.move(made, begin=nine + HALF, end=nine + 2 * HALF, by=us.ben, at=us.at)
    assert answers(made) == {"Ana": "asked", "Ben": "yes", "Lena": "asked"}
    assert made.sequence == 1


def test_in_another_room_nobody_is_asked_again(us, meet, nine):
    made = meet()
    verbs.answer(made.attendees.get(person=us.ben), answer="perhaps", by=us.ben, at=us.at)
    verbs.move(made, begin=made.begin, end=made.end, room=" Room  12 ", by=us.ana, at=us.at)
    assert (made.room, made.sequence, answers(made)) == ("Room 12", 1, {"Ana": "yes", "Ben": "perhaps"})


def test_what_changes_nothing_is_no_change(us, meet):
    made = meet(room="12")
    verbs.move(made, begin=made.begin, end=made.end, room="12", by=us.ana, at=us.at)
    assert made.sequence == 0
    assert not Event.objects.filter(kind="appointment.moved").exists()


def test_nobody_answers_for_another(us, meet):
    made = meet()
    with pytest.raises(Refused):
        verbs.answer(made.attendees.get(person=us.ben), answer="yes", by=us.ana, at=us.at)
    assert answers(made)["Ben"] == "asked"


def test_what_was_cancelled_is_neither_moved_nor_answered_nor_cancelled_twice(us, meet, nine):
    made = meet()
    verbs.cancel(made, by=us.ben, at=us.at)
    verbs.cancel(made, by=us.ben, at=us.at)
    assert made.sequence == 1
    with pytest.raises(Refused, match="cancelled"):
        verbs.move(made, begin=nine + HALF, end=nine + 2 * HALF, by=us.ana, at=us.at)
    with pytest.raises(Refused, match="cancelled"):
        verbs.answer(made.attendees.get(person=us.ben), answer="yes", by=us.ben, at=us.at)
    assert Event.objects.filter(kind="appointment.cancelled").count() == 1
    assert engaged([us.ana.pk], begin=nine, end=nine + HALF) == {us.ana.pk: []}


def test_what_is_over_stays_as_it_was(us, meet, nine):
    made, later = meet(), nine + timedelta(days=1)
    with pytest.raises(Refused, match="over"):
        verbs.cancel(made, by=us.ana, at=later)
    with pytest.raises(Refused, match="over"):
        verbs.answer(made.attendees.get(person=us.ben), answer="yes", by=us.ben, at=later)
    with pytest.raises(Refused, match="over"):
        verbs.move(made, begin=later + HALF, end=later + 2 * HALF, by=us.ana, at=later)


def test_a_change_that_another_made_meanwhile_is_seen(us, meet, nine):
    made = meet()
    stale = Appointment.objects.get(pk=made.pk)
    verbs.cancel(made, by=us.ana, at=us.at)
    with pytest.raises(Refused, match="cancelled"):
        verbs.move(stale, begin=nine + HALF, end=nine + 2 * HALF, by=us.ben, at=us.at)


# Series


def series(us, begin, rule="FREQ=WEEKLY;INTERVAL=1;COUNT=4", people=(), **more):
    people = people or (us.ana, us.ben)
    return verbs.make_series(
        kind=MEETING,
        begin=begin,
        end=begin + HALF,
        zone=LISBON,
        people=people,
        rule=rule,
        by=people[0],
        at=min(us.at, begin),
        **more,
    )


def test_each_time_is_an_appointment_of_its_own(us, nine):
    made = series(us, nine, rule="FREQ=WEEKLY;INTERVAL=2;COUNT=3")
    rows = list(made.appointments.order_by("begin"))
    there = [row.begin.astimezone(ZoneInfo(LISBON)).replace(tzinfo=None) for row in rows]
    assert [moment - there[0] for moment in there] == [timedelta(0), timedelta(days=14), timedelta(days=28)]
    assert {row.uid for row in rows} == {made.uid}
    assert [row.first_begin for row in rows] == [row.begin for row in rows]
    assert Attendee.objects.filter(appointment__series=made).count() == 6


def test_one_time_moved_keeps_its_name_in_the_series(us, nine):
    made = series(us, nine)
    second = made.appointments.order_by("begin")[1]
    verbs.move(second, begin=second.begin + HALF, end=second.end + HALF, by=us.ben, at=us.at)
    second.refresh_from_db()
    assert second.begin - second.first_begin == HALF
    assert sorted(made.appointments.values_list("sequence", flat=True)) == [0, 0, 0, 1]


def test_a_taken_time_refuses_the_series_or_is_passed_over(us, meet, nine):
    there = (nine + timedelta(days=7)).replace(tzinfo=None).replace(tzinfo=ZoneInfo(LISBON))
    meet(us.ben, us.lena, begin=there)
    with pytest.raises(Refused, match="Ben is not free"):
        series(us, nine)
    assert not Series.objects.exists()
    made = series(us, nine, pass_over_busy=True)
    assert made.appointments.count() == 3
    assert not made.appointments.filter(begin=there).exists()


def test_ending_a_series_keeps_what_took_place(us, nine):
    made = series(us, nine)
    after = nine + timedelta(days=8)
    assert verbs.end_series(made, by=us.ben, at=after) == 2
    assert made.appointments.filter(cancelled_at=None).count() == 2
    assert made.rule == f"FREQ=WEEKLY;INTERVAL=1;UNTIL={nine + timedelta(days=7):%Y%m%d}"
    assert made.sequence == 1
    assert verbs.end_series(made, by=us.ben, at=after) == 0


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY;COUNT=3", "FREQ=WEEKLY", "FREQ=WEEKLY;COUNT=0", "FREQ=WEEKLY;UNTIL=20261399", "RRULE:", ""],
)
def test_rules_that_are_not_ours_are_refused(us, nine, rule):
    with pytest.raises(Refused):
        series(us, nine, rule=rule)


def test_more_than_sixty_times_are_refused(us, nine):
    with pytest.raises(Refused, match="60"):
        series(us, nine, rule="FREQ=WEEKLY;COUNT=61")
    with pytest.raises(Refused, match="60"):
        series(us, nine, rule="FREQ=WEEKLY;UNTIL=20991231")


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
