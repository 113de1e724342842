"""Progress for terminals, pipes and programs."""

from __future__ import annotations

import json

from index.progress import BuildCounts
from service.terminal.progress import Bars, Events, Lines, Progress, progress_for


class Clock:
    """Time that goes on when it is told to."""

    now = 0.0

    def __call__(self):
        return self.now


def run(progress, clock, steps=100, seconds=0.5):
    """One stage of so many steps, each so long."""
    with progress:
        for done in range(steps + 1):
            progress.update("vectors", done, steps)
            clock.now += seconds


def test_a_pipe_gets_a_line_every_five_seconds(capsys):
    """100 steps of half a second: at 0, 5, …, 50 s; rate 2 a second and the time left by it."""
    clock = Clock()
    run(Lines(clock), clock)
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert len(lines) == 11
    assert lines[0] == "Encoding: 0 of 100"
    assert lines[4] == "Encoding: 40 of 100, 2/s, 30 s left"
    assert lines[-1] == "Encoding: 100 of 100, 2/s"


def test_a_program_gets_an_object_a_line(capsys):
    """Four a second at most; the first and the last are always told."""
    clock = Clock()
    run(Events(clock), clock, steps=1000, seconds=0.0078125)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[0] == {
        "event": "progress", "stage": "vectors", "done": 0, "total": 1000, "seconds": 0.0
    }  # fmt: skip
    assert (told[-1]["done"], told[-1]["seconds"]) == (1000, 7.812)
    assert [each["done"] for each in told[:4]] == [0, 32, 64, 96]


def test_a_stage_of_unknown_length_has_no_time_left(capsys):
    """Its count and rate alone are told."""
    clock = Clock()
    lines = Lines(clock)
    lines.update("passages", 0, None)
    clock.now = 10
    lines.update("passages", 50, None)
    assert capsys.readouterr().err.splitlines()[-1] == "Chunking: 50, 5/s"


def test_what_a_build_counts_is_told_by_stage(capsys):
    """How many there will be is told from the last document on, and the end once, although a
    build goes on counting while it publishes.
    """
    events = Events(Clock())
    events.count(BuildCounts(documents_found=2, documents=1, passages=7, windows=9, encoded=4))
    whole = BuildCounts(
        documents_found=2, documents=2, passages=11, windows=30, encoded=16, reused=9, resumed=5
    )
    events.count(whole)
    events.count(whole)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["stage"], each["done"], each["total"]) for each in told] == [
        ("documents", 1, 2),
        ("passages", 7, None),
        ("vectors", 4, None),
        ("documents", 2, 2),
        ("passages", 11, 11),
        ("vectors", 30, 30),
    ]


def test_what_is_shown_follows_options_and_terminal(monkeypatch, capsys):
    """--json wins over --quiet, --quiet over the terminal; TTY_COMPATIBLE makes one of a pipe."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    assert type(progress_for(quiet=True, as_json=True)) is Events
    assert type(progress_for(quiet=True, as_json=False)) is Progress
    assert type(progress_for(quiet=False, as_json=False)) is Lines
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    bars = progress_for(quiet=False, as_json=False)
    assert type(bars) is Bars
    with bars:
        bars.update("documents", 3, 12)
        bars.update("passages", 7, None)
    shown = capsys.readouterr().err
    assert "Reading" in shown
    assert "3/12" in shown
