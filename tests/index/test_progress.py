"""What is told of a build, and how often."""

import pytest

from index import progress
from index.progress import PUBLISHING, BuildCounts, Meter, by_documents


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time, in a list of one."""
    now = [100.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    return now


def test_counts_are_told_once_a_pause(clock, monkeypatch):
    """Of forty additions, sixteen to a pause, two are told, with all before them."""
    monkeypatch.setattr(progress, "PAUSE", 0.25)
    told = []
    meter = Meter(told.append, 7, 900)
    for _ in range(40):
        clock[0] += 0.25 / 16
        meter.add(passages=1, windows=2)
    assert told == [
        BuildCounts(documents_found=7, bytes_found=900, passages=done, windows=2 * done)
        for done in (0, 16, 32)
    ]
    assert meter.counts.windows == 80


def test_a_stage_is_told_at_once():
    """Whatever was counted since is told with it."""
    told = []
    meter = Meter(told.append, 1, 1)
    meter.add(encoded=2, reused=3, resumed=4)
    assert len(told) == 1
    meter.enter(PUBLISHING)
    assert (told[-1].stage, told[-1].vectors) == (PUBLISHING, 9)


def test_one_bar_is_that_of_the_documents():
    """Stage, done and total, as the evaluation draws them."""
    told = []
    by_documents(lambda *what: told.append(what))(BuildCounts(documents=3, documents_found=8))
    assert told == [("documents", 3, 8)]


def test_nobody_need_listen():
    """Counting goes on without a callback."""
    meter = Meter(None, 0, 0)
    meter.add(documents=1)
    assert meter.counts.documents == 1
