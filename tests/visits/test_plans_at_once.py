"""Members of one partnership, and of two, take what a plan proposes in the very same moment."""

import pytest

from sidebyside.calendars.models import Appointment
from sidebyside.partnerships.models import Partnership
from sidebyside.visits.actions import planning, taking
from sidebyside.visits.models import PlannedVisit, TermPlan, Visit
from tests.calendars.school import MONDAY, teaches
from tests.cover.test_at_once import at_once, refusals
from tests.pairs import partnership_of, person
from tests.visits.school import AT
from tests.visits.test_taking import WEEK

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])


def takes(pk, by):
    return lambda: taking.take(PlannedVisit.objects.get(pk=pk), by=by, at=AT)


def weeks(staff):
    return {"begin": MONDAY, "end": MONDAY + 6 * WEEK, "by": staff.desk, "at": AT}


@pytest.mark.parametrize("_turn", range(2))
def test_both_take_the_same(staff, _turn):
    planning.plan_term(staff.pair.school, **weeks(staff))
    one = PlannedVisit.objects.earliest("begin")
    found = at_once(takes(one.pk, staff.ana), takes(one.pk, staff.ben))
    assert len(refusals(found)) == 1
    assert Visit.objects.count() == 1
    assert Appointment.objects.filter(kind="visit").count() == 1


def test_two_partnerships_take_theirs(staff):
    """Ana coaches Ben and Cem: their plans fit, and both are booked whoever comes first."""
    cem = person("Cem", "Test", staff.pair.school)
    teaches(staff.timetable, cem, (0, 1), (1, 0), (2, 2), (3, 2), (4, 2))
    other = partnership_of(staff.ana, cem, school=staff.pair.school)
    planning.plan_term(staff.pair.school, **weeks(staff))

    def all_of(partnership, by):
        rows = list(PlannedVisit.objects.filter(partnership=partnership))
        return lambda: taking.take_all(rows, by=by, at=AT)

    found = at_once(all_of(staff.partnership, staff.ben), all_of(other, cem))
    assert [left for _booked, left in found] == [[], []]
    assert Visit.objects.count() == 4
    visits = list(Appointment.objects.filter(attendees__person=staff.ana).order_by("begin"))
    assert all(one.end <= following.begin for one, following in zip(visits, visits[1:], strict=False))


def test_two_partnerships_want_the_same_hour_of_one_coach(staff):
    cem = person("Cem", "Test", staff.pair.school)
    teaches(staff.timetable, cem, (0, 1), (1, 0), (2, 2), (3, 2), (4, 2))
    other = partnership_of(staff.ana, cem, school=staff.pair.school)
    planning.plan_term(staff.pair.school, **weeks(staff))
    first = PlannedVisit.objects.filter(partnership=staff.partnership).earliest("begin")
    second = PlannedVisit.objects.filter(partnership=other).earliest("begin")
    PlannedVisit.objects.filter(pk=second.pk).update(talk_before=first.talk_before, talk_after=first.talk_after)
    PlannedVisit.objects.filter(pk=first.pk).update(partnership=staff.partnership)
    found = at_once(takes(first.pk, staff.ben), takes(second.pk, cem))
    assert len(refusals(found)) >= 1
    assert Visit.objects.count() == 2 - len(refusals(found))


def test_two_facilitators_plan_at_once(staff):
    school = staff.pair.school
    at_once(*(lambda: planning.plan_term(school, **weeks(staff)) for _number in range(2)))
    assert TermPlan.objects.filter(put_away_at=None).count() == 1
    assert set(PlannedVisit.objects.values_list("plan", flat=True)) == {TermPlan.objects.get(put_away_at=None).pk}
    assert PlannedVisit.objects.count() == 2
    assert Partnership.objects.count() == 1
