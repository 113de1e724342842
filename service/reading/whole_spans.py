"""Word pieces → words that say what the document says: no half number, none without its bound."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from index.records import Span

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)+")
# What a name goes on with: "F-16", "MB-22-07". Of the sets' 168 answers that end with such a
# number or before it, 167 end with it.
_NUMBER_OF_NAME = re.compile(r"(?:-\d\w*)+")
# What makes another number of the one that follows, and never says where something is or goes, as
# a bare "over", "under" or "up to" may. Of the sets' 127 answers with a number after one of these
# 69 include it; "about", which 198 of 320 leave out, is left to the reader.
_BOUND = re.compile(
    r"\b(?:(?:(?:no|not)\s+)?(?:more|less|fewer)\s+than|at\s+(?:least|most)|upwards\s+of|"
    r"in\s+excess\s+of|(?:just|slightly|well|far)\s+(?:over|under))\s+\Z",
    re.IGNORECASE,
)
# Of what is denied to be more than 20 neither "20" nor "more than 20" may be said to be so.
_DENIED = re.compile(
    r"(?:\b(?:no|not|never|cannot|without|neither|nor)\b|n['\u2019]t\b)", re.IGNORECASE
)
_QUANTITY = re.compile(
    r"(?:[A-Z]{2,3}\s?)?[$€£¥]?\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|"
    r"(?:an?\s+)?(?:half|third|quarter|fifth|tenth|dozen|hundred|thousand|million|billion))\b",
)
_ARTICLE = re.compile(r"\ban?\s+\Z")
_LONGEST_BOUND = 30


def number_pieces(text: str, starts: np.ndarray) -> np.ndarray:
    """Bool [n]: which word pieces, that start at ``starts`` (int [n]), go on with a number, such as
    ",", "700" of "1,700".
    """
    inside = np.zeros(len(starts), dtype=bool)
    for number in _NUMBER.finditer(text):
        inside |= (starts > number.start()) & (starts < number.end())
    return inside


def whole_span(text: str, span: Span, sentence: int = 0) -> Span:
    """The span with the marks on its last letter, which the tokenizer drops, the number of the name
    it ends with, and the bound of the number it begins with.

    Its sentence begins at ``sentence``; the span never grows beyond that.

    >>> whole_span("It has more than 300 rooms.", Span(17, 20))
    Span(start=7, end=20)
    """
    start = _with_bound(text, span.start, sentence)
    return Span(start, _after_number(text, _after_marks(text, span.end)))


def _with_bound(text: str, start: int, sentence: int) -> int:
    if not _QUANTITY.match(text, start):
        return start
    earliest = max(sentence, start - _LONGEST_BOUND)
    article = _ARTICLE.search(text, earliest, start)
    bound = _BOUND.search(text, earliest, article.start() if article else start)
    if bound is None or _DENIED.search(text, sentence, bound.start()):
        return start
    return bound.start()


def _after_marks(text: str, end: int) -> int:
    while end < len(text) and unicodedata.category(text[end])[0] == "M":
        end += 1
    return end


def _after_number(text: str, end: int) -> int:
    number = _NUMBER_OF_NAME.match(text, end) if text[end - 1].isalpha() else None
    return number.end() if number else end
