"""Offsets counts bytes, UTF-16 units and lines as counting from the start would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.offsets import Offsets

TEXTS = st.text(
    st.one_of(st.sampled_from("\n\r\u2028😀é"), st.characters(exclude_categories=["Cs"]))
)


@given(TEXTS, st.data())
def test_every_unit_is_what_counting_from_the_start_gives(text, data):
    """Wherever it stops on the way; only a line feed ends a line."""
    stops = data.draw(st.lists(st.integers(0, len(text))).map(sorted))
    offsets = Offsets(text)
    assert (offsets.byte, offsets.utf16, offsets.line) == (0, 0, 1)
    for stop in stops:
        offsets.move_to(stop)
        before = text[:stop]
        assert offsets.byte == len(before.encode("utf-8"))
        assert offsets.utf16 == sum(1 + (ord(character) > 0xFFFF) for character in before)
        assert offsets.line == len(before.split("\n"))


@pytest.mark.parametrize("wrong", [2, -1, 7])
def test_it_only_moves_forward_and_within_the_text(wrong):
    """What it has passed it cannot count back, and beyond the end there is nothing to count."""
    offsets = Offsets("troops")
    offsets.move_to(3)
    with pytest.raises(ValueError, match=f"from 3 to {wrong} of 6"):
        offsets.move_to(wrong)
    offsets.move_to(6)
    assert offsets.byte == 6
