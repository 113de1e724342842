"""Held-aside examples → corpora and questions to calibrate on, as many without as with an answer.

A question lacks an answer because its set says so or the paragraph it was asked of is left out
of the corpus, because a name or number in it was put in another's place, or because it belongs
to another set altogether: somebody who asks their own documents meets all of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from index.records import Document
from service.evaluation.candidates import GoldQuestion
from service.evaluation.datasets import document
from service.evaluation.lines import records
from service.training.examples import Example, Examples
from service.training.sources import Source
from service.training.swaps import swapped

Item = TypeVar("Item")

SEED = 7
# Of a set's paragraphs one in this many is left out, where the set has no unanswerable questions.
LEFT_OUT_ONE_IN = 3
# Our own set has so many times the questions of another, about as many as all others together:
# its questions are those of people who have not seen the text.
OURS_TIMES = 4
# Of the unanswerable questions these shares are of the set itself, and swapped; the rest is of
# other sets. Ours were written to be near misses, which is what people's are.
OTHERS_SHARES, OUR_SHARES = (1 / 3, 1 / 3), (2 / 3, 1 / 6)
# Why a question has no answer in the corpus: its set says so of the paragraph, the paragraph was
# left out, a name or number in it was exchanged, or it belongs to another set.
UNANSWERABLE, LEFT_OUT, SWAPPED, FOREIGN = "unanswerable", "left out", "exchanged", "other set"


@dataclass(frozen=True, slots=True)
class CalibrationSet:
    """A corpus and the questions asked of it; those without gold have no answer in it."""

    name: str
    documents: tuple[Document, ...]
    questions: tuple[GoldQuestion, ...]


def calibration_sets(
    loaded: Examples, sources: Sequence[Source], limit: int, corpora: dict[str, Path]
) -> list[CalibrationSet]:
    """One for each source that has calibration examples whose questions name their topic.

    At most ``limit`` questions with an answer (OURS_TIMES as many of ours), and as many without:
    of its own, swapped, and from other sources, more of the last where the first are too few.
    ``corpora`` names for a source a file of documents (BEIR's corpus.jsonl) to ask instead of its
    calibration paragraphs.
    """
    chosen = [
        source for source in sources if source.mined and loaded.of("calibration", source.name)
    ]
    return [
        _calibration_set(loaded, source, [s.name for s in chosen], limit, corpora.get(source.name))
        for source in chosen
    ]


def _calibration_set(
    loaded: Examples, source: Source, names: Sequence[str], limit: int, corpus: Path | None
) -> CalibrationSet:
    name = source.name
    rng = np.random.default_rng([SEED, *name.encode()])
    examples = loaded.of("calibration", name)
    left_out = _left_out(examples, rng)
    answerable, own = [], []
    for example in examples:
        holds = bool(example.answers) and example.context not in left_out
        (answerable if holds else own).append(example)
    others = [
        example
        for other in names
        if other != name
        for example in loaded.of("calibration", other)
        if example.answers
    ]
    wanted = drawn(answerable, limit * OURS_TIMES if source.ours else limit, rng)
    own_share, swapped_share = OUR_SHARES if source.ours else OTHERS_SHARES
    count, altered = int(len(wanted) * own_share), int(len(wanted) * swapped_share)
    why = LEFT_OUT if left_out else UNANSWERABLE
    unanswerable = [_question(name, example, why) for example in drawn(own, count, rng)]
    unanswerable += drawn(_swapped(loaded, name, answerable, others, rng), altered, rng)
    foreign = drawn(others, len(wanted) - len(unanswerable), rng)
    unanswerable += [_question(name, example, FOREIGN) for example in foreign]
    absent = {loaded.contexts[at].text for at in left_out}
    return CalibrationSet(
        name,
        _documents(loaded, examples, absent, corpus),
        (
            *(with_gold(loaded, name, example) for example in wanted),
            *unanswerable,
        ),
    )


def _left_out(examples: Sequence[Example], rng: np.random.Generator) -> set[int]:
    """Contexts left out of the corpus; none where the set has unanswerable questions."""
    contexts = sorted({example.context for example in examples})
    if not all(example.answers for example in examples):
        return set()
    return set(drawn(contexts, len(contexts) // LEFT_OUT_ONE_IN, rng))


def _documents(
    loaded: Examples, examples: Sequence[Example], absent: set[str], corpus: Path | None
) -> tuple[Document, ...]:
    """Each text once; equal texts as different contexts are one document."""
    if corpus is not None:
        titled = {
            record.text("text"): (record.text("_id"), record.text("title", ""))
            for record in records(corpus)
        }
    else:
        contexts = sorted({example.context for example in examples}, reverse=True)
        titled = {
            loaded.contexts[at].text: (f"context-{at:06d}", loaded.contexts[at].title)
            for at in contexts
        }
    return tuple(
        document(uri, title, text)
        for text, (uri, title) in sorted(titled.items(), key=lambda item: item[1])
        if text not in absent
    )


def _swapped(
    loaded: Examples,
    name: str,
    examples: Sequence[Example],
    others: Sequence[Example],
    rng: np.random.Generator,
) -> list[GoldQuestion]:
    """Those of the questions in which something could be put in another's place.

    Names come from other sets: one of the same corpus might make a question it answers.
    """
    found = []
    for example in examples if others else ():
        other = others[int(rng.integers(len(others)))].question
        text = swapped(example.question, loaded.contexts[example.context].text, other, rng)
        if text is not None:
            found.append(replace(_question(name, example, SWAPPED), text=text))
    return found


def _question(name: str, example: Example, lacking: str = "") -> GoldQuestion:
    """Without gold: not answered in the corpus."""
    kind = "swapped" if lacking == SWAPPED else ""
    question_id = "/".join(filter(None, (example.source, example.question_id, kind)))
    return GoldQuestion(question_id, name, example.question, (), lacking)


def with_gold(loaded: Examples, name: str, example: Example) -> GoldQuestion:
    """The question as one of the set ``name``, with all its answers' words; its id is the same
    in every set.
    """
    text = loaded.contexts[example.context].text
    gold = tuple(dict.fromkeys(span.of(text) for span, _ in example.answers))
    return replace(_question(name, example), gold=gold)


def drawn(items: Sequence[Item], count: int, rng: np.random.Generator) -> list[Item]:
    """``count`` of the items, in their order; all where there are no more."""
    if count >= len(items):
        return list(items)
    chosen = sorted(rng.choice(len(items), max(0, count), replace=False).tolist())
    return [items[at] for at in chosen]
