"""Text to unit vectors: the encoder contract, and sentence-transformers as its reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.errors import EncoderUnavailable
from index.model_files import ModelFiles, named_model, packaged_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Texts encoded at once, never more nor fewer: matrix kernels, and so the last bits of a vector,
# depend on a batch's shape. Sixteen were an eighth faster, but a small folder is mostly filling.
BATCH_ROWS = 8
# Texts tokenized at once to be counted: all of a large corpus would take gigabytes.
COUNTED_AT_ONCE = 1024
# Word pieces left free where a text was cut: some tokenizers find more in a part, or in a whole,
# than the sum says.
SPARE_TOKENS = 8
# A model that states no limit of its own, or an absurd one, is trusted with this many pieces.
MOST_TOKENS = 8192

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """What vectors depend on, and the name the encoder goes by.

    ``weights_sha256`` covers weights, tokenizer and settings; ``max_tokens`` counts word
    pieces, special tokens included.
    """

    name: str
    weights_sha256: str
    dimensions: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str

    def same_vectors(self, other: EncoderIdentity) -> bool:
        """Whether both give the same vectors, by whatever path or name they were found."""
        return replace(self, name="") == replace(other, name="")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> EncoderIdentity:
        return cls(**value)


class Encoder(Protocol):
    """Whoever turns questions and passages into vectors whose inner product is their cosine."""

    @property
    def identity(self) -> EncoderIdentity: ...

    def encode_queries(self, questions: Sequence[str]) -> np.ndarray:
        """Unit float32 vectors, shape [len(questions), dimensions]; a question is read whole."""

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        """Unit float32 vectors, shape [len(texts), dimensions]; each depends on its text alone.

        ``progress(done, total)`` is called after each batch, in passages.
        """

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """The code-point offsets of the text's word pieces, without special tokens."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces the encoder reads for each passage, prompt and special tokens included."""


class SentenceTransformersEncoder:
    """The reference: a sentence-transformers model in float32 on the CPU or its own device."""

    def __init__(self, files: ModelFiles) -> None:
        self._model = _load_model(files.folder, files.name)
        self._tokenizer = self._model.tokenizer
        if not getattr(self._tokenizer, "is_fast", False):
            raise EncoderUnavailable(
                f"encoder {files.name!r} has no tokenizer.json, so word pieces cannot be traced to "
                "the text; name a model with a fast tokenizer in QUOTH_ENCODER"
            )
        prompts = self._model.prompts or {}
        self.identity = EncoderIdentity(
            name=files.name,
            weights_sha256=files.sha256,
            dimensions=int(self._model.get_embedding_dimension()),
            max_tokens=_max_tokens(self._model),
            query_prompt=prompts.get("query") or "",
            passage_prompt=_passage_prompt(prompts),
        )

    def encode_queries(self, questions: Sequence[str]) -> np.ndarray:
        # A question longer than the model reads is encoded in parts, whose mean stands for it:
        # the model would drop its end without a word.
        parts = [self._readable_parts(question) for question in questions]
        flat = [part for own in parts for part in own]
        vectors = self._encode(flat, self.identity.query_prompt, len(flat) or 1)
        if len(flat) == len(questions):
            return vectors
        ends = np.cumsum([len(own) for own in parts])
        means = np.stack([own.mean(axis=0) for own in np.split(vectors, ends[:-1])])
        return means / np.linalg.norm(means, axis=1, keepdims=True)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        # A batch holds texts of one length only and always as many, the last one filled up. So
        # nothing is padded, and a vector depends on its text alone, not on its neighbours: an
        # incremental build gives a full one's bytes.
        vectors = np.empty((len(texts), self.identity.dimensions), dtype=np.float32)
        done = 0
        for rows in _batches_of_one_length(self.count_tokens(texts)):
            filled = [texts[row] for row in (*rows, *rows[:1] * (BATCH_ROWS - len(rows)))]
            encoded = self._encode(filled, self.identity.passage_prompt, BATCH_ROWS)
            vectors[rows] = encoded[: len(rows)]
            done += len(rows)
            if progress is not None:
                progress(done, len(texts))
        return vectors

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        encoded = self._tokenizer(
            text,
            add_special_tokens=False,
            return_offsets_mapping=True,
            truncation=False,
            verbose=False,
        )
        return [(start, end) for start, end in encoded["offset_mapping"] if end > start]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        prompt, counts = self.identity.passage_prompt, []
        for first in range(0, len(texts), COUNTED_AT_ONCE):
            part = [prompt + text for text in texts[first : first + COUNTED_AT_ONCE]]
            encoded = self._tokenizer(part, truncation=False, verbose=False)
            counts += [len(ids) for ids in encoded["input_ids"]]
        return counts

    def _readable_parts(self, question: str) -> list[str]:
        """The question itself, or as few parts of equal length as the model can read whole."""
        prompt = self._tokenizer(self.identity.query_prompt, truncation=False, verbose=False)
        room = self.identity.max_tokens - len(prompt["input_ids"])
        pieces = self.token_spans(question)
        if len(pieces) <= room:
            return [question]
        count = -(-len(pieces) // (room - SPARE_TOKENS))
        firsts = [pieces[len(pieces) * part // count][0] for part in range(1, count)]
        return [question[a:b] for a, b in pairwise([0, *firsts, len(question)])]

    def _encode(self, texts: list[str], prompt: str, batch_size: int) -> np.ndarray:
        vectors = self._model.encode(
            texts,
            prompt=prompt or None,
            batch_size=batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.identity.dimensions)


def load_encoder(name: str | None = None) -> SentenceTransformersEncoder:
    """The packaged MiniLM, or the sentence-transformers model named: a folder or a hub id.

    The network is used only for a hub id. Raises EncoderUnavailable where the model is
    missing, altered (packaged) or cannot be loaded without running its code.
    """
    return SentenceTransformersEncoder(packaged_model() if name is None else named_model(name))


def _load_model(folder: Path, name: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        return SentenceTransformer(
            str(folder),
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # model folders fail in as many ways as there are models
        raise EncoderUnavailable(
            f"cannot load encoder {name!r} from {folder}: {type(error).__name__}: {error}"
        ) from error


def _passage_prompt(prompts: dict[str, str]) -> str:
    # The names sentence-transformers itself looks for, in its order.
    return next((prompts[key] for key in ("document", "passage", "corpus") if prompts.get(key)), "")


def _max_tokens(model: SentenceTransformer) -> int:
    # A model without a limit of its own reports None or a huge number; 512 is BERT's.
    return min(int(model.max_seq_length or 512), MOST_TOKENS)


def _batches_of_one_length(lengths: Sequence[int]) -> list[list[int]]:
    """Rows grouped by length, longest first, each group cut to BATCH_ROWS.

    >>> _batches_of_one_length([3, 5, 3])
    [[1], [0, 2]]
    """
    by_length: dict[int, list[int]] = {}
    for row, length in enumerate(lengths):
        by_length.setdefault(length, []).append(row)
    batches = []
    for length in sorted(by_length, reverse=True):
        rows = by_length[length]
        batches += [rows[at : at + BATCH_ROWS] for at in range(0, len(rows), BATCH_ROWS)]
    return batches
