"""Who is asked what and when, so that every system meets the same machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Turn:
    """One question to one system; ``place`` is the question's among those of all rounds."""

    round: int
    place: int
    system: str


def turns(systems: Sequence[str], questions: int, rounds: int) -> Iterator[Turn]:
    """Every system has its turn with a question before the next question comes.

    Each round has ``questions`` of its own, so that nobody can have kept an answer. Who begins
    changes from question to question, and so does who follows whom: a system that leaves threads
    spinning or caches cold would else always hinder the same one.
    """
    random = Random(0)
    for place in range(questions * rounds):
        order = list(systems)
        random.shuffle(order)
        for system in order:
            yield Turn(place // questions, place, system)
