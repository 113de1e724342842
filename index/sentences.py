"""Text → sentence spans, and a sentence too long for the encoder → spans that fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sentencex import get_sentence_boundaries

from index.lines import line_starts
from index.records import Span, trimmed
from index.sentence_ends import goes_on

TokenSpans = Callable[[str], Sequence[tuple[int, int]]]
"""Code-point offsets of a text's word pieces, in order, special tokens left out."""
CountPieces = Callable[[str], int]
"""How many these are."""

_LANGUAGE = "en"  # the engine's abbreviations; its sentence ends are those of every script
# sentencex 1.0.32 panics where white space of several bytes stands before a full stop after an
# initial ("J\u2009."). It is shown plain spaces, one for one, so its offsets hold.
_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")
# A clause ends after these; ideographic marks are not followed by white space.
_CLAUSE_END = re.compile(r"[,;:—–)\]…](?=\s)|[、，；：。！？]")
# What closes a sentence's emphasis or quotation, where the engine leaves it to the next.
_CLOSING = re.compile(r"[*_`\"”’)\]]+(?=\s|\Z)")
# The engine's time is quadratic where sentences follow each other without white space.
_WINDOW = 8192
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

    Together they hold every character of the span that is not white space. None goes over the
    end of a line that was broken on purpose (``lines.py``).

    >>> split_sentences("Dr. No left. Who?", Span(0, 17))
    [Span(start=0, end=12), Span(start=13, end=17)]
    """
    places = [span.start, *line_starts(text, span), span.end]
    return [own for at in pairwise(places) for own in _sentences(text, Span(*at))]


def _sentences(text: str, span: Span) -> list[Span]:
    sentences: list[Span] = []
    start = span.start
    while start < span.end:
        window = _window(text, start, span.end)
        ends = [
            _closed(text, start + boundary["end_index"], span.end)
            for boundary in get_sentence_boundaries(_LANGUAGE, _WIDE_SPACE.sub(" ", window))
        ]
        if start + len(window) < span.end and len(ends) > 1:
            ends.pop()  # cut off by the window: it begins the next one
        for end in ends:
            if end <= start or (end != ends[-1] and goes_on(text, start, end, span)):
                continue
            if sentence := trim(text, start, end):
                sentences.append(sentence)
            start = end
    return sentences


def _closed(text: str, end: int, stop: int) -> int:
    """The end of a sentence with what closes it, but for white space."""
    closing = None if text[end - 1].isspace() else _CLOSING.match(text, end, stop)
    return closing.end() if closing else end


def _window(text: str, start: int, end: int) -> str:
    """What the engine is shown at once, ending between words where it can."""
    window = text[start : min(end, start + _WINDOW)]
    if start + len(window) < end and (spaces := list(_WHITE_SPACE.finditer(window))):
        return window[: spaces[-1].end()]
    return window


def trim(text: str, start: int, end: int) -> Span | None:
    """The span without the white space around it; None where there is nothing else."""
    span = trimmed(text, start, end)
    return span if span.start < span.end else None


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
        # One character more is seen than may be taken: it may belong to the one before it.
        ahead = text[start : min(span.end, start + room.characters + 1)]
        cut = _fitting_cut(ahead, token_spans, room)
        if part := trim(text, start, start + cut):
            parts.append(part)
            room = budget
        start += cut
    return parts


def _fitting_cut(ahead: str, token_spans: TokenSpans, room: Budget) -> int:
    """How much of ``ahead``, from its start and at least one character, fits the room."""
    window = ahead[: room.characters]
    pieces = token_spans(window)
    if window == ahead and len(pieces) <= room.tokens:
        return len(window)
    allowed = room.tokens
    while True:
        limit = pieces[allowed][0] if allowed < len(pieces) else len(window)
        cut = _good_cut(ahead, limit)
        # The part is counted as it will be read: words cut in two may have more pieces.
        excess = len(token_spans(window[:cut].strip())) - room.tokens
        if excess <= 0 or cut == 1:
            return cut
        allowed = max(min(allowed, len(pieces)) - excess, 0)


def _good_cut(ahead: str, limit: int) -> int:
    """The best place to cut at or before ``limit``; at least 1."""
    first = int(limit * _LAST_PART)
    for pattern in (_CLAUSE_END, _WHITE_SPACE):
        ends = [match.end() for match in pattern.finditer(ahead, first, limit)]
        if ends:
            return ends[-1]
    cut = limit
    while cut > max(limit - _LONGEST_CLUSTER, 1) and _continues(ahead, cut):
        cut -= 1
    return max(limit if _continues(ahead, cut) else cut, 1)


def _continues(ahead: str, cut: int) -> bool:
    """Whether a cut here would part a character from its marks, or a joined emoji."""
    if not 0 < cut < len(ahead):
        return False
    following = ahead[cut]
    return (
        unicodedata.category(following)[0] == "M"
        or following in _JOINERS
        or ahead[cut - 1] in _JOINERS
        or "\U0001f3fb" <= following <= "\U0001f3ff"
    )
