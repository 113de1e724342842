"""A question as people type one: key words alone, no question mark, a slip of the finger.

What it asks stays the same, so what is right for it does too. Sets are written by people who take
care; those who ask a service do not.
"""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_lowercase

import numpy as np

from index.analyser import QUESTION_WORDS

# Said when asking and left out when searching, beside those that retrieval leaves out too; but
# without these three, who did it to whom would be lost.
_LEFT_OUT = (
    QUESTION_WORDS | set("there their his her its been being can could would should".split())
) - {"by", "from", "to"}
# They tell what kind of thing is asked for, and who types key words keeps them more often than not.
_KIND_WORDS = frozenset("who whom whose when where why how".split())
KIND_WORD_KEPT = 0.7
# A shorter word is seldom typed wrongly, and turns into another one.
SLIP_LETTERS = 4
SECOND_SLIP = 0.3


def typed(question: str, rng: np.random.Generator) -> str:
    """The question in one of three ways, each as likely: see ``keywords`` and ``mistyped``; the
    third only lacks its question mark.
    """
    way = int(rng.integers(3))
    if way == 0:
        return keywords(question, rng)
    if way == 1:
        return mistyped(question, rng)
    return _unmarked(question)


def keywords(question: str, rng: np.random.Generator) -> str:
    """Without words that only ask or join; the question itself where fewer than two are left.

    "How many" stays whole, since "many" alone asks nothing.
    """
    words = _unmarked(question).split()
    kept = [
        word
        for word, following in zip(words, [*words[1:], ""], strict=True)
        if _stays(word.lower().strip(",;:"), following.lower(), rng)
    ]
    return " ".join(kept) if len(kept) > 1 else question


def mistyped(question: str, rng: np.random.Generator) -> str:
    """One slip in one word or, less often, in two: a letter left out, doubled, exchanged with the
    next or replaced. The question itself where no word is long enough.
    """
    words = question.split(" ")
    long = [at for at, word in enumerate(words) if _can_slip(word)]
    slips = 1 + int(rng.random() < SECOND_SLIP)
    for at in rng.permutation(np.asarray(long, dtype=np.int64))[:slips]:
        words[at] = _slipped(words[at], rng)
    return " ".join(words)


def _stays(word: str, following: str, rng: np.random.Generator) -> bool:
    if word == "how" and following in ("many", "much", "long", "far", "old", "often"):
        return True
    if word in _KIND_WORDS:
        return bool(rng.random() < KIND_WORD_KEPT)
    return word not in _LEFT_OUT


def _unmarked(question: str) -> str:
    return question.rstrip("?. ")


def _can_slip(word: str) -> bool:
    return len(word) >= SLIP_LETTERS and word.isalpha() and word.lower() not in _LEFT_OUT


def _slipped(word: str, rng: np.random.Generator) -> str:
    # The first letter is rarely wrong.
    at = int(rng.integers(1, len(word)))
    slip = _SLIPS[int(rng.integers(len(_SLIPS)))]
    return slip(word, at, ascii_lowercase[int(rng.integers(len(ascii_lowercase)))])


def _left_out(word: str, at: int, _letter: str) -> str:
    return word[:at] + word[at + 1 :]


def _doubled(word: str, at: int, _letter: str) -> str:
    return word[: at + 1] + word[at:]


def _exchanged(word: str, at: int, _letter: str) -> str:
    before = max(1, at - 1)
    return word[:before] + word[before : before + 2][::-1] + word[before + 2 :]


def _replaced(word: str, at: int, letter: str) -> str:
    return word[:at] + letter + word[at + 1 :]


_SLIPS: tuple[Callable[[str, int, str], str], ...] = (_left_out, _doubled, _exchanged, _replaced)
