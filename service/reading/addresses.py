"""What is one word to whoever copies it, though the tokenizer takes it apart: web and mail
addresses, paths, the names of files, hosts, settings and options.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.records import Span

# Nobody ends an address with one of these; a sentence or a list does.
_ENDS = ".,;:!?"
_WEB = r"[a-z][a-z\d+.-]*://[^\s<>\"'`()\[\]{}|]+"
_MAIL = r"[\w.+-]+@\w[\w-]*(?:\.\w[\w-]*)+"
# From a root, so that neither "and/or" nor "km/h" is one.
_ROOTED = r"(?<![\w/\\.~])(?:~|\.{1,2}|[a-z]:)?(?:[/\\][\w.~%@+-]+)+[/\\]?"
# With an ending, in small letters: a sentence that begins right behind another's full stop has a
# capital. The first part is no number, or "1.5m" would be one.
_NAMED = (
    r"(?<![\w@])(?-i:(?:[\w-]++[/\\])*+(?=[\d-]*[^\W\d])[\w-]++(?:\.[\w-]++)*\.[a-z][a-z\d]*)\b"
    r"(?:[/?#][^\s<>\"'`()\[\]{}|]*)?"
)
_JOINED = r"(?<!\w)[^\W_]+(?:_+[^\W_]+)+"
_OPTION = r"(?<![^\s`\"'(\[])--[a-z\d][\w-]*(?:=[^\s`\"',;)\]]+)?"
_ADDRESS = re.compile("|".join((_WEB, _MAIL, _OPTION, _NAMED, _ROOTED, _JOINED)), re.IGNORECASE)
# No address is looked for further away from the place that it is to hold.
_LONGEST = 500
_WHITE_SPACE = re.compile(r"\s")


def with_addresses(text: str, span: Span) -> Span:
    """The span (not empty) grown to the whole of the addresses that it begins or ends within.

    >>> with_addresses("See https://wiki.example/start?x=1.", Span(4, 9))
    Span(start=4, end=34)
    """
    first, last = _address(text, span.start), _address(text, span.end - 1)
    return Span(first.start if first else span.start, last.end if last else span.end)


def _address(text: str, at: int) -> Span | None:
    """The one that holds the character at a place, or None."""
    before = text[max(0, at - _LONGEST) : at]
    start = (
        at - len(before) + max((found.end() for found in _WHITE_SPACE.finditer(before)), default=0)
    )
    stop = _WHITE_SPACE.search(text, at, at + _LONGEST)
    end = stop.start() if stop else min(len(text), at + _LONGEST)
    for first, last in _found(text[start:end]):
        if start + first <= at < start + last:
            return Span(start + first, start + last)
    return None


@lru_cache(maxsize=256)  # of one passage many spans are looked at, and they end in the same words
def _found(run: str) -> tuple[tuple[int, int], ...]:
    """Where addresses begin and end among signs without white space."""
    found = ((one.start(), len(one.group().rstrip(_ENDS))) for one in _ADDRESS.finditer(run))
    return tuple((first, first + length) for first, length in found)
