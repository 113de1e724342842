"""Readings of several passages → their order, the one answer they give, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.records import Span
from service.reading.calibration import Calibration
from service.reading.features import Judged, Retrieved, features_of
from service.reading.records import Reading

# What the reader's relevance, a logit, adds to the retriever's fused score (0 to 1). It learned
# from questions; claims and key words it ranks worse than the retriever does.
QUESTION_WEIGHT, OTHER_WEIGHT = 0.04, 0.01
# What a margin above none adds for questions: a passage whose words answer is better than one on
# the subject. Among those that do not answer the margin orders worse than relevance alone.
ANSWER_WEIGHT = 0.01
_ASKS = re.compile(r"\?\s*\Z|\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)

# The same words in another passage say the same where they are at least as likely there as none.
AGREES = 0.0

# A word with what makes another of it: "C++", "C#", "-5".
_WORDS = re.compile(r"(?:(?<!\w)[-−+](?=\d))?\w+(?:[+#]+(?!\w))?")
_ARTICLES = frozenset(("a", "an", "the"))


@dataclass(frozen=True, slots=True)
class Found:
    """The best answer: its passage by position, its span and words in that passage's text.

    ``also`` says in which other passages kept the same words answer: passage and span.
    """

    passage: int
    span: Span
    text: str
    confidence: float
    also: tuple[tuple[int, Span], ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """``order`` are the passages kept, by position, best first; ``relevance`` (0 to 1) stands by
    position, None for a passage that was not read.
    """

    order: tuple[int, ...]
    relevance: tuple[float | None, ...]
    best: Found | None


def conclude(
    question: str,
    passages: Sequence[Retrieved],
    readings: Sequence[Reading],
    calibration: Calibration,
    kept: int,
    searched: int,
) -> Conclusion:
    """``passages`` best first as retrieved among ``searched``, ``readings`` of the first of
    them, ``kept`` at least 1.

    The passages read are put into a new order; those not read follow as they were. The
    passage of the best answer is kept, if need be as the last.
    """
    relevance = [float(1 / (1 + np.exp(-reading.relevance))) for reading in readings]
    order = _order(question, passages, readings)[:kept]
    judged = judge_candidates(passages, readings)
    best = None
    if judged:
        features = features_of(question, passages, readings, judged)
        at = _best(judged, calibration.choice(features))
        confidence = calibration.confidence(features[at : at + 1], searched)
        if judged[at].passage not in order:
            order[-1] = judged[at].passage
        best = _found(judged, at, float(confidence[0]), set(order))
    unread = [None] * (len(passages) - len(readings))
    return Conclusion(tuple(order), (*relevance, *unread), best)


def _order(question: str, passages: Sequence[Retrieved], readings: Sequence[Reading]) -> list[int]:
    asks = _ASKS.search(question)
    scores = []
    for passage, reading in zip(passages, readings, strict=False):
        added = (QUESTION_WEIGHT if asks else OTHER_WEIGHT) * reading.relevance
        if asks:
            margins = (candidate.margin for candidate in reading.candidates)
            added += ANSWER_WEIGHT * max(0.0, max(margins, default=0.0))
        scores.append(passage.fused + added)
    read = sorted(range(len(scores)), key=lambda at: (-scores[at], at))
    return [*read, *range(len(scores), len(passages))]


def judge_candidates(passages: Sequence[Retrieved], readings: Sequence[Reading]) -> list[Judged]:
    """Every candidate of the readings in its place, passage by passage."""
    judged = []
    for at, reading in enumerate(readings):
        for candidate in reading.candidates:
            words = candidate.span.of(passages[at].shown.text)
            judged.append(Judged(at, candidate, words, answer_key(words)))
    return judged


def answer_key(words: str) -> str:
    """What two answers share that say the same: their words without case, marks and articles.

    >>> answer_key("The U.S. Army")
    'u s army'
    """
    folded = words.casefold().strip()
    found = _WORDS.findall(folded)
    return " ".join(word for word in found if word not in _ARTICLES) or folded


def _best(judged: Sequence[Judged], scores: np.ndarray) -> int:
    """The position of the highest score; of equals the likeliest, then the shortest.

    By score and not by confidence, which is flat in places: as the calibration was fitted.
    """

    def worth(at: int) -> tuple[float, float, int]:
        one = judged[at]
        return float(scores[at]), one.candidate.margin, -len(one.text)

    return max(range(len(judged)), key=worth)


def _found(judged: Sequence[Judged], at: int, confidence: float, kept: set[int]) -> Found:
    """The answer at a position, and where else among the passages kept it was read."""
    chosen = judged[at]
    also = {
        one.passage: one.candidate.span
        for one in reversed(judged)  # of a passage the likeliest, which stands first, stays
        if one.key == chosen.key
        and one.passage in kept - {chosen.passage}
        and one.candidate.margin > AGREES
    }
    return Found(
        chosen.passage,
        chosen.candidate.span,
        chosen.text,
        confidence,
        tuple(sorted(also.items())),
    )
