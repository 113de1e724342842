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


def turns(systems: Sequence[str], questions: int, rounds: int, in_a_row: int = 1) -> Iterator[Turn]:
    """Every system has its turn with a question before the next question comes, or with
    ``in_a_row`` of them: the first finds what others left of the caches, those after it its own.

    Each round has ``questions`` of its own, so that nobody can have kept an answer. Who begins
    changes from turn to turn, and so does who follows whom: a system that leaves threads spinning
    or caches cold would else always hinder the same one.
    """
    random = Random(0)
    for number in range(rounds):
        own = range(number * questions, (number + 1) * questions)
        for first in range(0, questions, in_a_row):
            order = list(systems)
            random.shuffle(order)
            for system in order:
                for place in own[first : first + in_a_row]:
                    yield Turn(number, place, system)
