"""Files to a published snapshot, beside what the encoder alone takes for the same texts.

One plain text file a passage. The encoder and the build take turns; the second build of each
round finds nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter

from benchmarks.competition import scratch
from benchmarks.corpus import written
from benchmarks.options import add_texts, part_parser
from benchmarks.tables import Table
from benchmarks.texts import load_passages
from benchmarks.timing import percentiles, ratio
from index.build import build
from index.encoders import load_encoder


def main(options: Sequence[str]) -> Iterator[Table]:
    parser = part_parser("build", __doc__)
    add_texts(parser, passages=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args(options)
    passages = load_passages(chosen.data, chosen.passages)
    documents, encoder = written(passages, chosen.cache), load_encoder()
    seconds = {"encoder alone": [], "build": [], "build again, unchanged": []}
    for _ in range(chosen.rounds):
        with scratch(chosen.cache) as folder:
            steps = (
                lambda: encoder.encode_passages(passages.texts),
                lambda folder=folder: build([documents], folder, encoder),
                lambda folder=folder: build([documents], folder, encoder),
            )
            for step, measured in zip(steps, seconds.values(), strict=True):
                begun = perf_counter()
                step()
                measured.append([perf_counter() - begun])
    count, alone = len(passages.texts), seconds["encoder alone"]
    rows = []
    for name, measured in seconds.items():
        middle = percentiles([one[0] for one in measured], (50,))[0]
        rows.append([name, middle, count / middle, str(ratio(measured, alone))])
    yield Table(
        f"Building {count:,} passages",
        ["what", "s", "passages/s", "times the encoder's seconds"],
        rows,
        f"{passages.note} Medians of {chosen.rounds} rounds; *times*: median (least–most).",
    )
