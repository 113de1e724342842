"""Matrix products of int8: the scales of what is multiplied, and the graph that multiplies it.

An input has one scale for each channel, found beforehand, so that what a row gives does not depend
on its neighbours; a weight has one for each output. Both are symmetric: there is no zero point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.openvino_runtime import openvino

if TYPE_CHECKING:
    from openvino import Node

ops = openvino.opset15

QMIN, QMAX = -128, 127


def quantised(value: Node, scale: np.ndarray) -> Node:
    """``value`` [.., channels] in whole units of ``scale`` (float32 [channels]), QMIN to QMAX."""
    bounds = (ops.constant((end * scale).astype(np.float32)) for end in (QMIN, QMAX))
    ends = (ops.constant(np.float32(end)) for end in (QMIN, QMAX))
    return ops.fake_quantize(value, *bounds, *ends, QMAX - QMIN + 1)


def quantised_weight(weight: np.ndarray, scale: np.ndarray) -> Node:
    """``weight`` (float32 [outputs, channels]) for an input in units of ``scale``."""
    values, outputs = int8_weight(weight, scale)
    return ops.multiply(ops.convert(ops.constant(values), np.float32), ops.constant(outputs))


def int8_weight(weight: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Int8 [outputs, channels] and float32 [outputs, 1], the scale of each output; their product is
    off from ``weight · scale`` by half of that scale at most.
    """
    scaled = weight * scale
    ends = scaled.max(axis=1, keepdims=True), scaled.min(axis=1, keepdims=True)
    largest = np.maximum(ends[0], -ends[1]) / QMAX
    # A row of zeros, or as good as that, has any scale.
    outputs = np.maximum(largest, np.finfo(np.float32).tiny).astype(np.float32)
    # In place: this is most of what loading the reader takes.
    scaled /= outputs
    return np.rint(scaled, out=scaled).astype(np.int8), outputs
