"""What a reader needs besides its weights: the scales of its inputs, and the calibration from
held-aside sets asked over whole corpora and document by document → scales.safetensors,
calibration.json.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from index.build import build_documents
from index.encoder import Encoder
from index.encoders import load_encoder
from index.manifest import FORMAT
from index.progress import by_documents
from index.records import short_digest
from service.evaluation.answers import auroc
from service.evaluation.bench import Bench
from service.evaluation.calibrate import fit_calibration
from service.evaluation.candidates import collect, unfitted
from service.evaluation.confidences import expected_calibration_error
from service.evaluation.judged import Held, JudgedQuestion
from service.evaluation.report import table
from service.reading.calibration import Calibration, load_calibration, save_calibration
from service.reading.loading import CALIBRATION_FILE, LoadedReader, logits_of
from service.reading.passage_reader import PassageReader
from service.reading.records import Reader
from service.reading.weights import find_reader
from service.training.calibration_sets import CalibrationSet, calibration_sets
from service.training.examples import load_examples
from service.training.input_scales import fit_scales
from service.training.single_documents import single_document_sets
from service.training.sources import chosen_sources

# Beside an index: which documents it was built from, and in which format.
BUILT_FILE = "documents.digest"
# The corpus that SleepQA's questions are asked of, from the folder above the reading sets.
SLEEPQA_CORPUS = Path("retrieval/sleepqa/corpus.jsonl")

# Between what a calibration was fitted on and what the judges of larger corpora were.
LARGER = "; for larger corpora as before, on "

# Stages of fewer steps are not told.
TOLD_FROM = 50

Progress = Callable[[str, int, int], None]


def run(
    data: Annotated[Path, typer.Option(help="The folder with the reading sets.")],
    weights: Annotated[Path, typer.Option(help="The reader's folder; both go there.")],
    work: Annotated[Path, typer.Option(help="Where indexes and readings are kept.")],
    limit: Annotated[
        int,
        typer.Option(help="Answerable questions of a whole set, at most; four times of ours."),
    ] = 300,
    depth: Annotated[int, typer.Option(help="Passages read for a question.")] = 10,
    clean: Annotated[bool, typer.Option(help="Only sets whose licence is stated.")] = False,
    small: Annotated[
        bool,
        typer.Option(
            help="Only on small corpora; scales and others' judge stay as they are. What chooses, "
            "for corpora of any size, is fitted too."
        ),
    ] = False,
) -> None:
    """Fit scales and calibration of a reader's weights and say what they are worth, set by set."""
    # Small corpora are made of our own documents alone.
    sources = tuple(source for source in chosen_sources(clean) if source.ours or not small)
    corpus = data.parent / SLEEPQA_CORPUS
    corpora = {"sleepqa": corpus} if corpus.is_file() else {}
    loaded = load_examples(data, sources)
    files = find_reader(weights)
    if not small:
        files = fit_scales(files, loaded)
    sets = [] if small else calibration_sets(loaded, sources, limit, corpora)
    sets += single_document_sets(loaded, sources)
    reader = PassageReader(files, logits_of(files))
    # Confidences of other precisions differ a little: a calibration is best fitted as it is used.
    print(f"read in {reader.identity.runtime}, {reader.identity.precision}")
    sha256, path = reader.identity.weights_sha256, weights / CALIBRATION_FILE
    kept = load_calibration(path, sha256) if small else None
    judged = judge_sets(sets, reader, load_encoder(), work, depth, _told)
    named = ", ".join(dict.fromkeys(question.source for question in judged))
    calibration, held = fit_calibration(judged, sha256, fitted_on(named, kept), kept)
    save_calibration(calibration, path)
    for line in report(judged, held, calibration):
        print(line)


def fitted_on(named: str, kept: Calibration | None) -> str:
    """What a calibration says of itself: the sets named, and what one that is kept said."""
    own = f"held-aside questions of {named}"
    if kept is None:
        return own
    # What was kept may itself have been of two parts: the judges that stay are of the second.
    return f"{own}{LARGER}{kept.fitted_on.rpartition(LARGER)[2]}"


def judge_sets(
    sets: Sequence[CalibrationSet],
    reader: Reader,
    encoder: Encoder,
    work: Path,
    depth: int,
    progress: Progress,
) -> list[JudgedQuestion]:
    """Every set indexed and asked; what was built and read before is taken from ``work``."""
    judged: list[JudgedQuestion] = []
    loaded = LoadedReader(reader, unfitted(reader.identity.weights_sha256))
    for each in sets:
        folder = work / each.name
        _build(each, folder, encoder, progress)
        bench = Bench(encoder, reader=loaded, cache=work, progress=progress)
        bench = replace(bench, reading=replace(bench.reading, depth=depth))
        opened = bench.with_readings_kept(folder).open(folder)
        vectors = bench.encode([question.text for question in each.questions])
        judged += collect(opened, each.questions, vectors, progress)
    return judged


def report(judged: Sequence[JudgedQuestion], held: Held, calibration: Calibration) -> Iterator[str]:
    """A table of what questions not fitted on say, a line per set and one for all.

    "right" is the share of answerable questions whose best answer is right, "answered" the
    share of questions answered at the threshold, "accuracy" that of right ones among these.
    """
    sources = np.asarray([question.source for question in judged])
    answerable = np.asarray([question.answerable for question in judged])
    thresholds = np.asarray([calibration.threshold(question.searched) for question in judged])
    rows = [["", "n", "right", "answered", "accuracy", "abstained", "mean score", "ECE"]]
    for name in [*dict.fromkeys(sources.tolist()), "all"]:
        own = np.ones(len(judged), dtype=bool) if name == "all" else sources == name
        rows.append([name, *_figures(held, answerable, own, thresholds)])
    yield from table(rows)
    yield from _by_lack(judged, held)
    yield "five folds, ECE over ten bins of equal width"
    judging = []
    for judge in calibration.judges:
        yield f"threshold among {judge.searched:.0f} passages: {judge.threshold:.3f}"
        judging.append((f"judging among {judge.searched:.0f}", judge.model))
    for what, model in (("choosing", calibration.choosing), *judging):
        weights = zip(model.features, model.weights, strict=True)
        yield f"{what}: " + ", ".join(f"{name} {weight:+.2f}" for name, weight in weights)


def _by_lack(judged: Sequence[JudgedQuestion], held: Held) -> Iterator[str]:
    """How well confidence tells the answerable from each kind of unanswerable question."""
    answerable = np.asarray([question.answerable for question in judged])
    lacking = np.asarray([question.lacking for question in judged])
    for why in dict.fromkeys(question.lacking for question in judged if question.lacking):
        own = answerable | (lacking == why)
        value = auroc(held.confidence[own], answerable[own])
        yield f"no-answer AUROC, {why} (n {(lacking == why).sum():,}): {value:.3f}"


def _figures(
    held: Held, answerable: np.ndarray, own: np.ndarray, thresholds: np.ndarray
) -> list[str]:
    confidence, right = held.confidence[own], held.right[own]
    known, given = answerable[own], confidence >= thresholds[own]
    score = np.where(given, held.f1[own], ~known)
    numbers = [
        right[known].mean() if known.any() else np.nan,
        given.mean(),
        right[given].mean() if given.any() else np.nan,
        (~given)[~known].mean() if (~known).any() else np.nan,
        score.mean(),
        expected_calibration_error(confidence, right, weights=held.weight[own]),
    ]
    return [f"{len(confidence):,}", *(f"{number:.3f}" for number in numbers)]


def _build(each: CalibrationSet, folder: Path, encoder: Encoder, progress: Progress) -> None:
    """Builds the set's index where it does not stand there already."""
    folder.mkdir(parents=True, exist_ok=True)
    named = [
        part
        for one in each.documents
        for part in (one.uri, one.title, one.text_sha256, repr(one.blocks))
    ]
    digest, built = short_digest(str(FORMAT), *named), folder / BUILT_FILE
    if built.is_file() and built.read_text(encoding="utf-8") == digest:
        return
    build_documents(each.documents, folder, encoder, progress=by_documents(progress))
    built.write_text(digest, encoding="utf-8")


def _told(stage: str, done: int, total: int) -> None:
    # Of a corpus of one document each stage is over at once; there are many of them.
    if total >= TOLD_FROM and (done == total or done % 200 == 0):
        print(f"{stage}: {done} of {total}", flush=True)


def main() -> None:
    typer.run(run)
