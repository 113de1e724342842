"""Text to unit vectors: the encoder contract, and which encoder runs where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

import numpy as np

from index.errors import InvalidSetting
from index.model_files import named_model, packaged_model
from index.runtimes import RuntimeSettings, cuda_is_there

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """What vectors depend on, and the name the encoder goes by.

    ``weights_sha256`` covers weights, tokenizer and settings; ``max_tokens`` counts word
    pieces, special tokens included. ``runtime`` and ``precision`` say how it was computed;
    snapshots that do not say were made by the reference.
    """

    name: str
    weights_sha256: str
    dimensions: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    runtime: str = "torch"
    precision: str = "float32"

    def same_model(self, other: EncoderIdentity) -> bool:
        """Whether vectors of one may be searched with questions of the other: they differ by
        rounding at most.
        """
        here = replace(self, name="", runtime="", precision="")
        return here == replace(other, name="", runtime="", precision="")

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

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces the encoder reads for each passage, prompt and special tokens included."""


def load_encoder(name: str | None = None, wanted: RuntimeSettings = RuntimeSettings()) -> Encoder:
    """The packaged MiniLM, or the sentence-transformers model named: a folder or a hub id.

    The packaged model runs in OpenVINO, a named one in torch, as does either where there is an
    NVIDIA card for it. The network is used only for a hub id. Raises EncoderUnavailable where
    the model is missing, altered (packaged) or cannot be loaded without running its code, and
    InvalidSetting where it does not run as ``wanted``.
    """
    if name is not None and wanted.runtime == "openvino":
        raise InvalidSetting(
            f"QUOTH_RUNTIME is 'openvino', which runs the packaged encoder only, and "
            f"QUOTH_ENCODER names {name!r}; unset one of them"
        )
    # Each runtime is imported where it is chosen: torch alone takes seconds.
    if (
        name is not None
        or wanted.runtime == "torch"
        or (wanted.runtime == "auto" and cuda_is_there())
    ):
        from index.sentence_transformers_encoder import SentenceTransformersEncoder

        files = packaged_model() if name is None else named_model(name)
        return SentenceTransformersEncoder(files, wanted.precision)
    from index.openvino_encoder import OpenVinoEncoder

    return OpenVinoEncoder(packaged_model(), wanted.precision)
