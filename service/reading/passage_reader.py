"""The reader: windows of passages → batches → relevance, answerability, spans."""

from __future__ import annotations

import unicodedata
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Protocol

import numpy as np

from index.records import Span
from service.reading.inputs import Batch, ReaderTokenizer, batch_of
from service.reading.marked_spans import with_other_halves, without_marks
from service.reading.reading_windows import Window, Windows
from service.reading.records import Candidate, KeepReading, Reading, ShownPassage
from service.reading.spans import NEVER, SpanLogits, best_spans
from service.reading.weights import ReaderFiles
from service.reading.whole_spans import whole_span, without_half_pairs

# Windows of passages read in one call: more use the processor better, fewer keep closer to the
# budget. Rows of their tables, which are short, come along.
AT_ONCE = 5
# Candidates kept of a passage, and spans looked at in a window to find them.
CANDIDATES, SPANS = 4, 40
# What a span that goes over a sentence's end loses of its log-probability. Of 2,191 held-aside
# answers 15 do so, most where a sentence was cut wrongly.
OVER_A_SENTENCE = 3.0
# What a span in a heading or in a question loses: they say what is answered below, and no more.
ASKING = 4.0
# A span that is so much of a question answers none.
ALL_OF_IT = 0.75
# What a question may end with besides its mark.
_CLOSING = "*_`\"'”’)] \n\t"
# What a span in a table loses where the rows asked about are read by themselves.
IN_A_TABLE = 4.0
# Categories of characters that say nothing by themselves: punctuation, separators, control.
_MARKS = "PZC"


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
        windows = Windows(self._tokenizer, question).of(passages)
        found: list[list[Reading]] = [[] for _ in passages]
        for batch in _batches(windows):
            # The first passage is read whole, whatever the time.
            if batch[0].passage > 0 and not keep_reading():
                # The passage the batches ended in may lack some of its windows.
                found = found[: batch[0].passage]
                break
            for window, reading in zip(batch, self._readings(batch, passages), strict=True):
                found[window.passage].append(reading)
        return [_merged(own) for own in found]

    def _readings(
        self, windows: Sequence[Window], passages: Sequence[ShownPassage]
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
        self, window: Window, span: np.ndarray, passage: ShownPassage
    ) -> tuple[Candidate, ...]:
        """The likeliest spans of whole words and numbers within one paragraph or row, none of
        marks alone, none overlapping; those that go over a sentence's end seldom answer.
        """
        row, text = window.row, passage.text
        logits = span[row.passage_at : row.passage_at + row.passage_tokens]
        asks = _asks(passage, window.tokens.offsets[:, 0])
        starts = np.where(window.may_start, logits[:, 0] - ASKING * asks, NEVER)
        ends = np.where(window.may_end, logits[:, 1], NEVER)
        no_start, no_end = float(span[0, 0]), float(span[0, 1])
        found, none = best_spans(SpanLogits(starts, ends, no_start, no_end), SPANS)
        spans: list[Candidate] = []
        for one in found:
            if not window.is_one_part(one.first, one.last):
                continue
            offsets = window.tokens.offsets
            read = Span(int(offsets[one.first, 0]), int(offsets[one.last, 1]))
            place = _said(text, read, passage.sentences)
            telling = any(unicodedata.category(sign)[0] not in _MARKS for sign in place.of(text))
            whole = bisect(passage.breaks, place.start) == bisect(passage.breaks, place.end - 1)
            if not telling or not whole or _is_question(passage, place):
                continue
            # Start and end are judged apart: of two answers, in two sentences, they make a third.
            over = bisect(passage.sentences, place.start) != bisect(
                passage.sentences, place.end - 1
            )
            log_probability = one.log_probability - OVER_A_SENTENCE * over
            log_probability -= IN_A_TABLE * window.in_a_table(place)
            spans.append(Candidate(place, float(np.exp(log_probability)), log_probability - none))
        return _best_apart(spans)


def _said(text: str, read: Span, sentences: Sequence[int]) -> Span:
    """What the document says of the pieces read, as somebody would copy it."""
    read = without_half_pairs(text, with_other_halves(text, read))
    own = bisect(sentences, read.start)
    return without_marks(text, whole_span(text, read, sentences[own - 1] if own else 0))


def _is_question(passage: ShownPassage, place: Span) -> bool:
    own = bisect(passage.sentences, place.start)
    if not own:
        return False
    first, end = [*passage.sentences, len(passage.text)][own - 1 : own + 1]
    question = passage.text[first:end].rstrip(_CLOSING)
    return question.endswith("?") and place.end - place.start > ALL_OF_IT * len(question)


def _asks(passage: ShownPassage, starts: np.ndarray) -> np.ndarray:
    """Bool [n]: which tokens, that start at ``starts`` (int [n]) of the text, stand in a sentence
    that names a section or is a question.
    """
    places = [*passage.sentences, len(passage.text)] if passage.sentences else [0]
    questions = (passage.text[first:end].rstrip(_CLOSING) for first, end in pairwise(places))
    asks = [at in passage.headings or own.endswith("?") for at, own in enumerate(questions)]
    own = np.searchsorted(passage.sentences, starts, side="right") - 1
    return np.asarray([*asks, False])[own]


def _batches(windows: Sequence[Window]) -> Iterator[list[Window]]:
    batch: list[Window] = []
    for window in windows:
        batch.append(window)
        if sum(not one.of_row for one in batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


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
