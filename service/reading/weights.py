"""The reader's weights on disk: only what differs from the packaged model, float16, no pickle."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from index.errors import EncoderUnavailable
from index.model_files import ModelFiles, packaged_model
from service.errors import ReaderUnavailable
from service.reading.network import ReaderNetwork, trained_parameters
from service.reading.records import ReaderIdentity

WEIGHTS_FILE, RECORD_FILE = "reader.safetensors", "reader.json"


@dataclass(frozen=True, slots=True)
class ReaderFiles:
    """A reader's folder, who it is, and the packaged model its weights go on top of."""

    folder: Path
    identity: ReaderIdentity
    base: ModelFiles


def save_weights(weights: dict[str, torch.Tensor], folder: Path, name: str) -> ReaderIdentity:
    """Writes named tensors as float16 safetensors, and beside them who they are."""
    folder.mkdir(parents=True, exist_ok=True)
    halves = {key: value.detach().cpu().half().contiguous() for key, value in weights.items()}
    save_file(halves, folder / WEIGHTS_FILE)
    identity = ReaderIdentity(name, _sha256(folder / WEIGHTS_FILE), packaged_model().sha256)
    text = json.dumps(identity.to_json(), indent=1)
    (folder / RECORD_FILE).write_text(text + "\n", encoding="utf-8")
    return identity


def find_reader(folder: Path) -> ReaderFiles:
    """The reader in a folder, verified by hash. Raises ReaderUnavailable."""
    record = folder / RECORD_FILE
    try:
        identity = ReaderIdentity(**json.loads(record.read_text(encoding="utf-8")))
        found = _sha256(folder / WEIGHTS_FILE)
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


def put_weights(network: ReaderNetwork, folder: Path) -> None:
    """Loads the trained weights into a network. Raises ReaderUnavailable for other names."""
    parameters = trained_parameters(network)
    try:
        stored = load_file(folder / WEIGHTS_FILE)
    except (OSError, SafetensorError) as error:
        raise ReaderUnavailable(f"cannot read {folder / WEIGHTS_FILE}: {error}") from error
    odd = sorted(stored.keys() ^ parameters.keys())
    if odd:
        raise ReaderUnavailable(
            f"{folder / WEIGHTS_FILE} does not fit the network: {', '.join(odd[:3])}"
        )
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(stored[name])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
