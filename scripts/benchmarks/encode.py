"""Questions and passages through the encoder alone, in each runtime that is installed.

Passages of about 128 word pieces go in together, questions one at a time; the runtimes take
turns, round by round.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter

from benchmarks.options import add_texts, part_parser
from benchmarks.tables import Table
from benchmarks.texts import load_passages, load_questions
from benchmarks.timing import percentiles, ratio
from index.encoders import load_encoder
from index.runtimes import RuntimeSettings

WARM_UP = 5


def main(options: Sequence[str]) -> Iterator[Table]:
    parser = part_parser("encode", __doc__)
    add_texts(parser, passages=256, questions=100)
    parser.add_argument("--rounds", type=int, default=3, help="each with texts of its own")
    chosen = parser.parse_args(options)
    passages = load_passages(chosen.data, chosen.passages * chosen.rounds)
    questions = load_questions(chosen.data, chosen.questions * chosen.rounds + WARM_UP)
    encoders = {
        name: load_encoder(wanted=RuntimeSettings(runtime=name)) for name in ("openvino", "torch")
    }
    seconds = {name: [] for name in encoders}
    spent = {name: [[] for _ in range(chosen.rounds)] for name in encoders}
    for encoder in encoders.values():
        encoder.encode_passages(passages.texts[:WARM_UP])
        encoder.encode_queries(questions[:WARM_UP])
    for number in range(chosen.rounds):
        texts = passages.texts[number * chosen.passages :][: chosen.passages]
        asked = questions[WARM_UP + number * chosen.questions :][: chosen.questions]
        for name, encoder in encoders.items():
            begun = perf_counter()
            encoder.encode_passages(texts)
            seconds[name].append([perf_counter() - begun])
            for question in asked:
                begun = perf_counter()
                encoder.encode_queries([question])
                spent[name][number].append((perf_counter() - begun) * 1000)
    rows = []
    for name in encoders:
        middle, highest = percentiles([ms for one in spent[name] for ms in one], (50, 99))
        rate = chosen.passages / percentiles([one[0] for one in seconds[name]], (50,))[0]
        rows.append([name, rate, str(ratio(seconds["torch"], seconds[name])), middle, highest])
    yield Table(
        "Encoding",
        ["runtime", "passages/s", "times torch's", "question p50 ms", "question p99 ms"],
        rows,
        f"{passages.note} {chosen.rounds} rounds of {chosen.passages} passages at once and "
        f"{chosen.questions} questions one by one. *times*: median of rounds (least–most).",
    )
