"""How well a network reads paragraphs it never saw: EM, F1, and telling when there is no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from service.evaluation.answers import auroc, exact_match, f1
from service.reading.inputs import Row, batch_of, room_for_passage
from service.reading.network import ReaderNetwork
from service.reading.spans import SpanLogits, best_spans
from service.training.corpus import TrainingCorpus
from service.training.examples import Example
from service.training.items import QUESTION_TOKENS

ROWS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class ReadingScores:
    """In the given paragraph. ``*_answerable`` where an answer must be given;
    ``f1_all`` with the threshold that serves best (as SQuAD 2.0's best_f1); the AUROCs of
    telling answerable from not, by span and by verdict. nan where there is no such question.
    """

    questions: int
    em_answerable: float
    f1_answerable: float
    f1_all: float
    auroc_span: float
    auroc_verdict: float


@torch.no_grad()
def score(
    network: ReaderNetwork, corpus: TrainingCorpus, examples: Sequence[Example]
) -> ReadingScores:
    """Each paragraph is read whole where it fits a row, else its beginning."""
    rows = [paragraph_row(corpus, example) for example in examples]
    order = sorted(range(len(rows)), key=lambda at: -len(rows[at].ids))
    ems, f1s = np.zeros(len(rows)), np.zeros(len(rows))
    by_span, by_verdict = np.zeros(len(rows)), np.zeros(len(rows))
    answerable = np.asarray([bool(example.answers) for example in examples])
    for first in range(0, len(order), ROWS_AT_ONCE):
        part = order[first : first + ROWS_AT_ONCE]
        spans, verdicts = _run(network, [rows[at] for at in part])
        for place, at in enumerate(part):
            example, row = examples[at], rows[at]
            logits = spans[place, row.passage_at : row.passage_at + row.passage_tokens]
            found, none = best_spans(
                SpanLogits(logits[:, 0], logits[:, 1], spans[place, 0, 0], spans[place, 0, 1]), 1
            )
            text = corpus.loaded.contexts[example.context].text
            offsets = corpus.context(example.context).tokens.offsets
            answer = text[offsets[found[0].first, 0] : offsets[found[0].last, 1]]
            gold = [span.of(text) for span, _ in example.answers]
            ems[at], f1s[at] = exact_match(answer, gold), f1(answer, gold)
            by_span[at] = found[0].log_probability - none
            by_verdict[at] = verdicts[place, 1]
    return ReadingScores(
        questions=len(rows),
        em_answerable=_mean(ems[answerable]),
        f1_answerable=_mean(f1s[answerable]),
        f1_all=_best_f1(by_span, f1s, answerable),
        auroc_span=auroc(by_span, answerable),
        auroc_verdict=auroc(by_verdict, answerable),
    )


def paragraph_row(corpus: TrainingCorpus, example: Example) -> Row:
    """The question with its paragraph, whole where it fits a row, else its beginning."""
    context = corpus.context(example.context)
    asked = corpus.question(example.question)[:QUESTION_TOKENS]
    room = room_for_passage(len(asked), len(context.title))
    return corpus.tokenizer.row(asked, context.title, context.tokens.ids[:room])


def _run(network: ReaderNetwork, rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    device = next(network.parameters()).device
    batch = batch_of(rows)
    tensors = (batch.ids, batch.segments, batch.attention, batch.in_passage)
    span, verdict = network(*(torch.from_numpy(value).to(device) for value in tensors))
    return span.cpu().numpy(), verdict.cpu().numpy()


def _best_f1(scores: np.ndarray, f1s: np.ndarray, answerable: np.ndarray) -> float:
    """Mean F1 at the best threshold: below it nothing is said, which is right where none is."""
    order = np.argsort(-scores)
    gains = np.cumsum(np.where(answerable, f1s, -1.0)[order])
    # No threshold parts equal scores.
    parted = np.diff(scores[order], append=-np.inf) != 0
    best = max(0.0, float(gains[parted].max()))
    return (best + float((~answerable).sum())) / len(scores)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")
