"""Inputs rounded in training as they are in reading, so that the weights learn to bear it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from index.rounding import LEAST, MOST
from service.reading.network import ReaderNetwork


class Rounding(torch.autograd.Function):
    """To the nearest unit of a step; the gradient goes through as if nothing had been done (the
    straight-through estimator of Bengio et al. 2013).
    """

    @staticmethod
    def forward(_context: Any, value: torch.Tensor, step: torch.Tensor) -> torch.Tensor:
        return (value / step).round_().clamp_(LEAST, MOST).mul_(step)

    @staticmethod
    def backward(_context: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        return gradients[0], None


def round_inputs(network: ReaderNetwork, steps: Mapping[str, np.ndarray]) -> None:
    """From here on each input of ``index.bert_graph.rounded_inputs`` named in ``steps`` (float32
    [channels]) is rounded, in the network's own precision.
    """
    for name, step in steps.items():
        put = _rounding(torch.from_numpy(step))
        network.get_submodule(f"encoder.{name}").register_forward_pre_hook(put)


def _rounding(step: torch.Tensor) -> Any:
    def put(_module: nn.Module, given: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        value, *others = given
        return (Rounding.apply(value, step.to(value.device, value.dtype)), *others)

    return put
