"""Which search process there is: one for what serves, and none where that does not work."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace

import pytest

from index.retriever import Retriever
from index.snapshot import Snapshot
from service.answerer import OpenSnapshot
from service.elsewhere import RETRY_SECONDS, SearchElsewhere

pytestmark = pytest.mark.skipif(os.name != "posix", reason="ends a process by a signal")


class Serving:
    """A snapshot that serves, until another does; and a clock."""

    def __init__(self, folder, encoder) -> None:
        snapshot = Snapshot.open(folder)
        self.opened = OpenSnapshot(snapshot, Retriever(snapshot, encoder))
        self.now = 1000.0

    def __call__(self):
        return self.opened


@pytest.fixture
def serving(seed_index, encoder) -> Serving:
    return Serving(seed_index, encoder)


@pytest.fixture
def elsewhere(serving, seed_index):
    elsewhere = SearchElsewhere(seed_index, serving, print, print, lambda: serving.now)
    yield elsewhere
    elsewhere.close()


def until(holds) -> None:
    late = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < late
        time.sleep(0.002)


def test_it_is_begun_once(elsewhere, serving):
    """However often it is said that questions queue; before that there is none."""
    assert elsewhere.pending == 0
    assert elsewhere._process is None
    elsewhere.begin()
    process = elsewhere._process
    assert process.opened is serving.opened
    elsewhere.begin()
    assert elsewhere._process is process


def test_nothing_is_begun_while_nothing_serves(elsewhere, serving):
    """There is nothing to search."""
    serving.opened = None
    elsewhere.begin()
    assert elsewhere._process is None


@pytest.mark.parametrize("told", [True, False])
def test_what_serves_next_gets_its_own(elsewhere, serving, told):
    """The other ends, whether the change was told or is found when questions queue again."""
    elsewhere.begin()
    before = elsewhere._process
    serving.opened = replace(serving.opened)
    if told:
        elsewhere.switched()
        assert elsewhere._process is None
    elsewhere.begin()
    assert elsewhere._process.opened is serving.opened
    until(lambda: before.ended)


def test_one_that_ended_is_followed_only_after_a_while(elsewhere, serving):
    """What ends it may well end the next: a minute lies between them."""
    elsewhere.begin()
    first = elsewhere._process
    os.kill(first._child.pid, signal.SIGKILL)
    until(lambda: first.ended)
    elsewhere.begin()
    assert elsewhere._process is None
    serving.now += RETRY_SECONDS - 1
    elsewhere.begin()
    assert elsewhere._process is None
    serving.now += 1
    elsewhere.begin()
    assert elsewhere._process not in (None, first)


def test_one_that_cannot_be_started_is_no_error(elsewhere, serving, monkeypatch, caplog):
    """Without Python to start, say: it is logged, and tried again after a while."""
    with monkeypatch.context() as patched:
        patched.setattr("sys.executable", "/nowhere/python")
        elsewhere.begin()
    assert elsewhere._process is None
    assert "search process not started" in caplog.text
    elsewhere.begin()
    assert elsewhere._process is None
    serving.now += RETRY_SECONDS
    elsewhere.begin()
    assert elsewhere._process is not None


def test_closed_it_ends_and_begins_no_more(elsewhere):
    """Its process is gone when ``close`` comes back."""
    elsewhere.begin()
    process = elsewhere._process
    elsewhere.close()
    assert process.ended
    elsewhere.begin()
    assert elsewhere._process is None
