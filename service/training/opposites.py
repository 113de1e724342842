"""A question turned into its opposite, or asked of somebody else the passage names.

SQuAD 2.0's unanswerable questions are made by people in such ways (Rajpurkar et al. 2018,
table 3: negation, antonym, entity swap); the right passage then looks as right as ever.
"""

from __future__ import annotations

import re

import numpy as np

PAIRS = tuple(
    tuple(pair.split("/"))
    for pair in (
        "increase/decrease increased/decreased increases/decreases rise/fall rose/fell gain/lose "
        "gained/lost win/lose won/lost wins/loses before/after early/late earlier/later "
        "earliest/latest first/last largest/smallest larger/smaller highest/lowest higher/lower "
        "high/low high/low most/least more/fewer more/less best/worst better/worse good/bad "
        "strong/weak stronger/weaker strongest/weakest old/new oldest/newest older/younger "
        "long/short longest/shortest longer/shorter fast/slow fastest/slowest faster/slower "
        "open/close opened/closed begin/end began/ended begins/ends start/stop started/stopped "
        "starts/stops born/killed arrive/leave arrived/left arrives/leaves enter/leave "
        "entered/left accept/reject accepted/rejected allow/forbid allowed/forbidden "
        "support/oppose supported/opposed supports/opposes attack/defend attacked/defended "
        "build/destroy built/destroyed create/destroy created/destroyed found/dissolve "
        "founded/dissolved buy/sell bought/sold import/export imported/exported send/receive "
        "sent/received give/take gave/took given/taken love/hate loved/hated like/dislike "
        "liked/disliked prevent/cause prevented/caused prevents/causes include/exclude "
        "included/excluded includes/excludes join/leave joined/left marry/divorce "
        "married/divorced major/minor majority/minority maximum/minimum male/female men/women "
        "husband/wife father/mother son/daughter brother/sister king/queen public/private "
        "legal/illegal possible/impossible common/rare successful/unsuccessful known/unknown "
        "popular/unpopular rich/poor north/south east/west northern/southern eastern/western "
        "inside/outside above/below ancient/modern positive/negative advantage/disadvantage "
        "advantages/disadvantages success/failure victory/defeat peace/war friend/enemy "
        "always/never often/rarely usually/rarely can/cannot is/isn't was/wasn't are/aren't "
        "were/weren't did/didn't does/doesn't do/don't has/hasn't had/hadn't"
    ).split()
)
_OPPOSITES: dict[str, list[str]] = {}
for _one, _other in PAIRS:
    _OPPOSITES.setdefault(_one, []).append(_other)
    if "'" not in _other and _other != "cannot":
        _OPPOSITES.setdefault(_other, []).append(_one)
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
# A name in running text: capitalised words, not the first of a sentence.
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_QUESTION_NAME = re.compile(r"(?<=\s)[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*")


def opposed(question: str, passage: str, rng: np.random.Generator) -> str | None:
    """The question with one word turned into its opposite, or negated; None without such a word.

    An opposite never stands in the passage.
    """
    folded = passage.casefold()
    changes = [
        (match.start(), match.end(), other)
        for match in _WORD.finditer(question)
        for other in _OPPOSITES.get(match.group().casefold(), ())
        if not re.search(rf"\b{re.escape(other)}\b", folded)
    ]
    # Every question could be negated; a word of meaning is preferred where there is one.
    telling = [change for change in changes if "'" not in change[2] and change[2] != "cannot"]
    chosen = telling or changes
    if not chosen:
        return None
    start, end, new = chosen[int(rng.integers(len(chosen)))]
    if question[start].isupper():
        new = new[0].upper() + new[1:]
    return question[:start] + new + question[end:]


def misplaced(
    question: str, passage: str, answers: tuple[str, ...], rng: np.random.Generator
) -> str | None:
    """The question with a name in it replaced by another of the passage's names, which is
    neither in the question nor part of an answer; None where there is none.
    """
    folded, asked = passage.casefold(), question.casefold()
    given = " ".join(answers).casefold()
    places = [m for m in _QUESTION_NAME.finditer(question) if m.group().casefold() in folded]
    names = {_plain(m.group()) for m in _NAME.finditer(passage)}
    others = sorted(
        name for name in names if name.casefold() not in asked and name.casefold() not in given
    )
    if not places or not others:
        return None
    place = places[int(rng.integers(len(places)))]
    new = others[int(rng.integers(len(others)))]
    return question[: place.start()] + new + question[place.end() :]


def _plain(name: str) -> str:
    return name.removesuffix("'s").removesuffix("’s")
