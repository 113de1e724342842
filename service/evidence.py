"""Which sentences of each passage to cite: one contiguous run that bears on the question.

A sentence scores the share of the question's idf that it holds, a part of the cosine of the
window it is in, and a part of what its neighbours score, since an answer often stands
beside the sentence that names its subject. The run is the one of greatest
``sum(score - KEEP * best)``. A passage whose best sentence scores far below the best of all
passages holds no evidence; its most telling short sentence is cited as merely related.

Where a reader found the answer, the evidence is made to hold it, and passages that it found
hardly relevant hold none; where it found none that is sure enough, nothing is evidence.

The constants were chosen on chunking_eval_2 and SQuAD articles (README, "How good is it?").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.records import Span

# What a sentence gets of its window's cosine, which finds what is said in other words.
MEANING = 0.4
# What a sentence gets of each neighbour's score.
NEIGHBOUR = 0.25
# A sentence is worth citing beside the best one from this share of its score on.
KEEP = 0.8
# A passage holds evidence from this share of the best passage's score on.
GATE = 0.8
# What a related sentence pays for each character, so that a short one is cited; one shorter than
# SHORT pays as much, so that of sentences without a word of the question the first is cited.
LENGTH_PRICE, SHORT = 0.008, 80
# A shorter one is a fragment ("Dear all,"): where it holds no word of the question it is cited
# only for want of a sentence.
FRAGMENT = 25


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is asked of a sentence: the share of the question's idf that it holds (0 to 1), the
    cosine of its window (-1 to 1), its length, and whether it only names its section or columns.
    """

    coverage: float
    cosine: float
    characters: int
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences to cite, as a range of their positions in the passage; never empty."""

    run: range
    kind: Literal["evidence", "related"]


def select_evidence(passages: Sequence[Sequence[Sentence]]) -> list[Evidence]:
    """What to cite of each passage, given best first; each has at least one sentence.

    The first passage is the best there is, so what it has is its evidence. A passage that
    shares neither word nor meaning gives nothing to choose by, and is related as a whole.
    """
    scored = [_with_neighbours(sentences) for sentences in passages]
    best = max((max(scores) for scores in scored), default=0.0)
    chosen = []
    for rank, (sentences, scores) in enumerate(zip(passages, scored, strict=True)):
        own = max(scores)
        if own <= 0:
            chosen.append(Evidence(range(len(sentences)), "related"))
        elif rank == 0 or own >= GATE * best:
            chosen.append(Evidence(_best_run([s - KEEP * own for s in scores]), "evidence"))
        else:
            at = _most_telling(sentences)
            chosen.append(Evidence(range(at, at + 1), "related"))
    return chosen


def sentences_holding(sentences: Sequence[Span], answer: Span) -> range:
    """The fewest neighbouring sentences that hold a span, by position; spans in one text.

    Raises ValueError where the span is empty or leaves the sentences.

    >>> sentences_holding([Span(0, 9), Span(10, 19), Span(20, 29)], Span(12, 21))
    range(1, 3)
    """
    if not sentences[0].start <= answer.start < answer.end <= sentences[-1].end:
        raise ValueError(f"{answer} is empty or outside the sentences")
    first = max(at for at, sentence in enumerate(sentences) if sentence.start <= answer.start)
    last = min(at for at, sentence in enumerate(sentences) if sentence.end >= answer.end)
    return range(first, last + 1)


def with_answer(chosen: Evidence, holding: range) -> Evidence:
    """The evidence of a passage whose sentences ``holding`` hold the answer: always those.

    What was chosen by words and meaning is kept beside them where it overlaps or touches
    them; elsewhere in the passage it speaks of something else. Related sentences are no
    evidence, so they add none.

    >>> with_answer(Evidence(range(1, 3), "evidence"), range(3, 4)).run
    range(1, 4)
    """
    run = chosen.run
    apart = run.start > holding.stop or holding.start > run.stop
    if apart or chosen.kind == "related":
        return Evidence(holding, "evidence")
    return Evidence(range(min(run.start, holding.start), max(run.stop, holding.stop)), "evidence")


def _with_neighbours(sentences: Sequence[Sentence]) -> list[float]:
    padded = [0.0, *(s.coverage + MEANING * max(0.0, s.cosine) for s in sentences), 0.0]
    smoothed = [
        here + NEIGHBOUR * (before + after)
        for before, here, after in zip(padded, padded[1:], padded[2:], strict=False)
    ]
    if all(sentence.is_heading for sentence in sentences):
        return smoothed
    # A heading names what is asked about and answers nothing; it speaks for what follows it.
    return [0.0 if s.is_heading else score for s, score in zip(sentences, smoothed, strict=True)]


def _best_run(gains: Sequence[float]) -> range:
    """The contiguous run of greatest sum, after Kadane; of equals the first, then the shortest.

    >>> _best_run([-1.0, 2.0, -1.0, 3.0, -5.0])
    range(1, 4)
    """
    best, best_sum = range(1), gains[0]
    first, running = 0, 0.0
    for at, gain in enumerate(gains):
        if running <= 0:
            first, running = at, 0.0
        running += gain
        if running > best_sum:
            best, best_sum = range(first, at + 1), running
    return best


def _most_telling(sentences: Sequence[Sentence]) -> int:
    def worth(at: int) -> tuple[bool, bool, float]:
        sentence = sentences[at]
        tells = sentence.coverage > 0 or sentence.characters >= FRAGMENT
        price = LENGTH_PRICE * max(sentence.characters, SHORT)
        return not sentence.is_heading, tells, sentence.coverage - price

    return max(range(len(sentences)), key=worth)
