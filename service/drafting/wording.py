"""How a question is worded, and whether it is worth a person's reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.records import Span
from service.drafting.statements import ADVERBS, Statement
from service.drafting.verbs import AUXILIARIES, PAST, PRESENT, is_participle
from service.drafting.words import Word, joined, span_of

MOST_WORDS = 26
_SUBORDINATE = frozenset(
    "that which who whom whose where when while because if as although whether but".split()
)
_HERE = frozenset("this these those latter former".split())
_OBJECTS = frozenset("him her them it so and or".split())
_UNFINISHED = frozenset("and or the a an of".split())
_DANGLING = frozenset(
    "that which and or but in of for the a an to with on by as at from than when while where if "
    "because so not".split()
)

# A word at a sentence's beginning → as it stands within one.
Inner = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Question:
    """``answer`` is the exact span; ``answers`` are accepted, the words at the span first.

    ``kind`` names the rule that made it.
    """

    text: str
    answers: tuple[str, ...]
    answer: Span
    kind: str


def hangs(said: Statement) -> bool:
    """Whether it speaks of something that another sentence names."""
    words = texts((*said.subject, *said.rest))
    first, last = said.rest[0].folded, said.rest[-1].folded
    return bool(_HERE & set(words)) or first in _OBJECTS or last in _UNFINISHED


def is_sound(question: Question) -> bool:
    """Whether it is short enough, ends as a question may, and does not hold its answer."""
    told = question.text.casefold()
    words = told.rstrip("?").split()
    held = question.answers[0].casefold() in told if question.answers else False
    return len(words) <= MOST_WORDS and words[-1] not in _DANGLING and not held


def asked(
    opening: str, said: Statement, inner: Inner, rest: Sequence[Word], with_lead: bool = True
) -> str:
    """``opening`` auxiliary subject main verb, the rest and the lead, as a question."""
    rest = rest[: main_clause(rest, verbs_only=True)]
    subject = f"{inner(said.subject[0].text)} {joined(said.subject[1:])}".strip()
    told = [opening, said.auxiliary, subject, said.main, joined(list(rest))]
    return _finished([*told, _lead(said) if with_lead else ""])


def of_subject(opening: str, said: Statement) -> str:
    """``opening`` verb, the rest and the lead: the subject is what is asked for."""
    return _finished([opening, said.verb.text, joined(said.rest), _lead(said)])


def _finished(parts: Sequence[str]) -> str:
    told = " ".join(part for part in parts if part).replace(" ,", ",")
    return f"{told[0].upper()}{told[1:].rstrip(',. ')}?"


def _lead(said: Statement) -> str:
    if not said.lead:
        return ""
    return f"{said.lead[0].folded} {joined(said.lead[1:])}"


def question(text: str, words: Sequence[Word], kind: str, *more: str) -> Question:
    own = joined(list(words))
    return Question(text, tuple(dict.fromkeys((own, *more))), span_of(list(words)), kind)


def main_clause(rest: Sequence[Word], verbs_only: bool = False) -> int:
    """How many words of the rest stand before another clause or a second verb begins; with
    ``verbs_only`` before a second verb, which would need a question of its own.
    """
    for at, word in enumerate(rest[:-1]):
        following = rest[at + 1].text  # May is a month
        if word.folded in _SUBORDINATE:
            return len(rest) if verbs_only else at
        verb = following in AUXILIARIES or following in PAST or following in PRESENT
        if word.folded in ("and", "or") and verb:
            return at
    return len(rest)


def is_doing(words: Sequence[Word]) -> bool:
    """Whether another verb than the sentence's own stands among the words: what follows may
    belong to it. A participle in the first place is the sentence's own.
    """
    return any(is_participle(word.folded) or word.folded.endswith("ing") for word in words[1:])


def first_word(words: Sequence[Word]) -> str:
    return next((word.folded for word in words if word.folded not in ADVERBS), "")


def texts(words: Sequence[Word]) -> list[str]:
    return [word.folded for word in words]
