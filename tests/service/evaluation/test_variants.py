"""Settings varied by name."""

from __future__ import annotations

import pytest

from index.build import BuildSettings
from index.errors import InvalidSetting
from index.retriever import RetrievalSettings
from service.evaluation.variants import vary


def test_a_setting_is_varied_where_it_belongs_and_nothing_else_is():
    given = BuildSettings(), RetrievalSettings()
    build, retrieval = vary(*given, ["max_tokens=128", "dense_weight=0.25"])
    assert (build.chunking.max_tokens, retrieval.dense_weight) == (128, 0.25)
    assert vary(*given, []) == given


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(InvalidSetting, match=r'no setting "size" .* max_tokens, .*dense_weight'):
        vary(BuildSettings(), RetrievalSettings(), ["size=5"])


@pytest.mark.parametrize(
    "assignment", ["max_tokens=many", "max_tokens=", "max_tokens", "max_tokens=1.5"]
)
def test_a_value_of_another_type_is_refused(assignment):
    with pytest.raises(InvalidSetting, match="the value must be of type int"):
        vary(BuildSettings(), RetrievalSettings(), [assignment])
