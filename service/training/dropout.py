"""Dropout whose masks are drawn once: drawing them anew took half of the training time."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

# Values in the pool: more than any tensor that a batch makes.
POOL_VALUES = 1 << 24


class MaskPool:
    """A long row of keep-masks, each value 0 or 1 / (1 - share), read from a random place on."""

    def __init__(self, share: float, seed: int, values: int = POOL_VALUES) -> None:
        rng = np.random.default_rng(seed)
        kept = rng.random(values, dtype=np.float32) >= share
        self._masks = torch.from_numpy(kept).to(torch.bfloat16) / (1 - share)
        self._seed = seed
        self.restart(0)

    def restart(self, step: int) -> None:
        """From here on the places depend on the step alone, so that a resumed run is the same."""
        self._rng = np.random.default_rng([self._seed, step])

    def mask(self, shape: torch.Size) -> torch.Tensor:
        """bfloat16 of the shape; raises ValueError for one larger than the pool."""
        count = shape.numel()
        if count > len(self._masks):
            raise ValueError(f"a mask of {count} values; the pool has {len(self._masks)}")
        first = int(self._rng.integers(len(self._masks) - count + 1))
        return self._masks[first : first + count].view(shape)


class PooledDropout(nn.Module):
    """Drops values while training, nothing else."""

    def __init__(self, pool: MaskPool) -> None:
        super().__init__()
        self._pool = pool

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return values
        return values * self._pool.mask(values.shape).to(values.device)


def put_dropout(network: nn.Module, pool: MaskPool) -> None:
    """Dropout on hidden values, after embeddings, attention and feed-forward, in every layer."""
    for module in list(network.modules()):
        # The attention's own is for its weights: it is named in a call, not called.
        if hasattr(module, "query"):
            continue
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Dropout):
                setattr(module, name, PooledDropout(pool))
