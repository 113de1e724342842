"""Markdown's marks about an answer: no half of a pair, none about the whole, no half of a code."""

from __future__ import annotations

import re

from index.records import Span

_MARKS = re.compile(r"\*{1,3}|`+")
_WHOLE = re.compile(
    r"(?P<star>\*{1,3})(?=[^\s*])(?P<said>[^*]*[^\s*])(?P=star)|"
    r"(?P<tick>`+)(?=[^\s`])(?P<code>[^`]*[^\s`])(?P=tick)"
)
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^`]+(?<!`)\1(?!`)")
# In a longer line no code is looked for.
_LONGEST_LINE = 2000


def with_other_halves(text: str, span: Span) -> Span:
    """The span with the mark next to it whose other half stands alone within, and with all of a
    code that it begins or ends within.

    >>> with_other_halves("Roles: *cook* and *host*.", Span(7, 23))
    Span(start=7, end=24)
    """
    start, end = _with_codes(text, span)
    found = _MARKS.findall(text, start, end)
    for mark in {mark for mark in found if found.count(mark) % 2}:
        if text.startswith(mark, end):
            end += len(mark)
        elif text.endswith(mark, 0, start):
            start -= len(mark)
    return Span(start, end)


def without_marks(text: str, span: Span) -> Span:
    """The span without the marks that stand about all of it.

    >>> without_marks("It is **443**.", Span(6, 13))
    Span(start=8, end=11)
    """
    while found := _WHOLE.fullmatch(text, span.start, span.end):
        span = Span(*found.span("said" if found["star"] else "code"))
    return span


def _with_codes(text: str, span: Span) -> tuple[int, int]:
    first = text.rfind("\n", 0, span.start) + 1
    last = text.find("\n", span.end)
    last = len(text) if last < 0 else last
    start, end = span.start, span.end
    if last - first > _LONGEST_LINE or text.find("`", first, last) < 0:
        return start, end
    for code in _CODE.finditer(text, first, last):
        if start < code.start() < end < code.end():
            end = code.end()
        elif code.start() < start < code.end() < end:
            start = code.start()
    return start, end
