"""From nothing to the first answer: a process begun, models loaded, an index opened, one reply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.options import add_texts, part_parser
from benchmarks.processes import WAYS, begun_answering, index_for
from benchmarks.systems.contract import COUNT
from benchmarks.tables import Table
from benchmarks.texts import load_questions
from benchmarks.timing import percentiles


def main(options: Sequence[str]) -> Iterator[Table]:
    parser = part_parser("start", __doc__)
    add_texts(parser, questions=1)
    parser.add_argument("--rounds", type=int, default=5, help="starts of each kind")
    chosen = parser.parse_args(options)
    passages, index = index_for(chosen)
    (question,) = load_questions(chosen.data, 1)
    seconds = {way: [] for way in WAYS}
    for _ in range(chosen.rounds):
        for way, system in WAYS.items():
            with begun_answering(system, index, chosen.cache) as process:
                process.ask(question, COUNT)
                seconds[way].append(process.seconds())
    yield Table(
        f"Start to first answer, {len(passages.texts):,} passages",
        ["passages", "median s", "least s", "most s"],
        [
            [way, percentiles(spent, (50,))[0], min(spent), max(spent)]
            for way, spent in seconds.items()
        ],
        f"{passages.note} {chosen.rounds} processes of each kind in turns; files are cached by the "
        "system, which read them before.",
    )
