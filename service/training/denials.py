"""A sentence turned into its denial, in word pieces: "was" → "was not", "has a" → "has no".

SQuAD 2.0 alters questions and leaves passages as they are; a document, though, may speak of what
is asked and deny it ("NATO has no plan to send troops"), and then it does not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.reading.inputs import ReaderTokenizer

_VERBS = "is are was were has had have can could will would should must may might did does do"
_ARTICLES = "a an any some"
_DENYING = "not never no nor neither without cannot t hardly n nobody none nothing"
# A clause ends here; beyond it another verb is denied than the answer's.
_BREAKS = ', ; : . ( ) — – - " and but which who whom that because while when where if although'
# A verb farther from the answer than this seldom speaks of it.
FARTHEST = 12
NEVER_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Edit:
    """Word pieces ``[at, at + taken)`` of a sentence give way to the one piece ``put``."""

    at: int
    taken: int
    put: int

    def applied(self, ids: np.ndarray) -> np.ndarray:
        """The ids int32 [n] → int32 [n + 1 - taken]."""
        put = np.asarray([self.put], dtype=ids.dtype)
        return np.concatenate([ids[: self.at], put, ids[self.at + self.taken :]])


class Denials:
    """Finds where a sentence can be denied."""

    def __init__(self, tokenizer: ReaderTokenizer) -> None:
        def pieces(words: str) -> frozenset[int]:
            found = [tokenizer.tokens(word).ids for word in words.split()]
            return frozenset(int(ids[0]) for ids in found if len(ids) == 1)

        self._verbs, self._articles = pieces(_VERBS), pieces(_ARTICLES)
        self._having = pieces("has had have")
        self._denying, self._breaks = pieces(_DENYING), pieces(_BREAKS)
        self._not, self._never, self._no = (
            int(tokenizer.tokens(word).ids[0]) for word in ("not", "never", "no")
        )

    def says_no(self, ids: Sequence[int] | np.ndarray) -> bool:
        """Whether a text denies already, so that one more "not" need not deny it."""
        return not self._denying.isdisjoint(int(x) for x in ids)

    def of(self, ids: np.ndarray, rng: np.random.Generator) -> list[Edit]:
        """Every place of a sentence, ids int32 [n], where a verb can be denied; no place where it
        says no already.
        """
        told = [int(x) for x in ids]
        if self.says_no(told):
            return []
        return [
            self._after(told, at, rng) for at in range(1, len(told) - 1) if told[at] in self._verbs
        ]

    def about(
        self, ids: np.ndarray, answer: tuple[int, int], rng: np.random.Generator
    ) -> Edit | None:
        """The edit nearest to the answer ``[first, end)``, in its clause and outside it."""

        def between(edit: Edit) -> list[int]:
            low, high = (edit.at, answer[0]) if edit.at <= answer[0] else (answer[1], edit.at - 1)
            return [int(x) for x in ids[low:high]]

        near = [
            edit
            for edit in self.of(ids, rng)
            if not answer[0] < edit.at <= answer[1]
            and edit.at + edit.taken <= (answer[0] if edit.at <= answer[0] else len(ids))
            and len(between(edit)) <= FARTHEST
            and self._breaks.isdisjoint(between(edit))
        ]
        return min(near, key=lambda edit: len(between(edit)), default=None)

    def beside(
        self,
        passage: np.ndarray,
        answers: Sequence[tuple[int, int, float]],
        sentences: Sequence[tuple[int, int]],
        rng: np.random.Generator,
    ) -> tuple[np.ndarray, list[tuple[int, int, float]]]:
        """The passage with a sentence denied that holds none of the answers, and where these,
        (first, last, share), then are; both as they were where no such sentence can be denied.
        """
        free = [(a, b) for a, b in sentences if not any(x < b and a <= y for x, y, _ in answers)]
        if not free:
            return passage, list(answers)
        a, b = free[int(rng.integers(len(free)))]
        edits = self.of(passage[a:b], rng)
        if not edits:
            return passage, list(answers)
        edit = edits[int(rng.integers(len(edits)))]
        longer = 1 - edit.taken
        changed = np.concatenate([passage[:a], edit.applied(passage[a:b]), passage[b:]])
        return changed, [
            (x + longer * (x >= b), y + longer * (x >= b), share) for x, y, share in answers
        ]

    def _after(self, ids: list[int], at: int, rng: np.random.Generator) -> Edit:
        following = ids[at + 1]
        if ids[at] in self._having and following in self._articles:
            return Edit(at + 1, 1, self._no)
        never = rng.random() < NEVER_SHARE
        return Edit(at + 1, 0, self._never if never else self._not)
