"""Which reader the service reads with: the shipped one, one in a folder, or none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from service.errors import ReaderUnavailable
from service.reading.calibration import Calibration, load_calibration
from service.reading.records import Reader

CALIBRATION_FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class LoadedReader:
    """A reader and what its confidence is calibrated by."""

    reader: Reader
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """How many passages are read, for how many milliseconds at most, and from which confidence
    on an answer is given; None: from the calibration's.
    """

    depth: int = 10
    budget_ms: float = 150.0
    threshold: float | None = None


def shipped_folder() -> Path:
    """Where the project's own weights lie."""
    return Path(__file__).parent / "weights"


def load_reader(folder: Path | None) -> LoadedReader | None:
    """The reader in a folder, or the shipped one; None where none is shipped.

    Raises ReaderUnavailable where weights or calibration are missing, altered or unfit.
    """
    if folder is None:
        folder = shipped_folder()
        if not folder.is_dir():
            return None
    elif not folder.is_dir():
        raise ReaderUnavailable(f"QUOTH_READER names {str(folder)!r}, which is no folder")
    # Imported here: it brings torch's network code, which a service without reader spares.
    from service.reading.torch_reader import TorchReader
    from service.reading.weights import find_reader

    files = find_reader(folder)
    calibration = load_calibration(folder / CALIBRATION_FILE, files.identity.weights_sha256)
    return LoadedReader(TorchReader(files), calibration)
