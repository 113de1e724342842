"""One question in work: what it asks, when it came, and its outcome computed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from service.answerer import EncodedQuestion, answer_question
from service.encoded import Encoded
from service.in_flight import Computation
from service.outcomes import Outcome, outcome_of
from service.reply_cache import Asked

Found = Outcome | Exception


class Work(Computation[Asked, Found]):
    """``came_at`` is when its request came, in the clock's seconds."""

    def __init__(self, key: Asked) -> None:
        super().__init__(key)
        self.came_at = perf_counter()

    @property
    def text(self) -> str:
        return self.key.question.text


def found_here(encoded: Encoded[Work], others_wait: Callable[[], bool] = lambda: True) -> Found:
    """The outcome, computed on this thread, or what was raised."""
    if encoded.error is not None:
        return encoded.error
    work = encoded.asking
    question = EncodedQuestion(
        work.key.question,
        encoded.vector,
        encoded.begun_at,
        encoded.encoded_at,
        encoded.nearest,
        encoded.nearest_seconds,
    )
    try:
        reply = answer_question(question, work.key.opened, "", others_wait=others_wait)
        return outcome_of(reply, waited_ms(encoded))
    except Exception as error:
        return error


def looked_ahead(encoded: Encoded[Work]) -> Encoded[Work]:
    """With the dense candidates of its search; as it was where a filter or the reader has a say in
    them, or something is wrong, which is told when the question is answered.
    """
    question, opened = encoded.asking.key.question, encoded.asking.key.opened
    if question.wanted is not None or question.answer:
        return encoded
    began = perf_counter()
    try:
        nearest = opened.retriever.nearest(encoded.vector, question.top_k)
        return replace(encoded, nearest=nearest, nearest_seconds=perf_counter() - began)
    except Exception:
        return encoded


def waited_ms(encoded: Encoded[Work]) -> float:
    """From when the question's request came until it was begun."""
    return (encoded.begun_at - encoded.asking.came_at) * 1000
