"""Tag lists of If-None-Match."""

from __future__ import annotations

import pytest

from service.routes.etags import holds


@pytest.mark.parametrize(
    ("tags", "held"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
        ('"ab"', False),
        ("", False),
        ('"b", *', False),
    ],
)
def test_a_list_holds_a_tag_by_weak_comparison(tags, held):
    """As RFC 9110, 13.1.2 has it: W/ does not matter, a star stands alone."""
    assert holds(tags, '"a"') is held
