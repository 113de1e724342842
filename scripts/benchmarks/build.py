"""Files to a published snapshot, beside what the encoder alone takes; and what a build holds.

One plain text file a passage. The encoder, by whole passages and by the windows that the build
cuts of them, and the build take turns; the second build of each round finds nothing changed.
With --sizes: the memory of builds of so many passages, each in a process of its own.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np

from benchmarks.competition import scratch
from benchmarks.corpus import written
from benchmarks.held import held_by_build
from benchmarks.options import add_texts, part_parser
from benchmarks.tables import Table
from benchmarks.texts import Passages, load_passages
from benchmarks.timing import percentiles, ratio
from index.build import build
from index.encoder import Encoder
from index.encoders import load_encoder


def main(options: Sequence[str]) -> Iterator[Table]:
    parser = part_parser("build", __doc__)
    add_texts(parser, passages=1_000)
    parser.add_argument("--rounds", type=int, default=3, help="0 for none")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[], help="for memory: numbers of passages"
    )
    parser.add_argument(
        "--memory-mb", type=int, default=64, help="QUOTH_BUILD_MEMORY_MB of those (%(default)s)"
    )
    chosen = parser.parse_args(options)
    if chosen.rounds:
        yield _speed(chosen, load_passages(chosen.data, chosen.passages), load_encoder())
    if chosen.sizes:
        yield _memory(chosen, load_passages(chosen.data, max(chosen.sizes)))


class _Listening:
    """The encoder, remembering what it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self.texts: list[str] = []
        self._encoder = encoder
        self.identity = encoder.identity
        self.token_spans, self.count_tokens = encoder.token_spans, encoder.count_tokens
        self.count_pieces = encoder.count_pieces

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += texts
        return self._encoder.encode_passages(texts)


def _speed(chosen: Namespace, passages: Passages, encoder: Encoder) -> Table:
    documents, listening = written(passages, chosen.cache), _Listening(encoder)
    with scratch(chosen.cache) as folder:  # also warms everything up
        build([documents], folder, listening)
    names = ("encoder alone", "encoder alone, windows", "build", "build again, unchanged")
    seconds: dict[str, list[list[float]]] = {name: [] for name in names}
    for _ in range(chosen.rounds):
        with scratch(chosen.cache) as folder:
            steps = (
                lambda: encoder.encode_passages(passages.texts),
                lambda: encoder.encode_passages(listening.texts),
                lambda folder=folder: build([documents], folder, encoder),
                lambda folder=folder: build([documents], folder, encoder),
            )
            for step, measured in zip(steps, seconds.values(), strict=True):
                begun = perf_counter()
                step()
                measured.append([perf_counter() - begun])
    count, rows = len(passages.texts), []
    for name, measured in seconds.items():
        middle = percentiles([one[0] for one in measured], (50,))[0]
        shares = [str(ratio(seconds[other], measured)) for other in names[:2]]
        rows.append([name, middle, count / middle, *shares])
    return Table(
        f"Building {count:,} passages",
        ["what", "s", "passages/s", "of the encoder's rate", "of its rate by windows"],
        rows,
        f"{passages.note} Medians of {chosen.rounds} rounds; rates as shares: median "
        f"(least–most). A build encodes {len(listening.texts):,} windows, each with its title.",
    )


def _memory(chosen: Namespace, passages: Passages) -> Table:
    rows = []
    for size in chosen.sizes:
        with scratch(chosen.cache) as folder:
            held = held_by_build(passages.texts[:size], folder, chosen.memory_mb)
        rows.append([size, held.index_mb, held.begin_mb, held.own_mb, held.most_mb])
    return Table(
        f"Memory of a build told to hold {chosen.memory_mb} MB",
        ["passages", "index MB", "before MB", "most of its own MB", "most with mapped files MB"],
        rows,
        f"{passages.note} Files of 100 passages; random vectors stand in for the encoder's, whose "
        "memory does not grow. *Before*: libraries and tokenizer are loaded. MB of 2^20 bytes.",
    )
