"""A reader that remembers what it read, so that no question and passage are read twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from index.records import Span, short_digest
from service.reading.records import (
    Candidate,
    KeepReading,
    Reader,
    ReaderIdentity,
    Reading,
    ShownPassage,
)

# Counts the ways in which passages were read: what another kept is read anew. In 1 tables stood as
# they are, and addresses ended anywhere; in 2 headings and questions answered.
REVISION = 4


class KeptReadings:
    """Another reader's readings, kept in memory and, where a folder is given, in a file there.

    The file is named for the reader's weights, what computes them and the scales of inputs;
    another reader's readings, or another runtime's, are never taken.
    A line that was cut off when a run was killed is passed over.
    """

    def __init__(self, reader: Reader, folder: Path | None = None) -> None:
        self._reader = reader
        self._file: Path | None = None
        self._kept: dict[str, Reading] = {}
        if folder is not None:
            who = reader.identity
            scales = f"-{who.scales_sha256[:16]}" if who.precision.startswith("int8") else ""
            computed = f"{who.runtime}-{who.precision}{scales}".replace(" ", "-")
            named = f"{who.weights_sha256[:16]}-{computed}"
            self._file = folder / f"readings-{named}.jsonl"
            self._load(self._file)

    @property
    def identity(self) -> ReaderIdentity:
        return self._reader.identity

    def read(
        self, question: str, passages: Sequence[ShownPassage], keep_reading: KeepReading
    ) -> list[Reading]:
        """As the reader beneath; only the passages it has not read yet are handed to it."""
        keys = [_key(question, passage) for passage in passages]
        new = [at for at, key in enumerate(keys) if key not in self._kept]
        if new:
            found = self._reader.read(question, [passages[at] for at in new], keep_reading)
            # Fewer come back where the time is up; what follows is then not read either.
            fresh = {keys[at]: reading for at, reading in zip(new, found, strict=False)}
            self._kept |= fresh
            self._store(fresh)
        readings = []
        for key in keys:
            if key not in self._kept:
                break
            readings.append(self._kept[key])
        return readings

    def _store(self, readings: dict[str, Reading]) -> None:
        if self._file is None:
            return
        with self._file.open("a", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(_line(*pair))}\n" for pair in readings.items())

    def _load(self, path: Path) -> None:
        if not path.is_file():
            return
        text = path.read_text(encoding="utf-8")
        for line in text.split("\n"):
            try:
                key, relevance, answerable, rows = json.loads(line)
            except ValueError:
                continue
            candidates = tuple(
                Candidate(Span(start, end), probability, margin)
                for start, end, probability, margin in rows
            )
            self._kept[key] = Reading(relevance, answerable, candidates)
        if text and not text.endswith("\n"):
            with path.open("a", encoding="utf-8") as file:
                file.write("\n")


def _key(question: str, passage: ShownPassage) -> str:
    """Of all that a reading depends on: where answers may end is part of a passage."""
    known = asdict(passage)
    title, text = known.pop("title"), known.pop("text")
    return short_digest(question, title, text, repr((REVISION, *known.values())))


def _line(key: str, reading: Reading) -> list[object]:
    rows = [[c.span.start, c.span.end, c.probability, c.margin] for c in reading.candidates]
    return [key, reading.relevance, reading.answerable, rows]
