"""Which sentences of a passage to cite: one contiguous run that bears on the question.

A sentence scores the idf of the question's terms it holds over the idf of all of them.
The run starts from the best sentence and grows while what it gains is worth its length:
the run of greatest ``sum(score - KEEP * best)`` among those that hold the best sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

# A neighbour is worth citing where it scores this share of what the best sentence scores.
KEEP = 0.5


def select_evidence(weights: Mapping[str, float], sentences: Sequence[Collection[str]]) -> range:
    """The sentences to cite, as a range of their positions; never empty.

    ``weights`` gives the idf of each term of the question, ``sentences`` the terms of each
    sentence of the passage in order. Where no sentence shares a term with the question there
    is nothing to choose by, and the whole passage is the evidence.

    >>> select_evidence({"troop": 2.0, "poland": 3.0}, [["sun"], ["troop", "poland"], ["rain"]])
    range(1, 2)
    """
    scores = [sentence_score(weights, terms) for terms in sentences]
    best = max(scores)
    if best <= 0:
        return range(len(scores))
    gains = [score - KEEP * best for score in scores]
    peak = scores.index(best)
    return range(
        peak - _best_reach(gains[:peak][::-1]),
        peak + 1 + _best_reach(gains[peak + 1 :]),
    )


def sentence_score(weights: Mapping[str, float], terms: Collection[str]) -> float:
    """The share of the question's idf that the sentence holds, 0 to 1.

    >>> sentence_score({"troop": 1.0, "poland": 3.0}, ["poland", "poland", "sent"])
    0.75
    """
    total = sum(weights.values())
    held = set(terms)
    return sum(idf for term, idf in weights.items() if term in held) / total if total > 0 else 0.0


def _best_reach(gains: Sequence[float]) -> int:
    """How many of the gains to take from the front so that their sum is greatest; fewest win."""
    reach, greatest, running = 0, 0.0, 0.0
    for taken, gain in enumerate(gains, start=1):
        running += gain
        if running > greatest:
            reach, greatest = taken, running
    return reach
