"""The words of a stretch of text, each with its place in the document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Span

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its place in the document; ``after`` is the punctuation behind it."""

    text: str
    span: Span
    after: str = ""

    @property
    def folded(self) -> str:
        return self.text.casefold()


def words_of(text: str, span: Span) -> list[Word]:
    """The words of a stretch, without the punctuation about them."""
    found = []
    for match in _WORD.finditer(text, span.start, span.end):
        word = match.group()
        bare = word.rstrip(".,") or word
        if word.endswith(".") and (len(bare) <= 2 or "." in bare) and match.end() < span.end:
            bare = word.rstrip(",")  # an initial, or "U.S."
        start = match.start()
        found.append(Word(bare, Span(start, start + len(bare)), word[len(bare) :]))
    return found


def joined(words: Sequence[Word]) -> str:
    """The words as text, with their punctuation but for what stands behind the last."""
    told = "".join(f"{word.text}{word.after} " for word in words).strip()
    return told.rstrip(",. ") if words and words[-1].after else told


def span_of(words: Sequence[Word]) -> Span:
    return Span(words[0].span.start, words[-1].span.end)
