"""How often a question is shown, so that its own words do not tell whether it is answered.

Who writes a question without an answer asks oftener how many and less often why. A reader could
learn that instead of reading: of our own training questions a logistic model of their words alone,
with no document, tells answered from not with an AUROC of .81.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from service.training.examples import Example

FOLDS = 5
# Inverse strength of the penalty on the weights of words.
C = 0.25
# No question is shown more or less often than this by its form.
MOST = 3.0
_WORD = re.compile(r"[^\W_]+")


def gold_weights(examples: Sequence[Example]) -> np.ndarray:
    """How many times as often each example is to be shown with its own passage: float64
    [examples], with a mean of 1 for the answered and for the unanswered of each source; 1
    throughout where a source has too few of a kind to tell.

    Each weighs the share of its kind over the probability of its kind given its words, judged by
    the other folds: the inverse propensity of Rosenbaum and Rubin 1983.
    """
    weights = np.ones(len(examples))
    for source in dict.fromkeys(example.source for example in examples):
        at = np.array([row for row, one in enumerate(examples) if one.source == source])
        answered = np.array([bool(examples[row].answers) for row in at])
        if min(answered.sum(), (~answered).sum()) >= FOLDS:
            told = told_by_words([examples[row].question for row in at], answered)
            weights[at] = _weights(told, answered)
    return weights


def told_by_words(questions: Sequence[str], answered: np.ndarray) -> np.ndarray:
    """The probability that each question is answered, by its words alone, as a logistic model of
    the other folds' questions says: float64 [questions]. ``answered`` is bool [questions], with
    FOLDS of each kind at least.
    """
    model = make_pipeline(
        CountVectorizer(analyzer=_words, binary=True), LogisticRegression(C=C, max_iter=1000)
    )
    # Drawn, since articles stand together and differ in how many of their questions are answered.
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    told = cross_val_predict(model, list(questions), answered, cv=folds, method="predict_proba")
    return told[:, 1]


def _weights(told: np.ndarray, answered: np.ndarray) -> np.ndarray:
    share = answered.mean()
    weights = np.where(answered, share / told, (1 - share) / (1 - told))
    weights = np.clip(weights, 1 / MOST, MOST)
    for kind in (answered, ~answered):
        weights[kind] /= weights[kind].mean()
    return weights


def _words(question: str) -> list[str]:
    """Its words, and its first one and two by themselves."""
    words = _WORD.findall(question.casefold())
    return [*words, "^ " + " ".join(words[:1]), "^ " + " ".join(words[:2])]
