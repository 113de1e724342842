"""OpenVINO on this processor: which precision it multiplies, and models compiled for it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from queue import SimpleQueue
from typing import TYPE_CHECKING

import numpy as np

from index.errors import InvalidSetting
from index.runtimes import PrecisionName, usable_processors

# OpenVINO's package brings its model converter, which brings a client that tells its makers of
# use, and half a second of imports. It does without where the converter is missing.
_CONVERTER = "openvino.tools.ovc"
_absent = _CONVERTER not in sys.modules
if _absent:
    sys.modules[_CONVERTER] = None  # type: ignore[assignment]
try:
    import openvino
finally:
    if _absent:
        del sys.modules[_CONVERTER]

if TYPE_CHECKING:
    from openvino import Core, Model

DEVICE = "CPU"
_HINTS = {"float32": "f32", "bfloat16": "bf16"}


@cache
def _core() -> Core:
    return openvino.Core()


def multiplies_bfloat16() -> bool:
    """Whether the processor has instructions for it (AMX, AVX512-BF16), as OpenVINO tells."""
    return "BF16" in _core().get_property(DEVICE, "OPTIMIZATION_CAPABILITIES")


def chosen_precision(wanted: PrecisionName) -> PrecisionName:
    """``bfloat16`` where it is fast and ``wanted`` leaves the choice, else ``float32``.

    Raises InvalidSetting where bfloat16 is wanted of a processor that has none.
    """
    if wanted == "bfloat16" and not multiplies_bfloat16():
        raise InvalidSetting(
            "QUOTH_PRECISION is 'bfloat16', and this processor does not multiply bfloat16 (it "
            "has neither AMX nor AVX512-BF16); set it to auto or float32"
        )
    if wanted == "auto":
        return "bfloat16" if multiplies_bfloat16() else "float32"
    return wanted


class CompiledModel:
    """A model ready to run, on as many threads at once as the process may use processors.

    Each call runs on one thread, so that calls side by side do not wait for each other, and
    what one gives does not depend on how many processors there are.
    """

    def __init__(self, model: Model, precision: PrecisionName) -> None:
        self.streams = usable_processors()
        # Told in full: OpenVINO would take bfloat16 by itself where the processor has it.
        compiled = _core().compile_model(
            model,
            DEVICE,
            {
                "INFERENCE_PRECISION_HINT": _HINTS[precision],
                "NUM_STREAMS": self.streams,
                "INFERENCE_NUM_THREADS": self.streams,
                "ENABLE_CPU_PINNING": False,
            },
        )
        self._free: SimpleQueue[openvino.InferRequest] = SimpleQueue()
        for _ in range(self.streams):
            self._free.put(compiled.create_infer_request())

    def run(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The outputs for the inputs, both in the model's order; any number of threads may call."""
        request = self._free.get()
        try:
            request.infer(list(inputs), share_inputs=True)
            return [np.array(output.data) for output in request.output_tensors]
        finally:
            self._free.put(request)
