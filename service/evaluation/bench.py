"""What is measured: an encoder, the build and retrieval settings, and the index they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from index.build import BuildSettings
from index.encoder import Encoder
from index.retriever import RetrievalSettings, Retriever
from index.snapshot import Snapshot
from service.answerer import OpenSnapshot
from service.evaluation.replies import Reply, ask, reply_faults
from service.evaluation.results import Setting, Verified

# Questions encoded in one call.
BATCH = 64

# Called with the stage, done and total.
Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Progress shown to nobody."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything a figure depends on besides the data.

    ``limit`` caps the queries of a set (a seeded sample), ``split`` names the BEIR split,
    ``cache`` is a folder that keeps the indexes, so that the next run only builds what changed.
    """

    encoder: Encoder
    build: BuildSettings = field(default_factory=BuildSettings)
    retrieval: RetrievalSettings = field(default_factory=RetrievalSettings)
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

    def open(self, index_folder: Path) -> OpenSnapshot:
        snapshot = Snapshot.open(index_folder)
        return OpenSnapshot(snapshot, Retriever(snapshot, self.encoder, self.retrieval))

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
    ) -> tuple[list[Reply], Verified]:
        """The replies in order, and the check of every citation in them.

        ``text_of`` gives the canonical text of a uri from elsewhere than the replies.
        """
        replies, faults, checked = [], [], 0
        for done, (question, vector) in enumerate(zip(questions, vectors, strict=True), start=1):
            reply = ask(opened, question, vector, self.top_k)
            faults += reply_faults(reply, question, text_of)
            checked += len(reply.passages)
            replies.append(reply)
            self.progress("questions asked", done, len(questions))
        return replies, Verified(checked, tuple(faults))

    def setting(self, snapshot: Snapshot) -> Setting:
        manifest = snapshot.manifest
        return Setting(
            encoder=manifest.encoder.name,
            weights_sha256=manifest.encoder.weights_sha256,
            chunking=asdict(manifest.chunking),
            retrieval=asdict(self.retrieval),
            snapshot=snapshot.version,
            documents=manifest.documents,
            passages=manifest.passages,
            top_k=self.top_k,
        )
