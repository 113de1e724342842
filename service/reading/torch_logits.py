"""The reader's network in torch: the reference, and what training writes and reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from index.model_files import packaged_model
from index.runtimes import PrecisionName
from service.reading.inputs import Batch
from service.reading.network import ReaderNetwork, packaged_network, trained_parameters
from service.reading.records import ReaderIdentity
from service.reading.weights import (
    WEIGHTS_FILE,
    ReaderFiles,
    refuse_other_names,
    stored_weights,
    weights_sha256,
    write_record,
)


class TorchLogits:
    """The packaged MiniLM with the trained weights, on the CPU or an NVIDIA card; in bfloat16
    where that is fast.
    """

    def __init__(self, files: ReaderFiles, precision: PrecisionName = "auto") -> None:
        network = packaged_network(files.base.folder)
        put_weights(network, files.folder)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        dtype = _dtype(precision, self._device)
        self._network = network.eval().to(self._device, dtype)
        self.runtime = "torch" if self._device == "cpu" else f"torch on {self._device}"
        self.precision = str(dtype).removeprefix("torch.")

    @torch.inference_mode()
    def __call__(self, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
        arrays = (batch.ids, batch.segments, batch.attention, batch.in_passage)
        span, verdict = self._network(*(torch.from_numpy(a).to(self._device) for a in arrays))
        return span.cpu().numpy(), verdict.cpu().numpy()


def _dtype(precision: PrecisionName, device: str) -> torch.dtype:
    if precision != "auto":
        return torch.bfloat16 if precision == "bfloat16" else torch.float32
    # AMX and AVX512-BF16 multiply it.
    fast = torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if fast and device == "cpu" else torch.float32


def save_weights(weights: dict[str, torch.Tensor], folder: Path, name: str) -> ReaderIdentity:
    """Writes named tensors as float16 safetensors, and beside them who they are."""
    folder.mkdir(parents=True, exist_ok=True)
    halves = {key: value.detach().cpu().half().contiguous() for key, value in weights.items()}
    save_file(halves, folder / WEIGHTS_FILE)
    identity = ReaderIdentity(name, weights_sha256(folder), packaged_model().sha256)
    write_record(folder, identity)
    return identity


def put_weights(network: ReaderNetwork, folder: Path) -> None:
    """Loads the trained weights into a network. Raises ReaderUnavailable for other names."""
    parameters, stored = trained_parameters(network), stored_weights(folder)
    refuse_other_names(stored, parameters, folder / WEIGHTS_FILE)
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(torch.from_numpy(stored[name]))
