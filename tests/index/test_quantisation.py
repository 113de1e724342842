"""Products of int8, against the same in numpy's whole numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index import openvino_runtime
from index.openvino_runtime import DEVICE, multiplies_int8, openvino
from index.quantisation import QMAX, QMIN, int8_weight, ops, quantised, quantised_weight

FLAGS = "processor\t: 0\nvendor_id\t: x\nflags\t\t: fpu sse2 {}\nbugs\t\t: avx_vnni\n"


int8_only = pytest.mark.skipif(not multiplies_int8(), reason="this processor has no VNNI")


def compiled(weight: np.ndarray, scale: np.ndarray) -> openvino.CompiledModel:
    """x → x · weightᵀ, both quantised."""
    value = ops.parameter([-1, weight.shape[1]], np.float32)
    factor = quantised_weight(weight, scale)
    product = ops.matmul(quantised(value, scale), factor, False, True)
    hint = {"INFERENCE_PRECISION_HINT": "f32"}
    return openvino.Core().compile_model(openvino.Model([product], [value]), DEVICE, hint)


def multiplied_as(model: openvino.CompiledModel) -> list[str]:
    """How each of its products is computed, as OpenVINO names it."""
    told = [node.get_rt_info() for node in model.get_runtime_model().get_ops()]
    return [
        str(one["primitiveType"].value)
        for one in told
        if str(one["layerType"].value).startswith("FullyConnected")
    ]


@given(
    arrays(np.float32, (3, 5), elements=st.floats(-8, 8, width=32)),
    arrays(np.float32, 5, elements=st.floats(2**-10, 4, width=32)),
)
def test_a_weight_is_off_by_half_a_unit_at_most(weight, scale):
    """Of each output's own scale, whatever the weights, next to nothing among them; the largest is
    told whole, but where all are next to nothing.
    """
    values, outputs = int8_weight(weight, scale)
    assert (outputs > 0).all()
    off = np.abs(values * outputs - weight * scale)
    assert (off <= outputs * (0.5 + 1e-4)).all()
    told = np.abs(weight * scale).max(axis=1) > 1e-30
    assert (np.abs(values).max(axis=1) == QMAX)[told].all()


@int8_only
def test_a_product_is_that_of_whole_numbers():
    """Rounded by hand, with values beyond the last unit on both sides."""
    rng = np.random.default_rng(3)
    weight = rng.standard_normal((48, 64)).astype(np.float32)
    scale = rng.uniform(0.01, 0.05, 64).astype(np.float32)
    value = (2 * rng.standard_normal((33, 64))).astype(np.float32)
    counted = np.clip(np.rint(value / scale), QMIN, QMAX)
    assert (counted == QMIN).any()
    assert (counted == QMAX).any()
    values, outputs = int8_weight(weight, scale)
    expected = (counted.astype(np.int64) @ values.astype(np.int64).T) * outputs.T
    (found,) = compiled(weight, scale)(value).values()
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-4)


@int8_only
def test_it_is_computed_in_int8():
    """Else rounding would cost what it is to save."""
    model = compiled(np.ones((32, 32), np.float32), np.ones(32, np.float32))
    assert [kind.endswith("i8") for kind in multiplied_as(model)] == [True]


@pytest.mark.parametrize(
    ("ability", "expected"),
    [
        ("avx2 avx512_vnni", True),
        ("avx_vnni avx2", True),
        ("avx2 avx512f", False),
        ("xavx_vnni2", False),
    ],
)
def test_a_processor_tells_what_it_can(tmp_path, monkeypatch, ability, expected):
    """By its flags alone, not by whatever else is told of it."""
    told = tmp_path / "cpuinfo"
    told.write_text(FLAGS.format(ability), encoding="utf-8")
    monkeypatch.setattr(openvino_runtime, "PROCESSOR", told)
    assert multiplies_int8() == expected


@pytest.mark.parametrize(
    ("machine", "bfloat16", "expected"),
    [("AMD64", True, True), ("x86_64", False, False), ("arm64", True, False)],
)
def test_where_nothing_is_told_bfloat16_stands_for_it(
    tmp_path, monkeypatch, machine, bfloat16, expected
):
    """On x86, where every processor that multiplies it adds up products of int8, too."""
    monkeypatch.setattr(openvino_runtime, "PROCESSOR", tmp_path / "none")
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr(openvino_runtime, "multiplies_bfloat16", lambda: bfloat16)
    assert multiplies_int8() == expected
