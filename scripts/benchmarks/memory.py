"""Resident memory of a process that answers: after its first answer, and after many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.errors import Skipped
from benchmarks.options import add_texts, part_parser
from benchmarks.processes import WAYS, begun_answering, index_for
from benchmarks.systems.contract import COUNT
from benchmarks.tables import Table
from benchmarks.texts import load_questions


def main(options: Sequence[str]) -> Iterator[Table]:
    parser = part_parser("memory", __doc__)
    add_texts(parser)
    chosen = parser.parse_args(options)
    passages, index = index_for(chosen)
    questions = load_questions(chosen.data, chosen.questions)
    rows = []
    for way, system in WAYS.items():
        with begun_answering(system, index, chosen.cache) as process:
            held = []
            for question in questions:
                process.ask(question, COUNT)
                held.append(process.resident_mb())
            if held[0] is None:
                raise Skipped("this system has no /proc, which tells a process's memory")
            rows.append([way, held[0], held[-1], max(held)])
    yield Table(
        f"Resident memory, {len(passages.texts):,} passages",
        ["passages", "first answer MB", "last answer MB", "most MB"],
        rows,
        f"{passages.note} {chosen.questions} questions; MB of 2^20 bytes; a mapped index counts "
        "as far as it was touched.",
    )
