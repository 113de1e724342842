"""Documents asked one by one → tiny corpora to calibrate on, as many as there are documents.

Who asks a document or two finds nearly any passage on the subject: what has no answer is a near
miss, and the judge that learned from large corpora, where it mostly is something else, is of
little use. So our own held-aside documents are asked by themselves, too, and `training/folders/`,
whose questions are meant to be those of people who know what their folder is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.documents import read_document
from index.documents.folder import Source as File
from index.records import Document
from service.evaluation.candidates import GoldQuestion
from service.evaluation.datasets import document
from service.evaluation.lines import InvalidDataset
from service.evaluation.questions import corrected, load_questions
from service.training.calibration_sets import (
    FOREIGN,
    SEED,
    UNANSWERABLE,
    CalibrationSet,
    drawn,
    with_gold,
)
from service.training.examples import Examples
from service.training.sources import OURS, Source

FOLDERS = "folders"
# How much each of its questions counts. They are few, and the likest to what users ask: so they
# are about a third of what small corpora's judge is fitted on.
FOLDERS_WEIGHT = 3.0
# For so many unanswerable questions of a document, one of another document is asked besides.
FOREIGN_ONE_IN = 5

# A document and the questions asked of it.
Asked = tuple[Document, tuple[GoldQuestion, ...]]


def single_document_sets(loaded: Examples, sources: Sequence[Source]) -> list[CalibrationSet]:
    """Our calibration examples document by document, and those of `training/folders/`.

    Raises InvalidDataset or UnreadableDocument where that folder is not as it was.
    """
    sets = []
    for source in sources:
        if source.ours and loaded.of("calibration", source.name):
            sets += _sets(f"{source.name} one by one", _of_examples(loaded, source.name))
    return [*sets, *_sets(FOLDERS, _of_folder(OURS / FOLDERS))]


def _of_examples(loaded: Examples, name: str) -> list[Asked]:
    by_context: dict[int, list[GoldQuestion]] = {}
    for example in loaded.of("calibration", name):
        question = with_gold(loaded, f"{name} one by one", example)
        by_context.setdefault(example.context, []).append(question)
    contexts = ((at, loaded.contexts[at]) for at in by_context)
    return [
        (document(f"context-{at:06d}", own.title, own.text), tuple(by_context[at]))
        for at, own in contexts
    ]


def _of_folder(folder: Path) -> list[Asked]:
    """The documents of a folder with the questions of the file of its name beside it."""
    path = folder.with_suffix(".jsonl")
    by_uri: dict[str, list[GoldQuestion]] = {}
    for one in corrected(load_questions(path), path):
        if one.uri is None or one.answerable != bool(one.answers):
            raise InvalidDataset(f'{path}: {one.question_id} needs "uri", and "answers" or none')
        question = GoldQuestion(
            f"{FOLDERS}/{one.question_id}", FOLDERS, one.text, one.answers, weight=FOLDERS_WEIGHT
        )
        by_uri.setdefault(one.uri, []).append(question)
    return [(read_document(File(folder / uri, uri)), tuple(asked)) for uri, asked in by_uri.items()]


def _sets(name: str, asked: Sequence[Asked]) -> list[CalibrationSet]:
    """Each document as a corpus, with some of the others' answered questions as foreign ones."""
    rng = np.random.default_rng([SEED, *name.encode()])
    sets = []
    for at, (own, questions) in enumerate(asked):
        others = [q for other, (_, each) in enumerate(asked) if other != at for q in each if q.gold]
        near = [replace(q, lacking="" if q.gold else UNANSWERABLE) for q in questions]
        wanted = sum(not question.gold for question in questions) // FOREIGN_ONE_IN
        foreign = [replace(q, gold=(), lacking=FOREIGN) for q in drawn(others, wanted, rng)]
        sets.append(CalibrationSet(f"{name}/{at:04d}", (own,), (*near, *foreign)))
    return sets
