"""A reply of the service, as an evaluation reads it: only what a user of the API gets too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.records import Span
from service.answerer import EncodedQuestion, OpenSnapshot, Question, answer_question
from service.evaluation.verification import faults


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A returned passage; ``evidence`` is the span its citation quotes.

    ``bears`` says whether the service marked that span as evidence, not merely as related.
    """

    uri: str
    text: str
    span: Span
    evidence: Span
    quote: str
    citation: Mapping[str, Any]
    bears: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """``status`` is ``answered``, ``abstained`` or ``retrieved``; passages stand best first."""

    status: str
    passages: tuple[CitedPassage, ...]


def ask(opened: OpenSnapshot, question: str, vector: np.ndarray, top_k: int) -> Reply:
    """The service's own reply to a question with its unit vector, float32 [dimensions]."""
    encoded = EncodedQuestion(Question(question, top_k), vector, asked_at=0.0, encoded_at=0.0)
    return read_reply(answer_question(encoded, opened, "evaluation").model_dump(mode="json"))


def read_reply(reply: Mapping[str, Any]) -> Reply:
    """From the reply as the API gives it, parsed from JSON."""
    return Reply(reply["status"], tuple(_passage(passage) for passage in reply["passages"]))


def reply_faults(reply: Reply, question: str, text_of: Callable[[str], str]) -> list[str]:
    """One line per citation that does not verify; ``text_of`` gives a uri's canonical text."""
    found = []
    for rank, passage in enumerate(reply.passages, start=1):
        if wrong := faults(passage.citation, text_of(passage.uri)):
            place = f"{passage.uri} [{passage.evidence.start}, {passage.evidence.end})"
            found.append(f"“{question}”, rank {rank}, {place}: {'; '.join(wrong)}")
    return found


def _passage(passage: Mapping[str, Any]) -> CitedPassage:
    citation = passage["citation"]
    return CitedPassage(
        uri=citation["document"]["uri"],
        text=passage["text"],
        span=Span(passage["span"]["start"], passage["span"]["end"]),
        evidence=Span(citation["span"]["start"], citation["span"]["end"]),
        quote=citation["quote"]["exact"],
        citation=citation,
        bears=any(highlight["kind"] == "evidence" for highlight in passage["highlights"]),
    )
