"""Which search process there is: one for what serves, and none where that does not work."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest
from waiting import until

from index.retriever import Retriever
from index.snapshot import Snapshot
from service.answerer import OpenSnapshot
from service.elsewhere import LATE_SECONDS, RETRY_SECONDS, SearchElsewhere

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
    elsewhere = SearchElsewhere(
        seed_index, serving, print, print, alone=True, clock=lambda: serving.now
    )
    yield elsewhere
    elsewhere.close()


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


def test_what_serves_next_gets_its_own(elsewhere, serving):
    """The one for what served before ends."""
    elsewhere.begin()
    before = elsewhere._process
    serving.opened = replace(serving.opened)
    elsewhere.switched()
    assert elsewhere._process is None
    elsewhere.begin()
    assert elsewhere._process.opened is serving.opened
    until(lambda: before.ended_at)


def test_none_is_begun_for_what_was_found_damaged(elsewhere, serving, monkeypatch):
    """It would open it on trust again."""
    monkeypatch.setattr(serving.opened.snapshot.check, "problem", "vectors.npy is damaged")
    elsewhere.begin()
    assert elsewhere._process is None


def test_one_that_ended_is_followed_only_after_a_while(elsewhere, serving):
    """What ends it may well end the next: a minute lies between them."""
    elsewhere.begin()
    first = elsewhere._process
    os.kill(first._child.pid, signal.SIGKILL)
    until(lambda: first.ended_at)
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


def test_one_that_stalls_is_ended(elsewhere, monkeypatch):
    """What it has is answered here, and another follows after a while."""
    elsewhere.begin()
    process = elsewhere._process
    monkeypatch.setattr(process, "is_late", lambda seconds: seconds == LATE_SECONDS)
    os.kill(process._child.pid, signal.SIGSTOP)
    elsewhere.begin()
    until(lambda: process.ended_at)


@pytest.mark.parametrize(("alone", "offered"), [(True, "full"), (False, "never")])
def test_what_it_has_no_room_for_waits_where_no_threads_are_spare(
    serving, seed_index, monkeypatch, alone, offered
):
    """With more than two processors the threads answer what would wait."""
    elsewhere = SearchElsewhere(seed_index, serving, print, print, alone)
    assert elsewhere.offer(None) == "never"
    elsewhere.begin()
    monkeypatch.setattr(elsewhere._process, "offer", lambda _encoded: "full")
    assert elsewhere.offer(None) == offered
    elsewhere.close()


def test_closed_it_is_gone(elsewhere):
    """When ``close`` comes back, even where it had stalled."""
    elsewhere.begin()
    process = elsewhere._process
    os.kill(process._child.pid, signal.SIGSTOP)
    elsewhere.close()
    assert process.ended_at
    assert elsewhere._process is None
