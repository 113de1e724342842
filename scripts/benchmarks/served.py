"""Quoth serving an index in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.conversation import SystemFailed

PYTHON = Path(".venv", "bin", "python")
COMMAND = ("-c", "from service.cli import main; main()", "serve", "--port", "0", "--index")
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")
STOP_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers at ``port``, and its process."""

    port: int
    pid: int

    def cpu_seconds(self) -> float | None:
        """Seconds of processor it has used so far, as Linux tells; None elsewhere."""
        told = Path(f"/proc/{self.pid}/stat")
        if not told.is_file():
            return None
        # The name before them may hold anything; user and system time are fields 14 and 15.
        fields = told.read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(checkout: Path, index: Path, log: Path, reads: bool) -> Iterator[Running]:
    """The Quoth of a checkout, with its own environment and the defaults; ``log`` takes its log
    lines. Raises SystemFailed where it does not start.
    """
    environment = {name: value for name, value in os.environ.items() if "QUOTH" not in name}
    if not reads:
        environment["QUOTH_READER"] = "none"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as lines:
        process = subprocess.Popen(
            [str(checkout / PYTHON), *COMMAND, str(index.resolve())],
            cwd=checkout,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=lines,
            text=True,
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
        process.stdout.close()


def _port(process: subprocess.Popen[str], log: Path) -> int:
    for line in process.stdout:
        if found := ADDRESS.search(line):
            return int(found[1])
    said = log.read_text(encoding="utf-8").splitlines()[-5:]
    raise SystemFailed("the service did not start:\n" + "\n".join(said))
