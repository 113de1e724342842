"""What computes the models, OpenVINO or torch, and in which precision."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

RuntimeName = Literal["auto", "openvino", "torch"]
PrecisionName = Literal["auto", "float32", "bfloat16"]

# What the drivers of an NVIDIA card leave on Linux, and in Linux under Windows.
_GPU_SIGNS = (Path("/dev/nvidia0"), Path("/dev/dxg"))


@dataclass(frozen=True, slots=True)
class RuntimeSettings:
    """What the user asked for. ``auto``: the fastest here whose results agree with the reference,
    which is torch in float32.
    """

    runtime: RuntimeName = "auto"
    precision: PrecisionName = "auto"


def cuda_is_there() -> bool:
    """Whether torch can compute on an NVIDIA card; torch is imported only where one is seen."""
    if not any(sign.exists() for sign in _GPU_SIGNS):
        return False
    import torch

    return torch.cuda.is_available()


def usable_processors() -> int:
    """Processors this process may run on, one at least."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def search_on_one_thread() -> None:
    """For a thread that searches beside others: what FAISS computes on it, it computes alone.

    OpenMP's threads are of the thread that called it, so two searches would have twice as many
    as there are processors, each spinning for a while after its share.
    """
    import faiss

    faiss.omp_set_num_threads(1)
