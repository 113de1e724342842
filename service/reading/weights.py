"""The reader's weights on disk: only what differs from the packaged model, float16, no pickle.

Beside them, where they were fitted, the scales of quantised inputs (``index/quantisation.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from index.errors import EncoderUnavailable
from index.model_files import ModelFiles, packaged_model
from service.errors import ReaderUnavailable
from service.reading.records import ReaderIdentity

WEIGHTS_FILE, RECORD_FILE = "reader.safetensors", "reader.json"
SCALES_FILE = "scales.safetensors"


@dataclass(frozen=True, slots=True)
class ReaderFiles:
    """A reader's folder, who it is, and the packaged model its weights go on top of."""

    folder: Path
    identity: ReaderIdentity
    base: ModelFiles


def find_reader(folder: Path) -> ReaderFiles:
    """The reader in a folder, verified by hash. Raises ReaderUnavailable."""
    record = folder / RECORD_FILE
    try:
        identity = ReaderIdentity(**json.loads(record.read_text(encoding="utf-8")))
        found = weights_sha256(folder)
        scales = None if identity.scales_sha256 is None else sha256_of(folder / SCALES_FILE)
    except (OSError, ValueError, TypeError) as error:
        raise ReaderUnavailable(
            f"{folder} holds no reader ({RECORD_FILE} and {WEIGHTS_FILE}): {error}; name another "
            "folder in QUOTH_READER, or set it to none"
        ) from error
    if found != identity.weights_sha256:
        raise ReaderUnavailable(
            f"{folder / WEIGHTS_FILE} has sha256 {found}, not {identity.weights_sha256} as "
            f"{RECORD_FILE} says; restore the file, or set QUOTH_READER=none"
        )
    if scales != identity.scales_sha256:
        raise ReaderUnavailable(
            f"{folder / SCALES_FILE} has sha256 {scales}, not {identity.scales_sha256} as "
            f"{RECORD_FILE} says; restore the file, or set QUOTH_READER=none"
        )
    try:
        base = packaged_model()
    except EncoderUnavailable as error:
        raise ReaderUnavailable(f"the reader needs the packaged model: {error}") from error
    if base.sha256 != identity.base_sha256:
        raise ReaderUnavailable(
            f"the reader in {folder} was trained on a packaged model of sha256 "
            f"{identity.base_sha256}, the installed one has {base.sha256}"
        )
    return ReaderFiles(folder, identity, base)


def write_record(folder: Path, identity: ReaderIdentity) -> None:
    """Who a folder's weights are, for ``find_reader``."""
    text = json.dumps(identity.trained(), indent=1)
    (folder / RECORD_FILE).write_text(text + "\n", encoding="utf-8")


def stored_weights(folder: Path) -> dict[str, np.ndarray]:
    """The trained weights by name, float16. Raises ReaderUnavailable where they cannot be read."""
    return _tensors(folder / WEIGHTS_FILE)


def stored_scales(files: ReaderFiles) -> dict[str, np.ndarray]:
    """The scales of a reader's inputs by the names of ``quantised_inputs``, float32 [channels];
    none where none were fitted. Raises ReaderUnavailable where they cannot be read.
    """
    return {} if files.identity.scales_sha256 is None else _tensors(files.folder / SCALES_FILE)


def _tensors(path: Path) -> dict[str, np.ndarray]:
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise ReaderUnavailable(f"cannot read {path}: {error}") from error


def refuse_other_names(stored: Iterable[str], expected: Iterable[str], path: Path) -> None:
    """Raises ReaderUnavailable unless the names stored in a file are a network's own."""
    odd = sorted(set(stored) ^ set(expected))
    if odd:
        raise ReaderUnavailable(f"{path} does not fit the network: {', '.join(odd[:3])}")


def weights_sha256(folder: Path) -> str:
    """The sha256 of a folder's trained weights, 64 hex digits."""
    return sha256_of(folder / WEIGHTS_FILE)


def sha256_of(path: Path) -> str:
    """64 hex digits. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
