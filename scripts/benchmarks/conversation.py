"""A system in a process of its own: begun, asked in lines of JSON, weighed, ended."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Self

SCRIPTS = Path(__file__).parent.parent
# Ours come last on the path: scripts/evaluate.py must not stand for a package of that name.
BEGIN = (
    "import sys; sys.path.append(sys.argv.pop(1)); "
    "from benchmarks.systems.child import main; main(sys.argv[1:])"
)
# No system looks for models or sends reports over the network.
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
}
LOG_TAIL = 5


class SystemFailed(Exception):
    """A system ended before it replied; the message holds the end of what it said."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Ids of the passages found, best first, and the milliseconds it took inside the system."""

    ids: tuple[str, ...]
    ms: float


class Conversation:
    """One child process. Use as a context manager, so that it ends whatever happens."""

    def __init__(self, name: str, python: Path, arguments: Sequence[str], log: Path) -> None:
        self.name = name
        self._log = log
        self._begun = perf_counter()
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w", encoding="utf-8") as said:
            self._process = subprocess.Popen(
                [str(python), "-c", BEGIN, str(SCRIPTS), name, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                encoding="utf-8",
                env=_environment(),
            )

    def ask(self, question: str, count: int) -> Answer:
        """Raises SystemFailed."""
        try:
            self._process.stdin.write(json.dumps({"question": question, "count": count}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._failure() from None
        reply = self.reply()
        return Answer(tuple(reply["ids"]), reply["ms"])

    def reply(self) -> dict[str, Any]:
        """The next line the system says. Raises SystemFailed."""
        line = self._process.stdout.readline()
        if not line:
            raise self._failure()
        return json.loads(line)

    def seconds(self) -> float:
        """Since the process was begun."""
        return perf_counter() - self._begun

    def resident_mb(self) -> float | None:
        """Resident memory now, in MB of 2^20 bytes; None where the system does not tell."""
        status = Path(f"/proc/{self._process.pid}/status")
        if not status.is_file():
            return None
        told = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(told["VmRSS"].split()[0]) / 1024

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _failure(self) -> SystemFailed:
        status = self._process.wait()
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        said = "\n".join(lines[-LOG_TAIL:])
        return SystemFailed(f"{self.name} ended with status {status} ({self._log}):\n{said}")


def _environment() -> Mapping[str, str]:
    return {**os.environ, **OFFLINE}
