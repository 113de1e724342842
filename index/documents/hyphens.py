"""Words broken at the end of a line, put together again as the document itself spells them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from index.documents.pdf_lines import BROKEN_WORD

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(rf"([^\W_]*){BROKEN_WORD}([^\W_]*)")
_SHORTEST_WORD = 3  # letters; fewer are rather a syllable
_SHORTEST_STEM = 6  # letters that two words share where one may be an ending of the other
_LONGEST_ENDING = 5  # letters: -s, -ed, -ation
_HYPHENATED = 0.03  # of the lines: compounds alone end one in a hundred, typesetting one in ten


class Hyphens:
    """Decides by the words a document holds unbroken, else by how it breaks words elsewhere.

    >>> hyphens = Hyphens(["An example of a well-known name."])
    >>> hyphens.mended("exam\\ufffeple, well\\ufffeknown")
    'example, well-known'
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._words: Counter[str] = Counter()
        for line in lines:
            self._words.update(_WORD.findall(_BROKEN.sub(" ", line).casefold()))
        for compound in [word for word in self._words if "-" in word]:
            self._words.update(compound.split("-"))
        self._sorted = sorted(word for word in self._words if "-" not in word)
        self._breaks_words = self._is_hyphenated(lines)

    def mended(self, text: str) -> str:
        """The text with each broken word whole, with or without its hyphen."""
        while BROKEN_WORD in text:  # a word of three parts is looked at twice
            text = _BROKEN.sub(self._mend, text, count=1)
        return text

    def _is_hyphenated(self, lines: Sequence[str]) -> bool:
        """Whether words are broken for the line's sake alone."""
        broken = [pair for line in lines for pair in _BROKEN.findall(line)]
        spelled = [known for pair in broken if (known := self._spelling(*pair)) is not None]
        if spelled:
            return 2 * sum(spelled) <= len(spelled)
        return len(broken) > _HYPHENATED * len(lines)

    def _mend(self, broken: re.Match[str]) -> str:
        left, right = broken[1], broken[2]
        has_hyphen = self._spelling(left, right)
        if has_hyphen is None:
            has_hyphen = not (self._breaks_words or self._has_kin(left, right))
        return f"{left}-{right}" if has_hyphen else left + right

    def _spelling(self, left: str, right: str) -> bool | None:
        """Whether the word is spelled with a hyphen; None where the document does not say."""
        if not left or left[-1].isdigit() or not right[:1].islower():
            return True
        one, other = left.casefold(), right.casefold()
        as_one, as_two = self._words[one + other], self._words[f"{one}-{other}"]
        if as_one or as_two:
            return as_two > as_one
        are_words = self._words[one] and self._words[other]
        return True if are_words and min(len(one), len(other)) >= _SHORTEST_WORD else None

    def _has_kin(self, left: str, right: str) -> bool:
        """Whether another form of the joined word stands in the document: "confirmed" where
        "con-firm" is asked about. No vote on the document's habit: a form is less than the word.
        """
        joined = (left + right).casefold()
        stem = max(_SHORTEST_STEM, len(joined) - _LONGEST_ENDING, len(left) + 2)
        lengths = range(stem, len(joined))
        if any(self._words[joined[:length]] for length in lengths):  # "confirm" for "con-firmed"
            return True
        if len(joined) < _SHORTEST_STEM:
            return False
        at = bisect_left(self._sorted, joined)  # the first that may go on from it
        return at < len(self._sorted) and self._sorted[at].startswith(joined)
