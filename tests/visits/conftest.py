"""A school with a timetable for every test of a visit."""

import pytest

from tests.visits.school import Staff, settle


@pytest.fixture
def staff(db: None) -> Staff:  # tests name the databases they use
    return settle()
