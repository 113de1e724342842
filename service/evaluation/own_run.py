"""The user's own questions: asked of an index that stands, judged one by one, fitted to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from service.answerer import OpenSnapshot
from service.evaluation.bench import Bench
from service.evaluation.catalogue import FoundSet
from service.evaluation.corpus_calibration import LEAST_QUESTIONS, move
from service.evaluation.datasets import sample
from service.evaluation.failures import find_failures
from service.evaluation.lines import InvalidDataset
from service.evaluation.own_answers import answer_counts, own_gold
from service.evaluation.panels import question_panel, unanswerable_counts
from service.evaluation.questions import (
    OwnQuestion,
    Verdict,
    corrected,
    gold_fault,
    judge,
    load_questions,
)
from service.evaluation.reading import (
    ReadingFigures,
    ReadQuestion,
    read_question,
    reading_figures,
)
from service.evaluation.reading_panel import reading_panel
from service.evaluation.replies import Reply
from service.evaluation.results import Panel, SetResult
from service.evaluation.run import ALWAYS
from service.reading.calibration import save_calibration
from service.reading.loading import CALIBRATION_FILE


def evaluate_questions(
    found: FoundSet, index_folder: Path, bench: Bench, calibrate: bool = False
) -> SetResult:
    """The questions against the index in a folder; raises as ``Snapshot.open`` does.

    ``calibrate`` stores a calibration fitted on them in the folder. Raises InvalidDataset
    where no question says what a right passage is.
    """
    questions, notes = _ready(found.path, bench.limit)
    if not calibrate:  # a new one is fitted to what the reader came with
        bench = bench.calibrated_for(index_folder)
    bench = bench.with_readings_kept()
    opened = bench.open(index_folder, ALWAYS)
    text_of = _text_of(opened)
    texts = [question.text for question in questions]
    vectors = bench.encode(texts)
    replies, verified = bench.ask_all(opened, texts, vectors, text_of)
    by_method = {"hybrid": replies}
    if bench.reader is not None:
        plain, _ = bench.ask_all(opened, texts, vectors, text_of, answer=False)
        by_method = {"hybrid": plain, "re-ranked": replies}
    judged = _judged(questions, by_method, opened, found.path)
    threshold = bench.threshold(opened.snapshot.manifest.passages)
    read = _read_questions(questions, replies, opened) if bench.reader else []
    verdicts = judged[[*judged][-1]]
    figures = reading_figures(read, threshold) if read else None
    asked = zip(questions, replies, vectors, strict=True)
    return SetResult(
        name=found.name,
        layout=str(found.layout),
        setting=bench.setting(opened),
        panels=_panels(questions, judged, read, bench.top_k, threshold),
        verified=verified,
        counts=_counts(questions, replies, read, threshold),
        failures=tuple(find_failures(asked, verdicts, read, opened, threshold)),
        reading=figures,
        notes=(*notes, *(_stored(bench, figures, found, index_folder) if calibrate else ())),
    )


def _ready(path: Path, limit: int | None) -> tuple[tuple[OwnQuestion, ...], tuple[str, ...]]:
    """The questions to ask, and a note where drafts were left out."""
    written = load_questions(path)
    ready = corrected(written, path)
    drafts = len(written) - len(ready)
    remedy = 'read them and take "draft": true out of those that are right'
    notes = (f"drafts left out: {drafts}; {remedy}",) if drafts else ()
    return sample(ready, limit), notes


def _text_of(opened: OpenSnapshot) -> Callable[[str], str]:
    rows = {entry.uri: row for row, entry in enumerate(opened.snapshot.documents)}
    return lambda uri: opened.snapshot.text(rows[uri])


# Method → question id → verdict.
Verdicts = Mapping[str, Mapping[str, Verdict]]


def _judged(
    questions: Sequence[OwnQuestion],
    by_method: Mapping[str, Sequence[Reply]],
    opened: OpenSnapshot,
    path: Path,
) -> Verdicts:
    if not any(question.judged for question in questions):
        told = '"answers", "span" or "evidence"'
        raise InvalidDataset(f"{path}: no question has {told} to judge by")
    characters = {entry.uri: entry.characters for entry in opened.snapshot.documents}
    return {
        method: {
            question.question_id: gold_fault(question, characters)
            or judge(question, reply.passages)
            for question, reply in zip(questions, replies, strict=True)
            if question.judged
        }
        for method, replies in by_method.items()
    }


def _read_questions(
    questions: Sequence[OwnQuestion], replies: Sequence[Reply], opened: OpenSnapshot
) -> list[ReadQuestion]:
    return [
        read_question(
            question.question_id, question.answerable, own_gold(question, opened.snapshot), reply
        )
        for question, reply in zip(questions, replies, strict=True)
    ]


def _panels(
    questions: Sequence[OwnQuestion],
    judged: Verdicts,
    read: Sequence[ReadQuestion],
    top_k: int,
    threshold: float,
) -> tuple[Panel, ...]:
    of_passages = [question for question in questions if question.judged]
    verdicts = {method: list(verdicts.values()) for method, verdicts in judged.items()}
    passages = question_panel(of_passages, verdicts, top_k)
    answers = reading_panel(read, threshold)
    return (passages,) if answers is None else (passages, answers)


def _counts(
    questions: Sequence[OwnQuestion],
    replies: Sequence[Reply],
    read: Sequence[ReadQuestion],
    threshold: float,
) -> dict[str, int]:
    unanswerable = [
        reply for question, reply in zip(questions, replies, strict=True) if not question.answerable
    ]
    return (
        {"questions": len(questions), "judged": sum(question.judged for question in questions)}
        | unanswerable_counts(unanswerable, threshold)
        | answer_counts(read, threshold)
    )


def _stored(
    bench: Bench, figures: ReadingFigures | None, found: FoundSet, index_folder: Path
) -> tuple[str, ...]:
    """Fits and stores the corpus's calibration where there is enough to fit; says what it did."""
    if bench.reader is None or figures is None:
        return ("no calibration stored: there is no reader",)
    confidences, right = figures.pairs
    moved = move(bench.reader.calibration, confidences, right, found.path.name)
    if moved is None:
        return (
            f"no calibration stored: {len(confidences)} questions with a known answer (or said "
            f"to have none), {LEAST_QUESTIONS} are needed",
        )
    path = index_folder / CALIBRATION_FILE
    save_calibration(moved.calibration, path)
    return (
        f"calibration stored in {path}: n {moved.calibration.n}, slope {moved.slope:.2f}, "
        f"intercept {moved.intercept:+.2f}",
        f"ECE {moved.ece_before:.3f} before, {moved.ece_after:.3f} after (cross-validated); the "
        "figures above are from before",
    )
