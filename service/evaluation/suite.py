"""Several sets in a row: each is reported as soon as it is measured, none stops the others."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.errors import QuothError
from service.evaluation.bench import Bench
from service.evaluation.catalogue import FoundSet, Layout
from service.evaluation.lines import InvalidDataset, text_of
from service.evaluation.measures import CONFIDENCE, RESAMPLES, SEED
from service.evaluation.own_run import evaluate_questions
from service.evaluation.paragraph import evaluate_paragraphs
from service.evaluation.plots import draw
from service.evaluation.progress import bars
from service.evaluation.report import lines
from service.evaluation.results import SetResult
from service.evaluation.run import evaluate_set

Write = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The sets measured, and one sentence for each that could not be."""

    results: tuple[SetResult, ...]
    errors: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether every set was measured and every citation verified."""
        return not self.errors and all(not result.verified.faults for result in self.results)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is done beside measuring: ``paragraph`` reads SQuAD files' questions in their own
    paragraphs instead, ``calibrate`` fits the index's calibration to own questions, and
    ``plots`` is the folder that pictures of confidence go into.
    """

    paragraph: bool = False
    calibrate: bool = False
    plots: Path | None = None


def run_suite(
    sets: Sequence[FoundSet],
    bench: Bench,
    index_folder: Path,
    write: Write,
    earlier: Mapping[str, Any] | None = None,
    quiet: bool = False,
    wishes: Wishes = Wishes(),
) -> Outcome:
    """Measures each set and writes its report; own questions are asked of ``index_folder``."""
    results, errors = [], []
    for found in sets:
        write("")
        try:
            with bars(quiet) as progress:
                result = _measured(found, replace(bench, progress=progress), index_folder, wishes)
        except QuothError as error:
            errors.append(f"{found.name} could not be evaluated: {error}")
            write(f"## {errors[-1]}")
            continue
        results.append(result)
        for line in lines(result, earlier):
            write(line)
        if wishes.plots is not None and result.reading is not None:
            for path in draw(result.reading, wishes.plots, result.name):
                write(f"drawn: {path}")
    return Outcome(tuple(results), tuple(errors))


def _measured(found: FoundSet, bench: Bench, index_folder: Path, wishes: Wishes) -> SetResult:
    if found.layout is Layout.QUESTIONS:
        return evaluate_questions(found, index_folder, bench, wishes.calibrate)
    if found.layout is Layout.SQUAD and wishes.paragraph:
        return evaluate_paragraphs(found, bench)
    return evaluate_set(found, bench)


def read_results(path: Path) -> dict[str, Any]:
    """An earlier run's file; raises InvalidDataset where it is none."""
    try:
        value = json.loads(text_of(path))
        if not isinstance(value["sets"], list):
            raise TypeError("sets is no list")
        return value
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidDataset(f"{path} is no results file of an evaluation: {error}") from error


def results_json(outcome: Outcome, command: str) -> dict[str, Any]:
    """Everything a later run needs to repeat the figures or be compared with them."""
    return {
        "command": command,
        "bootstrap": {"seed": SEED, "resamples": RESAMPLES, "confidence": CONFIDENCE},
        "sets": [result.to_json() for result in outcome.results],
        "errors": list(outcome.errors),
    }
