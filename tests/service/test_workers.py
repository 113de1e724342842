"""Workers: how long what comes now would wait."""

from __future__ import annotations

import threading

import faiss
import pytest

from service.workers import NEWEST, Workers


@pytest.fixture
def workers():
    workers = Workers("work", 2)
    yield workers
    workers.shutdown()


@pytest.mark.parametrize(
    ("in_line", "wait"), [(0, 0), (1, 0), (2, 0.01), (3, 0.02), (7, 0.06), (64, 0.63)]
)
def test_the_wait_is_what_two_threads_need_for_those_before(workers, in_line, wait):
    """At 20 ms each; while a thread is free nobody waits."""
    workers.observe(0.02)
    workers.in_line = in_line
    assert workers.expected_wait == pytest.approx(wait)


def test_nothing_is_known_before_the_first_measurement(workers):
    """Then nobody is refused for a wait."""
    workers.in_line = 1000
    assert workers.expected_wait == 0


def test_the_mean_follows_what_is_measured(workers):
    """The first counts whole, each further one a tenth: .1, then .1 + .1 x (.3 - .1) = .12."""
    workers.in_line = 3
    workers.observe(0.1)
    assert workers.expected_wait == pytest.approx(0.1)
    workers.observe(0.3)
    assert NEWEST == 0.1
    assert workers.expected_wait == pytest.approx(0.12)


def test_threads_are_named_and_search_alone(workers):
    """FAISS has one thread on each of them, whatever it has elsewhere."""
    found = workers.submit(lambda: (threading.current_thread().name, faiss.omp_get_max_threads()))
    name, computing = found.result(10)
    assert name.startswith("work")
    assert computing == 1


def test_after_the_end_what_waits_is_called_off_and_what_runs_goes_on():
    """Nobody is left waiting for a thread that never comes."""
    workers, go, began = Workers("work", 1), threading.Event(), threading.Event()
    running = workers.submit(lambda: began.set() or go.wait(10))
    assert began.wait(10)
    waiting = workers.submit(print)
    workers.shutdown()
    assert waiting.cancelled()
    go.set()
    assert running.result(10) is True
