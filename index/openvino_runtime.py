"""OpenVINO on this processor: which precision it multiplies, and models compiled for it."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
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
# Where Linux tells what a processor can do.
PROCESSOR = Path("/proc/cpuinfo")
_HINTS = {"float32": "f32", "bfloat16": "bf16"}


@cache
def _core() -> Core:
    return openvino.Core()


def multiplies_bfloat16() -> bool:
    """Whether the processor has instructions for it (AMX, AVX512-BF16), as OpenVINO tells."""
    return "BF16" in _core().get_property(DEVICE, "OPTIMIZATION_CAPABILITIES")


def multiplies_int8() -> bool:
    """Whether an x86 processor has instructions that add up products of int8 (VNNI). Those without
    add pairs of products in 16 bits, which may not hold them.
    """
    try:
        told = PROCESSOR.read_text(encoding="utf-8")
    except OSError:  # another system tells elsewhere; x86 processors with bfloat16 have both
        return platform.machine().lower() in ("x86_64", "amd64") and multiplies_bfloat16()
    return re.search(r"^flags\s*:.*\b(avx512_vnni|avx_vnni)\b", told, re.MULTILINE) is not None


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

    A call runs on one thread, so that calls side by side do not wait for each other, or, where
    it is to answer soon and nothing else runs, on all. What it gives does not depend on that.
    """

    def __init__(self, model: Model, precision: PrecisionName, alone: Model | None = None) -> None:
        """``alone``: what to compile for calls on all threads, where that is not ``model``."""
        self.streams = usable_processors()
        self._model, self._precision = model, precision
        self._model_alone = alone or model
        self._side_by_side, self._alone = _Requests(), _Requests()
        self._lock = Lock()
        self._running = 0

    def run(self, inputs: Sequence[np.ndarray], soon: bool = False) -> list[np.ndarray]:
        """The outputs for the inputs, both in the model's order; any number of threads may call.

        ``soon``: on all processors, unless they are at work already.
        """
        with self._lock:
            alone = soon and self._running == 0 and self.streams > 1
            self._running += 1
        try:
            requests = self._requests(alone)
            request = requests.get()
            try:
                request.infer(list(inputs), share_inputs=True)
                return [np.array(output.data) for output in request.output_tensors]
            finally:
                requests.put(request)
        finally:
            with self._lock:
                self._running -= 1

    def compile(self) -> None:
        """Both ways, at once, for who cannot wait for it when he first runs one."""
        ways = (False, True) if self.streams > 1 else (False,)
        with ThreadPoolExecutor(len(ways)) as threads:
            list(threads.map(self._requests, ways))

    def _requests(self, alone: bool) -> _Requests:
        """Compiled when first needed: each way holds the weights once more, as it multiplies
        them, and a process that only builds, or is asked by one, needs one of the two.
        """
        requests = self._alone if alone else self._side_by_side
        with requests.lock:
            if not requests.compiled:
                streams = 1 if alone else self.streams
                model = self._compiled(self._model_alone if alone else self._model, streams)
                for _ in range(streams):
                    requests.put(model.create_infer_request())
                requests.compiled = True
        return requests

    def _compiled(self, model: Model, streams: int) -> openvino.CompiledModel:
        return _core().compile_model(
            model,
            DEVICE,
            {
                # Told in full: OpenVINO would take bfloat16 by itself where the processor has it.
                "INFERENCE_PRECISION_HINT": _HINTS[self._precision],
                "NUM_STREAMS": streams,
                "INFERENCE_NUM_THREADS": self.streams,
                "ENABLE_CPU_PINNING": False,
            },
        )


class _Requests(SimpleQueue):
    """Those of one compiled model that nobody runs; empty until it is ``compiled``."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.compiled = False
