"""The reader's network in OpenVINO, from the packaged and the trained weights; without torch."""

from __future__ import annotations

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
# Passages of a question are about as long: filled up to a multiple of this several run together,
# which takes four fifths of the time of each at its own length.
STEP = 16


class OpenVinoLogits:
    """Rows filled up to the next multiple of STEP run together: on all processors, or on one where
    another question is being read.

    A row is filled up by its own length only, so it has the same bits beside longer ones.
    """

    runtime = "openvino"

    def __init__(self, files: ReaderFiles, precision: PrecisionName = "auto") -> None:
        self.precision = chosen_precision(precision)
        self._weights = _weights(files)
        shape = BertShape.read(files.base.folder)
        self._model = CompiledModel(_graph(self._weights, shape), self.precision)
        # Compiling takes what a question may: whoever has a reader will read.
        self._model.compile()

    def __call__(self, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
        rows, length = batch.ids.shape
        span = np.full((rows, length, 2), NEVER, dtype=np.float32)
        verdict = np.empty((rows, 2), dtype=np.float32)
        filled = -(-batch.attention.sum(axis=1) // STEP) * STEP
        for own in np.unique(filled):
            alike, shown = np.flatnonzero(filled == own), min(own, length)
            own_span, verdict[alike] = self._run(batch, alike, shown, own)
            span[alike, :shown] = own_span[:, :shown]
        # The first token stands for "no answer here".
        allowed = batch.in_passage.copy()
        allowed[:, 0] = True
        span[~allowed] = NEVER
        return span, verdict

    def _run(self, batch: Batch, rows: np.ndarray, shown: int, filled: int) -> list[np.ndarray]:
        """Span [rows, filled, 2] and verdict [rows, 2] of rows no longer than ``shown``."""
        inputs = []
        for values, dtype in (
            (batch.ids, np.int32),
            (batch.segments, np.int32),
            (batch.attention, np.float32),
        ):
            given = np.zeros((len(rows), filled), dtype)
            given[:, :shown] = values[rows, :shown]
            inputs.append(given)
        return self._model.run(inputs, soon=True)


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
