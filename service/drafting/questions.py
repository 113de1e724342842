"""What can be asked of a plain sentence: by whom, how many, how much, when, where, what."""

from __future__ import annotations

from collections.abc import Iterator

from service.drafting.figures import how_many, how_many_subject, how_much
from service.drafting.statements import Statement
from service.drafting.times_places import when, where
from service.drafting.values import is_name, is_person, nations
from service.drafting.verbs import AUXILIARIES, BE, HUMAN, PAST, is_participle
from service.drafting.wording import (
    Inner,
    Question,
    asked,
    first_word,
    hangs,
    is_sound,
    main_clause,
    of_subject,
    question,
    texts,
)

# With those of HUMAN, what a name in capitals does where it is an organisation's.
_ORGANISED = frozenset(
    "announce launch sign send base deploy strengthen buy sell hire employ publish sponsor lend "
    "pay lose win oppose approve ban fund organise".split()
)


def questions(said: Statement, inner: Inner) -> Iterator[Question]:
    """Every question that the rules make of a statement, the most specific first."""
    if hangs(said):
        return
    for rule in (how_many_subject, how_many, how_much, when, where, _called, _who, _what_is):
        for found in rule(said, inner):
            if is_sound(found):
                yield found


def _called(said: Statement, inner: Inner) -> Iterator[Question]:
    """From "the exercises are called X": what they are called."""
    if said.verb.folded not in BE or said.rest[0].folded not in ("called", "named"):
        return
    end = 1
    while end < len(said.rest) and is_name(said.rest[end]):
        end += 1
    if end > 1:
        told = asked("What", said, inner, said.rest[:1], with_lead=False)
        yield question(told, said.rest[1:end], "called")


def _who(said: Statement, _inner: Inner) -> Iterator[Question]:
    """The one who, or the country or organisation that, did it."""
    verb = said.verb.folded
    if said.main == "" and verb in AUXILIARIES and not is_participle(first_word(said.rest)):
        doing = ""
    else:
        doing = said.main or PAST.get(first_word(said.rest), first_word(said.rest))
    count = nations(said.subject)
    if count == 1 and len(said.subject) <= 3:
        yield question(of_subject("Which country", said), said.subject, "country")
    elif count > 1 and verb not in ("is", "was", "has"):
        yield question(of_subject("Which countries", said), said.subject, "country")
    elif is_person(said.subject, doing) and verb not in ("are", "were", "have"):
        yield question(of_subject("Who", said), said.subject, "who", said.subject[-1].text)
    elif len(said.subject) == 1 and _is_initials(said.subject[0].text):
        # What only people do, organisations do too; the rest may be a molecule.
        opening = "Which organisation" if doing in HUMAN | _ORGANISED else "What"
        yield question(of_subject(opening, said), said.subject, "initials")


def _is_initials(word: str) -> bool:
    return word.isalpha() and word.isupper() and len(word) > 2


def _what_is(said: Statement, inner: Inner) -> Iterator[Question]:
    """From "the aim of the talks is to see …": what it is."""
    opens = said.rest[0]
    noun_like = (
        opens.folded in ("a", "an", "the", "to") or is_name(opens) or opens.text[0].isdigit()
    )
    if said.verb.folded not in ("is", "was") or said.subject[0].folded != "the" or not noun_like:
        return
    if len(said.subject) < 3 and not is_name(said.subject[-1]):
        return  # "the brick" is known to nobody but the paragraph
    if len(said.rest) > 14 or (said.rest[0].folded == "to" and "of" not in texts(said.subject)):
        return
    if AUXILIARIES & set(texts(said.rest[: main_clause(said.rest)])):
        return
    told = asked("What", said, inner, (), with_lead=bool(said.lead))
    yield question(told, said.rest, "what")
