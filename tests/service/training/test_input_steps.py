"""The steps inputs are rounded to: found by trying, against trying them all by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_sets import tiny_network

from index.bert_graph import rounded_inputs
from index.rounding import MOST, whole_weight
from service.reading.inputs import Row
from service.training.input_steps import PARTS, SHARES, Seen, best_step, input_steps
from service.training.rounded_inputs import round_inputs


def lost(seen: np.ndarray, weights: np.ndarray, step: np.ndarray) -> float:
    whole, unit = whole_weight(weights, step)
    near = np.clip(np.rint(seen / step), -128, 127) @ (whole * unit).T
    return float(((seen @ weights.T - near) ** 2).sum())


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_the_best_step_loses_least_of_those_tried(seed):
    """Each of them written out; one channel is twenty times as loud, as BERT's are."""
    rng = np.random.default_rng(seed)
    loud = np.r_[20, np.ones(7)]
    seen = (rng.standard_normal((40, 8)) * loud).astype(np.float32)
    weights = rng.standard_normal((6, 8)).astype(np.float32)
    x, w = np.abs(seen).max(axis=0), np.abs(weights).max(axis=0)
    tried = [
        lost(seen, weights, (s * p * (x / s).max() / MOST).astype(np.float32))
        for a in SHARES
        for p in PARTS
        for s in [x**a / w ** (1 - a)]
    ]
    step = best_step(Seen(seen, x), weights)
    assert lost(seen, weights, step) == pytest.approx(min(tried), rel=1e-3)
    even = np.full(8, np.abs(seen).max() / MOST, np.float32)
    assert lost(seen, weights, step) < lost(seen, weights, even)


@torch.no_grad()
def test_inputs_are_seen_without_what_fills_up_rows():
    """Every input of a network has steps, and they do not depend on how rows are batched."""
    network = tiny_network().eval()
    rng = np.random.default_rng(1)
    layers, words = network.encoder.config.num_hidden_layers, network.encoder.config.vocab_size
    rows = [Row(rng.integers(1, words, size), 2, 2, size - 3) for size in (6, 9, 30)]
    steps = input_steps(network, rows)
    assert steps.keys() == rounded_inputs(layers).keys()
    for name, step in steps.items():
        inputs = network.get_submodule(f"encoder.{rounded_inputs(layers)[name][0]}").in_features
        assert step.shape == (inputs,)
    before = network.encoder.embeddings.word_embeddings.weight[0].clone()
    network.encoder.embeddings.word_embeddings.weight[0] = 1000.0  # what fills up
    again = input_steps(network, rows)
    network.encoder.embeddings.word_embeddings.weight[0] = before
    assert all(np.array_equal(steps[name], again[name]) for name in steps)


def test_rounding_in_training_passes_gradients_on():
    """Values become units of their step, at most 127 and at least -128 of them; the gradient is
    that of the value itself.
    """
    network = tiny_network().train()
    name = "encoder.layer.0.output.dense"
    linear = network.get_submodule(f"encoder.{name}")
    step = np.linspace(0.01, 0.5, linear.in_features).astype(np.float32)
    value = torch.randn(4, linear.in_features) * 10
    plain = linear(value)
    round_inputs(network, {name: step})
    value.requires_grad_(True)
    found = linear(value)
    counted = np.clip(np.rint(value.detach().numpy() / step), -128, 127)
    expected = (counted * step) @ linear.weight.detach().numpy().T + linear.bias.detach().numpy()
    np.testing.assert_allclose(found.detach().numpy(), expected, rtol=1e-3, atol=1e-4)
    assert not torch.allclose(found, plain, atol=1e-3)
    found.sum().backward()
    np.testing.assert_allclose(
        value.grad[0].numpy(), linear.weight.sum(dim=0).detach().numpy(), rtol=1e-5
    )
