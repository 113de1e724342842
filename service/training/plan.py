"""What an epoch shows: each example in its paragraph, and beside it wrong and altered ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from service.training.examples import Example
from service.training.negatives import Negative, key_of
from service.training.sources import Source

Kind = Literal["gold", "mined", "foreign", "without", "swapped", "opposed", "misplaced", "denied"]

# How many of each kind an answerable example brings, on average, each time it is shown.
MINED, FOREIGN, WITHOUT, SWAPPED, DENIED = 0.35, 0.03, 0.2, 0.2, 0.2
# Made only of questions from sets whose unanswerable ones are made so.
OPPOSED, MISPLACED = 0.12, 0.2
# The same for an unanswerable one, which is itself a negative.
MINED_UNANSWERABLE = 0.2


@dataclass(frozen=True, slots=True)
class Item:
    """An example as one of the kinds; ``seed`` settles every choice left open."""

    example: int
    kind: Kind
    seed: int


def plan_epoch(
    examples: Sequence[Example],
    sources: Sequence[Source],
    negatives: Mapping[str, Sequence[Negative]],
    weights: np.ndarray,
    rng: np.random.Generator,
) -> list[Item]:
    """All items of an epoch, in random order. ``weights`` (float64 [examples]) are how many times
    as often each example stands as itself (``balance.py``).
    """
    by_name = {source.name: source for source in sources}
    items: list[Item] = []

    def add(example: int, kind: Kind, times: float) -> None:
        count = int(times) + (rng.random() < times % 1)
        items.extend(Item(example, kind, int(rng.integers(2**62))) for _ in range(count))

    for at, example in enumerate(examples):
        share = by_name[example.source].share
        add(at, "gold", share * weights[at])
        mined = bool(negatives.get(key_of(example)))
        if not example.answers:
            add(at, "mined", share * MINED_UNANSWERABLE * mined)
            continue
        add(at, "mined", share * MINED * mined)
        add(at, "foreign", share * FOREIGN)
        add(at, "without", share * WITHOUT)
        add(at, "swapped", share * SWAPPED)
        add(at, "denied", share * DENIED)
        add(at, "opposed", share * OPPOSED)
        add(at, "misplaced", share * MISPLACED)
    order = rng.permutation(len(items))
    return [items[at] for at in order]
