"""What computes the models, OpenVINO or torch, and in which precision."""

from __future__ import annotations

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
