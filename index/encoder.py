"""Text to unit vectors: the encoder contract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

import numpy as np

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """What vectors depend on, and the name the encoder goes by.

    ``weights_sha256`` covers weights, tokenizer and settings; ``max_tokens`` counts word
    pieces, special tokens included. ``runtime`` and ``precision`` say how it was computed;
    snapshots that do not say were made by the reference. ``revision`` counts the ways that our
    own code has done so with other bits.
    """

    name: str
    weights_sha256: str
    dimensions: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    runtime: str = "torch"
    precision: str = "float32"
    revision: int = 1

    def same_model(self, other: EncoderIdentity) -> bool:
        """Whether vectors of one may be searched with questions of the other: they differ by
        rounding at most.
        """
        ignored = {"name": "", "runtime": "", "precision": "", "revision": 0}
        return replace(self, **ignored) == replace(other, **ignored)

    def same_vectors(self, other: EncoderIdentity) -> bool:
        """Whether both give the same bits, by whatever path or name they were found."""
        return replace(self, name="") == replace(other, name="")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> EncoderIdentity:
        return cls(**value)


class Encoder(Protocol):
    """Whoever turns questions and passages into vectors whose inner product is their cosine.

    Any number of threads may ask at once.
    """

    @property
    def identity(self) -> EncoderIdentity: ...

    def encode_queries(self, questions: Sequence[str]) -> np.ndarray:
        """Unit float32 vectors, shape [len(questions), dimensions]; a question is read whole."""

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        """Unit float32 vectors, shape [len(texts), dimensions]; each depends on its text alone.

        ``progress(done, total)`` is called now and then and at the end, in passages.
        """

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """The code-point offsets of the text's word pieces, without special tokens."""

    def count_pieces(self, text: str) -> int:
        """How many of these there are, without looking for their places."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces the encoder reads for each passage, prompt and special tokens included."""
