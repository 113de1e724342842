"""A reply of the service, as an evaluation reads it: only what a user of the API gets too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.records import Span
from service.answerer import EncodedQuestion, OpenSnapshot, Question, answer_question
from service.evaluation.verification import answer_faults, faults


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
class GivenAnswer:
    """The short answer of a reply; ``fields`` is all of it, as the API gives it."""

    text: str
    confidence: float
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """``status`` is ``answered``, ``abstained`` or ``retrieved``; passages stand best first.

    ``answer`` is there where it is answered, ``best_confidence`` and ``reason`` (else 0 and
    ``""``) where it abstains.
    """

    status: str
    passages: tuple[CitedPassage, ...]
    answer: GivenAnswer | None = None
    best_confidence: float = 0.0
    reason: str = ""

    @property
    def confidence(self) -> float:
        """Of the answer given, or of the best one withheld; 0 where nothing was read."""
        return self.best_confidence if self.answer is None else self.answer.confidence

    def abstains(self, threshold: float) -> bool:
        """Whether no answer is given where one needs ``threshold``; never where none is asked."""
        return self.status == "abstained" or (
            self.answer is not None and self.answer.confidence < threshold
        )


def ask(
    opened: OpenSnapshot, question: str, vector: np.ndarray, top_k: int, answer: bool = True
) -> Reply:
    """The service's own reply to a question with its unit vector, float32 [dimensions]."""
    asked = Question(question, top_k, answer=answer)
    encoded = EncodedQuestion(asked, vector, asked_at=0.0, encoded_at=0.0)
    return read_reply(answer_question(encoded, opened, "evaluation").model_dump(mode="json"))


def read_reply(reply: Mapping[str, Any]) -> Reply:
    """From the reply as the API gives it, parsed from JSON."""
    answer, abstention = reply["answer"], reply["abstention"]
    return Reply(
        status=reply["status"],
        passages=tuple(_passage(passage) for passage in reply["passages"]),
        answer=answer and GivenAnswer(answer["text"], answer["confidence"], answer),
        best_confidence=(abstention["best_confidence"] or 0.0) if abstention else 0.0,
        reason=abstention["reason"] if abstention else "",
    )


def reply_faults(reply: Reply, question: str, text_of: Callable[[str], str]) -> list[str]:
    """One line per citation, and for the answer, that does not verify.

    ``text_of`` gives a uri's canonical text.
    """
    found = []
    for rank, passage in enumerate(reply.passages, start=1):
        if wrong := faults(passage.citation, text_of(passage.uri)):
            place = f"{passage.uri} [{passage.evidence.start}, {passage.evidence.end})"
            found.append(f"“{question}”, rank {rank}, {place}: {'; '.join(wrong)}")
    if reply.answer is not None:
        citations = [passage.citation for passage in reply.passages]
        if wrong := answer_faults(reply.answer.fields, citations, text_of):
            found.append(f"“{question}”, answer “{reply.answer.text}”: {'; '.join(wrong)}")
    return found


def verifiable(reply: Reply) -> int:
    """How many things of a reply ``reply_faults`` checks: its citations and its answer."""
    return len(reply.passages) + (reply.answer is not None)


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
