"""Items → batches of similar length, a given number of examples a step; resumable at any step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from service.reading.inputs import Batch, Row, batch_of
from service.training.items import ItemReader, Target
from service.training.plan import Item

# Items read and sorted by length at once.
POOL = 2048
# Word pieces, filling included, that go through the network at once: what the caches hold.
BATCH_TOKENS = 1536


@dataclass(frozen=True, slots=True)
class TrainingBatch:
    """A batch and what is right for it.

    ``starts`` and ``ends`` float32 [rows, length] are the target distributions,
    ``verdicts`` float32 [rows, 2] relevance and answerability, ``judged`` bool of the
    same shape where they are known.
    """

    batch: Batch
    starts: np.ndarray
    ends: np.ndarray
    verdicts: np.ndarray
    judged: np.ndarray

    @property
    def rows(self) -> int:
        return len(self.starts)


def steps_of(
    items: Sequence[Item], reader: ItemReader, step_examples: int, seed: int
) -> Iterator[list[TrainingBatch]]:
    """The steps of an epoch: lists of batches with about ``step_examples`` rows together."""
    for first in range(0, len(items), POOL):
        rng = np.random.default_rng([seed, first])
        made = [reader.read(item) for item in items[first : first + POOL]]
        batches = _sorted_batches([pair for pair in made if pair is not None])
        step: list[TrainingBatch] = []
        for at in rng.permutation(len(batches)):
            step.append(training_batch(batches[at]))
            if sum(batch.rows for batch in step) >= step_examples:
                yield step
                step = []
        if step:
            yield step


def training_batch(pairs: Sequence[tuple[Row, Target]]) -> TrainingBatch:
    batch = batch_of([row for row, _ in pairs])
    starts = np.zeros(batch.ids.shape, dtype=np.float32)
    ends = np.zeros_like(starts)
    verdicts = np.zeros((len(pairs), 2), dtype=np.float32)
    judged = np.ones((len(pairs), 2), dtype=bool)
    for at, (_, target) in enumerate(pairs):
        for place, share in target.starts.items():
            starts[at, place] = share
        for place, share in target.ends.items():
            ends[at, place] = share
        judged[at, 0] = target.relevant is not None
        verdicts[at] = bool(target.relevant), target.answerable
    return TrainingBatch(batch, starts, ends, verdicts, judged)


def _sorted_batches(
    pairs: Sequence[tuple[Row, Target]],
) -> list[list[tuple[Row, Target]]]:
    """Longest first, cut where a batch filled up to its longest row would be too large."""
    batches: list[list[tuple[Row, Target]]] = []
    for pair in sorted(pairs, key=lambda pair: -len(pair[0].ids)):
        last = batches[-1] if batches else None
        if last and (len(last) + 1) * len(last[0][0].ids) <= BATCH_TOKENS:
            last.append(pair)
        else:
            batches.append([pair])
    return batches
