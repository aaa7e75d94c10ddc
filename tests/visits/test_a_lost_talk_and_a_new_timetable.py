"""A visit of which one talk lost its time stands in the calendar: a changed timetable counts for it as for others."""

import pytest

from sidebyside.calendars.actions.special_days import set_special_day
from sidebyside.cover.models import CoverRequest
from tests.calendars.school import MONDAY
from tests.visits.school import AT, COVERED, parts

pytestmark = pytest.mark.django_db


def test_nobody_covers_for_a_lesson_that_is_not_held(staff):
    visit = staff.with_talks(COVERED)
    staff.says(staff.ana, "talk_after")
    set_special_day(staff.timetable, on=MONDAY, kind="closed", by=staff.desk, at=AT)
    visit.refresh_from_db()
    assert visit.unsettled_by is None
    assert "visit" not in parts(visit)
    assert not CoverRequest.objects.filter(cancelled_at=None).exists()
