"""The small encoder of the index's tests."""

import sys
from pathlib import Path

import pytest

# pytest imports test files one by one; what they share is found by its place.
sys.path.insert(0, str(Path(__file__).parents[2] / "index"))
from word_encoder import WordEncoder


@pytest.fixture
def words() -> WordEncoder:
    return WordEncoder()
