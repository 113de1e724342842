"""Matrix products of whole numbers: what is multiplied, rounded to 8 bits.

Inputs have one step for each channel, found beforehand, so that what a row gives does not depend on
its neighbours; weights have one for each output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.openvino_runtime import openvino

if TYPE_CHECKING:
    from openvino import Node

ops = openvino.opset15

# Of 8 bits with a sign; weights are even around 0.
LEAST, MOST = -128, 127


class Rounded(NamedTuple):
    """A value [.., channels] on its way into products: in units of ``step`` (float32 [channels])
    where it is rounded, as it is where that is None.
    """

    value: Node
    step: np.ndarray | None


def rounded(value: Node, step: np.ndarray | None) -> Rounded:
    """To the nearest unit of ``step``, at most ``MOST`` of them."""
    if step is None:
        return Rounded(value, None)
    bounds = (ops.constant((end * step).astype(np.float32)) for end in (LEAST, MOST))
    ends = (ops.constant(np.float32(end)) for end in (LEAST, MOST))
    return Rounded(ops.fake_quantize(value, *bounds, *ends, MOST - LEAST + 1), step)


def rounded_weight(weight: np.ndarray, step: np.ndarray) -> Node:
    """``weight`` (float32 [outputs, channels]) for an input in units of ``step``."""
    whole, scale = whole_weight(weight, step)
    return ops.multiply(ops.convert(ops.constant(whole), np.float32), ops.constant(scale))


def whole_weight(weight: np.ndarray, step: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Int8 [outputs, channels] and float32 [outputs, 1], whose product is near ``weight · step``:
    no further off than half a unit of its output.
    """
    stretched = weight * step
    largest = np.abs(stretched).max(axis=1, keepdims=True)
    scale = np.where(largest > 0, largest / MOST, 1).astype(np.float32)
    return np.rint(stretched / scale).astype(np.int8), scale
