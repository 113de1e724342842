"""The reference encoder: any sentence-transformers model, in torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging

from index.encoder import EncoderIdentity, Progress
from index.errors import EncoderUnavailable
from index.model_files import ModelFiles
from index.runtimes import PrecisionName
from index.word_pieces import WordPieces, mean_of_parts

# Texts encoded at once, never more nor fewer: matrix kernels, and so the last bits of a vector,
# depend on a batch's shape.
BATCH_ROWS = 8
# A model that states no limit of its own, or an absurd one, is trusted with this many pieces.
MOST_TOKENS = 8192


class SentenceTransformersEncoder:
    """In float32 unless told otherwise, on the CPU or the device that torch finds."""

    def __init__(self, files: ModelFiles, precision: PrecisionName = "auto") -> None:
        self._model = _load_model(files.folder, files.name, precision)
        if not getattr(self._model.tokenizer, "is_fast", False):
            raise EncoderUnavailable(
                f"encoder {files.name!r} has no tokenizer.json, so word pieces cannot be traced to "
                "the text; name a model with a fast tokenizer in QUOTH_ENCODER"
            )
        self._pieces = WordPieces(self._model.tokenizer.backend_tokenizer)
        prompts, device = self._model.prompts or {}, self._model.device.type
        self.identity = EncoderIdentity(
            name=files.name,
            weights_sha256=files.sha256,
            dimensions=int(self._model.get_embedding_dimension()),
            max_tokens=_max_tokens(self._model),
            query_prompt=prompts.get("query") or "",
            passage_prompt=_passage_prompt(prompts),
            runtime="torch" if device == "cpu" else f"torch on {device}",
            precision="bfloat16" if precision == "bfloat16" else "float32",
        )

    def encode_queries(self, questions: Sequence[str]) -> np.ndarray:
        prompt, limit = self.identity.query_prompt, self.identity.max_tokens
        parts = [self._pieces.parts(question, prompt, limit) for question in questions]
        flat = [part for own in parts for part in own]
        return mean_of_parts(self._encode(flat, prompt, len(flat) or 1), [len(p) for p in parts])

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
        return self._pieces.spans(text)

    def count_pieces(self, text: str) -> int:
        return self._pieces.count(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        prompt = self.identity.passage_prompt
        return self._pieces.counts([prompt + text for text in texts] if prompt else texts)

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


def _load_model(folder: Path, name: str, precision: PrecisionName) -> SentenceTransformer:
    logging.disable_progress_bar()
    try:
        model = SentenceTransformer(
            str(folder),
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # model folders fail in as many ways as there are models
        raise EncoderUnavailable(
            f"cannot load encoder {name!r} from {folder}: {type(error).__name__}: {error}"
        ) from error
    return model.to(torch.bfloat16) if precision == "bfloat16" else model


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
