"""Start and end logits → the likeliest spans, and the likelihood that there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Longest answer considered, in word pieces.
MAX_SPAN_TOKENS = 48
# A logit no softmax gives any weight.
NEVER = -1e4


@dataclass(frozen=True, slots=True)
class SpanLogits:
    """Of one row: ``start`` and ``end`` float32 [passage tokens], and the first token's two,
    which stand for "no answer here".
    """

    start: np.ndarray
    end: np.ndarray
    no_start: float
    no_end: float


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """First and last token of a candidate, and the log of its probability."""

    first: int
    last: int
    log_probability: float


def best_spans(
    logits: SpanLogits, k: int, longest: int = MAX_SPAN_TOKENS
) -> tuple[list[TokenSpan], float]:
    """The ``k`` likeliest spans, best first, and the log-probability of no answer.

    p(span) = p(start) p(end), each a softmax over the passage's tokens and "no answer"
    (Devlin et al. 2019, BERT, section 4.3).
    """
    # The logs of the sums of both softmaxes.
    all_starts = np.logaddexp.reduce(np.append(logits.start, logits.no_start))
    all_ends = np.logaddexp.reduce(np.append(logits.end, logits.no_end))
    starts, ends = logits.start - all_starts, logits.end - all_ends
    none = float(logits.no_start - all_starts + logits.no_end - all_ends)
    count = len(starts)
    if count == 0:
        return [], none
    # Row: how many tokens after the start the end lies.
    width = min(longest, count)
    padded = np.concatenate([ends, np.full(width - 1, -np.inf, dtype=ends.dtype)])
    sums = starts[None, :] + np.lib.stride_tricks.sliding_window_view(padded, count)[:width]
    flat = sums.ravel()
    kept = min(k, flat.size)
    top = np.argpartition(-flat, kept - 1)[:kept]
    top = top[np.lexsort((top, -flat[top]))]
    return [
        TokenSpan(int(at % count), int(at % count + at // count), float(flat[at]))
        for at in top
        if np.isfinite(flat[at])
    ], none
