"""Exact match and F1 of answers, as SQuAD's own evaluation defines them; AUROC.

Rajpurkar et al. 2016, section 6.1: case, punctuation, articles and white space are ignored,
and the best over the gold answers counts.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.stats import mannwhitneyu

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalised(answer: str) -> str:
    """
    >>> normalised("The  U.S. Army!")
    'us army'
    """
    plain = answer.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", plain).split())


def exact_match(answer: str, gold: Sequence[str]) -> float:
    """1 or 0; no gold answers means that "" is right."""
    return float(any(normalised(answer) == normalised(right) for right in gold or ("",)))


def f1(answer: str, gold: Sequence[str]) -> float:
    """The best word F1 over the gold answers; where either is empty, 1 if both are, else 0."""
    return max(_f1(normalised(answer).split(), normalised(g).split()) for g in gold or ("",))


def _f1(ours: list[str], theirs: list[str]) -> float:
    if not ours or not theirs:
        return float(ours == theirs)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs))


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Chance that a positive scores above a negative, ties half; nan where one is missing.

    Mann and Whitney's U over the number of pairs.
    """
    values, labels = np.asarray(scores, dtype=np.float64), np.asarray(positive, dtype=bool)
    above, below = values[labels], values[~labels]
    if not len(above) or not len(below):
        return float("nan")
    u = mannwhitneyu(above, below, method="asymptotic").statistic
    return float(u / (len(above) * len(below)))
