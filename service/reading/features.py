"""What a candidate's confidence is judged by: a few numbers, each with its meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.reading.answer_types import type_match
from service.reading.mentions import missing_share
from service.reading.records import Candidate, Reading, ShownPassage
from service.reading.rows import Row
from service.reading.shown_rows import rows_shown

# Logits and margins beyond this say nothing more.
LIMIT = 12.0

FEATURES = (
    "margin",  # log p(span) - log p(no answer) in its window
    "log_probability",  # log p(span)
    "answerable",  # the reader's verdict on the passage, a logit
    "relevance",  # the same for relevance
    "dense",  # cosine of question and passage
    "fused",  # the retriever's score
    "lead",  # margin less the best margin of other words, in any passage
    "type_match",  # whether it is the kind of thing that is asked for: -1, 0, 1
    "missing",  # share of the names and numbers asked about that the passage does not hold
    "behind",  # the retriever's score less the best of any passage read: 0 for its first
)
# Those that tell one candidate of a question from another: words from words by the reader, passages
# by the retriever. How sure the one chosen is a judge may tell by all of them.
CHOOSING = ("margin", "log_probability", "lead", "type_match", "behind")


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage as the retriever gave it and as the reader was shown it."""

    shown: ShownPassage
    dense: float
    lexical: float
    fused: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate in its place: which passage, which candidate, its words and their key."""

    passage: int
    candidate: Candidate
    text: str
    key: str


def features_of(
    question: str,
    passages: Sequence[Retrieved],
    readings: Sequence[Reading],
    judged: Sequence[Judged],
) -> np.ndarray:
    """float64 [len(judged), len(FEATURES)]; all candidates must be given together."""
    lead = _leads(judged)
    tables = [rows_shown(p.shown) for p in passages[: len(readings)]]
    first = max((passage.fused for passage in passages[: len(readings)]), default=0.0)
    rows = []
    for at, one in enumerate(judged):
        reading, passage = readings[one.passage], passages[one.passage]
        rows.append(
            [
                one.candidate.margin,
                float(np.log(max(one.candidate.probability, 1e-6))),
                reading.answerable,
                reading.relevance,
                passage.dense,
                passage.fused,
                lead[at],
                type_match(question, one.text),
                missing_share(question, _beside(passage.shown, tables[one.passage], one)),
                passage.fused - first,
            ]
        )
    values = np.asarray(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))
    return np.clip(values, -LIMIT, LIMIT)


def _beside(shown: ShownPassage, rows: Sequence[Row], judged: Judged) -> str:
    """What the passage says of a candidate: for one in a row of a table no other row of it."""
    span, text = judged.candidate.span, shown.text
    own = next((row for row in rows if row.span.start <= span.start < row.span.end), None)
    for row in reversed(rows if own else ()):
        if row != own:
            text = text[: row.span.start] + text[row.span.end :]
    return "\n".join((shown.title, *(shown.columns or ()), text))


def _leads(judged: Sequence[Judged]) -> list[float]:
    """Each candidate's margin less the best one of other words."""
    best: dict[str, float] = {}
    for one in judged:
        best[one.key] = max(best.get(one.key, -LIMIT), one.candidate.margin)
    ranked = sorted(best.items(), key=lambda pair: -pair[1])
    leads = []
    for one in judged:
        other = next((margin for key, margin in ranked if key != one.key), -LIMIT)
        leads.append(one.candidate.margin - other)
    return leads
