"""Folders → the files to read, in a stable order, and what was passed over and why.

Nothing is opened here, and nothing outside the folders named is ever read.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.documents.formats import FORMATS
from index.errors import InvalidSource

# A link's target is missing, lies below a file, or is in the end the link itself.
_NOTHING_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: where it is, and the uri it is known by (forward slashes)."""

    path: Path
    uri: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that did not become a source, and the reason in a few words.

    It is passed over by rule, or ``is_failure``: it could not be looked at, so documents may
    be missing, and the reason ends with what to do about it.
    """

    uri: str
    reason: str
    is_failure: bool = False


def walk(paths: Sequence[Path], exclude: Path | None = None) -> tuple[list[Source], list[Skipped]]:
    """Every document below ``paths`` and everything skipped, each ordered by uri.

    A uri is the path relative to its folder; for a file named directly, the file's name;
    with several paths it begins with the folder's name. ``exclude`` (the index folder, say)
    is not entered. A link to a file of the same folder is followed, unless that file is
    found without it; links to folders, to nothing and out of the folder are skipped.

    Raises InvalidSource for a path that is missing or cannot be listed, and for paths of the
    same name or within each other, whose documents would be counted twice.
    """
    roots = [_root(path) for path in paths]
    _refuse_overlaps(roots)
    excluded = exclude.resolve() if exclude else None
    sources: list[Source] = []
    skipped: list[Skipped] = []
    for root in roots:
        prefix = f"{root.name}/" if len(roots) > 1 and root.is_folder else ""
        search = _Search(root.path, excluded)
        if root.is_folder:
            search.folder(prefix, root.given)
        else:
            search.file(root.path, root.name)
        sources += search.sources
        skipped += search.skipped
    return sorted(sources, key=lambda s: s.uri), sorted(skipped, key=lambda s: s.uri)


@dataclass(frozen=True, slots=True)
class _Root:
    given: Path
    path: Path
    name: str
    is_folder: bool


def _root(given: Path) -> _Root:
    try:
        path = given.resolve(strict=True)
        is_folder = path.is_dir()
    except (OSError, RuntimeError, ValueError) as error:  # older Pythons: RuntimeError for loops
        reason = _reason(error) if isinstance(error, OSError) else "is a loop of links"
        raise InvalidSource(f"cannot build from {given}: {reason}") from error
    if not is_folder and not path.is_file():
        raise InvalidSource(f"cannot build from {given}: it is neither a file nor a folder")
    # A link or "." is known by the name a person would use for it.
    return _Root(given, path, _printable(given.name or path.name), is_folder)


def _refuse_overlaps(roots: Sequence[_Root]) -> None:
    for row, root in enumerate(roots):
        for other in roots[:row]:
            if root.path.is_relative_to(other.path) or other.path.is_relative_to(root.path):
                raise InvalidSource(
                    f"{other.given} and {root.given} overlap: name the outer one only"
                )
            if root.name == other.name:
                raise InvalidSource(
                    f"{other.given} and {root.given} have the same name, so their documents "
                    "could not be told apart: rename one, or build from the folder above both"
                )


@dataclass
class _Search:
    """What one root holds."""

    root: Path
    excluded: Path | None
    sources: list[Source] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    _folders: list[tuple[Path, str]] = field(default_factory=list)
    _links: list[tuple[Path, str]] = field(default_factory=list)

    def folder(self, prefix: str, given: Path) -> None:
        """Everything below the root, iteratively: folders can nest without bound."""
        try:
            self._list(self.root, prefix)
        except OSError as error:
            raise InvalidSource(f"cannot list {given}: {_reason(error)}") from error
        while self._folders:
            path, uri = self._folders.pop()
            try:
                self._list(path, f"{uri}/")
            except OSError as error:
                self._fail(uri, error)
        found = {source.path: source.uri for source in self.sources}
        for path, uri in sorted(self._links, key=lambda link: link[1]):
            self._link(path, uri, found)

    def file(self, path: Path, uri: str) -> None:
        suffix = Path(uri).suffix
        if suffix.lower() in FORMATS:
            self.sources.append(Source(path, uri))
        else:
            self._skip(uri, f"type not supported: {suffix or 'no suffix'}")

    def _list(self, folder: Path, prefix: str) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    self._entry(entry, prefix + entry.name)
                except OSError as error:
                    self._fail(prefix + entry.name, error)

    def _entry(self, entry: os.DirEntry[str], uri: str) -> None:
        path = Path(entry.path)
        if entry.name.startswith("."):
            self._skip(uri, "hidden")
        elif _printable(entry.name) != entry.name:
            self._skip(uri, "its name is not valid UTF-8; rename it")
        elif entry.is_symlink():
            self._links.append((path, uri))
        elif path == self.excluded:
            self._skip(uri, "the index itself")
        elif entry.is_dir(follow_symlinks=False):
            self._folders.append((path, uri))
        elif entry.is_file(follow_symlinks=False):
            self.file(path, uri)
        else:
            self._skip(uri, "neither a file nor a folder (a socket, pipe or device)")

    def _link(self, path: Path, uri: str, found: dict[Path, str]) -> None:
        try:
            target = Path(os.path.realpath(path, strict=True))
            is_folder, is_file = target.is_dir(), target.is_file()
        except OSError as error:
            if error.errno in _NOTHING_THERE:
                return self._skip(uri, "link to nothing")
            return self._fail(uri, error)
        if not target.is_relative_to(self.root):
            return self._skip(uri, "link leaves the folder")
        if self.excluded and target.is_relative_to(self.excluded):
            return self._skip(uri, "link into the index itself")
        if is_folder:
            return self._skip(uri, "link to a folder")
        if not is_file:
            return self._skip(uri, "link to neither a file nor a folder")
        if target in found:
            return self._skip(uri, f"link to {found[target]}, which is read already")
        self.file(target, uri)
        if self.sources and self.sources[-1].path == target:
            found[target] = uri
        return None

    def _skip(self, uri: str, reason: str) -> None:
        self.skipped.append(Skipped(_printable(uri), reason))

    def _fail(self, uri: str, error: OSError) -> None:
        if isinstance(error, PermissionError):
            remedy = "make it readable for this user, or move it out of the folder"
            reason = f"{_reason(error)}; {remedy}"
        elif isinstance(error, FileNotFoundError):
            reason = "it vanished while the folder was listed; build again"
        else:
            reason = f"{_reason(error)}; see to the disk it lies on, then build again"
        self.skipped.append(Skipped(_printable(uri), reason, is_failure=True))


def _printable(name: str) -> str:
    """The name with bytes that are no UTF-8 shown as ``\\xff``, so that it can be written."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
