"""Words in common: BM25 over passages (``postings.py``), coverage by sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from index.analyser import Analyser
from index.coverage import SentenceTerms, term_sums
from index.errors import CorruptSnapshot, InvalidSetting
from index.postings import Postings
from index.postings_writer import K1, MEMORY_MB, SETTINGS_FILE, B, PostingsWriter, idf
from index.vocabulary import Vocabulary

# Questions whose terms stay looked up: one question is asked for them several times.
QUESTIONS_KEPT = 64


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """A question's distinct terms: ``weights`` their idf, ``known`` the idf of those that any
    passage holds, by their numbers; ``ceiling`` the sum of all.
    """

    weights: dict[str, float]
    known: dict[int, float]
    ceiling: float


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """BM25 of passages, float32 [passages], 0 where no term is shared; and by the terms that each
    holds the least and the most that ``LexicalIndex.coverage`` can be, float64 [passages].
    """

    bm25: np.ndarray
    least: np.ndarray
    most: np.ndarray


class LexicalIndex:
    """What passages and their sentences share with a question in words; memory-mapped."""

    def __init__(
        self,
        analyser: Analyser,
        passages: int,
        vocabulary: Vocabulary,
        postings: Postings,
        sentences: SentenceTerms,
    ) -> None:
        self.analyse = analyser
        self.passages = passages
        self.vocabulary, self.postings, self.sentences = vocabulary, postings, sentences
        # Over the parts and not over self, which would keep an index alive that nobody reads.
        terms_of = partial(_question_terms, analyser, passages, vocabulary, postings)
        self._terms_of = lru_cache(QUESTIONS_KEPT)(terms_of)

    @classmethod
    def build(
        cls,
        passages: Iterable[Sequence[str]],
        analyser: Analyser,
        folder: Path,
        memory_mb: int = MEMORY_MB,
    ) -> LexicalIndex:
        """Writes the index into ``folder`` and opens it.

        Each passage is its context (title and section path) and then its sentences; they are
        read once. ``memory_mb`` bounds what is held meanwhile and changes no byte.
        """
        with PostingsWriter(folder, analyser, memory_mb) as writer:
            for parts in passages:
                writer.add(parts)
            writer.finish()
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Raises CorruptSnapshot where the postings cannot be read."""
        try:
            settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
            return cls(
                Analyser(settings["language"]),
                settings["passages"],
                Vocabulary.open(folder),
                Postings.open(folder),
                SentenceTerms.open(folder),
            )
        except (OSError, ValueError, KeyError, TypeError, InvalidSetting) as error:
            raise CorruptSnapshot(f"{folder} holds no BM25 postings: {error}") from error

    def settings(self) -> dict[str, str | float | int]:
        """What the postings were made with, for the manifest."""
        return {"engine": "quoth", "language": self.analyse.language, "k1": K1, "b": B}

    def scores(self, question: str, rows: np.ndarray) -> LexicalScores:
        """Of the question, for the passages of the rows."""
        known = self._terms_of(question).known
        scores, held = self.postings.of([*known], rows)
        heaviest = (held * [*known.values()]).max(axis=1, initial=0)
        bounds = (self.share(sums, question) for sums in (heaviest, term_sums(held, known)))
        return LexicalScores(scores, *bounds)

    def search(
        self, question: str, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The at most ``k`` allowed rows that share a term with the question, best first.

        ``allowed`` is bool [passages] or None for all. Returns rows (int64) and BM25
        scores (float32); equal scores stand in row order.
        """
        return self.postings.best([*self._terms_of(question).known], k, self.passages, allowed)

    def term_weights(self, question: str) -> dict[str, float]:
        """The question's distinct terms with their idf, ln(1 + (N - n + .5) / (n + .5))."""
        return dict(self._terms_of(question).weights)

    def ceiling(self, question: str) -> float:
        """The most BM25 could give any passage for the question: the sum of its terms' idf."""
        return self._terms_of(question).ceiling

    def coverage(self, question: str, rows: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """For each passage the most that one of its sentences, with the passage's context,
        holds of the question: a share of ``ceiling``, float64 [rows], 0 to 1; and what each of its
        sentences holds by itself, float64 [sentences] of each row.
        """
        best, alone = self.sentences.held(rows, self._terms_of(question).known)
        return self.share(best, question), [self.share(own, question) for own in alone]

    def faults(self, parts: np.ndarray) -> Iterator[str]:
        """What is wrong, by file, given how many ``parts`` (context and sentences) each passage
        has; nothing where all is well.
        """
        yield from self.vocabulary.faults()
        yield from self.postings.faults(len(self.vocabulary), self.passages)
        yield from self.sentences.faults(len(self.vocabulary), parts)

    def share(self, scores: np.ndarray, question: str) -> np.ndarray:
        """Scores as shares of the question's ceiling; all zero for a question without terms."""
        ceiling = self.ceiling(question)
        return scores / ceiling if ceiling > 0 else np.zeros_like(scores)


def _question_terms(
    analyser: Analyser, passages: int, vocabulary: Vocabulary, postings: Postings, question: str
) -> QuestionTerms:
    numbers = {term: vocabulary.find(term) for term in analyser.question_terms(question)}
    weights = {
        term: float(idf(passages, 0 if number is None else postings.holding(number)))
        for term, number in numbers.items()
    }
    known = {number: weights[term] for term, number in numbers.items() if number is not None}
    return QuestionTerms(weights, known, sum(weights.values()))
