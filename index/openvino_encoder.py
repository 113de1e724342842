"""The default encoder: the packaged MiniLM in OpenVINO, without torch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from safetensors.numpy import load_file

from index.bert_graph import BertGraph, BertShape, ops, whole
from index.encoder import EncoderIdentity, Progress
from index.model_files import ModelFiles
from index.openvino_runtime import CompiledModel, chosen_precision, openvino
from index.runtimes import PrecisionName
from index.word_pieces import WordPieces, mean_of_parts

# Texts handed to the threads at once; between two such lots progress is told.
LOT = 256
# Texts of so few word pieces, questions most of all, are filled up to a multiple of STEP: the
# runtime takes a millisecond for a change of length, and they take three.
SHORT, STEP = 32, 8
# The square of the least length a vector is divided by.
EPSILON = 1e-24


class OpenVinoEncoder:
    """Mean of the token vectors, then unit length, as the model's modules.json says.

    Each text runs by itself, so that a vector depends on its text alone, and short texts beside
    long ones cost what they cost: many on one thread each, a single one on all that are free.
    """

    def __init__(self, files: ModelFiles, precision: PrecisionName = "auto") -> None:
        limits = json.loads((files.folder / "sentence_bert_config.json").read_bytes())
        shape = BertShape.read(files.folder)
        self._pieces = WordPieces.open(files.folder / "tokenizer.json")
        chosen = chosen_precision(precision)
        self._weights = load_file(files.folder / "model.safetensors")
        self._model = CompiledModel(_graph(self._weights, shape), chosen)
        self._threads = ThreadPoolExecutor(self._model.streams, thread_name_prefix="encode")
        self.identity = EncoderIdentity(
            name=files.name,
            weights_sha256=files.sha256,
            dimensions=shape.width,
            max_tokens=limits["max_seq_length"],
            query_prompt="",
            passage_prompt="",
            runtime="openvino",
            precision=chosen,
        )

    def encode_queries(self, questions: Sequence[str]) -> np.ndarray:
        parts = [self._pieces.parts(one, "", self.identity.max_tokens) for one in questions]
        vectors = self.encode_passages([part for own in parts for part in own])
        return mean_of_parts(vectors, [len(own) for own in parts])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        ids = self._pieces.ids(texts)
        vectors = np.empty((len(texts), self.identity.dimensions), dtype=np.float32)
        # The longest first, so that no thread is left alone with a long one at the end, and
        # those of one length together: a change of length costs the runtime some work.
        order = sorted(range(len(texts)), key=lambda row: -len(ids[row]))
        for first in range(0, len(order), LOT):
            rows = order[first : first + LOT]
            vectors[rows] = self._vectors([ids[row] for row in rows])
            if progress is not None:
                progress(first + len(rows), len(texts))
        return vectors

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return self._pieces.spans(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._pieces.counts(texts)

    def _vectors(self, texts: Sequence[np.ndarray]) -> list[np.ndarray]:
        if len(texts) == 1:  # a question most of all: another thread would only cost time
            return [self._vector(texts[0], soon=True)]
        return list(self._threads.map(self._vector, texts))

    def _vector(self, ids: np.ndarray, soon: bool = False) -> np.ndarray:
        length = -(-len(ids) // STEP) * STEP if len(ids) <= SHORT else len(ids)
        row, present = np.zeros((1, length), np.int32), np.zeros((1, length), np.float32)
        row[0, : len(ids)], present[0, : len(ids)] = ids, 1
        (vector,) = self._model.run([row, np.zeros_like(row), present], soon)
        return vector[0]


def _graph(weights: dict[str, np.ndarray], shape: BertShape) -> openvino.Model:
    bert = BertGraph(weights, shape)
    present = ops.unsqueeze(bert.attention, whole([2]))
    total = ops.reduce_sum(ops.multiply(bert.hidden, present), whole([1]))
    mean = ops.divide(total, ops.reduce_sum(present, whole([1])))
    return openvino.Model(
        [ops.normalize_l2(mean, whole([1]), EPSILON, "max")], bert.inputs, "encoder"
    )
