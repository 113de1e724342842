"""Quoth, or txtai's own API, serving an index in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from benchmarks.conversation import OFFLINE, SystemFailed

PYTHON = Path(".venv", "bin", "python")
COMMAND = ("-c", "from service.cli import main; main()", "serve", "--port", "0", "--index")
TXTAI_COMMAND = ("-m", "uvicorn", "txtai.api:app", "--port", "0", "--no-access-log")
# What both print once they listen.
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)[/ ]")
START_SECONDS, STOP_SECONDS = 120, 40


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers at ``port``, and its process."""

    port: int
    pid: int

    def cpu_seconds(self) -> float | None:
        """Seconds of processor it and its children have used so far, as Linux tells; None
        elsewhere.
        """
        if not Path(f"/proc/{self.pid}/stat").is_file():
            return None
        return sum(map(_cpu_seconds, (self.pid, *_children(self.pid))))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for told in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # that thread has ended since
            found += map(int, told.read_text("utf-8").split())
    return found


def _cpu_seconds(pid: int) -> float:
    """With what its children that have ended used; 0 where it has ended itself."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    # The name before them may hold anything; the times are fields 14 to 17.
    return sum(map(int, told.rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(checkout: Path, index: Path, log: Path, reads: bool) -> Iterator[Running]:
    """The Quoth of a checkout, with its own environment and the defaults; ``log`` takes what it
    says. Raises SystemFailed where it does not start.
    """
    environment = {name: value for name, value in os.environ.items() if "QUOTH" not in name}
    if not reads:
        environment["QUOTH_READER"] = "none"
    command = [str(checkout / PYTHON), *COMMAND, str(index.resolve())]
    with _begun(command, environment, log, checkout) as running:
        yield running


@contextmanager
def txtai_served(python: Path, index: Path, log: Path) -> Iterator[Running]:
    """txtai's API over an index of its own, as its documentation starts it, but without a log line
    for each request. Raises SystemFailed where it does not start.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    told = log.with_suffix(".yml")
    # JSON is YAML.
    settings = {"path": str(index.resolve()), "writable": False, "embeddings": {}}
    told.write_text(json.dumps(settings), "utf-8")
    environment = {**os.environ, **OFFLINE, "CONFIG": str(told.resolve())}
    command = [str(python.absolute()), *TXTAI_COMMAND]
    with _begun(command, environment, log, log.parent) as running:
        yield running


@contextmanager
def _begun(
    command: Sequence[str], environment: Mapping[str, str], log: Path, folder: Path
) -> Iterator[Running]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "PYTHONUNBUFFERED": "1"},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Running(_port(process, log), process.pid)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    until = monotonic() + START_SECONDS
    while process.poll() is None and monotonic() < until:
        if found := ADDRESS.search(log.read_text(encoding="utf-8", errors="replace")):
            return int(found[1])
        sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
    raise SystemFailed("the service did not start:\n" + "\n".join(said))
