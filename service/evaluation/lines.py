"""Evaluation files read line by line, so that an error names the file and the line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from index.errors import QuothError


class InvalidDataset(QuothError):
    """An evaluation file is missing or a line of it is not of its layout."""


class Record(Mapping[str, object]):
    """One JSON object of a file, which knows where it stands for the sake of its errors."""

    def __init__(self, path: Path, line: int, fields: Mapping[str, object]) -> None:
        self.path, self.line, self._fields = path, line, fields

    def __getitem__(self, name: str) -> object:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def wrong(self, what: str) -> InvalidDataset:
        return InvalidDataset(f"{self.path}, line {self.line}: {what}")

    def text(self, name: str, default: str | None = None) -> str:
        """The string under ``name``; ``default`` where the field is absent or null."""
        value = self.get(name)
        if value is None:
            value = default
        if not isinstance(value, str):
            raise self.wrong(f'field "{name}" must be a string, not {json.dumps(value)}')
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.get(name, default)
        if not isinstance(value, bool):
            raise self.wrong(f'field "{name}" must be true or false, not {json.dumps(value)}')
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """The list of strings under ``name``; empty where the field is absent or null."""
        value = self.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(f'field "{name}" must be a list of strings')
        return tuple(value)


def text_of(path: Path) -> str:
    """The file's text with line ends made ``\\n``; raises InvalidDataset where unreadable."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidDataset(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidDataset(f"{path} is not UTF-8: see byte {error.start}") from error


def records(path: Path) -> Iterator[Record]:
    """The JSON object of each line that is not blank, in file order."""
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except json.JSONDecodeError as error:
            reason = f"is not JSON: {error.msg} at column {error.colno}"
            raise InvalidDataset(f"{path}, line {number} {reason}") from error
        if not isinstance(fields, dict):
            raise InvalidDataset(f"{path}, line {number} is not a JSON object")
        yield Record(path, number, fields)
