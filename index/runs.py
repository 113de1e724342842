"""Passages to a run of postings: as many as memory holds, sorted and put on disk for the merge."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.analyser import words_of

# What a run takes at its height, while it is sorted: bytes for each word read and each
# different one, measured and rounded up.
WORD_BYTES = 48
DISTINCT_BYTES = 400


@dataclass(frozen=True, slots=True)
class Run:
    """One run on disk. Its terms are numbered in their order, by which they stay sorted when the
    merge gives them other numbers. Parts are a passage's context and sentences.

    ``holding``: int64 [terms], postings of each. Of each posting, by term and then by row:
    ``rows`` (int32) and ``counts`` (int32, how often the passage holds the term).
    ``part_terms``: int32, the distinct terms of each part, ``held`` (int32 [parts]) at a time.
    ``lengths`` (int32 [passages]): terms of each passage; ``parts`` (int32 [passages]).
    """

    folder: Path

    def load(self, name: str) -> np.ndarray:
        return np.load(self.folder / f"{name}.npy")

    def terms(self) -> Iterator[bytes]:
        """As UTF-8, in order, read bit by bit."""
        with (self.folder / "terms").open("rb") as lines:
            for line in lines:
                yield line[:-1]


class RunBuffer:
    """Gathers passages until they are as many as ``memory`` bytes take, then is written."""

    def __init__(self, stem: Callable[[str], str], memory: int, first_row: int) -> None:
        self.first_row = first_row
        self._memory = memory
        self._numbers = _Numbers(stem)
        self._words, self._part_words, self._parts = array("i"), array("i"), array("i")

    def add(self, parts: Sequence[str]) -> None:
        """A passage: its context, then its sentences."""
        for part in parts:
            words = words_of(part)
            self._words.extend(map(self._numbers.__getitem__, words))
            self._part_words.append(len(words))
        self._parts.append(len(parts))

    def __len__(self) -> int:
        return len(self._parts)

    @property
    def held(self) -> int:
        """Bytes that it takes at its height."""
        return WORD_BYTES * len(self._words) + DISTINCT_BYTES * len(self._numbers)

    @property
    def is_full(self) -> bool:
        return self.held >= self._memory

    def write(self, folder: Path) -> Run:
        """Sorts what was gathered and puts it into a new ``folder``."""
        folder.mkdir()
        ordered = sorted(self._numbers.terms)
        (folder / "terms").write_text("".join(f"{term}\n" for term in ordered), "utf-8", newline="")
        rank = np.empty(len(ordered), np.int64)
        rank[[self._numbers.terms[term] for term in ordered]] = np.arange(len(ordered))
        terms = rank[np.frombuffer(self._words, np.int32)]
        parts, part_words = (np.frombuffer(a, np.int32) for a in (self._parts, self._part_words))
        passage_of_part = np.repeat(np.arange(len(parts)), parts)
        part_of_word = np.repeat(np.arange(len(part_words)), part_words)
        held, part_terms = _pairs(np.unique(part_of_word << 32 | terms))
        keys, counts = np.unique(terms << 32 | passage_of_part[part_of_word], return_counts=True)
        term_of_posting, rows = _pairs(keys)
        arrays = {
            "holding": np.bincount(term_of_posting, minlength=len(ordered)),
            "rows": rows + np.int32(self.first_row),
            "counts": counts.astype(np.int32),
            "part_terms": part_terms,
            "held": np.bincount(held, minlength=len(part_words)).astype(np.int32),
            "lengths": np.bincount(
                passage_of_part, weights=part_words, minlength=len(parts)
            ).astype(np.int32),
            "parts": parts,
        }
        for name, values in arrays.items():
            np.save(folder / f"{name}.npy", values)
        return Run(folder)


class _Numbers(dict[str, int]):
    """Word → its term's number, by first appearance; a word is stemmed once in a run."""

    def __init__(self, stem: Callable[[str], str]) -> None:
        super().__init__()
        self._stem = stem
        self.terms: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        number = self.terms.setdefault(self._stem(word), len(self.terms))
        self[word] = number
        return number


def _pairs(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keys ``first << 32 | second`` (int64) to both halves, int32."""
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)
