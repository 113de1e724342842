"""Whether an answer holds the fact that was asked for: what "right" means in every figure."""

from __future__ import annotations

from collections.abc import Sequence

from service.evaluation.answers import normalised


def holds_fact(answer: str, gold: Sequence[str]) -> bool:
    """Whether the words of one of the gold answers stand in the answer, in a row.

    Both normalised as SQuAD does (case, punctuation, articles); an answer may say more than
    the fact ("about 1,700 soldiers" for "1,700"), never less. Without gold nothing is right.

    >>> holds_fact("about 1,700 soldiers", ["1,700"]), holds_fact("17,001", ["1,700"])
    (True, False)
    """
    words = f" {normalised(answer)} "
    return any(f" {fact} " in words for fact in map(normalised, gold) if fact)
