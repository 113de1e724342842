"""The reader: windows of passages → batches → relevance, answerability, spans."""

from __future__ import annotations

import unicodedata
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from index.records import Span
from service.errors import QuestionTooLong
from service.reading.inputs import (
    TITLE_TOKENS,
    Batch,
    ReaderTokenizer,
    Row,
    Tokens,
    batch_of,
    room_for_passage,
)
from service.reading.records import Candidate, KeepReading, Reading, ShownPassage
from service.reading.spans import NEVER, SpanLogits, best_spans
from service.reading.weights import ReaderFiles
from service.reading.whole_spans import number_pieces, whole_span, without_half_pairs

# A longer passage is read in windows of this many word pieces, which share OVERLAP of them,
# or half where a long question makes them shorter.
WINDOW_TOKENS, OVERLAP = 256, 64
# Windows read in one call: more use the processor better, fewer keep closer to the budget.
AT_ONCE = 5
# A question that leaves less room than this for a passage is not read.
LEAST_ROOM = 64
# Candidates kept of a passage, and spans looked at in a window to find them.
CANDIDATES, SPANS = 4, 40
# What a span that goes over a sentence's end loses of its log-probability. Of 2,191 held-aside
# answers 15 do so, most where a sentence was cut wrongly.
OVER_A_SENTENCE = 3.0

# Categories of characters that say nothing by themselves: punctuation, separators, control.
_MARKS = "PZC"


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of a passage: which passage, its tokens, the row that shows it, and bool [tokens]
    whether an answer may start or end with each.
    """

    passage: int
    tokens: Tokens
    row: Row
    may_start: np.ndarray
    may_end: np.ndarray


class Logits(Protocol):
    """Whoever computes the network; from any number of threads at once."""

    runtime: str
    precision: str

    def __call__(self, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
        """Logits float32: span [rows, length, 2] (start, end), verdict [rows, 2] (relevance,
        answerability). Outside passage and first token the span's are ``NEVER``.
        """


class PassageReader:
    """The packaged MiniLM with the trained weights, in whatever runtime computes the logits."""

    def __init__(self, files: ReaderFiles, logits: Logits) -> None:
        self.identity = replace(files.identity, runtime=logits.runtime, precision=logits.precision)
        self._tokenizer = ReaderTokenizer(files.base.folder / "tokenizer.json")
        self._logits = logits

    def read(
        self, question: str, passages: Sequence[ShownPassage], keep_reading: KeepReading
    ) -> list[Reading]:
        asked = self._tokenizer.tokens(question).ids
        if room_for_passage(len(asked), TITLE_TOKENS) < LEAST_ROOM:
            raise QuestionTooLong(
                f"the question has {len(asked)} word pieces, too many to be read beside a passage"
            )
        tokens = self._tokenizer.all_tokens([part for p in passages for part in (p.title, p.text)])
        windows = [
            window
            for at, passage in enumerate(passages)
            for window in self._windows(asked, at, tokens[2 * at], tokens[2 * at + 1], passage.text)
        ]
        found: list[list[Reading]] = [[] for _ in passages]
        for first in range(0, len(windows), AT_ONCE):
            # The first passage is read whole, whatever the time.
            if windows[first].passage > 0 and not keep_reading():
                # The passage the batches ended in may lack some of its windows.
                found = found[: windows[first].passage]
                break
            batch = windows[first : first + AT_ONCE]
            for window, reading in zip(batch, self._readings(batch, passages), strict=True):
                found[window.passage].append(reading)
        return [_merged(own) for own in found]

    def _windows(
        self, question: np.ndarray, passage: int, title: Tokens, tokens: Tokens, text: str
    ) -> Iterator[_Window]:
        shown = title.ids[:TITLE_TOKENS]
        length = min(WINDOW_TOKENS, room_for_passage(len(question), len(shown)))
        goes_on = self._tokenizer.goes_on(tokens.ids) | number_pieces(text, tokens.offsets[:, 0])
        may_end = ~np.append(goes_on[1:], False)[: len(tokens)]
        first = 0
        while True:
            part = slice(first, first + length)
            own = tokens.part(part.start, part.stop)
            row = self._tokenizer.row(question, shown, own.ids)
            yield _Window(passage, own, row, ~goes_on[part], may_end[part])
            if part.stop >= len(tokens):
                return
            first = part.stop - min(OVERLAP, length // 2)

    def _readings(
        self, windows: Sequence[_Window], passages: Sequence[ShownPassage]
    ) -> list[Reading]:
        spans, verdicts = self._logits(batch_of([window.row for window in windows]))
        return [
            Reading(
                relevance=float(verdicts[at, 0]),
                answerable=float(verdicts[at, 1]),
                candidates=self._candidates(window, spans[at], passages[window.passage]),
            )
            for at, window in enumerate(windows)
        ]

    def _candidates(
        self, window: _Window, span: np.ndarray, passage: ShownPassage
    ) -> tuple[Candidate, ...]:
        """The likeliest spans of whole words and numbers within one paragraph or row, none of
        marks alone, none overlapping; those that go over a sentence's end seldom answer.
        """
        row, text = window.row, passage.text
        logits = span[row.passage_at : row.passage_at + row.passage_tokens]
        starts = np.where(window.may_start, logits[:, 0], NEVER)
        ends = np.where(window.may_end, logits[:, 1], NEVER)
        no_start, no_end = float(span[0, 0]), float(span[0, 1])
        found, none = best_spans(SpanLogits(starts, ends, no_start, no_end), SPANS)
        spans: list[Candidate] = []
        for one in found:
            offsets = window.tokens.offsets
            read = without_half_pairs(
                text, Span(int(offsets[one.first, 0]), int(offsets[one.last, 1]))
            )
            own = bisect(passage.sentences, read.start)
            place = whole_span(text, read, passage.sentences[own - 1] if own else 0)
            telling = any(unicodedata.category(sign)[0] not in _MARKS for sign in place.of(text))
            whole = bisect(passage.breaks, place.start) == bisect(passage.breaks, place.end - 1)
            if not telling or not whole:
                continue
            # Start and end are judged apart: of two answers, in two sentences, they make a third.
            over = bisect(passage.sentences, place.start) != bisect(
                passage.sentences, place.end - 1
            )
            log_probability = one.log_probability - OVER_A_SENTENCE * over
            spans.append(Candidate(place, float(np.exp(log_probability)), log_probability - none))
        return _best_apart(spans)


def _merged(windows: Sequence[Reading]) -> Reading:
    """The reading of a passage from those of its windows, which overlap."""
    if len(windows) == 1:
        return windows[0]
    found = [candidate for window in windows for candidate in window.candidates]
    return Reading(
        relevance=max(window.relevance for window in windows),
        answerable=max(window.answerable for window in windows),
        candidates=_best_apart(found),
    )


def _best_apart(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The likeliest that do not overlap, best first."""
    kept: list[Candidate] = []
    for candidate in sorted(found, key=lambda candidate: -candidate.margin):
        if all(_apart(candidate.span, other.span) for other in kept):
            kept.append(candidate)
    return tuple(kept[:CANDIDATES])


def _apart(one: Span, other: Span) -> bool:
    return one.end <= other.start or other.end <= one.start
