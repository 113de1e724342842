"""Questions for a day or year, and for a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.drafting.statements import ADVERBS, Statement
from service.drafting.values import is_name, is_stop, number_at, time_at
from service.drafting.verbs import BE, PAST
from service.drafting.wording import Inner, Question, asked, is_doing, main_clause, question, texts
from service.drafting.words import Word

_WHEN = {"on": "When", "in": "When", "by": "By when", "since": "Since when", "until": "Until when"}
_IN_PLACES = frozenset(
    "meet hold open live work locate build station base begin start end arrive stay land found "
    "establish host stand die marry serve study bear born".split()
)
_TO_PLACES = frozenset("travel fly go move sail return ship send transfer come drive walk".split())
_PARTICLES = frozenset("on up out off".split())
_SAYING = frozenset("say tell add claim explain".split())


def when(said: Statement, inner: Inner) -> Iterator[Question]:
    """From "held talks on Monday": when somebody did; also where the day stood first."""
    figure = said.verb.folded in BE and number_at(said.rest, 0) > 0
    if said.main in _SAYING or figure:
        return
    if said.lead and said.lead[0].folded in _WHEN and time_at(said.lead, 1) == len(said.lead) > 1:
        told = asked(_WHEN[said.lead[0].folded], said, inner, said.rest, with_lead=False)
        yield question(told, said.lead[1:], "when")
    for at, word in enumerate(said.rest[: main_clause(said.rest)]):
        end = time_at(said.rest, at + 1)
        left = said.rest[:at]
        if is_doing(left) or {"until", "since", "after", "before"} & set(texts(left)):
            return
        if word.folded in _WHEN and end > at + 1 and (at or said.main):
            told = asked(_WHEN[word.folded], said, inner, (*left, *said.rest[end:]))
            yield question(told, said.rest[at + 1 : end], "when")
            return


def where(said: Statement, inner: Inner) -> Iterator[Question]:
    """From "met Macron in Kyiv": where, for verbs that happen in places or lead to them."""
    doing = said.main
    if not doing:
        participle = next((w.folded for w in said.rest if w.folded not in ADVERBS), "")
        doing = PAST.get(participle, participle)
    for at, word in enumerate(said.rest[: main_clause(said.rest)]):
        if at and said.rest[at - 1].folded in _PARTICLES:
            continue
        fits = {"in": _IN_PLACES, "to": _TO_PLACES}.get(word.folded, frozenset())
        end = at + 1
        while end < len(said.rest) and is_name(said.rest[end]) and not said.rest[end - 1].after:
            end += 1
        if doing in fits and _is_place(said.rest, at + 1, end):
            told = asked("Where", said, inner, (*said.rest[:at], *said.rest[end:]))
            yield question(told, said.rest[at + 1 : end], "where")
            return


def _is_place(rest: Sequence[Word], at: int, end: int) -> bool:
    """Whether the names from ``at`` to ``end`` are a place by themselves, and all of it."""
    if end == at or time_at(rest, at) > at or rest[at].text.isupper():
        return False
    if end == len(rest) or rest[end - 1].after:
        return True
    return is_stop(rest[end]) and rest[end].folded not in ("and", "or", "but")
