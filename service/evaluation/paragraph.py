"""Reading alone: each question with the paragraph it was asked of, without any search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.build import BuildSettings
from index.chunking import chunk
from index.context import context_prefix
from index.encoder import Encoder
from service.errors import QuestionTooLong
from service.evaluation.answers import auroc, exact_match, f1
from service.evaluation.bench import Bench
from service.evaluation.catalogue import FoundSet
from service.evaluation.datasets import Query, document, sample
from service.evaluation.lines import InvalidDataset
from service.evaluation.results import Panel, SetResult, Verified
from service.evaluation.squad import squad_paragraphs, squad_query
from service.reading.records import Reader, ShownPassage


@dataclass(frozen=True, slots=True)
class ParagraphAnswer:
    """The best answer in the paragraph, by margin; ``margin`` -inf where nothing was read."""

    question_id: str
    answerable: bool
    em: float
    f1: float
    margin: float


def evaluate_paragraphs(found: FoundSet, bench: Bench) -> SetResult:
    """Each question of a SQuAD file read in its own paragraph, cut as a build cuts it.

    A question too long to be read has the empty answer. Raises InvalidDataset, also where
    there is no reader.
    """
    if bench.reader is None:
        raise InvalidDataset(f"{found.path} cannot be read: there is no reader")
    questions = sample(tuple(_questions(found.path)), bench.limit)
    if not questions:
        raise InvalidDataset(f"{found.path} holds no question")
    answers = []
    cut: dict[tuple[str, str], list[ShownPassage]] = {}
    for done, (title, context, query) in enumerate(questions, start=1):
        if (title, context) not in cut:
            cut[title, context] = shown_passages(title, context, bench.encoder, bench.build)
        answers.append(_answer(bench.reader.reader, query, cut[title, context]))
        bench.progress("questions read", done, len(questions))
    known = sum(answer.answerable for answer in answers)
    return SetResult(
        name=found.name,
        layout="each question in its own paragraph",
        setting=bench.setting_without_index(len(cut), sum(map(len, cut.values()))),
        panels=(paragraph_panel(answers),),
        verified=Verified(0),
        counts={"questions": len(answers), "unanswerable": len(answers) - known},
        notes=tuple(_notes(answers)),
    )


def shown_passages(
    title: str, context: str, encoder: Encoder, build: BuildSettings
) -> list[ShownPassage]:
    """The passages of a paragraph as the service shows them to its reader."""
    made = document("paragraph", title, context)
    passages = chunk(made, encoder.token_spans, build.chunking)
    return [
        ShownPassage(
            context_prefix(made.title, passage.section, encoder.token_spans, build.chunking).rstrip(
                "\n"
            ),
            passage.span.of(made.text),
            sentences=tuple(own.start - passage.span.start for own in passage.sentences),
        )
        for passage in passages
    ]


def paragraph_panel(answers: Sequence[ParagraphAnswer]) -> Panel:
    """EM and F1 where an answer must be given; F1 over all questions where margins below 0,
    or below the threshold that serves best (SQuAD 2.0's best_f1), are no answer.
    """
    known = [answer for answer in answers if answer.answerable]
    values: dict[str, dict[str, dict[str, float]]] = {}
    if known:
        values["answerable, answer forced"] = {
            "EM": {answer.question_id: answer.em for answer in known},
            "F1": {answer.question_id: answer.f1 for answer in known},
        }
    if 0 < len(known) < len(answers):
        _, best = best_f1(answers)
        for row, threshold in (("all, threshold 0", 0.0), ("all, best threshold", best)):
            scores = {answer.question_id: _f1_at(answer, threshold) for answer in answers}
            values[row] = {"F1": scores}
    return Panel(title="answers in the paragraph", values=values)


def best_f1(answers: Sequence[ParagraphAnswer]) -> tuple[float, float]:
    """The highest mean F1 that a threshold on the margin reaches, and that threshold.

    Margins from the threshold on are answers, others none; inf where none at all is best.
    """
    order = sorted(answers, key=lambda answer: -answer.margin)
    gain = np.cumsum([answer.f1 if answer.answerable else -1.0 for answer in order])
    margins = np.asarray([answer.margin for answer in order])
    # A threshold cannot part equal margins.
    ends = np.append(np.flatnonzero(margins[1:] != margins[:-1]), len(order) - 1)
    place = int(ends[np.argmax(gain[ends])])
    none = sum(not answer.answerable for answer in answers)
    if gain[place] <= 0:
        return none / len(order), float("inf")
    return float(gain[place] + none) / len(order), float(margins[place])


def _notes(answers: Sequence[ParagraphAnswer]) -> Iterator[str]:
    margins, known = [a.margin for a in answers], [a.answerable for a in answers]
    if any(known) and not all(known):
        yield f"no-answer AUROC by margin: {auroc(margins, known):.3f} (n {len(answers)})"
        yield f"best threshold of the margin: {best_f1(answers)[1]:.2f}"


def _questions(path: Path) -> Iterator[tuple[str, str, Query]]:
    """Title, paragraph and question; one marked impossible has no answers."""
    for title, paragraph in squad_paragraphs(path):
        for question in paragraph["qas"] if paragraph["context"].strip() else ():
            query = squad_query(path, question)
            gold = () if question.get("is_impossible") else query.answers
            yield title, paragraph["context"], Query(query.query_id, query.text, gold)


def _answer(reader: Reader, query: Query, passages: Sequence[ShownPassage]) -> ParagraphAnswer:
    try:
        readings = reader.read(query.text, passages, lambda: True)
    except QuestionTooLong:
        readings = []
    margin, text = max(
        (
            (candidate.margin, candidate.span.of(passage.text))
            for passage, reading in zip(passages, readings, strict=False)
            for candidate in reading.candidates
        ),
        default=(-np.inf, ""),
        key=lambda pair: pair[0],
    )
    known = bool(query.answers)
    return ParagraphAnswer(
        question_id=query.query_id,
        answerable=known,
        em=exact_match(text, query.answers) if known else 0.0,
        f1=f1(text, query.answers) if known else 0.0,
        margin=float(margin),
    )


def _f1_at(answer: ParagraphAnswer, threshold: float) -> float:
    given = answer.margin >= threshold
    if not answer.answerable:
        return float(not given)
    return answer.f1 if given else 0.0
