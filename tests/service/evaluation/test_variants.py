"""Settings varied by name."""

from __future__ import annotations

import pytest

from index.build import BuildSettings
from index.errors import InvalidSetting
from index.retriever import RetrievalSettings
from service.evaluation.variants import vary


def test_vary():
    """A setting is varied where it belongs, and nothing else is."""
    given = BuildSettings(), RetrievalSettings()
    build, retrieval = vary(*given, ["max_tokens=128", "dense_weight=0.25"])
    assert (build.chunking.max_tokens, retrieval.dense_weight) == (128, 0.25)
    assert vary(*given, []) == given


def test_unknown_name():
    """An unknown name is refused with those there are."""
    with pytest.raises(InvalidSetting, match=r'no setting "size" .* max_tokens, .*dense_weight'):
        vary(BuildSettings(), RetrievalSettings(), ["size=5"])


@pytest.mark.parametrize(
    "assignment", ["max_tokens=many", "max_tokens=", "max_tokens", "max_tokens=1.5"]
)
def test_bad_value(assignment):
    """A value of another type is refused."""
    with pytest.raises(InvalidSetting, match="the value must be of type int"):
        vary(BuildSettings(), RetrievalSettings(), [assignment])
