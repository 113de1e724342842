"""``scripts/train_reader.py``: its options, the run, what it prints and keeps."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from index.encoders import load_encoder
from index.errors import InvalidSetting
from index.model_files import packaged_model
from service.reading.inputs import ReaderTokenizer
from service.reading.network import packaged_network, trained_parameters
from service.reading.records import ReaderIdentity
from service.reading.torch_logits import put_weights, save_weights
from service.reading.weights import find_reader, stored_scales, stored_weights
from service.training.balance import gold_weights
from service.training.batches import TrainingBatch, steps_of
from service.training.corpus import TrainingCorpus
from service.training.examples import Example, load_examples
from service.training.fake_quantisation import quantise_inputs
from service.training.items import ItemReader
from service.training.negatives import mine
from service.training.plan import plan_epoch
from service.training.scores import score
from service.training.sources import Source, chosen_sources
from service.training.trainer import Trainer, TrainingSettings

# What the weights are called, whoever trains them.
NAME = "quoth-reader-minilm-l6"
DEFAULTS = TrainingSettings()
# About so many questions of each test set the learning curve is drawn from.
CURVE_QUESTIONS = {"own": 2000, "squad_v2": 2000, "sleepqa": 500, "policyqa": 500}

Decay = Annotated[
    float, typer.Option(min=0, max=1, help="Over this last part the learning rate falls.")
]
Average = Annotated[
    float, typer.Option(min=0, max=1, help="What the mean of the weights keeps a step.")
]


def run(
    data: Annotated[Path, typer.Option(help="The folder with the reading sets.")],
    work: Annotated[Path, typer.Option(help="Where negatives, checkpoints and the log go.")],
    examples: Annotated[int, typer.Option(help="Rows to train on.")] = DEFAULTS.examples,
    learning_rate: Annotated[float, typer.Option()] = DEFAULTS.learning_rate,
    seed: Annotated[int, typer.Option()] = DEFAULTS.seed,
    decay: Decay = DEFAULTS.decay,
    average: Average = DEFAULTS.average,
    clean: Annotated[bool, typer.Option(help="Only sets whose licence is stated.")] = False,
    share: Annotated[float, typer.Option(help="Train on this part of the examples.")] = 1.0,
    score_every: Annotated[int, typer.Option(help="Rows between scores.")] = 20_000,
    save_every: Annotated[int, typer.Option(help="Rows between checkpoints.")] = 4_000,
    negatives: Annotated[Path | None, typer.Option(help="Where mined negatives are kept.")] = None,
    begin: Annotated[Path | None, typer.Option(help="Weights to go on from.")] = None,
    begin_share: Annotated[float, typer.Option(min=0, max=1, help="Their part in the end.")] = 0.0,
) -> None:
    """Train, score and save; goes on from the last checkpoint in WORK."""
    begun = _begun(begin, begin_share)
    settings = TrainingSettings(
        examples=examples, learning_rate=learning_rate, seed=seed, decay=decay, average=average
    )
    settings = replace(settings, scales=begun and begun.scales_sha256)
    work.mkdir(parents=True, exist_ok=True)
    files = packaged_model()
    sources = chosen_sources(clean)
    loaded = load_examples(data, sources)
    mined = mine(loaded, sources, load_encoder(), negatives or work / "negatives", _told)
    corpus = TrainingCorpus(loaded, ReaderTokenizer(files.folder / "tokenizer.json"))
    chosen = _part(loaded.of("train"), share, seed)
    reader = ItemReader(corpus, chosen, mined)
    trainer = _trainer(files.folder, begin, settings, work)
    told = {"clean": clean, "train": len(chosen), "begin": begun and begun.weights_sha256}
    _write(work, {"settings": asdict(settings), **told})

    watch = _Watch(trainer, corpus, work, score_every, save_every)
    trainer.train(_epochs(reader, sources, seed, settings.step_examples), watch.after_step)
    trainer.save(work)
    watch.score()
    save_weights(_mean_with(trainer.averaged(), begin, begin_share), work / "weights", NAME)


def _epochs(
    reader: ItemReader, sources: tuple[Source, ...], seed: int, step_examples: int
) -> Callable[[int], Iterator[list[TrainingBatch]]]:
    """Of each epoch, by its number, the steps."""
    weights = gold_weights(reader.examples)

    def epoch(number: int) -> Iterator[list[TrainingBatch]]:
        rng = np.random.default_rng([seed, number])
        items = plan_epoch(reader.examples, sources, reader.negatives, weights, rng)
        return steps_of(items, reader, step_examples, seed + number)

    return epoch


def _begun(begin: Path | None, share: float) -> ReaderIdentity | None:
    """Who it is whose weights are gone on from. Raises InvalidSetting for a part of none."""
    if begin is None and share:
        raise InvalidSetting("--begin-share is a part of the weights that --begin names")
    return None if begin is None else find_reader(begin).identity


def _mean_with(
    trained: dict[str, torch.Tensor], begin: Path | None, share: float
) -> dict[str, torch.Tensor]:
    """The mean of both ends of a run, which often reads better than either (Wortsman et al.
    2022, "Robust fine-tuning of zero-shot models").
    """
    if begin is None or not share:
        return trained
    begun = stored_weights(find_reader(begin).folder)
    return {
        name: (1 - share) * value.cpu() + share * torch.from_numpy(begun[name]).float()
        for name, value in trained.items()
    }


def _trainer(base: Path, begin: Path | None, settings: TrainingSettings, work: Path) -> Trainer:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    # On the CPU plain attention trains a quarter faster than the fused kernel.
    network = packaged_network(base, "eager" if device == "cpu" else "sdpa")
    if begin is not None:
        files = find_reader(begin)
        put_weights(network, files.folder)
        quantise_inputs(network, stored_scales(files))
    trainer = Trainer(network, settings, device)
    trainer.restore(work)
    return trainer


class _Watch:
    """Logs losses, saves checkpoints and scores the averaged weights as training goes on."""

    def __init__(
        self,
        trainer: Trainer,
        corpus: TrainingCorpus,
        work: Path,
        score_every: int,
        save_every: int,
    ) -> None:
        self.trainer, self.corpus, self.work = trainer, corpus, work
        self.score_every, self.save_every = score_every, save_every
        self.scored = trainer.progress.examples // score_every
        self.saved = trainer.progress.examples // save_every
        self.losses: list[dict[str, float]] = []

    def after_step(self, trainer: Trainer, losses: dict[str, float]) -> None:
        self.losses.append(losses)
        done = trainer.progress.examples
        if done // self.save_every > self.saved:
            self.saved = done // self.save_every
            trainer.save(self.work)
            means = {k: round(float(np.mean([x[k] for x in self.losses])), 4) for k in losses}
            self.losses = []
            rate = round(done / max(1e-9, trainer.progress.seconds), 1)
            _write(
                self.work,
                {"examples": done, "rate": rate, "lr": trainer.learning_rate(), **means},
            )
        if done // self.score_every > self.scored:
            self.scored = done // self.score_every
            self.score()

    def score(self) -> None:
        """The averaged weights, in the network's own precision, on the test splits."""
        began = time.perf_counter()
        self.trainer.network.eval()
        parameters = trained_parameters(self.trainer.network)
        with torch.no_grad():
            for name, value in self.trainer.averaged().items():
                parameters[name].copy_(value)
        for source, count in CURVE_QUESTIONS.items():
            asked = self.corpus.loaded.of("test", source)
            asked = _part(asked, count / max(1, len(asked)), 1)
            if not asked:
                continue
            result = asdict(score(self.trainer.network, self.corpus, asked))
            rounded = {k: round(v, 4) for k, v in result.items()}
            _write(self.work, {"scored": source, "at": self.trainer.progress.examples, **rounded})
        with torch.no_grad():
            for name, value in self.trainer.master.items():
                parameters[name].copy_(value)
        self.trainer.network.train()
        _write(self.work, {"scoring_seconds": round(time.perf_counter() - began, 1)})


def _part(examples: list[Example], share: float, seed: int) -> list[Example]:
    if share >= 1:
        return examples
    rng = np.random.default_rng(seed)
    kept = rng.random(len(examples)) < share
    return [example for example, keep in zip(examples, kept, strict=True) if keep]


def _write(work: Path, record: dict) -> None:
    line = json.dumps(record)
    print(line, flush=True)
    with (work / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(line + "\n")


def _told(stage: str, done: int, total: int) -> None:
    if done == total or (done and done % 4096 == 0):
        print(f"{stage}: {done} of {total}", flush=True)


def main() -> None:
    typer.run(run)
