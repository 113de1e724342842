"""Figures, times and names in a row of words: what a draft asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.drafting.verbs import HUMAN, PAST, PRESENT
from service.drafting.words import Word
from service.reading.nations import COUNTRY_NAMES, nations_in

_NUMBER = re.compile(r"[$€£]?(?:0\.\d+|[1-9][\d,]*(?:\.\d+)?)%?")
_YEAR = re.compile(r"1[0-9]\d\d|20\d\d")
_NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety".split()
)
MODIFIERS = frozenset(
    "about around over under nearly almost some approximately roughly only".split()
)
_SCALES = frozenset("hundred thousand million billion trillion dozen".split())
CURRENCIES = frozenset("euros pounds dollars euro pound dollar francs yen crowns rupees".split())
_PEOPLE = frozenset("people men women children police staff personnel".split())
_MONTHS = frozenset(
    "January February March April May June July August September October November December".split()
)
_DAYS = frozenset("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
_PARTS_OF_DAY = frozenset("morning afternoon evening night".split())
_DAY_OF_MONTH = re.compile(r"(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?")
_STOPS = frozenset(
    "of in on at to for from by with and or but as than that which who is are was were has have "
    "had will would can could may might must should the a an per into out over under between "
    "after before during until since about each every per when while where if because so not "
    "ago later earlier long wide high tall deep old away more less".split()
)
_TITLES = frozenset(
    "minister president chancellor secretary spokesman spokeswoman spokesperson mayor professor "
    "judge senator governor king queen prince princess director chairman chairwoman captain "
    "general pope bishop dr mr mrs ms sir dame lord lady prof inspector ambassador".split()
)
_NO_PERSON = frozenset(
    "ministry council university company bank group institute association division party "
    "house court union street road river office agency department committee commission school "
    "college hospital museum press inc ltd limited corporation airlines club government "
    "parliament congress senate army navy force board society church trust service railway "
    "news times post media television radio network systems laboratory centre center "
    "foundation authority federation organisation organization states kingdom empire republic "
    "sea ocean lake mount island city town county".split()
)
_PARTICLES = frozenset("de van von der den la le al bin ibn du da di".split())


def number_at(words: Sequence[Word], at: int) -> int:
    """Where a figure that begins at ``at`` ends; ``at`` itself where there is none, or a year.

    "1,700" is one word, "40 million" two.
    """
    word = words[at]
    plain = _NUMBER.fullmatch(word.text) and not _YEAR.fullmatch(word.text)
    if not (plain or word.folded in _NUMBER_WORDS):
        return at
    end = at + 1
    while end < len(words) and words[end].folded in _SCALES and not words[end - 1].after:
        end += 1
    return end


def counted_at(words: Sequence[Word], at: int) -> int:
    """Where the things counted end that begin at ``at``: at most four words, the last a plural."""
    end = at
    while end < len(words) and end - at < 4 and words[end].folded not in _STOPS:
        if words[end].folded in PAST or words[end].folded.endswith("ly"):
            break
        end += 1
        if words[end - 1].after:
            break
    last = words[end - 1].folded if end > at else ""
    return end if last in _PEOPLE or (last.endswith("s") and not last.endswith("ss")) else at


def is_percent(words: Sequence[Word], at: int) -> int:
    """Where "%", "percent" or "per cent" at ``at`` ends; ``at`` where there is none."""
    rest = [word.folded for word in words[at : at + 2]]
    if rest[:1] in (["%"], ["percent"]):
        return at + 1
    return at + 2 if rest == ["per", "cent"] else at


def time_at(words: Sequence[Word], at: int) -> int:
    """Where a day, date, month or year that begins at ``at`` ends; ``at`` where there is none."""
    texts = [word.text for word in words[at : at + 3]]
    first, second, third = (texts + [""] * 3)[:3]
    if first in _DAYS:
        return at + 1 + (second in _PARTS_OF_DAY)
    if _DAY_OF_MONTH.fullmatch(first) and second in _MONTHS:
        return at + 2 + bool(_YEAR.fullmatch(third))
    if first in _MONTHS:
        if _DAY_OF_MONTH.fullmatch(second):
            return at + 2 + bool(_YEAR.fullmatch(third))
        return at + 1 + bool(_YEAR.fullmatch(second))
    return at + 1 if _YEAR.fullmatch(first) else at


def is_stop(word: Word) -> bool:
    """Whether a name or a counted thing ends before the word."""
    return word.folded in _STOPS


def is_name(word: Word) -> bool:
    return word.text[0].isupper() or word.text.startswith(('"', "“"))


def nations(words: Sequence[Word]) -> int:
    """How many countries the words name, if they name nothing else; 0 otherwise."""
    texts = [word.text for word in words if word.folded not in ("and", "the")]
    found = nations_in(texts, True)
    names = ("_".join(texts[first:end]).casefold() for first, end, _ in found)
    if not all(name in COUNTRY_NAMES for name in names):
        return 0  # a people is no country
    whole = sum(end - first for first, end, _ in found) == len(texts)
    return len(found) if whole and all(text[0].isupper() for text in texts) else 0


def is_person(words: Sequence[Word], verb: str) -> bool:
    """Whether somebody is named: by a title, or doing what only people do."""
    folded = [word.folded for word in words]
    if _NO_PERSON & set(folded) or nations(words) or folded[0] in ("a", "an", "the"):
        return False
    if not is_name(words[-1]) or words[-1].text.isupper() or folded[-1] in _TITLES:
        return False
    if any("'" in word.text or "’" in word.text for word in words[1:]):
        return False
    named = all(is_name(word) or word.folded in _PARTICLES | _TITLES for word in words)
    does = PAST.get(verb, PRESENT.get(verb, verb)) in HUMAN
    if _TITLES & set(folded):
        return named
    return named and does and len(words) <= 4
