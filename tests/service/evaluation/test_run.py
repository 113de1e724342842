"""A data set's whole road over real rooms of the index."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from service.evaluation.bench import Bench
from service.evaluation.catalogue import FoundSet, Layout, identify
from service.evaluation.run import evaluate_set


def test_beir(data, bench):
    """A BEIR set is ranked three ways, and every citation verifies."""
    result = evaluate_set(FoundSet("beir", data / "beir", Layout.BEIR), bench)
    (panel,) = result.panels
    assert {method: panel.values[method]["hit@1"] for method in panel.values} == {
        method: {"1": 1.0, "2": 1.0} for method in ("dense", "BM25", "hybrid")
    }
    assert result.counts == {"queries": 2, "unanswerable": 1, "of these abstained": 0}
    assert (result.setting.documents, result.setting.encoder) == (3, "words")
    assert result.verified.checked >= 3
    assert result.verified.faults == ()


def test_squad(data, bench):
    """A SQuAD file also tells where a gold answer stands."""
    result = evaluate_set(identify(data / "squad.json"), bench)
    _, answers = result.panels
    assert answers.values["passages"]["first"] == {"1": 1.0}
    assert answers.values["cited evidence"]["any of 5"] == {"1": 1.0}
    assert result.counts == {"queries": 1, "unanswerable": 1, "of these abstained": 0}


def test_excerpts(data, bench):
    """Excerpts are covered by what was returned and by what was cited."""
    result = evaluate_set(identify(data / "excerpts"), bench)
    (panel,) = result.panels
    # The whole file is one passage of 59 characters; its first sentence, of 31, is cited.
    assert panel.values["whole passages"]["recall"]["e"] == 1
    assert panel.values["whole passages"]["IoU"]["e"] == pytest.approx(19 / 59)
    assert panel.values["cited evidence"]["IoU"]["e"] == pytest.approx(19 / 31)
    assert result.verified.faults == ()


def test_limit(data, bench):
    """The limit caps the questions of every layout."""
    limited = Bench(encoder=bench.encoder, limit=1)
    assert evaluate_set(identify(data / "beir"), limited).counts["queries"] == 1
    assert evaluate_set(identify(data / "excerpts"), limited).counts == {"questions": 1}


def test_beir_with_reader(data, reading_bench):
    """A reader adds a fourth ranking, and abstention where answers are not known."""
    result = evaluate_set(identify(data / "beir"), reading_bench)
    ranked, answers = result.panels
    assert set(ranked.values) == {"dense", "BM25", "hybrid", "re-ranked"}
    assert ranked.pairs[-1] == ("re-ranked", "hybrid")
    assert set(answers.values) == {"answerable, as given", "unanswerable, as given"}
    assert result.reading.questions == 3
    assert result.verified.faults == ()
    assert result.setting.reading["reader"] == "overlap"


def test_squad_with_reader(data, reading_bench):
    """Each question is asked once; both what is said and what is withheld come of it."""
    result = evaluate_set(identify(data / "squad.json"), reading_bench)
    answers = result.panels[2].values
    assert answers["answerable, answer forced"]["EM"] == {"1": 1.0}
    # Two words of the one passage are asked for: margin 2 · 2 − 5, below the threshold of .5.
    chance = 1 / (1 + math.exp(1))
    assert result.reading.confidences["1"] == pytest.approx(chance, abs=0.01)
    assert answers["answerable, as given"]["abstained"] == {"1": 1.0}
    assert result.counts == {"queries": 1, "unanswerable": 1, "of these abstained": 1}
    # Of the one answerable and the one unanswerable question the first is surer.
    assert result.reading.auroc == 1.0
    # One passage and one answer for each of the two questions.
    assert (result.verified.checked, result.verified.faults) == (4, ())


def test_excerpts_with_reader(data, reading_bench):
    """What an abstaining service cites as evidence stands beside what it would cite."""
    result = evaluate_set(identify(data / "excerpts"), reading_bench)
    values = result.panels[0].values
    assert values["cited evidence"]["recall"] == {"e": 0.0}
    assert values["cited evidence, answer forced"]["recall"] == {"e": 1.0}


def test_read_once(data, reading_bench, tmp_path):
    """A set is read once for all its figures, and not at all in a later run with the cache."""
    bench = replace(reading_bench, cache=tmp_path / "cache")
    evaluate_set(identify(data / "squad.json"), bench)
    reader = bench.reader.reader
    reads = reader.reads
    assert reads == 2
    evaluate_set(identify(data / "squad.json"), bench)
    assert reader.reads == reads
