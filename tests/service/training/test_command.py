"""The whole run on a few towns with a tiny network; once with the packaged one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from tiny_sets import TOWNS, tiny_network, town_source, towns, write_squad

from index.errors import InvalidSetting
from index.model_files import packaged_folder
from service.reading.network import packaged_network, trained_parameters
from service.reading.weights import weights_sha256
from service.training import command
from service.training.batches import training_batch
from service.training.plan import Item
from service.training.scores import score
from service.training.trainer import Trainer, TrainingSettings
from word_encoder import WordEncoder

SCORED = ("squad_v2", "sleepqa", "policyqa")


@pytest.fixture
def tiny(monkeypatch, tmp_path) -> Path:
    """A folder of three sets with eight towns for training and four for tests each."""
    sources = []
    for name in SCORED:
        write_squad(tmp_path / name / "train.json", towns(8))
        write_squad(tmp_path / name / "test.json", towns()[8:])
        files = {"train.json": "train", "test.json": "test"}
        sources.append(town_source(name, files=files, mined=name == "sleepqa"))
    monkeypatch.setattr(command, "chosen_sources", lambda _clean: tuple(sources))
    monkeypatch.setattr(command, "load_encoder", WordEncoder)
    monkeypatch.setattr(command, "packaged_network", lambda *_: tiny_network())
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    return tmp_path


def run(data: Path, work: Path, **options) -> list[dict]:
    given = {"examples": 200, "score_every": 150, "save_every": 60, "negatives": data / "mined"}
    command.run(data=data, work=work, **{**given, **options})
    return [json.loads(line) for line in (work / "log.jsonl").read_text().splitlines()]


def test_a_run_logs_scores_and_keeps_weights(tiny):
    """Its settings, losses, scores of each test set, and weights in float16 come out."""
    log = run(tiny, tiny / "work")
    assert log[0]["train"] == 3 * 8 * 5
    losses = [line for line in log if "rate" in line]
    assert len(losses) >= 2
    assert all(
        {"examples", "all", "span", "relevance", "answerable"} <= line.keys() for line in losses
    )
    scored = [(line["scored"], line["questions"]) for line in log if "scored" in line]
    assert scored == [(name, 20) for name in SCORED] * 2  # once on the way, once at the end
    weights = load_file(tiny / "work" / "weights" / "reader.safetensors")
    assert weights.keys() == trained_parameters(tiny_network()).keys()
    assert {value.dtype for value in weights.values()} == {np.dtype(np.float16)}


def test_a_run_started_again_goes_on_to_the_same_weights(tiny, monkeypatch):
    """Killed on its way and started again, it ends as the run that nobody killed."""
    run(tiny, tiny / "whole")
    save = Trainer.save

    def killing(trainer, folder):
        save(trainer, folder)
        raise KeyboardInterrupt

    monkeypatch.setattr(Trainer, "save", killing)
    with pytest.raises(KeyboardInterrupt):
        run(tiny, tiny / "killed")
    monkeypatch.setattr(Trainer, "save", save)
    log = run(tiny, tiny / "killed")
    done = [line["examples"] for line in log if "rate" in line]
    assert done == sorted(set(done))
    whole, killed = (
        load_file(tiny / work / "weights" / "reader.safetensors") for work in ("whole", "killed")
    )
    for name, value in whole.items():
        assert np.array_equal(value, killed[name]), name


def test_a_run_can_go_on_from_given_weights(tiny):
    """Without a step's worth of learning it ends with the weights it began with, and says which."""
    run(tiny, tiny / "first")
    begun = tiny / "first" / "weights"
    log = run(tiny, tiny / "second", begin=begun, learning_rate=0.0, examples=30)
    assert log[0]["begin"] == weights_sha256(begun)
    first, second = (load_file(f / "reader.safetensors") for f in (begun, tiny / "second/weights"))
    assert first.keys() == second.keys()
    assert all(np.array_equal(value, second[name]) for name, value in first.items())


def test_a_run_can_keep_a_part_of_the_weights_it_began_with(tiny):
    """A quarter of the old and three of the new, by name, to float16's last place."""
    run(tiny, tiny / "first")
    begun = tiny / "first" / "weights"
    for work, share in (("new", 0.0), ("mixed", 0.25)):
        run(tiny, tiny / work, begin=begun, begin_share=share, learning_rate=1e-2, examples=60)
    old, new, mixed = (
        load_file(tiny / work / "weights/reader.safetensors") for work in ("first", "new", "mixed")
    )
    assert any(not np.array_equal(old[name], new[name]) for name in old)
    for name, value in mixed.items():
        mean = 0.25 * old[name].astype(np.float32) + 0.75 * new[name].astype(np.float32)
        np.testing.assert_allclose(value.astype(np.float32), mean, atol=2e-3, rtol=2e-3)


def test_a_part_of_no_weights_is_refused_before_anything_is_done(tiny):
    """Nobody waits for a run to hear it."""
    with pytest.raises(InvalidSetting, match="--begin names"):
        run(tiny, tiny / "work", begin_share=0.5)
    assert not (tiny / "work").exists()


def test_a_part_of_the_examples_is_settled_by_the_seed(tiny):
    """Half is about half, the same for the same seed; the whole is the whole."""
    numbers = list(range(1000))
    half = command._part(numbers, 0.5, 3)
    assert 400 < len(half) < 600
    assert half == sorted(set(half)) == command._part(numbers, 0.5, 3)
    assert half != command._part(numbers, 0.5, 4)
    assert command._part(numbers, 1.0, 3) == numbers
    assert 0 < run(tiny, tiny / "work", share=0.5, examples=30)[0]["train"] < 3 * 8 * 5


def test_the_packaged_model_takes_a_step_and_is_scored(item_reader, corpus):
    """The real network trains: the same few rows cost less after some steps."""
    network = packaged_network(packaged_folder(), "eager")
    trainer = Trainer(network, TrainingSettings(warmup=1, learning_rate=3e-4))
    pairs = [item_reader.read(Item(at, "gold", at)) for at in range(5)]
    batch = training_batch(pairs)
    before = float(trainer.losses(batch)["all"].detach())
    for _ in range(4):
        trainer.step([batch])
    assert float(trainer.losses(batch)["all"].detach()) < before
    result = score(network, corpus, corpus.loaded.examples[:5])
    assert result.questions == len(TOWNS[:5])
    assert 0 <= result.f1_all <= 1
