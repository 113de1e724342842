"""Rows as a reader can read them: by itself each, and said as sentences say it.

    Ticket: Day return. Adult of Day return is €5.20. Child of Day return is €2.60.

The network learned from prose. Shown a table as it stands, it takes a value of the right kind
from some row or other; shown one row in words, it takes the right one far more often. Only
the rows that the question tells from the others are shown so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from index.analyser import Analyser
from service.reading.rows import Row

# Rows shown by themselves, of those the question tells from the others.
MOST = 3
# What a row must hold, of what the one that holds most does, to be shown.
KEPT = 0.6
# A longer name of a row is not said with each of its cells.
LONGEST_LABEL = 60

_ANALYSER = Analyser()


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a view; ``at`` is where they stand in the passage, None for what only the view
    says.
    """

    text: str
    at: int | None = None


def asked_for(question: str) -> tuple[str, ...]:
    """The terms by which a question is held against rows."""
    return tuple(_ANALYSER.question_terms(question))


def chosen_rows(asked: Sequence[str], text: str, rows: Sequence[Row]) -> list[Row]:
    """Those of a passage that a question of these terms asks about, most of it first; none where it
    tells too few of them from the others. A word counts by how few rows hold it.
    """
    held = [{*_ANALYSER(_said(row, text))}.intersection(asked) for row in rows]
    counts = {term: sum(term in own for own in held) for term in asked}
    # A word that a single row holds tells it from none, and yet that it is asked about.
    weights = {term: log(max(2, len(rows)) / count) for term, count in counts.items() if count}
    scores = [sum(map(weights.__getitem__, sorted(own))) for own in held]
    best = max(scores, default=0.0)
    chosen = [at for at, score in enumerate(scores) if score > 0 and score >= KEPT * best]
    if len(chosen) > max(MOST, len(rows) // 2):
        return []
    chosen.sort(key=lambda at: (-scores[at], at))
    return [rows[at] for at in chosen[:MOST]]


def view_of(row: Row, text: str, asked: Sequence[str]) -> list[Piece]:
    """A row said in sentences: the cell that a question of these terms names it by, else its first;
    then each other as what that one has, and what it lacks.
    """
    held = [len({*asked}.intersection(_ANALYSER(cell.span.of(text)))) for cell in row.cells]
    at = held.index(max(held))
    first, others = row.cells[at], [*row.cells[:at], *row.cells[at + 1 :]]
    label = first.span.of(text)
    is_short = len(label) <= LONGEST_LABEL
    of_it, beside = (f" of {label} is ", f"{label}: ") if is_short else (": ", "")
    pieces = [Piece(f"{first.name}: " if first.name else ""), Piece(label, first.span.start)]
    for cell in others:
        name = cell.name.replace("_", " ")  # as JSON's names have it
        pieces.append(Piece(f". {name}{of_it}" if name else f". {beside}"))
        pieces.append(Piece(cell.span.of(text), cell.span.start))
    pieces += [Piece(f". {name}{of_it}not given") for name in row.empty]
    return [piece for piece in [*pieces, Piece(".")] if piece.text]


def _said(row: Row, text: str) -> str:
    return " ".join(cell.span.of(text) for cell in row.cells)
