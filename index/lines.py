"""Lines of a paragraph → where its writer began a new line, and no width did.

Landlord: Mrs Pryce            The roof of the old mill was
Tenants: D. Okafor             mended by Tom Brand in May.
"""

from __future__ import annotations

import re
from itertools import pairwise

from index.records import Span, trimmed

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\S+")
# What a line that goes on below ends with: a mark, or a word that nothing ends with.
_GOES_ON = re.compile(
    r"(?:[,;(\[{&/+–—-]|\b(?:a|an|and|as|at|by|for|from|in|into|of|on|or|the|to|with))\Z",
    re.IGNORECASE,
)
_TOLD_BY = 12  # characters at a line's end, which hold any of these
# A list's number alone on its line is of what follows.
_NUMBERING = re.compile(r"\W*\d{1,3}[.)]\W*")
# What begins a line whatever the width: "Tenants:", "**1912:**", "08:35", "- ", "• ".
_NAME = r"\w[\w'’./&()-]*(?: [\w'’./&()-]+){0,3}[*_]*:[*_]*(?:\s|\Z)"
_ITEM = re.compile(rf"[*_>\s]*(?:{_NAME}|\d\d?[:.]\d\d\b|[-*•–] )")
# Of the longest line's width; what a proportional font fills lies above it.
_SHORT = 0.8


def line_starts(text: str, span: Span) -> list[int]:
    """Where in the span a line begins that says something of its own, rising; never its start.

    A line was broken on purpose before an item, or where the next one's first word would have had
    room on it; and below it a sentence or an item begins. Where most lines were, all that could
    be are.

    >>> line_starts("Landlord: Mrs Pryce\\nTenants: D. Okafor and B. Lind", Span(0, 46))
    [20]
    """
    lines = [trimmed(text, *found.span()) for found in _LINE.finditer(text, span.start, span.end)]
    lines = [line for line in lines if line.start < line.end]
    room = _SHORT * max((line.end - line.start for line in lines), default=0)
    pairs = list(pairwise(lines))
    may_begin = [_may_begin(text, *pair) for pair in pairs]
    sure = [
        own and (_is_item(text, below) or _would_fit(text, line, below, room))
        for own, (line, below) in zip(may_begin, pairs, strict=True)
    ]
    chosen = may_begin if all(may_begin) and 2 * sum(sure) >= len(sure) else sure
    return [below.start for own, (_, below) in zip(chosen, pairs, strict=True) if own]


def _may_begin(text: str, line: Span, below: Span) -> bool:
    first = next(filter(str.isalnum, below.of(text)), "")
    if not (first.isupper() or first.isdigit()) or _NUMBERING.fullmatch(text, line.start, line.end):
        return False
    return not _GOES_ON.search(text, max(line.start, line.end - _TOLD_BY), line.end)


def _is_item(text: str, line: Span) -> bool:
    return _ITEM.match(text, line.start, line.end) is not None


def _would_fit(text: str, line: Span, below: Span, room: float) -> bool:
    return line.end - line.start + 1 + len(_WORD.match(text, below.start)[0]) <= room
