"""Which lessons somebody can choose from, and when the two could talk."""

from datetime import timedelta

from sidebyside.calendars.actions.appointments import make
from sidebyside.calendars.models import KeptFree, Period, SpecialDay, TimetableLesson, TimetableTeacher
from sidebyside.calendars.slots import Span
from sidebyside.cover import actions as cover
from sidebyside.people.models import Person
from sidebyside.places.models import Role
from sidebyside.visits.queries import choice_of, has_cover_desk, lesson_of, lessons_to_visit, talk_times
from tests.calendars.school import MONDAY, teaches, timetable
from tests.pairs import person
from tests.visits.school import AT, COVERED, FREE, FRIDAY, moment, span

DAY = timedelta(days=1)
IN_A_WEEK = MONDAY + 6 * DAY


def choices(staff, begin=MONDAY, end=IN_A_WEEK, observed=None, observer=None, at=AT):
    found = lessons_to_visit(
        observed=observed or staff.ben, observer=observer or staff.ana, begin=begin, end=end, at=at
    )
    return found.found


def slots(found):
    return [(one.lesson.on.weekday(), one.lesson.period.position) for one in found]


def test_where_the_observer_is_free_comes_first_then_the_least_cover(staff):
    found = choices(staff)
    assert slots(found) == [(0, 2), (1, 3), (2, 0), (0, 0), (1, 2), (3, 0), (4, 0)]
    free, covered = found[:3], found[3:]
    assert all(one.to_cover == () and one.minutes == 0 for one in free)
    assert [one.minutes for one in covered] == [45] * 4
    # On Wednesday Lena is not at school; on Friday she teaches then herself.
    assert [one.to_cover[0].by for one in covered] == [(staff.lena.pk,)] * 3 + [()]
    assert [one.coverable for one in covered] == [True, True, True, False]


def test_what_is_over_is_not_offered_and_what_has_no_bell_times_is_not_either(staff):
    assert slots(choices(staff, at=moment(9, 0)))[0] == (0, 2)
    assert (0, 0) not in slots(choices(staff, at=moment(9, 0)))
    Period.objects.update(begins=None, ends=None)
    found = lessons_to_visit(observed=staff.ben, observer=staff.ana, begin=MONDAY, end=IN_A_WEEK, at=AT)
    assert (found.found, found.has_timetable, found.knows_times) == ((), True, False)


def test_without_a_timetable_nothing_is_offered_and_it_says_so(staff):
    found = lessons_to_visit(observed=staff.mai, observer=staff.ana, begin=MONDAY, end=IN_A_WEEK, at=AT)
    assert (found.found, found.has_timetable, found.knows_times) == ((), False, True)


def test_a_lesson_both_teach_and_one_in_which_somebody_is_engaged_are_left_out(staff):
    lesson = TimetableLesson.objects.get(period__day=0, period__position=2)
    lesson.teachers.add(TimetableTeacher.objects.get(person=staff.ana))
    make(kind="own", begin=moment(11, 20, MONDAY + DAY), end=moment(11, 30, MONDAY + DAY), zone="UTC",
         people=[staff.ana], by=staff.ana, at=AT)  # fmt: skip
    found = slots(choices(staff))
    assert (0, 2) not in found
    assert (1, 3) not in found
    assert (2, 0) in found


def test_a_second_teacher_stays_with_the_class_known_here_or_not(staff):
    lesson = TimetableLesson.objects.get(period__day=0, period__position=0, teachers__person=staff.ana)
    lesson.teachers.add(TimetableTeacher.objects.create(timetable=staff.timetable, name="Somebody"))
    first = choices(staff)[0]
    assert slots([first]) == [(0, 0)]
    assert first.to_cover == ()
    assert [one.stays for one in first.clashes] == [True]


def test_a_kept_period_comes_after_others_and_its_keeper_is_not_asked_to_cover(staff):
    KeptFree.objects.create(person=staff.ana, period=Period.objects.get(day=0, position=2))
    KeptFree.objects.create(person=staff.lena, period=Period.objects.get(day=0, position=0))
    found = choices(staff)
    assert slots(found)[:3] == [(1, 3), (2, 0), (0, 2)]
    assert [one.wished_free for one in found[:3]] == [False, False, True]
    monday = next(one for one in found if slots([one]) == [(0, 0)])
    assert monday.to_cover[0].by == ()


def test_who_covers_already_or_has_left_is_not_named(staff):
    Person.objects.filter(pk=staff.lena.pk).update(left_at=AT)
    assert all(one.to_cover[0].by == () for one in choices(staff)[3:])


def test_a_closed_day_and_a_day_away_have_no_slots(staff):
    SpecialDay.objects.create(timetable=staff.timetable, on=MONDAY, kind="closed", made_at=AT)
    assert 0 not in {day for day, _position in slots(choices(staff))}
    day = MONDAY + DAY
    cover.mark_away(
        staff.ana, school=staff.pair.school, begin=moment(0, 0, day), end=moment(23, 0, day), by=staff.ana, at=AT
    )
    assert 1 not in {day for day, _position in slots(choices(staff))}


def test_two_of_different_schools_each_by_her_own_timetable_and_nobody_of_the_other_covers(staff):
    fell = staff.mai.posts.get().place
    made = timetable(fell)
    teaches(made, staff.mai, (0, 2), (0, 0), subject="Art")
    rosa = person("Rosa", "Fell", fell)
    teaches(made, rosa, (0, 3))
    found = choices(staff, observed=staff.mai)
    assert slots(found) == [(0, 2), (0, 0)]
    assert found[1].to_cover[0].by == (staff.lena.pk,)
    # Who sees Ben's lessons from Fell is covered at Fell.
    found = choices(staff, observed=staff.ben, observer=staff.mai)
    assert next(one for one in found if slots([one]) == [(0, 2)]).to_cover[0].by == (rosa.pk,)


def test_a_week_she_typed_herself_has_no_colleagues(staff):
    made = timetable(staff.mai.posts.get().place, owner=staff.mai)
    teaches(made, staff.mai, (0, 2))
    found = choices(staff, observer=staff.mai)
    assert [one.to_cover[0].by for one in found if one.to_cover] == [()]


def test_a_time_by_hand_knows_what_it_needs(staff):
    hand = span((8, 40), (9, 30))
    found = choice_of(observed=staff.ben, observer=staff.ana, span=hand, lesson=None, zone=_utc())
    assert [one.span for one in found.to_cover] == [span((8, 40), (9, 15)), span((9, 20), (9, 30))]
    assert (found.minutes, found.lesson) == (45, None)
    assert {one.by for one in found.to_cover} == {(staff.lena.pk,)}
    make(kind="own", begin=moment(9), end=moment(10), zone="UTC", people=[staff.ana], by=staff.ana, at=AT)
    assert choice_of(observed=staff.ben, observer=staff.ana, span=hand, lesson=None, zone=_utc()) is None


def test_one_lesson_alone_is_as_in_the_list(staff):
    taught = lesson_of(staff.ben, staff.key(staff.ben, COVERED))
    found = choice_of(observed=staff.ben, observer=staff.ana, span=taught.span, lesson=taught, zone=_utc())
    assert found == next(one for one in choices(staff) if slots([one]) == [COVERED])


def test_a_key_that_is_none_finds_nothing(staff):
    good = staff.key(staff.ben, FREE)
    assert lesson_of(staff.ben, good).key == good
    assert lesson_of(staff.ana, good) is None
    number = good.split("-")[0]
    for wrong in ("", "-", "x", f"{number}-2026112", f"{number}-20269999", f"{number}-20261124", "٣-20261123", number):
        assert lesson_of(staff.ben, wrong) is None


def test_talks_are_proposed_in_common_free_periods_within_two_and_three_school_days(staff):
    before, after = talk_times(
        observed=staff.ben, observer=staff.ana, span=span((10, 25), (11, 10)), zone=_utc(), at=AT
    )  # fmt: skip
    free = [(one.span.begin.date(), one.period) for one in before if one.kind == "free"]
    assert free == [(FRIDAY, "4"), (FRIDAY, "3")]  # on Monday one of them always teaches; Friday began before now
    assert [one.span for one in after][0] == span((11, 15), (11, 35))
    assert max(one.span.begin.date() for one in after) == MONDAY + 3 * DAY
    busy = make(kind="own", begin=moment(11, 15), end=moment(12), zone="UTC", people=[staff.ana], by=staff.ana, at=AT)
    _before, after = talk_times(
        observed=staff.ben, observer=staff.ana, span=span((10, 25), (11, 10)), zone=_utc(), at=AT
    )  # fmt: skip
    assert after[0].span.begin != busy.begin
    _before, after = talk_times(
        observed=staff.ben, observer=staff.ana, span=span((10, 25), (11, 10)), zone=_utc(), at=AT, but=[busy.pk]
    )  # fmt: skip
    assert after[0].span.begin == busy.begin


def test_talks_without_any_timetable_lie_beside_the_visit(staff):
    other = person("Nia", "Fell", staff.mai.posts.get().place)
    visit = Span(moment(9), moment(10))
    before, after = talk_times(observed=staff.mai, observer=other, span=visit, zone=_utc(), at=AT)
    assert [one.kind for one in (*before, *after)] == ["beside", "beside"]


def test_whether_a_school_has_a_cover_desk(staff):
    assert has_cover_desk(staff.ana)
    assert not has_cover_desk(staff.mai)
    Role.objects.filter(kind=Role.Kind.COVER_DESK).update(ended_at=AT)
    assert not has_cover_desk(staff.ana)


def _utc():
    from zoneinfo import ZoneInfo

    return ZoneInfo("UTC")
