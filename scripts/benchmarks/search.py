"""Dense and lexical search, opening and memory as passages grow from a thousand to a million.

An index of real passages is built once and grown to each size (``grown.py``); each size is opened
and asked in a process of its own. Both sides bring their 100 best, as the retriever asks them to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.corpus import built_index
from benchmarks.errors import Skipped
from benchmarks.exact import nearest_passages
from benchmarks.grown import NOISE, grown_index
from benchmarks.growth import draw_growth
from benchmarks.options import add_texts, part_parser
from benchmarks.tables import Cell, Table
from benchmarks.texts import load_passages, load_questions, real_texts
from benchmarks.timing import percentiles
from index.encoders import load_encoder
from index.pointer import SNAPSHOTS, read_pointer
from index.retriever import RetrievalSettings
from index.snapshot import Snapshot

SIZES = (1_000, 20_000, 100_000, 1_000_000)
# Questions asked first, whose times are not counted: they bring the files into memory.
WARM_UP = 20
NEAREST = 10
DEPTH = RetrievalSettings().candidates
MEGABYTE = 2**20
# What the plot shows, by its place in a row.
DRAWN = {"dense p50 ms": 2, "lexical p50 ms": 5, "open s": 7, "on disk MB": 9}


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: seconds to open and until every file was hashed, MB resident after opening and
    after the last question, ms of each question on both sides, and what dense search found.
    """

    opened: float
    hashed: float
    resident: tuple[float | None, float | None]
    dense: Sequence[float]
    lexical: Sequence[float]
    found: Sequence[Sequence[int]]


def main(options: Sequence[str]) -> Iterator[Table]:
    parser = part_parser("search", __doc__)
    add_texts(parser, questions=200)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="(%(default)s)")
    parser.add_argument("--plot", type=Path, help="write the growth as PNG or SVG")
    chosen = parser.parse_args(options)
    passages = load_passages(chosen.data, chosen.passages)
    if passages.real < chosen.passages:
        raise Skipped(f"{chosen.data} holds {passages.real} passages; choose as many --passages")
    questions = load_questions(chosen.data, chosen.questions + WARM_UP)
    encoder, texts = load_encoder(), real_texts(chosen.data)
    vectors = encoder.encode_queries(questions)
    base = built_index(passages, chosen.cache, encoder)
    rows = {}
    for size in sorted(chosen.sizes):
        index = grown_index(base, texts, size, chosen.cache)
        with get_context("spawn").Pool(1) as process:
            measured = process.apply(measure, (index, questions, vectors))
        rows[size] = row_of(index, measured, vectors[WARM_UP:])
    yield table(rows, f"{len(texts):,}", f"{chosen.passages:,}", chosen.questions)
    if chosen.plot:
        costs = {name: [row[place] for row in rows.values()] for name, place in DRAWN.items()}
        draw_growth(list(rows), costs, chosen.plot)


def measure(index: Path, questions: Sequence[str], vectors: np.ndarray) -> Measured:
    """Opens the index and asks it everything; for a process of its own."""
    begun = perf_counter()
    snapshot = Snapshot.open(index)
    opened, resident = perf_counter() - begun, resident_mb()
    snapshot.check.wait()
    hashed = perf_counter() - begun
    dense, lexical, found = [], [], []
    for question, vector in zip(questions, vectors, strict=True):
        asked = perf_counter()
        rows, _ = snapshot.dense.search(vector, DEPTH)
        between = perf_counter()
        snapshot.lexical.search(question, DEPTH)
        lexical.append((perf_counter() - between) * 1000)
        dense.append((between - asked) * 1000)
        found.append(rows[:NEAREST].tolist())
    return Measured(
        opened,
        hashed,
        (resident, resident_mb()),
        dense[WARM_UP:],
        lexical[WARM_UP:],
        found[WARM_UP:],
    )


def row_of(index: Path, measured: Measured, vectors: np.ndarray) -> list[Cell]:
    """A size's row of the table, recall against every window scored."""
    snapshot = Snapshot.open(index)
    exact = nearest_passages(vectors, snapshot.dense.vectors, snapshot.dense.starts, NEAREST)
    shares = [
        len(set(own) & set(wanted)) / len(wanted)
        for own, wanted in zip(measured.found, exact.tolist(), strict=True)
    ]
    codes = snapshot.dense.codes
    way = "exact"
    if codes is not None:
        own = codes.settings
        way = f"{own.probes} of {own.lists}, {own.reach:,}"
    folder = index / SNAPSHOTS / read_pointer(index).version
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return [
        snapshot.manifest.windows,
        way,
        *percentiles(measured.dense, (50, 99)),
        sum(shares) / len(shares),
        *percentiles(measured.lexical, (50, 99)),
        measured.opened,
        measured.hashed,
        size / MEGABYTE,
        *measured.resident,
    ]


def resident_mb() -> float | None:
    """This process's resident memory; None where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    told = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(told["VmRSS"].split()[0]) / 1024


def table(rows: dict[int, list[Cell]], real: str, encoded: str, questions: int) -> Table:
    return Table(
        "Search as passages grow",
        [
            "passages",
            "vectors",
            "looked through",
            "dense p50 ms",
            "p99 ms",
            "recall@10",
            "lexical p50 ms",
            "p99 ms",
            "open s",
            "hashed s",
            "on disk MB",
            "RSS opened MB",
            "RSS asked MB",
        ],
        [[size, *row] for size, row in rows.items()],
        f"Words: {real} real passages, then copies with a fifth of their words replaced. Vectors: "
        f"those of {encoded} real passages, then copies with noise of length {NOISE} added. "
        f"{questions} real questions, {DEPTH} passages each. *Looked through*: lists of codes, and "
        "how many windows are then scored exactly. *Recall*: of the ten nearest passages by every "
        "window. *Hashed*: until every file was. *RSS*: mapped files count as far as touched. "
        "Files were in the system's cache.",
    )
