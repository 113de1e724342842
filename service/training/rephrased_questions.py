"""A question in other words, as people ask who have not seen the passage.

Most sets' questions were written with the passage in view and keep its words, so a reader learns
to look for the same words. What is right for a question stays right for it in other words.
"""

from __future__ import annotations

import re

import numpy as np

from service.reading.nations import COUNTRY_ADJECTIVES
from service.training.other_words import OTHER_WORDS

# How often each word that has others is exchanged, the opening turned, and a phrase put before.
EXCHANGED, TURNED, INTRODUCED = 0.5, 0.5, 0.1

# What a question opens with → what it may open with instead.
_OPENINGS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"{opening}(?=\W)", re.IGNORECASE), tuple(others.split("/")))
    for opening, others in (
        (r"(?:in|during) (?:what|which) year|what year(?= (?:did|was|were|is))", "when"),
        (r"on (?:what|which) (?:date|day)", "when"),
        (r"at what time", "when"),
        (r"in (?:what|which) (?:place|location)", "where"),
        (r"for what reason|for what purpose", "why"),
        (r"which(?= (?!of\b)\w+)", "what"),
        (
            r"what(?= (?:kind|type|sort|city|country|state|company|team|person|group|year|part))",
            "which",
        ),
        (r"how many", "what number of/how large a number of/the number of"),
        (r"how long", "how much time/for what time"),
        (r"how old", "what age"),
        (r"how (?:big|large)", "what size/of what size"),
        (r"how far", "what distance/how many miles"),
        (r"how often", "how frequently/how many times"),
        (r"why", "for what reason/how come/what is the reason that"),
        (r"where", "in what place/at which place"),
        (r"who(?= (?:is|was|were|are|did|\w+ed)\b)", "which person/what person"),
        (r"what (?:is|was) the name of the", "which/name the"),
        (r"what do you call|what is the term for", "what is the word for"),
    )
)
_INTRODUCTIONS = (
    "Can you tell me",
    "Do you know",
    "I would like to know",
    "Please tell me",
    "According to this text,",
    "Question:",
)
_WORD = re.compile(r"[A-Za-z]+(?: [a-z]+)?")
_OWNED = re.compile(r"\b([A-Z]\w+(?: [A-Z]\w+)?)['’]s (?=[a-z])")
_OF_A_NATION = re.compile(r"\b(?:[Tt]he )?([A-Z][a-z]+) (?=[a-z])")
_COUNTRIES = {adjective: country for country, adjective in COUNTRY_ADJECTIVES.items()}


def rephrased(question: str, rng: np.random.Generator) -> str:
    """The question with some of its words, its opening and its nations called otherwise.

    It may come back as it was: not every question has a word that others stand for.
    """
    told = _with_nations_renamed(question, rng)
    told = _with_other_words(told, rng)
    if rng.random() < TURNED:
        told = turned(told, rng)
    if rng.random() < INTRODUCED:
        told = f"{_INTRODUCTIONS[int(rng.integers(len(_INTRODUCTIONS)))]} {told}"
    return told


def turned(question: str, rng: np.random.Generator) -> str:
    """The question with another opening of the same meaning, where its own is known."""
    for opening, others in _OPENINGS:
        match = opening.match(question)
        if match:
            other = others[int(rng.integers(len(others)))]
            return _cased(other, match.group()) + question[match.end() :]
    return question


def _with_other_words(question: str, rng: np.random.Generator) -> str:
    """Two words together are looked for before one."""
    said, at = [], 0
    while match := _WORD.search(question, at):
        words = match.group()
        if words.lower() not in OTHER_WORDS:
            words = words.split(" ")[0]
        said.append(question[at : match.start()])
        at = match.start() + len(words)
        others = OTHER_WORDS.get(words.lower(), ())
        # A capital inside a question makes a name of it.
        name = words[0].isupper() and match.start() > 0
        if others and not name and rng.random() < EXCHANGED:
            words = _cased(others[int(rng.integers(len(others)))], words)
        said.append(words)
    return "".join(said) + question[at:]


def _with_nations_renamed(question: str, rng: np.random.Generator) -> str:
    """France's president ↔ the French president."""

    def adjective(match: re.Match[str]) -> str:
        told = COUNTRY_ADJECTIVES.get(match.group(1))
        if told is None or rng.random() >= EXCHANGED:
            return match.group()
        return f"{'The' if match.start() == 0 else 'the'} {told} "

    def country(match: re.Match[str]) -> str:
        told = _COUNTRIES.get(match.group(1))
        return match.group() if told is None or rng.random() >= EXCHANGED else f"{told}'s "

    # One of the two, lest the second undo the first.
    if _OWNED.search(question):
        return _OWNED.sub(adjective, question)
    return _OF_A_NATION.sub(country, question)


def _cased(words: str, like: str) -> str:
    return words[:1].upper() + words[1:] if like[:1].isupper() else words
