"""Words in common: the analyser that makes terms, BM25 over passages, coverage by sentences."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import log
from pathlib import Path

import bm25s
import numpy as np
import Stemmer

from index.coverage import SentenceTerms
from index.errors import CorruptSnapshot, InvalidSetting

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

    def __post_init__(self) -> None:
        if self.language not in Stemmer.algorithms():
            known = ", ".join(Stemmer.algorithms())
            raise InvalidSetting(f"language {self.language!r} is none of {known}")

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
    """What passages and their sentences share with a question in words; memory-mapped.

    bm25s stores each posting's finished score, so a query adds up a few columns.
    """

    def __init__(
        self,
        analyser: Analyser,
        passages: int,
        engine: bm25s.BM25 | None,
        sentences: SentenceTerms,
    ) -> None:
        # No engine where no passage has a term: BM25's mean length would be zero.
        self._engine = engine
        self._sentences = sentences
        self.analyse = analyser
        self.passages = passages

    @classmethod
    def build(cls, passages: Sequence[Sequence[str]], analyser: Analyser) -> LexicalIndex:
        """From each passage's context (title and section path) and then its sentences."""
        terms = [[analyser(part) for part in parts] for parts in passages]
        # Sorted, because the engine's own vocabulary comes in hash order and bytes must repeat.
        distinct = sorted({term for parts in terms for part in parts for term in part})
        vocabulary = {term: row for row, term in enumerate(distinct)}
        ids = [[[vocabulary[term] for term in part] for part in parts] for parts in terms]
        sentences = SentenceTerms.build(ids)
        if not vocabulary:
            return cls(analyser, len(passages), None, sentences)
        engine = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numpy", csc_backend="numpy")
        whole = [list(chain.from_iterable(parts)) for parts in ids]
        engine.index((whole, vocabulary), create_empty_token=False, show_progress=False)
        return cls(analyser, len(passages), engine, sentences)

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
        self._sentences.save(folder)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Raises CorruptSnapshot where the postings cannot be read."""
        try:
            settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
            engine = None if settings["empty"] else bm25s.BM25.load(folder, mmap=True)
            sentences = SentenceTerms.open(folder)
            return cls(Analyser(settings["language"]), settings["passages"], engine, sentences)
        except (OSError, ValueError, KeyError, TypeError, InvalidSetting) as error:
            raise CorruptSnapshot(f"{folder} holds no BM25 postings: {error}") from error

    def scores(self, question: str) -> np.ndarray:
        """BM25 of the question against every passage, float32 [passages]; 0: no term is shared."""
        known = self._known(question)
        if self._engine is None or not known:
            return np.zeros(self.passages, dtype=np.float32)
        return self._engine.get_scores_from_ids(list(known))

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

    def best_coverage(self, question: str, rows: np.ndarray) -> np.ndarray:
        """For each passage the most that one of its sentences, with the passage's context,
        holds of the question: a share of ``ceiling``, float64 [rows], 0 to 1.
        """
        return self.share(self._sentences.of_passages(rows, self._known(question)), question)

    def sentence_coverage(self, question: str, row: int) -> np.ndarray:
        """What each sentence of the passage holds of the question, float64 [sentences], 0 to 1."""
        return self.share(self._sentences.of_sentences(row, self._known(question)), question)

    def share(self, scores: np.ndarray, question: str) -> np.ndarray:
        """Scores as shares of the question's ceiling; all zero for a question without terms."""
        ceiling = self.ceiling(question)
        return scores / ceiling if ceiling > 0 else np.zeros_like(scores)

    def _known(self, question: str) -> dict[int, float]:
        """The idf of the question's terms that any passage holds, by their ids."""
        weights = self.term_weights(question).items()
        return {row: idf for term, idf in weights if (row := self._id(term)) is not None}

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
    if 0 < k < len(rows):
        # Everything at or above the k-th score, so that a tie at the edge is cut in row order.
        threshold = np.partition(scores[rows], len(rows) - k)[len(rows) - k]
        rows = rows[scores[rows] >= threshold]
    rows = rows[np.argsort(-scores[rows], kind="stable")[:k]]
    return rows, scores[rows]
