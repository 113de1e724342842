"""Question and passage → the token rows that the reader reads, and the way back to offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

# Positions the network has; a row is never longer.
MAX_TOKENS = 512
PAD = 0
# Word pieces of a title and section path that are shown; the rest is left out.
TITLE_TOKENS = 40


@dataclass(frozen=True, slots=True)
class Tokens:
    """Word pieces of a text: ids int32 [n], code-point offsets int32 [n, 2]."""

    ids: np.ndarray
    offsets: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def part(self, first: int, end: int) -> Tokens:
        return Tokens(self.ids[first:end], self.offsets[first:end])


@dataclass(frozen=True, slots=True)
class Row:
    """One input: ``[CLS] question [SEP] (title [SEP]) passage [SEP]``.

    The passage's tokens stand at ``passage_at`` and after; ``second_at`` is where the second
    segment (title and passage) begins.
    """

    ids: np.ndarray
    second_at: int
    passage_at: int
    passage_tokens: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of equal length: ids, segments and attention int64 [rows, length].

    ``in_passage`` bool [rows, length] marks where an answer may begin or end.
    """

    ids: np.ndarray
    segments: np.ndarray
    attention: np.ndarray
    in_passage: np.ndarray


class ReaderTokenizer:
    """The packaged model's own tokenizer, without its truncation and padding."""

    def __init__(self, tokenizer_file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.cls = self._id("[CLS]")
        self.sep = self._id("[SEP]")
        vocabulary = self._tokenizer.get_vocab()
        self._goes_on = np.zeros(max(vocabulary.values()) + 1, dtype=bool)
        self._goes_on[[at for piece, at in vocabulary.items() if piece.startswith("##")]] = True

    def tokens(self, text: str) -> Tokens:
        """The word pieces of a text, special tokens left out."""
        return self.all_tokens([text])[0]

    def all_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """As ``tokens``, for several texts at once."""
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [
            Tokens(
                np.asarray(text.ids, dtype=np.int32),
                np.asarray(text.offsets, dtype=np.int32).reshape(-1, 2),
            )
            for text in encoded
        ]

    def goes_on(self, ids: np.ndarray) -> np.ndarray:
        """Bool [n]: which word pieces go on with the word of the one before."""
        return self._goes_on[ids]

    def row(self, question: np.ndarray, title: np.ndarray, passage: np.ndarray) -> Row:
        """The input of ids int32 [n] each; ``title`` may be empty.

        Raises ValueError where they do not fit: the caller cuts windows, never this.
        """
        first = [self.cls, *question, self.sep]
        lead = [*title, self.sep] if len(title) else []
        ids = np.asarray([*first, *lead, *passage, self.sep], dtype=np.int64)
        if len(ids) > MAX_TOKENS:
            raise ValueError(f"a row of {len(ids)} word pieces; the reader reads {MAX_TOKENS}")
        return Row(ids, len(first), len(first) + len(lead), len(passage))

    def _id(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(f"the tokenizer has no {token}")
        return int(found)


def room_for_passage(question_tokens: int, title_tokens: int) -> int:
    """Word pieces left for a passage in one row; may be below 1."""
    return MAX_TOKENS - question_tokens - 3 - (title_tokens + 1 if title_tokens else 0)


def batch_of(rows: Sequence[Row]) -> Batch:
    """The rows, filled up to the longest."""
    length = max(len(row.ids) for row in rows)
    ids = np.full((len(rows), length), PAD, dtype=np.int64)
    segments = np.zeros_like(ids)
    attention = np.zeros_like(ids)
    in_passage = np.zeros(ids.shape, dtype=bool)
    for at, row in enumerate(rows):
        ids[at, : len(row.ids)] = row.ids
        segments[at, row.second_at : len(row.ids)] = 1
        attention[at, : len(row.ids)] = 1
        in_passage[at, row.passage_at : row.passage_at + row.passage_tokens] = True
    return Batch(ids, segments, attention, in_passage)
