"""A stream of passages to vocabulary, BM25 postings and sentence terms, in bounded memory.

Passages are gathered in runs (``runs.py``) that are sorted, put on disk and merged: first the
terms, which gives every run's terms their final numbers and every term its place among the
postings; then each run by itself is written to its places. So memory holds one run, and beside
it a few bytes for each distinct term and each passage. Sort-based inversion, as in Witten,
Moffat and Bell, "Managing Gigabytes" (1999), chapter 5.
"""

from __future__ import annotations

import json
import shutil
from array import array
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import repeat
from pathlib import Path
from types import TracebackType

import numpy as np

from index import coverage, postings
from index.analyser import Analyser
from index.mapped import create_array
from index.runs import Run, RunBuffer
from index.vocabulary import write_vocabulary

# Okapi BM25 with Lucene's idf (Robertson & Zaragoza 2009; Kamphuis et al. 2020). Passages are
# of one length by design, so a gentle B; both stand on a plateau over six sets (ARCHITECTURE.md).
K1 = 0.6
B = 0.4
RUNS = ".runs"
SETTINGS_FILE = "lexical.json"
MEMORY_MB = 256


def idf(passages: int, holding: np.ndarray | int) -> np.ndarray:
    """Lucene's, ln(1 + (N - n + .5) / (n + .5)), never negative: float64, as ``holding``."""
    return np.log(1 + (passages - holding + 0.5) / (holding + 0.5))


class PostingsWriter:
    """Takes passages one after another; what is in ``folder`` is whole after ``finish``.

        with PostingsWriter(folder, Analyser("english")) as writer:
            writer.add(["Title", "A sentence.", "Another."])
            writer.finish()

    What is written depends on the passages alone, not on ``memory_mb``.
    """

    def __init__(self, folder: Path, analyser: Analyser, memory_mb: int = MEMORY_MB) -> None:
        self._folder, self._runs_folder = folder, folder / RUNS
        self._analyser, self._stem, self._memory = analyser, analyser.stem(), memory_mb << 20
        self._runs: list[Run] = []
        self._buffer = RunBuffer(self._stem, self._memory, 0)

    def __enter__(self) -> PostingsWriter:
        self._folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self._runs_folder, ignore_errors=True)
        self._runs_folder.mkdir()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._runs_folder, ignore_errors=True)

    @property
    def passages(self) -> int:
        """How many have been added."""
        return self._buffer.first_row + len(self._buffer)

    def add(self, parts: Sequence[str]) -> None:
        """The next passage: its context (title and section path), then its sentences."""
        self._buffer.add(parts)
        if self._buffer.is_full:
            self._spill()

    def finish(self) -> None:
        """Merges the runs into the folder's files."""
        self._spill()
        numbers = self._merge_terms()
        self._write_postings(numbers)
        self._write_sentence_terms(numbers)
        settings = {"language": self._analyser.language, "passages": self.passages}
        (self._folder / SETTINGS_FILE).write_text(json.dumps(settings), encoding="utf-8")

    def _spill(self) -> None:
        if len(self._buffer):
            self._runs.append(self._buffer.write(self._runs_folder / str(len(self._runs))))
            self._buffer = RunBuffer(self._stem, self._memory, self.passages)

    def _merge_terms(self) -> list[np.ndarray]:
        """Writes the vocabulary; for each run its terms' numbers in it, int32, rising."""
        numbers = [array("i") for _ in self._runs]
        write_vocabulary(self._folder, _merged(self._runs, numbers))
        return [np.frombuffer(own, np.int32) for own in numbers]

    def _write_postings(self, numbers: Sequence[np.ndarray]) -> None:
        holding = np.zeros(max((own[-1] + 1 for own in numbers if len(own)), default=0), np.int64)
        for run, own in zip(self._runs, numbers, strict=True):
            holding[own] += run.load("holding")
        starts = _ends(holding)
        np.save(self._folder / postings.STARTS, starts)
        weights, norms = idf(self.passages, holding), self._norms()
        rows = create_array(self._folder / postings.ROWS, "<i4", (int(starts[-1]),))
        scores = create_array(self._folder / postings.SCORES, "<f4", (int(starts[-1]),))
        filled = starts[:-1].copy()
        for run, own in zip(self._runs, numbers, strict=True):
            count, run_rows, times = run.load("holding"), run.load("rows"), run.load("counts")
            # A term's postings of this run stand together, in both orders.
            places = np.arange(len(run_rows)) + np.repeat(filled[own] - _ends(count)[:-1], count)
            filled[own] += count
            rows[places] = run_rows
            scores[places] = np.repeat(weights[own], count) * times / (times + norms[run_rows])

    def _norms(self) -> np.ndarray:
        """What BM25 adds to a term's count in each passage for its length, float64 [passages]."""
        lengths = _joined(self._runs, "lengths")
        # Without a single term there is no mean length, and nothing to score either.
        return K1 * (1 - B + B * lengths / max(lengths.mean() if len(lengths) else 0, 1e-9))

    def _write_sentence_terms(self, numbers: Sequence[np.ndarray]) -> None:
        held = _joined(self._runs, "held")
        np.save(self._folder / coverage.STARTS, _ends(held))
        np.save(self._folder / coverage.PASSAGES, _ends(_joined(self._runs, "parts")))
        terms = create_array(self._folder / coverage.TERMS, "<i4", (int(held.sum()),))
        first = 0
        for run, own in zip(self._runs, numbers, strict=True):
            part_terms = run.load("part_terms")
            terms[first : first + len(part_terms)] = own[part_terms]
            first += len(part_terms)


def _merged(runs: Sequence[Run], numbers: Sequence[array]) -> Iterator[bytes]:
    """The distinct terms of all runs in order; tells each run's ``numbers`` as it goes."""
    number, last = -1, b"\n"  # which is no term
    for term, at in merge(*(zip(run.terms(), repeat(at)) for at, run in enumerate(runs))):
        if term != last:
            number, last = number + 1, term
            yield term
        numbers[at].append(number)


def _ends(counts: np.ndarray) -> np.ndarray:
    """Where each of consecutive ranges of such lengths begins and the last ends, int64."""
    ends = np.zeros(len(counts) + 1, dtype="<i8")
    np.cumsum(counts, out=ends[1:])
    return ends


def _joined(runs: Sequence[Run], name: str) -> np.ndarray:
    """The array of that name of all runs, int32, one after another."""
    return np.concatenate([np.empty(0, np.int32), *(run.load(name) for run in runs)])
