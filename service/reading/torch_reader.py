"""The reader in torch: windows of passages → batches → relevance, answerability, spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from index.records import Span
from service.errors import QuestionTooLong
from service.reading.inputs import (
    TITLE_TOKENS,
    ReaderTokenizer,
    Row,
    Tokens,
    batch_of,
    room_for_passage,
)
from service.reading.network import NEVER, packaged_network
from service.reading.records import Candidate, KeepReading, Reading, ShownPassage
from service.reading.spans import SpanLogits, best_spans
from service.reading.weights import ReaderFiles, put_weights

# Rows read at once: more use the processor better, fewer keep closer to the budget.
ROWS_AT_ONCE = 5
# A longer passage is read in windows of this many word pieces, which share OVERLAP of them.
WINDOW_TOKENS, OVERLAP = 256, 64
# A question that leaves less room than this for a passage is not read.
LEAST_ROOM = 64
# Candidates kept of a passage, and spans looked at in a window to find them.
CANDIDATES, SPANS = 4, 40


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of a passage: which passage, its tokens, and the row that shows it."""

    passage: int
    tokens: Tokens
    row: Row


class TorchReader:
    """The packaged MiniLM with the trained weights, on the CPU; in bfloat16 where that is fast."""

    def __init__(self, files: ReaderFiles) -> None:
        self.identity = files.identity
        self._tokenizer = ReaderTokenizer(files.base.folder / "tokenizer.json")
        network = packaged_network(files.base.folder)
        put_weights(network, files.folder)
        self._network = network.eval().to(_fastest_dtype())

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
            for at in range(len(passages))
            for window in self._windows(asked, at, tokens[2 * at], tokens[2 * at + 1])
        ]
        found: list[list[Reading]] = [[] for _ in passages]
        for first in range(0, len(windows), ROWS_AT_ONCE):
            # The first passage is read whole, whatever the time.
            if first and windows[first - 1].passage > 0 and not keep_reading():
                # The passage the batches ended in may lack some of its windows.
                found = found[: windows[first].passage]
                break
            batch = windows[first : first + ROWS_AT_ONCE]
            for window, reading in zip(batch, self._readings(batch, passages), strict=True):
                found[window.passage].append(reading)
        return [_merged(own) for own in found]

    def _windows(
        self, question: np.ndarray, passage: int, title: Tokens, text: Tokens
    ) -> Iterator[_Window]:
        shown = title.ids[:TITLE_TOKENS]
        length = min(WINDOW_TOKENS, room_for_passage(len(question), len(shown)))
        first = 0
        while True:
            part = text.part(first, first + length)
            yield _Window(passage, part, self._tokenizer.row(question, shown, part.ids))
            if first + length >= len(text):
                return
            first += length - OVERLAP

    @torch.inference_mode()
    def _readings(
        self, windows: Sequence[_Window], passages: Sequence[ShownPassage]
    ) -> list[Reading]:
        batch = batch_of([window.row for window in windows])
        arrays = (batch.ids, batch.segments, batch.attention, batch.in_passage)
        span, verdict = self._network(*(torch.from_numpy(array) for array in arrays))
        spans, verdicts = span.numpy(), verdict.numpy()
        return [
            Reading(
                relevance=float(verdicts[at, 0]),
                answerable=float(verdicts[at, 1]),
                candidates=self._candidates(window, spans[at], passages[window.passage].text),
            )
            for at, window in enumerate(windows)
        ]

    def _candidates(self, window: _Window, span: np.ndarray, text: str) -> tuple[Candidate, ...]:
        """The likeliest spans that begin and end with whole words and do not overlap."""
        row = window.row
        logits = span[row.passage_at : row.passage_at + row.passage_tokens]
        goes_on = self._tokenizer.goes_on(window.tokens.ids)
        starts = np.where(goes_on, NEVER, logits[:, 0])
        ends = np.where(np.append(goes_on[1:], False)[: len(goes_on)], NEVER, logits[:, 1])
        no_start, no_end = float(span[0, 0]), float(span[0, 1])
        found, none = best_spans(SpanLogits(starts, ends, no_start, no_end), SPANS)
        kept: list[Candidate] = []
        for one in found:
            offsets = window.tokens.offsets
            place = Span(int(offsets[one.first, 0]), int(offsets[one.last, 1]))
            if all(_apart(place, other.span) for other in kept) and place.of(text).strip():
                probability = float(np.exp(one.log_probability))
                kept.append(Candidate(place, probability, one.log_probability - none))
            if len(kept) == CANDIDATES:
                break
        return tuple(kept)


def _merged(windows: Sequence[Reading]) -> Reading:
    """The reading of a passage from those of its windows, which overlap."""
    if len(windows) == 1:
        return windows[0]
    candidates: list[Candidate] = []
    found = (candidate for window in windows for candidate in window.candidates)
    for candidate in sorted(found, key=lambda candidate: -candidate.margin):
        if all(_apart(candidate.span, other.span) for other in candidates):
            candidates.append(candidate)
    return Reading(
        relevance=max(window.relevance for window in windows),
        answerable=max(window.answerable for window in windows),
        candidates=tuple(candidates[:CANDIDATES]),
    )


def _apart(one: Span, other: Span) -> bool:
    return one.end <= other.start or other.end <= one.start


def _fastest_dtype() -> torch.dtype:
    """bfloat16 where the processor multiplies it (AMX, AVX512-BF16), else float32."""
    fast = torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if fast else torch.float32
