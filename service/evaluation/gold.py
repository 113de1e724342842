"""Whether a text holds one of the gold answers."""

from __future__ import annotations

import re
from collections.abc import Sequence


def holds_answer(text: str, answers: Sequence[str]) -> bool:
    """Whether one of the answers stands in the text as whole words.

    Case and the kind and length of white space do not matter, nothing else is forgiven:
    "1" is not in "1973". A blank answer is never held.

    >>> holds_answer("About 1,700\\n troops", ["1,700 Troops"]), holds_answer("In 1973", ["1"])
    (True, False)
    """
    haystack = _folded(text)
    return any(_whole_words(_folded(answer), haystack) for answer in answers)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _whole_words(needle: str, haystack: str) -> bool:
    """A word character at an edge of the needle must not go on outside it."""
    if not needle:
        return False
    before = r"(?<!\w)" if re.match(r"\w", needle) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", needle) else ""
    return re.search(before + re.escape(needle) + after, haystack) is not None
