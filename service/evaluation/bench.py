"""What is measured: encoder, reader, their settings, and the index they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from index.build import BuildSettings
from index.encoder import Encoder
from index.retriever import RetrievalSettings, Retriever
from index.snapshot import Snapshot
from service.answerer import OpenSnapshot
from service.evaluation.kept_readings import KeptReadings
from service.evaluation.replies import Reply, ask, reply_faults, verifiable
from service.evaluation.reranking import Reranker
from service.evaluation.results import Setting, Verified
from service.reader import calibrated_for
from service.reading.loading import LoadedReader, ReadingSettings

# Questions encoded in one call.
BATCH = 64
# A figure must not depend on how busy the machine is: an hour for one question's reading.
NO_BUDGET_MS = 3_600_000.0

# Called with the stage, done and total.
Progress = Callable[[str, int, int], None]


def unhurried() -> ReadingSettings:
    """The service's reading settings without its time budget."""
    return ReadingSettings(budget_ms=NO_BUDGET_MS)


def silent(stage: str, done: int, total: int) -> None:
    """Progress shown to nobody."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything a figure depends on besides the data.

    ``limit`` caps the queries of a set (a seeded sample), ``split`` names the BEIR split,
    ``cache`` is a folder that keeps the indexes and what was read of them, so that the next
    run only builds and reads what changed.
    """

    encoder: Encoder
    build: BuildSettings = field(default_factory=BuildSettings)
    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
    reader: LoadedReader | None = None
    reading: ReadingSettings = field(default_factory=unhurried)
    top_k: int = 5
    limit: int | None = None
    split: str | None = None
    cache: Path | None = None
    progress: Progress = silent

    @contextmanager
    def index_folder(self, name: str) -> Iterator[Path]:
        """The set's folder in the cache, or one that is removed afterwards."""
        if self.cache is not None:
            folder = self.cache / name.replace("/", "--")
            folder.mkdir(parents=True, exist_ok=True)
            yield folder
            return
        with TemporaryDirectory(prefix="quoth-evaluation-") as folder:
            yield Path(folder)

    def calibrated_for(self, index_folder: Path) -> Bench:
        """As this, with the corpus's own calibration where its index folder has one."""
        if self.reader is None:
            return self
        return replace(self, reader=calibrated_for(self.reader, index_folder))

    def with_readings_kept(self, folder: Path | None = None) -> Bench:
        """As this, reading nothing twice; kept in the folder too where there is a cache."""
        if self.reader is None:
            return self
        kept = KeptReadings(self.reader.reader, folder if self.cache else None)
        return replace(self, reader=replace(self.reader, reader=kept))

    def open(self, index_folder: Path, threshold: float | None = None) -> OpenSnapshot:
        """The published index with the reader; ``threshold`` in place of the settings' own."""
        snapshot = Snapshot.open(index_folder)
        retriever = Retriever(snapshot, self.encoder, self.retrieval)
        reading = self.reading
        if threshold is not None:
            reading = replace(reading, threshold=threshold)
        return OpenSnapshot(snapshot, retriever, self.reader, reading)

    def threshold(self, passages: int) -> float:
        """The confidence from which on an answer found among so many passages is given; 0
        without a reader.
        """
        if self.reader is None:
            return 0.0
        own = self.reading.threshold
        return self.reader.calibration.threshold(passages) if own is None else own

    @property
    def reranker(self) -> Reranker | None:
        return Reranker(self.reader, self.reading.depth) if self.reader else None

    def encode(self, questions: Sequence[str]) -> np.ndarray:
        """Unit vectors, float32 [len(questions), dimensions]."""
        vectors = np.empty((len(questions), self.encoder.identity.dimensions), dtype=np.float32)
        for first in range(0, len(questions), BATCH):
            batch = questions[first : first + BATCH]
            vectors[first : first + len(batch)] = self.encoder.encode_queries(batch)
            self.progress("questions encoded", first + len(batch), len(questions))
        return vectors

    def ask_all(
        self,
        opened: OpenSnapshot,
        questions: Sequence[str],
        vectors: np.ndarray,
        text_of: Callable[[str], str],
        answer: bool = True,
    ) -> tuple[list[Reply], Verified]:
        """The replies in order, and the check of every citation and answer in them.

        ``text_of`` gives the canonical text of a uri from elsewhere than the replies.
        """
        replies, faults, checked = [], [], 0
        for done, (question, vector) in enumerate(zip(questions, vectors, strict=True), start=1):
            reply = ask(opened, question, vector, self.top_k, answer)
            faults += reply_faults(reply, question, text_of)
            checked += verifiable(reply)
            replies.append(reply)
            self.progress("questions asked", done, len(questions))
        return replies, Verified(checked, tuple(faults))

    def setting(self, opened: OpenSnapshot) -> Setting:
        """What figures taken with an open index depend on."""
        snapshot, manifest = opened.snapshot, opened.snapshot.manifest
        return replace(
            self.setting_without_index(manifest.documents, manifest.passages),
            chunking=asdict(manifest.chunking),
            snapshot=snapshot.version,
        )

    def setting_without_index(self, documents: int, passages: int) -> Setting:
        """The same where the passages were never indexed; the snapshot is then ``none``."""
        return Setting(
            encoder=self.encoder.identity.name,
            weights_sha256=self.encoder.identity.weights_sha256,
            chunking=asdict(self.build.chunking),
            retrieval=asdict(self.retrieval),
            snapshot="none",
            documents=documents,
            passages=passages,
            top_k=self.top_k,
            reading=self._reading(passages),
        )

    def _reading(self, passages: int) -> dict[str, Any]:
        """By name what the answers depend on; empty without a reader."""
        if self.reader is None:
            return {}
        identity, calibration = self.reader.reader.identity, self.reader.calibration
        budget = self.reading.budget_ms
        return {
            "reader": identity.name,
            "reader_sha256": identity.weights_sha256,
            "depth": self.reading.depth,
            "budget_ms": None if budget == NO_BUDGET_MS else budget,
            "threshold": self.threshold(passages),
            "calibrated_on": calibration.fitted_on,
            "calibration_n": calibration.n,
            "calibration_ece": calibration.ece,
        }
