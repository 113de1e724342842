"""Questions that look as if the documents answered them: a name exchanged, or a day never told."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from service.drafting.corpus import Corpus
from service.drafting.statements import Statement
from service.drafting.wording import Inner, asked, hangs
from service.reading.nations import COUNTRY_NAMES

_DAYS = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
_MONTHS = tuple(
    "January February March April June July August September October November December".split()
)
# Asked about where the documents name no other country that would do.
_COUNTRIES = tuple("Norway Portugal Canada Japan Brazil Egypt Kenya Sweden India Mexico".split())
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_NAME = re.compile(r"(?<=\s)[A-Z][\w’-]+")
_CONTENT = re.compile(r"[^\W\d_]{4,}")
_TIME = re.compile(
    r"\d|day\b|week|month|year|decade|century|hour|ago\b|night|morning|evening|today|yesterday|"
    r"tomorrow|spring|summer|autumn|winter|january|february|march|april|june|july|august|"
    r"september|october|november|december",
    re.IGNORECASE,
)
# Letters two words of one stem share.
STEM = 5
# A paragraph that holds so much of the rest of a question may answer it.
MUCH = 0.5


def exchanged(
    question: str, own: str, corpus: Corpus, rng: random.Random
) -> tuple[str, str] | None:
    """The question with one name, day, month or year put for another, and what was done.

    None where none can be exchanged so that no paragraph speaks of the new one and of half of
    the rest. ``own`` is the paragraph that answers the question.
    """
    found = [*_NAME.finditer(question), *_YEAR.finditer(question)]
    rng.shuffle(found)
    for match in found:
        start, end = match.span()
        before, after = question[:start], question[end:]
        if _is_part(before, after) or match.group().isupper():
            continue
        rest = _stems(before + after)
        for other in _others(match.group(), corpus, rng):
            if _says(own, other) or _says(question, other):
                continue
            if not any(_share(rest, paragraph) >= MUCH for paragraph in corpus.telling(other)):
                why = f"“{match.group()}” became “{other}”: no paragraph tells both"
                return f"{before}{other}{after}", why
    return None


def _is_part(before: str, after: str) -> bool:
    """Whether a longer name holds it: Bank of America, France's President, New York."""
    goes_on = re.match(r"['’-]|,? [A-Z]", after)
    return bool(goes_on or re.search(r"[A-Z][\w’-]*(?: of)? $|-$", before))


def undated(said: Statement, own: str, inner: Inner) -> Iterator[tuple[str, str]]:
    """When something was done, of which the paragraph tells no time at all."""
    if said.auxiliary != "did" or said.main == "have" or said.lead:
        return
    if hangs(said) or _TIME.search(own):
        return
    yield asked("When", said, inner, said.rest), "the paragraph tells no time"


def _others(name: str, corpus: Corpus, rng: random.Random) -> list[str]:
    """What may stand in its place: of the same kind, first what the documents speak of."""
    groups: list[list[str]] = []
    if _YEAR.fullmatch(name):
        groups = [[str(int(name) + shift) for shift in (-7, -4, 3, 6)]]
    elif name in _DAYS or name in _MONTHS:
        groups = [[other for other in (_DAYS if name in _DAYS else _MONTHS) if other != name]]
    elif name.casefold() in COUNTRY_NAMES:
        # Those that need an article ("the UK") are written in capitals only.
        known = [
            each for each in corpus.names if each.casefold() in COUNTRY_NAMES and each[1:].islower()
        ]
        groups = [[each for each in group if each != name] for group in (known, _COUNTRIES)]
    for group in groups:
        rng.shuffle(group)
    return [other for group in groups for other in group]


def _says(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _stems(text: str) -> set[str]:
    return {word.casefold()[:STEM] for word in _CONTENT.findall(text)}


def _share(stems: set[str], paragraph: str) -> float:
    return len(stems & _stems(paragraph)) / len(stems) if stems else 1.0
