"""The child process that parses: whatever a file does to it, the next one is read."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import BuildSettings, build
from index.documents import sandbox as module
from index.documents.parsing import parse
from index.documents.sandbox import ParseLimits, Sandbox
from index.errors import UnreadableDocument

# The real child, with a parser of plain text that does what its file asks for.
MISBEHAVING = """\
import json, sys
sys.path[:] = json.loads(sys.argv[1])
import ctypes, os, signal, subprocess, time
from index.documents import plain
honest = plain.parse
def parse(data):
    act = data.split()[0].decode("latin-1")
    if act == "sleep":
        time.sleep(60)
    elif act == "kill":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif act == "exit":
        os._exit(7)
    elif act == "grow":
        bytearray(4 * 1024**3)
    elif act == "print":
        print('{"text": "forged"}', flush=True)
        os.write(1, b'{"text": "forged"}\\n')
    elif act == "write":
        os.write(os.open(data.split()[1], os.O_CREAT | os.O_WRONLY), b"x")
    elif act == "recurse":
        def again(): again()
        again()
    elif act == "spin":
        while True: pass
    return honest(data)
plain.parse = parse
from index.documents.child import main
main(int(sys.argv[2]), float(sys.argv[3]))
"""


# A busy machine must not fail a test: only where time itself is tested is it short.
LIMITS = ParseLimits(seconds=60, memory_mb=1024)


@pytest.fixture
def sandbox(monkeypatch):
    monkeypatch.setattr(module, "CHILD", MISBEHAVING)
    with Sandbox(LIMITS) as sandbox:
        yield sandbox


def said(sandbox: Sandbox, act: str) -> str:
    """The reason a file that asks for ``act`` is refused with; after it another is read."""
    with pytest.raises(UnreadableDocument) as told:
        sandbox.parse(f"{act} now".encode(), "a.txt")
    sandbox._limits = LIMITS
    assert sandbox.parse(b"Words.", "b.txt") == parse(b"Words.", "b.txt")
    return str(told.value)


def test_what_is_read_is_what_the_parser_reads(sandbox):
    """Text, blocks, title and metadata come back whole, whatever the format."""
    for data, uri in [
        (b"# Head\n\nWords \xf0\x9f\x98\x80.", "a.md"),
        (b"a,b\n1,2\n", "a.csv"),
        (b'{"title": "x", "n": 1.50}', "a.json"),
        ("Größe".encode("cp1252"), "a.txt"),
    ]:
        assert sandbox.parse(data, uri) == parse(data, uri)


def test_a_parser_s_own_reason_passes(sandbox):
    """The child says why, and lives on: the same process reads the next file."""
    with pytest.raises(UnreadableDocument, match="line 1 is no JSON"):
        sandbox.parse(b"{", "a.json")
    child = sandbox._child.pid
    sandbox.parse(b"Words.", "b.txt")
    assert sandbox._child.pid == child


@pytest.mark.parametrize("act", ["sleep", "spin"])
def test_time_is_bounded(sandbox, act):
    """Waiting and working alike; the setting is named."""
    sandbox._limits = replace(LIMITS, seconds=0.5)
    assert "over 0.5 seconds (QUOTH_PARSE_SECONDS)" in said(sandbox, act)


def test_memory_is_bounded(sandbox):
    """The setting is named, and a new child has all of it again."""
    assert "over 1024 MiB (QUOTH_PARSE_MEMORY_MB)" in said(sandbox, "grow")


@pytest.mark.parametrize(("act", "how"), [("kill", "by SIGSEGV"), ("exit", "with status 7")])
def test_a_child_that_ends_costs_one_file(sandbox, act, how):
    """A crash inside a parser is a sentence."""
    assert f"its parser ended {how}" in said(sandbox, act)


def test_what_a_library_prints_is_no_reply(sandbox):
    """Neither through Python nor past it."""
    assert sandbox.parse(b"print it", "a.txt") == parse(b"print it", "a.txt")


def test_a_parser_writes_no_file(sandbox, tmp_path):
    """Of what it writes nothing reaches the disk."""
    trace = tmp_path / "trace"
    assert "the plain parser failed" in said(sandbox, f"write {trace}")
    assert not trace.exists() or not trace.stat().st_size


def test_endless_recursion_is_a_sentence(sandbox):
    """Python's own limit, told like any other fault."""
    assert "RecursionError" in said(sandbox, "recurse")


def test_a_reply_too_long_is_refused(sandbox, monkeypatch):
    """By the child, which then goes on."""
    monkeypatch.setattr(module, "LONGEST_REPLY", 5_000)
    with pytest.raises(UnreadableDocument, match="its text and paragraphs take over 5000 bytes"):
        sandbox.parse(b"word " * 2_000, "a.txt")
    assert sandbox.parse(b"Words.", "b.txt").text == "Words."


def test_a_child_killed_from_outside(sandbox):
    """Between two files or within one: the next is read by another."""
    sandbox.parse(b"Words.", "a.txt")
    os.kill(sandbox._child.pid, 9)
    sandbox._child.wait()
    with pytest.raises(UnreadableDocument, match="by SIGKILL"):
        sandbox.parse(b"Words.", "a.txt")
    assert sandbox.parse(b"Words.", "a.txt").text == "Words."


def test_the_child_sees_nothing_of_the_environment(sandbox, monkeypatch):
    """Keys in the parent's environment are not in the child's."""
    monkeypatch.setenv("QUOTH_API_KEYS", "a-secret-of-the-parent")
    sandbox.parse(b"Words.", "a.txt")
    environment = Path(f"/proc/{sandbox._child.pid}/environ")
    if environment.exists():
        assert b"secret" not in environment.read_bytes()


def test_a_closed_sandbox_leaves_no_process():
    """And may be closed twice."""
    sandbox = Sandbox()
    sandbox.parse(b"Words.", "a.txt")
    child = sandbox._child
    sandbox.close()
    sandbox.close()
    assert child.returncode == -9


def test_in_a_build_a_bad_file_costs_one_line(monkeypatch, tmp_path, words):
    """All others are indexed, each bad one is listed with its reason."""
    monkeypatch.setattr(module, "CHILD", MISBEHAVING)
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in ("a", "b", "c", "d"):
        (folder / f"{name}-good.txt").write_text(f"Words of {name}.")
    for name, act in [("a", "exit"), ("b", "kill"), ("c", "grow")]:
        (folder / f"{name}-x.txt").write_text(f"{act} now.")
    report = build([folder], tmp_path / "index", words, BuildSettings(limits=LIMITS))
    assert report.indexed == ("a-good.txt", "b-good.txt", "c-good.txt", "d-good.txt")
    assert [(item.uri, item.status) for item in report.failed] == [
        ("a-x.txt", "failed"),
        ("b-x.txt", "failed"),
        ("c-x.txt", "failed"),
    ]
    reasons = " ".join(item.reason for item in report.failed)
    assert all(part in reasons for part in ("status 7", "SIGSEGV", "MiB"))
