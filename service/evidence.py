"""Which sentences of each passage to cite: one contiguous run that bears on the question.

A sentence scores the idf of the question's terms it holds over the idf of all of them, and
a part of what its neighbours score, since an answer often stands beside the sentence that
names its subject. The run is the one of greatest ``sum(score - KEEP * best)``. A passage
whose best sentence scores far below the best of all passages holds no evidence; its most
telling short sentence is cited as merely related.

The constants were chosen on chunking_eval_2 and SQuAD articles (README, "How good is it?").
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

# What a sentence gets of each neighbour's score.
NEIGHBOUR = 0.25
# A sentence is worth citing beside the best one from this share of its score on.
KEEP = 0.6
# A passage holds evidence from this share of the best passage's score on.
GATE = 0.8
# What a related sentence pays for each character, so that a short one is cited.
LENGTH_PRICE = 0.002


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is asked of a sentence: its terms, its length, whether it only names its section."""

    terms: Collection[str]
    characters: int
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences to cite, as a range of their positions in the passage; never empty."""

    run: range
    kind: Literal["evidence", "related"]


def select_evidence(
    weights: Mapping[str, float], passages: Sequence[Sequence[Sentence]]
) -> list[Evidence]:
    """What to cite of each passage, given best first; each has at least one sentence.

    ``weights`` gives the idf of each term of the question. The first passage is the best
    there is, so what it has is its evidence. A passage that shares no term with the
    question gives nothing to choose by, and is related as a whole.
    """
    covered = [[sentence_score(weights, s) for s in sentences] for sentences in passages]
    scored = [_with_neighbours(s, c) for s, c in zip(passages, covered, strict=True)]
    best = max((max(scores) for scores in scored), default=0.0)
    chosen = []
    for rank, (sentences, coverage, scores) in enumerate(
        zip(passages, covered, scored, strict=True)
    ):
        own = max(scores)
        if own <= 0:
            chosen.append(Evidence(range(len(sentences)), "related"))
        elif rank == 0 or own >= GATE * best:
            chosen.append(Evidence(_best_run([s - KEEP * own for s in scores]), "evidence"))
        else:
            at = _most_telling(sentences, coverage)
            chosen.append(Evidence(range(at, at + 1), "related"))
    return chosen


def sentence_score(weights: Mapping[str, float], sentence: Sentence) -> float:
    """The share of the question's idf that the sentence holds, 0 to 1.

    >>> sentence_score({"troop": 1.0, "poland": 3.0}, Sentence(["poland", "poland"], 40))
    0.75
    """
    total = sum(weights.values())
    held = set(sentence.terms)
    return sum(idf for term, idf in weights.items() if term in held) / total if total > 0 else 0.0


def _with_neighbours(sentences: Sequence[Sentence], coverage: Sequence[float]) -> list[float]:
    padded = [0.0, *coverage, 0.0]
    smoothed = [
        here + NEIGHBOUR * (before + after)
        for before, here, after in zip(padded, padded[1:], padded[2:], strict=False)
    ]
    if all(sentence.is_heading for sentence in sentences):
        return smoothed
    # A heading names what is asked about and answers nothing; it speaks for what follows it.
    return [0.0 if s.is_heading else score for s, score in zip(sentences, smoothed, strict=True)]


def _best_run(gains: Sequence[float]) -> range:
    """The contiguous run of greatest sum, after Kadane; of equals the first, then the shortest.

    >>> _best_run([-1.0, 2.0, -1.0, 3.0, -5.0])
    range(1, 4)
    """
    best, best_sum = range(1), gains[0]
    first, running = 0, 0.0
    for at, gain in enumerate(gains):
        if running <= 0:
            first, running = at, 0.0
        running += gain
        if running > best_sum:
            best, best_sum = range(first, at + 1), running
    return best


def _most_telling(sentences: Sequence[Sentence], coverage: Sequence[float]) -> int:
    def worth(at: int) -> tuple[bool, float]:
        sentence = sentences[at]
        return not sentence.is_heading, coverage[at] - LENGTH_PRICE * sentence.characters

    return max(range(len(sentences)), key=worth)
