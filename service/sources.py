"""Where the files of an index lie on this machine, so that a citation can be opened there.

A snapshot knows documents by their uri alone and so is the same wherever it was built. Which
folders it was built from is kept beside the pointer, for this machine only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

FILE = "sources.json"


@dataclass(frozen=True, slots=True)
class Sources:
    """Pairs of a uri's beginning and the file or folder that it stands for."""

    roots: tuple[tuple[str, Path], ...] = ()

    @classmethod
    def of(cls, paths: Sequence[Path]) -> Sources:
        """As ``index.documents.folder.walk`` names what lies under the paths."""
        found = []
        for given in paths:
            path = given.resolve()
            name = given.name or path.name
            folder = f"{name}/" if len(paths) > 1 else ""
            found.append((folder if path.is_dir() else name, path))
        return cls(tuple(found))

    @classmethod
    def read(cls, index_folder: Path) -> Sources:
        """Those of the last build; none where nothing readable was kept."""
        try:
            kept = json.loads((index_folder / FILE).read_text(encoding="utf-8"))
            return cls(tuple((str(prefix), Path(path)) for prefix, path in kept["roots"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def save(self, index_folder: Path) -> None:
        """Raises OSError where the folder does not take it."""
        roots = [[prefix, str(path)] for prefix, path in self.roots]
        fresh = index_folder / f"{FILE}.new"
        fresh.write_text(json.dumps({"roots": roots}) + "\n", encoding="utf-8")
        fresh.replace(index_folder / FILE)

    def path_of(self, uri: str) -> Path | None:
        """The file a uri stands for, None where it is not there (any more)."""
        for prefix, root in self.roots:
            path = root / uri.removeprefix(prefix) if uri.startswith(prefix) else root
            is_own = uri == prefix if prefix and not prefix.endswith("/") else path != root
            if is_own and ".." not in Path(uri).parts and path.is_file():
                return path
        return None

    def unchanged(self, uri: str, source_sha256: str) -> Path | None:
        """The file a uri stands for, if it still holds the bytes that were indexed."""
        path = self.path_of(uri)
        try:
            if path is None:
                return None
            with path.open("rb") as file:
                return path if file_digest(file, "sha256").hexdigest() == source_sha256 else None
        except OSError:
            return None
