"""A model's word pieces: counted, located in the text, and long questions cut by them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from index.remembered_words import PIECE, RememberedWords

# Texts tokenized at once: all of a large corpus would take gigabytes.
AT_ONCE = 1024
# Fewer are tokenized one by one: a batch, even of one, goes to other threads and waits for them.
MANY = 64
# Word pieces left free where a text was cut: some tokenizers find more in a part, or in a whole,
# than the sum says.
SPARE_TOKENS = 8


class WordPieces:
    """A tokenizer that neither cuts nor fills up; any number of threads may use it at once."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        # A copy: its owner may go on to set limits of its own.
        self._tokenizer = Tokenizer.from_str(tokenizer.to_str())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._words = RememberedWords.of(self._tokenizer)

    @classmethod
    def open(cls, tokenizer_file: Path) -> WordPieces:
        return cls(Tokenizer.from_file(str(tokenizer_file)))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The code-point offsets of the text's word pieces, without special tokens."""
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        return [(start, end) for start, end in encoded.offsets if end > start]

    def count(self, text: str) -> int:
        """How many pieces ``spans`` finds, mostly in a tenth of the time."""
        count = self._words.count(text) if self._words else None
        return len(self.spans(text)) if count is None else count

    def ids(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Of each text its word pieces, special tokens included, int32 [pieces]."""
        if self._words is None:
            return self._tokenized(texts)
        found = [self._words.ids(text) for text in texts]
        odd = [row for row, ids in enumerate(found) if ids is None]
        for row, ids in zip(odd, self._tokenized([texts[row] for row in odd]), strict=True):
            found[row] = ids
        return found

    def counts(self, texts: Sequence[str]) -> list[int]:
        """How many word pieces each text has, special tokens included."""
        return [len(ids) for ids in self.ids(texts)]

    def _tokenized(self, texts: Sequence[str]) -> list[np.ndarray]:
        if len(texts) < MANY:
            return [np.array(self._tokenizer.encode(text).ids, PIECE) for text in texts]
        found = []
        for first in range(0, len(texts), AT_ONCE):
            encoded = self._tokenizer.encode_batch_fast(list(texts[first : first + AT_ONCE]))
            found += [np.array(text.ids, PIECE) for text in encoded]
        return found

    def parts(self, text: str, prompt: str, max_tokens: int) -> list[str]:
        """The text itself, or as few parts of equal length as can be read whole after a prompt."""
        room = max_tokens - self.counts([prompt])[0]
        pieces = self.spans(text)
        if len(pieces) <= room:
            return [text]
        count = -(-len(pieces) // (room - SPARE_TOKENS))
        firsts = [pieces[len(pieces) * part // count][0] for part in range(1, count)]
        return [text[a:b] for a, b in pairwise([0, *firsts, len(text)])]


def mean_of_parts(vectors: np.ndarray, counts: Sequence[int]) -> np.ndarray:
    """Unit vectors of texts from those of their parts, ``counts[t]`` of text t, in order.

    A question longer than the model reads is encoded in parts, whose mean stands for it: the
    model would drop its end without a word.
    """
    if len(vectors) == len(counts):
        return vectors
    means = np.stack([own.mean(axis=0) for own in np.split(vectors, np.cumsum(counts)[:-1])])
    return means / np.linalg.norm(means, axis=1, keepdims=True)
