"""Reading alone, in the given paragraph."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.evaluation.catalogue import identify
from service.evaluation.lines import InvalidDataset
from service.evaluation.paragraph import (
    ParagraphAnswer,
    best_f1,
    evaluate_paragraphs,
    paragraph_panel,
    shown_passages,
)
from service.evaluation.report import lines

ANSWERS = [
    ParagraphAnswer("a", True, 1.0, 1.0, 3.0),
    ParagraphAnswer("b", True, 0.0, 0.5, 1.0),
    ParagraphAnswer("u", False, 0.0, 0.0, 0.5),
    ParagraphAnswer("c", True, 1.0, 1.0, -1.0),
    ParagraphAnswer("v", False, 0.0, 0.0, -2.0),
]


def test_panel_by_hand():
    """Below the threshold nothing is said, which is right where there is no answer."""
    values = paragraph_panel(ANSWERS).values
    assert values["answerable, answer forced"]["EM"] == {"a": 1.0, "b": 0.0, "c": 1.0}
    assert values["all, threshold 0"]["F1"] == {"a": 1.0, "b": 0.5, "u": 0.0, "c": 0.0, "v": 1.0}
    # At 1: 1 + .5 + 1 + 0 + 1; at -1: 1 + .5 + 0 + 1 + 1; the first of equals is taken.
    assert best_f1(ANSWERS) == (pytest.approx(3.5 / 5), 1.0)
    assert sum(values["all, best threshold"]["F1"].values()) == pytest.approx(3.5)


@given(
    st.lists(
        st.tuples(
            st.booleans(), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([-1.0, 0.0, 2.0])
        ),
        min_size=1,
        max_size=8,
    )
)
def test_best_f1_by_brute_force(rows):
    """No threshold is better than the best one."""
    answers = [
        ParagraphAnswer(str(at), known, 0.0, f1 * known, margin)
        for at, (known, f1, margin) in enumerate(rows)
    ]

    def mean(threshold):
        kept = [a.f1 if a.margin >= threshold else float(not a.answerable) for a in answers]
        return sum(kept) / len(kept)

    best, threshold = best_f1(answers)
    assert best == pytest.approx(max(map(mean, (-1.0, 0.0, 2.0, math.inf))))
    assert mean(threshold) == pytest.approx(best)


def test_whole_road(data, reading_bench):
    """A SQuAD file's questions are read in their own paragraphs, without any index."""
    result = evaluate_paragraphs(identify(data / "squad.json"), reading_bench)
    values = result.panels[0].values
    assert values["answerable, answer forced"] == {"EM": {"1": 1.0}, "F1": {"1": 1.0}}
    assert result.counts == {"questions": 2, "unanswerable": 1}
    assert result.setting.snapshot == "none"
    text = "\n".join(lines(result))
    assert "no-answer AUROC by margin: 1.000 (n 2)" in text
    json.dumps(result.to_json(), allow_nan=False)


def test_no_reader(data, bench):
    """Without a reader nothing can be read, and that is said."""
    with pytest.raises(InvalidDataset, match="there is no reader"):
        evaluate_paragraphs(identify(data / "squad.json"), bench)


def test_shown_passages(bench):
    """A paragraph is cut as a build cuts it, each part under its title; nothing of it is lost."""
    sentence = "Rain falls in Wales all winter long. "
    passages = shown_passages("Rain", sentence * 60, bench.encoder, bench.build)
    assert len(passages) > 1
    assert {passage.title for passage in passages} == {"Rain"}
    assert " ".join(passage.text for passage in passages) == (sentence * 60).strip()
