"""Questions for a figure: how many, how much, what percentage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.drafting.statements import Statement
from service.drafting.values import CURRENCIES, MODIFIERS, counted_at, is_percent, number_at
from service.drafting.verbs import AUXILIARIES, is_participle
from service.drafting.wording import (
    Inner,
    Question,
    asked,
    is_doing,
    main_clause,
    of_subject,
    question,
)
from service.drafting.words import Word, joined

_COUNTED_AFTER = frozenset("in for to from by with at after within across".split())


def how_many_subject(said: Statement, _inner: Inner) -> Iterator[Question]:
    """From "about 1,700 soldiers are bound for Poland": how many soldiers are."""
    first = int(said.subject[0].folded in MODIFIERS)
    words = said.subject[first:]
    end = number_at(words, 0) if words else 0
    if not end or end == len(words) or said.verb.folded in ("is", "was", "has"):
        return
    percent = is_percent(words, end)
    opening = "How many"
    if percent > end or words[0].text.endswith("%"):
        opening = "What percentage"
    elif words[end].folded in CURRENCIES or words[0].text[0] in "$€£":
        return
    told = of_subject(f"{opening} {joined(words[percent:])}", said)
    yield question(
        told, words[:percent], "how many", joined(said.subject[:first] + words[:percent])
    )


def how_many(said: Statement, inner: Inner) -> Iterator[Question]:
    """A counted thing, or a percentage, right behind the verb or behind a preposition."""
    rest = said.rest
    for at, end, before in _figures(rest):
        preposition = rest[before - 1].folded if before else ""
        if before and preposition not in _COUNTED_AFTER:
            continue
        if not before and said.auxiliary in AUXILIARIES and not said.main:
            continue
        percent, things = is_percent(rest, end), counted_at(rest, end)
        left = rest[: max(before - 1, 0)]
        if percent > end or rest[at].text.endswith("%"):
            if preposition == "by":
                told = asked("By what percentage", said, inner, (*left, *rest[percent:]))
                yield question(told, rest[at:percent], "percentage")
        elif _goes_on(rest, things):
            continue
        elif things > end and rest[things - 1].folded not in CURRENCIES:
            opening = f"{preposition} how many {joined(rest[end:things])}".strip()
            told = asked(opening, said, inner, (*left, *rest[things:]))
            more = joined(rest[at:things])
            yield question(told, rest[at:end], "how many", joined(rest[before:end]), more)


def how_much(said: Statement, inner: Inner) -> Iterator[Question]:
    """An amount of money right behind the verb."""
    for at, end, before in _figures(said.rest):
        has_unit = end < len(said.rest) and said.rest[end].folded in CURRENCIES
        if before == 0 and (has_unit or said.rest[at].text[0] in "$€£"):
            told = asked("How much", said, inner, said.rest[end + has_unit :])
            yield question(told, said.rest[at : end + has_unit], "how much")


def _figures(rest: Sequence[Word]) -> Iterator[tuple[int, int, int]]:
    """Each figure's beginning and end in the main clause, and where its "about" begins."""
    for at in range(main_clause(rest)):
        end = number_at(rest, at)
        before = at - int(at > 0 and rest[at - 1].folded in MODIFIERS)
        if end > at and not _is_range(rest, at, end) and not is_doing(rest[:before]):
            yield at, end, before


def _goes_on(rest: Sequence[Word], at: int) -> bool:
    """Whether more is said of what is counted: "of the building", "named Ada", "which"."""
    following = rest[at].folded if at < len(rest) else ""
    return following in ("of", "during", "which", "that", "whose") or is_participle(following)


def _is_range(rest: Sequence[Word], at: int, end: int) -> bool:
    """As "30 to 50 thousand": one of two figures is half an answer."""
    behind = end + 1 < len(rest) and number_at(rest, end + 1) > end + 1
    before = at > 1 and number_at(rest, at - 2) > at - 2
    return behind or before or (at > 0 and number_at(rest, at - 1) > at - 1)
