"""A lesson of Ben's, whom Ana coaches (tests/web/conftest.py has the two, and their browsers)."""

import pytest

from sidebyside.lessons.models import Lesson
from tests.lessons.made import lesson_of
from tests.pairs import Pair


@pytest.fixture
def lesson(ours: Pair) -> Lesson:
    """Ben's lesson: a task and what happens, with a standard."""
    return lesson_of(ours)
