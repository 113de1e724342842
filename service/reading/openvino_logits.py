"""The reader's network in OpenVINO, from the packaged and the trained weights; without torch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from safetensors import safe_open

from index.bert_graph import BertGraph, BertShape, ops, whole
from index.openvino_runtime import CompiledModel, chosen_precision, openvino
from index.runtimes import PrecisionName
from service.reading.inputs import Batch
from service.reading.spans import NEVER
from service.reading.weights import ReaderFiles, refuse_other_names, stored_weights

# What is not trained: the packaged model's, which are half of its bytes.
WORDS = "embeddings.word_embeddings.weight"
HEADS = ("span.weight", "span.bias", "verdict.weight", "verdict.bias")
ENCODER = "encoder."


class OpenVinoLogits:
    """Each row runs by itself, at its own length: on one thread, as many at once as there are
    processors, or on all of them where there are at most half as many rows. The bits are the same.
    """

    runtime = "openvino"

    def __init__(self, files: ReaderFiles, precision: PrecisionName = "auto") -> None:
        self.precision = chosen_precision(precision)
        self._weights = _weights(files)
        shape = BertShape.read(files.base.folder)
        self._model = CompiledModel(_graph(self._weights, shape), self.precision)
        self.rows_at_once = self._model.streams
        self._threads = ThreadPoolExecutor(self._model.streams, thread_name_prefix="read")

    def __call__(self, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
        rows, length = batch.ids.shape
        span = np.full((rows, length, 2), NEVER, dtype=np.float32)
        verdict = np.empty((rows, 2), dtype=np.float32)
        given = (batch.ids, batch.segments, batch.attention)
        # Of five rows on two processors the fifth would have one of them wait.
        few = 2 * rows <= self._model.streams
        found = (
            map(partial(self._row, soon=True), *given)
            if few
            else self._threads.map(self._row, *given)
        )
        for at, (own_span, own_verdict) in enumerate(found):
            span[at, : len(own_span)] = own_span
            verdict[at] = own_verdict
        # The first token stands for "no answer here".
        allowed = batch.in_passage.copy()
        allowed[:, 0] = True
        span[~allowed] = NEVER
        return span, verdict

    def _row(
        self, ids: np.ndarray, segments: np.ndarray, attention: np.ndarray, soon: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """One row without its filling: span [own length, 2] and verdict [2]."""
        length = int(attention.sum())
        shown = [a[None, :length].astype(np.int32) for a in (ids, segments)]
        span, verdict = self._model.run([*shown, np.ones((1, length), dtype=np.float32)], soon)
        return span[0], verdict[0]


def _weights(files: ReaderFiles) -> dict[str, np.ndarray]:
    """Float32 by name: the heads' as stored, the encoder's as ``BertGraph`` names them.

    Raises ReaderUnavailable where the trained weights are not those of this network.
    """
    stored = stored_weights(files.folder)
    with safe_open(files.base.folder / "model.safetensors", "numpy") as packaged:
        words = packaged.get_tensor(WORDS)
        expected = {ENCODER + name for name in packaged.keys() if _is_trained(name)}  # noqa: SIM118
    refuse_other_names(stored, expected | set(HEADS), files.folder)
    trained = {name.removeprefix(ENCODER): w.astype(np.float32) for name, w in stored.items()}
    return {WORDS: words, **trained}


def _is_trained(name: str) -> bool:
    return name != WORDS and not name.startswith("pooler.") and not name.endswith("position_ids")


def _graph(weights: dict[str, np.ndarray], shape: BertShape) -> openvino.Model:
    bert = BertGraph(weights, shape)
    first = ops.gather(bert.hidden, whole(0), whole(1))
    outputs = [bert.linear(bert.hidden, "span"), bert.linear(first, "verdict")]
    return openvino.Model(outputs, bert.inputs, "reader")
