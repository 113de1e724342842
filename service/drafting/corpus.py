"""What the documents as a whole tell of a word: a name, a place, or a word like others."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
# Capitals count only where a sentence does not demand them.
_WITHIN = re.compile(r"(?<=[a-z0-9,] )[A-Z][\w'’-]*")
_NAMED = re.compile(r"\b(?:[A-Z][^\W_]*|\d{4})\b")
_PLACE = re.compile(r"\b(?:in|to|from|at|near|into|outside) ([A-Z][\w'’-]*)")
_FUNCTION_WORDS = frozenset(
    "the a an about around over under nearly almost some several various all both two three four "
    "five six seven eight nine ten most many few news each one part half".split()
)


class Corpus:
    """Read once from all paragraphs."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._paragraphs = paragraphs
        self._names: set[str] = set()
        self._places: set[str] = set()
        self._words: set[str] = set()
        self._told: dict[str, list[int]] = {}
        for row, text in enumerate(paragraphs):
            self._names.update(_WITHIN.findall(text))
            self._places.update(_PLACE.findall(text))
            self._words.update(word for word in _WORD.findall(text) if word.islower())
            for name in set(_NAMED.findall(text)):
                self._told.setdefault(name.casefold(), []).append(row)

    def telling(self, name: str) -> list[str]:
        """The paragraphs that hold a name or a year, in their order."""
        return [self._paragraphs[row] for row in self._told.get(name.casefold(), ())]

    def within(self, word: str) -> str:
        """A sentence's first word as it stands within one.

        >>> corpus = Corpus(["The troops met Ada. Troops left."])
        >>> corpus.within("Troops"), corpus.within("Ada"), corpus.within("The")
        ('troops', 'Ada', 'the')
        """
        small = word.casefold()
        if small in _FUNCTION_WORDS or (small in self._words and word not in self._names):
            return small
        return word

    @property
    def names(self) -> list[str]:
        """Every word seen with a capital within a sentence, in the order of the alphabet."""
        return sorted(self._names)

    def is_name(self, word: str) -> bool:
        """Whether the word is written with a capital within sentences, and never without."""
        return word in self._names and word.casefold() not in self._words

    def is_place(self, word: str) -> bool:
        """Whether something happens in it, or somebody goes there."""
        return word in self._places
