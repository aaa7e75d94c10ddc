"""What takes a visit its time: a decline, an illness, a changed timetable, the end of a partnership."""

from datetime import time, timedelta

import pytest

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions import appointments
from sidebyside.calendars.actions import special_days as days
from sidebyside.calendars.models import Appointment, Attendee, Timetable, TimetableLesson, TimetableTeacher
from sidebyside.cover import actions as cover
from sidebyside.cover.models import CoverRequest
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Form, Member
from sidebyside.places.actions import end_post
from sidebyside.visits import actions
from sidebyside.visits.models import Visit
from tests.calendars.school import MONDAY
from tests.pairs import partnership_of
from tests.visits.school import AT, COVERED, FREE, moment, parts, span

DAY = timedelta(days=1)
ILL_AT = moment(6, 40)

pytestmark = pytest.mark.django_db


def is_unsettled(visit, who=None):
    visit.refresh_from_db()
    return visit.unsettled_at is not None and visit.is_open and visit.unsettled_by == who


def open_requests():
    return CoverRequest.objects.filter(cancelled_at=None)


def ill(staff, who, begin=None, end=None, at=ILL_AT):
    return cover.mark_away(
        who, school=staff.pair.school, begin=begin or moment(7), end=end or moment(16), by=who, at=at
    )


# A decline


@pytest.mark.parametrize(("booked_by", "declines"), [("ben", "ana"), ("ana", "ben"), ("ana", "ana")])
def test_who_declines_the_visit_frees_the_other_and_the_colleague(staff, booked_by, declines):
    visit = staff.with_talks(COVERED, by=getattr(staff, booked_by))
    staff.says(getattr(staff, declines), "visit")
    assert is_unsettled(visit, getattr(staff, declines))
    assert parts(visit) == {}
    assert not open_requests().exists()
    assert Event.objects.filter(kind="visit.unsettled").count() == 1


def test_a_talk_before_that_took_place_stays(staff):
    visit = staff.with_talks(talk_before=span((8, 0), (8, 20)))
    staff.says(staff.ana, "visit", at=moment(9))
    assert is_unsettled(visit, staff.ana)
    assert set(parts(visit)) == {"talk_before"}
    actions.rebook(visit, lesson=staff.key(staff.ben, (1, 3)), by=staff.ben, at=moment(9))
    assert set(parts(visit)) == {"talk_before", "visit"}


def test_perhaps_and_yes_change_nothing(staff):
    visit = staff.with_talks(COVERED)
    staff.says(staff.ana, "visit", "perhaps")
    staff.says(staff.ana, "visit", "yes")
    visit.refresh_from_db()
    assert visit.unsettled_at is None
    assert (len(parts(visit)), open_requests().count()) == (3, 1)


@pytest.mark.parametrize("kind", ["talk_before", "talk_after"])
def test_who_declines_a_talk_leaves_the_visit(staff, kind):
    visit = staff.with_talks(COVERED)
    staff.says(staff.ana, kind)
    assert is_unsettled(visit, staff.ana)
    assert set(parts(visit)) == {"talk_before", "visit", "talk_after"} - {kind}
    assert open_requests().count() == 1
    actions.set_talk(visit, kind="talk_after", span=span((12, 30), (12, 50)), by=staff.ben, at=AT)
    visit.refresh_from_db()
    assert visit.unsettled_at is None


def test_a_talk_does_not_settle_a_visit_without_a_time(staff):
    visit = staff.with_talks()
    staff.says(staff.ana, "visit")
    actions.set_talk(visit, kind="talk_after", span=span((12, 30), (12, 50)), by=staff.ben, at=AT)
    assert is_unsettled(visit, staff.ana)


def test_choosing_anew_books_all_of_it_again(staff):
    visit = staff.with_talks(COVERED)
    staff.says(staff.ana, "visit")
    actions.rebook(
        visit, lesson=staff.key(staff.ben, COVERED, weeks=1), talk_after=span((12, 0), (12, 20), MONDAY + 7 * DAY),
        by=staff.ben, at=AT,
    )  # fmt: skip
    assert (visit.unsettled_at, visit.unsettled_by, set(parts(visit))) == (None, None, {"visit", "talk_after"})
    assert open_requests().get().on == MONDAY + 7 * DAY


def test_who_declines_a_plain_meeting_leaves_it_to_the_others(staff):
    actions.meet(staff.partnership, begin=moment(12), end=moment(12, 30), by=staff.ben, at=AT)
    staff.says(staff.ana, "meeting")
    assert Appointment.objects.get().cancelled_at is None


# An illness


def test_the_observer_wakes_up_ill(staff):
    visit = staff.with_talks(COVERED, notes="Page 12.")
    other = staff.book((1, 3))
    ill(staff, staff.ana)
    assert is_unsettled(visit, staff.ana)
    assert set(parts(visit)) == {"talk_before"}  # it took place on Friday
    # Her lesson needs somebody all the same, once, as does the one after it.
    assert sorted(open_requests().values_list("begin", flat=True)) == [moment(8, 30), moment(9, 20)]
    other.refresh_from_db()
    assert other.unsettled_at is None
    assert set(parts(other)) == {"visit"}


def test_who_comes_after_all_has_her_lesson_and_nobody_covers_for_nothing(staff):
    staff.with_talks(COVERED)
    absence = ill(staff, staff.ana)
    cover.end_away(absence, by=staff.ana, at=moment(7, 30))
    assert not open_requests().exists()


def test_the_visited_teacher_wakes_up_ill_and_nobody_covers_for_the_visit(staff):
    visit = staff.with_talks(COVERED)
    ill(staff, staff.ben)
    assert is_unsettled(visit, staff.ben)
    assert set(open_requests().values_list("person", flat=True)) == {staff.ben.pk}


def test_who_is_away_for_a_talk_alone_loses_the_talk_alone(staff):
    visit = staff.with_talks()
    ill(staff, staff.ben, begin=moment(11, 30), end=moment(16))
    assert is_unsettled(visit, staff.ben)
    assert set(parts(visit)) == {"talk_before", "visit"}


def test_an_illness_after_the_visit_or_of_somebody_else_changes_nothing(staff):
    visit = staff.with_talks()
    ill(staff, staff.lena)
    ill(staff, staff.ana, begin=moment(7, 0, MONDAY + DAY), end=moment(16, 0, MONDAY + DAY))
    visit.refresh_from_db()
    assert visit.unsettled_at is None
    assert len(parts(visit)) == 3


def test_a_film_needs_the_visited_teacher_alone(staff):
    visit = staff.book(COVERED, way=Visit.Way.VIDEO)
    ill(staff, staff.ana)
    visit.refresh_from_db()
    assert visit.unsettled_at is None
    ill(staff, staff.ben)
    assert is_unsettled(visit, staff.ben)


def test_who_is_away_does_not_come_to_a_plain_meeting(staff):
    actions.meet(staff.partnership, begin=moment(12), end=moment(12, 30), by=staff.ben, at=AT)
    ill(staff, staff.ana)
    assert Attendee.objects.get(person=staff.ana).answer == "no"
    assert Attendee.objects.get(person=staff.ben).answer == "yes"


# The calendar's own page


def test_the_visit_is_not_moved_without_its_parts(staff):
    visit = staff.with_talks(COVERED)
    found = parts(visit)
    with pytest.raises(Refused, match="page of the visit"):
        appointments.move(found["visit"], begin=moment(13), end=moment(14), by=staff.ben, at=AT)
    with pytest.raises(Refused, match="before lies before"):
        appointments.move(found["talk_before"], begin=moment(14), end=moment(15), by=staff.ben, at=AT)
    with pytest.raises(Refused, match="after lies after"):
        appointments.move(found["talk_after"], begin=moment(7), end=moment(8), by=staff.ben, at=AT)
    assert Appointment.objects.get(pk=found["visit"].pk).begin == visit.begin
    appointments.move(found["talk_after"], begin=moment(13), end=moment(14), by=staff.ben, at=AT)


def test_a_visit_taken_out_of_the_calendar_takes_its_cover_along(staff):
    visit = staff.with_talks(COVERED)
    appointments.cancel(parts(visit)["visit"], by=staff.ben, at=AT)
    assert is_unsettled(visit, staff.ben)
    assert parts(visit) == {}
    assert not open_requests().exists()


def test_a_talk_taken_out_of_the_calendar_is_not_missed(staff):
    visit = staff.with_talks()
    appointments.cancel(parts(visit)["talk_after"], by=staff.ben, at=AT)
    visit.refresh_from_db()
    assert visit.unsettled_at is None


# The timetable


def test_a_day_without_lessons_takes_the_visit_its_time(staff):
    visit = staff.with_talks(COVERED)
    later = staff.book((1, 3))
    days.set_special_day(staff.timetable, on=MONDAY, kind="closed", by=staff.desk, at=AT)
    assert is_unsettled(visit)
    assert not open_requests().exists()
    later.refresh_from_db()
    assert later.unsettled_at is None


def test_other_bell_times_take_it_its_time_too(staff):
    visit = staff.with_talks()
    bells = {0: (time(8, 30), time(9)), 2: (time(9, 10), time(9, 40))}
    days.set_special_day(staff.timetable, on=MONDAY, kind="bells", bells=bells, by=staff.desk, at=AT)
    assert is_unsettled(visit)


def test_a_lesson_that_is_another_now_is_not_the_one_that_was_chosen(staff):
    visit = staff.with_talks()
    TimetableLesson.objects.filter(period__day=0, period__position=2).update(classes=["9C"])
    _timetable_changed(staff)
    assert is_unsettled(visit)


def test_the_same_lesson_in_a_new_timetable_stays(staff):
    visit = staff.with_talks()
    old = TimetableLesson.objects.get(pk=visit.lesson_id)
    new = TimetableLesson.objects.create(period=old.period, event="x", subject="Science", classes=["7A"], rooms=["12"])
    new.teachers.set(old.teachers.all())
    old.delete()
    _timetable_changed(staff)
    visit.refresh_from_db()
    assert (visit.unsettled_at, visit.lesson) == (None, new)


def test_an_observer_who_teaches_then_now_cannot_come_unless_it_is_seen_to(staff):
    visit = staff.with_talks()
    lesson = TimetableLesson.objects.create(
        period_id=_period(0, 2), event="y", subject="Art", classes=["8A"], rooms=["3"]
    )
    lesson.teachers.add(TimetableTeacher.objects.get(person=staff.ana))
    _timetable_changed(staff)
    assert is_unsettled(visit)


def test_cover_that_is_no_longer_needed_is_taken_back(staff):
    visit = staff.with_talks(COVERED)
    TimetableLesson.objects.filter(teachers__person=staff.ana, period__day=0, period__position=0).delete()
    _timetable_changed(staff)
    visit.refresh_from_db()
    assert visit.unsettled_at is None
    assert not open_requests().exists()


def test_a_talk_in_a_new_lesson_loses_its_time(staff):
    visit = staff.with_talks(talk_after=span((11, 15), (11, 35)))
    lesson = TimetableLesson.objects.create(
        period_id=_period(0, 3), event="y", subject="Art", classes=["8A"], rooms=["3"]
    )
    lesson.teachers.add(TimetableTeacher.objects.get(person=staff.ben))
    _timetable_changed(staff)
    assert is_unsettled(visit)
    assert set(parts(visit)) == {"talk_before", "visit"}


def _period(day, position):
    return Timetable.objects.get().periods.get(day=day, position=position).pk


def _timetable_changed(staff):
    """A change that has nothing to do with it: what the rows say now is looked at."""
    days.set_special_day(staff.timetable, on=MONDAY + 30 * DAY, kind="closed", by=staff.desk, at=AT)


# Rest and end


def test_what_rests_has_nothing_in_its_calendar(staff):
    visit = staff.with_talks(COVERED)
    actions.meet(staff.partnership, begin=moment(13), end=moment(14), by=staff.ben, at=AT)
    partnerships.rest(staff.partnership, by=staff.ana, at=AT)
    visit.refresh_from_db()
    assert (visit.cancelled_at, visit.cancelled_by) == (AT, staff.ana)
    assert not Appointment.objects.filter(cancelled_at=None).exists()
    assert not open_requests().exists()


def test_what_ended_has_nothing_either_and_what_was_held_stays(staff):
    held = staff.with_talks()
    actions.hold(held, by=staff.ana, at=moment(11, 30))
    partnerships.end(staff.partnership, by=staff.ben, at=moment(11, 40))
    held.refresh_from_db()
    assert (held.cancelled_at, held.held_at) == (None, moment(11, 30))
    assert set(parts(held)) == {"talk_before", "visit"}


def test_who_leaves_the_school_leaves_nothing_booked(staff):
    visit = staff.with_talks(COVERED)
    end_post(staff.ana.posts.get(to_date=None), on=AT.date(), at=AT)
    visit.refresh_from_db()
    assert visit.cancelled_at == AT
    assert not Appointment.objects.filter(cancelled_at=None).exists()
    assert not open_requests().exists()


def test_who_leaves_a_team_takes_her_own_visits_along(staff):
    team = partnership_of(staff.ana, staff.ben, staff.lena, school=staff.pair.school, form=Form.TEAM)
    values = {"observer": staff.ana, "by": staff.ana, "at": AT}
    of_lena = actions.book(team, observed=staff.lena, lesson=staff.key(staff.lena, (0, 3)), **values)
    of_ben = actions.book(team, observed=staff.ben, lesson=staff.key(staff.ben, FREE), **values)
    [meeting] = actions.meet(team, begin=moment(14), end=moment(15), by=staff.ana, at=AT)
    partnerships.leave(team, by=staff.lena, at=AT)
    of_lena.refresh_from_db()
    of_ben.refresh_from_db()
    assert (of_lena.cancelled_at, of_ben.cancelled_at) == (AT, None)
    assert not meeting.appointment.attendees.filter(person=staff.lena).exists()
    assert Appointment.objects.get(pk=meeting.appointment_id).cancelled_at is None
    assert Member.objects.filter(partnership=team, left_at=None).count() == 2
