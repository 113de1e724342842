"""Other systems beside Quoth: the same passages, model and machine, asked in turns.

Each runs in a process and an environment of its own, set up as its documentation does it
(benchmarks/systems/), with its own thread settings. They are asked one at a time, every one the
same question before the next. Of the indexes they answer from, the passages' vectors come from
one run of the same model; questions are encoded by each itself. With --in-a-row a turn has several
questions, as of somebody who asks more than one. Building is measured apart, on fewer passages,
which each encodes itself.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.competition import (
    WARM_UP,
    Asked,
    Competitor,
    ask_in_turns,
    saved_index,
    say,
    scratch,
    seconds_to_build,
)
from benchmarks.corpus import built_index
from benchmarks.environments import installed, python_of
from benchmarks.exact import nearest_ids, recall, reference_vectors
from benchmarks.options import add_texts, part_parser
from benchmarks.systems.contract import COUNT
from benchmarks.tables import Table
from benchmarks.texts import Passages, load_passages, load_questions
from benchmarks.timing import percentiles, ratio
from index.encoders import load_encoder

# Peer → its systems and what each is called.
PEERS = {
    "txtai": {"txtai-dense": "txtai, dense", "txtai-hybrid": "txtai, hybrid"},
    "haystack": {"haystack": "Haystack, FAISS"},
    "llamaindex": {"llamaindex": "LlamaIndex, FAISS"},
    "langchain": {"langchain": "LangChain, FAISS"},
    "chroma": {"chroma": "Chroma"},
}


def main(options: Sequence[str]) -> Iterator[Table]:
    parser = part_parser("peers", __doc__)
    add_texts(parser)
    parser.add_argument("--peers", default=",".join(PEERS), help="which (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="each with questions of its own")
    parser.add_argument("--in-a-row", type=int, default=1, help="questions of a turn")
    parser.add_argument("--starts", type=int, default=3, help="starts to a first answer, each")
    parser.add_argument("--build-passages", type=int, default=2_000, help="0: no builds")
    parser.add_argument("--build-rounds", type=int, default=1)
    chosen = parser.parse_args(options)
    if chosen.in_a_row < 1:
        parser.error("--in-a-row is a number of questions, 1 at least")
    peers = chosen.peers.split(",")
    if unknown := sorted(set(peers) - PEERS.keys()):
        parser.error(f"{', '.join(unknown)} is no peer; there are {', '.join(PEERS)}")
    passages = load_passages(chosen.data, chosen.passages)
    questions = load_questions(chosen.data, chosen.questions * chosen.rounds + WARM_UP)
    competitors = [
        Competitor("quoth", "Quoth", Path(sys.executable)),
        *(
            Competitor(system, title, python_of(peer, chosen.cache), peer)
            for peer in peers
            for system, title in PEERS[peer].items()
        ),
    ]
    yield _asking(competitors, passages, questions, chosen)
    if chosen.build_passages:
        yield _building(competitors, passages, chosen)
    yield _versions(peers, chosen.cache)


def _asking(
    competitors: Sequence[Competitor],
    passages: Passages,
    questions: Sequence[str],
    chosen: Namespace,
) -> Table:
    vectors = reference_vectors(passages.texts, chosen.cache)
    say(f"Quoth: index over {len(passages.texts):,} passages")
    indexes = {"quoth": built_index(passages, chosen.cache, load_encoder())}
    for one in competitors[1:]:
        indexes[one.system] = saved_index(one, passages, vectors, chosen.cache)
    asked = ask_in_turns(
        competitors,
        indexes,
        questions,
        chosen.rounds,
        chosen.starts,
        chosen.in_a_row,
        chosen.cache,
    )
    exact = nearest_ids(
        np.load(reference_vectors(questions[WARM_UP:], chosen.cache)),
        np.load(vectors),
        passages.ids,
        COUNT,
    )
    return Table(
        f"Asking {len(passages.texts):,} passages, in process",
        ["system", "p50 ms", "p99 ms", "times Quoth's p50", f"recall@{COUNT}", "start s", "RSS MB"],
        _asked_rows(competitors, asked, exact),
        f"{passages.note} A question to its top {COUNT}, {chosen.questions} different questions "
        f"in each of {chosen.rounds} rounds, all systems in turns of {chosen.in_a_row}, one "
        "process each. Quoth without its reader, but with citations. *times*: by medians of "
        "rounds, median (least–most). *recall*: against exact cosine over whole passages; Quoth "
        "and txtai, hybrid rank by words too, so theirs says how much they differ, not how good "
        "they are. *start*: process begun to first answer, median of "
        f"{chosen.starts}. *RSS*: after the last question.",
    )


def _asked_rows(
    competitors: Sequence[Competitor],
    asked: Mapping[str, Asked],
    exact: Sequence[Sequence[str]],
) -> list[list[str | float | None]]:
    ours, rows = asked["quoth"], []
    for one in competitors:
        theirs = asked[one.system]
        middle, highest = percentiles(theirs.spent, (50, 99))
        times = str(ratio(theirs.rounds, ours.rounds))
        start = percentiles(theirs.starts, (50,))[0]
        found = recall(theirs.found, exact)
        rows.append([one.title, middle, highest, times, found, start, theirs.resident_mb])
    return rows


def _building(competitors: Sequence[Competitor], passages: Passages, chosen: Namespace) -> Table:
    count = min(chosen.build_passages, len(passages.texts))
    part = Passages(passages.ids[:count], passages.texts[:count], min(count, passages.real))
    seconds: dict[str, list[float]] = {one.system: [] for one in competitors}
    for number in range(chosen.build_rounds):
        for one in competitors:
            say(f"{one.title}: build {number + 1} of {chosen.build_rounds}")
            with scratch(chosen.cache) as folder:
                seconds[one.system].append(seconds_to_build(one, part, folder, chosen.cache))
    ours = [[spent] for spent in seconds["quoth"]]
    rows = []
    for one in competitors:
        spent = seconds[one.system]
        times = str(ratio([[value] for value in spent], ours))
        rows.append([one.title, count / percentiles(spent, (50,))[0], times])
    return Table(
        f"Building from {count:,} passages",
        ["system", "passages/s", "times Quoth's seconds"],
        rows,
        f"{part.note} Models loaded before; from texts in memory (Quoth: from one file each) to "
        f"a saved index, each encoding all itself; rounds: {chosen.build_rounds}, one system "
        "after another.",
    )


def _versions(peers: Sequence[str], cache: Path) -> Table:
    return Table(
        "Versions of the peers",
        ["peer", "packages"],
        [[peer, ", ".join(installed(peer, cache))] for peer in peers],
        "All with the same torch and the same packaged MiniLM.",
    )
