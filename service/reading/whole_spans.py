"""Word pieces → words that say what the document says: no half number, none without its bound,
no half address, no bracket without its other half.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from index.records import Span, trimmed
from service.reading.addresses import with_addresses

# "1,700", "12 500" with the space that breaks no line, and a telephone's groups: "01632 960 102".
_NUMBER = re.compile(
    r"\d+(?:[.,:]\d+)+|\d{1,3}(?:[\u00a0\u202f]\d{3})+(?!\d)|"
    r"(?<![\d.,:])(?:\+\d{1,3}|0\d{1,5})(?:[ \u00a0-]\d{2,6})+(?!\d|[.,:]\d)"
)
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
# What a number's first digit has before it: currency, plus or minus.
_SIGN = re.compile(r"(?<![^\s(\[|:;,])[-+−±]?[$€£¥₹]?\Z")
_DIGIT = re.compile(r"\.?\d")
_ARTICLE = re.compile(r"\ban?\s+\Z")
_LONGEST_BOUND = 30
# What opens, and what closes it. An apostrophe does neither, and a quotation mark behind a digit
# says inches.
_CLOSING = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»", '"': '"', "`": "`", "*": "*"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_INCHES = re.compile(r"\d\"\Z")


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
    it ends with, sign and bound of the number it begins with, and the addresses at both ends.

    Its sentence begins at ``sentence``; the span never grows beyond that.

    >>> whole_span("It has more than 300 rooms.", Span(17, 20))
    Span(start=7, end=20)
    """
    grown = with_addresses(text, span)
    start = _with_sign(text, max(grown.start, sentence), sentence)
    start = _with_bound(text, start, sentence)
    return Span(start, _after_number(text, _after_marks(text, grown.end)))


def without_half_pairs(text: str, span: Span) -> Span:
    """The span without brackets and quotation marks at its ends whose other half is not within;
    as it is where there is nothing else.

    >>> without_half_pairs("It is (so) called.", Span(6, 9))
    Span(start=7, end=9)
    """
    start, end = span.start, span.end
    while start < end and _is_half(text[start], text[start + 1 : end], _CLOSING):
        start += 1
    while start < end and _is_half(text[end - 1], text[start : end - 1], _OPENING):
        if _INCHES.search(text, start, end):
            break
        end -= 1
    bare = trimmed(text, start, max(start, end))
    return bare if bare.start < bare.end else span


def _is_half(mark: str, rest: str, other: dict[str, str]) -> bool:
    return mark in other and other[mark] not in rest


def _with_sign(text: str, start: int, sentence: int) -> int:
    """-22 is not 22, and a sum is one of a currency; a dash between two numbers is no sign."""
    sign = _SIGN.search(text, sentence, start)
    return sign.start() if sign and _DIGIT.match(text, start) else start


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
