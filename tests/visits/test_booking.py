"""Book a visit in one act; what is refused; and all of it planned anew."""

from datetime import timedelta

import pytest

from sidebyside.base.models import Event
from sidebyside.base.refusals import Refused
from sidebyside.calendars.actions.appointments import make
from sidebyside.calendars.models import Appointment, Attendee, KeptFree, Period
from sidebyside.cover.models import CoverRequest
from sidebyside.partnerships import actions as partnerships
from sidebyside.partnerships.models import Member
from sidebyside.visits import actions
from sidebyside.visits.models import Meeting, Visit, VisitCover
from tests.calendars.school import MONDAY
from tests.pairs import partnership_of
from tests.visits.school import AT, COVERED, FREE, FRIDAY, moment, parts, span

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def nothing_is_booked():
    return not (Visit.objects.exists() or Appointment.objects.exists() or CoverRequest.objects.exists())


# What is refused


def test_an_outsider_books_nothing_and_is_not_visited(staff):
    for wrong in ({"by": staff.lena}, {"observer": staff.lena}, {"observed": staff.lena}, {"observer": staff.ben}):
        visited = wrong.get("observed", staff.ben)
        lesson = staff.key(visited, FREE if visited == staff.ben else (0, 3))
        with pytest.raises(Refused):
            staff.book(lesson=lesson, **wrong)
    assert nothing_is_booked()


def test_a_lesson_of_somebody_else_or_of_no_timetable_is_refused(staff):
    for lesson in (staff.key(staff.lena, (0, 3)), staff.key(staff.ana, (0, 1)), "99-20261123", "", "x" * 500):
        with pytest.raises(Refused, match="another"):
            staff.book(lesson=lesson)
    assert nothing_is_booked()


def test_a_time_that_is_over_is_refused(staff):
    with pytest.raises(Refused, match="over"):
        staff.book(FREE, at=moment(10, 25))
    with pytest.raises(Refused, match="over"):
        staff.book(lesson=span((9, 0), (9, 30), FRIDAY))
    with pytest.raises(Refused, match="over"):
        staff.book(talk_before=span((8, 0), (8, 20), FRIDAY))
    with pytest.raises(Refused, match="end must come"):
        staff.book(lesson=span((9, 30), (9, 30)))
    assert nothing_is_booked()


def test_a_lesson_without_times_is_refused(staff):
    key = staff.key(staff.ben, FREE)
    Period.objects.update(begins=None, ends=None)
    with pytest.raises(Refused, match="when this lesson begins"):
        staff.book(lesson=key)


def test_who_has_left_is_not_booked(staff):
    Member.objects.filter(person=staff.ana).update(left_at=AT)
    with pytest.raises(Refused, match="in this partnership"):
        staff.book()
    Member.objects.filter(person=staff.ana).update(left_at=None)
    staff.ana.left_at = AT
    staff.ana.save(update_fields=["left_at"])
    with pytest.raises(Refused, match="has left"):
        staff.book()
    assert nothing_is_booked()


def test_a_partnership_that_rests_or_has_ended_books_nothing(staff):
    partnerships.rest(staff.partnership, by=staff.ben, at=AT)
    with pytest.raises(Refused, match="rests"):
        staff.book()
    partnerships.end(staff.partnership, by=staff.ben, at=AT)
    with pytest.raises(Refused, match="ended"):
        staff.book()
    assert nothing_is_booked()


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_who_has_something_else_is_not_booked_and_nothing_is_left_behind(staff, who):
    person = getattr(staff, who)
    make(kind="own", begin=moment(11), end=moment(12), zone="UTC", people=[person], by=person, at=AT)
    with pytest.raises(Refused, match="not free on Monday 23 November from 10:25 to 11:10"):
        staff.with_talks()
    assert not Visit.objects.exists()
    assert Appointment.objects.count() == 1


def test_a_talk_lies_on_its_side_and_in_nobodys_lesson(staff):
    with pytest.raises(Refused, match="before lies before"):
        staff.book(talk_before=span((10, 20), (10, 40)))
    with pytest.raises(Refused, match="after lies after"):
        staff.book(talk_after=span((11, 0), (11, 20)))
    with pytest.raises(Refused, match="Ana teaches"):
        staff.book(talk_before=span((9, 20), (9, 40)))
    assert nothing_is_booked()


def test_the_same_lesson_is_booked_once(staff):
    staff.book(way=Visit.Way.VIDEO)
    with pytest.raises(Refused, match="already"):
        staff.book(way=Visit.Way.VIDEO)
    with pytest.raises(Refused, match="already"):
        staff.book(by=staff.ana)
    assert Visit.objects.count() == 1


def test_an_answer_that_is_none_is_refused(staff):
    with pytest.raises(Refused, match="one of these"):
        staff.book(COVERED, covers={staff.key(staff.ana, COVERED): "hope"})
    assert nothing_is_booked()


# One act


def test_one_act_books_the_talks_and_the_visit(staff):
    visit = staff.with_talks()
    assert (visit.period, visit.subject, visit.classes, visit.rooms) == ("3", "Science", ["7A"], ["12"])
    assert (visit.cycle, visit.begin, visit.end) == (staff.pair.cycle, moment(10, 25), moment(11, 10))
    found = parts(visit)
    assert set(found) == {"talk_before", "visit", "talk_after"}
    assert found["visit"].room == "12"
    for one in found.values():
        answers = dict(one.attendees.values_list("person", "answer"))
        assert answers == {staff.ben.pk: Attendee.Answer.YES, staff.ana.pk: Attendee.Answer.ASKED}
    assert Meeting.objects.filter(visit=visit, partnership=staff.partnership, cycle=staff.pair.cycle).count() == 3
    assert not CoverRequest.objects.exists()
    event = Event.objects.get(kind="visit.booked")
    assert (event.about_id, event.partnership_id) == (visit.pk, staff.partnership.pk)


def test_cover_is_asked_for_with_the_notes_and_says_nothing_of_the_visit(staff):
    visit = staff.with_talks(COVERED, notes="Page 12, then the sorting task.")
    request = CoverRequest.objects.get()
    assert (request.person, request.school) == (staff.ana, staff.pair.school)
    assert (request.begin, request.end) == (moment(8, 30), moment(9, 15))
    assert (request.subject, request.rooms) == ("Mathematics", ["12"])
    [one] = visit.covers.all()
    assert (one.answer, one.request) == (VisitCover.Answer.REQUEST, request)


@pytest.mark.parametrize("answer", ["swap", "together", "own_time"])
def test_without_substitutes_there_are_other_answers(staff, answer):
    visit = staff.book(COVERED, covers={staff.key(staff.ana, COVERED): answer})
    assert not CoverRequest.objects.exists()
    assert [one.answer for one in visit.covers.all()] == [answer]
    assert "visit" in parts(visit)


def test_by_video_nobody_comes_and_nobody_covers(staff):
    visit = staff.book(COVERED, way=Visit.Way.VIDEO, talk_before=span((11, 15), (11, 35), FRIDAY))
    assert set(parts(visit)) == {"talk_before"}
    assert not VisitCover.objects.exists()


def test_a_time_by_hand_needs_no_timetable(staff):
    theirs = partnership_of(staff.mai, staff.lena, school=staff.pair.school)
    visit = actions.book(
        theirs,
        observed=staff.mai,
        observer=staff.lena,
        lesson=span((10, 30), (12, 0)),
        room="Hall",
        by=staff.mai,
        at=AT,
    )
    assert (visit.lesson, visit.period, visit.rooms) == (None, "", ["Hall"])
    # Lena teaches then by the timetable of her own school.
    request = CoverRequest.objects.get()
    assert (request.person, request.begin, request.end) == (staff.lena, moment(11, 15), moment(12, 0))


# All of it anew


def test_another_lesson_moves_every_part_in_one_act(staff):
    visit = staff.with_talks(COVERED, talk_after=span((9, 20), (9, 40), MONDAY + 3 * DAY), notes="Page 12.")
    before = {kind: (one.uid, one.pk) for kind, one in parts(visit).items()}
    staff.says(staff.ana, "visit", "yes")
    actions.rebook(
        visit, lesson=staff.key(staff.ben, (1, 3)), talk_before=span((11, 15), (11, 35), FRIDAY),
        talk_after=span((12, 0), (12, 20), MONDAY + DAY), by=staff.ana, at=AT,
    )  # fmt: skip
    found = parts(visit)
    assert {kind: (one.uid, one.pk) for kind, one in found.items()} == before
    assert (visit.begin, visit.period) == (moment(11, 15, MONDAY + DAY), "4")
    assert (found["visit"].begin, found["visit"].sequence) == (visit.begin, 1)
    # Who had said yes to Monday is asked about Tuesday, unless it was she who moved it.
    assert found["visit"].attendees.get(person=staff.ben).answer == "asked"
    # What stayed as it was is told to nobody, and nobody covers for nothing.
    assert found["talk_before"].sequence == 0
    assert CoverRequest.objects.get().cancelled_at == AT
    assert not visit.covers.filter(ended_at=None).exists()


def test_the_new_time_may_be_that_of_another_of_its_parts(staff):
    talks = {"talk_before": span((8, 0), (8, 20)), "talk_after": span((12, 0), (12, 20))}
    own_time = {staff.key(staff.ana, (0, 1)): "own_time"}
    visit = staff.book(lesson=span((9, 20), (9, 40)), covers=own_time, **talks)
    actions.rebook(visit, lesson=span((12, 0), (12, 20)), talk_before=span((11, 20), (11, 40)), talk_after=None,
                   by=staff.ben, at=AT)  # fmt: skip
    assert {kind: one.begin for kind, one in parts(visit).items()} == {
        "talk_before": moment(11, 20), "visit": moment(12, 0)
    }  # fmt: skip
    actions.rebook(visit, lesson=span((11, 20), (11, 40)), talk_after=span((12, 0), (12, 20)), by=staff.ben, at=AT)
    assert {kind: one.begin for kind, one in parts(visit).items()} == {
        "visit": moment(11, 20), "talk_after": moment(12, 0)
    }  # fmt: skip


def test_two_parts_may_change_places(staff):
    visit = staff.book(lesson=span((12, 0), (12, 20)), talk_before=span((11, 20), (11, 40)))
    actions.rebook(visit, lesson=span((11, 15), (11, 45)), talk_after=span((12, 0), (12, 20)), by=staff.ben, at=AT)
    assert {kind: one.begin for kind, one in parts(visit).items()} == {
        "visit": moment(11, 15), "talk_after": moment(12, 0)
    }  # fmt: skip


def test_cover_that_fits_stays_and_its_notes_change(staff):
    visit = staff.with_talks(COVERED, notes="Page 12.")
    first = CoverRequest.objects.get()
    actions.rebook(visit, lesson=staff.key(staff.ben, COVERED), notes="Page 13.", by=staff.ben, at=AT)
    assert CoverRequest.objects.get(cancelled_at=None) == first
    assert set(parts(visit)) == {"visit"}
    actions.rebook(
        visit, lesson=staff.key(staff.ben, COVERED), covers={staff.key(staff.ana, COVERED): "swap"}, by=staff.ben, at=AT
    )
    assert not CoverRequest.objects.filter(cancelled_at=None).exists()
    assert [one.answer for one in visit.covers.filter(ended_at=None)] == ["swap"]


def test_to_video_and_back(staff):
    visit = staff.with_talks(COVERED)
    actions.rebook(visit, lesson=staff.key(staff.ben, COVERED), way=Visit.Way.VIDEO, by=staff.ana, at=AT)
    assert parts(visit) == {}
    assert not CoverRequest.objects.filter(cancelled_at=None).exists()
    actions.rebook(visit, lesson=staff.key(staff.ben, COVERED), by=staff.ana, at=AT)
    assert set(parts(visit)) == {"visit"}
    assert CoverRequest.objects.filter(cancelled_at=None).count() == 1


def test_what_took_place_or_was_cancelled_is_not_booked_anew(staff):
    visit = staff.with_talks()
    with pytest.raises(Refused, match="to come"):
        actions.hold(visit, by=staff.ana, at=AT)
    actions.hold(visit, by=staff.ana, at=moment(11, 10))
    with pytest.raises(Refused, match="no longer"):
        actions.rebook(visit, lesson=staff.key(staff.ben, (1, 3)), by=staff.ben, at=moment(11, 10))
    with pytest.raises(Refused, match="took place"):
        actions.cancel(visit, by=staff.ben, at=moment(11, 10))
    other = staff.book((1, 3))
    actions.cancel(other, by=staff.ben, at=AT)
    with pytest.raises(Refused, match="no longer"):
        actions.rebook(other, lesson=staff.key(staff.ben, (2, 0)), by=staff.ben, at=AT)
    with pytest.raises(Refused, match="cancelled"):
        actions.hold(other, by=staff.ben, at=moment(23, 0, MONDAY + 2 * DAY))


def test_what_lost_its_time_did_not_take_place(staff):
    visit, late = staff.with_talks(), moment(23, 0, MONDAY)
    staff.says(staff.ben, "visit")
    with pytest.raises(Refused, match="lost its time"):
        actions.hold(visit, by=staff.ana, at=late)
    visit.refresh_from_db()
    assert (visit.held_at, visit.unsettled_by) == (None, staff.ben)
    assert not Event.objects.filter(kind="visit.held").exists()


def test_a_visit_of_which_a_talk_alone_was_lost_took_place(staff):
    visit = staff.with_talks()
    staff.says(staff.ben, "talk_after")
    visit.refresh_from_db()
    assert visit.unsettled_at is not None
    actions.hold(visit, by=staff.ana, at=moment(23, 0, MONDAY))
    assert Event.objects.filter(kind="visit.held").count() == 1
    actions.hold(visit, by=staff.ana, at=moment(23, 30, MONDAY))


def test_an_outsider_changes_nothing(staff):
    visit = staff.with_talks(COVERED)
    for act in (
        lambda: actions.rebook(visit, lesson=staff.key(staff.ben, FREE), by=staff.lena, at=AT),
        lambda: actions.cancel(visit, by=staff.lena, at=AT),
        lambda: actions.hold(visit, by=staff.lena, at=moment(12)),
        lambda: actions.set_talk(visit, kind="talk_after", span=None, by=staff.lena, at=AT),
        lambda: actions.answer_otherwise(visit.covers.get(), answer="swap", by=staff.lena, at=AT),
        lambda: actions.meet(staff.partnership, begin=moment(12), end=moment(13), by=staff.lena, at=AT),
    ):
        with pytest.raises(Refused):
            act()
    visit.refresh_from_db()
    assert visit.is_open
    assert len(parts(visit)) == 3


# One talk, the cover, a meeting


def test_one_talk_moves_alone(staff):
    visit = staff.with_talks()
    actions.set_talk(visit, kind="talk_after", span=span((12, 30), (13, 0)), by=staff.ana, at=AT)
    found = parts(visit)
    assert (found["talk_after"].begin, found["talk_after"].sequence) == (moment(12, 30), 1)
    assert found["visit"].sequence == found["talk_before"].sequence == 0
    actions.set_talk(visit, kind="talk_after", span=None, by=staff.ana, at=AT)
    assert set(parts(visit)) == {"talk_before", "visit"}
    visit.refresh_from_db()
    assert visit.unsettled_at is None
    for wrong, sentence in (
        (span((10, 0), (10, 30)), "after lies after"),
        (span((10, 30), (11, 0)), "after lies after"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.set_talk(visit, kind="talk_after", span=wrong, by=staff.ana, at=AT)
    with pytest.raises(Refused, match="teaches"):
        actions.set_talk(visit, kind="talk_after", span=span((8, 30), (9, 0), MONDAY + 2 * DAY), by=staff.ana, at=AT)


def test_the_talk_after_is_booked_when_the_film_was_seen(staff):
    visit = staff.book(way=Visit.Way.VIDEO)
    later = moment(13)
    actions.hold(visit, by=staff.ana, at=later)
    actions.set_talk(visit, kind="talk_after", span=span((14, 0), (14, 30)), by=staff.ana, at=later)
    assert set(parts(visit)) == {"talk_after"}


def test_cover_may_be_seen_to_in_another_way(staff):
    visit = staff.with_talks(COVERED)
    one = visit.covers.get()
    actions.answer_otherwise(one, answer="swap", by=staff.ana, at=AT)
    assert CoverRequest.objects.get().cancelled_at == AT
    assert [found.answer for found in visit.covers.filter(ended_at=None)] == ["swap"]
    with pytest.raises(Refused, match="meanwhile"):
        actions.answer_otherwise(one, answer="own_time", by=staff.ana, at=AT)


def test_cancelling_takes_all_parts_along_once(staff):
    visit = staff.with_talks(COVERED)
    actions.cancel(visit, by=staff.ana, at=AT)
    actions.cancel(visit, by=staff.ana, at=AT)
    assert parts(visit) == {}
    assert CoverRequest.objects.get().cancelled_at == AT
    assert Event.objects.filter(kind="visit.cancelled").count() == 1
    assert Event.objects.filter(kind="appointment.cancelled").count() == 3
    assert not Event.objects.filter(kind="visit.unsettled").exists()


def test_meetings_of_all_members_once_and_repeating(staff):
    [one] = actions.meet(staff.partnership, begin=moment(12), end=moment(12, 30), room="Library", by=staff.ana, at=AT)
    assert (one.visit, one.cycle, one.appointment.room) == (None, staff.pair.cycle, "Library")
    assert set(one.appointment.attendees.values_list("person", flat=True)) == {staff.ana.pk, staff.ben.pk}
    rows = actions.meet(
        staff.partnership,
        begin=moment(12),
        end=moment(12, 30),
        rule="FREQ=WEEKLY;INTERVAL=2;COUNT=3",
        by=staff.ana,
        at=AT,
    )
    # The first is taken by the one above.
    assert [row.appointment.begin.date() for row in rows] == [MONDAY + 14 * DAY, MONDAY + 28 * DAY]
    with pytest.raises(Refused, match="not free"):
        actions.meet(staff.partnership, begin=moment(12), end=moment(13), by=staff.ana, at=AT)
    for rule in ("", "FREQ=WEEKLY;INTERVAL=1;COUNT=2"):
        with pytest.raises(Refused, match="Ana teaches"):
            actions.meet(staff.partnership, begin=moment(9, 30), end=moment(10), rule=rule, by=staff.ben, at=AT)


def test_one_answer_says_yes_to_all_parts_or_no_to_the_visit(staff):
    visit = staff.with_talks(COVERED)
    actions.say(visit, comes=True, by=staff.ana, at=AT)
    assert set(Attendee.objects.filter(person=staff.ana).values_list("answer", flat=True)) == {"yes"}
    with pytest.raises(Refused, match="nothing to answer"):
        actions.say(visit, comes=False, by=staff.lena, at=AT)
    actions.say(visit, comes=False, by=staff.ana, at=AT)
    visit.refresh_from_db()
    assert (visit.unsettled_by, parts(visit)) == (staff.ana, {})


def test_what_she_keeps_for_herself_only_she_gives(staff):
    KeptFree.objects.create(person=staff.ana, period=Period.objects.get(day=0, position=2))
    with pytest.raises(Refused, match="Ana is not free"):
        staff.book(FREE, by=staff.ben)
    assert staff.book(FREE, by=staff.ana)
