"""How often a question is shown, so that its own words do not tell whether it is answered.

Who writes a question without an answer asks oftener how many and less often why. A reader could
learn that instead of reading: of our own training questions a logistic model of their words alone,
with no document, tells answered from not with an AUROC of .80.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit

from service.training.examples import Example

FOLDS = 5
# Words that fewer questions have tell nothing that a network could rely on.
LEAST_QUESTIONS = 15
# Strength of the penalty on the weights of words, for all questions together.
L2 = 4.0
# No question is shown more or less often than this by its form.
MOST = 3.0
_WORD = re.compile(r"[^\W_]+")


def gold_weights(examples: Sequence[Example]) -> np.ndarray:
    """How many times as often each example is to be shown with its own passage: float64
    [examples], with a mean of 1 for the answered and for the unanswered of each source; 1
    throughout where a source has one kind only.

    Each weighs the share of its kind over the probability of its kind given its words, judged by
    the other folds: the inverse propensity of Rosenbaum and Rubin 1983.
    """
    weights = np.ones(len(examples))
    for source in dict.fromkeys(example.source for example in examples):
        at = np.array([row for row, one in enumerate(examples) if one.source == source])
        answered = np.array([bool(examples[row].answers) for row in at])
        if 0 < answered.sum() < len(at):
            told = told_by_words([examples[row].question for row in at], answered)
            weights[at] = _weights(told, answered)
    return weights


def told_by_words(questions: Sequence[str], answered: np.ndarray) -> np.ndarray:
    """The probability that each question is answered, by its words alone, as a logistic model of
    the other folds' questions says: float64 [questions]. ``answered`` is bool [questions].
    """
    words = _words_of(questions)
    folds = np.random.default_rng(0).permutation(np.arange(len(questions)) % FOLDS)
    told = np.empty(len(questions))
    for fold in range(FOLDS):
        held = folds == fold
        weights = _fitted(words[~held], answered[~held])
        told[held] = expit(words[held] @ weights)
    return told


def _weights(told: np.ndarray, answered: np.ndarray) -> np.ndarray:
    share = answered.mean()
    weights = np.where(answered, share / told, (1 - share) / (1 - told))
    weights = np.clip(weights, 1 / MOST, MOST)
    for kind in (answered, ~answered):
        weights[kind] /= weights[kind].mean()
    return weights


def _words_of(questions: Sequence[str]) -> csr_matrix:
    """Which question has which word, which two words at its beginning, and a one for all."""
    found = []
    for question in questions:
        words = _WORD.findall(question.casefold())
        found.append({*words, "^ " + " ".join(words[:1]), "^ " + " ".join(words[:2]), ""})
    counts = Counter(word for own in found for word in own)
    columns = {
        word: at for at, word in enumerate(w for w, n in counts.items() if n >= LEAST_QUESTIONS)
    }
    columns.setdefault("", len(columns))
    pairs = [
        (row, columns[w]) for row, own in enumerate(found) for w in sorted(own) if w in columns
    ]
    rows, places = np.array(pairs).T
    return csr_matrix((np.ones(len(pairs)), (rows, places)), (len(questions), len(columns)))


def _fitted(words: csr_matrix, answered: np.ndarray) -> np.ndarray:
    """Weights of the words by maximum likelihood with an L2 penalty."""
    labels = answered.astype(np.float64)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logits = words @ weights
        value = (np.logaddexp(0, logits) - labels * logits).sum()
        gradient = words.T @ (expit(logits) - labels) + L2 * weights
        return float(value + L2 / 2 * weights @ weights), gradient

    return minimize(loss, np.zeros(words.shape[1]), jac=True, method="L-BFGS-B").x
