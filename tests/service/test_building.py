"""`quoth build --watch` as a process of its own: rebuilt on change, safe in failure, ended well."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.pointer import current_version
from index.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def watching(tmp_path):
    """A folder with one note, watched by a process that says what it does in lines of JSON."""
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "lease.txt").write_text("The lease ends on 30 April 2027.", encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QUOTH_")}
    # A shell has what it runs in the background ignore SIGINT, which is inherited.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = f"{heed}; from service.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "build", notes, "--index", notes / "index", "--watch",
         "--json"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    yield process, notes
    process.kill()
    process.communicate()


def told(process):
    """The next object that ends a build."""
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] != "progress":
            return event
    raise AssertionError(process.stderr.read())


def test_watching_rebuilds_keeps_what_stands_and_ends_on_ctrl_c(watching):
    """A new file is published; a build that fails leaves that; files back again mend it; Ctrl-C
    to the whole group, as a terminal sends it, is exit code 0 and one sentence.
    """
    process, notes = watching
    first = told(process)
    assert first["indexed"] == ["lease.txt"]
    (notes / ".hidden.txt").write_text("Nobody reads this.", encoding="utf-8")
    (notes / "heating.txt").write_text("The landlord pays the heating.", encoding="utf-8")
    second = told(process)
    assert second["indexed"] == ["heating.txt", "lease.txt"]
    for name in ("lease.txt", "heating.txt"):
        (notes / name).unlink()
    third = told(process)
    assert third["event"] == "failed"
    assert third["published"] == second["version"] == current_version(notes / "index")
    (notes / "lease.txt").write_text("The lease ended.", encoding="utf-8")
    assert told(process)["indexed"] == ["lease.txt"]
    assert Snapshot.open(notes / "index").text(0) == "The lease ended."
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert err.splitlines()[-1] == "quoth: stopped; what was published stays"
    assert "Traceback" not in err
    assert f"snapshot {second['version']} goes on answering" in err
