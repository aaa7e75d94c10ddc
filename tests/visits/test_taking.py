"""A partnership takes what a plan proposes, passes it over, or chooses for itself."""

from datetime import timedelta

import pytest

from sidebyside import policy
from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.appointments import make
from sidebyside.calendars.models import Appointment, KeptFree, Period
from sidebyside.cover.models import CoverRequest
from sidebyside.notices.waiting import waiting_for
from sidebyside.partnerships import actions as partnerships
from sidebyside.places.models import Role
from sidebyside.visits.actions import planning, taking
from sidebyside.visits.models import PlannedVisit, TermPlan, Visit
from sidebyside.visits.planning_queries import open_proposals
from tests.calendars.school import MONDAY, teaches
from tests.visits.school import AT, FREE, parts

pytestmark = pytest.mark.django_db

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def two(staff):
    """Two visits are proposed to Ana and Ben."""
    planning.plan_term(staff.pair.school, begin=MONDAY, end=MONDAY + 6 * WEEK, by=staff.desk, at=AT)
    return list(PlannedVisit.objects.order_by("begin"))


def engage(staff, begin, minutes=45):
    make(
        kind=Appointment.Kind.OWN, begin=begin, end=begin + timedelta(minutes=minutes), zone="UTC",
        people=[staff.ana], by=staff.ana, at=AT,
    )  # fmt: skip


def still_proposed(one):
    one.refresh_from_db()
    return one.taken_at is None and one.passed_over_at is None and one.visit is None


def test_an_outsider_takes_nothing(staff, two):
    for outsider in (staff.lena, staff.mai, staff.desk):
        for verb in (taking.take, taking.pass_over, taking.bring_back):
            with pytest.raises(Refused, match="in this partnership"):
                verb(two[0], by=outsider, at=AT)
    assert still_proposed(two[0])
    assert not Visit.objects.exists()


def test_only_members_see_it(staff, two):
    for outsider in (staff.lena, staff.mai, staff.desk):
        assert not policy.seen(outsider, PlannedVisit).exists()
        assert not policy.seen(outsider, TermPlan).exists()
    assert policy.seen(staff.ana, PlannedVisit).count() == 2
    assert not policy.seen(staff.ana, TermPlan).exists(), "the school's plan is its facilitators'"


def test_it_is_booked_with_its_talks(staff, two):
    visit = taking.take(two[0], by=staff.ben, at=AT)
    assert {kind: one.begin for kind, one in parts(visit).items()} == {
        "talk_before": two[0].talk_before, "visit": two[0].begin, "talk_after": two[0].talk_after
    }  # fmt: skip
    assert all(one.end - one.begin == timedelta(minutes=20) for kind, one in parts(visit).items() if "talk" in kind)
    two[0].refresh_from_db()
    assert two[0].visit == visit
    assert Event.objects.get(kind="planned_visit.taken").partnership_id == staff.partnership.pk
    assert still_proposed(two[1]), "the other stands for a visit of its own"
    with pytest.raises(Refused, match="meanwhile"):
        taking.take(two[0], by=staff.ana, at=AT)


def test_what_needs_cover_asks_for_it(staff):
    for day, position in ((0, 2), (1, 3), (2, 0)):
        teaches(staff.timetable, staff.ana, (day, position))
    planning.plan_ours(staff.partnership, begin=MONDAY, end=MONDAY + 6 * WEEK, by=staff.ben, at=AT)
    one = PlannedVisit.objects.earliest("begin")
    taking.take(one, by=staff.ben, at=AT)
    asked = CoverRequest.objects.get()
    assert asked.person == staff.ana
    assert (asked.begin, asked.end) == (one.begin, one.end)


@pytest.mark.parametrize("part", ["begin", "talk_before", "talk_after"])
def test_where_a_time_is_no_longer_free_it_stays_proposed(staff, two, part):
    engage(staff, getattr(two[0], part), 10)
    with pytest.raises(Refused, match="Ana"):
        taking.take(two[0], by=staff.ben, at=AT)
    assert still_proposed(two[0])
    assert not Visit.objects.exists()


def test_all_of_them_and_which_is_not_free(staff, two):
    engage(staff, two[0].begin)
    booked, left = taking.take_all(two, by=staff.ben, at=AT)
    assert [visit.begin for visit in booked] == [two[1].begin]
    assert [(one.pk, "Ana" in sentence) for one, sentence in left] == [(two[0].pk, True)]


def test_another_timetable_since(staff, two):
    period = two[0].lesson.period
    Period.objects.filter(pk=period.pk).update(ends=(two[0].end - timedelta(minutes=5)).time())
    with pytest.raises(Refused, match="timetable has changed"):
        taking.take(two[0], by=staff.ben, at=AT)
    two[1].lesson.teachers.clear()
    with pytest.raises(Refused, match="timetable has changed"):
        taking.take(two[1], by=staff.ben, at=AT)


def test_more_to_cover_than_was_said(staff, two):
    """Ana got a lesson at that time since: the page said that nobody needs to cover."""
    on = two[0].begin
    position = {8: 0, 9: 1, 10: 2, 11: 3}[on.hour]
    teaches(staff.timetable, staff.ana, (on.weekday(), position))
    with pytest.raises(Refused, match="timetable has changed"):
        taking.take(two[0], by=staff.ben, at=AT)
    assert not CoverRequest.objects.exists()


def test_nobody_arranges_cover_any_more(staff):
    for day, position in ((0, 2), (1, 3), (2, 0)):
        teaches(staff.timetable, staff.ana, (day, position))
    planning.plan_ours(staff.partnership, begin=MONDAY, end=MONDAY + 6 * WEEK, by=staff.ben, at=AT)
    Role.objects.filter(kind=Role.Kind.COVER_DESK).update(ended_at=AT)
    with pytest.raises(Refused, match="Nobody arranges cover"):
        taking.take(PlannedVisit.objects.earliest("begin"), by=staff.ben, at=AT)
    assert not CoverRequest.objects.exists()


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_a_time_that_she_keeps_for_herself_by_now(staff, two, who):
    person = getattr(staff, who)
    for period in Period.objects.all():
        KeptFree.objects.create(person=person, period=period)
    inside = [one for one in two if any(on_the_bell(at) for at in (one.talk_before, one.talk_after))]
    kept = two if who == "ana" else inside
    for one in kept:
        with pytest.raises(Refused, match="does not suit") as refused:
            taking.take(one, by=staff.ben if who == "ana" else staff.ana, at=AT)
        assert not {"Ana", "Ben"} & set(str(refused.value).split())


def on_the_bell(at):
    """Whether a talk lies in a period."""
    minutes = at.hour * 60 + at.minute
    return any(begin <= minutes < begin + 45 for begin in (510, 560, 625, 675))


def test_what_lies_behind_is_not_booked(staff, two):
    with pytest.raises(Refused, match="over"):
        taking.take(two[0], by=staff.ben, at=two[0].begin)
    assert not open_proposals(PlannedVisit.objects, staff.partnership, at=two[-1].end)


def test_a_resting_partnership_takes_nothing(staff, two):
    partnerships.rest(staff.partnership, by=staff.ana, at=AT)
    with pytest.raises(Refused, match="rests"):
        taking.take(two[0], by=staff.ben, at=AT)
    assert still_proposed(two[0])


def test_rather_not_and_back_again(staff, two):
    taking.pass_over(two[0], by=staff.ana, at=AT)
    assert open_proposals(PlannedVisit.objects, staff.partnership, at=AT) == [two[1]]
    with pytest.raises(Refused, match="meanwhile"):
        taking.take(two[0], by=staff.ben, at=AT)
    taking.bring_back(two[0], by=staff.ben, at=AT)
    taking.take(two[0], by=staff.ben, at=AT)
    for verb in (taking.pass_over, taking.bring_back):
        with pytest.raises(Refused, match="meanwhile"):
            verb(two[0], by=staff.ana, at=AT)


def test_a_visit_of_their_own_choice_takes_the_place_of_the_nearest(staff, two):
    staff.book(FREE)
    assert open_proposals(PlannedVisit.objects, staff.partnership, at=AT) == [two[1]]


def test_a_visit_of_another_term_takes_the_place_of_none(staff):
    planning.plan_ours(
        staff.partnership, begin=MONDAY + 2 * WEEK, end=MONDAY + 8 * WEEK, by=staff.ben, at=AT
    )  # fmt: skip
    staff.book(FREE)
    assert PlannedVisit.objects.count() == 2


def test_it_waits_on_the_home_page_of_whom_it_concerns(staff, two):
    def waits(who, at=AT):
        who.standing = None
        return [(one.partnership, one.who.name) for one in waiting_for(policy._standing_of(who), at=at)
                if one.kind == "term_proposed"]  # fmt: skip

    assert waits(staff.ben) == [(staff.partnership.pk, staff.ana.name)]
    assert waits(staff.ana) == [(staff.partnership.pk, staff.ben.name)]
    assert not waits(staff.lena)
    assert not waits(staff.desk)
    assert not waits(staff.ben, two[-1].begin), "what is over waits no longer"
    taking.take(two[0], by=staff.ben, at=AT)
    taking.pass_over(two[1], by=staff.ben, at=AT)
    assert not waits(staff.ana)
    planning.plan_ours(staff.partnership, begin=MONDAY, end=MONDAY + 6 * WEEK, by=staff.ben, at=AT)
    assert waits(staff.ana)
    assert not waits(staff.ben), "who had it proposed knows of it"
    partnerships.rest(staff.partnership, by=staff.ben, at=AT)
    assert not waits(staff.ana)
