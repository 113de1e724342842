"""Services in processes of their own: when they are taken for listening, and that they end."""

from __future__ import annotations

import os
import sys

import pytest

from benchmarks.conversation import SystemFailed
from benchmarks.served import txtai_served

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script stands for Python")


def stand_in(folder, lines: str):
    """An "interpreter" that shows its configuration and then does ``lines``."""
    script = folder / "python"
    script.write_text(f'#!/bin/sh\ncat "$CONFIG"\n{lines}\n', encoding="utf-8")
    script.chmod(0o755)
    return script


def test_a_service_listens_where_it_says_and_ends_with_the_context(tmp_path):
    """The port is the one printed, half a line being none, and the process is gone afterwards."""
    python = stand_in(
        tmp_path,
        "printf 'Uvicorn running on http://127.0.0.1:43'; sleep .2; echo '21 (Press CTRL+C)'\n"
        "exec sleep 60",
    )
    log = tmp_path / "logs" / "service.log"
    with txtai_served(python, tmp_path / "index", log) as running:
        assert running.port == 4321
        os.kill(running.pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(running.pid, 0)
    assert f'"path": "{tmp_path / "index"}"' in log.read_text(encoding="utf-8")


def test_a_service_that_does_not_start_says_why(tmp_path):
    """With the last of what it printed."""
    python = stand_in(tmp_path, "echo 'no such index' >&2; exit 3")
    with (
        pytest.raises(SystemFailed, match="no such index"),
        txtai_served(python, tmp_path / "index", tmp_path / "service.log"),
    ):
        pass
