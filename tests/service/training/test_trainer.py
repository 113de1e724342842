"""A network of one layer learns a few towns: rates by hand, resumption to the bit."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_sets import tiny_network, town_source

from service.reading.network import trained_parameters
from service.training.batches import steps_of
from service.training.plan import plan_epoch
from service.training.trainer import Trainer, TrainingSettings

SETTINGS = TrainingSettings(
    examples=300, step_examples=16, warmup=3, learning_rate=1e-2, dropout=0.0
)


@pytest.fixture
def epochs(item_reader, negatives):
    """The towns' epochs, settled by their number."""

    def epoch(number: int):
        rng = np.random.default_rng([7, number])
        alike = np.ones(len(item_reader.examples))
        items = plan_epoch(item_reader.examples, [town_source()], negatives, alike, rng)
        return steps_of(items[:80], item_reader, SETTINGS.step_examples, number)

    return epoch


def trained(epochs, after_step=lambda *_: None, settings=SETTINGS) -> Trainer:
    trainer = Trainer(tiny_network(), settings)
    trainer.train(epochs, after_step)
    return trainer


class Killed(Exception):
    pass


@pytest.mark.parametrize("killed_at", [1, 2, 3, 5])
def test_a_killed_run_goes_on_to_the_very_same_weights(tmp_path, epochs, killed_at):
    """Killed after a checkpoint, within an epoch or at its end, it ends bit for bit the same."""
    dropping = replace(SETTINGS, dropout=0.1)
    whole = trained(epochs, settings=dropping)

    def kill(trainer, _):
        if trainer.progress.step == killed_at:
            trainer.save(tmp_path)
        if trainer.progress.step == killed_at + 1:  # this step is lost, and done again
            raise Killed

    with pytest.raises(Killed):
        trained(epochs, kill, dropping)
    resumed = Trainer(tiny_network(seed=2), dropping)
    # The word embeddings are never trained: they come with the model, not the checkpoint.
    resumed.network.load_state_dict(tiny_network().to(torch.bfloat16).state_dict())
    assert resumed.restore(tmp_path)
    assert resumed.progress.step == killed_at
    resumed.train(epochs, lambda *_: None)
    assert whole.progress.epoch > 0
    for name, value in whole.master.items():
        assert torch.equal(value, resumed.master[name]), name
        assert torch.equal(whole.mean[name], resumed.mean[name]), name
    ours, theirs = whole.progress, resumed.progress
    assert (ours.step, ours.examples, ours.epoch, ours.epoch_step) == (
        theirs.step, theirs.examples, theirs.epoch, theirs.epoch_step,
    )  # fmt: skip


def test_nothing_is_restored_where_there_is_nothing(tmp_path):
    """An empty folder leaves the run at its beginning."""
    trainer = Trainer(tiny_network(), SETTINGS)
    assert not trainer.restore(tmp_path)
    assert trainer.progress.step == 0


def test_a_checkpoint_is_replaced_at_once(tmp_path):
    """Saved twice there is one file, and no other is left over."""
    trainer = Trainer(tiny_network(), SETTINGS)
    trainer.save(tmp_path)
    trainer.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.safetensors"]


@pytest.mark.parametrize(
    ("step", "examples", "expected"),
    [
        (0, 0, 0.25),  # the first of four warm-up steps
        (2, 96, 0.75),
        (3, 128, 1.0),
        (20, 500, 1.0),  # half of the examples are left: the last 40 % have not begun
        (30, 600, 1.0),
        (40, 800, 0.5),  # 200 of the last 400 are left
        (49, 990, 0.025),
        (50, 1000, 0.0),
        (51, 1020, 0.0),
    ],
)
def test_the_rate_rises_stays_and_falls(step, examples, expected):
    """Over four warm-up steps, 1,000 examples and a decay of .4."""
    settings = TrainingSettings(examples=1000, warmup=4, decay=0.4, learning_rate=2e-3)
    trainer = Trainer(tiny_network(), settings)
    trainer.progress.step, trainer.progress.examples = step, examples
    assert trainer.learning_rate() == pytest.approx(expected * 2e-3)


def test_losses_are_cross_entropies(epochs):
    """Each from the network's own logits, taken apart in numpy and weighed as set."""
    trainer = Trainer(tiny_network(), SETTINGS)
    made = next(epochs(0))[0]
    batch = made.batch
    inputs = (batch.ids, batch.segments, batch.attention, batch.in_passage)
    with torch.no_grad():
        span, verdict = (x.double().numpy() for x in trainer.network(*map(torch.tensor, inputs)))
        losses = {name: float(loss) for name, loss in trainer.losses(made).items()}
    logs = span - np.log(np.exp(span).sum(axis=1, keepdims=True))
    starts = -(made.starts * logs[:, :, 0]).sum(axis=1)
    ends = -(made.ends * logs[:, :, 1]).sum(axis=1)
    chance = 1 / (1 + np.exp(-verdict))
    wrong = -np.log(np.where(made.verdicts == 1, chance, 1 - chance))
    assert not made.judged[:, 0].all()
    expected = {
        "span": ((starts + ends) / 2).mean(),
        "relevance": wrong[made.judged[:, 0], 0].mean(),
        "answerable": wrong[:, 1].mean(),
    }
    expected["all"] = expected["span"] + 0.5 * expected["relevance"] + 0.5 * expected["answerable"]
    assert losses == pytest.approx(expected, rel=1e-4)


def test_an_update_is_adamw_s_on_the_clipped_gradient(epochs):
    """One step from all batches, as torch's plain AdamW makes it of the rows' mean gradient."""
    trainer = Trainer(tiny_network(), SETTINGS)
    twin = Trainer(tiny_network(), SETTINGS)
    step = next(itertools.islice(epochs(0), 1))
    rows = sum(batch.rows for batch in step)
    expected = {name: value.clone().requires_grad_() for name, value in twin.master.items()}
    gradients = {name: torch.zeros_like(value) for name, value in expected.items()}
    for batch in step:
        (twin.losses(batch)["all"] * (batch.rows / rows)).backward()
        for name, parameter in trained_parameters(twin.network).items():
            gradients[name] += parameter.grad.float()
            parameter.grad = None
    norm = torch.cat([gradient.flatten() for gradient in gradients.values()]).norm()
    for name, value in expected.items():
        value.grad = gradients[name] * min(1.0, 1.0 / float(norm))
    plain = torch.optim.AdamW(
        [
            {"params": [value], "weight_decay": 0.01 * (value.ndim > 1)}
            for value in expected.values()
        ],
        lr=1e-2 / 3,  # the first of three warm-up steps
        betas=(0.9, 0.98),
    )
    plain.step()
    before = {name: value.clone() for name, value in trainer.master.items()}
    trainer.step(step)
    for name, value in expected.items():
        torch.testing.assert_close(trainer.master[name], value.detach(), rtol=1e-3, atol=1e-5)
        # At first the mean keeps 1 part of 10.
        mean = 0.1 * before[name] + 0.9 * trainer.master[name]
        torch.testing.assert_close(trainer.averaged()[name], mean)
    assert (trainer.progress.step, trainer.progress.examples) == (1, rows)


def test_the_network_shows_the_master_weights_but_for_its_word_embeddings(epochs):
    """After training each weight is the master's in bfloat16, and no word piece has moved."""
    trainer = trained(epochs)
    for name, parameter in trainer.network.named_parameters():
        if "word_embeddings" in name:
            original = dict(tiny_network().named_parameters())[name]
            assert torch.equal(parameter, original.to(torch.bfloat16))
            assert name not in trainer.master
        else:
            assert torch.equal(parameter, trainer.master[name].to(torch.bfloat16))


def test_training_learns(epochs):
    """Over a few epochs of a dozen towns the loss falls by a quarter."""
    losses = []
    settings = TrainingSettings(
        examples=800, step_examples=16, warmup=3, learning_rate=1e-2, dropout=0.0
    )
    trained(epochs, lambda _, step: losses.append(step["all"]), settings)
    assert np.mean(losses[-8:]) < 0.75 * np.mean(losses[:4])
