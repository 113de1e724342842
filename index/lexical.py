"""BM25 over passages: the analyser that makes terms, and bm25s that keeps and scores postings."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import bm25s
import numpy as np
import Stemmer

from index.errors import CorruptSnapshot

# Okapi BM25 with Lucene's idf (Robertson & Zaragoza 2009; Kamphuis et al. 2020). Passages are
# of one length by design, so a gentle B; both stand on a plateau over six sets (ARCHITECTURE.md).
K1 = 0.6
B = 0.4
SETTINGS_FILE = "lexical.json"
# Ideographs and kana, which stand without spaces, are terms one by one.
_SINGLE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# A number keeps its inner points and commas (1,700; 4.25); else a run of letters and digits.
TERM = re.compile(rf"\d+(?:[.,]\d+)*|[{_SINGLE}]|[^\W\d_{_SINGLE}][^\W_{_SINGLE}]*")
# Words that ask or join rather than tell, left out of an English question where others remain.
# They stay in the postings, so that "The Who" and "to be or not to be" can be found.
QUESTION_WORDS = frozenset(
    """
    a an and are as at be by for from has have in is it its of on or that the this to was were
    will with what which who whom whose when where why how do does did
    """.split()
)


@dataclass(frozen=True, slots=True)
class Analyser:
    """Text to terms: compatibility forms and accents folded, case folded, stemmed by Snowball.

    >>> Analyser("english")("Szijjártó's 1,700 soldiers")
    ['szijjarto', 's', '1700', 'soldier']
    """

    language: str = "english"

    def __call__(self, text: str) -> list[str]:
        # One stemmer a call: PyStemmer's objects must not be shared between threads.
        return Stemmer.Stemmer(self.language, 0).stemWords(_words(text))

    def question_terms(self, question: str) -> list[str]:
        """The question's distinct terms, those of words that only ask left out.

        >>> Analyser("english").question_terms("Who are the soldiers of the soldiers?")
        ['soldier']
        """
        words = _words(question)
        asking = QUESTION_WORDS if self.language == "english" else frozenset()
        told = [word for word in words if word not in asking] or words
        return list(dict.fromkeys(Stemmer.Stemmer(self.language, 0).stemWords(told)))


def _words(text: str) -> list[str]:
    return [
        word.replace(",", "") if word[0].isdigit() else word for word in TERM.findall(_fold(text))
    ]


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    # Folding case can bring new composed forms (the dotted capital I), hence twice.
    cased = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    # All marks go, not only accents: \w would break a word at an Indic vowel sign.
    return "".join(char for char in cased if unicodedata.category(char)[0] != "M")


class LexicalIndex:
    """BM25 scores of a question against every passage; postings are memory-mapped.

    bm25s stores each posting's finished score, so a query adds up a few columns.
    """

    def __init__(self, analyser: Analyser, passages: int, engine: bm25s.BM25 | None) -> None:
        # No engine where no passage has a term: BM25's mean length would be zero.
        self._engine = engine
        self.analyse = analyser
        self.passages = passages

    @classmethod
    def build(cls, texts: Sequence[str], analyser: Analyser) -> LexicalIndex:
        terms = [analyser(text) for text in texts]
        # Sorted, because the engine's own vocabulary comes in hash order and bytes must repeat.
        vocabulary = {term: row for row, term in enumerate(sorted({t for ts in terms for t in ts}))}
        if not vocabulary:
            return cls(analyser, len(texts), None)
        engine = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numpy", csc_backend="numpy")
        ids = [[vocabulary[term] for term in passage] for passage in terms]
        engine.index((ids, vocabulary), create_empty_token=False, show_progress=False)
        return cls(analyser, len(texts), engine)

    def settings(self) -> dict[str, str | float | int]:
        """What the postings were made with, for the manifest."""
        return {"engine": "bm25s", "language": self.analyse.language, "k1": K1, "b": B}

    def save(self, folder: Path) -> None:
        settings = {
            "language": self.analyse.language,
            "passages": self.passages,
            "empty": self._engine is None,
        }
        folder.mkdir(exist_ok=True)
        (folder / SETTINGS_FILE).write_text(json.dumps(settings), encoding="utf-8")
        if self._engine is not None:
            self._engine.save(folder, show_progress=False)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Raises CorruptSnapshot where the postings cannot be read."""
        try:
            settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
            engine = None if settings["empty"] else bm25s.BM25.load(folder, mmap=True)
            return cls(Analyser(settings["language"]), settings["passages"], engine)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CorruptSnapshot(f"{folder} holds no BM25 postings: {error}") from error

    def scores(self, question: str) -> np.ndarray:
        """BM25 of the question against every passage, float32 [passages]; 0: no term is shared."""
        ids = [
            row for t in self.analyse.question_terms(question) if (row := self._id(t)) is not None
        ]
        if self._engine is None or not ids:
            return np.zeros(self.passages, dtype=np.float32)
        return self._engine.get_scores_from_ids(ids)

    def search(
        self, question: str, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The at most ``k`` allowed rows that share a term with the question, best first.

        ``allowed`` is bool [passages] or None for all. Returns rows (int64) and BM25
        scores (float32); equal scores stand in row order.
        """
        return top_rows(self.scores(question), k, allowed)

    def term_weights(self, question: str) -> dict[str, float]:
        """The question's distinct terms with their idf, ln(1 + (N - n + .5) / (n + .5))."""
        return {term: self._idf(term) for term in self.analyse.question_terms(question)}

    def ceiling(self, question: str) -> float:
        """The most BM25 could give any passage for the question: the sum of its terms' idf."""
        return sum(self.term_weights(question).values())

    def _id(self, term: str) -> int | None:
        return None if self._engine is None else self._engine.vocab_dict.get(term)

    def _idf(self, term: str) -> float:
        row, holding = self._id(term), 0
        if row is not None:
            first, last = self._engine.scores["indptr"][row : row + 2]
            holding = int(last - first)
        return log(1 + (self.passages - holding + 0.5) / (holding + 0.5))


def top_rows(
    scores: np.ndarray, k: int, allowed: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the at most ``k`` highest positive scores, best first, ties in row order."""
    if allowed is not None:
        scores = np.where(allowed, scores, 0)
    rows = np.flatnonzero(scores > 0)
    if len(rows) > k:
        # Everything at or above the k-th score, so that a tie at the edge is cut in row order.
        threshold = np.partition(scores[rows], len(rows) - k)[len(rows) - k]
        rows = rows[scores[rows] >= threshold]
    rows = rows[np.argsort(-scores[rows], kind="stable")[:k]]
    return rows, scores[rows]
