"""How much of one extractor's text another one has, and whether in the same order."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

# Chinese and Japanese set no spaces, and lines end anywhere: there each character is a word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")
_HYPHEN = re.compile(r"(?<=\w)[-‐‑](?=\w)")
_SOFT = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def words_of(text: str) -> list[str]:
    """The words in their order, in one case and in compatible letters (``ﬁ`` is ``fi``).

    Hyphens join, for programs disagree on those at line ends.

    >>> words_of("Ofﬁce-hours: 9–12")
    ['officehours', '9', '12']
    """
    joined = _HYPHEN.sub("", _SOFT.sub("", unicodedata.normalize("NFKC", text)))
    return _WORD.findall(joined.casefold())


def share_kept(theirs: Sequence[str], ours: Sequence[str]) -> float:
    """The share of their words that ours holds, each as often as it is there; 1 for none.

    >>> share_kept(["a", "a", "b", "c"], ["c", "a", "d"])
    0.5
    """
    if not theirs:
        return 1.0
    return sum((Counter(theirs) & Counter(ours)).values()) / len(theirs)


def order_kept(theirs: Sequence[str], ours: Sequence[str]) -> float:
    """Of their words that ours holds, the share in their order: the longest common
    subsequence over the common words; 1 for none.

    >>> order_kept(["a", "b", "c", "x"], ["b", "c", "a"])
    0.6666666666666666
    """
    common = sum((Counter(theirs) & Counter(ours)).values())
    return longest_common(theirs, ours) / common if common else 1.0


def longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence, by bits (Hyyrö 2004): a bit of ``row`` is 0
    where the length grows.

    >>> longest_common("abcbdab", "bdcaba")
    4
    """
    places: dict[str, int] = {}
    for place, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << place
    full = (1 << len(one)) - 1
    row = full
    for word in other:
        taken = row & places.get(word, 0)
        row = ((row + taken) | (row - taken)) & full
    return len(one) - row.bit_count()


def missing(theirs: Sequence[str], ours: Sequence[str], most: int = 10) -> list[str]:
    """Some of the words that ours lacks, the most frequent first."""
    return [word for word, _ in (Counter(theirs) - Counter(ours)).most_common(most)]
