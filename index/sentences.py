"""Text → sentence spans, and a sentence too long for the encoder → spans that fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sentencex import get_sentence_boundaries

from index.records import Span

TokenSpans = Callable[[str], Sequence[tuple[int, int]]]
"""Code-point offsets of a text's word pieces, in order, special tokens left out."""

_LANGUAGE = "en"  # the engine's abbreviations; its sentence ends are those of every script
# A clause ends after these; ideographic marks are not followed by white space.
_CLAUSE_END = re.compile(r"[,;:—–)\]…](?=\s)|[、，；：。！？]")
_WHITE_SPACE = re.compile(r"\s+")
_LAST_PART = 0.75  # a good place to cut is looked for from here to the budget's end
_JOINERS = "\u200c\u200d"
_LONGEST_CLUSTER = 32  # combining marks kept together; longer heaps of them are no character


@dataclass(frozen=True, slots=True)
class Budget:
    """How much text may be read at once: word pieces, and characters."""

    tokens: int
    characters: int


def split_sentences(text: str, span: Span) -> list[Span]:
    """The sentences of ``text`` inside ``span``: disjoint, in order, without outer white space.

    Together they hold every character of the span that is not white space.

    >>> split_sentences("Dr. No left. Who?", Span(0, 17))
    [Span(start=0, end=12), Span(start=13, end=17)]
    """
    sentences = []
    for boundary in get_sentence_boundaries(_LANGUAGE, span.of(text)):
        start, end = span.start + boundary["start_index"], span.start + boundary["end_index"]
        if trimmed := trim(text, start, end):
            sentences.append(trimmed)
    return sentences


def trim(text: str, start: int, end: int) -> Span | None:
    """The span without the white space around it; None where there is nothing else."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return Span(start, start + len(inner.strip())) if inner.strip() else None


def split_long(
    text: str, span: Span, token_spans: TokenSpans, budget: Budget, first: Budget
) -> list[Span]:
    """One over-long sentence as spans that each fit ``budget``, the first of them ``first``.

    Cuts are made between word pieces: after the last clause in reach, else at the last
    white space, else wherever the budget ends; not before a combining mark nor inside a
    joined emoji, unless either is longer than any character in use.
    """
    parts: list[Span] = []
    start, room = span.start, first
    while start < span.end:
        window = text[start : min(span.end, start + room.characters)]
        is_last = start + len(window) == span.end
        cut = _fitting_cut(window, token_spans, room.tokens, is_last)
        if part := trim(text, start, start + cut):
            parts.append(part)
            room = budget
        start += cut
    return parts


def _fitting_cut(window: str, token_spans: TokenSpans, budget: int, is_last: bool) -> int:
    """How much of ``window``, from its start and at least one character, fits the budget."""
    pieces = token_spans(window)
    if is_last and len(pieces) <= budget:
        return len(window)
    allowed = budget
    while True:
        limit = pieces[allowed][0] if allowed < len(pieces) else len(window)
        cut = _good_cut(window, limit)
        # The part is counted as it will be read: words cut in two may have more pieces.
        excess = len(token_spans(window[:cut].strip())) - budget
        if excess <= 0 or cut == 1:
            return cut
        allowed = max(min(allowed, len(pieces)) - excess, 0)


def _good_cut(window: str, limit: int) -> int:
    """The best place to cut at or before ``limit``; at least 1."""
    first = int(limit * _LAST_PART)
    for pattern in (_CLAUSE_END, _WHITE_SPACE):
        ends = [match.end() for match in pattern.finditer(window, first, limit)]
        if ends:
            return ends[-1]
    cut = limit
    while cut > max(limit - _LONGEST_CLUSTER, 1) and _continues(window, cut):
        cut -= 1
    return max(limit if _continues(window, cut) else cut, 1)


def _continues(window: str, cut: int) -> bool:
    """Whether a cut here would part a character from its marks, or a joined emoji."""
    if not 0 < cut < len(window):
        return False
    following = window[cut]
    return (
        unicodedata.category(following)[0] == "M"
        or following in _JOINERS
        or window[cut - 1] in _JOINERS
        or "\U0001f3fb" <= following <= "\U0001f3ff"
    )
