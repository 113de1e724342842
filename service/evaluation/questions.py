"""The user's own questions.jsonl: where the answer stands, and what became of each question.

One JSON object a line; only ``question`` is required:

    {"id": "a01", "question": "…", "answerable": true, "answers": ["1,700"],
     "uri": "drills.md", "span": {"start": 10, "end": 15},
     "evidence": {"start": 0, "end": 40}, "also": [{"start": 90, "end": 120}], "draft": false}

``span`` is the exact answer, ``evidence`` the sentence that holds it and ``also`` other
sentences of the same document that answer too, in code points of its canonical text. A
``draft`` was made by ``quoth questions`` and has not been read by a person yet: it is measured
by no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.records import Span
from service.evaluation.gold import holds_answer
from service.evaluation.lines import InvalidDataset, Record, records
from service.evaluation.replies import CitedPassage

# Characters of a quote that a failure's reason shows.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question with whatever its author said of the answer; ``evidence`` holds ``also`` too."""

    question_id: str
    text: str
    answerable: bool
    answers: tuple[str, ...] = ()
    uri: str | None = None
    span: Span | None = None
    evidence: tuple[Span, ...] = ()
    draft: bool = False

    @property
    def judged(self) -> bool:
        """Whether a right passage can be told from a wrong one."""
        return self.answerable and bool(self.answers or self.evidence)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``rank`` of the first right passage (from 1), None where none came.

    ``evidence`` says whether that passage's cited evidence holds the answer; ``reason`` is
    empty where the right passage came first and its evidence holds the answer. ``indexed`` is
    false where the question's own document or span is not in the index.
    """

    rank: int | None
    evidence: bool
    reason: str
    indexed: bool = True


def load_questions(path: Path) -> tuple[OwnQuestion, ...]:
    """Raises InvalidDataset, naming file and line, for a line that is not of the layout."""
    questions: dict[str, OwnQuestion] = {}
    for record in records(path):
        question = _question(record)
        if question.question_id in questions:
            raise record.wrong(f'a second question with id "{question.question_id}"')
        questions[question.question_id] = question
    if not questions:
        raise InvalidDataset(f"{path} holds no question")
    return tuple(questions.values())


def corrected(questions: Sequence[OwnQuestion], path: Path) -> tuple[OwnQuestion, ...]:
    """The questions that are no drafts. Raises InvalidDataset where there is none."""
    ready = tuple(question for question in questions if not question.draft)
    if not ready:
        raise InvalidDataset(
            f"{path} holds drafts only ({len(questions)}): read each, correct or delete it, and "
            'take "draft": true out of those that are right; a figure over drafts says nothing'
        )
    return ready


def is_right(question: OwnQuestion, passage: CitedPassage) -> bool:
    """Whether the passage overlaps the evidence; without evidence, whether it holds an answer."""
    if question.uri is not None and passage.uri != question.uri:
        return False
    if question.evidence:
        return any(_overlap(passage.span, span) for span in question.evidence)
    return holds_answer(passage.text, question.answers)


def judge(question: OwnQuestion, passages: Sequence[CitedPassage]) -> Verdict:
    """What became of a judged question, given its passages best first."""
    right = next(
        (place for place, passage in enumerate(passages) if is_right(question, passage)), None
    )
    if right is None:
        return Verdict(None, False, f"not retrieved among the first {len(passages)}")
    evidence = _evidence_holds(question, passages[right])
    reasons = []
    if right > 0:
        first = passages[0]
        reasons.append(
            f"retrieved at rank {right + 1}, not first; first came {first.uri} "
            f"[{first.span.start}, {first.span.end})"
        )
    if not evidence:
        reasons.append(f"evidence misses the answer: “{_shortened(passages[right].quote)}”")
    return Verdict(right + 1, evidence, "; ".join(reasons))


def gold_fault(question: OwnQuestion, characters: Mapping[str, int]) -> Verdict | None:
    """A failing verdict where the question's own document or spans are not in the index.

    ``characters`` gives each indexed uri's length in code points.
    """
    if question.uri is None:
        return None
    if question.uri not in characters:
        return Verdict(None, False, f"the index holds no document {question.uri}", indexed=False)
    length = characters[question.uri]
    last = max((span.end for span in question.evidence), default=0)
    if last > length:
        reason = f"its span ends at {last}, but {question.uri} has {length} characters"
        return Verdict(None, False, reason, indexed=False)
    return None


def _evidence_holds(question: OwnQuestion, passage: CitedPassage) -> bool:
    """By place where the answer's span is known, else by the words of an answer.

    A citation inside other evidence (``also``) has no answer span, so its words count there.
    """
    cited, span = passage.evidence, question.span
    if span is not None and cited.start <= span.start and span.end <= cited.end:
        return True
    others = [other for other in question.evidence if span is None or not _overlap(other, span)]
    touched = any(_overlap(cited, other) for other in others)
    if question.answers:
        return (touched or span is None) and holds_answer(passage.quote, question.answers)
    return touched


def _question(record: Record) -> OwnQuestion:
    answers, span = record.texts("answers"), _span(record, "span")
    uri = record.text("uri") if record.get("uri") is not None else None
    # The answer's own place stands in for its sentence where the sentence is not given.
    evidence = [place for place in (_span(record, "evidence") or span,) if place is not None]
    evidence += _spans(record, "also")
    if evidence and uri is None:
        raise record.wrong('a span needs the "uri" of its document')
    text = record.text("question").strip()
    if not text:
        raise record.wrong('field "question" is blank')
    return OwnQuestion(
        question_id=record.text("id", f"line {record.line}"),
        text=text,
        answerable=record.flag("answerable", True),
        answers=answers,
        uri=uri,
        span=span,
        evidence=tuple(evidence),
        draft=record.flag("draft", False),
    )


def _span(record: Record, name: str) -> Span | None:
    value = record.get(name)
    return None if value is None else _as_span(record, name, value)


def _spans(record: Record, name: str) -> list[Span]:
    values = record.get(name) or []
    if not isinstance(values, list):
        raise record.wrong(f'field "{name}" must be a list of spans')
    return [_as_span(record, name, value) for value in values]


def _as_span(record: Record, name: str, value: object) -> Span:
    try:
        start, end = value["start"], value["end"]
        if not (isinstance(start, int) and isinstance(end, int) and start < end):
            raise ValueError(f"{start}, {end}")
        return Span(start, end)
    except (KeyError, TypeError, ValueError) as error:
        shape = '{"start": …, "end": …} with 0 <= start < end'
        raise record.wrong(f'field "{name}" must be {shape}, not {value!r}') from error


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _shortened(quote: str) -> str:
    line = " ".join(quote.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
