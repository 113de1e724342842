"""Is an answer the kind of thing that is asked for: a quantity, a time, a name, a place?

A soft feature: 1 where it is, -1 where it plainly is not, 0 where nothing can be said.
"""

from __future__ import annotations

import re
from functools import lru_cache

from service.reading.mentions import without_diacritics
from service.reading.nations import COUNTRY_NAMES
from service.reading.units import UNITS, has_another_unit

_AUXILIARIES = (
    "is are was were do does did has have had will would can could should may might must s"
)
# What goes before "year" or "population" without changing what is asked for.
_ADJECTIVES = (
    r"(?:(?:exact|specific|calendar|total|average|estimated|approximate|current|maximum|minimum|"
    r"median|annual|same|first|last|final|original|human|net|full|ticket|retail)\s+){0,2}"
)
# "What age group", "what time zone" and "the number one song" ask for something else.
_NOT_A_COMPOUND = (
    r"(?!\s+(?:groups?|zones?|frames?|signatures?|travel|machine|magazine|capsule|one|1|theory|"
    r"system|line|card|war|cap|tag)\b)"
)
_AMOUNTS = (
    r"(?:number|amount|population|distance|age|cost|price|salary|length|height|weight|depth|width|"
    r"speed|temperature|rate|ratio|quantity|sum)"
)
_SHARES = r"(?:percentage|per\s?cent|share|proportion|fraction)"
_SPANS_OF_TIME = r"(?:year|date|day|month|decade|century|time)s?"
_ASKED = r"\b(?:what|which)(?:(?:\s+(?:is|was|are|were)|'?s)\s+the)?\s+" + _ADJECTIVES
_KINDS = (
    ("mail", r"\b(?:what|which)\b[^?]*\be-?mail(?:\s+address\b|\s*(?:\?|\Z))"),
    ("weight", r"\bhow\s+heavy\b|" + _ASKED + r"weight\b" + _NOT_A_COMPOUND),
    ("weight", r"\b(?:what|how\s+much)\s+(?:do|does|did|will|would)\b[^?]*\bweigh\b"),
    ("price", _ASKED + r"(?:cost|price|salary)\b" + _NOT_A_COMPOUND),
    ("price", r"\b(?:what|how\s+much)\s+(?:do|does|did|will|would)\b[^?]*\bcost\b"),
    ("count", r"\bhow\s+many\b(?!\s+of\b)"),
    (
        "quantity",
        r"\bhow\s+(?:many|much|long|far|old|tall|big|high|often|deep|wide|large|heavy|fast|thick|"
        r"hot|cold|frequently)\b",
    ),
    ("share", _ASKED + _SHARES + r"\b" + _NOT_A_COMPOUND),
    ("quantity", _ASKED + _AMOUNTS + r"\b" + _NOT_A_COMPOUND),
    ("year", _ASKED + r"years?\b" + _NOT_A_COMPOUND),
    ("time", _ASKED + _SPANS_OF_TIME + r"\b" + _NOT_A_COMPOUND),
    ("time", r"\bwhen\b"),
    ("name", r"\b(?:who|whom|whose)\b"),
    ("place", r"\bwhere\b"),
    ("reason", r"\bwhy\b|\bunder\s+(?:what|which)\s+(?:circumstances|conditions)\b"),
    ("other", r"\b(?:what|which|how)\b"),
)
_QUESTION = re.compile("|".join(f"(?P<{kind}_{at}>{x})" for at, (kind, x) in enumerate(_KINDS)))
_AUXILIARY_NEXT = re.compile(rf"\W*(?:{'|'.join(_AUXILIARIES.split())})\b")

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_CLOCK_UNIT = r"(?:[ap]\.?m\b\.?|o'clock\b)"
_ERA = r"(?:bce?|b\.c\.(?:e\.)?|ad|a\.d\.|ce)(?!\w)"
# Longest first: each takes what it matches, so that the numbers left are no times.
_TIMES = re.compile(
    r"\b\d{4}-\d\d?-\d\d?\b|\b\d\d?[/.]\d\d?[/.](?:\d{4}|\d\d)\b"
    rf"|\b(?:\d\d?(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?:{_MONTHS})\b\.?"
    r"(?:\s+\d\d?(?:st|nd|rd|th)?\b(?![,.]?\d))?(?:,?\s+\d{4}\b)?"
    rf"|\b\d\d?[:.]\d\d\s*{_CLOCK_UNIT}|\b\d\d?\s*{_CLOCK_UNIT}|\b\d\d?:\d\d\b"
    rf"|\b\d{{1,4}}\s*{_ERA}|\b\d+(?:,\d{{3}})*\s+(?:yr |years )?bp\b|\bad\s+\d{{1,4}}\b"
    r"|\b[\w-]+\s+centur(?:y|ies)\b|\bcentur(?:y|ies)\b"
    r"|(?<![\d,.$€£¥])\b(?:1\d{3}|20\d{2})s?\b(?!(?:[,.]\d|\s*%))|'\d0s\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    r"|\b(?:noon|midnight|midday|dawn|dusk|sunrise|sunset|spring|summer|autumn|winter)\b"
    r"|\b(?:christmas|easter|thanksgiving|halloween|ramadan|new year's (?:eve|day))\b"
)
# A day, an hour or an early year, that nothing else says more of.
_BARE_NUMBER = re.compile(r"[\s.,]*(?:[1-9]|[12]\d|3[01]|\d{3})[\s.,]*")
# May and March are verbs too, unless something says a date.
_VERBS = re.compile(r"\b(?:may|march|mar|dec|sun|spring)\b")
_DATED = re.compile(r"\d|\b(?:in|early|late|mid|last|next|this|since|of|until|by)\b")
_VAGUE_TIME = re.compile(
    r"\b(?:\d+(?:st|nd|rd|th)|\w+teenth|yesterday|today|tomorrow|tonight|now|since|after|following|before|during|until|till|ago|later|"
    r"soon|once|while|when|whenever|if|as|last|next|late|early|every|always|never|daily|weekly|"
    r"monthly|yearly|annually|seconds?|minutes?|hours?|days?|nights?|mornings?|afternoons?|"
    r"evenings?|weeks?|weekends?|months?|seasons?|years?|decades?|ages?|eras?|periods?|reign|"
    r"dynasty|war|birth|death|half|quarter|past|immediately|first|end|beginning|start)\b"
)
_NUMBER = re.compile(
    r"(?<![\w.,-])(?:us|a|c|nz|hk|r)?[$€£¥₹]?\d+(?:[.,]\d+)*"
    r"(?!\d*(?:st|nd|rd|th)\b)(?:[-–—/]\d+(?:[.,]\d+)*)?"
)
_NUMBER_WORD = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|scores of|half|"
    r"quarters?|(?:a|one|two)[ -]thirds?|once|twice|thrice|double|triple|per\s?cent|percent|"
    r"couple|pair|hourly|daily|nightly|weekly|fortnightly|monthly|quarterly|yearly|annually|"
    r"every (?:other )?(?:second|minute|hour|day|night|week|month|year|time))\b"
)
_FRACTION = re.compile(r"\b(?:half|quarters?|(?:a|one|two)[ -]thirds?|per\s?cent|percent)\b")
_VAGUE_QUANTITY = re.compile(
    r"\b(?:several|few|fewer|many|most|none|no|all|some|lots?|deal|plenty|numerous|countless|more|"
    r"less|little|enough|much|majority|minority|any|every|each|both|free|nothing|zero|third|"
    r"seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centuries|generations?|miles?|"
    r"metres?|meters?|feet|foot|inch(?:es)?|kilomet(?:re|er)s?|tons?|tonnes?|dollars?|pounds?|"
    r"euros?|forever|always|never|rarely|seldom|often|usually|sometimes|frequently|regularly|"
    r"constantly|high|low|quickly|rapidly|slowly|large|entire|whole|numbers?|\w+fold|into|until|till|since|permanently|indefinitely|lifetime|life|size|as|than)\b"
)
# What may stand about a bare number or date without making a name of it.
_FILLERS = frozenset(
    "about around over under nearly almost some approximately roughly more less than up to at "
    "least most only just in on by from since until between and or the of early late mid a an "
    "per cent percent million billion thousand hundred dollars pounds euros years year old "
    "kilometres kilometers km miles metres meters m cm ft feet kg tons".split()
)
_CAPITALISED = re.compile(r"\b[^\W\d_]\w*")
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
# A longer answer that names no time may be a clause that tells one.
CLAUSE_WORDS = 5
# Questions whose kind is remembered: it is asked for with every candidate.
QUESTIONS_KEPT = 256


def type_match(question: str, answer: str) -> float:
    """1.0, -1.0 or 0.0; neither text needs capitals. Never raises.

    >>> type_match("How many US troops went to Poland?", "About 1,700")
    1.0
    >>> type_match("who wrote hamlet", "in 1603")
    -1.0
    """
    kind = _kind(without_diacritics(question).casefold())
    said = without_diacritics(answer)
    folded = said.casefold()
    if kind == "other" or (not _WORD.search(said) and not re.search(r"\d", said)):
        return 0.0
    times, rest = _without_times(folded)
    if kind == "reason":
        return -1.0 if _is_bare(rest, times) else 0.0
    if kind == "share":
        return _share(rest)
    if kind == "mail":
        short = len(said.split()) <= CLAUSE_WORDS
        return 1.0 if "@" in said else -1.0 if short else 0.0
    if kind in UNITS and has_another_unit(kind, folded):
        return -1.0
    if kind in UNITS and not _DIGIT.search(folded) and not UNITS[kind].search(folded):
        return min(0.0, _quantity(kind, folded, times, rest))  # "ten" may be ten of anything
    if kind in ("count", "quantity", *UNITS):
        return _quantity(kind, folded, times, rest)
    if kind in ("time", "year"):
        return _time(kind, folded, times, rest)
    return _name(kind, said, times, rest)


@lru_cache(maxsize=QUESTIONS_KEPT)
def _kind(question: str) -> str:
    """What the first question word asks for; "when the war ended, how many …" asks how many."""
    found = list(_QUESTION.finditer(question))
    for at, match in enumerate(found):
        kind = str(match.lastgroup).partition("_")[0]
        clause = match.group() in ("when", "where")
        if clause and not _AUXILIARY_NEXT.match(question, match.end()) and at + 1 < len(found):
            continue
        return kind
    return "other"


def _without_times(answer: str) -> tuple[list[str], str]:
    """The times that an answer gives, and what is left of it."""
    dated = bool(_DATED.search(answer))
    times = [match.group() for match in _TIMES.finditer(answer)]
    if not dated:
        alone = len(_WORD.findall(answer)) == 1
        times = [time for time in times if alone or not _VERBS.fullmatch(time)]
    rest = answer
    for time in times:
        rest = rest.replace(time, " ", 1)
    return times, rest


def _quantity(kind: str, folded: str, times: list[str], rest: str) -> float:
    # "About half" is a share of what "how many" asks to be counted: not wrong, not the count.
    counted = _FRACTION.sub(" ", rest) if kind == "count" else rest
    if _NUMBER.search(counted) or _NUMBER_WORD.search(counted):
        return 1.0
    if counted != rest:
        return 0.0
    if re.fullmatch(r"\W*\d{4}\W*", folded):  # a year or a count
        return 0.0
    return 0.0 if _VAGUE_QUANTITY.search(rest) or len(times) > 1 else -1.0


def _share(rest: str) -> float:
    """A hundred is the most that a share is of anything, in percent."""
    if _FRACTION.search(rest) or "%" in rest:
        return 1.0
    if numbers := re.findall(r"\d[\d,]*(?:\.\d+)?", rest):
        return 1.0 if min(float(number.replace(",", "")) for number in numbers) <= 100 else -1.0
    return _quantity("quantity", rest, [], rest)


def _is_bare(rest: str, times: list[str]) -> bool:
    """Whether an answer is a number or a time and nothing else, which is no reason."""
    number = _NUMBER.search(rest) or _NUMBER_WORD.search(rest)
    left = set(_WORD.findall(_NUMBER_WORD.sub(" ", rest))) - _FILLERS
    return bool(number or times) and not left


def _time(kind: str, folded: str, times: list[str], rest: str) -> float:
    if kind == "year" and re.fullmatch(r"\D*\d{3,4}\D*", folded):
        return 1.0
    if times:
        return 1.0
    if _VAGUE_TIME.search(rest) or _BARE_NUMBER.fullmatch(rest):
        return 0.0
    return -1.0 if len(rest.split()) <= CLAUSE_WORDS or _NUMBER.search(rest) else 0.0


def _name(kind: str, said: str, times: list[str], rest: str) -> float:
    left = set(_WORD.findall(_NUMBER_WORD.sub(" ", rest))) - _FILLERS
    if _is_bare(rest, times):
        return -1.0
    if kind == "place" and left & COUNTRY_NAMES:
        return 1.0
    capitals = {
        word.casefold()
        for word in _CAPITALISED.findall(said)
        if word[0].isupper() and word.casefold() not in _FILLERS
    }
    return 1.0 if capitals & set(re.findall(r"\w+", rest)) - _OPENERS else 0.0


# Words that begin an answer in capitals and name nothing.
_OPENERS = frozenset("it he she they we i his her their its this that these those no not".split())
