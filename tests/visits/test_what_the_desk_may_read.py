"""A request for cover is of whose lesson it is: nothing in it names who else is in the partnership."""

import pytest

from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.appointments import answer
from sidebyside.calendars.models import Attendee
from sidebyside.calendars.queries import lessons_of
from sidebyside.cover import actions as cover
from sidebyside.cover.models import CoverOffer, CoverRequest
from sidebyside.policy import seen
from sidebyside.visits import actions
from tests.calendars.school import MONDAY
from tests.visits.school import AT, COVERED, moment

pytestmark = pytest.mark.django_db


def test_neither_who_booked_nor_who_called_it_off_stands_in_it(staff):
    visit = staff.book(COVERED, by=staff.ben)
    [request] = seen(staff.desk, CoverRequest)
    assert request.asked_by == staff.ana
    offer = cover.choose(request, kind=CoverOffer.Kind.COLLEAGUE, person=staff.lena, by=staff.desk, at=AT)
    actions.cancel(visit, by=staff.ben, at=AT)
    request.refresh_from_db()
    offer.refresh_from_db()
    assert (request.cancelled_by, offer.withdrawn_by) == (staff.ana, staff.ana)


def test_who_declined_and_took_a_lesson_meanwhile_does_not_come_after_all(staff):
    actions.meet(staff.partnership, begin=moment(11, 15), end=moment(12), by=staff.ben, at=AT)
    staff.says(staff.ana, "meeting")
    taught = next(one for one in lessons_of([staff.lena.pk], begin=MONDAY, end=MONDAY))
    request = cover.ask(
        school=staff.pair.school, person=staff.lena, taught=taught, begin=taught.span.begin, end=taught.span.end,
        notes="", by=staff.lena, at=AT,
    )  # fmt: skip
    offer = cover.choose(request, kind=CoverOffer.Kind.COLLEAGUE, person=staff.ana, by=staff.desk, at=AT)
    with pytest.raises(Refused, match="not free"):
        staff.says(staff.ana, "meeting", "yes")
    assert Attendee.objects.get(person=staff.ana).answer == "no"
    cover.withdraw(offer, by=staff.desk, at=AT)
    answer(Attendee.objects.get(person=staff.ana), answer="yes", by=staff.ana, at=AT)
