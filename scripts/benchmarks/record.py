"""Results kept beside their circumstances: machine, versions, command and date."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import machine, processor, python_version

from benchmarks.tables import Table

RESULTS = Path(__file__).parent.parent / "benchmarks.md"
# What the figures depend on; those that are not installed go unnamed.
PACKAGES = ("torch", "sentence-transformers", "onnxruntime", "openvino", "faiss-cpu")
# What a processor offers matrix products, as Linux names it.
ABILITIES = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16")


def circumstances(arguments: Sequence[str]) -> str:
    """Markdown that says when, where, of what and how something was measured."""
    return "\n".join(
        [
            f"- when: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Quoth {_commit()}",
            f"- machine: {machine_line()}",
            f"- versions: {versions_line()}",
            f"- command: `scripts/benchmark.py {shlex.join(arguments)}`",
        ]
    )


def keep(begun: str, tables: Sequence[Table], results: Path = RESULTS) -> None:
    """Appends what was measured, and the ``circumstances`` it was begun in, to ``results``."""
    heading = f"## {tables[0].title}"
    entry = "\n\n".join([heading, begun, *map(str, tables)])
    with results.open("a", encoding="utf-8") as file:
        file.write(f"\n{entry}\n")


def machine_line() -> str:
    """Cores, processor and what it can do, and how busy it is."""
    name, flags = processor() or machine(), []
    facts = Path("/proc/cpuinfo")
    if facts.is_file():
        lines = dict(
            tuple(part.strip() for part in line.split(":", 1))
            for line in facts.read_text(encoding="utf-8").splitlines()
            if ":" in line
        )
        name = lines.get("model name", name)
        flags = lines.get("flags", "").split()
    able = [ability for ability in ABILITIES if ability in flags]
    load = f"load average {os.getloadavg()[0]:.1f}"
    return ", ".join([f"{os.cpu_count()} cores {name}", *([" ".join(able)] if able else []), load])


def versions_line() -> str:
    named = [f"Python {python_version()}"]
    for package in PACKAGES:
        try:
            named.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(named)


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=RESULTS.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or f"version {version('quoth')}"
