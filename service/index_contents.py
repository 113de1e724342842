"""What an index folder holds, read without loading a model: versions, sizes, documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.manifest import Manifest, read_manifest
from index.pointer import SNAPSHOTS, published_at, read_pointer
from index.snapshot import DocumentEntry

# The beginning of a file's name in a snapshot → what a person calls that part of it.
PARTS = {
    "texts.": "texts",
    "vectors.": "vectors",
    "dense": "search index",
    "windows.": "search index",
    "lexical/": "words",
}
OTHER_PART = "tables"


@dataclass(frozen=True, slots=True)
class Version:
    """A snapshot that is kept; ``published`` says whether it is the one that answers."""

    version: str
    created_at: str
    bytes: int
    published: bool


@dataclass(frozen=True, slots=True)
class IndexContents:
    """The published snapshot and those beside it. Sizes are in bytes.

    ``parts`` is the published one's size by part. A service maps all of it, so their sum is
    what it holds in memory beside its models once every page has been touched.
    """

    folder: Path
    version: str
    created_at: str
    parent: str | None
    manifest: Manifest
    parts: Mapping[str, int]
    versions: tuple[Version, ...]

    def to_json(self) -> dict[str, Any]:
        manifest = asdict(self.manifest)
        del manifest["files"]
        return {
            "index": str(self.folder),
            "version": self.version,
            "created_at": self.created_at,
            "parent": self.parent,
            **manifest,
            "bytes": {"total": self.manifest.bytes, **self.parts},
            "versions": [asdict(each) for each in self.versions],
        }


def index_contents(folder: Path) -> IndexContents:
    """Raises SnapshotNotFound, CorruptSnapshot or IncompatibleSnapshot of the published one."""
    pointer = read_pointer(folder)
    manifest = read_manifest(folder / SNAPSHOTS / pointer.version)
    parts: dict[str, int] = {}
    for name, entry in manifest.files.items():
        part = next((part for start, part in PARTS.items() if name.startswith(start)), OTHER_PART)
        parts[part] = parts.get(part, 0) + entry.bytes
    return IndexContents(
        folder=folder,
        version=pointer.version,
        created_at=pointer.created_at,
        parent=pointer.parent,
        manifest=manifest,
        parts=dict(sorted(parts.items(), key=lambda part: -part[1])),
        versions=_versions(folder, pointer.version),
    )


def document_json(entry: DocumentEntry) -> dict[str, Any]:
    """A document as ``GET /v1/documents`` lists it, but for its links."""
    value = asdict(entry)
    del value["bytes"]
    return value | {"passages": len(entry.passages)}


def _versions(folder: Path, published: str) -> tuple[Version, ...]:
    """Every snapshot kept, the last published first."""
    found = [
        Version(
            version=place.name,
            created_at=published_at(folder, place.name),
            bytes=sum(file.stat().st_size for file in place.rglob("*") if file.is_file()),
            published=place.name == published,
        )
        for place in sorted((folder / SNAPSHOTS).iterdir())
        if place.is_dir() and not place.name.startswith(".")
    ]
    return tuple(sorted(found, key=lambda each: (each.published, each.created_at), reverse=True))
