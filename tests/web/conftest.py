"""A pair for the tests of pages that need no more, and a browser for each of the two."""

import pytest
from django.test import Client

from tests.pairs import Pair, pair, signed_in


@pytest.fixture
def ours(db: None) -> Pair:
    """Ana coaches Ben, in the first stage of five; Lena is no part of it."""
    return pair()


@pytest.fixture
def ana(ours: Pair) -> Client:
    return signed_in(ours.coach)


@pytest.fixture
def ben(ours: Pair) -> Client:
    return signed_in(ours.partner)


@pytest.fixture
def lena(ours: Pair) -> Client:
    return signed_in(ours.outsider)
