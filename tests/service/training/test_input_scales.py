"""The scales of inputs: found by trying, against trying them all by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_sets import tiny_network

from index.bert_graph import quantised_inputs
from index.quantisation import QMAX, int8_weight
from service.reading.inputs import Row
from service.training.fake_quantisation import quantise_inputs
from service.training.input_scales import ALPHAS, CLIPS, Seen, best_scale, input_scales


def lost(seen: np.ndarray, weights: np.ndarray, scale: np.ndarray) -> float:
    values, outputs = int8_weight(weights, scale)
    near = np.clip(np.rint(seen / scale), -128, 127) @ (values * outputs).T
    return float(((seen @ weights.T - near) ** 2).sum())


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_the_best_scale_loses_least_of_those_tried(seed):
    """Each of them written out; one channel is twenty times as loud, as BERT's are."""
    rng = np.random.default_rng(seed)
    loud = np.r_[20, np.ones(7)]
    seen = (rng.standard_normal((40, 8)) * loud).astype(np.float32)
    weights = rng.standard_normal((6, 8)).astype(np.float32)
    x, w = np.abs(seen).max(axis=0), np.abs(weights).max(axis=0)
    tried = [
        lost(seen, weights, (s * p * (x / s).max() / QMAX).astype(np.float32))
        for a in ALPHAS
        for p in CLIPS
        for s in [x**a / w ** (1 - a)]
    ]
    scale = best_scale(Seen(seen, x), weights)
    assert lost(seen, weights, scale) == pytest.approx(min(tried), rel=1e-3)
    even = np.full(8, np.abs(seen).max() / QMAX, np.float32)
    assert lost(seen, weights, scale) < lost(seen, weights, even)


@torch.no_grad()
def test_inputs_are_seen_without_what_fills_up_rows():
    """Every input of a network has scales, one a channel, whatever fills up rows."""
    network = tiny_network().eval()
    rng = np.random.default_rng(1)
    layers, words = network.encoder.config.num_hidden_layers, network.encoder.config.vocab_size
    rows = [Row(rng.integers(1, words, size), 2, 2, size - 3) for size in (6, 9, 30)]
    scales = input_scales(network, rows)
    assert scales.keys() == quantised_inputs(layers).keys()
    for name, scale in scales.items():
        inputs = network.get_submodule(f"encoder.{quantised_inputs(layers)[name][0]}").in_features
        assert scale.shape == (inputs,)
    before = network.encoder.embeddings.word_embeddings.weight[0].clone()
    network.encoder.embeddings.word_embeddings.weight[0] = 1000.0  # what fills up
    again = input_scales(network, rows)
    network.encoder.embeddings.word_embeddings.weight[0] = before
    assert all(np.array_equal(scales[name], again[name]) for name in scales)


def test_rounding_in_training_passes_gradients_on():
    """Values become units of their scale, at most 127 and at least -128 of them; the gradient is
    that of the value itself.
    """
    network = tiny_network().train()
    name = "encoder.layer.0.output.dense"
    linear = network.get_submodule(f"encoder.{name}")
    scale = np.linspace(0.01, 0.5, linear.in_features).astype(np.float32)
    value = torch.randn(4, linear.in_features) * 10
    plain = linear(value)
    quantise_inputs(network, {name: scale})
    value.requires_grad_(True)
    found = linear(value)
    counted = np.clip(np.rint(value.detach().numpy() / scale), -128, 127)
    expected = (counted * scale) @ linear.weight.detach().numpy().T + linear.bias.detach().numpy()
    np.testing.assert_allclose(found.detach().numpy(), expected, rtol=1e-3, atol=1e-4)
    assert not torch.allclose(found, plain, atol=1e-3)
    found.sum().backward()
    np.testing.assert_allclose(
        value.grad[0].numpy(), linear.weight.sum(dim=0).detach().numpy(), rtol=1e-5
    )
