"""When two could talk before and after a visit."""

from datetime import UTC, date, datetime, timedelta

from sidebyside.calendars.slots import Span
from sidebyside.visits.talks import SchoolDay, times_after, times_before

WEDNESDAY = date(2026, 11, 25)
DAY = timedelta(days=1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def at(hour, minute=0, on=WEDNESDAY):
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC)


def between(begin, end, on=WEDNESDAY):
    return Span(at(*begin, on=on), at(*end, on=on))


def day(on=WEDNESDAY):
    """Two lessons, a long break, two lessons."""
    times = [((8, 30), (9, 15)), ((9, 20), (10, 5)), ((10, 30), (11, 15)), ((11, 20), (12, 5))]
    return SchoolDay(on, tuple((str(at + 1), between(*one, on=on)) for at, one in enumerate(times)))


VISIT = between((9, 20), (10, 5))
WEEK = [day(WEDNESDAY + number * DAY) for number in (-5, -2, -1, 0, 1, 2, 5, 6)]


def all_taught(*days):
    return [one for found in days for _name, one in found.periods]


def words(found):
    return [(one.kind, one.period, one.span.begin.strftime("%a %H:%M")) for one in found]


def test_common_free_periods_come_first_and_the_nearest_of_them():
    found = times_before(VISIT, days=WEEK, busy=[VISIT], since=LONG_AGO)
    assert words(found)[:3] == [("free", "1", "Wed 08:55"), ("free", "4", "Tue 11:45"), ("free", "3", "Tue 10:55")]
    kinds = [one.kind for one in found]
    assert kinds == sorted(kinds, key=lambda kind: kind != "free")
    found = times_after(VISIT, days=WEEK, busy=[VISIT], since=LONG_AGO)
    assert words(found)[:3] == [("free", "3", "Wed 10:30"), ("free", "4", "Wed 11:20"), ("free", "1", "Thu 08:30")]


def test_without_a_common_free_period_the_break_and_the_edges_of_the_day_are_left():
    busy = all_taught(*WEEK)
    assert words(times_before(VISIT, days=WEEK, busy=busy, since=LONG_AGO)) == [
        ("before", "", "Wed 08:10"), ("after", "", "Tue 12:05"), ("break", "", "Tue 10:10"),
        ("before", "", "Tue 08:10"), ("after", "", "Mon 12:05"), ("break", "", "Mon 10:10"),
        ("before", "", "Mon 08:10"),
    ]  # fmt: skip
    assert words(times_after(VISIT, days=WEEK, busy=busy, since=LONG_AGO))[:3] == [
        ("break", "", "Wed 10:05"), ("after", "", "Wed 12:05"), ("before", "", "Thu 08:10"),
    ]  # fmt: skip


def test_two_school_days_before_and_three_after_over_a_week_end():
    friday = WEDNESDAY + 2 * DAY
    visit = between((8, 30), (9, 15), on=friday)
    before = times_before(visit, days=WEEK, busy=[], since=LONG_AGO)
    assert {one.span.begin.date() for one in before} == {WEDNESDAY, WEDNESDAY + DAY, friday}
    after = times_after(visit, days=WEEK, busy=[], since=LONG_AGO)
    assert {one.span.begin.date() for one in after} == {friday, WEDNESDAY + 5 * DAY, WEDNESDAY + 6 * DAY}


def test_nothing_lies_on_the_wrong_side_or_in_the_past():
    before = times_before(VISIT, days=WEEK, busy=[], since=at(8, 0))
    assert [one.span.begin.date() for one in before] == [WEDNESDAY] * len(before)
    assert before
    assert all(one.span.end <= VISIT.begin and one.span.begin >= at(8) for one in before)
    assert all(one.span.begin >= VISIT.end for one in times_after(VISIT, days=WEEK, busy=[], since=LONG_AGO))


def test_a_period_or_break_that_is_too_short_is_no_room():
    found = times_after(VISIT, days=WEEK, busy=all_taught(*WEEK), since=LONG_AGO, minutes=30)
    assert "break" not in {one.kind for one in found}
    assert "free" not in {one.kind for one in times_after(VISIT, days=WEEK, busy=[], since=LONG_AGO, minutes=50)}


def test_where_nothing_is_known_of_the_day_it_is_right_beside_the_visit():
    [before] = times_before(VISIT, days=[], busy=[], since=LONG_AGO)
    assert (before.kind, before.span) == ("beside", between((9, 0), (9, 20)))
    [after] = times_after(VISIT, days=[], busy=[], since=LONG_AGO)
    assert after.span == between((10, 5), (10, 25))
    assert times_after(VISIT, days=[], busy=[between((10, 20), (10, 30))], since=LONG_AGO) == []
