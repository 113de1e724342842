"""Retrieval measures per query, their means with confidence intervals, and paired comparison.

The measures are ir-measures' own (nDCG with gain = relevance and log2 discount), the
bootstrap and the permutation test scipy's; every random draw has a fixed seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG
from scipy import stats

from service.evaluation.datasets import Qrels

SEED = 7
RESAMPLES = 2_000
CONFIDENCE = 0.95
# Resamples are drawn in blocks of at most this many values, to bound memory.
VALUES_IN_MEMORY = 4_000_000

MEASURES = {
    "nDCG@10": nDCG @ 10,
    "recall@1": R @ 1,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "recall@100": R @ 100,
    "MRR@10": RR @ 10,
    "hit@1": Success @ 1,
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over queries with its 95 % bootstrap interval, none for fewer than two queries."""

    mean: float
    low: float | None
    high: float | None
    queries: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean of first minus second over the same queries.

    ``p`` is two-sided, of the paired permutation test: how often swapping the two settings
    at random, query by query, gives a mean difference at least as far from 0.
    """

    mean: float
    low: float | None
    high: float | None
    p: float | None
    queries: int


def score(qrels: Qrels, rankings: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """Measure name → query_id → value, for every judged query.

    ``rankings`` gives distinct uris best first; a judged query without ranking counts 0.
    Relevant documents that the corpus lacks count against recall, as in BEIR.
    """
    run = {
        query_id: {uri: float(-place) for place, uri in enumerate(ranking)}
        for query_id, ranking in rankings.items()
        if query_id in qrels
    }
    names = {measure: name for name, measure in MEASURES.items()}
    values: dict[str, dict[str, float]] = {name: {} for name in MEASURES}
    # Plain dictionaries: ir_measures reads them as they are.
    judged = {query_id: dict(relevance) for query_id, relevance in qrels.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), judged, run):
        values[names[metric.measure]][metric.query_id] = metric.value
    return values


def estimate(values: Sequence[float]) -> Estimate:
    """Mean and percentile bootstrap interval; raises ValueError for no values at all."""
    sample = np.asarray(values, dtype=np.float64)
    if not len(sample):
        raise ValueError("no values to take a mean of")
    low, high = _interval(sample)
    return Estimate(float(sample.mean()), low, high, len(sample))


def compare(first: Mapping[str, float], second: Mapping[str, float]) -> Difference:
    """First minus second over the queries both have; raises ValueError where they share none."""
    shared = sorted(first.keys() & second.keys())
    if not shared:
        raise ValueError("the two settings share no query")
    ours = np.asarray([first[query_id] for query_id in shared], dtype=np.float64)
    theirs = np.asarray([second[query_id] for query_id in shared], dtype=np.float64)
    low, high = _interval(ours - theirs)
    p = _permutation_p(ours, theirs) if len(shared) > 1 else None
    return Difference(float((ours - theirs).mean()), low, high, p, len(shared))


def _interval(sample: np.ndarray) -> tuple[float | None, float | None]:
    """The percentile interval of the mean of ``sample``, float64 [n]."""
    if len(sample) < 2:
        return None, None
    interval = stats.bootstrap(
        (sample,),
        np.mean,
        n_resamples=RESAMPLES,
        batch=max(1, VALUES_IN_MEMORY // len(sample)),
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def _permutation_p(first: np.ndarray, second: np.ndarray) -> float:
    """Two-sided p of the paired test: exact where all 2^n swaps are few, sampled otherwise."""
    return float(
        stats.permutation_test(
            (first, second),
            _mean_difference,
            permutation_type="samples",
            n_resamples=RESAMPLES,
            batch=max(1, VALUES_IN_MEMORY // len(first)),
            vectorized=True,
            rng=np.random.default_rng(SEED),
        ).pvalue
    )


def _mean_difference(first: np.ndarray, second: np.ndarray, axis: int) -> np.ndarray:
    return np.mean(first - second, axis=axis)
