"""Which reader the service reads with: the shipped one, one in a folder, or none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.runtimes import RuntimeSettings, cuda_is_there
from service.errors import ReaderUnavailable
from service.reading.calibration import Calibration, load_calibration
from service.reading.passage_reader import Logits, PassageReader
from service.reading.records import Reader
from service.reading.weights import ReaderFiles, find_reader

CALIBRATION_FILE = "calibration.json"
# Milliseconds that who keeps nobody waiting may have his passages read for: all of them, but on a
# machine so slow that he would rather have an answer.
ALONE_MS = 3000.0


@dataclass(frozen=True, slots=True)
class LoadedReader:
    """A reader and what its confidence is calibrated by."""

    reader: Reader
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """How many passages are read, for how many milliseconds at most, and from which confidence
    on an answer is given; None: from the calibration's. ``alone_ms`` are the milliseconds for who
    keeps nobody waiting; None: the same.
    """

    depth: int = 10
    budget_ms: float = 150.0
    threshold: float | None = None
    alone_ms: float | None = None


def shipped_folder() -> Path:
    """Where the project's own weights lie."""
    return Path(__file__).parent / "weights"


def load_reader(
    folder: Path | None, wanted: RuntimeSettings = RuntimeSettings()
) -> LoadedReader | None:
    """The reader in a folder, or the shipped one; None where none is shipped.

    Raises ReaderUnavailable where weights or calibration are missing, altered or unfit, and
    InvalidSetting where it cannot be computed as ``wanted``.
    """
    if folder is None:
        folder = shipped_folder()
        if not folder.is_dir():
            return None
    elif not folder.is_dir():
        raise ReaderUnavailable(f"QUOTH_READER names {str(folder)!r}, which is no folder")
    files = find_reader(folder)
    calibration = load_calibration(folder / CALIBRATION_FILE, files.identity.weights_sha256)
    return LoadedReader(PassageReader(files, logits_of(files, wanted)), calibration)


def logits_of(files: ReaderFiles, wanted: RuntimeSettings = RuntimeSettings()) -> Logits:
    """The reader's network in the runtime wanted. Raises as ``load_reader``."""
    # Each runtime is imported where it is chosen: torch alone takes seconds.
    if wanted.runtime == "torch" or (wanted.runtime == "auto" and cuda_is_there()):
        from service.reading.torch_logits import TorchLogits

        return TorchLogits(files, wanted.precision)
    from service.reading.openvino_logits import OpenVinoLogits

    return OpenVinoLogits(files, wanted.precision)
