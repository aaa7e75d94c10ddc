"""Small numbers stay hidden, also from somebody who subtracts."""

from hypothesis import given
from hypothesis import strategies as st

from sidebyside.summaries.small_numbers import FEWEST, shown


def test_a_small_number_is_hidden():
    assert shown({1: 4}) == ({1: None}, None)


def test_a_number_that_is_large_enough_is_shown():
    assert shown({1: 5, 2: 9}) == ({1: 5, 2: 9}, 14)


def test_nobody_finds_the_one_hidden_number_by_subtraction():
    assert shown({1: 2, 2: 7, 3: 20}) == ({1: None, 2: None, 3: 20}, 29)


def test_the_sum_of_a_single_place_is_hidden_with_it():
    assert shown({1: 3, 2: 0}) == ({1: None, 2: None}, None)


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 12), max_size=8))
def test_what_is_hidden_can_not_be_worked_out(counts):
    parts, total = shown(counts)
    for key, number in parts.items():
        assert number in (None, counts[key])
        assert number is None or number >= FEWEST
    hidden = [key for key, number in parts.items() if number is None]
    if total is not None and hidden:
        # With the sum known, the hidden ones are known together: at least two of them, and at least five.
        assert len(hidden) >= 2
        assert total - sum(number for number in parts.values() if number is not None) >= FEWEST
