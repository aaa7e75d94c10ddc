"""Which day of the timetable a date is: by hand, and against a plain count day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidebyside.calendars.days import Pattern, dates, day_of

MONDAY = date(2026, 11, 23)
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri")
SCHOOL_DAYS = (0, 1, 2, 3, 4)


def pattern(**changes) -> Pattern:
    usual = {
        "begin": MONDAY,
        "end": MONDAY + timedelta(days=60),
        "days": WEEK,
        "rotating": False,
        "weekdays": SCHOOL_DAYS,
        "closed": frozenset(),
        "follows": {},
    }
    return Pattern(**(usual | changes))


def numbers(found: Pattern, days: int) -> list[int | None]:
    """What the first dates are."""
    return [day_of(found, found.begin + timedelta(days=after)) for after in range(days)]


@pytest.mark.parametrize(
    "changes",
    [
        {"end": MONDAY - timedelta(days=1)},
        {"days": ()},
        {"weekdays": ()},
        {"weekdays": (0, 1, 2, 3, 7)},
        {"weekdays": (0, 1, 2, 3)},
        {"follows": {MONDAY: 5}},
        {"follows": {MONDAY: -1}},
        {"rotating": True, "weekdays": (0, 0)},
    ],
)
def test_what_is_no_pattern_is_refused(changes: dict) -> None:
    with pytest.raises(ValueError):
        pattern(**changes)


def test_a_week_is_a_week() -> None:
    assert numbers(pattern(), 9) == [0, 1, 2, 3, 4, None, None, 0, 1]
    sunday_first = pattern(days=("Sun", "Mon"), weekdays=(6, 0))
    assert numbers(sunday_first, 8) == [1, None, None, None, None, None, 0, 1]


def test_two_weeks_in_turn() -> None:
    found = pattern(days=("A Mon", "A Tue", "B Mon", "B Wed"), weekdays=(0, 1, 0, 2))
    assert [number for _on, number in dates(found, MONDAY, found.end)][:8] == [0, 1, 2, 3, 0, 1, 2, 3]
    # The first week in turn is the week of the beginning, also where that is no Monday; a closed week counts.
    middle = pattern(
        begin=MONDAY + timedelta(days=2),
        days=found.days,
        weekdays=found.weekdays,
        closed=frozenset(MONDAY + timedelta(days=after) for after in range(14)),
    )
    assert dates(middle, MONDAY, MONDAY + timedelta(days=21))[0] == (MONDAY + timedelta(days=14), 0)


def test_a_rotation_shifts_on_a_closed_day() -> None:
    three = {"days": ("1", "2", "3"), "rotating": True}
    assert numbers(pattern(**three), 8) == [0, 1, 2, 0, 1, None, None, 2]
    tuesday = MONDAY + timedelta(days=1)
    assert numbers(pattern(**three, closed=frozenset([tuesday])), 8) == [0, None, 1, 2, 0, None, None, 1]


def test_a_special_day_follows_another() -> None:
    tuesday, saturday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)
    follows = {tuesday: 4, saturday: 0}
    assert numbers(pattern(follows=follows), 8) == [0, 4, 2, 3, 4, 0, None, 0]
    three = pattern(days=("1", "2", "3"), rotating=True, follows={tuesday: 0, saturday: 0})
    assert numbers(three, 8) == [0, 0, 2, 0, 1, 0, None, 2]  # Tuesday's own day is used up, Saturday has none
    assert day_of(pattern(follows=follows, closed=frozenset([tuesday])), tuesday) is None


def test_nothing_outside_the_timetable() -> None:
    found = pattern(end=MONDAY + timedelta(days=4), follows={MONDAY - timedelta(days=1): 0})
    assert dates(found, date.min, date.max)[-1] == (MONDAY + timedelta(days=4), 4)
    assert day_of(found, MONDAY - timedelta(days=1)) is None
    assert dates(found, found.end, found.begin) == []


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    begin = draw(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    near = st.integers(-20, 120).map(lambda after: begin + timedelta(days=after))
    rotating = draw(st.booleans())
    days = draw(st.integers(1, 12))
    one = st.integers(0, 6)
    weekdays = st.lists(one, min_size=1, unique=True) if rotating else st.lists(one, min_size=days, max_size=days)
    return Pattern(
        begin,
        begin + timedelta(days=draw(st.integers(0, 100))),
        tuple(f"D{number}" for number in range(days)),
        rotating,
        tuple(draw(weekdays)),
        frozenset(draw(st.lists(near, max_size=12))),
        draw(st.dictionaries(near, st.integers(0, days - 1), max_size=6)),
    )


@given(patterns(), st.integers(-10, 110), st.integers(0, 40))
def test_any_window_agrees_with_the_whole_and_with_single_days(found: Pattern, after: int, long: int) -> None:
    begin = found.begin + timedelta(days=after)
    end = begin + timedelta(days=long)
    whole = dates(found, found.begin, found.end)
    assert dates(found, begin, end) == [(on, number) for on, number in whole if begin <= on <= end]
    assert dict(whole) == {
        on: number
        for on in (found.begin + timedelta(days=day) for day in range((found.end - found.begin).days + 1))
        if (number := day_of(found, on)) is not None
    }
    assert not found.closed & dict(whole).keys()
    for on, number in whole:
        assert 0 <= number < len(found.days)
        assert number == found.follows[on] if on in found.follows else on.weekday() in found.weekdays


@given(patterns())
def test_a_rotation_leaves_out_no_day(found: Pattern) -> None:
    if found.rotating:
        own = [
            number
            for on, number in dates(Pattern(**{name: getattr(found, name) for name in FIELDS}), found.begin, found.end)
        ]
        assert own == [number % len(found.days) for number in range(len(own))]
    else:
        for on, number in dates(found, found.begin, found.end):
            assert on in found.follows or found.weekdays[number] == on.weekday()


FIELDS = ("begin", "end", "days", "rotating", "weekdays", "closed")
