"""Ana coaches Ben, a lesson of Ben's, and a browser for each of them and for Lena, who has no part in it."""

import pytest
from django.test import Client

from sidebyside.lessons.models import Lesson
from tests.lessons.made import lesson_of
from tests.pairs import Pair, pair


@pytest.fixture
def ours(db: None) -> Pair:
    return pair()


@pytest.fixture
def lesson(ours: Pair) -> Lesson:
    """Ben's lesson: a task and what happens, with a standard."""
    return lesson_of(ours)


@pytest.fixture
def ana(ours: Pair) -> Client:
    return signed_in(ours.coach)


@pytest.fixture
def ben(ours: Pair) -> Client:
    return signed_in(ours.partner)


@pytest.fixture
def lena(ours: Pair) -> Client:
    return signed_in(ours.outsider)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client
