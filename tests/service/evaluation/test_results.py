"""What an evaluation finds."""

from __future__ import annotations

import pytest

from service.evaluation.results import Verified, differences


def test_differences():
    """Measures without a common query are left out of a comparison."""
    assert set(differences({"a": {"q": 1.0}, "b": {"q": 1.0}}, {"a": {"q": 0.5}, "b": {}})) == {"a"}


def test_share_of_none():
    """No citation at all is no fault."""
    assert Verified(0).share == 1
    assert Verified(3, ("x",)).share == pytest.approx(2 / 3)
