"""The default encoder: the packaged MiniLM in OpenVINO, without torch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

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
# So many short texts of one length are run at once, and of longer ones as many as have TOKENS word
# pieces together: one by one, much of the time is spent on fetching the weights from memory.
ROWS, TOKENS = 16, 512
# Longer texts are tried by classes of so many lengths: a trial costs as much as it saves ten times.
CLASS = 32
# The most questions of one call that stay on the calling thread.
FEW = 32
# The square of the least length a vector is divided by.
EPSILON = 1e-24


class OpenVinoEncoder:
    """Mean of the token vectors, then unit length, as the model's modules.json says.

    A vector depends on its text alone, bit for bit, and short texts beside long ones cost what
    they cost. So a text is filled up by its own length only, and runs together with others of its
    length where that gives the bits it has alone: the processor decides, so each number of rows of
    each length (of longer texts, of each class of lengths) is tried both ways when it first comes.
    A single text runs on all threads that are free, others on one thread each.
    """

    def __init__(self, files: ModelFiles, precision: PrecisionName = "auto") -> None:
        limits = json.loads((files.folder / "sentence_bert_config.json").read_bytes())
        shape = BertShape.read(files.folder)
        self._pieces = WordPieces.open(files.folder / "tokenizer.json")
        chosen = chosen_precision(precision)
        self._weights = load_file(files.folder / "model.safetensors")
        self._model = CompiledModel(_graph(self._weights, shape), chosen)
        # Rows and length or class → whether these rows have the same bits together as alone.
        self._agreeing: dict[tuple[int, int], bool] = {}
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
        texts = [part for own in parts for part in own]
        # As many as a service asks at once stay on the thread that asks, since others answer
        # meanwhile: what is gained by a second would be lost by those.
        vectors = self._encoded(texts, None, shared=len(texts) > FEW)
        return mean_of_parts(vectors, [len(own) for own in parts])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        return self._encoded(texts, progress, shared=True)

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return self._pieces.spans(text)

    def count_pieces(self, text: str) -> int:
        return self._pieces.count(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._pieces.counts(texts)

    def _encoded(self, texts: Sequence[str], progress: Progress | None, shared: bool) -> np.ndarray:
        """``shared`` among the threads, or all on this one."""
        ids = self._pieces.ids(texts)
        vectors = np.empty((len(texts), self.identity.dimensions), dtype=np.float32)
        # The longest first, so that no thread is left alone with a long one at the end, and
        # those of one length together: a change of length costs the runtime some work.
        order = sorted(range(len(texts)), key=lambda row: -len(ids[row]))
        for first in range(0, len(order), LOT):
            rows = order[first : first + LOT]
            runs = _runs([ids[row] for row in rows])
            if len(texts) == 1:  # a question most of all, so it takes all that are free
                vectors[rows] = self._run(runs[0], soon=True)
            else:
                each = self._threads.map if shared else map
                vectors[rows] = np.concatenate(list(each(self._vectors, runs)))
            if progress is not None:
                progress(first + len(rows), len(texts))
        return vectors

    def _vectors(self, run: Sequence[np.ndarray]) -> np.ndarray:
        """Unit vectors, float32 [texts, dimensions], of texts of one length."""
        length = _filled(run[0])
        shape = len(run), length if length <= SHORT else length // CLASS * CLASS
        if len(run) == 1 or self._agreeing.get(shape):
            return self._run(run)
        alone = np.concatenate([self._run([ids]) for ids in run])
        if shape not in self._agreeing:
            self._agreeing[shape] = np.array_equal(alone, self._run(run))
        return alone

    def _run(self, texts: Sequence[np.ndarray], soon: bool = False) -> np.ndarray:
        ids = np.zeros((len(texts), _filled(texts[0])), np.int32)
        present = np.zeros(ids.shape, np.float32)
        for row, own in enumerate(texts):
            ids[row, : len(own)], present[row, : len(own)] = own, 1
        (vectors,) = self._model.run([ids, np.zeros_like(ids), present], soon)
        return vectors


def _filled(ids: np.ndarray) -> int:
    """The length at which a text of these word pieces is run."""
    return -(-len(ids) // STEP) * STEP if len(ids) <= SHORT else len(ids)


def _runs(texts: Sequence[np.ndarray]) -> list[list[np.ndarray]]:
    """Texts in order of length, by what runs at once: texts of one length, or one.

    Longer ones only in eights, fours and twos, since each number of rows needs a trial.
    """
    runs = []
    for length, alike in groupby(texts, _filled):
        own, rows, first = list(alike), _rows_at_once(length), 0
        while first < len(own):
            while length > SHORT and rows > len(own) - first:
                rows //= 2
            runs.append(own[first : first + rows])
            first += rows
    return runs


def _rows_at_once(length: int) -> int:
    return ROWS if length <= SHORT else 1 << (max(1, TOKENS // length).bit_length() - 1)


def _graph(weights: dict[str, np.ndarray], shape: BertShape) -> openvino.Model:
    bert = BertGraph(weights, shape)
    present = ops.unsqueeze(bert.attention, whole([2]))
    total = ops.reduce_sum(ops.multiply(bert.hidden, present), whole([1]))
    mean = ops.divide(total, ops.reduce_sum(present, whole([1])))
    return openvino.Model(
        [ops.normalize_l2(mean, whole([1]), EPSILON, "max")], bert.inputs, "encoder"
    )
