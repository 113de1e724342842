"""Questions with known answers → the features of every candidate, and which of them are right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from service.answerer import OpenSnapshot
from service.errors import QuestionTooLong
from service.evaluation.answers import f1
from service.evaluation.facts import holds_fact
from service.evaluation.judged import JudgedQuestion
from service.reader import retrieved_passages
from service.reading.calibration import Calibration, Judge, Linear
from service.reading.conclusion import judge_candidates
from service.reading.features import features_of
from service.reading.loading import LoadedReader


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question and its accepted answers; none where the documents do not answer it, and then
    ``lacking`` may say why not. ``weight`` is how much it counts.
    """

    question_id: str
    source: str
    text: str
    gold: tuple[str, ...]
    lacking: str = ""
    weight: float = 1.0


def collect(
    opened: OpenSnapshot,
    questions: Sequence[GoldQuestion],
    vectors: np.ndarray,
    progress: Callable[[str, int, int], None],
) -> list[JudgedQuestion]:
    """Each question asked as the service asks it, with the reader of ``opened``.

    ``vectors`` are the encoded questions, float32 [n, dimensions]. A question too long to
    be read is left out. Raises ValueError where no reader is open.
    """
    if opened.reader is None:
        raise ValueError("there is no reader to collect candidates with")
    found = []
    for done, (question, vector) in enumerate(zip(questions, vectors, strict=True), start=1):
        judged = _judged_question(opened, opened.reader, question, vector)
        found += [judged] if judged is not None else []
        progress("questions read", done, len(questions))
    return found


def unfitted(reader_sha256: str) -> Calibration:
    """What stands in before anything is fitted: confidence = sigmoid(margin)."""
    by_margin = Linear(("margin",), (0.0,), (1.0,), (1.0,), 0.0)
    places = np.linspace(-6, 6, 25).tolist()
    steps = tuple((place, float(1 / (1 + np.exp(-place)))) for place in places)
    return Calibration(
        reader_sha256=reader_sha256,
        choosing=by_margin,
        judges=(Judge(1.0, by_margin, steps, threshold=0.5),),
        n=0,
        ece=0.0,
        fitted_on="nothing",
    )


def _judged_question(
    opened: OpenSnapshot,
    loaded: LoadedReader,
    question: GoldQuestion,
    vector: np.ndarray,
) -> JudgedQuestion | None:
    depth = opened.reading.depth
    hits = opened.retriever.rank(question.text, vector, depth)
    passages = retrieved_passages(opened.snapshot, hits)
    shown = [passage.shown for passage in passages]
    try:
        readings = loaded.reader.read(question.text, shown, lambda: True)
    except QuestionTooLong:
        return None
    judged = judge_candidates(passages, readings)
    return JudgedQuestion(
        question_id=question.question_id,
        source=question.source,
        answerable=bool(question.gold),
        features=features_of(question.text, passages, readings, judged),
        right=np.asarray([holds_fact(one.text, question.gold) for one in judged], dtype=bool),
        f1=np.asarray([bool(question.gold) * f1(one.text, question.gold) for one in judged]),
        searched=opened.snapshot.manifest.passages,
        lacking=question.lacking,
        weight=question.weight,
    )
