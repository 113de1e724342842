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
# What makes another number of the one that follows: "over 300". Of the sets' 400 answers that begin
# with such a number, 217 begin with its bound; "about" is left to the reader (198 of 320 do not).
_BOUND = re.compile(
    r"\b(?:(?:just|slightly|well|far) (?:over|under)|(?:no )?(?:more|less|fewer) than|"
    r"at (?:least|most)|over|under|up to|north of|upwards of|between)[^\S\n]\Z",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"[$€£]?\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"(?:an? )?(?:half|third|quarter|fifth|tenth|dozen|score|hundred|thousand|million|billion))\b",
    re.IGNORECASE,
)
_LONGEST_BOUND = 20


def number_pieces(text: str, starts: np.ndarray) -> np.ndarray:
    """Bool [n]: which word pieces, that start at ``starts`` (int [n]), go on with a number, such as
    ",", "700" of "1,700".
    """
    inside = np.zeros(len(starts), dtype=bool)
    for number in _NUMBER.finditer(text):
        inside |= (starts > number.start()) & (starts < number.end())
    return inside


def whole_span(text: str, start: int, end: int) -> Span:
    """The span with the marks on its last letter, which the tokenizer drops, the number of the name
    it ends with, and the bound of the number it begins with.

    >>> whole_span("It has more than 300 rooms.", 17, 20)
    Span(start=7, end=20)
    """
    return Span(_with_bound(text, start, end), _after_number(text, _after_marks(text, end)))


def _with_bound(text: str, start: int, end: int) -> int:
    if not _QUANTITY.match(text, start):
        return start
    before = max(0, start - _LONGEST_BOUND)
    found = _BOUND.search(text[before:start])
    if found is None:
        return start
    # Both ends of a range, or "between" belongs to something else.
    ranges = found[0][:7].lower() != "between" or " and " in text[start:end]
    return before + found.start() if ranges else start


def _after_marks(text: str, end: int) -> int:
    while end < len(text) and unicodedata.category(text[end])[0] == "M":
        end += 1
    return end


def _after_number(text: str, end: int) -> int:
    number = _NUMBER_OF_NAME.match(text, end) if text[end - 1].isalpha() else None
    return number.end() if number else end
