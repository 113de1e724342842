"""Extracts on the wire between parent and child."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.extract import Extract
from index.documents.wire import from_line, to_extract, to_line
from index.records import Block, Place, Span

TEXT = st.text(max_size=12)
BLOCKS = st.builds(
    Block,
    st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda ends: Span(*sorted(ends))),
    st.lists(st.sampled_from(["A", "ü", "\ud800"]), max_size=2).map(tuple),
    st.booleans(),
)
VALUES = (
    TEXT | st.integers() | st.booleans() | st.floats(allow_nan=False) | st.lists(TEXT).map(tuple)
)
EXTRACTS = st.builds(
    Extract,
    TEXT | st.just("half \ud800 a pair\n\u2028"),
    st.none() | TEXT,
    st.lists(BLOCKS, max_size=4).map(tuple),
    st.dictionaries(TEXT, VALUES, max_size=3),
    st.lists(
        st.builds(Place, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), TEXT), max_size=3
    ).map(tuple),
)


@given(EXTRACTS)
def test_nothing_is_lost_on_the_way(extract):
    """One line there, and the same extract back, whatever it holds."""
    line = to_line(extract)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert to_extract(from_line(line)) == extract


@given(EXTRACTS, st.data())
def test_half_a_line_is_never_taken_for_one(extract, data):
    """A reply cut anywhere is an error, not a shorter document."""
    line = to_line(extract)
    cut = data.draw(st.integers(0, len(line) - 2))
    with pytest.raises(ValueError, match=r".+"):
        from_line(line[:cut])


def test_json_that_is_no_object_is_no_reply():
    """A list or a number is nothing we wrote."""
    for value in (None, 1, [1], "x"):
        with pytest.raises(ValueError, match="no object"):
            from_line(json.dumps(value).encode())
