"""Whose name is this: proposals, never a guess between two."""

import pytest

from sidebyside.calendars.teachers import Colleague, How, matches, plain

PEOPLE = [
    Colleague(1, "Ana", "Sousa"),
    Colleague(2, "Ben", "Okafor"),
    Colleague(3, "静", "陈"),
    Colleague(4, "Anita", "Sousa"),
    Colleague(5, "فاطمة", "الزهراء"),
    Colleague(6, "Mai", "Nguyễn Thị"),
    Colleague(7, "Lena", "Fischer"),
]


@pytest.mark.parametrize(
    ("name", "person", "how"),
    [
        ("Ana Sousa", 1, How.NAME), ("SOUSA, Ana", 1, How.NAME), ("sousa anita", 4, How.NAME), ("陈静", 3, How.NAME),
        ("陈 静", 3, How.NAME), ("الزهراء فاطمة", 5, How.NAME), ("NGUYEN THI Mai", 6, How.NAME),
        ("Okafor", 2, How.FAMILY), ("B. Okafor", 2, How.FAMILY), ("Okafor B", 2, How.FAMILY), ("陈", 3, How.FAMILY),
        ("LF", 7, How.INITIALS), ("L.F.", 7, How.INITIALS), ("mnt", 6, How.INITIALS), ("MN", 6, How.INITIALS),
    ],
)  # fmt: skip
def test_who_is_found_and_how(name, person, how) -> None:
    assert {key: (one.person, one.how) for key, one in matches([name], PEOPLE).items()} == {name: (person, how)}


@pytest.mark.parametrize("name", ["Sousa", "A. Sousa", "AS", "Nobody", "", "  ", "-", "x" * 150, "L", "Ben"])
def test_what_could_be_two_or_nobody_is_left_out(name) -> None:
    assert matches([name], PEOPLE) == {}


def test_what_was_said_before_comes_first_while_she_works_here() -> None:
    before = {"OKA": 2, "Ana Sousa": 4, "Gone": 99}
    found = matches(["OKA", "Ana Sousa", "Gone"], PEOPLE, before)
    assert {name: (one.person, one.how) for name, one in found.items()} == {
        "OKA": (2, How.BEFORE), "Ana Sousa": (4, How.BEFORE),
    }  # fmt: skip


def test_weak_signs_are_not_used_for_who_is_known_by_a_surer_one() -> None:
    assert set(matches(["Lena Fischer", "LF", "Fischer"], PEOPLE)) == {"Lena Fischer"}
    # Two names by one weak sign: neither is proposed.
    assert matches(["LF", "L.F."], PEOPLE) == {}


def test_names_are_compared_without_accents_capitals_and_points() -> None:
    assert plain(" Nguyễn-Thị, MAI ") == "nguyen thi mai"
    assert plain("Straße") == plain("STRASSE")
