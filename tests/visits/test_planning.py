"""Plan a term for a school and for one partnership: what is proposed, what is left alone, what is replaced."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.appointments import make
from sidebyside.calendars.models import Appointment, KeptFree, Period, SpecialDay
from sidebyside.calendars.slots import Span
from sidebyside.cycles.models import Cycle
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Partnership
from sidebyside.people.models import Person
from sidebyside.places.models import Place, Role
from sidebyside.visits import actions
from sidebyside.visits.actions import planning, taking
from sidebyside.visits.gathering import Pairing, Stretch, gather
from sidebyside.visits.models import PlannedVisit, TermPlan, Visit
from sidebyside.visits.planning_queries import pairings_of
from tests.calendars.school import MONDAY, teaches
from tests.pairs import cycle_template, partnership_of, person
from tests.visits.school import AT, FREE, moment, span

pytestmark = pytest.mark.django_db

DAY, WEEK = timedelta(days=1), timedelta(days=7)
END = MONDAY + 6 * WEEK - 3 * DAY
WEEKS = {"begin": MONDAY, "end": END}


@pytest.fixture
def school(staff):
    return staff.pair.school


def plan(staff, **more):
    values = {**WEEKS, "by": staff.desk, "at": AT}
    return planning.plan_term(staff.pair.school, **{**values, **more})


def ours(staff, **more):
    values = {**WEEKS, "by": staff.ben, "at": AT}
    return planning.plan_ours(staff.partnership, **{**values, **more})


def proposed(made=None):
    rows = PlannedVisit.objects.filter(taken_at=None, passed_over_at=None)
    return list((rows.filter(plan=made) if made else rows).order_by("begin"))


def week(one):
    return (one.begin.date() - MONDAY).days // 7


# What is refused


def test_days_that_make_no_sense_are_refused(staff, school):
    for begin, end, sentence in (
        (END, MONDAY, "after the first"),
        (MONDAY - 9 * WEEK, AT.date(), "over"),
        (MONDAY, MONDAY + 31 * WEEK, "30 weeks"),
    ):
        for verb in (plan, ours):
            with pytest.raises(Refused, match=sentence):
                verb(staff, begin=begin, end=end)
    assert not TermPlan.objects.exists()


def test_who_is_not_in_it_plans_nothing_for_it(staff):
    for outsider in (staff.lena, staff.mai, staff.desk):
        with pytest.raises(Refused, match="in this partnership"):
            ours(staff, by=outsider)
    assert not TermPlan.objects.exists()


def test_a_partnership_that_rests_or_has_ended_is_left_alone(staff):
    ours(staff)
    partnerships.rest(staff.partnership, by=staff.ben, at=AT)
    with pytest.raises(Refused, match="rests"):
        ours(staff)
    with pytest.raises(Refused, match="waits for a calendar"):
        plan(staff)
    partnerships.resume(staff.partnership, by=staff.ben, at=AT)
    partnerships.end(staff.partnership, by=staff.ben, at=AT)
    with pytest.raises(Refused, match="ended"):
        ours(staff)
    assert not proposed(), "the end takes what was proposed along"


def test_a_paused_cycle_is_left_alone(staff):
    Cycle.objects.update(paused_at=AT)
    with pytest.raises(Refused, match="waits for a calendar"):
        plan(staff)


def test_without_times_nothing_is_planned_and_the_page_can_say_why(staff):
    Period.objects.update(begins=None, ends=None)
    with pytest.raises(Refused, match="says when lessons begin"):
        ours(staff)
    asked = planning.ask_for_plan(staff.pair.school, **WEEKS, by=staff.desk, at=AT)
    planning.carry_out(asked, at=AT)
    asked.refresh_from_db()
    assert asked.numbers["state"] == "refused"
    assert "timetable" in asked.numbers["why"]
    assert not Event.objects.filter(kind="term_plan.made").exists()


# What is proposed


def test_the_coach_visits_the_partner_twice_with_talks_at_times_that_are_free(staff):
    made = plan(staff)
    found = proposed(made)
    assert [(one.observed, one.observer) for one in found] == [(staff.ben, staff.ana)] * 2
    assert len({week(one) for one in found}) == 2, "one visit a week at most"
    for one in found:
        assert one.minutes_to_cover == 0, "there are lessons of Ben in which Ana is free"
        assert one.lesson.teachers.get().person == staff.ben
        assert one.talk_before < one.begin
        assert one.talk_after >= one.end
        assert one.begin - one.talk_before <= 4 * DAY  # two school days, with a week-end between
        assert one.talk_after - one.end <= 5 * DAY
    assert made.numbers["partnerships"] == 1
    assert made.numbers["visits"] == made.numbers["wanted"] == 2
    assert made.numbers["covers"] == 0
    assert made.numbers["best"] is True
    assert sum(visits for _on, visits, _covers in made.numbers["weeks"]) == 2


def test_what_is_proposed_can_be_booked(staff):
    for one in proposed(plan(staff)):
        taking.take(one, by=staff.ben, at=AT)
    assert Visit.objects.count() == 2
    assert Appointment.objects.filter(kind__in=("talk_before", "talk_after")).count() == 4


def test_a_reciprocal_cycle_has_each_visited_twice(staff):
    Cycle.objects.update(template=cycle_template("two_observations"))
    found = proposed(plan(staff))
    assert Counter(one.observed_id for one in found) == {staff.ana.pk: 2, staff.ben.pk: 2}
    assert len({week(one) for one in found}) == 4


def test_the_same_world_gives_the_same_plan(staff):
    first = [(one.begin, one.talk_before, one.talk_after) for one in proposed(plan(staff))]
    again = [(one.begin, one.talk_before, one.talk_after) for one in proposed(plan(staff))]
    assert first == again
    assert len(first) == 2


def test_times_that_somebody_keeps_or_has_taken_stay_free(staff):
    begin, end = moment(0, on=MONDAY), moment(0, on=END)
    for period in Period.objects.filter(day__in=(0, 2, 3, 4)):
        KeptFree.objects.create(person=staff.ana, period=period)
    away = span((7, 0), (16, 0), MONDAY + DAY)
    make(kind=Appointment.Kind.OWN, begin=away.begin, end=away.end, zone="UTC", people=[staff.ben], by=staff.ben, at=AT)
    found = proposed(plan(staff))
    kept = [Span(one.begin, one.end) for one in found]
    assert found
    for one in found:
        assert begin < one.begin < end
        assert one.begin.date() != MONDAY + DAY
        talks = [Span(at, at + timedelta(minutes=20)) for at in (one.talk_before, one.talk_after)]
        assert not any(talk.overlaps(away) for talk in talks)
    assert not any(free.overlaps(away) for free in kept)


def test_a_lesson_that_needs_cover_only_where_somebody_arranges_it(staff):
    # Ana teaches whenever Ben does.
    for day, position in ((0, 2), (1, 3), (2, 0)):
        teaches(staff.timetable, staff.ana, (day, position))
    Role.objects.filter(kind=Role.Kind.COVER_DESK).update(ended_at=AT)
    made = plan(staff)
    assert not proposed(made)
    assert made.numbers["open"] == {"no_cover": 2}
    assert made.numbers["cover_desk"] is False
    Role.objects.filter(kind=Role.Kind.COVER_DESK).update(ended_at=None)
    made = plan(staff)
    assert [one.minutes_to_cover for one in proposed(made)] == [45, 45]
    assert made.numbers["covers"] == 2
    assert made.numbers["minutes"] == 90


def test_what_is_booked_counts_and_its_week_is_full(staff):
    staff.book(FREE)
    found = proposed(plan(staff))
    assert len(found) == 1
    assert week(found[0]) != 0
    for one in found:
        taking.take(one, by=staff.ana, at=AT)
    with pytest.raises(Refused, match="booked already"):
        ours(staff)


def test_a_cancelled_visit_does_not_count(staff):
    actions.cancel(staff.book(FREE), by=staff.ben, at=AT)
    assert len(proposed(plan(staff))) == 2


def test_what_was_passed_over_is_not_proposed_again(staff):
    first = proposed(plan(staff))[0]
    taking.pass_over(first, by=staff.ben, at=AT)
    for verb in (plan, ours):
        assert first.begin not in {one.begin for one in proposed(verb(staff))}


def test_who_works_part_time_is_met_on_her_days(staff):
    """Ana teaches on Monday and Tuesday alone: on other days she is not there."""
    for lesson in staff.timetable.periods.filter(day__gte=2):
        for taught in lesson.lessons.filter(teachers__person=staff.ana):
            taught.delete()
    found = proposed(plan(staff))
    assert found
    for one in found:
        assert {at.weekday() for at in (one.begin, one.talk_before, one.talk_after)} <= {0, 1}


def test_closed_days_are_no_days(staff):
    closed = {MONDAY + number * DAY for number in range(5)}
    for on in closed:
        SpecialDay.objects.create(timetable=staff.timetable, on=on, kind="closed", made_at=AT)
    for one in proposed(plan(staff)):
        assert not {one.begin.date(), one.talk_before.date(), one.talk_after.date()} & closed


def test_a_term_under_way_is_planned_from_tomorrow_on(staff):
    late = moment(12, on=MONDAY + 8 * DAY)
    found = proposed(plan(staff, at=late))
    assert found
    assert all(min(one.begin, one.talk_before) > late for one in found)


def test_another_zone_and_the_change_of_the_clock(staff):
    """In Auckland it is Monday while it is Sunday in UTC; the clock changes on 4 April 2027."""
    Place.objects.filter(pk=staff.pair.school.pk).update(time_zone="Pacific/Auckland")
    zone = ZoneInfo("Pacific/Auckland")
    first = date(2027, 3, 29)
    made = plan(staff, begin=first, end=first + 3 * WEEK - 3 * DAY, at=datetime(2027, 3, 28, 11, 30, tzinfo=UTC))
    found = proposed(made)
    assert len(found) == 2
    for one in found:
        for at in (one.begin, one.talk_before, one.talk_after):
            here = at.astimezone(zone)
            assert here.weekday() < 5
            assert (8, 0) <= (here.hour, here.minute) <= (12, 30)
    assert [on for on, _visits, _covers in made.numbers["weeks"]][0] == "2027-03-29"
    taking.take(found[0], by=staff.ben, at=datetime(2027, 3, 28, 11, 30, tzinfo=UTC))


# Partnerships of other shapes


def staff_of(staff, number):
    found = []
    for at in range(number):
        one = person(f"Peer{at}", "Test", staff.pair.school)
        teaches(staff.timetable, one, *((day, (at + day) % 4) for day in range(5)))
        found.append(one)
    return found


def stretch(staff):
    return Stretch(staff.pair.school.pk, MONDAY, END, ZoneInfo("UTC"), MONDAY)


def wanted(staff, partnership):
    return [(one.first, one.second, one.of_first, one.of_second) for one in pairings_of([partnership], stretch(staff))]


def test_three_peers_visit_in_a_ring_each_seen_twice(staff):
    people = staff_of(staff, 3)
    peers = partnership_of(*people, school=staff.pair.school, form=Form.PEERS)
    seen = Counter()
    for first, second, of_first, of_second in wanted(staff, peers):
        seen[first] += of_first
        seen[second] += of_second
    assert seen == {one.pk: 2 for one in people}
    found = [one for one in proposed(plan(staff)) if one.partnership == peers]
    assert len(found) == 6
    taken = Counter((week(one), who) for one in found for who in (one.observed_id, one.observer_id))
    assert max(taken.values()) == 1


def test_a_coach_visits_each_partner_of_a_team(staff):
    coach, one, other = staff_of(staff, 3)
    team = partnership_of(coach, one, other, school=staff.pair.school, form=Form.TEAM)
    assert wanted(staff, team) == [(one.pk, coach.pk, 2, 0), (other.pk, coach.pk, 2, 0)]


def test_a_cycle_says_how_often(staff):
    Cycle.objects.update(template=cycle_template("short"))
    assert wanted(staff, staff.partnership) == [(staff.ben.pk, staff.ana.pk, 1, 0)]


def test_a_partnership_of_two_schools_plans_for_itself(staff):
    far = partnership_of(staff.lena, staff.mai, school=staff.pair.school)
    made = plan(staff)
    assert made.numbers["elsewhere"] == 1
    assert not PlannedVisit.objects.filter(partnership=far).exists()
    own = planning.plan_ours(far, **WEEKS, by=staff.lena, at=AT)
    # Mai has no timetable: nothing of hers can be seen, and she is taken to be free.
    assert own.numbers["open"] == {"no_lesson": 2}


# One plan after another


def test_a_new_plan_replaces_what_nobody_took(staff):
    first = plan(staff)
    taken, _left = proposed(first)
    taking.take(taken, by=staff.ben, at=AT)
    second = plan(staff, at=AT + timedelta(hours=1))
    first.refresh_from_db()
    assert first.put_away_at is not None
    assert list(PlannedVisit.objects.filter(plan=first)) == [taken], "what was taken stays written down"
    assert len(proposed(second)) == 1
    assert Visit.objects.filter(cancelled_at=None).count() == 1


def test_a_plan_for_other_weeks_replaces_nothing(staff):
    plan(staff, end=MONDAY + 2 * WEEK)
    plan(staff, begin=MONDAY + 4 * WEEK, end=MONDAY + 6 * WEEK)
    assert TermPlan.objects.filter(put_away_at=None).count() == 2


def test_what_a_partnership_proposes_to_itself_stays_and_takes_the_place_of_the_schools(staff):
    other = partnership_of(*staff_of(staff, 2), school=staff.pair.school)
    schools = plan(staff)
    own = ours(staff)
    assert len(proposed(own)) == 2
    assert {one.partnership for one in proposed(schools)} == {other}
    again = plan(staff)
    assert {one.partnership for one in proposed(again)} == {other}
    assert again.numbers["by_themselves"] == 1
    assert len(proposed(own)) == 2
    latest = ours(staff, by=staff.ana)
    assert [one.plan for one in proposed() if one.partnership == staff.partnership] == [latest] * 2


def test_the_later_of_two_plans_asked_for_at_once_stands(staff):
    """The search takes seconds: who asked first must not overwrite who asked last."""
    first, second = (planning.ask_for_plan(staff.pair.school, **WEEKS, by=staff.desk, at=AT) for _number in range(2))
    planning.carry_out(second, at=AT)
    planning.carry_out(first, at=AT)
    first.refresh_from_db()
    assert first.put_away_at is not None
    assert {one.plan for one in proposed()} == {second}
    planning.carry_out_asked(plan=first.pk, at=AT)
    assert {one.plan for one in proposed()} == {second}


def test_put_away_while_it_is_planned_it_proposes_nothing(staff):
    asked = planning.ask_for_plan(staff.pair.school, **WEEKS, by=staff.desk, at=AT)
    planning.put_away(asked, by=staff.desk, at=AT)
    planning.carry_out(asked, at=AT)
    assert not PlannedVisit.objects.exists()


def test_a_refused_plan_takes_nothing_away(staff):
    made = plan(staff)
    Period.objects.update(begins=None, ends=None)
    with pytest.raises(Refused):
        plan(staff)
    assert len(proposed(made)) == 2


def test_put_away(staff):
    made = plan(staff)
    one, other = proposed(made)
    taking.take(one, by=staff.ben, at=AT)
    planning.put_away(made, by=staff.desk, at=AT)
    planning.put_away(made, by=staff.desk, at=AT + DAY)
    assert not proposed()
    assert Visit.objects.get().cancelled_at is None
    assert Event.objects.filter(kind="term_plan.put_away").count() == 1
    with pytest.raises(Refused, match="meanwhile"):
        taking.take(other, by=staff.ben, at=AT)


def test_a_plan_keeps_counts_and_no_person(staff):
    made = plan(staff)
    ids = {str(one.pk) for one in Person.objects.all()}
    said = str(Event.objects.filter(kind__startswith="term_plan").values_list("particulars", flat=True))
    assert not any(name in str(made.numbers) + said for name in ("Ana", "Ben", "Lena"))
    assert not any(isinstance(value, list) and ids & set(map(str, value)) for value in made.numbers.values())
    assert Event.objects.get(kind="term_plan.made").partnership_id is None


# How it is read


def test_the_queries_do_not_grow_with_the_partnerships(staff):
    def queries():
        with CaptureQueriesContext(connection) as found:
            plan(staff)
        return len(found)

    alone = queries()
    for _number in range(3):
        partnership_of(*(one for one in staff_of(staff, 2)), school=staff.pair.school)
        for at, one in enumerate(Person.objects.filter(given_name__startswith="Peer")):
            Person.objects.filter(pk=one.pk).update(given_name=f"Old{at}", email=f"old{one.pk}@example.org")
    assert Partnership.objects.count() == 4
    assert queries() <= alone + 6, "the second plan replaces the first"


def test_no_transaction_is_held_while_it_searches(staff, monkeypatch):
    depth = len(connection.savepoint_ids)

    def seen(problem):
        assert len(connection.savepoint_ids) == depth
        return found(problem)

    found = planning.propose
    monkeypatch.setattr(planning, "propose", seen)
    plan(staff)
    ours(staff)


def test_lessons_at_times_of_their_own_take_their_teachers_time(staff):
    """A lesson of Ben begins in one period and ends in the next: it is not visited, and he is not free in either."""
    made = staff.timetable
    odd = Period.objects.create(timetable=made, day=0, position=9, name="odd", begins=time(9), ends=time(9, 40))
    lesson = odd.lessons.create(event="Odd", subject="Odd")
    lesson.teachers.add(made.teachers.get(person=staff.ben))
    pairing = Pairing(staff.partnership.pk, staff.ben.pk, staff.ana.pk, 2, 0)
    found = gather([pairing], stretch(staff), colleagues=[], at=AT)
    monday = [slot for slot in found.problem.slots if slot.day == 0]
    assert len(monday) == 4
    ben = found.problem.engaged[str(staff.ben.pk)]
    assert [found.spans[slot].begin.hour for slot in monday if slot in ben] == [8, 9]
    assert not any(one.key.startswith(f"{lesson.pk}-") for one in found.problem.lessons)


def test_who_leaves_takes_what_was_proposed_with_her_along(staff):
    plan(staff)
    partnerships.leave(staff.partnership, by=staff.ana, at=AT)
    assert not proposed()
