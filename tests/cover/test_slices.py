"""A substitute's day against every packing there is."""

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from sidebyside.calendars.slots import Span
from sidebyside.cover.slices import Hours, Piece, pack

DAY = datetime(2026, 11, 26, 8, tzinfo=UTC)


def span(begin: int, end: int) -> Span:
    """From so many minutes after eight to so many."""
    return Span(DAY + timedelta(minutes=begin), DAY + timedelta(minutes=end))


def best_of_all(pieces: list[Piece], hours: list[Hours]) -> tuple[int, int, int]:
    """Most lessons, most minutes, fewest substitutes (negative), by trying everything."""
    best = (0, 0, 0)
    for choice in itertools.product([None, *hours], repeat=len(pieces)):
        taken = [(piece, day) for piece, day in zip(pieces, choice, strict=True) if day is not None]
        if all(day.can_take(piece) for piece, day in taken) and not any(
            one[1] is other[1] and one[0].span.overlaps(other[0].span)
            for one, other in itertools.combinations(taken, 2)
        ):
            minutes = sum(piece.span.minutes for piece, _day in taken)
            best = max(best, (len(taken), minutes, -len({day.key for _piece, day in taken})))
    return best


@pytest.mark.parametrize("seed", range(25))
def test_no_packing_is_better(seed: int) -> None:
    chance = random.Random(seed)
    pieces = []
    for key in range(chance.randint(1, 6)):
        begin = 5 * chance.randint(0, 30)
        pieces.append(Piece(key, span(begin, begin + 5 * chance.randint(4, 10))))
    hours = []
    for key in range(chance.randint(1, 3)):
        begin = 5 * chance.randint(0, 12)
        taken = (span(begin + 30, begin + 60),) if chance.random() < 0.3 else ()
        hours.append(Hours(key, span(begin, begin + 5 * chance.randint(10, 36)), taken))
    packing = pack(pieces, hours)
    by_key = {piece.key: piece for piece in pieces}
    days = {day.key: day for day in hours}
    for key, day in packing.taken.items():
        assert days[day].can_take(by_key[key])
    for (one, first), (other, second) in itertools.combinations(packing.taken.items(), 2):
        assert first != second or not by_key[one].span.overlaps(by_key[other].span)
    minutes = sum(by_key[key].span.minutes for key in packing.taken)
    found = (len(packing.taken), minutes, -len(set(packing.taken.values())))
    assert packing.proved
    assert found == best_of_all(pieces, hours)
    assert pack(pieces, hours) == packing


def test_a_longer_lesson_is_taken_whole_and_only_if_the_desk_says_so() -> None:
    double, short = Piece(1, span(0, 90)), Piece(2, span(100, 115))
    day = Hours(7, span(0, 300))
    assert pack([double, short], [day]).taken == {}
    assert pack([double, short], [day], others_too=True).taken == {1: 7, 2: 7}
    assert pack([double], [Hours(7, span(0, 60))], others_too=True).taken == {}


def test_twenty_and_fifty_minutes_are_slices() -> None:
    day = Hours(1, span(0, 300))
    pieces = [Piece(1, span(0, 20)), Piece(2, span(20, 70)), Piece(3, span(70, 89)), Piece(4, span(90, 141))]
    assert pack(pieces, [day]).taken == {1: 1, 2: 1}


def test_nothing_to_take_and_nobody_to_take_it() -> None:
    assert pack([], [Hours(1, span(0, 60))]).taken == {}
    assert pack([Piece(1, span(0, 30))], []).taken == {}
