"""A question to its cited answer, in process, stage by stage.

Each question is asked without the reader, then with it reading 5 and 10 passages, in turns, so
that all three meet the same machine.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import get_args

from benchmarks.corpus import built_index
from benchmarks.options import add_texts, part_parser
from benchmarks.tables import Table
from benchmarks.texts import USUAL, Length, load_passages, load_questions
from benchmarks.timing import percentiles
from index.encoders import load_encoder
from index.retriever import Retriever
from index.runtimes import PrecisionName, RuntimeSettings
from index.snapshot import Snapshot
from service.answerer import EncodedQuestion, OpenSnapshot, Question, answer_question
from service.reader import open_reader
from service.reading.loading import ReadingSettings

WARM_UP = 5
DEPTHS = (5, 10)
STAGES = ("encode", "search", "read", "total")
# What a reading costs is measured, not when it would be stopped.
UNBOUNDED_MS = 60_000


def main(options: Sequence[str]) -> Iterator[Table]:
    chosen = _chosen(options)
    passages = load_passages(chosen.data, chosen.passages, Length(*chosen.pieces))
    questions = load_questions(chosen.data, chosen.questions + WARM_UP)
    wanted = RuntimeSettings(precision=chosen.precision)
    encoder, reader = load_encoder(wanted=wanted), open_reader(None, wanted)
    snapshot = Snapshot.open(built_index(passages, chosen.cache, encoder))
    retriever = Retriever(snapshot, encoder)
    ways = {"not read": OpenSnapshot(snapshot, retriever)}
    for depth in DEPTHS:
        reading = ReadingSettings(depth=depth, budget_ms=UNBOUNDED_MS)
        ways[f"{depth} read"] = OpenSnapshot(snapshot, retriever, reader, reading)
    spent = {way: {stage: [] for stage in STAGES} for way in ways}
    for place, text in enumerate(questions):
        for way, opened in ways.items():
            asked = perf_counter()
            vector = encoder.encode_queries([text])[0]
            encoded = EncodedQuestion(Question(text, 5), vector, asked, perf_counter())
            timings = answer_question(encoded, opened, "benchmark").timings_ms
            if place >= WARM_UP:
                for stage, values in spent[way].items():
                    values.append(getattr(timings, stage))
    yield Table(
        f"A question over {len(passages.texts):,} passages",
        ["passages", "stage", "p50 ms", "p95 ms", "p99 ms"],
        [
            [way, stage, *percentiles(values)]
            for way, stages in spent.items()
            for stage, values in stages.items()
        ],
        f"{passages.note} {chosen.questions} questions, five passages each, no reading budget. "
        f"Encoded in {encoder.identity.precision}, read in {reader.reader.identity.precision}.",
    )


def _chosen(options: Sequence[str]) -> Namespace:
    parser = part_parser("ask", __doc__)
    add_texts(parser)
    parser.add_argument(
        "--pieces",
        type=int,
        nargs=2,
        default=(USUAL.least, USUAL.most),
        metavar=("LEAST", "MOST"),
        help="word pieces of a passage (%(default)s)",
    )
    parser.add_argument(
        "--precision", choices=get_args(PrecisionName), default="auto", help="(%(default)s)"
    )
    return parser.parse_args(options)
