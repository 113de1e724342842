"""Passages → the windows in which a reader reads them: parts of their text, and single rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.records import Span
from service.errors import QuestionTooLong
from service.reading.inputs import TITLE_TOKENS, ReaderTokenizer, Tokens, room_for_passage
from service.reading.inputs import Row as TokenRow
from service.reading.records import ShownPassage
from service.reading.row_views import asked_for, chosen_rows, view_of
from service.reading.rows import Row
from service.reading.shown_rows import rows_shown
from service.reading.whole_spans import number_pieces

# A longer passage is read in windows of this many word pieces, which share OVERLAP of them,
# or half where a long question makes them shorter.
WINDOW_TOKENS, OVERLAP = 256, 64
# A question that leaves less room than this for a passage is not read.
LEAST_ROOM = 64
# The part of what only a row's view says: no answer holds any of it.
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Window:
    """What is read at once: of which passage, its tokens, the row that shows it, and bool [tokens]
    whether an answer may start or end with each.

    Offsets of tokens are of the passage's text. An answer holds tokens of one of ``parts``, int
    [tokens], and none that stand ``NOWHERE``. ``tables`` are the rows of the passage where those
    asked about are read by themselves, ``of_row`` whether this is one of those.
    """

    passage: int
    tokens: Tokens
    row: TokenRow
    may_start: np.ndarray
    may_end: np.ndarray
    parts: np.ndarray
    tables: tuple[Row, ...] = ()
    of_row: bool = False

    def is_one_part(self, first: int, last: int) -> bool:
        """Whether an answer may begin with one token and end with the other."""
        return self.parts[first] == self.parts[last] != NOWHERE

    def in_a_table(self, span: Span) -> bool:
        """Whether a span overlaps one of ``tables``."""
        return any(row.span.start < span.end and span.start < row.span.end for row in self.tables)


class Windows:
    """Those of one question. Raises QuestionTooLong where it leaves no room for a passage."""

    def __init__(self, tokenizer: ReaderTokenizer, question: str) -> None:
        self._tokenizer, self._terms = tokenizer, asked_for(question)
        self._asked = tokenizer.tokens(question).ids
        if room_for_passage(len(self._asked), TITLE_TOKENS) < LEAST_ROOM:
            raise QuestionTooLong(
                f"the question has {len(self._asked)} word pieces, too many to be read beside a "
                "passage"
            )

    def of(self, passages: Sequence[ShownPassage]) -> list[Window]:
        """Passage by passage, of each the rows first."""
        parts = [part for passage in passages for part in (passage.title, passage.text)]
        tokens = self._tokenizer.all_tokens(parts)
        return [
            window
            for at, passage in enumerate(passages)
            for window in self._of_one(at, passage, tokens[2 * at], tokens[2 * at + 1])
        ]

    def _of_one(
        self, passage: int, shown: ShownPassage, title: Tokens, tokens: Tokens
    ) -> Iterator[Window]:
        head = title.ids[:TITLE_TOKENS]
        length = min(WINDOW_TOKENS, room_for_passage(len(self._asked), len(head)))
        rows = rows_shown(shown)
        views = [
            view
            for row in chosen_rows(self._terms, shown.text, rows)
            if (view := self._of_row(passage, head, row, shown.text, length))
        ]
        yield from views
        tables = tuple(rows) if views else ()
        may_start, may_end = self._whole_words(tokens, shown.text)
        first = 0
        while True:
            part = slice(first, first + length)
            own = tokens.part(part.start, part.stop)
            row = self._tokenizer.row(self._asked, head, own.ids)
            one = np.zeros(len(own), dtype=np.int64)
            yield Window(passage, own, row, may_start[part], may_end[part], one, tables)
            if part.stop >= len(tokens):
                return
            first = part.stop - min(OVERLAP, length // 2)

    def _of_row(
        self, passage: int, head: np.ndarray, row: Row, text: str, length: int
    ) -> Window | None:
        """The row said in words; None where that is longer than ``length`` word pieces."""
        view = view_of(row, text, self._terms)
        said = "".join(piece.text for piece in view)
        tokens = self._tokenizer.tokens(said)
        if len(tokens) > length:
            return None
        may_start, may_end = self._whole_words(tokens, said)
        starts = np.cumsum([0, *(len(piece.text) for piece in view[:-1])])
        parts = np.searchsorted(starts, tokens.offsets[:, 0], side="right") - 1
        stands = np.asarray([piece.at is not None for piece in view])[parts]
        moved = np.asarray([piece.at or 0 for piece in view])[parts] - starts[parts]
        offsets = np.where(stands[:, None], tokens.offsets + moved[:, None], 0)
        return Window(
            passage,
            Tokens(tokens.ids, offsets.astype(np.int32)),
            self._tokenizer.row(self._asked, head, tokens.ids),
            may_start & stands,
            may_end & stands,
            np.where(stands, parts, NOWHERE),
            of_row=True,
        )

    def _whole_words(self, tokens: Tokens, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Whether an answer may start, and whether it may end, with each token: bool [tokens]."""
        goes_on = self._tokenizer.goes_on(tokens.ids) | number_pieces(text, tokens.offsets[:, 0])
        return ~goes_on, ~np.append(goes_on[1:], False)[: len(tokens)]
