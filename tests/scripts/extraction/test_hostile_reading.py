"""Hostile and broken files, read as a build reads them: the short form of scripts/hostile_files.py.

What harm looks like is tested as well, or all this could pass on anything.
"""

from pathlib import Path

import pytest

from extraction import hostile_reading
from extraction.hostile import cases
from extraction.hostile_folder import SECRET, lay
from extraction.hostile_reading import read_cases, read_folder
from index.documents.extract import Extract
from index.documents.sandbox import ParseLimits, Sandbox
from index.errors import UnreadableDocument
from index.records import Block, Span

LIMITS = ParseLimits(seconds=60, memory_mb=1024)


def test_no_file_does_harm(tmp_path):
    """Each is read or refused in a sentence, and the broken ones are mostly refused."""
    findings = read_cases([*cases(is_short=True)], tmp_path, LIMITS, lambda _line: None)
    assert findings.faults == ()
    reasons = {outcome.uri: outcome.reason for outcome in findings.outcomes}
    assert "ZIP bomb" in reasons["bomb.docx"]
    assert "XML entities" in reasons["laughs.xlsx"]
    assert "encrypted" in reasons["locked.pptx"]
    assert "encrypted" in reasons["password.pdf"]
    assert reasons["no-password.pdf"] == ""
    assert "nested too deep" in reasons["deep.json"]
    assert reasons["deep.html"] == ""
    assert "not a PDF" in reasons["as-pdf-whole.docx.pdf"]


def test_nothing_outside_a_folder_is_read(tmp_path):
    """Links, pipes, devices and odd names: each is listed, and none reaches what lies beside."""
    folder = tmp_path / "folder"
    folder.mkdir()
    findings = read_folder(folder, lay(folder, tmp_path / "beside"), LIMITS)
    assert findings.faults == ()
    reasons = {outcome.uri: outcome.reason for outcome in findings.outcomes}
    assert reasons["plain.txt"] == ""
    for name in ("link-out.txt", "link-up.txt", "link-root", "link-passwd.txt", "link-chain.txt"):
        assert reasons[name] == "link leaves the folder"
    assert reasons["link-itself.txt"] == reasons["link-nowhere.txt"] == "link to nothing"
    assert "pipe" in reasons["pipe.txt"]


@pytest.fixture
def reading(monkeypatch):
    """A parser in the place of the sandbox's."""

    def install(parse):
        monkeypatch.setattr(Sandbox, "parse", lambda _self, data, uri: parse(data, uri))

    return install


def only(tmp_path: Path, data: bytes = b"words") -> list[str]:
    found = read_cases([("a.txt", lambda: data)], tmp_path, LIMITS, lambda _line: None)
    return [*found.faults]


def test_words_from_outside_are_a_fault(tmp_path):
    """Whatever way they came."""
    (fault,) = only(tmp_path, f"It says {SECRET}.".encode())
    assert SECRET in fault


def test_an_error_that_ends_a_build_is_a_fault(tmp_path, reading):
    """As is a reason that is none."""

    def crash(_data, _uri):
        raise RuntimeError("crash")

    def mute(_data, _uri):
        raise UnreadableDocument("")

    reading(crash)
    assert "RuntimeError('crash')" in only(tmp_path)[0]
    reading(mute)
    assert "is no sentence" in only(tmp_path)[0]


def test_taking_too_long_is_a_fault(tmp_path, reading, monkeypatch):
    """The limit and what it takes to start a child, and no longer."""
    whole = Extract("words", None, (Block(Span(0, 5)),))
    reading(lambda _data, _uri: whole)
    clock = iter([0.0, 66.0, 70.0, 134.0])
    monkeypatch.setattr(hostile_reading, "perf_counter", lambda: next(clock))
    assert only(tmp_path) == ["a.txt took 66.0 s, limit 60"]
    assert only(tmp_path) == []


def test_a_name_that_is_not_listed_is_a_fault(tmp_path):
    """Nothing may be passed over in silence."""
    (tmp_path / "a.txt").write_text("words")
    assert read_folder(tmp_path, ["a.txt", "gone.txt"], LIMITS).faults == (
        "'gone.txt' is not listed",
    )
