"""A snapshot's self-description: what it was made with, what it holds, and a checksum per file."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from index.chunking import ChunkingSettings
from index.encoder import EncoderIdentity
from index.errors import (
    CorruptSnapshot,
    IncompatibleSnapshot,
    InvalidSetting,
    SnapshotNotFound,
)

FORMAT = 3
FILE = "manifest.json"
VERSION = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class FileSum:
    """One file's length in bytes and sha256."""

    bytes: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> FileSum:
        with path.open("rb") as file:
            return cls(path.stat().st_size, file_digest(file, "sha256").hexdigest())


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything but time and parent, which stand at the pointer: the same input must give
    the same manifest, and so the same version, whenever and after whatever it is built.
    """

    encoder: EncoderIdentity
    chunking: ChunkingSettings
    lexical: dict[str, Any]
    dense: dict[str, Any]
    documents: int
    passages: int
    sentences: int
    windows: int
    longest_encoded_tokens: int
    truncated: int
    files: dict[str, FileSum]

    @property
    def bytes(self) -> int:
        return sum(entry.bytes for entry in self.files.values())

    def to_bytes(self) -> bytes:
        value = {"format": FORMAT, **asdict(self)}
        return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes, where: Path) -> Manifest:
        """Raises CorruptSnapshot for bytes that are no manifest of this format."""
        try:
            value = json.loads(data)
            del value["format"]
            value["encoder"] = EncoderIdentity.from_json(value["encoder"])
            value["chunking"] = ChunkingSettings(**value["chunking"])
            value["files"] = {name: FileSum(**entry) for name, entry in value["files"].items()}
            return cls(**value)
        except (ValueError, KeyError, TypeError, AttributeError, InvalidSetting) as error:
            raise CorruptSnapshot(f"{where} is no manifest of format {FORMAT}: {error}") from error


def version_of(manifest: bytes) -> str:
    """A snapshot's version is its content: the first 16 hex digits of its manifest's sha256."""
    return sha256(manifest).hexdigest()[:16]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the snapshot in ``folder``, whose name is its version.

    Raises SnapshotNotFound, CorruptSnapshot where the bytes are not that version's, and
    IncompatibleSnapshot for another format.
    """
    path = folder / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SnapshotNotFound(
            f"there is no snapshot {folder.name} in {folder.parent}; run `quoth build`"
        ) from error
    except OSError as error:
        raise CorruptSnapshot(f"cannot read {path}: {error.strerror}") from error
    # The format is looked at first: another version of Quoth may name its snapshots otherwise.
    # Nothing else is read before the bytes are known to be the ones that were published.
    written = _format_of(data)
    if written is not None and written != FORMAT:
        raise IncompatibleSnapshot(
            f"{path} is of snapshot format {written!r}, this version of Quoth reads format "
            f"{FORMAT}; rebuild the index with `quoth build`"
        )
    if version_of(data) != folder.name:
        raise CorruptSnapshot(
            f"{path} has sha256 {sha256(data).hexdigest()}, which is not version {folder.name}; "
            "rebuild the index with `quoth build`, or restore the folder"
        )
    return Manifest.from_bytes(data, path)


def _format_of(data: bytes) -> Any:
    """What the bytes say their format is, None where they say nothing."""
    try:
        return json.loads(data).get("format")
    except (ValueError, AttributeError):
        return None


def check_files(folder: Path, manifest: Manifest) -> list[str]:
    """One sentence per listed file that is missing, of another length or of other bytes."""
    problems = []
    for name, expected in sorted(manifest.files.items()):
        try:
            found = FileSum.of(folder / name)
        except OSError as error:
            problems.append(f"{folder / name} cannot be read: {error.strerror}")
            continue
        if found.bytes != expected.bytes:
            problems.append(
                f"{folder / name} has {found.bytes} bytes, the manifest says {expected.bytes}"
            )
        elif found.sha256 != expected.sha256:
            problems.append(
                f"{folder / name} has sha256 {found.sha256}, the manifest says {expected.sha256}"
            )
    return problems
