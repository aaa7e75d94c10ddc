"""A pair for every test of reflections."""

import pytest

from tests.pairs import Pair, pair


@pytest.fixture
def ours(db: None) -> Pair:
    """Ana coaches Ben, in the first stage of five."""
    return pair()
