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
from index.packing import Shape, packed, row_length, runs_of
from index.runtimes import PrecisionName
from index.word_pieces import WordPieces, mean_of_parts

# Texts handed to the threads at once; between two such lots progress is told.
LOT = 256
# So many word pieces are run at once at most, and at least where there are threads for more: one
# text by one, much of the time is spent on fetching the weights from memory.
MOST, LEAST = 512, 64
# Runs are tried by classes of so many word pieces, where they have more: a trial costs as much as
# it saves ten times.
CLASS = 64
# The most questions of one call that stay on the calling thread.
FEW = 32
# In 1 attention was over rows of other lengths: of a text's own, of short ones' next multiple of 8.
REVISION = 2
# The square of the least length a vector is divided by.
EPSILON = 1e-24


class OpenVinoEncoder:
    """Mean of the token vectors, then unit length, as the model's modules.json says.

    A vector depends on its text alone, bit for bit, and short texts beside long ones cost what
    they cost. So texts stand end to end, about as long ones together, where that gives the bits
    they have alone: the processor decides, so each class of runs is tried both ways when it first
    comes. A single text runs on all threads that are free, others on one thread each.
    """

    def __init__(self, files: ModelFiles, precision: PrecisionName = "auto") -> None:
        limits = json.loads((files.folder / "sentence_bert_config.json").read_bytes())
        shape = BertShape.read(files.folder)
        self._pieces = WordPieces.open(files.folder / "tokenizer.json")
        chosen = chosen_precision(precision)
        self._weights = load_file(files.folder / "model.safetensors")
        # Only a single text, a question most of all, ever runs on all threads.
        together, alone = (_graph(self._weights, shape, single) for single in (False, True))
        self._model = CompiledModel(together, chosen, alone)
        # Class of runs → whether texts have the bits there that they have alone.
        self._agreeing: dict[tuple[int, int, int], bool] = {}
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
            revision=REVISION,
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
        # those about as long together.
        order = sorted(range(len(texts)), key=lambda row: -len(ids[row]))
        for first in range(0, len(order), LOT):
            rows = order[first : first + LOT]
            own = [ids[row] for row in rows]
            if len(texts) == 1:  # a question most of all, so it takes all that are free
                vectors[rows] = self._run(own, soon=True)
            else:
                each = self._threads.map if shared else map
                vectors[rows] = np.concatenate(list(each(self._vectors, self._runs(own, shared))))
            if progress is not None:
                progress(first + len(rows), len(texts))
        return vectors

    def _runs(self, texts: Sequence[np.ndarray], shared: bool) -> list[Sequence[np.ndarray]]:
        """What is run at once of the texts, the longest first, so that each thread has some."""
        lengths = [len(ids) for ids in texts]
        fair = -(-sum(lengths) // self._model.streams) if shared else MOST
        return [texts[part] for part in runs_of(lengths, min(MOST, max(LEAST, fair)))]

    def _vectors(self, run: Sequence[np.ndarray]) -> np.ndarray:
        """Unit vectors, float32 [texts, dimensions], of texts that are run at once."""
        lengths = [len(ids) for ids in run]
        shape = Shape.of(lengths)
        tokens = shape.tokens if shape.tokens < CLASS else shape.tokens // CLASS * CLASS
        known = tokens, shape.length, row_length(min(lengths))
        if len(run) == 1 or self._agreeing.get(known):
            return self._run(run)
        alone = np.concatenate([self._run([ids]) for ids in run])
        if known not in self._agreeing:
            agrees = np.array_equal(alone, self._run(run))
            # Another thread may have tried the same class with other texts meanwhile.
            self._agreeing[known] = agrees and self._agreeing.get(known, True)
        return alone

    def _run(self, texts: Sequence[np.ndarray], soon: bool = False) -> np.ndarray:
        (vectors,) = self._model.run(packed(texts), soon)
        return vectors


def _graph(weights: dict[str, np.ndarray], shape: BertShape, single: bool) -> openvino.Model:
    bert = BertGraph(weights, shape, single)
    present = ops.unsqueeze(bert.present, whole([2]))
    total = ops.reduce_sum(ops.multiply(bert.by_row(bert.hidden), present), whole([1]))
    mean = ops.divide(total, ops.reduce_sum(present, whole([1])))
    return openvino.Model(
        [ops.normalize_l2(mean, whole([1]), EPSILON, "max")], bert.inputs, "encoder"
    )
