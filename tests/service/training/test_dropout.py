"""Masks from a pool: their share, their repetition, where they are put."""

from __future__ import annotations

import pytest
import torch
from tiny_sets import tiny_network
from torch import nn

from service.training.dropout import MaskPool, PooledDropout, put_dropout


def test_a_mask_keeps_its_share_and_the_mean():
    """A tenth is 0, the rest 1 / .9, so that values keep their mean."""
    mask = MaskPool(0.1, seed=3, values=1 << 16).mask(torch.Size((200, 300))).float()
    assert set(mask.unique().tolist()) == {0.0, float(torch.tensor(1 / 0.9).bfloat16())}
    assert float((mask == 0).float().mean()) == pytest.approx(0.1, abs=0.005)
    assert float(mask.mean()) == pytest.approx(1.0, abs=0.01)


def test_the_step_alone_settles_the_masks():
    """A run resumed at a step goes on with the masks it would have had; other steps differ."""
    pool, other = (MaskPool(0.5, seed=3, values=1 << 12) for _ in range(2))
    shape = torch.Size((10, 10))
    pool.mask(shape)
    drawn = {}
    for step in (4, 5):
        pool.restart(step)
        drawn[step] = [pool.mask(shape) for _ in range(3)]
    other.restart(5)
    assert all(torch.equal(mask, other.mask(shape)) for mask in drawn[5])
    assert not torch.equal(drawn[4][0], drawn[5][0])
    assert not torch.equal(drawn[5][0], drawn[5][1])


def test_a_mask_larger_than_the_pool_is_refused():
    """It would be shorter than asked for."""
    with pytest.raises(ValueError, match="a mask of 17 values; the pool has 16"):
        MaskPool(0.5, seed=3, values=16).mask(torch.Size((17,)))


def test_values_are_dropped_in_training_only():
    """In use nothing changes."""
    layer = PooledDropout(MaskPool(0.5, seed=3, values=1 << 12))
    values = torch.ones(30, 30)
    assert 0.4 < float((layer.train()(values) == 0).float().mean()) < 0.6
    assert torch.equal(layer.eval()(values), values)


def test_every_hidden_dropout_is_replaced():
    """After embeddings, attention and feed-forward; the one for attention weights is named in
    a call and stays.
    """
    network = tiny_network()
    put_dropout(network, MaskPool(0.5, seed=3, values=1 << 12))
    kinds = {
        name.removeprefix("encoder."): type(module)
        for name, module in network.named_modules()
        if name.endswith("dropout")
    }
    assert kinds.pop("encoder.layer.0.attention.self.dropout") is nn.Dropout
    assert kinds == {
        "embeddings.dropout": PooledDropout,
        "encoder.layer.0.attention.output.dropout": PooledDropout,
        "encoder.layer.0.output.dropout": PooledDropout,
    }
