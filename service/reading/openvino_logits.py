"""The reader's network in OpenVINO, from the packaged and the trained weights; without torch."""

from __future__ import annotations

import numpy as np
from safetensors import safe_open

from index.bert_graph import BertGraph, BertShape, ops, quantised_inputs, whole
from index.openvino_runtime import (
    CompiledModel,
    chosen_precision,
    multiplies_int8,
    openvino,
)
from index.packing import Inputs, packed, runs_of
from index.runtimes import PrecisionName
from service.reading.inputs import Batch
from service.reading.spans import NEVER
from service.reading.weights import (
    SCALES_FILE,
    WEIGHTS_FILE,
    ReaderFiles,
    refuse_other_names,
    stored_scales,
    stored_weights,
)

# What is not trained: the packaged model's, which are half of its bytes.
WORDS = "embeddings.word_embeddings.weight"
HEADS = ("span.weight", "span.bias", "verdict.weight", "verdict.bias")
ENCODER = "encoder."


class OpenVinoLogits:
    """Rows about as long as each other run together: on all processors, or on one where another
    question is being read. Where the processor is made for it, products are of int8.
    """

    runtime = "openvino"

    def __init__(self, files: ReaderFiles, precision: PrecisionName = "auto") -> None:
        chosen = chosen_precision(precision)
        weights, shape = _weights(files), BertShape.read(files.base.folder)
        scales = _scales(files, shape) if precision == "auto" and multiplies_int8() else {}
        self.precision = f"int8+{chosen}" if scales else chosen
        self._model = CompiledModel(_graph(weights, shape, scales), chosen)
        # The graph reads in place those that it has not quantised.
        inputs = quantised_inputs(shape.layers)
        copied = {f"{product}.weight" for name in scales for product in inputs[name]}
        self._weights = {name: own for name, own in weights.items() if name not in copied}
        # Compiling takes what a question may: whoever has a reader will read.
        self._model.compile()

    def __call__(self, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
        rows, length = batch.ids.shape
        span = np.full((rows, length, 2), NEVER, dtype=np.float32)
        verdict = np.empty((rows, 2), dtype=np.float32)
        lengths = batch.attention.sum(axis=1)
        order = np.argsort(-lengths, kind="stable")
        for part in runs_of(lengths[order].tolist(), batch.ids.size):
            own = order[part]
            inputs = _inputs(batch, own, lengths[own])
            by_token, verdict[own] = self._model.run(inputs, soon=True)
            shown = inputs.which[:, :length]
            span[own, : shown.shape[1]] = by_token[shown]
        # The first token stands for "no answer here".
        allowed = batch.in_passage.copy()
        allowed[:, 0] = True
        span[~allowed] = NEVER
        return span, verdict


def _inputs(batch: Batch, rows: np.ndarray, lengths: np.ndarray) -> Inputs:
    ids, segments = (
        [values[row, :own] for row, own in zip(rows, lengths, strict=True)]
        for values in (batch.ids, batch.segments)
    )
    return packed(ids, segments)


def _weights(files: ReaderFiles) -> dict[str, np.ndarray]:
    """Float32 by name: the heads' as stored, the encoder's as ``BertGraph`` names them.

    Raises ReaderUnavailable where the trained weights are not those of this network.
    """
    stored = stored_weights(files.folder)
    with safe_open(files.base.folder / "model.safetensors", "numpy") as packaged:
        words = packaged.get_tensor(WORDS)
        expected = {ENCODER + name for name in packaged.keys() if _is_trained(name)}  # noqa: SIM118
    refuse_other_names(stored, expected | set(HEADS), files.folder / WEIGHTS_FILE)
    trained = {name.removeprefix(ENCODER): w.astype(np.float32) for name, w in stored.items()}
    return {WORDS: words, **trained}


def _scales(files: ReaderFiles, shape: BertShape) -> dict[str, np.ndarray]:
    """Of all inputs, or none. Raises ReaderUnavailable where they are another network's."""
    scales = stored_scales(files)
    if scales:
        refuse_other_names(scales, quantised_inputs(shape.layers), files.folder / SCALES_FILE)
    return scales


def _is_trained(name: str) -> bool:
    return name != WORDS and not name.startswith("pooler.") and not name.endswith("position_ids")


def _graph(
    weights: dict[str, np.ndarray], shape: BertShape, scales: dict[str, np.ndarray]
) -> openvino.Model:
    bert = BertGraph(weights, shape, scales=scales)
    first = ops.gather(bert.hidden, ops.gather(bert.which, whole(0), whole(1)), whole(0))
    outputs = [bert.linear(bert.hidden, "span"), bert.linear(first, "verdict")]
    return openvino.Model(outputs, bert.inputs, "reader")
