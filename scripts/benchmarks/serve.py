"""A question over HTTP, by one client, by many, and by more than there is room for.

Closed loops of 1, 8 and 32 clients, each asking the next question when it has its reply; 32 who
ask the same few over and over; then an open loop at five times the best rate of answers so far,
and how soon after it one client is served as before. No other question is asked twice. The service
runs in a process of its own with its defaults; the clients share the machine with it.

--beside names other checkouts of Quoth (with .venv), which take turns with this one; --txtai adds
txtai's own API over a hybrid index of the same passages, in closed loops only, since it refuses
nobody.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from itertools import chain, count, cycle, islice
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.competition import Competitor, saved_index
from benchmarks.connection import Written, quoth_request, txtai_request
from benchmarks.conversation import SystemFailed
from benchmarks.environments import python_of
from benchmarks.exact import reference_vectors
from benchmarks.load import Load, closed_loop, open_loop, recovery, run_load
from benchmarks.options import add_texts, part_parser
from benchmarks.processes import index_for
from benchmarks.served import Running, served, txtai_served
from benchmarks.tables import Table
from benchmarks.texts import Passages, load_questions
from benchmarks.timing import Ratio, percentiles

HERE = Path(__file__).resolve().parents[2]
CLIENTS = (1, 8, 32)
SATURATION = 5
# Of how many questions the clients who repeat choose.
REPEATED = 50
WARM_UP = 30
RECOVERY_SECONDS = 15.0
TIMES = ["p50 ms", "p95 ms", "p99 ms"]
COLUMNS = [
    "service",
    "load",
    "answers/s",
    *TIMES,
    "processor ms",
    "clients' ms",
    "of peak",
    "refused",
    "refusal p50 ms",
    "refusal p99 ms",
    "faults",
]


@dataclass
class Served:
    """One service, and by name its loads and the processor's ms for a request that it and that its
    clients used, one a round.

    ``refuses``: whether it tells whom it cannot serve, so that it can be asked too much.
    """

    name: str
    running: Running
    written: Written = quoth_request
    refuses: bool = True
    loads: dict[str, list[Load]] = field(default_factory=dict)
    costs: dict[str, list[float | None]] = field(default_factory=dict)
    clients: dict[str, list[float]] = field(default_factory=dict)
    recovered: list[float] = field(default_factory=list)

    async def closed(self, questions: Iterator[str], clients: int, chosen: Namespace) -> Load:
        bounds = (chosen.seconds, chosen.most)
        return await closed_loop(self.running.port, questions, clients, *bounds, self.written)

    async def measure(self, name: str, loading: Awaitable[Load]) -> Load:
        before, ours = self.running.cpu_seconds(), process_time()
        load = await loading
        after, spent = self.running.cpu_seconds(), process_time() - ours
        requests = max(1, len(load.samples)) / 1000
        self.loads.setdefault(name, []).append(load)
        self.costs.setdefault(name, []).append(before and (after - before) / requests)
        self.clients.setdefault(name, []).append(spent / requests)
        return load


def main(options: Sequence[str]) -> Iterator[Table]:
    parser = part_parser("serve", __doc__)
    add_texts(parser, questions=20_000)
    parser.add_argument("--rounds", type=int, default=3, help="of all loads (%(default)s)")
    parser.add_argument("--seconds", type=float, default=5.0, help="of a load (%(default)s)")
    parser.add_argument("--most", type=int, default=10_000, help="requests of a load (%(default)s)")
    parser.add_argument("--read", action="store_true", help="with the reader")
    parser.add_argument("--beside", type=Path, nargs="*", default=[], help="other checkouts")
    parser.add_argument("--txtai", action="store_true", help="its API, hybrid, beside ours")
    chosen = parser.parse_args(options)
    passages, index = index_for(chosen)
    questions = unrepeated(load_questions(chosen.data, chosen.questions))
    with ExitStack() as running:
        services = []
        for place, checkout in enumerate([HERE, *chosen.beside]):
            log = chosen.cache / "logs" / f"serve-{place}.log"
            begun = running.enter_context(served(checkout.resolve(), index, log, chosen.read))
            services.append(Served("Quoth" if place == 0 else checkout.name, begun))
        if chosen.txtai:
            begun = running.enter_context(_txtai(passages, chosen.cache))
            services.append(Served("txtai, hybrid", begun, txtai_request, refuses=False))
        for _ in range(chosen.rounds):
            for service in services:
                run_load(_round(service, questions, chosen))
    reads = "read" if chosen.read else "not read"
    yield Table(
        f"Serving {len(passages.texts):,} passages over HTTP, {reads}",
        COLUMNS,
        [row for service in services for row in _rows(service)],
        f"{passages.note} {chosen.rounds} rounds; each figure is the median of the rounds. *of "
        f"peak*: answers/s against the most of any load of the round. *faults*: neither answered "
        "nor refused by 503 with Retry-After. *processor*: what the service used, for each "
        "request, answered or refused; of all figures the one that a busy machine changes least. "
        "*clients'*: what the clients used of the same machine.",
    )
    yield _recovery_table(services)
    if len(services) > 1:
        yield _ratio_table(services)


def unrepeated(questions: Sequence[str]) -> Iterator[str]:
    """The questions, and then again with a number behind, which makes them others.

    >>> list(islice(unrepeated(["who?", "why?"]), 5))
    ['who?', 'why?', 'who? 2', 'why? 2', 'who? 3']
    """
    numbered = (f"{question} {number}" for number in count(2) for question in questions)
    return chain(questions, numbered)


def _txtai(passages: Passages, cache: Path) -> AbstractContextManager[Running]:
    python = python_of("txtai", cache)
    hybrid = Competitor("txtai-hybrid", "txtai, hybrid", python, "txtai")
    vectors = reference_vectors(passages.texts, cache)
    index = saved_index(hybrid, passages, vectors, cache)
    return txtai_served(python, index, cache / "logs" / "serve-txtai.log")


async def _round(service: Served, questions: Iterator[str], chosen: Namespace) -> None:
    warming = Namespace(seconds=chosen.seconds, most=WARM_UP)
    await service.closed(questions, 1, warming)
    for clients in CLIENTS:
        await service.measure(_named(clients), service.closed(questions, clients, chosen))
    few = cycle(list(islice(questions, REPEATED)))
    await service.measure("32, repeating", service.closed(few, CLIENTS[-1], chosen))
    if service.refuses:
        await _flood(service, questions, chosen)


async def _flood(service: Served, questions: Iterator[str], chosen: Namespace) -> None:
    port, peak = service.running.port, _peaks(service)[-1]
    flood = open_loop(port, questions, SATURATION * peak, chosen.seconds, chosen.most)
    await service.measure(f"{SATURATION} times the peak", flood)
    usual = service.loads[_named(1)][-1].percentiles((95,))[0]
    if usual is None:
        raise SystemFailed(f"{service.name} answered nothing; its log lies in the cache")
    service.recovered.append(await recovery(port, questions, usual, RECOVERY_SECONDS))


def _rows(service: Served) -> Iterator[list[str | float | None]]:
    for name, loads in service.loads.items():
        peaks = _peaks(service)
        yield [
            service.name,
            name,
            median(load.goodput for load in loads),
            *_medians([load.percentiles() for load in loads]),
            *_medians([[cost] for cost in service.costs[name]], 1),
            median(service.clients[name]),
            median(load.goodput / peak for load, peak in zip(loads, peaks, strict=True)),
            sum(len(load.refused) for load in loads),
            *_medians([percentiles(r, (50, 99)) for load in loads if (r := load.refused)], 2),
            sum(load.faults for load in loads),
        ]


def _named(clients: int) -> str:
    return "1 client" if clients == 1 else f"{clients} clients"


def _peaks(service: Served) -> list[float]:
    """Of each round the most answers a second that different questions had in a closed loop."""
    closed = [service.loads[_named(clients)] for clients in CLIENTS]
    return [max(load.goodput for load in loads) for loads in zip(*closed, strict=True)]


def _medians(rounds: Sequence[Sequence[float | None]], width: int = 3) -> list[float | None]:
    known = [own for own in rounds if None not in own]
    return [median(column) for column in zip(*known, strict=True)] if known else [None] * width


def _recovery_table(services: Sequence[Served]) -> Table:
    return Table(
        "After the flood",
        ["service", "median s", "most s"],
        [[one.name, median(one.recovered), max(one.recovered)] for one in services if one.refuses],
        "Seconds until one client has five answers in a row within twice the 95th percentile it "
        "had before.",
    )


def _ratio_table(services: Sequence[Served]) -> Table:
    own, *others = services
    rows = []
    for other in others:
        for name, loads in own.loads.items():
            if name not in other.loads:
                continue
            pairs = list(zip(loads, other.loads[name], strict=True))
            rates = [_ratio(mine.goodput, their.goodput) for mine, their in pairs]
            waits = [_ratio(t.percentiles()[0], m.percentiles()[0]) for m, t in pairs]
            costs = list(map(_ratio, other.costs[name], own.costs[name]))
            rows.append([other.name, name, *map(_spread, (rates, waits, costs))])
    return Table(
        "Quoth against the others, round by round",
        ["against", "load", "times answers/s", "times faster p50", "times less processor"],
        rows,
        "Median of the rounds (least–most).",
    )


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one and other else None


def _spread(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return str(Ratio(median(known), min(known), max(known))) if known else "–"
