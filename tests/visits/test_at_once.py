"""Two who book, move or call off in the very same moment, on two connections: one comes after the other."""

from datetime import timedelta

import pytest

from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.appointments import answer
from sidebyside.calendars.models import Appointment, Attendee
from sidebyside.cover.models import CoverRequest
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Partnership
from sidebyside.visits import actions
from sidebyside.visits.models import Visit
from tests.calendars.school import MONDAY
from tests.pairs import partnership_of
from tests.partnerships.test_at_once import at_once
from tests.visits.school import AT, COVERED, FREE, moment, parts, span

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])


def must_fit():
    """Nobody is in two places, and nothing is left of a booking that was refused."""
    for person in set(Attendee.objects.values_list("person", flat=True)):
        coming = Appointment.objects.filter(cancelled_at=None, attendees__person=person).exclude(attendees__answer="no")
        times = sorted(coming.values_list("begin", "end"))
        assert all(one[1] <= other[0] for one, other in zip(times, times[1:], strict=False))
    open_visits = Visit.objects.filter(cancelled_at=None, unsettled_at=None)
    assert Appointment.objects.filter(kind="visit", cancelled_at=None).count() == open_visits.count()


def test_two_members_book_the_same_hour(staff):
    key = staff.key(staff.ben, COVERED)
    found = at_once(*[lambda by=by: staff.book(lesson=key, by=by) for by in (staff.ana, staff.ben)])
    assert sorted(isinstance(one, Refused) for one in found) == [False, True]
    assert (Visit.objects.count(), CoverRequest.objects.count()) == (1, 1)
    must_fit()


def test_two_partnerships_book_the_same_person_for_the_same_hour(staff):
    other = partnership_of(staff.ana, staff.lena, school=staff.pair.school)
    hers = {
        "observed": staff.lena,
        "observer": staff.ana,
        "lesson": span((10, 30), (11, 0)),
        "by": staff.lena,
        "at": AT,
    }
    key = staff.key(staff.ben, FREE)
    found = at_once(lambda: staff.book(lesson=key), lambda: actions.book(other, **hers))
    assert sorted(isinstance(one, Refused) for one in found) == [False, True]
    must_fit()


def test_one_books_anew_while_the_other_cancels(staff):
    visit = staff.with_talks(COVERED)
    key = staff.key(staff.ben, (1, 3))
    at_once(
        lambda: actions.rebook(Visit.objects.get(pk=visit.pk), lesson=key, by=staff.ana, at=AT),
        lambda: actions.cancel(Visit.objects.get(pk=visit.pk), by=staff.ben, at=AT),
    )
    visit.refresh_from_db()
    assert visit.cancelled_at == AT
    assert parts(visit) == {}
    assert not CoverRequest.objects.filter(cancelled_at=None).exists()


def test_both_choose_another_lesson(staff):
    visit = staff.with_talks(COVERED)
    keys = [staff.key(staff.ben, slot) for slot in (FREE, (1, 3))]
    found = at_once(
        *[
            lambda key=key, by=by: actions.rebook(Visit.objects.get(pk=visit.pk), lesson=key, by=by, at=AT)
            for key, by in zip(keys, (staff.ana, staff.ben), strict=True)
        ]
    )
    assert found == [None, None]
    visit.refresh_from_db()
    assert parts(visit)["visit"].begin == visit.begin
    assert visit.begin in (moment(10, 25), moment(11, 15, MONDAY + timedelta(days=1)))
    must_fit()


def test_one_declines_while_the_other_ends_the_partnership(staff):
    visit = staff.with_talks(COVERED)
    attendee = Attendee.objects.get(appointment=parts(visit)["visit"], person=staff.ana)
    at_once(
        lambda: answer(attendee, answer="no", by=staff.ana, at=AT),
        lambda: partnerships.end(Partnership.objects.get(pk=staff.partnership.pk), by=staff.ben, at=AT),
    )
    visit.refresh_from_db()
    assert visit.cancelled_at == AT
    assert parts(visit) == {}
    assert not CoverRequest.objects.filter(cancelled_at=None).exists()
