"""A small encoder that is quick and exact, and folders to build from."""

import re
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from index.build import build
from index.encoder import EncoderIdentity


class WordEncoder:
    """Each word has a direction of its own; a text is the sum of its words'. Counts its work."""

    def __init__(self, name: str = "words", max_tokens: int = 256) -> None:
        self.identity = EncoderIdentity(
            name, sha256(name.encode()).hexdigest(), 32, max_tokens, "", ""
        )
        self.encoded: list[str] = []

    def encode_queries(self, questions):
        return np.stack([self._vector(question) for question in questions])

    def encode_passages(self, texts, progress=None):
        self.encoded += texts
        if progress is not None:
            progress(len(texts), len(texts))
        return np.stack([self._vector(text) for text in texts])

    def token_spans(self, text):
        return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]

    def count_tokens(self, texts):
        return [len(self.token_spans(text)) + 2 for text in texts]

    def _vector(self, text):
        total = np.full(32, 1e-3)
        for word in re.findall(r"\w+", text.casefold()):
            seed = int.from_bytes(sha256(word.encode()).digest()[:4], "big")
            total += np.random.default_rng(seed).normal(size=32)
        return (total / np.linalg.norm(total)).astype(np.float32)


@pytest.fixture
def words() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def other_words() -> WordEncoder:
    return WordEncoder("other words")


@pytest.fixture
def folder(tmp_path) -> Path:
    """Three documents: two kinds, two folders, one with front matter."""
    root = tmp_path / "documents"
    (root / "reports").mkdir(parents=True)
    (root / "baltic.txt").write_text(
        "NATO battle groups stand in Estonia.\n\nThey train in winter 😀 too.\n", encoding="utf-8"
    )
    (root / "reports" / "poland.md").write_text(
        "---\nauthor: Kirby\nyear: 2022\n---\n# Troops\n\nAbout 1,700 soldiers go to Poland.\n\n"
        "## Arrival\n\nHalf of the soldiers have arrived.\n",
        encoding="utf-8",
    )
    (root / "reports" / "sea.md").write_text(
        "# Black Sea\n\nSix landing craft sail to the sea.\n", encoding="utf-8"
    )
    return root


@pytest.fixture
def built(folder, words, tmp_path):
    """An index folder with the three documents published."""
    index_folder = tmp_path / "index"
    build([folder], index_folder, words)
    words.encoded.clear()
    return index_folder
