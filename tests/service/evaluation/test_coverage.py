"""Citation recall, precision and IoU against sets of single characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from service.evaluation.coverage import coverage, length, merged

SPANS = st.tuples(st.integers(0, 30), st.integers(0, 10)).map(lambda s: Span(s[0], s[0] + s[1]))
PLACES = st.lists(st.tuples(st.sampled_from(["a.md", "b.md"]), SPANS), max_size=6)


def characters(places):
    """Every (document, position), the slow and obvious way."""
    return {(uri, position) for uri, span in places for position in range(span.start, span.end)}


@given(evidence=PLACES, cited=PLACES)
def test_coverage_by_brute_force(evidence, cited):
    """Recall, precision and IoU are those of the sets of single characters."""
    wanted, given_ = characters(evidence), characters(cited)
    if not wanted:
        with pytest.raises(ValueError, match="no character"):
            coverage(evidence, cited)
        return
    found = coverage(evidence, cited)
    shared = len(wanted & given_)
    assert found.recall == pytest.approx(shared / len(wanted))
    assert found.precision == pytest.approx(shared / len(given_) if given_ else 0)
    assert found.iou == pytest.approx(shared / len(wanted | given_))


@given(places=PLACES)
def test_merged_by_brute_force(places):
    """Merging keeps every character, once."""
    union = merged(places)
    assert characters(union) == characters(places)
    assert length(union) == len(characters(places))


def test_another_document():
    """The same positions of another document are no evidence."""
    found = coverage([("a.md", Span(0, 10))], [("b.md", Span(0, 10))])
    assert (found.recall, found.precision, found.iou) == (0, 0, 0)
