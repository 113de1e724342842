"""A snapshot's self-description: what it was made with, what it holds, and a checksum per file."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, TypeVar

from index.chunking import ChunkingSettings
from index.encoder import EncoderIdentity
from index.errors import (
    CorruptSnapshot,
    IncompatibleSnapshot,
    InvalidSetting,
    SnapshotNotFound,
)

FORMAT = 3
T = TypeVar("T")
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


def sums_of(folder: Path, names: Iterable[str]) -> dict[str, FileSum]:
    """Each file's sum. Raises OSError."""
    names = list(names)
    sums = _side_by_side(lambda name: FileSum.of(folder / name), names)
    return dict(zip(names, sums, strict=True))


def check_files(folder: Path, manifest: Manifest, names: Iterable[str] | None = None) -> list[str]:
    """One sentence per listed file, of all or of those names, that is missing, of another length
    or of other bytes.
    """
    chosen = sorted(manifest.files if names is None else names)
    told = _side_by_side(lambda name: _fault(folder / name, manifest.files[name]), chosen)
    return [fault for fault in told if fault]


def check_sizes(folder: Path, manifest: Manifest, names: Iterable[str]) -> list[str]:
    """One sentence per file of those names that is missing or of another length."""
    told = (_fault(folder / name, manifest.files[name], hashed=False) for name in sorted(names))
    return [fault for fault in told if fault]


def _fault(path: Path, expected: FileSum, hashed: bool = True) -> str:
    """What is wrong with a file, "" where nothing is."""
    try:
        length = path.stat().st_size
        if length != expected.bytes:
            return f"{path} has {length} bytes, the manifest says {expected.bytes}"
        found = FileSum.of(path).sha256 if hashed else expected.sha256
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    return wrong_bytes(path, found, expected) if found != expected.sha256 else ""


def wrong_bytes(path: Path, found: str, expected: FileSum) -> str:
    """The sentence for a file whose sha256 is another."""
    return f"{path} has sha256 {found}, the manifest says {expected.sha256}"


def _side_by_side(read: Callable[[str], T], names: Iterable[str]) -> list[T]:
    """Of each file what reading it gives; hashing holds up no other thread."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(read, names))
