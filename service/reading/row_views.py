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
from service.reading.rows import Cell, Row
from service.reading.units import unit_of

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
    """A row said in sentences: its label, else the cell that a question of these terms names it by,
    else its first; then each other cell as what that one has, and what it lacks. Of values alike
    only those are said whose columns the question names.
    """
    first = None if row.label_at else _named_by(row, text, asked)
    name, at = (first.name, first.span) if first else ("", row.label_at)
    label = at.of(text)
    pieces = [Piece(f"{_plain(name)}: " if name else ""), Piece(label, at.start)]
    short = label if len(label) <= LONGEST_LABEL else ""
    is_property = row.is_property and first == row.cells[0]
    for cell in _asked_cells([cell for cell in row.cells if cell != first], text, asked):
        pieces.append(Piece(f". {_beside(_plain(cell.name), short, is_property)}"))
        pieces.append(Piece(cell.span.of(text), cell.span.start))
    pieces += [Piece(f". {_beside(name, short, is_property)}not given") for name in row.empty]
    return [piece for piece in [*pieces, Piece(".")] if piece.text]


def _beside(column: str, label: str, is_property: bool) -> str:
    """What is said before a value: both names, as far as there are any that are short."""
    if column and label:
        return f"{label} of {column} is " if is_property else f"{column} of {label} is "
    return f"{column or label}: " if column or label else ""


def _asked_cells(cells: Sequence[Cell], text: str, asked: Sequence[str]) -> list[Cell]:
    """Without those whose value is like one of a column that the question tells from theirs: of
    "Weight | 5 kg | 4 kg" it asks for one. A word counts by how few names hold it.
    """
    held = [{*_ANALYSER(cell.name)}.intersection(asked) for cell in cells]
    counts = {term: sum(term in own for own in held) for term in asked}
    weights = {term: log(len(cells) / count) for term, count in counts.items() if count}
    scores = [sum(map(weights.__getitem__, sorted(own))) for own in held]
    units = [unit_of(cell.span.of(text)) for cell in cells]
    best: dict[str, float] = {}
    for unit, score in zip(units, scores, strict=True):
        best[unit] = max(score, best.get(unit, 0.0)) if unit else 0.0
    return [
        cell
        for cell, unit, score in zip(cells, units, scores, strict=True)
        if score >= KEPT * best[unit]
    ]


def _named_by(row: Row, text: str, asked: Sequence[str]) -> Cell:
    held = [len({*asked}.intersection(_ANALYSER(cell.span.of(text)))) for cell in row.cells]
    return row.cells[held.index(max(held))]


def _plain(name: str) -> str:
    """As people say it: JSON's names have no spaces."""
    return name.replace("_", " ")


def _said(row: Row, text: str) -> str:
    named = (row.label_at,) if row.label_at else ()
    return " ".join(place.of(text) for place in (*named, *(cell.span for cell in row.cells)))
