"""A plain sentence taken apart: who or what, the verb, and the rest; most sentences are not plain.

A sentence that the rules do not take apart with ease gives nothing: a draft that nobody can mend
is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.records import Span
from service.drafting.verbs import (
    AUXILIARIES,
    HAVE,
    PAST,
    PRESENT,
    is_participle,
)
from service.drafting.words import Word, words_of

LEAST_WORDS, MOST_WORDS, MOST_SUBJECT_WORDS = 6, 34, 10
# What points outside the sentence, or opens one that hangs on another.
_POINTING = frozenset(
    "he she it they we i you his her its their our my your him them us this that these those such "
    "there here another other others both either neither one ones who which what when where why "
    "how if while although though because since as unless but and or so yet however also then "
    "thus hence therefore moreover meanwhile furthermore instead otherwise besides nor for no not "
    "with without having be been being each every any all most many some few much more less "
    "extra".split()
)
_RELATIVE = frozenset("who whom whose which that where when while because if although".split())
ADVERBS = frozenset(
    "already also always currently even ever finally generally initially just later likewise "
    "mainly merely mostly nearly nevertheless never normally not now officially often once only "
    "originally previously probably rarely recently still subsequently then therefore thereby "
    "today typically usually soon again directly further".split()
)
# Left out of a question: they tie the sentence to its neighbours.
_TYING = frozenset(
    "also even just later likewise merely nevertheless then therefore thereby subsequently".split()
)
_STRANGE = re.compile(r"[\[\]{}()<>|*_#=\\^~`?!;:•§]|https?:|\.\.\.|…|\s[-–—]\s|--")
_CLAUSE = frozenset("that which who whom whose where when while because if as although but".split())
_BEFORE_A_NOUN = frozenset("of in on for and at by from with between under over near as".split())
# Words that may open a sentence's first phrase, which ends with a comma.
_LEADS = frozenset("on in at by since after before during until from".split())


@dataclass(frozen=True, slots=True)
class Statement:
    """``subject verb rest`` are the sentence's own words but for what ties it to others.

    ``lead`` is a phrase that stood before ("On Monday,"), ``verb`` is inflected, ``auxiliary``
    what a question begins with, and ``main`` what then follows the subject: of "raised" it
    is "did" and "raise"; of "has raised" it is "has" and "", for "raised" is in the rest.
    """

    sentence: Span
    lead: tuple[Word, ...]
    subject: tuple[Word, ...]
    verb: Word
    auxiliary: str
    main: str
    rest: tuple[Word, ...]


def statement(text: str, sentence: Span) -> Statement | None:
    """What the sentence says; None where it is not plain."""
    words = words_of(text, sentence)
    if not _is_plain(sentence.of(text), words):
        return None
    words[-1] = Word(words[-1].text, words[-1].span)  # without the full stop
    lead, words = _without_lead(words)
    if not words or _points(words[0]) or not (lead or _opens(words[0].text)):
        return None
    if words[0].folded in ADVERBS or words[0].folded.endswith("ally"):
        return None
    at = next((at for at, word in enumerate(words) if at and _is_verb(words, at)), None)
    if at is None or at + 1 == len(words):
        return None
    subject = _subject(words[:at])
    rest = _rest([word for word in words[at + 1 :] if word.folded not in _TYING])
    if subject is None or rest is None:
        return None
    auxiliary, main = _asking(words[at], rest)
    return Statement(sentence, lead, subject, words[at], auxiliary, main, rest)


def _is_plain(sentence: str, words: list[Word]) -> bool:
    quotes = sentence.count('"') + sentence.count("“") + sentence.count("”")
    return (
        all(any(sign.isalnum() or sign == "%" for sign in word.text) for word in words)
        and LEAST_WORDS <= len(words) <= MOST_WORDS
        and sentence.endswith(".")
        and not _STRANGE.search(sentence.replace("\n", " "))
        and quotes % 2 == 0
        and "\n\n" not in sentence
    )


def _opens(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit() or word[0] in "$€£"


def _points(word: Word) -> bool:
    return word.folded in _POINTING and word.text != "US"


def _without_lead(words: list[Word]) -> tuple[tuple[Word, ...], list[Word]]:
    """A first phrase of place or time, with what it leads to; "According to …," is dropped."""
    first = words[0].folded
    comma = next((at for at, word in enumerate(words[:8]) if "," in word.after), None)
    if first == "according" and comma is not None:
        return (), words[comma + 1 :]
    if first in _LEADS and comma is not None:
        return tuple(words[: comma + 1]), words[comma + 1 :]
    return (), [] if first in _LEADS else words


def _is_verb(words: list[Word], at: int) -> bool:
    """Whether the first verb stands here; "the town of Reading is" has none at "Reading"."""
    word = words[at]
    if word.text in AUXILIARIES:
        return True
    if word.text != word.folded or word.after:
        return False
    before = words[at - 1].folded
    if before in {"the", "a", "an", "of", "to", "in", "on", "for", "by", "with", "and", "or"}:
        return False
    if word.folded in PRESENT and not _is_number(words[0].text):
        return not _is_noun(words, at)
    return word.folded in PAST and not _is_reduced(words, at)


def _is_noun(words: list[Word], at: int) -> bool:
    """Whether a third person is a plural: "the report lists costs" has its verb there, "the
    council reports were late" and "French forces continued" have it further on.
    """
    for word in words[at + 1 :]:
        if word.folded in _CLAUSE:
            return False
        if word.text in AUXILIARIES or word.folded in PAST:
            return True
        if "," in word.after:
            return False
    return False


def _is_reduced(words: list[Word], at: int) -> bool:
    """Whether a past form says which one is meant: "soldiers based in Poland are ready"."""
    for word in words[at + 1 :]:
        if word.folded in _CLAUSE or "," in word.after:
            return False
        if word.text in AUXILIARIES:
            return True
    return False


def _is_number(word: str) -> bool:
    return word[:1].isdigit()


def _subject(words: list[Word]) -> tuple[Word, ...] | None:
    """The words before the verb without adverbs and an aside; None where they say too much."""
    words = [word for word in words if word.folded not in ADVERBS or word is words[0]]
    commas = [at for at, word in enumerate(words) if "," in word.after]
    if len(commas) == 2 and commas[1] == len(words) - 1:  # "Germany, for its part, has"
        words = [*words[: commas[0]], Word(words[commas[0]].text, words[commas[0]].span)]
    elif commas:
        return None
    folded = [word.folded for word in words]
    if not 0 < len(words) <= MOST_SUBJECT_WORDS or _RELATIVE & set(folded):
        return None
    ties = ("and", "for", "with")
    if "to" in folded or any(_points(word) and word.folded not in ties for word in words[1:]):
        return None
    determiners = [at for at, word in enumerate(folded) if at and word in ("a", "an", "the")]
    if any(folded[at - 1] not in _BEFORE_A_NOUN for at in determiners):
        return None  # two things side by side: "a decade later the tract"
    # A word in -ing or -ed may be a verb that the list lacks; a listed one was passed over.
    doing = [word for word in words if word.text == word.folded and _is_verbal(word.text)]
    return None if doing or any('"' in word.text for word in words) else tuple(words)


def _is_verbal(word: str) -> bool:
    nouns = ("building", "meeting", "heating", "ceiling", "wedding", "evening", "morning", "king")
    if word in PAST or word in PRESENT:
        return True
    return word.endswith(("ing", "ed")) and not word.endswith(nouns) and len(word) > 4


def _rest(words: list[Word]) -> tuple[Word, ...] | None:
    """What follows the verb, up to an aside; None where a list or a clause makes it hard to cut."""
    for at, word in enumerate(words[:-1]):
        following = words[at + 1]
        if "," not in word.after:
            continue
        listed = any(w.folded in ("and", "or") for w in words[at + 1 : at + 5])
        dated = following.text[:4].isdigit() and len(following.text) == 4
        if dated or (listed and following.folded not in ("and", "or", "but", "as", "with")):
            continue
        if at < 2:
            return None
        return (*words[:at], Word(word.text, word.span))
    return tuple(words) if words else None


def _asking(verb: Word, rest: tuple[Word, ...]) -> tuple[str, str]:
    """The auxiliary a question opens with, and the verb that is left behind the subject."""
    word = verb.folded
    if word in HAVE:
        following = next((w.folded for w in rest if w.folded not in ADVERBS), "")
        return (word, "") if is_participle(following) else (HAVE[word], "have")
    if word in AUXILIARIES:
        return word, ""
    return ("did", PAST[word]) if word in PAST else ("does", PRESENT[word])
