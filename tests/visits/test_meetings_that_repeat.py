"""A meeting that repeats takes only times at which all are free, whatever they have then."""

from datetime import timedelta

import pytest

from sidebyside.calendars.queries import lessons_of
from sidebyside.cover import actions as cover
from sidebyside.cover.models import CoverOffer
from sidebyside.visits import actions
from tests.calendars.school import MONDAY, teaches, timetable
from tests.visits.school import AT, moment

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


def weeks(staff):
    """In which weeks they meet, of four Mondays at 11:15."""
    made = actions.meet(
        staff.partnership, begin=moment(11, 15), end=moment(12), rule="FREQ=WEEKLY;INTERVAL=1;COUNT=4", by=staff.ben,
        at=AT,
    )  # fmt: skip
    return [(one.appointment.begin.date() - MONDAY) // WEEK for one in made]


def test_not_while_one_is_away(staff):
    begin = moment(0) + WEEK
    cover.mark_away(staff.ana, school=staff.pair.school, begin=begin, end=begin + WEEK / 7, by=staff.ana, at=AT)
    assert weeks(staff) == [0, 2, 3]


def test_not_while_one_takes_a_lesson_of_another(staff):
    on = MONDAY + 2 * WEEK
    taught = next(one for one in lessons_of([staff.lena.pk], begin=on, end=on))
    request = cover.ask(
        school=staff.pair.school, person=staff.lena, taught=taught, begin=taught.span.begin, end=taught.span.end,
        notes="", by=staff.lena, at=AT,
    )  # fmt: skip
    cover.choose(request, kind=CoverOffer.Kind.COLLEAGUE, person=staff.ben, by=staff.desk, at=AT)
    assert weeks(staff) == [0, 1, 3]


def test_not_where_a_later_timetable_has_a_lesson(staff):
    on = MONDAY + 3 * WEEK
    staff.timetable.end = on - timedelta(days=1)
    staff.timetable.save()
    teaches(timetable(staff.pair.school, begin=on), staff.ben, (0, 3))
    assert weeks(staff) == [0, 1, 2]
