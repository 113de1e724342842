"""BERT as an OpenVINO graph, built from a model's own weights: no export, nothing compiled stored.

The layers are those of Devlin et al. 2019, *BERT*, with the weights' names as transformers
writes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from index.openvino_runtime import openvino
from index.quantisation import quantised, quantised_weight

if TYPE_CHECKING:
    from openvino import Node

ops = openvino.opset15

# Added to an attention score where a row is filled up: no softmax gives it any weight.
NEVER = -1e9
# What attention makes of its input.
ATTENDING = ("query", "key", "value")


@dataclass(frozen=True, slots=True)
class BertShape:
    """What the weights alone do not say. ``read`` takes it from a model's config.json."""

    layers: int
    heads: int
    width: int
    norm_epsilon: float

    @classmethod
    def read(cls, folder: Path) -> BertShape:
        config: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
        return cls(
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            width=config["hidden_size"],
            norm_epsilon=config["layer_norm_eps"],
        )


def quantised_inputs(layers: int) -> dict[str, tuple[str, ...]]:
    """What may be quantised in a network of so many layers: each input of products, and the
    products it goes into.
    """
    found: dict[str, tuple[str, ...]] = {}
    for number in range(layers):
        own = f"encoder.layer.{number}."
        attention = f"{own}attention.self"
        found[attention] = tuple(f"{attention}.{part}" for part in ATTENDING)
        for one in ("attention.output.dense", "intermediate.dense", "output.dense"):
            found[own + one] = (own + one,)
    return found


class BertGraph:
    """Inputs are those of ``packing.Inputs``; ``hidden`` is float32 [tokens, width].

    Texts stand end to end, so that nothing is multiplied for what fills up a row; only attention,
    which looks at one text at a time, lays them out in rows.
    """

    def __init__(
        self,
        weights: Mapping[str, np.ndarray],
        shape: BertShape,
        single: bool = False,
        scales: Mapping[str, np.ndarray] = MappingProxyType({}),
    ) -> None:
        """``weights`` float32 by name; must outlive the graph, which reads them in place.

        ``single``: for one text, which fills its row as it stands. Laying it out would take an
        eighth of the time of a question that has all processors. ``scales``: of the inputs whose
        products are of int8, by the names of ``quantised_inputs``, float32 [channels].
        """
        self._single = single
        self._scales = scales
        self._weights = weights
        self._shape = shape
        self._inputs = quantised_inputs(shape.layers)
        self._ids, self._segments, self._where = (ops.parameter([-1], np.int32) for _ in range(3))
        self.which = ops.parameter([-1, -1], np.int32)
        self.present = ops.parameter([-1, -1], np.float32)
        self._bias = self._attention_bias()
        hidden = self._embedded()
        for number in range(shape.layers):
            hidden = self._layer(hidden, f"encoder.layer.{number}.")
        self.hidden: Node = hidden

    @property
    def inputs(self) -> list[Node]:
        return [self._ids, self._segments, self._where, self.which, self.present]

    def linear(self, value: Node, name: str) -> Node:
        """value · weightᵀ + bias, over the last axis."""
        return self._linear(value, name, None)

    def by_row(self, value: Node) -> Node:
        """[tokens, width] → [rows, length, width]."""
        if self._single:
            return ops.unsqueeze(value, whole(0))
        return ops.gather(value, self.which, whole(0))

    def _embedded(self) -> Node:
        length = ops.gather(ops.shape_of(self.which, "i32"), whole(1), whole(0))
        places = ops.floor_mod(self._where, length)
        words, positions, segments = (
            ops.gather(self._weight(f"embeddings.{kind}_embeddings.weight"), rows, whole(0))
            for kind, rows in (
                ("word", self._ids),
                ("position", places),
                ("token_type", self._segments),
            )
        )
        return self._normed(ops.add(ops.add(words, segments), positions), "embeddings.LayerNorm")

    def _attention_bias(self) -> Node:
        """0 where a token stands, ``NEVER`` where none does, [rows, 1, 1, length]."""
        absent = ops.subtract(real(1.0), self.present)
        return ops.unsqueeze(ops.multiply(absent, real(NEVER)), whole([1, 2]))

    def _layer(self, value: Node, name: str) -> Node:
        own = f"{name}attention."
        query, key, read = map(self._by_head, self._products(value, f"{own}self"))
        mixed = ops.scaled_dot_product_attention(query, key, read, self._bias)
        rows = ops.reshape(
            ops.transpose(mixed, whole([0, 2, 1, 3])), whole([-1, self._shape.width]), False
        )
        joined = rows if self._single else ops.gather(rows, self._where, whole(0))
        (joined,) = self._products(joined, f"{own}output.dense")
        value = self._normed(ops.add(joined, value), f"{own}output.LayerNorm")
        (inner,) = self._products(value, f"{name}intermediate.dense")
        (inner,) = self._products(ops.gelu(inner, "erf"), f"{name}output.dense")
        return self._normed(ops.add(inner, value), f"{name}output.LayerNorm")

    def _products(self, value: Node, name: str) -> list[Node]:
        """Of an input of ``quantised_inputs``, with each weight it goes into."""
        scale = self._scales.get(name)
        if scale is not None:
            value = quantised(value, scale)
        return [self._linear(value, product, scale) for product in self._inputs[name]]

    def _linear(self, value: Node, name: str, scale: np.ndarray | None) -> Node:
        """As ``linear``, for an input in units of ``scale`` where there is one."""
        weight = f"{name}.weight"
        factor = (
            self._weight(weight)
            if scale is None
            else quantised_weight(self._weights[weight], scale)
        )
        return ops.add(ops.matmul(value, factor, False, True), self._weight(f"{name}.bias"))

    def _by_head(self, value: Node) -> Node:
        """[tokens, width] → [rows, heads, length, width / heads]."""
        heads = self._shape.heads
        rows = ops.reshape(
            self.by_row(value), whole([0, 0, heads, self._shape.width // heads]), True
        )
        return ops.transpose(rows, whole([0, 2, 1, 3]))

    def _normed(self, value: Node, name: str) -> Node:
        epsilon = self._shape.norm_epsilon
        even = ops.mvn(value, whole([-1]), True, epsilon, "inside_sqrt")
        scaled = ops.multiply(even, self._weight(f"{name}.weight"))
        return ops.add(scaled, self._weight(f"{name}.bias"))

    def _weight(self, name: str) -> Node:
        return ops.constant(self._weights[name], shared_memory=True)


def whole(value: int | list[int]) -> Node:
    """An int32 constant."""
    return ops.constant(np.asarray(value, dtype=np.int32))


def real(value: float) -> Node:
    """A float32 constant."""
    return ops.constant(np.asarray(value, dtype=np.float32))
