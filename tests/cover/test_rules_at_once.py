"""Two desks of one school say the same thing for the first time in the very same moment: both are done."""

import pytest

from sidebyside.calendars.actions.special_days import set_special_day
from sidebyside.calendars.models import SpecialDay, Timetable
from sidebyside.cover import actions
from sidebyside.cover.models import CoverRules
from tests.cover.conftest import AT, ON, Staff
from tests.partnerships.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])


def test_two_set_the_rules(staff: Staff) -> None:
    def rules(most: int) -> CoverRules:
        return actions.set_rules(
            staff.school, most_a_day=most, most_a_week=None, most_a_term=None, window="term", by=staff.olu, at=AT
        )

    at_once(lambda: rules(1), lambda: rules(2))
    assert CoverRules.objects.get().most_a_day in (1, 2)


def test_two_say_that_a_day_has_no_lessons(staff: Staff) -> None:
    def closed() -> int:
        timetable = Timetable.objects.get(pk=staff.timetable.pk)
        return set_special_day(timetable, on=ON, kind="closed", by=staff.olu, at=AT)

    assert at_once(closed, closed) == [1, 1]
    assert SpecialDay.objects.count() == 1
