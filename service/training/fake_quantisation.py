"""Inputs quantised in training as they are in reading, so that the weights learn to bear it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from index.quantisation import QMAX, QMIN
from service.reading.network import ReaderNetwork


class FakeQuantise(torch.autograd.Function):
    """To the nearest unit of a scale; the gradient goes through as if nothing had been done (the
    straight-through estimator of Bengio et al. 2013).
    """

    @staticmethod
    def forward(_context: Any, value: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        return (value / scale).round_().clamp_(QMIN, QMAX).mul_(scale)

    @staticmethod
    def backward(_context: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        return gradients[0], None


def quantise_inputs(network: ReaderNetwork, scales: Mapping[str, np.ndarray]) -> None:
    """From here on each input of ``quantised_inputs`` named in ``scales`` (float32 [channels]) is
    quantised, in the network's own precision.
    """
    for name, scale in scales.items():
        hook = _hook(torch.from_numpy(scale))
        network.get_submodule(f"encoder.{name}").register_forward_pre_hook(hook)


def _hook(scale: torch.Tensor) -> Any:
    def quantise(_module: nn.Module, given: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        value, *others = given
        return (FakeQuantise.apply(value, scale.to(value.device, value.dtype)), *others)

    return quantise
